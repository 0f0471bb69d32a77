#![no_main]

libfuzzer_sys::fuzz_target!(
    init: skillwatch_fuzz::let_foreseen_panics_pass(),
    |input: &[u8]| {
        skillwatch_fuzz::laws::check("jsonl", input);
    }
);
