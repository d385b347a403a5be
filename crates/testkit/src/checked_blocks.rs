//! A subject for traces that checks what it is given.

use std::collections::BTreeMap;

use mortice_mem::{Domain, Memory, OwnedBlock};
use mortice_profile::replay::Subject;

/// A domain of a memory whose blocks are filled, and checked for overlap and
/// for their contents.
pub struct CheckedBlocks<'m> {
    memory: &'m Memory,
    domain: Domain,
    slots: BTreeMap<usize, OwnedBlock<'m>>,
    stamp: u8,
    /// The addresses in use: the end of each range by its start.
    ranges: BTreeMap<usize, usize>,
    /// The first thing found wrong.
    pub finding: Option<String>,
}

impl<'m> CheckedBlocks<'m> {
    /// Runs a trace on a domain that is not raw.
    pub fn new(memory: &'m Memory, domain: Domain) -> CheckedBlocks<'m> {
        CheckedBlocks {
            memory,
            domain,
            slots: BTreeMap::new(),
            stamp: 0,
            ranges: BTreeMap::new(),
            finding: None,
        }
    }

    fn enter(&mut self, held: &OwnedBlock<'m>) {
        let (start, end) = (held.address(), held.address() + held.usable_bytes());
        let before = self.ranges.range(..end).next_back();
        if before.is_some_and(|(_, &other_end)| other_end > start) {
            self.report(format!("{start:#x}..{end:#x} overlaps {before:x?}"));
        }
        self.ranges.insert(start, end);
    }

    fn report(&mut self, finding: String) {
        self.finding.get_or_insert(finding);
    }

    /// Every initialised byte holds what the first one does.
    fn verify(&mut self, held: &OwnedBlock<'m>) {
        let contents = held.as_slice();
        if contents.iter().any(|byte| Some(byte) != contents.first()) {
            self.report(format!("the block at {:#x} was written to", held.address()));
        }
    }
}

impl Subject for CheckedBlocks<'_> {
    fn allocate(&mut self, slot: usize, bytes: usize, _: Option<Domain>, _: u64) -> bool {
        let Some(mut held) = OwnedBlock::new(self.memory, self.domain, bytes) else {
            return false;
        };
        self.enter(&held);
        self.stamp = self.stamp.wrapping_add(1);
        held.fill(self.stamp);
        self.slots.insert(slot, held);
        true
    }

    fn reallocate(&mut self, slot: usize, bytes: usize) -> bool {
        let Some(mut held) = self.slots.remove(&slot) else {
            return false;
        };
        self.ranges.remove(&held.address());
        let done = held.resize(bytes);
        self.enter(&held);
        self.verify(&held);
        self.stamp = self.stamp.wrapping_add(1);
        held.fill(self.stamp);
        self.slots.insert(slot, held);
        done
    }

    fn release(&mut self, slot: usize) -> u64 {
        let Some(held) = self.slots.remove(&slot) else {
            return 0;
        };
        self.verify(&held);
        self.ranges.remove(&held.address());
        u64::from(held.as_slice().first().copied().unwrap_or(0))
    }
}
