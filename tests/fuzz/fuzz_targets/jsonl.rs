#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| skillwatch_fuzz::read("study_logs.jsonl", bytes));
