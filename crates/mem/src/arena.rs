//! Arenas: which of an arena's 64 units are used for what.
//!
//! The first unit of every arena holds the headers of all its units, side by
//! side in one page. Headers at the start of their own units would all map to
//! the same few sets of a cache: units are much further apart than its ways.

use std::cell::Cell;

use crate::pool::HEADER_BYTES;
use crate::{ARENA_BYTES, POOL_BYTES};

/// The units of an arena: one bit each in a word.
pub(crate) const ARENA_UNITS: usize = ARENA_BYTES / POOL_BYTES;
const _: () = assert!(ARENA_UNITS == u64::BITS as usize);
/// The units of an arena that can be used: all but the first.
pub(crate) const USABLE_UNITS: usize = ARENA_UNITS - 1;
/// The set of the unit that holds the headers.
const HEADER_UNIT: u64 = 1;
/// The bytes of the first unit that headers take.
pub(crate) const HEADERS_BYTES: usize = ARENA_UNITS * HEADER_BYTES;

/// The books of one arena, kept outside it.
///
/// The sets are disjoint, and in an accessible arena together they hold every
/// unit:
///
/// ```text
/// free + pools[mem] + pools[object] + spans[mem] + spans[object] + tails + 1 = 64
/// dirty is part of free
/// ```
///
/// Before the arena is made accessible all sets are empty.
#[repr(C)]
pub(crate) struct Arena {
    /// Units that hold nothing.
    pub(crate) free: Cell<u64>,
    /// Free units that held something since the system last gave their memory.
    pub(crate) dirty: Cell<u64>,
    /// Units that are pools, by domain.
    pub(crate) pools: [Cell<u64>; 2],
    /// Units at which a span begins, by domain.
    pub(crate) spans: [Cell<u64>; 2],
    /// The further units of spans.
    pub(crate) tails: Cell<u64>,
}

impl Arena {
    /// The units that are in no set or in more than one.
    pub(crate) fn misplaced_units(&self) -> u64 {
        let mut seen = HEADER_UNIT;
        let mut twice = 0;
        for set in [
            &self.free,
            &self.pools[0],
            &self.pools[1],
            &self.spans[0],
            &self.spans[1],
            &self.tails,
        ] {
            twice |= seen & set.get();
            seen |= set.get();
        }
        twice | !seen | self.dirty.get() & !self.free.get()
    }

    /// Makes every unit but the first free and clean.
    pub(crate) fn open(&self) {
        self.free.set(!HEADER_UNIT);
        self.dirty.set(0);
    }

    /// The lowest run of `count` free units.
    pub(crate) fn find(&self, count: usize) -> Option<usize> {
        // A bit stays where as many free units begin as `covered` says.
        let mut runs = self.free.get();
        let mut covered = 1;
        while covered < count && runs != 0 {
            let step = covered.min(count - covered);
            runs &= runs >> step;
            covered += step;
        }
        (runs != 0).then(|| runs.trailing_zeros() as usize)
    }
}

/// Adds `unit` to a set.
pub(crate) fn insert(set: &Cell<u64>, unit: usize) {
    debug_assert!(set.get() & 1 << unit == 0, "unit {unit} is in the set");
    set.set(set.get() | 1 << unit);
}

/// Removes `unit` from a set.
pub(crate) fn remove(set: &Cell<u64>, unit: usize) {
    debug_assert!(set.get() & 1 << unit != 0, "unit {unit} is not in the set");
    set.set(set.get() & !(1 << unit));
}

/// The units of a set in ascending order.
pub(crate) fn units(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (set != 0).then(|| {
            let unit = set.trailing_zeros() as usize;
            set &= set - 1;
            unit
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arena(free: u64) -> Arena {
        Arena {
            free: Cell::new(free),
            dirty: Cell::new(0),
            pools: [Cell::new(0), Cell::new(0)],
            spans: [Cell::new(0), Cell::new(0)],
            tails: Cell::new(0),
        }
    }

    #[test]
    fn the_lowest_run_is_found() {
        let naive = |free: u64, count: usize| {
            (0..=ARENA_UNITS - count)
                .find(|&first| (first..first + count).all(|unit| free >> unit & 1 == 1))
        };
        let mut free = 0x9E37_79B9_7F4A_7C15u64;
        for round in 0..400 {
            free = free.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(round);
            for wide in [
                free,
                free | free << 1,
                free | free << 1 | free << 2 | free << 5,
                !free | free << 7,
                !0,
                0,
            ] {
                for count in 1..=ARENA_UNITS {
                    assert_eq!(
                        arena(wide).find(count),
                        naive(wide, count),
                        "{count} in {wide:b}"
                    );
                }
            }
        }
    }
}
