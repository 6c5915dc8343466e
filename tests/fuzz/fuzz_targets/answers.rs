#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| holdfast_bytes::run("answers", bytes));
