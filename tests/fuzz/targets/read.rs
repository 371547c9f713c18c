#![no_main]

libfuzzer_sys::fuzz_target!(init: laws::in_one_thread(), |input: &[u8]| laws::read::attack(input));
