//! Allocator operations against a naive model.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let report = mortice_testkit::mem_model::run(data);
    mortice_fuzz::judge(report.map(|report| report.operations));
});
