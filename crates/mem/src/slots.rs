//! Tables of blocks, for replaying and comparing allocators at full speed.
//!
//! A slot is one word: the block's address or none. So a replay measures the
//! allocator and little else, without unsafe code of its own.

use std::ptr::NonNull;

use crate::domain::Domain;
use crate::memory::Memory;
use crate::raw;

/// Where a table's blocks come from.
///
/// # Safety
///
/// A block is aligned to 8 bytes, holds the bytes asked for and at least 8,
/// overlaps no other and stays until it is released, also when the source moves.
pub unsafe trait Source {
    /// Allocates a block.
    fn allocate(&mut self, bytes: usize) -> Option<NonNull<u8>>;

    /// Changes a block's size; on failure the block is as before.
    ///
    /// # Safety
    ///
    /// The block is live and of this source. After success only the result is
    /// used.
    unsafe fn resize(&mut self, start: NonNull<u8>, bytes: usize) -> Option<NonNull<u8>>;

    /// Releases a block.
    ///
    /// # Safety
    ///
    /// The block is live and of this source.
    unsafe fn release(&mut self, start: NonNull<u8>);
}

/// A domain of a memory.
///
/// Inside a visitor of [`Memory::each_marked`], blocks of the object domain keep
/// their size, and are leaked instead of released.
pub struct DomainSource<'m> {
    memory: &'m Memory,
    domain: Domain,
}

impl<'m> DomainSource<'m> {
    /// Takes blocks from a domain of a memory.
    pub fn new(memory: &'m Memory, domain: Domain) -> DomainSource<'m> {
        DomainSource { memory, domain }
    }

    /// Whether blocks may not be released now.
    fn is_walked(&self) -> bool {
        self.domain == Domain::Object && self.memory.walks.get() != 0
    }
}

/// The system allocator, called directly.
pub struct SystemSource;

/// The least that a block holds, so that a word can be written to it.
const LEAST_BYTES: usize = size_of::<u64>();

// SAFETY: *live-block*: blocks are aligned to 16 bytes and hold the least that is
// asked for; they stay until they are released, and the memory is borrowed.
unsafe impl Source for DomainSource<'_> {
    #[inline]
    fn allocate(&mut self, bytes: usize) -> Option<NonNull<u8>> {
        self.memory.malloc(self.domain, bytes.max(LEAST_BYTES))
    }

    #[inline]
    unsafe fn resize(&mut self, start: NonNull<u8>, bytes: usize) -> Option<NonNull<u8>> {
        if self.is_walked() {
            return None;
        }
        // SAFETY: *live-block*: by this function's contract; *quiet-walk*:
        // tested above.
        unsafe {
            self.memory
                .realloc(self.domain, Some(start), bytes.max(LEAST_BYTES))
        }
    }

    #[inline]
    unsafe fn release(&mut self, start: NonNull<u8>) {
        if self.is_walked() {
            return;
        }
        // SAFETY: *live-block*: by this function's contract; *quiet-walk*:
        // tested above.
        unsafe { self.memory.free(self.domain, Some(start)) }
    }
}

// SAFETY: *system-allocator*: it promises the same, and alignment to 16 bytes.
unsafe impl Source for SystemSource {
    #[inline]
    fn allocate(&mut self, bytes: usize) -> Option<NonNull<u8>> {
        raw::allocate(bytes.max(LEAST_BYTES))
    }

    #[inline]
    unsafe fn resize(&mut self, start: NonNull<u8>, bytes: usize) -> Option<NonNull<u8>> {
        // SAFETY: *system-allocator*: by this function's contract.
        unsafe { raw::resize(start, bytes.max(LEAST_BYTES)) }
    }

    #[inline]
    unsafe fn release(&mut self, start: NonNull<u8>) {
        // SAFETY: *system-allocator*: by this function's contract.
        unsafe { raw::release(start) }
    }
}

/// A table of blocks of one source. What it holds is released when it is
/// dropped.
pub struct Slots<S: Source> {
    source: S,
    slots: Vec<Option<NonNull<u8>>>,
}

impl<S: Source> Slots<S> {
    /// Makes a table of `count` empty slots.
    pub fn new(source: S, count: usize) -> Slots<S> {
        Slots {
            source,
            slots: vec![None; count],
        }
    }

    /// Allocates a block into an empty slot and writes a word to its start.
    /// Gives false if the slot holds a block, or there is no memory.
    ///
    /// # Panics
    ///
    /// The table has no such slot.
    #[inline]
    pub fn allocate(&mut self, slot: usize, bytes: usize, word: u64) -> bool {
        let slot = &mut self.slots[slot];
        if slot.is_some() {
            return false;
        }
        let Some(start) = self.source.allocate(bytes) else {
            return false;
        };
        // SAFETY: *live-block*: just allocated, with room for a word.
        unsafe { start.cast::<u64>().write(word) };
        *slot = Some(start);
        true
    }

    /// Changes the size of a slot's block, whose first word stays. Gives false
    /// if the slot is empty, or there is no memory.
    ///
    /// # Panics
    ///
    /// The table has no such slot.
    #[inline]
    pub fn resize(&mut self, slot: usize, bytes: usize) -> bool {
        let slot = &mut self.slots[slot];
        let Some(start) = *slot else { return false };
        // SAFETY: *live-block*: held by the slot, which gets the result.
        let Some(start) = (unsafe { self.source.resize(start, bytes) }) else {
            return false;
        };
        *slot = Some(start);
        true
    }

    /// Reads and writes the first word of a slot's block, as the last use of an
    /// object does, and releases the block. Gives the word; none for an empty
    /// slot.
    ///
    /// # Panics
    ///
    /// The table has no such slot.
    #[inline]
    pub fn release(&mut self, slot: usize) -> Option<u64> {
        let start = self.slots[slot].take()?;
        // SAFETY: *live-block*: taken out of the slot, its first word written.
        unsafe {
            let word = start.cast::<u64>().read();
            start.cast::<u64>().write_volatile(word ^ 1);
            self.source.release(start);
            Some(word)
        }
    }
}

impl<S: Source> Drop for Slots<S> {
    fn drop(&mut self) {
        for slot in 0..self.slots.len() {
            self.release(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exercise<S: Source>(source: S) {
        let mut slots = Slots::new(source, 2);
        assert!(slots.allocate(0, 0, 11));
        assert!(!slots.allocate(0, 8, 12), "the slot is taken");
        assert!(!slots.resize(1, 8), "the slot is empty");
        assert!(slots.allocate(1, 100, 13));
        assert!(slots.resize(1, 100_000));
        assert!(slots.resize(0, 0));
        assert!(!slots.resize(0, usize::MAX));
        assert_eq!(slots.release(0), Some(11));
        assert_eq!(slots.release(0), None);
        assert_eq!(slots.release(1), Some(13));
        assert!(slots.allocate(0, 5000, 14));
    }

    #[test]
    fn every_source_keeps_the_words() {
        exercise(SystemSource);
        let memory = Memory::new().unwrap();
        for domain in [Domain::Raw, Domain::Mem, Domain::Object] {
            exercise(DomainSource::new(&memory, domain));
        }
        let foreign = Memory::with_config(crate::Config {
            allocator: crate::Choice::Malloc,
            ..crate::Config::default()
        })
        .unwrap();
        exercise(DomainSource::new(&foreign, Domain::Object));
        for memory in [memory, foreign] {
            let statistics = memory.statistics();
            assert_eq!(statistics.mem.blocks_in_use(), 0);
            assert_eq!(statistics.object.blocks_in_use(), 0);
            assert_eq!(statistics.raw_blocks, 0);
        }
    }
}
