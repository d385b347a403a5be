//! The regions of a memory, and the units that pools and spans take from them.
//!
//! The first region is as large as the system grants, and most addresses lie in
//! it: whether a pointer is a pool's or span's is one comparison then. When it
//! is full, further ones are added.

use std::cell::Cell;
use std::io;
use std::ptr::{self, NonNull};

use crate::arena::{self, Arena};
use crate::arena_allocator::ArenaAllocator;
use crate::pool::Header;
use crate::region::Region;
use crate::{ARENA_BYTES, Config, POOL_BYTES};

/// How many requests for a region are refused unasked after the system refused
/// one.
const REFUSALS_SKIPPED: u32 = 1023;

/// The regions of a memory.
///
/// ```text
/// units in use       = pools + units of spans
/// units of arenas    = units in use + free units + one for headers each
/// dirty_units        = the sum over the arenas' sets
/// ```
pub(crate) struct Regions {
    /// The first region's arenas.
    main_base: Cell<usize>,
    main_bytes: Cell<usize>,
    /// The regions, by address.
    list: [Cell<*const Region>; Config::REGION_LIMIT],
    count: Cell<usize>,
    /// The region that was added last.
    newest: Cell<*const Region>,
    refusals_to_skip: Cell<u32>,
    /// The system does not hand out pages before they are touched.
    pub(crate) refuses_to_populate: Cell<bool>,
    /// Free units that held something since the system gave their memory.
    pub(crate) dirty_units: Cell<usize>,
    /// The bytes given back to the system so far.
    pub(crate) purged_bytes: Cell<usize>,
    /// The most of them before they are purged.
    retain_units: usize,
    pub(crate) units_in_use: Cell<usize>,
    pub(crate) units_peak: Cell<usize>,
    /// Where the next arenas come from, unless from the reserved range.
    pub(crate) source: Cell<Option<ArenaAllocator>>,
    /// The arenas of a region, and the most regions.
    arena_limit: usize,
    region_limit: usize,
}

impl Regions {
    /// No regions yet. Without pools there will never be one.
    pub(crate) fn new(config: &Config) -> Regions {
        Regions {
            main_base: Cell::new(0),
            main_bytes: Cell::new(0),
            list: [const { Cell::new(ptr::null()) }; Config::REGION_LIMIT],
            count: Cell::new(0),
            newest: Cell::new(ptr::null()),
            refusals_to_skip: Cell::new(0),
            refuses_to_populate: Cell::new(false),
            dirty_units: Cell::new(0),
            purged_bytes: Cell::new(0),
            retain_units: config.retain_bytes / POOL_BYTES,
            units_in_use: Cell::new(0),
            units_peak: Cell::new(0),
            source: Cell::new(None),
            arena_limit: (config.region_bytes / ARENA_BYTES).max(1),
            region_limit: if config.allocator.has_pools() {
                config.region_limit.clamp(1, Config::REGION_LIMIT)
            } else {
                0
            },
        }
    }

