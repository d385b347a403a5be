//! Random bytes as traces.

use mortice_testkit::classes::Numbers;
use mortice_testkit::trace_model;

/// Words that are often a trace, and otherwise almost.
fn likely(numbers: &mut Numbers) -> Vec<u8> {
    let slots = 1 + numbers.draw() % 3;
    let mut words = vec![slots];
    let mut used = [false; 3];
    for _ in 0..numbers.draw() % 30 {
        let slot = (numbers.draw() % slots) as usize;
        let operation = match (used[slot], numbers.draw() % 2) {
            (false, _) => 0,
            (true, 0) => 1,
            (true, _) => 2,
        };
        used[slot] = operation != 1;
        let size = if operation == 1 {
            0
        } else {
            numbers.draw() >> 28 << 28
        };
        words.push(operation | (slot as u64) << 2 | size);
    }
    for slot in (0..3).filter(|&slot| used[slot]) {
        words.push(1 | (slot as u64) << 2);
    }
    if numbers.draw().is_multiple_of(2) {
        let at = numbers.draw() as usize % words.len();
        words[at] ^= 1 << (numbers.draw() % 64);
    }
    let mut bytes = words
        .into_iter()
        .flat_map(u64::to_le_bytes)
        .collect::<Vec<_>>();
    if numbers.draw().is_multiple_of(8) {
        bytes.truncate(numbers.draw() as usize % bytes.len());
    }
    bytes
}

#[test]
fn two_readers_agree_on_what_is_a_trace() {
    let mut numbers = Numbers::new(5);
    let (mut traces, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let length = numbers.draw() % 64;
        let noise: Vec<u8> = (0..length).map(|_| numbers.draw() as u8).collect();
        assert_eq!(trace_model::run(&noise), Ok(0));
        let bytes = likely(&mut numbers);
        match trace_model::run(&bytes).unwrap_or_else(|finding| panic!("{bytes:x?}: {finding}")) {
            0 => refused += 1,
            _ => traces += 1,
        }
    }
    assert!(traces > 5_000 && refused > 5_000, "{traces} {refused}");
}
