//! Slot operations on the runtime against the model in Python, which a CPython process plays.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mortice_fuzz::Shared;
use mortice_testkit::slots_model;

/// The runtime and the model live as long as the process.
static PLAYERS: Shared = Shared::new();

fuzz_target!(|data: &[u8]| {
    let report = PLAYERS.with(slots_model::start, |players| {
        slots_model::run(players, data)
    });
    mortice_fuzz::judge(report.map(|report| report.operations));
});
