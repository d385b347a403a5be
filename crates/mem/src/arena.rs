//! Arenas: which of an arena's 64 units are used for what.

use std::cell::Cell;

use crate::{ARENA_BYTES, POOL_BYTES};

/// The units of an arena: one bit each in a word.
pub(crate) const ARENA_UNITS: usize = ARENA_BYTES / POOL_BYTES;
const _: () = assert!(ARENA_UNITS == u64::BITS as usize);

/// The books of one arena, kept outside it.
///
/// The sets are disjoint, and in an accessible arena together they hold every
/// unit:
///
/// ```text
/// free + pools[mem] + pools[object] + spans[mem] + spans[object] + tails = 64
/// ```
///
/// Before the arena is made accessible all sets are empty.
#[repr(C)]
pub(crate) struct Arena {
    /// Units that hold nothing.
    pub(crate) free: Cell<u64>,
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
        let mut seen = 0;
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
        twice | !seen
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
