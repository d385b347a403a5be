//! Phase 2 the short way: what lives is concluded from side bytes, and only what is in doubt is looked into.
//!
//! While the references were counted, each one that leads to a higher address left a witness in the side byte that it
//! leads to. A candidate with a witness lives if all candidates before it live: one of them refers to it. So if those
//! without a witness live, all do. Most of those are few, and found eight side bytes at a time without touching an object:
//!
//! 1. Where a reference from outside holds one, it lives. The others are *unexplained*.
//! 2. A search from those that are held, as wide as it is deep and over few objects, explains what was built just behind
//!    them. If it explains all, everything lives, and nothing more is marked.
//! 3. Otherwise the candidates are gone through by address once more. One that is neither held nor marked nor has a
//!    witness is in *doubt*, and what it said as a witness is taken back. So whatever still has a witness when its turn
//!    comes is referred to by candidates that live, and by none in doubt. Garbage is always in doubt, since nothing that
//!    lives refers to it. Then phases 1 and 2 are done among the doubtful alone: a reference to one of them from
//!    anywhere else, be it outside the heap or a candidate, keeps it.
//!
//! If too many of those seen so far are unexplained or in doubt, this gives up, and phase 2 goes the long way. What was
//! marked so far lives in any case, and is scanned by the sweep.
//!
//! So a heap that was built from its roots is decided in one sweep over its objects, and one that was built from its
//! leaves, or over memory in disorder, in two.

use super::pass::Pass;
use super::sweep::{self, Pools};
use crate::object::Pointer;
use crate::side::{self, COUNT_MASK, REACHABLE, Wanted, side_of};
use crate::{Buffer, Heap, OutOfMemory};
use mortice_mem::Pool;
use std::cell::Cell;

/// Of the candidates, one in so many may be unexplained, and be searched from.
const UNEXPLAINED: usize = 4;
/// One in so many may be in doubt: for each, what the long way does is done, and more.
const DOUBTFUL: usize = 16;
/// So many may be so in any heap: one built over memory in some disorder begins with a pool of them.
const FEW: usize = 512;

/// What is known of the candidates.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// All are reachable; they are not all marked.
    AllLive,
    /// Those that are reachable are marked.
    Marked,
    /// Of those that are reachable, some are marked.
    Nothing,
}

/// There are too many, or no memory for them.
struct GaveUp;

impl From<OutOfMemory> for GaveUp {
    fn from(_: OutOfMemory) -> GaveUp {
        GaveUp
    }
}

impl Pass {
    /// Decides about all candidates, if the short way leads there.
    pub(super) fn prove(&self, heap: &Heap, pools: &Pools<'_>, candidates: usize) -> Proof {
        let proven = self.prove_with(heap, pools, candidates);
        proven.unwrap_or(Proof::Nothing)
    }

    fn prove_with(
        &self,
        heap: &Heap,
        pools: &Pools<'_>,
        candidates: usize,
    ) -> Result<Proof, GaveUp> {
        let most = FEW + candidates / UNEXPLAINED;
        let mut roots = Buffer::with_capacity(heap, most)?;
        let mut open = Unexplained {
            found: Buffer::with_capacity(heap, most)?,
            roots: &mut roots,
            seen: 0,
            pass: self,
        };
        open.find(pools)?;
        let mut unexplained = open.found;
        if !unexplained.is_empty() {
            self.search(&mut roots, &mut unexplained);
        }
        if unexplained.is_empty() {
            return Ok(Proof::AllLive);
        }
        let most = FEW + candidates / DOUBTFUL;
        // What is unexplained comes to be in doubt.
        if unexplained.len() > most {
            return Err(GaveUp);
        }
        let mut doubts = Doubts {
            pass: self,
            found: Buffer::with_capacity(heap, most)?,
            seen: 0,
        };
        doubts.find(pools)?;
        self.decide_among(&doubts.found);
        Ok(Proof::Marked)
    }

    /// Marks what the roots lead to, nearest first, until that explains all; removes what is explained.
    fn search(&self, roots: &mut Buffer<Pointer>, unexplained: &mut Buffer<Pointer>) {
        let mut next = 0;
        // How many are scanned before it is looked at what they explained: each time twice as many.
        let mut enough = FEW;
        while next < roots.len() {
            self.scan(self.marking(usize::MAX), roots[next]);
            next += 1;
            while let Some(pointer) = self.take_waiting() {
                // What finds no room is just not searched from.
                let _ = roots.push_within(pointer);
            }
            if next == enough {
                remove_marked(unexplained);
                if unexplained.is_empty() {
                    return;
                }
                enough *= 2;
            }
        }
        remove_marked(unexplained);
    }

    /// Phases 1 and 2 for those in doubt, where all others are marked.
    fn decide_among(&self, doubtful: &[Pointer]) {
        // SAFETY: live-header, exact-traverse, phase-exclusive: tracked objects are live, nothing changes now.
        unsafe {
            for pointer in doubtful {
                let side = side_of(*pointer);
                side.set(side::rest(side.get(), side::generation(side.get())));
            }
            for pointer in doubtful {
                self.count_references(self.counting(usize::MAX), *pointer);
            }
            for pointer in doubtful {
                let side = side_of(*pointer);
                self.decide(self.marking(usize::MAX), *pointer, side, side.get());
            }
        }
    }

