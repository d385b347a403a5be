//! The walk over marked blocks.
//!
//! A collector marks the blocks it deals with by setting their side bytes. The
//! walk reads the side bytes of pools eight at a time, and touches neither
//! unmarked blocks nor the mem domain. A collector that looks at side bytes itself is given whole pools
//! ([`Pool`]), and where the side byte of an address lies ([`SideMap`]).

use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::arena;
use crate::class;
use crate::domain::Domain;
use crate::foreign::{Group, Prefix};
use crate::memory::Memory;
use crate::region::{Region, UNIT_SIDE_BYTES};
use crate::{Block, GRANULE_BYTES, Space};

/// Counts a walk for as long as it lasts, also when a visitor panics.
struct Walk<'m>(&'m Memory);

impl<'m> Walk<'m> {
    fn begin(memory: &'m Memory) -> Walk<'m> {
        memory.walks.set(memory.walks.get() + 1);
        Walk(memory)
    }
}

impl Drop for Walk<'_> {
    fn drop(&mut self) {
        self.0.walks.set(self.0.walks.get() - 1);
    }
}

/// A pool of the object domain, as [`Memory::walk_pools`] shows it.
#[derive(Clone, Copy, Debug)]
pub struct Pool<'m> {
    /// See [`Memory::unit_byte`].
    pub unit_byte: &'m Cell<u8>,
    /// The first block, for whose first granule the first side byte stands.
    pub start: NonNull<u8>,
    /// The bytes of a block.
    pub block_bytes: usize,
    /// The number of blocks, which follow each other.
    pub blocks: usize,
    /// The side bytes, one for each granule; set only where a block begins.
    pub side: &'m [Cell<u64>; POOL_SIDE_WORDS],
}

impl Pool<'_> {
    /// Visits the blocks whose side byte is not zero, reading eight at a time.
    pub fn each_marked(self, visit: &mut impl FnMut(Block, &Cell<u8>)) {
        for (index, word) in self.side.iter().enumerate() {
            if word.get() == 0 {
                continue;
            }
            for byte in 0..size_of::<u64>() {
                let granule = index * size_of::<u64>() + byte;
                // SAFETY: *accessible*: a word is eight side bytes, one for each
                // granule of the pool, and a non-zero one only where a block
                // begins.
                unsafe {
                    let side = &*ptr::from_ref(word).cast::<Cell<u8>>().add(byte);
                    if side.get() != 0 {
                        let block = Block {
                            start: self.start.add(granule * GRANULE_BYTES),
                            space: Space::Pool,
                        };
                        visit(block, side);
                    }
                }
            }
        }
    }
}

/// The words of a pool's side bytes.
pub const POOL_SIDE_WORDS: usize = UNIT_SIDE_BYTES / size_of::<u64>();

/// Where the side bytes of the first region's addresses lie.
#[derive(Clone, Copy, Debug)]
pub struct SideMap {
    /// The first address.
    pub base: usize,
    /// The bytes of the range, accessible or not.
    pub bytes: usize,
    /// The side byte of the first granule; the others follow. It is accessible
    /// where the granule is.
    pub side: *const Cell<u8>,
}

impl SideMap {
    /// A map of no addresses.
    pub const NOTHING: SideMap = SideMap {
        base: 0,
        bytes: 0,
        side: std::ptr::null(),
    };
}

impl Memory {
    /// Where the side bytes of the first region's addresses lie. Outside a walk
    /// it may become another one.
    pub fn side_map(&self) -> SideMap {
        let region = self.regions.snapshot()[0];
        region.map_or(SideMap::NOTHING, |region| SideMap {
            base: region.base(),
            bytes: region.bytes(),
            side: region.side().cast(),
        })
    }

    /// Tells whether a block lies in a region without having its side byte there:
    /// functions that serve a domain may take their memory from pools.
    pub fn is_displaced(&self, block: Block) -> bool {
        block.space == Space::Foreign && self.regions.contains(block.start.addr().get())
    }

