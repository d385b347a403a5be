//! The check of the inbox: what waits there is in use as its pool counts.

use super::{Entry, Kind};
use crate::arena;
use crate::check::follow;
use crate::class;
use crate::domain::BLOCK_DOMAINS;
use crate::foreign::Prefix;
use crate::memory::Memory;
use crate::pool::{CARVE_BYTES, FreeBlock};
use crate::{CheckError, Space};

impl Memory {
    /// Verifies that the inbox ends, and that the blocks in it can be released.
    ///
    /// Nothing is known of pointers that do not lie in a region, nor of those of
    /// other functions than the memory's own.
    pub(crate) fn check_inbox(&self) -> Result<(), CheckError> {
        // A block that was released twice leads back to itself: the walk then
        // comes by `mark`, which moves up whenever `steps` has doubled.
        let (mut mark, mut steps, mut limit) = (None, 0_usize, 1_usize);
        // SAFETY: *one-thread*: the memory's own thread, which only looks.
        for entry in unsafe { self.inbox.iter() } {
            if mark == Some(entry) || !self.is_waiting_well(entry) {
                return Err(CheckError::List {
                    list: "inbox",
                    at: entry.0.addr().get(),
                });
            }
            steps += 1;
            if steps == limit {
                (mark, limit) = (Some(entry), limit * 2);
            }
        }
        Ok(())
    }

    /// Whether a block in the inbox is in use, as far as that can be told.
    fn is_waiting_well(&self, entry: Entry) -> bool {
        let (Some(kind), Some(start)) = (entry.kind(), entry.start()) else {
            return false;
        };
        let address = start.addr().get();
        match kind {
            Kind::Block(Space::Foreign) => {
                // SAFETY: *foreign-prefix*: nothing is read through it.
                let prefix = unsafe { Prefix::of(start) };
                let mut lists = BLOCK_DOMAINS.iter().map(|domain| self.foreign(*domain));
                lists.any(|list| list.iter().any(|other| other.as_ptr() == prefix))
            }
            Kind::Block(space) => self.space_in_use(address) == Some(space),
            Kind::Pointer(domain) => {
                self.switch.functions(domain).is_some()
                    || !self.regions.contains(address)
                    || self.space_in_use(address).is_some()
            }
        }
    }

    /// The space of the block in use that begins at an address; none if there is
    /// none in a region.
    fn space_in_use(&self, address: usize) -> Option<Space> {
        let region = self
            .regions
            .iter()
            .find(|region| region.contains(address))?;
        let unit = region.unit_of(address);
        if unit >= region.arenas().len() * arena::ARENA_UNITS {
            return None;
        }
        let (arena, bit) = region.place(unit);
        let offset = address - region.unit_address(unit).addr();
        for domain in BLOCK_DOMAINS {
            let row = domain.block_row();
            if arena.spans[row].get() >> bit & 1 == 1 {
                return (offset == 0).then_some(Space::Span);
            }
            if arena.pools[row].get() >> bit & 1 == 1 {
                let header = region.header(unit);
                // SAFETY: *unit-header*: the unit is in the pool set.
                let (class, uncarved, free) = unsafe {
                    (
                        usize::from((*header).class),
                        (*header).uncarved,
                        (*header).free,
                    )
                };
                let bytes = class::block_bytes(class);
                let is_block = offset.is_multiple_of(bytes)
                    && offset / bytes < class::capacity(class)
                    && uncarved >> (offset / CARVE_BYTES) & 1 == 0;
                let stash = self.stash(domain, class).first();
                let is_free = holds(free, address, bytes) || holds(stash, address, bytes);
                return (is_block && !is_free).then_some(Space::Pool);
            }
        }
        None
    }
}

/// Whether a list of free blocks, which the check has found whole, holds one.
fn holds(mut link: *mut FreeBlock, address: usize, bytes: usize) -> bool {
    while !link.is_null() {
        if link.addr() == address {
            return true;
        }
        link = follow(link, bytes);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Block, Domain};

    fn blocks(memory: &Memory) -> [Block; 4] {
        [100, 1094, 40_000, 20 << 20].map(|bytes| memory.block(Domain::Object, bytes).unwrap())
    }

    fn names_the_inbox(memory: &Memory) {
        let error = memory.check().unwrap_err();
        assert!(
            matches!(error, CheckError::List { list: "inbox", .. }),
            "{error}"
        );
    }

    #[test]
    fn a_block_that_waits_twice_is_found() {
        for twice in 0..4 {
            let memory = Memory::new().unwrap();
            // SAFETY: *live-block*: each is released once, and then one of them
            // again, which is what is tested.
            unsafe {
                let blocks = blocks(&memory);
                for block in blocks {
                    Memory::release_remotely(block);
                }
                memory.check().unwrap();
                assert_eq!(memory.statistics().waiting_blocks, 4);
                Memory::release_remotely(blocks[twice]);
            }
            names_the_inbox(&memory);
            memory.inbox.0.take();
        }
    }

    // Following the link of a free block is what AddressSanitizer reports.
    #[cfg(not(feature = "asan"))]
    #[test]
    fn a_block_that_is_free_already_is_found() {
        let memory = Memory::new().unwrap();
        for block in blocks(&memory).into_iter().take(3) {
            // SAFETY: *live-block*: released, and then put into the inbox by
            // hand, whose first entry the check does not touch. Its link is null.
            unsafe {
                Memory::release(block);
                memory
                    .inbox
                    .0
                    .push(Entry::of_block(block).0.as_ptr(), |_| ());
            }
            names_the_inbox(&memory);
            memory.inbox.0.take();
        }
    }

    #[test]
    fn an_address_inside_a_block_is_found() {
        let memory = Memory::new().unwrap();
        for block in blocks(&memory).into_iter().take(3) {
            let inside = Block {
                // SAFETY: *live-block*: inside the block.
                start: unsafe { block.start.add(16) },
                space: block.space,
            };
            // SAFETY: *live-block*: the wrong address is what is tested.
            unsafe { Memory::release_remotely(inside) };
            names_the_inbox(&memory);
            memory.inbox.0.take();
        }
    }
}
