//! A small pool allocator whose parameters are chosen at run time.
//!
//! It is there to be compared with itself: every candidate runs the same code on real memory, so what differs in
//! time and in bytes comes from the parameters. Its memory is one table of words; a block is the index of its
//! first word. So it is written without unsafe code, at the price of a bounds check for each access, which all
//! candidates pay alike.
//!
//! ```text
//! arena          ┌──────┬──────┬──────┬─ … ─┬──────┐
//!                │ pool │ pool │ free │     │ lost │   the last pool, where arenas are not aligned
//!                └──────┴──────┴──────┴─ … ─┴──────┘
//! pool           │ header, 64 bytes │ block │ block │ … │ tail │
//! ```
//!
//! Requests up to the threshold are rounded up to a multiple of the spacing, each multiple with pools of its own;
//! larger ones, and those of the raw domain, go to the system's allocator. A class's pools with free blocks are in
//! a list, whose first one is used. A pool that gets its first free block again is listed behind the first one;
//! one that becomes empty goes back to its arena, unless it is the first. An arena without pools counts as given
//! back to the system, although its memory is kept for the next round: what the system takes for that is not timed.

mod account;
mod large;
mod parameters;

use std::iter;

use mortice_mem::Domain;

use crate::replay::Subject;

pub use account::{Account, Held, Moment, measure};
use large::LargeBlocks;
pub use parameters::{ParameterError, Parameters};

/// The bytes of a pool's header, of which the words below are used.
pub const HEADER_BYTES: usize = 64;
const HEADER_WORDS: usize = HEADER_BYTES / 8;

/// The first free block; 0 for none.
const FREE: usize = 0;
/// How many blocks are handed out.
const USED: usize = 1;
/// The size class.
const CLASS: usize = 2;
/// The neighbours in the class's list.
const NEXT: usize = 3;
const PREVIOUS: usize = 4;
/// The first block that was never handed out, and where blocks end.
const CARVE: usize = 5;
const END: usize = 6;

/// No pool.
const NONE: usize = usize::MAX;
/// The bit of a slot's word that says that the block is the system's.
const LARGE: u64 = 1 << 63;
/// The word of an empty slot: no block begins where the first pool's header is.
const EMPTY: u64 = 0;
/// How many words are linked into a pool's free list at a time: a page.
const CARVE_WORDS: usize = 512;

/// An allocator with a table of slots.
pub struct Candidate {
    parameters: Parameters,
    /// All arenas, one behind the other.
    memory: Vec<u64>,
    /// The first pool with free blocks of each class, or none.
    first: Vec<usize>,
    /// The pools of each arena that are in use.
    arena_pools: Vec<usize>,
    /// Which pools are free, a bit each.
    free_pools: Vec<u64>,
    /// No pool before this word of `free_pools` is free.
    search_from: usize,
    large: LargeBlocks,
    slots: Vec<u64>,
    held: Held,
}

impl Candidate {
    /// Makes an allocator with no arena.
    pub fn new(parameters: Parameters, slot_count: usize) -> Candidate {
        Candidate {
            parameters,
            memory: Vec::new(),
            first: vec![NONE; parameters.classes()],
            arena_pools: Vec::new(),
            free_pools: Vec::new(),
            search_from: 0,
            large: LargeBlocks::default(),
            slots: vec![EMPTY; slot_count],
            held: Held::default(),
        }
    }

    /// What it takes from the system now.
    pub fn held(&self) -> Held {
        self.held
    }

    /// The bytes of a slot's block, which are at least those asked for; none of an empty slot, or of a block that
    /// is the system's.
    pub fn block_bytes(&self, slot: usize) -> Option<usize> {
        match *self.slots.get(slot)? {
            EMPTY => None,
            large if large & LARGE != 0 => None,
            block => Some(self.class_bytes(self.class_of(block as usize))),
        }
    }

    fn class_bytes(&self, class: usize) -> usize {
        (class + 1) * self.parameters.spacing_bytes
    }

    #[inline]
    fn class(&self, bytes: usize) -> usize {
        bytes.saturating_sub(1) >> self.parameters.spacing_bytes.trailing_zeros()
    }

    #[inline]
    fn pool_of(&self, block: usize) -> usize {
        block & !(self.parameters.pool_bytes / 8 - 1)
    }

