//! Object graphs with finalizers and weak references against a naive model of reachability.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let report = mortice_testkit::graph_model::run(data);
    mortice_fuzz::judge(report.map(|report| report.operations));
});
