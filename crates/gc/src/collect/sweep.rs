//! The sweep: every candidate of a collection, in address order.
//!
//! Pools come first, then spans, then foreign blocks. Pools whose unit byte knows of no young object are passed over
//! by a collection of those, and of the others eight side bytes are read at once; what is no candidate is not touched.

use super::Generation;
use crate::Heap;
use crate::header::HEADER_BYTES;
use crate::object::Pointer;
use crate::side::{self, Wanted, Word};
use mortice_mem::Pool;
use std::cell::Cell;

/// The bit of a unit byte that says that an object here may need no tracking once it survived.
pub(crate) const MAY_SETTLE: u8 = 1 << 2;

/// A word of a pool's side bytes, and the objects behind it.
pub(crate) struct Candidates<'p> {
    pool: Pool<'p>,
    word: &'p Cell<u64>,
}

impl<'p> Candidates<'p> {
    /// The side bytes now.
    #[inline(always)]
    pub(crate) fn read(&self) -> Word {
        Word::read(self.word)
    }

    /// Writes the side bytes.
    #[inline(always)]
    pub(crate) fn write(&self, word: Word) {
        word.write(self.word);
    }

    /// The object and the side byte of one byte of the word, which is a tracked object's.
    #[inline(always)]
    pub(crate) fn object(&self, byte: usize) -> (Pointer, &'p Cell<u8>) {
        // SAFETY: prefix-words: a tracked object's side byte tells where in its block the object lies; the byte is part
        // of the pool's side bytes.
        unsafe {
            let side = std::ptr::from_ref(self.word).cast::<Cell<u8>>().add(byte);
            let granule = side.byte_offset_from_unsigned(self.pool.side.as_ptr());
            let start = self.pool.start.add(granule * mortice_mem::GRANULE_BYTES);
            (side::object_at(start, (*side).get()), &*side)
        }
    }
}

/// Visits the words of a pool that belong to candidates, with the mask of those.
#[inline(always)]
pub(crate) fn words<'p>(
    pool: Pool<'p>,
    wanted: Wanted,
    mut visit: impl FnMut(Candidates<'p>, u64),
) {
    for word in pool.side {
        let mask = Word::read(word).candidates(wanted);
        if mask != 0 {
            visit(Candidates { pool, word }, mask);
        }
    }
}

/// How far ahead of the sweep objects are fetched.
const AHEAD_BYTES: usize = 512;

/// Asks the processor to fetch what lies at an address, if anything does.
#[inline(always)]
fn prefetch(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: phase-exclusive: a prefetch reads nothing, whatever the address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

/// Blocks whose side bytes are read before their objects are visited.
const BATCH: usize = 64;
const _: () = assert!(
    mortice_mem::POOL_SIDE_WORDS * size_of::<u64>() * mortice_mem::GRANULE_BYTES <= 1 << 16
);

/// Visits the candidates of a pool, block by block, and returns how many they are.
///
/// A visit often writes the side bytes of the blocks that follow. Those of a batch are read before the first of its
/// visits, so that the processor does not wait for such writes; whether a block is a candidate's does not change.
#[inline(always)]
pub(crate) fn objects(pool: Pool<'_>, limit: u8, mut visit: impl FnMut(Pointer)) -> usize {
    let granules = pool.block_bytes / mortice_mem::GRANULE_BYTES;
    let sides = pool.side.as_ptr().cast::<Cell<u8>>();
    // Where in the pool the objects of the batch lie.
    let mut batch = [0_u16; BATCH];
    let mut granule = 0;
    let mut left = pool.blocks;
    let mut count = 0;
    while left != 0 {
        let mut found = 0;
        for _ in 0..left.min(BATCH) {
            // SAFETY: prefix-words: every block has its side byte.
            let value = unsafe { (*sides.add(granule)).get() };
            // There is room: a batch has as many places as blocks. A pool has no more bytes than 16 bits tell.
            let object = granule * mortice_mem::GRANULE_BYTES + side::object_offset(value);
            batch[found % BATCH] = object as u16;
            found += usize::from(side::is_candidate(value, limit));
            granule += granules;
        }
        left -= left.min(BATCH);
        count += found;
        for object in &batch[..found] {
            // SAFETY: prefix-words: as above; a tracked object's side byte tells where in its block the object lies.
            let pointer = unsafe { pool.start.add(usize::from(*object)) };
            prefetch(pointer.as_ptr().wrapping_add(AHEAD_BYTES));
            visit(pointer);
        }
    }
    count
}

/// The side byte of a candidate in a pool.
#[inline(always)]
pub(crate) fn side_in<'p>(pool: Pool<'p>, pointer: Pointer) -> &'p Cell<u8> {
    let header = pointer.as_ptr() as usize - pool.start.as_ptr() as usize - HEADER_BYTES;
    // SAFETY: prefix-words: a header is one granule, and so are the words before it; a tracked object's block has a byte
    // that is not zero, and no other granule of it has.
    unsafe {
        let side = (pool.side.as_ptr().cast::<Cell<u8>>()).add(header / mortice_mem::GRANULE_BYTES);
        if (*side).get() != 0 {
            &*side
        } else {
            &*side.sub(1)
        }
    }
}