    fn note_marked(&self, count: usize) {
        self.reached.set(self.reached.get() + count);
    }
}

/// The candidates without a witness that nothing holds from outside.
struct Unexplained<'a> {
    pass: &'a Pass,
    found: Buffer<Pointer>,
    /// Those that something holds, as far as there is room.
    roots: &'a mut Buffer<Pointer>,
    /// Candidates in pools that were seen.
    seen: usize,
}

impl Unexplained<'_> {
    /// Finds them; an error where they are too many.
    fn find(&mut self, pools: &Pools<'_>) -> Result<(), GaveUp> {
        let wanted = Wanted::up_to(self.pass.generation);
        let mut result = Ok(());
        pools.each(|pool| {
            if result.is_err() {
                return;
            }
            sweep::words(pool, wanted, |found, mask| {
                self.seen += mask.count_ones() as usize;
                let word = found.read();
                let open = mask & !(word.witnessed() | word.reachable());
                for byte in side::bytes(open) {
                    let (pointer, side) = found.object(byte);
                    if result.is_ok() {
                        result = self.look_at(pointer, side);
                    }
                }
            });
        });
        pools.each_large(|pointer, side| {
            if result.is_ok() && side.get() & COUNT_MASK != REACHABLE {
                result = self.look_at(pointer, side);
            }
        });
        result
    }

    fn look_at(&mut self, pointer: Pointer, side: &Cell<u8>) -> Result<(), GaveUp> {
        let value = side.get();
        if !self.pass.is_held(pointer, value) {
            if self.found.len() > FEW + self.seen / UNEXPLAINED {
                return Err(GaveUp);
            }
            return add(&mut self.found, pointer);
        }
        side.set(value | REACHABLE);
        self.pass.note_marked(1);
        // What finds no room is just not searched from.
        let _ = self.roots.push_within(pointer);
        Ok(())
    }
}

/// The candidates of which nothing says that they live.
struct Doubts<'a> {
    pass: &'a Pass,
    found: Buffer<Pointer>,
    /// Candidates in pools that were seen.
    seen: usize,
}

impl Doubts<'_> {
    /// Finds them, and marks all others; an error where they are too many.
    fn find(&mut self, pools: &Pools<'_>) -> Result<(), GaveUp> {
        let wanted = Wanted::up_to(self.pass.generation);
        let mut result = Ok(());
        pools.each(|pool| {
            if result.is_ok() {
                result = self.find_in(pool, wanted);
            }
        });
        pools.each_large(|pointer, side| {
            if result.is_ok() && side.get() & COUNT_MASK != REACHABLE {
                result = self.look_at(pointer, side, usize::MAX).map(|_| ());
            }
        });
        result
    }

    fn find_in(&mut self, pool: Pool<'_>, wanted: Wanted) -> Result<(), GaveUp> {
        let bits = self.pass.cursor_bits(&pool);
        let mut result = Ok(());
        sweep::words(pool, wanted, |found, mask| {
            self.seen += mask.count_ones() as usize;
            let mut doubtful = 0;
            // What one of them said may be taken back while those before it are looked at.
            while result.is_ok() {
                let word = found.read();
                let known = word.witnessed() | word.reachable() | doubtful;
                let Some(byte) = side::bytes(mask & !known).next() else {
                    let living = mask & !(doubtful | word.reachable());
                    found.write(word.marked(living));
                    self.pass.note_marked(living.count_ones() as usize);
                    break;
                };
                let (pointer, side) = found.object(byte);
                match self.look_at(pointer, side, pointer.as_ptr() as usize | bits) {
                    Ok(true) => doubtful |= 0x80 << (8 * byte),
                    Ok(false) => {}
                    Err(error) => result = Err(error),
                }
            }
        });
        result
    }

    /// Marks a candidate that is held; any other is in doubt. Tells whether it is.
    fn look_at(
        &mut self,
        pointer: Pointer,
        side: &Cell<u8>,
        cursor: usize,
    ) -> Result<bool, GaveUp> {
        let value = side.get();
        if self.pass.is_held(pointer, value) {
            side.set(value | REACHABLE);
            self.pass.note_marked(1);
            return Ok(false);
        }
        if self.found.len() > FEW + self.seen / DOUBTFUL {
            return Err(GaveUp);
        }
        add(&mut self.found, pointer)?;
        self.pass.retract(cursor, pointer);
        Ok(true)
    }
}

/// Removes those that are marked.
fn remove_marked(list: &mut Buffer<Pointer>) {
    let mut left = 0;
    for index in 0..list.len() {
        let pointer = list[index];
        // SAFETY: live-header: a tracked object is live.
        if unsafe { side_of(pointer) }.get() & COUNT_MASK != REACHABLE {
            list[left] = pointer;
            left += 1;
        }
    }
    list.truncate(left);
}

/// Adds one where there is room.
fn add(list: &mut Buffer<Pointer>, pointer: Pointer) -> Result<(), GaveUp> {
    list.push_within(pointer).then_some(()).ok_or(GaveUp)
}
