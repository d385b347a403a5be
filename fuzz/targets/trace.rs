//! Traces of allocations, whole and damaged, against a naive reader.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mortice_testkit::trace_model;

fuzz_target!(|data: &[u8]| {
    let judged = trace_model::run(data).and_then(|events| {
        let more = trace_model::run(&trace_model::likely(data))?;
        Ok(events + more)
    });
    mortice_fuzz::judge(judged);
});