impl Generation {
    /// Tells whether a unit with this byte may hold candidates.
    #[inline(always)]
    pub(crate) fn may_be_in(self, unit_byte: u8) -> bool {
        self == Generation::Full || unit_byte & self.unit_bits() != 0
    }
}

/// The pools that may hold candidates. Where they are few, they are found once and remembered: a young collection beside
/// many old objects then reads their pools' unit bytes once.
pub(crate) struct Pools<'h> {
    heap: &'h Heap,
    generation: Generation,
    few: [Option<Pool<'h>>; FEW],
    /// The number of pools; more than there are places, if they were not remembered.
    count: usize,
}

/// Pools that are remembered.
const FEW: usize = 32;

impl<'h> Pools<'h> {
    pub(crate) fn new(heap: &'h Heap, generation: Generation) -> Pools<'h> {
        let mut pools = Pools {
            heap,
            generation,
            few: [None; FEW],
            count: FEW + 1,
        };
        if generation != Generation::Full {
            let mut count = 0;
            let few = &mut pools.few;
            heap.sweep_pools(generation, |pool| {
                if let Some(place) = few.get_mut(count) {
                    *place = Some(pool);
                }
                count += 1;
            });
            pools.count = count;
        }
        pools
    }

    /// Visits the pools by address.
    pub(crate) fn each(&self, visit: impl FnMut(Pool<'h>)) {
        match self.few.get(..self.count) {
            Some(few) => few.iter().flatten().copied().for_each(visit),
            None => self.heap.sweep_pools(self.generation, visit),
        }
    }

    /// Visits every candidate in spans and foreign blocks.
    pub(crate) fn each_large(&self, visit: impl FnMut(Pointer, &Cell<u8>)) {
        self.heap.sweep_large(self.generation, |_| {}, visit);
    }
}

impl Heap {
    /// Visits every pool that may hold candidates.
    pub(crate) fn sweep_pools<'h>(
        &'h self,
        generation: Generation,
        mut visit: impl FnMut(Pool<'h>),
    ) {
        // SAFETY: phase-exclusive: no visitor of this crate releases an object.
        unsafe {
            self.memory().walk_pools(|pool| {
                if generation.may_be_in(pool.unit_byte.get()) {
                    visit(pool);
                }
            });
        }
    }

    /// Visits every candidate in spans and foreign blocks.
    #[inline(always)]
    pub(crate) fn sweep_large(
        &self,
        generation: Generation,
        mut unit: impl FnMut(&Cell<u8>),
        mut visit: impl FnMut(Pointer, &Cell<u8>),
    ) {
        let limit = side::limit(generation);
        // SAFETY: phase-exclusive: no visitor of this crate releases an object. prefix-words: only tracked objects have a
        // side byte that is not zero.
        unsafe {
            self.memory().walk_large(
                |byte| {
                    let wanted = generation.may_be_in(byte.get());
                    if wanted {
                        unit(byte);
                    }
                    wanted
                },
                |block, side| {
                    if side::is_candidate(side.get(), limit) {
                        visit(side::object_at(block.start, side.get()), side);
                    }
                },
            );
        }
    }

    /// Visits every candidate with its side byte.
    pub(crate) fn sweep(&self, generation: Generation, mut visit: impl FnMut(Pointer, &Cell<u8>)) {
        let limit = side::limit(generation);
        self.sweep_pools(generation, |pool| {
            objects(pool, limit, |pointer| {
                visit(pointer, side_in(pool, pointer))
            });
        });
        self.sweep_large(generation, |_| {}, visit);
    }
}