    /// The regions in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Region> {
        self.list[..self.count.get()]
            .iter()
            // SAFETY: *accessible*: a region's record stays until the memory is
            // dropped.
            .map(|region| unsafe { &*region.get() })
    }

    /// The regions in ascending order, as they are now: the copy does not
    /// change when one is added.
    pub(crate) fn snapshot(&self) -> [Option<&Region>; Config::REGION_LIMIT] {
        let mut regions = self.iter();
        std::array::from_fn(|_| regions.next())
    }

    /// The region that `address` lies in, which there is.
    pub(crate) fn of(&self, address: usize) -> &Region {
        self.iter()
            .find(|region| region.contains(address))
            .expect("a header lies in a region")
    }

    /// The first region's arenas: where they begin, and their bytes.
    pub(crate) fn main_range(&self) -> (usize, usize) {
        (self.main_base.get(), self.main_bytes.get())
    }

    /// Whether `address` lies in the first region.
    #[inline(always)]
    pub(crate) fn main_contains(&self, address: usize) -> bool {
        address.wrapping_sub(self.main_base.get()) < self.main_bytes.get()
    }

    /// Whether `address` lies in a region.
    #[inline(always)]
    pub(crate) fn contains(&self, address: usize) -> bool {
        self.main_contains(address) || self.contains_elsewhere(address)
    }

    #[cold]
    fn contains_elsewhere(&self, address: usize) -> bool {
        self.count.get() > 1 && self.iter().any(|region| region.contains(address))
    }

    /// Reserves one more region.
    pub(crate) fn add(&self) -> Result<(), io::Error> {
        let count = self.count.get();
        if count >= self.region_limit {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        let new = match self.source.get() {
            None => Region::reserve(self.arena_limit)?,
            Some(source) => {
                let theirs = self.iter().filter(|region| !region.is_systems()).count();
                let arenas = 1usize.checked_shl(theirs as u32).unwrap_or(1);
                Region::allocate(arenas, source)?
            }
        };
        // SAFETY: *accessible*: just reserved.
        let region = unsafe { new.as_ref() };
        if count == 0 {
            self.main_base.set(region.base());
            self.main_bytes.set(region.bytes());
        }
        let at = self
            .iter()
            .take_while(|other| other.base() < region.base())
            .count();
        for index in (at..count).rev() {
            self.list[index + 1].set(self.list[index].get());
        }
        self.list[at].set(new.as_ptr());
        self.newest.set(new.as_ptr());
        self.count.set(count + 1);
        Ok(())
    }

    /// Takes `count` units in a row from a region that has them, or from a new
    /// one: the region, the first one's number there, and how many were dirty.
    #[inline(always)]
    pub(crate) fn take(&self, count: usize) -> Option<(&Region, usize, usize)> {
        let (region, (unit, dirty)) = self
            .iter()
            .find_map(|region| Some((region, region.take(count, self.source.get().is_none())?)))
            .or_else(|| {
                let region = self.one_more()?;
                Some((region, region.take(count, true)?))
            })?;
        self.count_taken(count, dirty);
        Some((region, unit, dirty))
    }

    /// Forgets that a region was refused, since somebody else is asked.
    pub(crate) fn ask_again(&self) {
        self.refusals_to_skip.set(0);
    }

    /// Returns the regions that other functions gave and in which nothing is in
    /// use.
    pub(crate) fn return_empty(&self) -> usize {
        let mut bytes = 0;
        let mut kept = 0;
        let count = self.count.get();
        for index in 0..count {
            let region = self.list[index].get();
            // SAFETY: *accessible*: a region's record stays until it is unmapped.
            let found = unsafe { &*region };
            if found.is_systems() || !found.is_empty() {
                self.list[kept].set(region);
                kept += 1;
                continue;
            }
            let dirty = |arena: &Arena| arena.dirty.get().count_ones() as usize;
            let dirty: usize = found.arenas().iter().map(dirty).sum();
            self.dirty_units.set(self.dirty_units.get() - dirty);
            bytes += found.bytes();
            // SAFETY: *accessible*: nothing in the region is in use.
            unsafe { Region::unmap(NonNull::new_unchecked(region.cast_mut())) };
        }
        self.count.set(kept);
        bytes
    }

    /// Reserves one more region. After a refusal the next ones are foreseen,
    /// since asking for every size costs many calls of the system.
    fn one_more(&self) -> Option<&Region> {
        let skip = self.refusals_to_skip.get();
        if skip > 0 {
            self.refusals_to_skip.set(skip - 1);
            return None;
        }
        if self.add().is_err() {
            self.refusals_to_skip.set(REFUSALS_SKIPPED);
            return None;
        }
        // SAFETY: *accessible*: the region added last.
        Some(unsafe { &*self.newest.get() })
    }

    /// Counts units that were taken, some of which were dirty.
    pub(crate) fn count_taken(&self, count: usize, dirty: usize) {
        self.dirty_units.set(self.dirty_units.get() - dirty);
        self.units_in_use.set(self.units_in_use.get() + count);
        self.units_peak
            .set(self.units_peak.get().max(self.units_in_use.get()));
    }

    /// Counts units that were given, and purges when there are too many.
    pub(crate) fn count_given(&self, count: usize) {
        self.units_in_use.set(self.units_in_use.get() - count);
        let dirty = self.dirty_units.get() + count;
        self.dirty_units.set(dirty);
        if dirty > self.retain_units {
            let bytes = self.purge_units();
            self.purged_bytes.set(self.purged_bytes.get() + bytes);
        }
    }

    /// Gives the units of a header back, whose first is in the set that `set`
    /// chooses and whose others are in none.
    ///
    /// # Safety
    ///
    /// `header` is live, and nothing uses it or its blocks afterwards.
    pub(crate) unsafe fn give(&self, header: *mut Header, set: impl FnOnce(&Arena) -> &Cell<u64>) {
        // SAFETY: *unit-header*: by this function's contract.
        let units = unsafe { (*header).units } as usize;
        let region = self.of(header.addr());
        let unit = region.unit_of(Header::unit(header).addr());
        let (arena, bit) = region.place(unit);
        arena::remove(set(arena), bit);
        region.give(unit, units);
        self.count_given(units);
    }

    /// Takes what blocks refer to for no leak.
    pub(crate) fn keep_referents(&self) {
        for region in self.iter() {
            region.keep_referents();
        }
    }

    /// Gives every region back to the system.
    ///
    /// # Safety
    ///
    /// Nothing uses a region or a block in one afterwards.
    pub(crate) unsafe fn unmap(&mut self) {
        for region in &self.list[..self.count.replace(0)] {
            if let Some(region) = NonNull::new(region.get().cast_mut()) {
                // SAFETY: *accessible*: by this function's contract.
                unsafe { Region::unmap(region) };
            }
        }
    }
}
