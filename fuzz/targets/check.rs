//! Damaged sources of extensions, and arbitrary bytes, under `mortice check`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mortice_testkit::check_model;

fuzz_target!(|data: &[u8]| {
    let judged = check_model::run(data).and_then(|reports| {
        let more = check_model::run(&check_model::source(data))?;
        Ok(reports + more)
    });
    mortice_fuzz::judge(judged);
});