    #[inline]
    fn class_of(&self, block: usize) -> usize {
        self.memory[self.pool_of(block) + CLASS] as usize
    }

    #[inline]
    fn allocate_small(&mut self, class: usize) -> Option<usize> {
        let mut pool = self.first[class];
        if pool == NONE {
            pool = self.take_pool(class)?;
        }
        let block = self.memory[pool + FREE] as usize;
        let next = self.memory[block];
        self.memory[pool + FREE] = next;
        self.memory[pool + USED] += 1;
        if next == 0 {
            self.exhausted(pool);
        }
        Some(block)
    }

    #[inline]
    fn release_small(&mut self, block: usize) {
        let pool = self.pool_of(block);
        let free = self.memory[pool + FREE];
        self.memory[block] = free;
        self.memory[pool + FREE] = block as u64;
        let used = self.memory[pool + USED] - 1;
        self.memory[pool + USED] = used;
        if free == 0 {
            self.link(pool);
        }
        if used == 0 {
            self.emptied(pool);
        }
    }

    /// The free list is used up: carve more blocks, or take the pool off the list.
    #[cold]
    fn exhausted(&mut self, pool: usize) {
        if !self.carve(pool) {
            self.unlink(pool);
        }
    }

    /// Links the next blocks that were never handed out, lowest first. Gives false if there are none.
    fn carve(&mut self, pool: usize) -> bool {
        let (start, end) = (self.memory[pool + CARVE] as usize, self.memory[pool + END]);
        let words = self.class_bytes(self.memory[pool + CLASS] as usize) / 8;
        let count = (end as usize - start) / words;
        let count = count.min(CARVE_WORDS.div_ceil(words));
        for index in (0..count).rev() {
            let block = start + index * words;
            self.memory[block] = self.memory[pool + FREE];
            self.memory[pool + FREE] = block as u64;
        }
        self.memory[pool + CARVE] = (start + count * words) as u64;
        count > 0
    }

    /// A pool is empty: it goes back, unless it is the one in use.
    #[cold]
    fn emptied(&mut self, pool: usize) {
        let class = self.memory[pool + CLASS] as usize;
        if self.first[class] == pool {
            return;
        }
        self.unlink(pool);
        let number = pool / (self.parameters.pool_bytes / 8);
        self.free_pools[number / 64] |= 1 << (number % 64);
        self.search_from = self.search_from.min(number / 64);
        let arena = pool / (self.parameters.arena_bytes / 8);
        self.arena_pools[arena] -= 1;
        if self.arena_pools[arena] == 0 {
            self.held.arenas -= 1;
        }
        self.held.pools -= 1;
        self.held.block_room_bytes -= self.parameters.room_bytes(class);
    }

    /// Puts a pool behind its class's first one.
    #[cold]
    fn link(&mut self, pool: usize) {
        let class = self.memory[pool + CLASS] as usize;
        let first = self.first[class];
        if first == NONE {
            self.first[class] = pool;
            self.memory[pool + NEXT] = NONE as u64;
            self.memory[pool + PREVIOUS] = NONE as u64;
            return;
        }
        let next = self.memory[first + NEXT];
        self.memory[pool + PREVIOUS] = first as u64;
        self.memory[pool + NEXT] = next;
        self.memory[first + NEXT] = pool as u64;
        if next as usize != NONE {
            self.memory[next as usize + PREVIOUS] = pool as u64;
        }
    }

    fn unlink(&mut self, pool: usize) {
        let class = self.memory[pool + CLASS] as usize;
        let (next, previous) = (self.memory[pool + NEXT], self.memory[pool + PREVIOUS]);
        match previous as usize {
            NONE => self.first[class] = next as usize,
            previous => self.memory[previous + NEXT] = next,
        }
        if next as usize != NONE {
            self.memory[next as usize + PREVIOUS] = previous;
        }
    }

