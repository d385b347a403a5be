//! The statistics as text.

use mortice_mem::{Config, Domain, Memory, OwnedBlock, Statistics};

/// The bytes that the rows above a line of the text add up to, and those of the line.
fn total(statistics: &Statistics) -> (usize, usize) {
    let text = statistics.to_string();
    let number = |line: &str| -> Option<usize> {
        let digits = line.split_whitespace().next()?.replace(',', "");
        digits.parse().ok()
    };
    let arenas = text.lines().skip_while(|line| !line.contains("arenas of"));
    let rows: Vec<_> = arenas.skip(1).take_while(|line| !line.is_empty()).collect();
    let (total, rows) = rows.split_last().unwrap();
    let sum = rows.iter().map(|row| number(row).unwrap()).sum();
    (sum, number(total).unwrap())
}

#[test]
fn every_space_is_told_of() {
    let config = Config {
        region_bytes: 64 << 20,
        ..Config::default()
    };
    let memory = Memory::with_config(config).unwrap();
    let block = |domain, bytes| OwnedBlock::new(&memory, domain, bytes).unwrap();
    let kept: Vec<_> = (0..1_000)
        .flat_map(|_| [block(Domain::Object, 100), block(Domain::Mem, 24)])
        .chain([4_000, 100_000, 2_000_000].map(|bytes| block(Domain::Mem, bytes)))
        .collect();
    let mut more: Vec<_> = (0..500).map(|_| block(Domain::Object, 100)).collect();
    // The oldest: they leave full pools behind that the stash takes blocks of.
    more.drain(..40);
    let raw = memory.malloc(Domain::Raw, 10);
    let statistics = memory.statistics();
    insta::assert_snapshot!(statistics);
    assert_eq!(
        total(&statistics),
        (statistics.arena_bytes(), statistics.arena_bytes())
    );
    drop((kept, more));
    memory.purge();
    let statistics = memory.statistics();
    assert!(statistics.to_string().contains("so far\n"));
    assert_eq!(total(&statistics).0, statistics.arena_bytes());
    // SAFETY: *live-block*: handed out above.
    unsafe { memory.free(Domain::Raw, raw) };
}
