//! Finding and ending what only cycles keep alive.
//!
//! The phases, over the candidates of a generation (here `a ⇄ b`, and `c` held by a variable that
//! also refers to `b`):
//!
//! 1. *subtract*: every candidate's references are reported; each one that leads to a candidate is
//!    counted in that one's side byte. Counts: a 1, b 2, c 0; reference counts: a 1, b 2, c 1.
//! 2. *mark*: a candidate with more references than were counted is held from outside (`c`). What
//!    it reaches is reachable too (`b`, then `a`). Nothing is garbage here; without `c`, a and b are.
//! 3. *settle*: side bytes go back to rest, survivors grow older, garbage is listed in tracking
//!    order. The list owns nothing; it keeps the memory of what ends while it is in use.
//! 4. *weak references* from outside that have a callback are cleared, and the callbacks run.
//! 5. *finalizers* run, in tracking order, each once per object (PEP 442).
//!    What a finalizer sets free ends at once, and is not counted as collected.
//! 6. *resurrection*: phases 1 and 2 again, within the garbage only. What became reachable survives.
//! 7. *clear*: remaining weak references are cleared; each dead object drops its references and
//!    goes when its last one does.
//!
//! Phases 1 and 2 walk the side bytes in address order. The mark stack may fail to grow: the
//! object stays marked, and the candidates are scanned again until nothing was missed. A few places
//! of the stack need no memory, so that a chain is followed to its end all the same. Where the
//! list of garbage finds no memory, the collection changes nothing and says so.

mod bulk;
mod end;
mod find;
mod pass;
mod prove;
mod sweep;

pub(crate) use pass::Pass;
pub(crate) use sweep::MAY_SETTLE;

use crate::{Heap, OutOfMemory};

/// How far a collection looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// The youngest objects.
    Young = 0,
    /// Also those that survived one collection.
    Middle = 1,
    /// Everything but the permanent generation.
    Full = 2,
}

impl Generation {
    /// The generation of this number.
    pub fn from_number(number: i64) -> Option<Generation> {
        match number {
            0 => Some(Generation::Young),
            1 => Some(Generation::Middle),
            2 => Some(Generation::Full),
            _ => None,
        }
    }
}

impl Generation {
    /// The bits of a unit byte that say that a pool may hold candidates, for the younger ones.
    pub(crate) fn unit_bits(self) -> u8 {
        match self {
            Generation::Young => 0b01,
            Generation::Middle | Generation::Full => 0b11,
        }
    }
}

/// What a collection does about the ages of objects.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aging {
    /// Survivors grow older, and some need no tracking any more.
    Goes,
    /// Nothing changes: the program did not ask for this collection.
    #[cfg_attr(
        not(feature = "zeal"),
        expect(dead_code, reason = "only zeal collects without being asked")
    )]
    Stays,
}

/// What a collection found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Unreachable objects that were freed (or saved, with `save_all`).
    pub collected: usize,
    /// Unreachable objects that cannot be freed.
    pub uncollectable: usize,
    /// Objects that were looked at: those of the generation and of the younger ones.
    pub candidates: usize,
}

/// Why a collection did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollectError {
    /// A collection runs already (a finalizer or callback asked for one).
    #[error("a collection is running already")]
    Running,
    /// The list of garbage found no memory.
    #[error("out of memory while listing garbage")]
    OutOfMemory,
}

impl From<OutOfMemory> for CollectError {
    fn from(_: OutOfMemory) -> CollectError {
        CollectError::OutOfMemory
    }
}

impl Heap {
    /// Checks the heap between two phases, where zeal is on.
    #[cfg(not(feature = "zeal"))]
    #[inline(always)]
    pub(crate) fn border(&self, phase: &str) {
        let _ = phase;
    }

    /// Collects if the counters ask for it; called at safe points. Returns the generation and what
    /// was found, or `None`.
    pub fn collect_if_due(
        &self,
        around: impl FnMut(Generation, Option<Collected>),
    ) -> Option<Collected> {
        if !self.requested.replace(false) || !self.enabled.get() || self.collecting.get() {
            return None;
        }
        let exceeded = |index: usize| self.counts[index].get() > self.thresholds[index].get();
        let enough_pending = self.long_lived_pending.get() > self.long_lived_total.get() / 4;
        let generation = if exceeded(2) && enough_pending || self.pressure.wants_full() {
            Generation::Full
        } else if exceeded(1) {
            Generation::Middle
        } else {
            Generation::Young
        };
        Some(self.collect_around(generation, around).unwrap_or_default())
    }

    /// Collects, and calls `around` before and after; what it allocates starts no other collection.
    ///
    /// # Errors
    ///
    /// [`CollectError`]; `around` is not called where a collection runs already.
    pub fn collect_around(
        &self,
        generation: Generation,
        mut around: impl FnMut(Generation, Option<Collected>),
    ) -> Result<Collected, CollectError> {
        if self.collecting.replace(true) {
            return Err(CollectError::Running);
        }
        around(generation, None);
        self.collecting.set(false);
        let result = self.collect(generation);
        self.collecting.set(true);
        around(generation, Some(result.unwrap_or_default()));
        self.collecting.set(false);
        result
    }

    /// Tells whether a collection runs.
    pub fn is_collecting(&self) -> bool {
        self.collecting.get()
    }

    /// Collects a generation and the younger ones. In a heap whose owner is gone it does nothing.
    ///
    /// # Errors
    ///
    /// [`CollectError`]; nothing was changed then.
    pub fn collect(&self, generation: Generation) -> Result<Collected, CollectError> {
        if self.closed.get() {
            return Ok(Collected::default());
        }
        self.end_put_off();
        if self.collecting.replace(true) {
            return Err(CollectError::Running);
        }
        self.requested.set(false);
        let result = self
            .find_garbage(generation, Aging::Goes)
            .map(|garbage| self.end_garbage(garbage));
        self.border("ended");
        let index = generation as usize;
        if let Some(next) = self.counts.get(index + 1) {
            next.set(next.get().saturating_add(1));
        }
        for count in &self.counts[..=index] {
            count.set(0);
        }
        self.pressure.settle(generation == Generation::Full);
        self.collecting.set(false);
        result.map_err(CollectError::from)
    }
}
