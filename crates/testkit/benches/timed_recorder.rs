//! The time that recording one event takes: with the writing of the journal, without, and with the making of the
//! trace at the end. It is the thread's time, so that other programs disturb it less.

use std::convert::Infallible;
use std::hint::black_box;
use std::path::Path;

use mortice_mem::Domain;
use mortice_profile::Recorder;
use mortice_profile::rounds::{ThreadClock, in_turns, median};
use mortice_testkit::timed;

const PAIRS: usize = 2_000_000;
const ROUNDS: usize = 9;

/// The blocks alive at once.
const ALIVE: usize = 8192;

/// Hands the addresses of many lives to somebody: a block goes when so many others have come.
fn live(mut allocated: impl FnMut(usize, usize), mut released: impl FnMut(usize)) {
    let address = |pair: usize| black_box(0x7F00_0000_0000 + pair % (ALIVE + 1) * 64);
    for pair in 0..PAIRS {
        allocated(address(pair), black_box(48));
        if let Some(old) = pair.checked_sub(ALIVE) {
            released(address(old));
        }
    }
}

fn record(path: &Path) -> Recorder {
    let recorder = Recorder::new(path);
    live(
        |address, bytes| recorder.allocated(address, Domain::Object, bytes),
        |address| recorder.released(address),
    );
    recorder
}

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bench.trace");
    let nowhere = folder.path().join("missing/bench.trace");
    let subjects: [(&str, &dyn Fn()); 4] = [
        ("nobody", &|| {
            live(
                |address, bytes| _ = black_box((address, bytes)),
                |address| _ = black_box(address),
            );
        }),
        ("profile/record", &|| drop(record(&path))),
        ("profile/record/without_file", &|| drop(record(&nowhere))),
        ("profile/record/finished", &|| {
            let recording = record(&path).finish();
            assert!(recording.is_ok_and(|recording| recording.slots == ALIVE + 1));
        }),
    ];
    let times = in_turns(subjects.len(), ROUNDS, |subject| {
        let clock = ThreadClock::start();
        subjects[subject].1();
        Ok::<_, Infallible>(clock.nanoseconds())
    });
    let Ok(times) = times;
    let figures: Vec<f64> = (times.into_iter())
        .map(|times| median(times.iter().map(|&time| time as f64).collect()) / (2 * PAIRS) as f64)
        .collect();
    for ((load, _), &figure) in subjects.iter().zip(&figures).skip(1) {
        let row = [("recorder", figure), (subjects[0].0, figures[0])];
        println!("{}", timed::row(load, "ns an event", &row));
    }
}