    /// Visits the object domain's pools by address.
    ///
    /// # Safety
    ///
    /// - As for [`Memory::walk_marked`].
    pub unsafe fn walk_pools<'m>(&'m self, mut visit: impl FnMut(Pool<'m>)) {
        let _walk = Walk::begin(self);
        let row = Domain::Object.block_row();
        // A copy: a visitor that allocates may add a region before the one that
        // is walked, which would then be walked twice.
        let regions = self.regions.snapshot();
        for region in regions.iter().map_while(|region| *region) {
            for (index, arena) in region.arenas().iter().enumerate() {
                for bit in arena::units(arena.pools[row].get()) {
                    let unit = index * arena::ARENA_UNITS + bit;
                    // SAFETY: *accessible*: the side bytes of a unit are a whole
                    // number of aligned words, and a unit's address is not null.
                    // *unit-header*: the unit is a pool.
                    let pool = unsafe {
                        let header = &*region.header(unit);
                        Pool {
                            unit_byte: &header.unit_byte,
                            start: NonNull::new_unchecked(region.unit_address(unit)),
                            block_bytes: header.block_bytes as usize,
                            blocks: class::capacity(usize::from(header.class)),
                            side: &*region.unit_side(unit).cast(),
                        }
                    };
                    visit(pool);
                }
            }
        }
    }

    /// Tells whether no walk is under way.
    pub fn is_quiet(&self) -> bool {
        self.walks.get() == 0
    }

    /// Visits every block of the object domain whose side byte is not zero when
    /// the walk comes to it: blocks in pools by address, then spans by address,
    /// then foreign blocks, oldest first.
    ///
    /// The visitor may change side bytes.
    ///
    /// # Panics
    ///
    /// The memory has a client: its side bytes mean something to that layer,
    /// which walks with [`Memory::walk_marked`].
    pub fn each_marked(&self, visit: &mut dyn FnMut(Block, &Cell<u8>)) {
        assert!(
            self.client().is_null(),
            "the side bytes of this memory belong to its client"
        );
        // SAFETY: *quiet-walk*: what this crate's safe types release inside a
        // walk is leaked, and without a client a side byte means nothing.
        unsafe { self.walk_marked(visit) }
    }

    /// Does what [`Memory::each_marked`] does, for the layer above.
    ///
    /// # Safety
    ///
    /// - The visitor releases no block of the object domain. It may allocate
    ///   blocks of other domains.
    /// - What it writes to side bytes is what the memory's client expects there.
    pub unsafe fn walk_marked(&self, mut visit: impl FnMut(Block, &Cell<u8>)) {
        // SAFETY: *quiet-walk*: promised by the caller.
        unsafe {
            self.walk_pools(|pool| pool.each_marked(&mut visit));
            self.walk_large(|_| true, visit);
        }
    }

    /// Does what [`Memory::walk_marked`] does, but leaves the pools out, and the
    /// spans and groups of foreign blocks whose unit byte `units` refuses. That
    /// may change the byte; it is asked right before the blocks are visited.
    ///
    /// # Safety
    ///
    /// - As for [`Memory::walk_marked`].
    pub unsafe fn walk_large(
        &self,
        mut units: impl FnMut(&Cell<u8>) -> bool,
        mut visit: impl FnMut(Block, &Cell<u8>),
    ) {
        let _walk = Walk::begin(self);
        let row = Domain::Object.block_row();
        let regions = self.regions.snapshot();
        for region in regions.iter().map_while(|region| *region) {
            for (index, arena) in region.arenas().iter().enumerate() {
                for bit in arena::units(arena.spans[row].get()) {
                    let unit = index * arena::ARENA_UNITS + bit;
                    if units(unit_byte(region, unit)) {
                        visit_span(region, unit, &mut visit);
                    }
                }
            }
        }
        for group in self.foreign(Domain::Object).groups() {
            // SAFETY: *foreign-prefix*, *quiet-walk*: linked in the list.
            if !units(unsafe { &group.as_ref().unit_byte }) {
                continue;
            }
            // SAFETY: *foreign-prefix*, *quiet-walk*: as above.
            for prefix in unsafe { Group::blocks(group) } {
                // SAFETY: *foreign-prefix*, *quiet-walk*: as above.
                let side = unsafe { &prefix.as_ref().side };
                if side.get() != 0 {
                    visit(Prefix::block(prefix), side);
                }
            }
        }
    }
}

/// The unit byte of a pool or span.
#[inline(always)]
fn unit_byte(region: &Region, unit: usize) -> &Cell<u8> {
    // SAFETY: *unit-header*: the caller found the unit in a mask of its arena.
    unsafe { &(*region.header(unit)).unit_byte }
}

fn visit_span(region: &Region, unit: usize, visit: &mut impl FnMut(Block, &Cell<u8>)) {
    // SAFETY: *accessible*: a span's block begins where its first unit does.
    unsafe {
        let start = NonNull::new_unchecked(region.unit_address(unit));
        let side = &*region.unit_side(unit).cast::<Cell<u8>>();
        if side.get() != 0 {
            visit(
                Block {
                    start,
                    space: Space::Span,
                },
                side,
            );
        }
    }
}
