//! The memory's check of itself: every equation and every link.
//!
//! It walks arenas, pools, free lists, lists of pools, spans, foreign blocks
//! and side bytes, and counts again what the books record.

use std::ptr::{self, NonNull};

use crate::arena;
use crate::class;
use crate::domain::{BLOCK_DOMAINS, Domain};
use crate::memory::Memory;
use crate::pool::{CARVE_BYTES, FreeBlock, Header, POOL_PAGES, State, no_pool, page_blocks};
use crate::region::{Region, UNIT_SIDE_BYTES};
use crate::sanitizer::{poison, unpoison};
use crate::stash::STASH_LIMIT;
use crate::{CLASS_COUNT, CheckError, GRANULE_BYTES, POOL_BYTES};

/// The blocks of a pool, one bit each: the smallest blocks give 1,024.
struct FreeSet([u64; POOL_BYTES / GRANULE_BYTES / u64::BITS as usize]);

impl FreeSet {
    /// Adds a block and tells whether it was new.
    fn insert(&mut self, block: usize) -> bool {
        let word = &mut self.0[block / 64];
        let new = *word >> (block % 64) & 1 == 0;
        *word |= 1 << (block % 64);
        new
    }

    fn contains(&self, block: usize) -> bool {
        self.0[block / 64] >> (block % 64) & 1 == 1
    }
}

fn equal(
    header: *const Header,
    field: &'static str,
    found: usize,
    expected: usize,
) -> Result<(), CheckError> {
    if found == expected {
        return Ok(());
    }
    Err(CheckError::Header {
        header: header.addr(),
        field,
        found,
        expected,
    })
}

fn counted(what: &'static str, counted: usize, recorded: usize) -> Result<(), CheckError> {
    if counted == recorded {
        return Ok(());
    }
    Err(CheckError::Count {
        what,
        counted,
        recorded,
    })
}

impl Memory {
    /// Verifies every structure and equation of the memory.
    ///
    /// It costs time in proportion to the accessible arenas.
    ///
    /// # Errors
    ///
    /// The first thing found wrong.
    pub fn check(&self) -> Result<(), CheckError> {
        let (mut units_in_use, mut dirty_units) = (0, 0);
        for region in self.regions.iter() {
            for (index, arena) in region.arenas().iter().enumerate() {
                let first = index * arena::ARENA_UNITS;
                let misplaced = arena.misplaced_units();
                if misplaced != 0 {
                    return Err(CheckError::UnitSets {
                        arena: region.unit_address(first).addr(),
                        units: misplaced,
                    });
                }
                units_in_use += arena::USABLE_UNITS - arena.free.get().count_ones() as usize;
                dirty_units += arena.dirty.get().count_ones() as usize;
                for bit in arena::units(arena.free.get()) {
                    no_side_bytes(region, first + bit, |_| false)?;
                }
            }
        }
        counted(
            "units in use",
            units_in_use,
            self.regions.units_in_use.get(),
        )?;
        counted("dirty units", dirty_units, self.regions.dirty_units.get())?;
        for domain in BLOCK_DOMAINS {
            self.check_pools(domain)?;
            self.check_lists(domain)?;
            self.check_spans(domain)?;
            self.check_foreign(domain)?;
        }
        self.check_inbox()
    }

    fn check_header(
        &self,
        header: *const Header,
        region: &Region,
        unit: usize,
        domain: Domain,
    ) -> Result<(), CheckError> {
        // SAFETY: *unit-header*: callers pass units of the pool and span sets.
        let (owner, side, found) = unsafe { ((*header).owner, (*header).side, (*header).domain) };
        equal(header, "owner", owner.addr(), ptr::from_ref(self).addr())?;
        equal(header, "side", side.addr(), region.unit_side(unit).addr())?;
        equal(header, "domain", found.row(), domain.row())
    }

    fn check_pools(&self, domain: Domain) -> Result<(), CheckError> {
        for region in self.regions.iter() {
            for (index, arena) in region.arenas().iter().enumerate() {
                for bit in arena::units(arena.pools[domain.block_row()].get()) {
                    let unit = index * arena::ARENA_UNITS + bit;
                    let header = region.header(unit);
                    self.check_header(header, region, unit, domain)?;
                    check_pool(header, region, unit)?;
                }
            }
        }
        Ok(())
    }

