//! Plays random scenarios of classes on the runtime and on CPython.
//!
//! `MORTICE_SEEDS` sets how many are played and `MORTICE_SEED` where the numbers begin.

use mortice_testkit::classes::Numbers;
use mortice_testkit::classes_model::{self, Report};

#[test]
fn the_runtime_agrees_with_cpython() {
    let Some(mut players) = classes_model::start().unwrap_or_else(|error| panic!("{error}")) else {
        return;
    };
    let first: u64 = std::env::var("MORTICE_SEED").map_or(0, |seed| seed.parse().unwrap());
    let count: u64 = std::env::var("MORTICE_SEEDS").map_or(300, |count| count.parse().unwrap());
    let mut total = Report::default();
    for seed in first..first + count {
        let report = classes_model::run(&mut players, &Numbers::bytes(seed, 1_200)).unwrap_or_else(
            |reason| {
                panic!("seed {seed}: {reason}");
            },
        );
        total.operations += report.operations;
        total.classes += report.classes;
        total.rebased += report.rebased;
        total.assigned += report.assigned;
        total.raised += report.raised;
        total.skipped += report.skipped;
    }
    println!("{total:?}");
    assert!(total.operations > 40 * count, "{total:?}");
    assert!(total.classes > 2 * count, "{total:?}");
    assert!(total.rebased * 5 > count, "{total:?}");
    assert!(total.assigned * 5 > count, "{total:?}");
    assert!(total.raised > count, "{total:?}");
    assert!(total.skipped * 2 < total.operations, "{total:?}");
}

#[test]
fn an_empty_input_is_an_empty_scenario() {
    assert_eq!(classes_model::scenario(&[]), ("[]".to_owned(), 0));
}
