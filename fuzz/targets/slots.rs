//! Slot operations on the runtime against the model in Python, which a CPython process plays.

#![no_main]

use std::sync::{Mutex, OnceLock};

use libfuzzer_sys::fuzz_target;
use mortice_testkit::slots_model::Players;

/// The runtime and the model live as long as the process.
static PLAYERS: OnceLock<Mutex<Players>> = OnceLock::new();

fn start() -> Mutex<Players> {
    match Players::start() {
        Ok(Some(players)) => Mutex::new(players),
        Ok(None) => panic!("the target needs the reference CPython"),
        Err(error) => panic!("{error}"),
    }
}

fuzz_target!(|data: &[u8]| {
    let players = PLAYERS.get_or_init(start);
    let report = match players.lock() {
        Ok(mut players) => players.run(data),
        Err(_) => return,
    };
    mortice_fuzz::judge(report.map(|report| report.operations));
});
