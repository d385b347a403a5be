//! Drives the memory against its model, and through a recorded trace.

use mortice_mem::{Config, Domain, Memory};
use mortice_profile::{Trace, replay};
use mortice_testkit::checked_blocks::CheckedBlocks;
use mortice_testkit::classes::Numbers;
use mortice_testkit::mem_model::{self, Report};
use mortice_testkit::shared;

/// Bytes that depend on the seed only, after one that chooses the set-up.
fn stream(set_up: u8, seed: u64, bytes: usize) -> Vec<u8> {
    let mut numbers = Numbers::new(seed);
    let mut data = vec![set_up];
    while data.len() < bytes {
        data.extend(numbers.draw().to_le_bytes());
    }
    data
}

#[test]
fn the_memory_agrees_with_its_model() {
    let mut total = Report::default();
    for set_up in (0..=255).step_by(5) {
        let data = stream(set_up, u64::from(set_up), 3_000);
        let report = mem_model::run(&data).unwrap_or_else(|reason| {
            panic!("set-up {set_up:#04x}: {reason}");
        });
        total.operations += report.operations;
        total.failed += report.failed;
        total.walks += report.walks;
        for (sum, count) in total.spaces.iter_mut().zip(report.spaces) {
            *sum += count;
        }
    }
    assert!(total.operations > 3_000, "{total:?}");
    assert!(total.failed > 50, "{total:?}");
    assert!(total.walks > 150, "{total:?}");
    assert!(total.spaces.iter().all(|&count| count > 100), "{total:?}");
}

#[test]
fn an_empty_input_is_no_operation() {
    assert_eq!(mem_model::run(&[]).unwrap().operations, 0);
}

#[test]
fn no_block_of_the_compiler_trace_overlaps_another() {
    let Some(path) = shared::data("compiler.trace.xz") else {
        println!("skipped: compiler.trace.xz is not in the shared data beside the repository");
        return;
    };
    let trace = Trace::read(&path).unwrap();
    for config in [
        Config::default(),
        Config {
            region_bytes: 4 << 20,
            region_limit: 2,
            ..Config::default()
        },
    ] {
        let memory = Memory::with_config(config).unwrap();
        let mut blocks = CheckedBlocks::new(&memory, Domain::Object);
        replay::replay(&trace, &mut blocks).unwrap();
        assert_eq!(blocks.finding, None);
        memory.check().unwrap();
        assert_eq!(memory.statistics().object.blocks_in_use(), 0);
    }
}