    /// The lists hold exactly the pools that are not full.
    fn check_lists(&self, domain: Domain) -> Result<(), CheckError> {
        let mut listed = 0;
        for class in 0..CLASS_COUNT {
            self.check_stash(domain, class)?;
            let mut header = self.listed(domain, class).get();
            if ptr::eq(header, no_pool()) {
                continue;
            }
            let mut previous = ptr::null_mut();
            while !header.is_null() {
                listed += 1;
                // SAFETY: *unit-header*: pools in a list are live.
                let pool = unsafe { &*header };
                if pool.previous != previous {
                    return Err(CheckError::List {
                        list: "pool",
                        at: header.addr(),
                    });
                }
                let state = if previous.is_null() {
                    State::Current
                } else {
                    State::Listed
                };
                equal(header, "state", pool.state as usize, state as usize)?;
                equal(header, "class", usize::from(pool.class), class)?;
                if state == State::Listed && pool.free.is_null() && pool.uncarved == 0 {
                    return Err(CheckError::List {
                        list: "pool",
                        at: header.addr(),
                    });
                }
                previous = header;
                header = pool.next;
            }
        }
        let mut open = 0;
        self.each_pool(domain, |header| {
            // SAFETY: *unit-header*: `each_pool` visits live headers.
            open += usize::from(unsafe { (*header).state } != State::Full);
        });
        counted("listed pools", listed, open)
    }

    /// A stash holds blocks of its class that their pools count as used.
    fn check_stash(&self, domain: Domain, class: usize) -> Result<(), CheckError> {
        let stash = self.stash(domain, class);
        let served = self.current(domain, class).get();
        let known = [no_pool(), stash.header(), self.listed(domain, class).get()];
        if !known.contains(&served) {
            return Err(CheckError::List {
                list: "served",
                at: served.addr(),
            });
        }
        let bytes = class::block_bytes(class);
        let mut held = 0;
        let mut link = stash.first();
        while let Some(block) = NonNull::new(link) {
            let header = Header::of(block.cast());
            let wrong = CheckError::List {
                list: "stash",
                at: link.addr(),
            };
            if !self.regions.contains(link.addr()) || held == STASH_LIMIT {
                return Err(wrong);
            }
            // SAFETY: *unit-header*: stashed blocks lie in live pools.
            let pool = unsafe { &*header };
            let (found, theirs, mut free) = (pool.class, pool.domain, pool.free);
            let offset = link.addr() - Header::unit(header).addr();
            if usize::from(found) != class || theirs != domain || !offset.is_multiple_of(bytes) {
                return Err(wrong);
            }
            while !free.is_null() {
                if ptr::eq(free, link) {
                    return Err(wrong);
                }
                free = follow(free, bytes);
            }
            held += 1;
            link = follow(link, bytes);
        }
        counted("stashed blocks", held as usize, stash.len() as usize)
    }

    fn check_spans(&self, domain: Domain) -> Result<(), CheckError> {
        let (mut spans, mut span_units) = (0, 0);
        for region in self.regions.iter() {
            for (index, arena) in region.arenas().iter().enumerate() {
                for bit in arena::units(arena.spans[domain.block_row()].get()) {
                    let unit = index * arena::ARENA_UNITS + bit;
                    let header = region.header(unit);
                    self.check_header(header, region, unit, domain)?;
                    // SAFETY: *unit-header*: the unit is in the span set.
                    let span = unsafe { &*header };
                    let units = span.units as usize;
                    equal(header, "state", span.state as usize, State::Span as usize)?;
                    equal(header, "countdown", span.countdown as usize, 1)?;
                    equal(
                        header,
                        "block bytes",
                        span.block_bytes as usize,
                        units * POOL_BYTES,
                    )?;
                    no_side_bytes(region, unit, |granule| granule == 0)?;
                    for tail in unit + 1..unit + units {
                        let (arena, bit) = region.place(tail);
                        equal(
                            header,
                            "units",
                            usize::from(arena.tails.get() >> bit & 1 == 1),
                            1,
                        )?;
                        no_side_bytes(region, tail, |_| false)?;
                    }
                    spans += 1;
                    span_units += units;
                }
            }
        }
        counted("spans", spans, self.spans(domain).count.get())?;
        counted("units of spans", span_units, self.spans(domain).units.get())
    }

