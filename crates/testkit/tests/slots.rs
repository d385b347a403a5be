//! Plays random scenarios of slot operations on the runtime and on the model.

use mortice_testkit::classes::Numbers;
use mortice_testkit::slots_model::{self, Report};

#[test]
fn the_runtime_agrees_with_the_model() {
    let Some(mut players) = slots_model::start().unwrap_or_else(|error| panic!("{error}")) else {
        return;
    };
    let first: u64 = std::env::var("MORTICE_SEED").map_or(0, |seed| seed.parse().unwrap());
    let count: u64 = std::env::var("MORTICE_SEEDS").map_or(60, |count| count.parse().unwrap());
    let mut total = Report::default();
    for seed in first..first + count {
        let report =
            slots_model::run(&mut players, &Numbers::bytes(seed, 1_500)).unwrap_or_else(|reason| {
                panic!("seed {seed}: {reason}");
            });
        total.operations += report.operations;
        total.heard += report.heard;
        total.raised += report.raised;
        total.skipped += report.skipped;
    }
    println!("{total:?}");
    assert!(total.operations > 40 * count, "{total:?}");
    assert!(total.heard > count, "{total:?}");
    assert!(total.raised > count, "{total:?}");
    assert!(total.skipped * 2 < total.operations, "{total:?}");
}

#[test]
fn an_empty_input_is_an_empty_scenario() {
    assert_eq!(slots_model::scenario(&[]), ("[]".to_owned(), 0));
}
