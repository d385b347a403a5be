//! Random bytes as traces.

use mortice_testkit::classes::Numbers;
use mortice_testkit::trace_model;

#[test]
fn two_readers_agree_on_what_is_a_trace() {
    let mut numbers = Numbers::new(5);
    let (mut traces, mut refused) = (0, 0);
    for _ in 0..4_000 {
        let length = 1 + numbers.draw() % 255;
        let noise: Vec<u8> = (0..length).map(|_| numbers.draw() as u8).collect();
        assert_eq!(trace_model::run(&noise), Ok(0));
        let bytes = trace_model::likely(&noise);
        match trace_model::run(&bytes).unwrap_or_else(|finding| panic!("{bytes:x?}: {finding}")) {
            0 => refused += 1,
            _ => traces += 1,
        }
    }
    assert!(traces > 1_000 && refused > 500, "{traces} {refused}");
}