    fn check_foreign(&self, domain: Domain) -> Result<(), CheckError> {
        let list = self.foreign(domain);
        let (mut count, mut bytes) = (0, 0);
        let mut borrowed = (0, 0);
        let mut previous = ptr::null_mut();
        for group in list.groups() {
            // SAFETY: *foreign-prefix*: linked in the list.
            if !unsafe { group.as_ref() }.holds_together(previous) {
                return Err(CheckError::List {
                    list: "foreign",
                    at: group.addr().get(),
                });
            }
            previous = group.as_ptr();
        }
        if list.last.get() != previous {
            return Err(CheckError::List {
                list: "foreign",
                at: list.last.get().addr(),
            });
        }
        for prefix in list.iter() {
            // SAFETY: *foreign-prefix*: linked in the list.
            let found = unsafe { prefix.as_ref() };
            if found.domain != domain || !ptr::eq(found.owner, self) {
                return Err(CheckError::List {
                    list: "foreign",
                    at: prefix.addr().get(),
                });
            }
            count += 1;
            bytes += found.bytes;
            if !found.is_systems() {
                borrowed = (borrowed.0 + 1, borrowed.1 + found.bytes);
            }
        }
        counted("foreign blocks", count, list.count.get())?;
        counted("foreign bytes", bytes, list.bytes.get())?;
        counted("borrowed blocks", borrowed.0, list.borrowed().0)?;
        counted("borrowed bytes", borrowed.1, list.borrowed().1)?;
        self.verify_guards(domain).map_err(CheckError::Misuse)
    }
}

/// Verifies a pool's fields, free list and side bytes.
fn check_pool(header: *mut Header, region: &Region, unit: usize) -> Result<(), CheckError> {
    // SAFETY: *unit-header*: the caller passes a unit of the pool set.
    let (pool, used) = unsafe { (&*header, Header::used(header)) };
    let class = usize::from(pool.class);
    let bytes = class::block_bytes(class);
    let capacity = class::capacity(class);
    equal(header, "block bytes", pool.block_bytes as usize, bytes)?;
    equal(header, "units", pool.units as usize, 1)?;
    // SAFETY: *stable-memory*: the owner was found to be the memory.
    if unsafe { &*pool.owner }.is_observed() {
        equal(header, "countdown", pool.countdown as usize, 1)?;
    } else {
        equal(header, "held", pool.held as usize, 0)?;
    }
    equal(header, "pages", usize::from(pool.uncarved) >> POOL_PAGES, 0)?;
    let is_carved = |offset: usize| pool.uncarved >> (offset / CARVE_BYTES) & 1 == 0;
    let not_carved: usize = (0..POOL_PAGES)
        .filter(|page| pool.uncarved >> page & 1 == 1)
        .map(|page| page_blocks(class, page).len())
        .sum();
    let base = region.unit_address(unit);
    let mut free = FreeSet([0; _]);
    let mut steps = 0;
    let mut link = pool.free;
    while !link.is_null() {
        let offset = link.addr().wrapping_sub(base.addr());
        let is_block = offset.is_multiple_of(bytes) && offset / bytes < capacity;
        if !is_block || !is_carved(offset) || !free.insert(offset / bytes) {
            return Err(CheckError::FreeList {
                pool: header.addr(),
                link: link.addr(),
                steps,
            });
        }
        steps += 1;
        link = follow(link, bytes);
    }
    equal(header, "blocks", used + steps + not_carved, capacity)?;
    no_side_bytes(region, unit, |granule| {
        let offset = granule * GRANULE_BYTES;
        let block = offset / bytes;
        offset.is_multiple_of(bytes)
            && block < capacity
            && is_carved(offset)
            && !free.contains(block)
    })
}

/// The link that a free block holds.
pub(crate) fn follow(link: *mut FreeBlock, block_bytes: usize) -> *mut FreeBlock {
    unpoison(link.cast(), block_bytes);
    // SAFETY: *free-link*: the caller found it to be a block on a free list.
    let next = unsafe { (*link).next };
    poison(link.cast(), block_bytes);
    next
}

/// Verifies that side bytes are set only at granules where `begins` says that a
/// block in use begins.
fn no_side_bytes(
    region: &Region,
    unit: usize,
    begins: impl Fn(usize) -> bool,
) -> Result<(), CheckError> {
    const WORD: usize = size_of::<u64>();
    for granule in (0..UNIT_SIDE_BYTES).step_by(WORD) {
        // SAFETY: *accessible*: the side bytes of a unit are a whole number of
        // aligned words.
        let word = unsafe { region.unit_side(unit).add(granule).cast::<u64>().read() };
        if word == 0 {
            continue;
        }
        for (granule, value) in (granule..).zip(word.to_ne_bytes()) {
            if value != 0 && !begins(granule) {
                return Err(CheckError::SideByte {
                    address: region.unit_address(unit).addr() + granule * GRANULE_BYTES,
                    value,
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
