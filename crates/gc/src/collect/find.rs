//! Phases 1 to 3: which candidates nothing outside refers to.

use super::pass::{Pass, Scope};
use super::prove::Proof;
use super::sweep::{self, MAY_SETTLE, Pools};
use super::{Aging, Generation};
use crate::header::{FLAG_GARBAGE, Header};
use crate::kind::{Kind, KindFlags};
use crate::object::{Pointer, weak_word};
use crate::side::{self, COUNT_MASK, REACHABLE, Wanted};
use crate::track::note_generation;
use crate::{Buffer, Heap, OutOfMemory};
use mortice_mem::Pool;
use std::cell::Cell;

/// What a collection found to be unreachable.
pub(crate) struct Garbage {
    /// In the order in which they were tracked, as far as serials tell it.
    pub(crate) members: Buffer<Pointer>,
    /// All members are of plain kinds and have neither a finalizer nor weak references; they count as immortal then.
    pub(crate) is_plain: bool,
    /// Objects that were looked at.
    pub(crate) candidates: usize,
}

/// Tells whether nobody can notice when an instance ends that nothing refers to weakly.
fn is_plain_kind(kind: &Kind) -> bool {
    let others = KindFlags::NOTICED
        .with(KindFlags::HEAP_TYPE)
        .with(KindFlags::WEAK_REFERENCE);
    kind.has(KindFlags::PLAIN)
        && kind.flags.get().0 & others.0 == 0
        && kind.finalize.get().is_none()
}

/// Tells whether there are weak references to an object.
///
/// # Safety
///
/// - `pointer` is the address of a live object.
#[inline(always)]
unsafe fn is_referred_weakly(pointer: Pointer) -> bool {
    // SAFETY: live-header, by the caller.
    unsafe { weak_word(pointer) }.is_some_and(|list| !list.get().is_null())
}

impl Heap {
    /// Phases 1 to 3.
    pub(crate) fn find_garbage(
        &self,
        generation: Generation,
        aging: Aging,
    ) -> Result<Garbage, OutOfMemory> {
        let pass = Pass::new(self, Scope::Generation(generation));
        let pools = Pools::new(self, generation);
        let candidates = pass.count_all(&pools);
        let proof = pass.prove(self, &pools, candidates);
        match proof {
            Proof::AllLive => pass.reached.set(candidates),
            Proof::Marked => self.mark_missed(&pass, generation),
            Proof::Nothing => {
                pass.mark_all(&pools);
                self.mark_missed(&pass, generation);
            }
        }
        let garbage = Buffer::with_capacity(self, candidates - pass.reached.get());
        let mut settling = Settling {
            heap: self,
            older: (aging == Aging::Goes).then_some((generation as u32 + 1).min(2)),
            garbage,
            survivors: pass.reached.get(),
            all_live: proof == Proof::AllLive,
            is_ordered: true,
            is_plain: true,
            plain_kind: std::ptr::null(),
            unending: 0,
        };
        settling.settle(&pools, generation);
        match (generation, aging) {
            (Generation::Full, Aging::Goes) => {
                self.long_lived_pending.set(0);
                self.long_lived_total.set(settling.survivors);
            }
            (Generation::Middle, Aging::Goes) => {
                let pending = self.long_lived_pending.get();
                self.long_lived_pending.set(pending + settling.survivors);
            }
            (Generation::Young, _) | (_, Aging::Stays) => {}
        }
        let (is_ordered, is_plain) = (settling.is_ordered, settling.is_plain);
        let unending = settling.unending;
        let mut members = settling.garbage?;
        if !is_plain {
            for member in &members[..unending] {
                // SAFETY: listed-garbage: nothing ran since the object was listed.
                unsafe { Header::of(*member) }.set_unending(false);
            }
        }
        if !is_ordered {
            members.sort_unstable_by_key(|pointer| {
                // SAFETY: listed-garbage: nothing ran since the object was listed.
                (unsafe { Header::of(*pointer) }.serial(), *pointer)
            });
        }
        Ok(Garbage {
            members,
            is_plain,
            candidates,
        })
    }

    /// Scans the marked objects until none was missed for want of memory.
    fn mark_missed(&self, pass: &Pass, generation: Generation) {
        while pass.missed.replace(false) {
            self.sweep(generation, |pointer, side| {
                if side.get() & COUNT_MASK == REACHABLE {
                    pass.scan(pass.marking(usize::MAX), pointer);
                    pass.drain(usize::MAX);
                }
            });
        }
    }

    /// Counts all references as phase 1 does and compares with the reference counts; returns the
    /// number of objects.
    #[cfg(feature = "zeal")]
    pub(crate) fn count_and_compare(&self) -> usize {
        let pass = Pass::new(self, Scope::Generation(Generation::Full));
        self.sweep(Generation::Full, |pointer, _| {
            // SAFETY: live-header, phase-exclusive: a tracked object is live, nothing changes now.
            unsafe { pass.count_references(pass.counting(usize::MAX), pointer) }
        });
        let mut count = 0;
        self.sweep(Generation::Full, |pointer, side| {
            let value = side.get();
            pass.compare(pointer, value);
            side.set(side::rest(value, side::generation(value)));
            count += 1;
        });
        count
    }
}

/// Phase 3: side bytes go back to rest, survivors grow older, and garbage is listed.
struct Settling<'h> {
    heap: &'h Heap,
    /// The generation of survivors, unless nobody grows older.
    older: Option<u32>,
    garbage: Result<Buffer<Pointer>, OutOfMemory>,
    /// Survivors that are still tracked.
    survivors: usize,
    /// Survivors are all there is, whether they are marked or not.
    all_live: bool,
    /// The list is in its order already.
    is_ordered: bool,
    /// See [`Garbage::is_plain`].
    is_plain: bool,
    /// The plain kind that was met last.
    plain_kind: *const Kind,
    /// Members at the start of the list that count as immortal, since all were plain so far.
    unending: usize,
}

