//! What an observer is told of.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use mortice_mem::{Block, Domain, Memory, Observer, Space};

/// The blocks in use by address, and how often something was told.
#[derive(Default)]
struct Log {
    blocks: BTreeMap<usize, usize>,
    allocations: usize,
    releases: usize,
}

struct Witness(Arc<Mutex<Log>>);

// SAFETY: *passive-observer*: a log is all that it uses.
unsafe impl Observer for Witness {
    fn allocated(&self, _: Domain, address: usize, bytes: usize) {
        let mut log = self.0.lock().unwrap();
        assert_eq!(log.blocks.insert(address, bytes), None, "told twice");
        log.allocations += 1;
    }

    fn reallocated(&self, _: Domain, old: usize, new: usize, bytes: usize) {
        let mut log = self.0.lock().unwrap();
        log.blocks.remove(&old);
        log.blocks.insert(new, bytes);
    }

    fn released(&self, _: Domain, address: usize) {
        let mut log = self.0.lock().unwrap();
        log.blocks.remove(&address);
        log.releases += 1;
    }
}

fn observe(memory: &Memory) -> Arc<Mutex<Log>> {
    let log = Arc::<Mutex<Log>>::default();
    memory.set_observer(Some(Box::new(Witness(log.clone()))));
    log
}

/// Every size and space, more blocks of each than a stash or a pool holds.
fn fill(memory: &Memory) -> Vec<Block> {
    let sizes = [16, 48, 512, 4096, 8192, 40_000];
    let counts = [2500, 900, 100, 20, 7, 3];
    let mut blocks = Vec::new();
    for (bytes, count) in sizes.into_iter().zip(counts) {
        blocks.extend((0..count).map(|_| memory.block(Domain::Object, bytes).unwrap()));
    }
    blocks
}

fn release(blocks: impl IntoIterator<Item = Block>) {
    for block in blocks {
        // SAFETY: *live-block*: handed out by `fill`, released once.
        unsafe { Memory::release(block) };
    }
}

#[test]
fn observed_blocks_lie_where_they_would() {
    let memory = Memory::new().unwrap();
    let log = observe(&memory);
    let blocks = fill(&memory);
    assert!(blocks.iter().all(|block| block.space != Space::Foreign));
    assert_eq!(log.lock().unwrap().blocks.len(), blocks.len());
    memory.check().unwrap();
    release(blocks);
    assert!(log.lock().unwrap().blocks.is_empty());
    memory.check().unwrap();
    assert_eq!(memory.statistics().object.blocks_in_use(), 0);
}

#[test]
fn each_release_is_told_once_in_any_order() {
    let memory = Memory::new().unwrap();
    let log = observe(&memory);
    for step in [1, 7, 13] {
        let blocks = fill(&memory);
        // Every `step`-th first, so that pools are full, listed and empty.
        for start in 0..step {
            release(blocks.iter().skip(start).step_by(step).copied());
            memory.check().unwrap();
        }
        let log = log.lock().unwrap();
        assert_eq!(log.releases, log.allocations);
        assert!(log.blocks.is_empty());
    }
}

#[test]
fn an_observer_that_comes_late_is_told_of_earlier_blocks() {
    let memory = Memory::new().unwrap();
    let early = fill(&memory);
    let log = observe(&memory);
    let late = fill(&memory);
    let count = early.len();
    release(early);
    assert_eq!(log.lock().unwrap().releases, count);
    memory.check().unwrap();
    memory.set_observer(None);
    memory.check().unwrap();
    release(late);
    memory.check().unwrap();
    assert_eq!(log.lock().unwrap().releases, count);
    assert_eq!(memory.statistics().object.blocks_in_use(), 0);
}

#[test]
fn a_resized_block_is_told_of_as_such() {
    let memory = Memory::new().unwrap();
    let log = observe(&memory);
    let mut block = memory.block(Domain::Object, 16).unwrap();
    for bytes in [100, 90, 9_000, 40_000, 20] {
        // SAFETY: *live-block*: replaced by the result each time.
        block = unsafe { memory.resize_block(Domain::Object, block, bytes).unwrap() };
        let log = log.lock().unwrap();
        let known: Vec<_> = log.blocks.iter().collect();
        assert_eq!(known, [(&block.start.addr().get(), &bytes)]);
    }
    release([block]);
    let log = log.lock().unwrap();
    assert_eq!((log.allocations, log.releases), (1, 1));
}

#[test]
fn blocks_released_elsewhere_are_told_of_when_they_come_home() {
    let memory = Memory::new().unwrap();
    let log = observe(&memory);
    let blocks = fill(&memory);
    let count = blocks.len();
    for block in blocks {
        // SAFETY: *sent-block*: this thread is any thread.
        unsafe { Memory::release_remotely(block) };
    }
    assert_eq!(log.lock().unwrap().releases, 0);
    assert_eq!(memory.collect_remote(), count);
    let log = log.lock().unwrap();
    assert_eq!(log.releases, count);
    assert!(log.blocks.is_empty());
}
