//! Zeal: looking at the whole heap far too often (Cargo feature `zeal`).
//!
//! A collection finds a wrong count, a reference that no traverse function reports or an object
//! that was tracked too early only where one happens to run. So from [`Heap::start_zeal`] on, what
//! exists is set apart as by `gc.freeze`, and then
//!
//! - at each of the first [`EACH`] allocations of collected kinds, and after that at intervals that
//!   grow with the live heap, the heap is *audited* where it stands, in the middle of native code:
//!   all references are counted, and none may be counted more often than its target's reference
//!   count says;
//! - at the next safe point, a full collection runs, unless the program switched collections off.
//!   It makes nobody older, changes no counter and calls no callback of `gc.callbacks`, so that a
//!   program can only tell that cyclic garbage ends sooner.
//!
//! [`Heap::check`] runs at the borders of every collection's phases. What does not hold panics.

use crate::Heap;
use crate::collect::{Aging, Generation};
use std::cell::Cell;

/// Allocations at each of which zeal strikes.
pub const EACH: u64 = 2000;
/// After those, it strikes again when this part of the live objects was allocated anew.
const SHARE: u64 = 16;
/// And not sooner than after as many allocations.
const LEAST: u64 = 64;
/// One in so many collections without garbage checks the heap all the same.
const CHECK_EVERY: u64 = 32;

/// How far zeal goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Audits and collects.
    Collect,
    /// Audits only, for a program that tells when it collects.
    Audit,
}

/// What zeal remembers.
#[derive(Default)]
pub(crate) struct Zeal {
    mode: Cell<Option<Mode>>,
    allocations: Cell<u64>,
    next: Cell<u64>,
    due: Cell<bool>,
    /// Objects in use that were not set apart, when last counted.
    live: Cell<u64>,
    collections: Cell<u64>,
    /// The permanent generation holds what zeal set apart, of which the program knows nothing.
    pub(crate) hidden: Cell<bool>,
}

impl Heap {
    /// Starts zeal; see [`crate::zeal`].
    pub fn start_zeal(&self, mode: Mode) {
        let counts = self.counts.each_ref().map(Cell::get);
        self.freeze();
        for (count, before) in self.counts.iter().zip(counts) {
            count.set(before);
        }
        self.zeal.hidden.set(true);
        self.zeal.mode.set(Some(mode));
        self.zeal.next.set(1);
    }

    /// The program is over: from here on zeal audits only, and what was set apart ends with the rest.
    pub fn end_zeal(&self) {
        if self.zeal.mode.get().is_some() {
            self.zeal.mode.set(Some(Mode::Audit));
            if self.zeal.hidden.get() {
                self.unfreeze();
            }
        }
    }

    /// Tells whether a zealous collection waits for the next safe point.
    #[inline]
    pub fn zeal_due(&self) -> bool {
        self.zeal.due.get()
    }

    /// Counts an allocation of a collected kind, before it happens.
    #[inline]
    pub(crate) fn zeal_allocation(&self) {
        if self.zeal.mode.get().is_some() {
            self.zeal.allocations.set(self.zeal.allocations.get() + 1);
            if self.zeal.allocations.get() >= self.zeal.next.get() {
                self.zeal_strike();
            }
        }
    }

    #[cold]
    fn zeal_strike(&self) {
        // A collector that works already counts by itself.
        if self.memory().is_quiet() {
            self.zeal.live.set(self.count_and_compare() as u64);
        }
        self.zeal
            .due
            .set(self.zeal.mode.get() == Some(Mode::Collect));
        let step = if self.zeal.allocations.get() < EACH {
            1
        } else {
            LEAST.max(self.zeal.live.get() / SHARE)
        };
        self.zeal.next.set(self.zeal.allocations.get() + step);
    }

    /// Does the collection that is due; the evaluator calls this between two instructions.
    pub fn zeal_collect(&self) {
        let wanted =
            self.zeal.due.replace(false) && self.enabled.get() && self.thresholds[0].get() != 0;
        if !wanted || self.collecting.replace(true) {
            return;
        }
        self.end_put_off();
        let requested = self.requested.replace(false);
        let found = self.find_garbage(Generation::Full, Aging::Stays);
        let count = self.zeal.collections.get();
        self.zeal.collections.set(count + 1);
        match found {
            Ok(garbage) if !garbage.members.is_empty() => {
                self.border("listed its garbage");
                self.end_garbage(garbage);
                self.border("ended its garbage");
            }
            _ if count.is_multiple_of(CHECK_EVERY) => self.border("found nothing"),
            _ => {}
        }
        self.requested.set(self.requested.get() || requested);
        self.collecting.set(false);
    }

    /// Checks the heap between two phases, where zeal is on.
    pub(crate) fn border(&self, phase: &str) {
        if self.zeal.mode.get().is_some()
            && let Err(error) = self.check()
        {
            panic!("after a collection {phase}: {error}");
        }
    }

    /// The generation as the program knows it: what zeal set apart is old.
    pub(crate) fn known_generation(&self, generation: u32) -> u32 {
        if self.zeal.hidden.get() && generation == crate::side::PERMANENT {
            Generation::Full as u32
        } else {
            generation
        }
    }
}
