//! Classes made, changed and used, on the runtime and on CPython.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mortice_fuzz::Shared;
use mortice_testkit::classes_model;

/// The runtime and CPython live as long as the process.
static PLAYERS: Shared = Shared::new();

fuzz_target!(|data: &[u8]| {
    let report = PLAYERS.with(classes_model::start, |players| {
        classes_model::run(players, data)
    });
    mortice_fuzz::judge(report.map(|report| report.operations));
});
