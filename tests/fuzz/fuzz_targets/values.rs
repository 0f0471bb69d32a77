#![no_main]

use skillwatch_fuzz::contract::parse;
use skillwatch_fuzz::identity::{citizen, find_embedded};

libfuzzer_sys::fuzz_target!(|text: &str| {
    for contract in skillwatch_fuzz::contracts().iter() {
        for column in &contract.columns {
            let _ = parse(column, text);
        }
        let _ = contract.column_of_header(text);
        let _ = contract.nearest_header(text);
    }
    let _ = citizen::normalise(text);
    let _ = find_embedded(text);
});
