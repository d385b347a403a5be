//! What a memory holds, by domain and size class.

use crate::arena;
use crate::class;
use crate::domain::{BLOCK_DOMAINS, Domain};
use crate::memory::Memory;
use crate::pool::Header;
use crate::{ARENA_BYTES, CLASS_COUNT, POOL_BYTES, SMALL_CLASS_COUNT};

mod text;

/// The pools of one size class in one domain.
///
/// ```text
/// blocks_in_use + blocks_free = pools * blocks of a pool
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassStatistics {
    /// The size of each block.
    pub block_bytes: usize,
    /// The pools of the class.
    pub pools: usize,
    /// The blocks handed out.
    pub blocks_in_use: usize,
    /// The blocks in the same pools that are not handed out.
    pub blocks_free: usize,
    /// Those of them that were released last and are handed out again first.
    pub blocks_stashed: usize,
}

/// What one of the mem and object domains holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DomainStatistics {
    /// The size classes, smallest first.
    pub classes: [ClassStatistics; CLASS_COUNT],
    /// The spans.
    pub spans: usize,
    /// The bytes of the spans' units, headers included.
    pub span_bytes: usize,
    /// The foreign blocks that the system gave.
    pub foreign_blocks: usize,
    /// The bytes of the foreign blocks, prefixes not included.
    pub foreign_bytes: usize,
}

impl DomainStatistics {
    /// The blocks handed out, in every space.
    pub fn blocks_in_use(&self) -> usize {
        self.classes
            .iter()
            .map(|class| class.blocks_in_use)
            .sum::<usize>()
            + self.spans
            + self.foreign_blocks
    }

    /// The pools of all classes.
    pub fn pools(&self) -> usize {
        self.classes.iter().map(|class| class.pools).sum()
    }
}

/// A picture of a memory at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// The mem domain.
    pub mem: DomainStatistics,
    /// The object domain.
    pub object: DomainStatistics,
    /// The raw blocks handed out.
    pub raw_blocks: usize,
    /// The regions reserved.
    pub regions: usize,
    /// The bytes of all regions' arenas, accessible or not.
    pub region_bytes: usize,
    /// The accessible arenas.
    pub arenas: usize,
    /// The units in use: pools, and the units of spans.
    pub units_in_use: usize,
    /// The most units that were in use at once.
    pub units_peak: usize,
    /// Free units that held something since the system last gave their memory.
    pub units_dirty: usize,
    /// The bytes given back to the system so far.
    pub purged_bytes: usize,
    /// The blocks that other threads have released and that are not collected yet.
    /// They count as in use.
    pub waiting_blocks: usize,
}

impl Statistics {
    /// The bytes of the accessible arenas.
    pub fn arena_bytes(&self) -> usize {
        self.arenas * ARENA_BYTES
    }

    /// The bytes of the most units that were in use at once.
    pub fn peak_bytes(&self) -> usize {
        self.units_peak * POOL_BYTES
    }
}

impl Memory {
    /// Counts what the memory holds. It visits every pool. Blocks that wait in the
    /// quarantine of the debug hooks are let go first.
    pub fn statistics(&self) -> Statistics {
        self.empty_quarantine();
        let [mem, object] = BLOCK_DOMAINS.map(|domain| self.domain_statistics(domain));
        Statistics {
            mem,
            object,
            raw_blocks: self.raw_count.get(),
            regions: self.regions.iter().count(),
            region_bytes: self.regions.iter().map(|region| region.bytes()).sum(),
            arenas: self
                .regions
                .iter()
                .map(|region| region.arenas().len())
                .sum(),
            units_in_use: self.regions.units_in_use.get(),
            units_peak: self.regions.units_peak.get(),
            units_dirty: self.regions.dirty_units.get(),
            purged_bytes: self.regions.purged_bytes.get(),
            waiting_blocks: self.waiting(),
        }
    }

    /// Whether no block with a known space is in use, whatever functions its
    /// memory came from, and none of the memory's own.
    pub fn is_unused(&self) -> bool {
        let statistics = self.statistics();
        let own = statistics.mem.blocks_in_use() + statistics.object.blocks_in_use();
        let foreign = BLOCK_DOMAINS.map(|domain| self.foreign(domain).count.get());
        own == 0 && foreign == [0; 2]
    }

    /// The blocks of at most 512 bytes that pools have handed out.
    ///
    /// # CPython
    ///
    /// What `sys.getallocatedblocks` counts: nothing under `malloc`.
    pub fn small_blocks_in_use(&self) -> usize {
        self.empty_quarantine();
        let mut blocks = 0;
        for domain in BLOCK_DOMAINS {
            self.each_pool(domain, |header| {
                // SAFETY: *unit-header*: `each_pool` visits live headers.
                unsafe {
                    if usize::from((*header).class) < SMALL_CLASS_COUNT {
                        blocks += Header::used(header);
                    }
                }
            });
            blocks -= (0..SMALL_CLASS_COUNT)
                .map(|class| self.stash(domain, class).len() as usize)
                .sum::<usize>();
        }
        blocks
    }

    fn domain_statistics(&self, domain: Domain) -> DomainStatistics {
        let mut classes = [ClassStatistics::default(); CLASS_COUNT];
        for (class, row) in classes.iter_mut().enumerate() {
            row.block_bytes = class::block_bytes(class);
        }
        self.each_pool(domain, |header| {
            // SAFETY: *unit-header*: `each_pool` visits live headers.
            let (class, used) = unsafe { (usize::from((*header).class), Header::used(header)) };
            let row = &mut classes[class];
            row.pools += 1;
            row.blocks_in_use += used;
            row.blocks_free += class::capacity(class) - used;
        });
        for (class, row) in classes.iter_mut().enumerate() {
            // Their pools count them as used.
            let stashed = self.stash(domain, class).len() as usize;
            row.blocks_in_use -= stashed;
            row.blocks_free += stashed;
            row.blocks_stashed = stashed;
        }
        let (spans, foreign) = (self.spans(domain), self.foreign(domain));
        DomainStatistics {
            classes,
            spans: spans.count.get(),
            span_bytes: spans.units.get() * POOL_BYTES,
            foreign_blocks: foreign.systems().0,
            foreign_bytes: foreign.systems().1,
        }
    }

    /// Visits the header of every pool of a domain, by address.
    pub(crate) fn each_pool(&self, domain: Domain, mut visit: impl FnMut(*mut Header)) {
        for region in self.regions.iter() {
            for (index, arena) in region.arenas().iter().enumerate() {
                for bit in arena::units(arena.pools[domain.block_row()].get()) {
                    visit(region.header(index * arena::ARENA_UNITS + bit));
                }
            }
        }
    }
}