    /// Makes the lowest free pool the first of a class; none without memory.
    #[cold]
    fn take_pool(&mut self, class: usize) -> Option<usize> {
        let number = match self.lowest_free_pool() {
            Some(number) => number,
            None => {
                self.add_arena()?;
                self.lowest_free_pool()?
            }
        };
        self.free_pools[number / 64] &= !(1 << (number % 64));
        let pool_words = self.parameters.pool_bytes / 8;
        let pool = number * pool_words;
        let arena = pool / (self.parameters.arena_bytes / 8);
        if self.arena_pools[arena] == 0 {
            self.held.arenas += 1;
            self.held.arenas_taken += 1;
        }
        self.arena_pools[arena] += 1;
        self.held.pools += 1;
        self.held.block_room_bytes += self.parameters.room_bytes(class);
        let start = pool + HEADER_WORDS;
        self.memory[pool..start].fill(0);
        self.memory[pool + CLASS] = class as u64;
        self.memory[pool + CARVE] = start as u64;
        self.memory[pool + END] = (pool + pool_words) as u64;
        self.carve(pool);
        self.link(pool);
        Some(pool)
    }

    fn lowest_free_pool(&mut self) -> Option<usize> {
        let rest = self.free_pools.get(self.search_from..)?;
        let Some(at) = rest.iter().position(|&bits| bits != 0) else {
            self.search_from = self.free_pools.len();
            return None;
        };
        self.search_from += at;
        let bit = self.free_pools[self.search_from].trailing_zeros();
        Some(self.search_from * 64 + bit as usize)
    }

    fn add_arena(&mut self) -> Option<()> {
        let parameters = self.parameters;
        let words = parameters.arena_bytes / 8;
        self.memory.try_reserve(words).ok()?;
        let first = self.memory.len() * 8 / parameters.pool_bytes;
        self.memory.extend(iter::repeat_n(0, words));
        let pools = parameters.arena_bytes / parameters.pool_bytes;
        self.free_pools.resize((first + pools).div_ceil(64), 0);
        for number in first..first + parameters.pools_of_arena() {
            self.free_pools[number / 64] |= 1 << (number % 64);
        }
        self.search_from = self.search_from.min(first / 64);
        self.arena_pools.push(0);
        Some(())
    }

    /// Gives a slot a block without contents.
    #[inline]
    fn obtain(&mut self, bytes: usize, domain: Option<Domain>) -> Option<u64> {
        if bytes <= self.parameters.threshold_bytes && domain != Some(Domain::Raw) {
            Some(self.allocate_small(self.class(bytes))? as u64)
        } else {
            Some(self.large.allocate(bytes)? as u64 | LARGE)
        }
    }
}

impl Subject for Candidate {
    #[inline]
    fn allocate(&mut self, slot: usize, bytes: usize, domain: Option<Domain>, word: u64) -> bool {
        if self.slots.get(slot) != Some(&EMPTY) {
            return false;
        }
        let Some(block) = self.obtain(bytes, domain) else {
            return false;
        };
        if block & LARGE == 0 {
            self.memory[block as usize] = word;
        } else {
            self.large.write((block & !LARGE) as usize, word);
        }
        self.slots[slot] = block;
        true
    }

    /// A block stays where it is while its class serves the size, or more than three quarters of it are kept.
    fn reallocate(&mut self, slot: usize, bytes: usize) -> bool {
        let Some(&old) = self.slots.get(slot) else {
            return false;
        };
        if old == EMPTY {
            return false;
        }
        if old & LARGE != 0 {
            // What was large stays so: moving it to a pool would be a choice of its own.
            return self.large.resize((old & !LARGE) as usize, bytes);
        }
        let old = old as usize;
        let old_bytes = self.class_bytes(self.class_of(old));
        if bytes <= old_bytes && bytes * 4 > old_bytes * 3 {
            return true;
        }
        let Some(new) = self.obtain(bytes, None) else {
            return false;
        };
        if new & LARGE == 0 {
            let new = new as usize;
            let words = old_bytes.min(self.class_bytes(self.class_of(new))) / 8;
            self.memory.copy_within(old..old + words, new);
        } else {
            let contents = &self.memory[old..old + old_bytes / 8];
            self.large.fill((new & !LARGE) as usize, contents);
        }
        self.release_small(old);
        self.slots[slot] = new;
        true
    }

    #[inline]
    fn release(&mut self, slot: usize) -> u64 {
        match self.slots.get_mut(slot).map(std::mem::take) {
            None | Some(EMPTY) => 0,
            Some(block) if block & LARGE != 0 => self.large.release((block & !LARGE) as usize),
            Some(block) => {
                let word = self.memory[block as usize];
                self.release_small(block as usize);
                word
            }
        }
    }
}

#[cfg(test)]
mod tests;
