//! Arbitrary and generated programs against the compiler and the verifier of its code.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let report = mortice_testkit::parse_model::run(data);
    mortice_fuzz::judge(report.map(|report| report.texts));
});
