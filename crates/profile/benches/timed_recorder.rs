//! The time that recording one event takes, with the writing of the journal and without.

use std::hint::black_box;
use std::path::Path;

use mortice_mem::Domain;
use mortice_profile::Recorder;
use mortice_profile::rounds::{Subject, interleave};

const PAIRS: usize = 2_000_000;
const ROUNDS: usize = 9;

/// Hands the addresses of many short lives to somebody.
fn live(mut allocated: impl FnMut(usize, usize), mut released: impl FnMut(usize)) {
    for pair in 0..PAIRS {
        let address = black_box(0x7F00_0000_0000 + pair % 512 * 64);
        allocated(address, black_box(48));
        released(address);
    }
}

fn record(path: &Path) {
    let recorder = Recorder::new(path);
    live(
        |address, bytes| recorder.allocated(address, Domain::Object, bytes),
        |address| recorder.released(address),
    );
}

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bench.trace");
    let nowhere = folder.path().join("missing/bench.trace");
    let subject = |name, run| Subject { name, run };
    let mut subjects = [
        subject("recorder", Box::new(|| record(&path)) as Box<dyn FnMut()>),
        subject("recorder without a file", Box::new(|| record(&nowhere))),
        subject(
            "nobody",
            Box::new(|| {
                live(
                    |address, bytes| _ = black_box((address, bytes)),
                    |address| _ = black_box(address),
                )
            }),
        ),
    ];
    let times = interleave(&mut subjects, ROUNDS);
    for (subject, time) in subjects.iter().zip(times) {
        println!(
            "{}: {:.2} ns an event",
            subject.name,
            time / (2 * PAIRS) as f64
        );
    }
}
