//! The regions of a memory, and the units that pools and spans take from them.
//!
//! The first region is as large as the system grants, and most addresses lie in
//! it: whether a pointer is a pool's or span's is one comparison then. When it
//! is full, further ones are added.

use std::cell::Cell;
use std::io;
use std::ptr::{self, NonNull};

use crate::arena::{self, ARENA_UNITS, Arena};
use crate::pool::Header;
use crate::region::Region;
use crate::{ARENA_BYTES, Config};

/// How many requests for a region are refused unasked after the system refused
/// one.
const REFUSALS_SKIPPED: u32 = 1023;

/// The regions of a memory.
///
/// ```text
/// units in use       = pools + units of spans
/// units of arenas    = units in use + free units
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
    pub(crate) units_in_use: Cell<usize>,
    pub(crate) units_peak: Cell<usize>,
    /// The arenas of a region, and the most regions.
    arena_limit: usize,
    region_limit: usize,
}

impl Regions {
    /// No regions yet. With foreign objects there will never be one.
    pub(crate) fn new(config: &Config) -> Regions {
        Regions {
            main_base: Cell::new(0),
            main_bytes: Cell::new(0),
            list: [const { Cell::new(ptr::null()) }; Config::REGION_LIMIT],
            count: Cell::new(0),
            newest: Cell::new(ptr::null()),
            refusals_to_skip: Cell::new(0),
            units_in_use: Cell::new(0),
            units_peak: Cell::new(0),
            arena_limit: (config.region_bytes / ARENA_BYTES).max(1),
            region_limit: if config.foreign_objects {
                0
            } else {
                config.region_limit.clamp(1, Config::REGION_LIMIT)
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

    /// Whether `address` lies in a region.
    #[inline(always)]
    pub(crate) fn contains(&self, address: usize) -> bool {
        address.wrapping_sub(self.main_base.get()) < self.main_bytes.get()
            || self.contains_elsewhere(address)
    }

    #[cold]
    fn contains_elsewhere(&self, address: usize) -> bool {
        self.count.get() > 1 && self.iter().any(|region| region.contains(address))
    }

    /// Reserves one more region, of at least `least_arenas`.
    pub(crate) fn add(&self, least_arenas: usize) -> Result<(), io::Error> {
        let count = self.count.get();
        if count >= self.region_limit || least_arenas > self.arena_limit {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        let new = Region::reserve(self.arena_limit, least_arenas)?;
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
    /// one.
    pub(crate) fn take(&self, count: usize) -> Option<(&Region, usize)> {
        let found = self
            .iter()
            .find_map(|region| Some((region, region.take(count)?)))
            .or_else(|| {
                let region = self.one_more(count.div_ceil(ARENA_UNITS))?;
                Some((region, region.take(count)?))
            })?;
        self.count_taken(count);
        Some(found)
    }

    /// Reserves one more region. After a refusal the next ones are foreseen,
    /// since asking for every size costs many calls of the system.
    fn one_more(&self, least_arenas: usize) -> Option<&Region> {
        let skip = self.refusals_to_skip.get();
        if skip > 0 {
            self.refusals_to_skip.set(skip - 1);
            return None;
        }
        if self.add(least_arenas).is_err() {
            // A smaller region may be there still.
            if least_arenas == 1 {
                self.refusals_to_skip.set(REFUSALS_SKIPPED);
            }
            return None;
        }
        // SAFETY: *accessible*: the region added last.
        Some(unsafe { &*self.newest.get() })
    }

    pub(crate) fn count_taken(&self, count: usize) {
        self.units_in_use.set(self.units_in_use.get() + count);
        self.units_peak
            .set(self.units_peak.get().max(self.units_in_use.get()));
    }

    pub(crate) fn count_given(&self, count: usize) {
        self.units_in_use.set(self.units_in_use.get() - count);
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
        let unit = region.unit_of(header.addr());
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