/// Notes the younger generations of what is left in a pool.
fn note_left(pool: Pool<'_>, generations: u8) {
    let noted = pool.unit_byte.get() | generations;
    // Not written needlessly: a fork shares the pages of what is old.
    if noted != pool.unit_byte.get() {
        pool.unit_byte.set(noted);
    }
}

impl Settling<'_> {
    fn settle(&mut self, pools: &Pools<'_>, generation: Generation) {
        let heap = self.heap;
        let wanted = Wanted::up_to(generation);
        // What the collected generations noted is noted anew.
        let forget = |byte: &Cell<u8>| {
            let kept = byte.get() & !generation.unit_bits();
            // Not written needlessly: a fork shares the pages of what is old.
            if kept != byte.get() {
                byte.set(kept);
            }
        };
        let needs_all = self.older.is_some();
        pools.each(|pool| {
            forget(pool.unit_byte);
            if self.all_live && !(needs_all && pool.unit_byte.get() & MAY_SETTLE != 0) {
                self.settle_live_pool(pool, wanted);
            } else {
                self.settle_pool(pool, wanted);
            }
        });
        heap.sweep_large(generation, forget, |pointer, side| {
            let value = side.get();
            let is_reached = self.all_live || value & COUNT_MASK == REACHABLE;
            let older = if is_reached { self.older } else { None };
            let generation = older.unwrap_or_else(|| side::generation(value));
            side.set(side::rest(value, generation));
            if generation < 2 {
                // SAFETY: live-header: a tracked object is live.
                unsafe { note_generation(pointer, generation) };
            }
            if older.is_some() {
                self.untrack_settled(pointer, side);
            } else if !is_reached {
                self.list(pointer);
            }
        });
    }

    /// Settles a pool whose candidates all survive and stay tracked.
    #[inline(never)]
    fn settle_live_pool(&mut self, pool: Pool<'_>, wanted: Wanted) {
        let mut left = 0;
        sweep::words(pool, wanted, |found, mask| {
            let word = found.read();
            let now = word.settled(mask, self.older);
            found.write(now);
            left |= now.younger_generations(mask);
        });
        note_left(pool, left);
    }

    #[inline(never)]
    fn settle_pool(&mut self, pool: Pool<'_>, wanted: Wanted) {
        let may_settle = self.older.is_some() && pool.unit_byte.get() & MAY_SETTLE != 0;
        // The generations of what is left here, one bit each.
        let mut left = 0;
        sweep::words(pool, wanted, |found, mask| {
            let word = found.read();
            let reached = if self.all_live {
                mask
            } else {
                mask & word.reachable()
            };
            let unreached = mask & !reached;
            let mut now = word.settled(reached, self.older);
            if unreached != 0 {
                now = now.settled(unreached, None);
            }
            found.write(now);
            left |= now.younger_generations(mask);
            if may_settle {
                for byte in side::bytes(reached) {
                    let (pointer, side) = found.object(byte);
                    self.untrack_settled(pointer, side);
                }
            }
            for byte in side::bytes(unreached) {
                self.list(found.object(byte).0);
            }
        });
        note_left(pool, left);
    }

    /// Untracks a survivor that needs no tracking any more.
    fn untrack_settled(&mut self, pointer: Pointer, side: &Cell<u8>) {
        if self.needs_no_tracking(pointer) {
            side.set(0);
            self.survivors -= 1;
        }
    }

    /// Lists garbage.
    #[inline(always)]
    fn list(&mut self, pointer: Pointer) {
        // SAFETY: live-header: a tracked object is live.
        let (header, is_referred) = unsafe { (Header::of(pointer), is_referred_weakly(pointer)) };
        if self.is_plain
            && header.kind.get() == self.plain_kind
            && header.serial() == 0
            && !is_referred
            && let Ok(garbage) = &mut self.garbage
        {
            header.set(FLAG_GARBAGE);
            // For the time that nothing else runs; see `bulk.rs`.
            header.set_unending(true);
            self.unending += 1;
            let pushed = garbage.push_within(pointer);
            debug_assert!(pushed, "the buffer has room for all garbage");
        } else {
            self.list_slowly(pointer, header);
        }
    }

    /// Lists garbage of a kind that was not seen just before, or that is not plain.
    #[inline(never)]
    fn list_slowly(&mut self, pointer: Pointer, header: &Header) {
        let Ok(garbage) = &mut self.garbage else {
            return;
        };
        header.set(FLAG_GARBAGE);
        self.is_ordered &= header.serial() == 0;
        // SAFETY: live-header: a tracked object is live, and its type.
        unsafe {
            if is_plain_kind(&*header.kind.get()) {
                self.plain_kind = header.kind.get();
                self.is_plain &= !is_referred_weakly(pointer);
            } else {
                self.is_plain = false;
            }
        }
        if self.is_plain {
            header.set_unending(true);
            self.unending += 1;
        }
        let pushed = garbage.push_within(pointer);
        debug_assert!(pushed, "the buffer has room for all garbage");
    }

    fn needs_no_tracking(&self, pointer: Pointer) -> bool {
        #[cfg(feature = "canary")]
        let is_planted = (self.heap.memory()).has_fault(mortice_mem::fault::Fault::MissingUntrack);
        #[cfg(not(feature = "canary"))]
        let is_planted = false;
        // SAFETY: live-header: a tracked object is live.
        unsafe {
            !is_planted
                && (*Header::of(pointer).kind.get())
                    .settled
                    .get()
                    .is_some_and(|settled| settled(pointer))
        }
    }
}
