//! Phases 1 to 3: which candidates nothing outside refers to.

use super::pass::{Pass, Scope, traverse};
use super::{Aging, Generation};
use crate::header::{FLAG_GARBAGE, Header};
use crate::object::Pointer;
use crate::trace::{Mode, Visitor};
use crate::track::{COUNT_MASK, OLD, REACHABLE, note_generation};
use crate::{Buffer, Heap, OutOfMemory};
use std::cell::Cell;

impl Heap {
    /// Phases 1 to 3.
    pub(crate) fn find_garbage(
        &self,
        generation: Generation,
        aging: Aging,
    ) -> Result<Buffer<Pointer>, OutOfMemory> {
        let scope = Scope::Generation(generation);
        let pass = Pass::new(self, scope);
        self.each_candidate(generation, &mut |pointer, side| {
            // SAFETY: live-header, phase-exclusive: a tracked object is live, nothing changes now.
            unsafe {
                if pass.is_candidate(pointer, side.get()) {
                    traverse(
                        pointer,
                        &mut Visitor {
                            mode: Mode::Subtract(&pass),
                        },
                    );
                }
            }
        });
        self.each_candidate(generation, &mut |pointer, side| {
            // SAFETY: live-header: a tracked object is live.
            if unsafe { pass.is_candidate(pointer, side.get()) } {
                pass.decide(pointer, side);
            }
        });
        while pass.missed.replace(false) {
            self.each_candidate(generation, &mut |pointer, side| {
                if side.get() & COUNT_MASK == REACHABLE {
                    pass.scan(pointer);
                    pass.drain();
                }
            });
        }
        let mut count = 0;
        self.each_candidate(generation, &mut |pointer, side| {
            // SAFETY: live-header: a tracked object is live.
            let candidate = unsafe { pass.is_candidate(pointer, side.get()) };
            count += usize::from(candidate && side.get() & COUNT_MASK != REACHABLE);
        });
        let mut garbage = Buffer::with_capacity(self, count);
        let mut survivors = 0;
        self.settle_candidates(generation, &mut |pointer, side| {
            let value = side.get();
            // SAFETY: live-header: a tracked object is live.
            unsafe {
                if !pass.is_candidate(pointer, value) {
                    return;
                }
                let header = Header::of(pointer);
                side.set(value & !COUNT_MASK);
                if value & COUNT_MASK == REACHABLE && aging == Aging::Goes {
                    survivors += usize::from(self.grow_older(pointer, header, side, generation));
                    return;
                }
                if header.generation() < 2 {
                    note_generation(pointer, header.generation());
                }
                if value & COUNT_MASK == REACHABLE {
                    return;
                }
                if let Ok(garbage) = &mut garbage {
                    header.set(FLAG_GARBAGE);
                    let pushed = garbage.push(self, pointer);
                    debug_assert!(pushed.is_ok(), "the buffer has room for all garbage");
                }
            }
        });
        match (generation, aging) {
            (Generation::Full, Aging::Goes) => {
                self.long_lived_pending.set(0);
                self.long_lived_total.set(survivors);
            }
            (Generation::Middle, Aging::Goes) => {
                let pending = self.long_lived_pending.get();
                self.long_lived_pending.set(pending + survivors);
            }
            (Generation::Young, _) | (_, Aging::Stays) => {}
        }
        let mut garbage = garbage?;
        garbage.sort_unstable_by_key(|pointer| {
            // SAFETY: listed-garbage: nothing ran since the object was listed.
            (unsafe { Header::of(*pointer) }.serial(), *pointer)
        });
        Ok(garbage)
    }

    /// Counts all references as phase 1 does and compares with the reference counts; returns the
    /// number of objects.
    #[cfg(feature = "zeal")]
    pub(crate) fn count_and_compare(&self) -> usize {
        let pass = Pass::new(self, Scope::Generation(Generation::Full));
        self.each_candidate(Generation::Full, &mut |pointer, side| {
            // SAFETY: live-header, phase-exclusive: a tracked object is live, nothing changes now.
            unsafe {
                if pass.is_candidate(pointer, side.get()) {
                    let mode = Mode::Subtract(&pass);
                    traverse(pointer, &mut Visitor { mode });
                }
            }
        });
        let mut count = 0;
        self.each_candidate(Generation::Full, &mut |pointer, side| {
            // SAFETY: live-header: a tracked object is live.
            if unsafe { pass.is_candidate(pointer, side.get()) } {
                pass.compare(pointer, side.get());
                side.set(side.get() & !COUNT_MASK);
                count += 1;
            }
        });
        count
    }

    /// Moves a survivor to the next generation; false where it needs no tracking any more.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live tracked object with that header and side byte.
    unsafe fn grow_older(
        &self,
        pointer: Pointer,
        header: &Header,
        side: &Cell<u8>,
        generation: Generation,
    ) -> bool {
        #[cfg(feature = "canary")]
        let is_planted = self
            .memory()
            .has_fault(mortice_mem::fault::Fault::MissingUntrack);
        #[cfg(not(feature = "canary"))]
        let is_planted = false;
        // SAFETY: live-header, by the caller.
        unsafe {
            if !is_planted
                && let Some(settled) = (*header.kind.get()).settled.get()
                && settled(pointer)
            {
                side.set(0);
                return false;
            }
        }
        let older = (generation as u32 + 1).min(2);
        if header.generation() != older {
            header.set_generation(older);
        }
        side.set(side.get() | OLD);
        if older < 2 {
            // SAFETY: live-header, by the caller.
            unsafe { note_generation(pointer, older) };
        }
        true
    }
}
