//! Drives the collector against its model.

use mortice_testkit::classes::Numbers;
use mortice_testkit::graph_model::{self, Report};

fn stream(seed: u64, bytes: usize) -> Vec<u8> {
    let mut numbers = Numbers::new(seed);
    let mut data = Vec::new();
    while data.len() < bytes {
        data.extend(numbers.draw().to_le_bytes());
    }
    data
}

#[test]
fn the_collector_agrees_with_its_model() {
    let mut total = Report::default();
    for seed in 0..40 {
        let report = graph_model::run(&stream(seed, 4_000)).unwrap_or_else(|reason| {
            panic!("seed {seed}: {reason}");
        });
        total.operations += report.operations;
        total.nodes += report.nodes;
        total.collections += report.collections;
        total.automatic += report.automatic;
        total.nested += report.nested;
        total.collected += report.collected;
        total.resurrected += report.resurrected;
        total.callbacks += report.callbacks;
        total.waited += report.waited;
    }
    assert!(total.operations > 5_000, "{total:?}");
    assert!(total.nodes > 500, "{total:?}");
    assert!(total.collections > 500, "{total:?}");
    assert!(total.automatic > 50, "{total:?}");
    assert!(total.nested > 50, "{total:?}");
    assert!(total.collected > 100, "{total:?}");
    assert!(total.resurrected > 50, "{total:?}");
    assert!(total.callbacks > 50, "{total:?}");
    assert!(total.waited > 50, "{total:?}");
}

#[test]
fn an_empty_input_makes_no_graph() {
    assert_eq!(
        graph_model::run(&[]).unwrap(),
        Report {
            collections: 1,
            ..Report::default()
        }
    );
}
