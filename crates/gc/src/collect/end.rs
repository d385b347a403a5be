//! Phases 4 to 7: weak references, finalizers, resurrection, and the end of what stayed dead.
//!
//! The list of garbage owns no references, so that counts are what a program expects and a member
//! ends as soon as its last reference goes, also while the others are still being finalized. Its
//! memory stays until the list is done with it: the garbage flag says so to [`Heap::release`].

use super::Collected;
use super::find::Garbage;
use super::pass::{Pass, Scope};
use crate::header::{FLAG_FINALIZED, FLAG_GARBAGE, FLAG_QUEUED, Header};
use crate::heap::block_of;
use crate::object::{Object, Pointer};
use crate::side::{self, COUNT_MASK, REACHABLE, side_of};
use crate::weak::{self, Waiting, WeakBody};
use crate::{Buffer, Heap, KindFlags};
use mortice_mem::Memory;
#[cfg(feature = "canary")]
use mortice_mem::fault::Fault;

/// A handle of a member of the list; `None` where it ended or waits for its end.
///
/// # Safety
///
/// - `pointer` is in the list of garbage.
unsafe fn alive(pointer: Pointer) -> Option<Object> {
    // SAFETY: listed-garbage: the header is there, also of what ended.
    unsafe { (!Header::of(pointer).is_dead()).then(|| Object::from_borrowed(pointer)) }
}

/// Takes a member out of the list: what ended returns its memory now.
///
/// # Safety
///
/// - `pointer` was in the list of garbage, and is not used as a member of it any more.
unsafe fn unlist(pointer: Pointer) {
    // SAFETY: listed-garbage: the header is there. A queued object is released by the queue; what is
    // dead otherwise was torn down, and only the list kept its memory.
    unsafe {
        let header = Header::of(pointer);
        header.unset(FLAG_GARBAGE);
        if header.is_dead() && !header.has(FLAG_QUEUED) {
            Memory::release(block_of(pointer));
        }
    }
}

impl Heap {
    /// Phases 4 to 7.
    pub(crate) fn end_garbage(&self, found: Garbage) -> Collected {
        let candidates = found.candidates;
        if found.members.is_empty() {
            return Collected {
                candidates,
                ..Collected::default()
            };
        }
        if found.is_plain && self.found.get().is_none() && !self.save_all.get() {
            // SAFETY: listed-garbage: the list is what was found.
            return unsafe { self.end_plain(found.members, candidates) };
        }
        let mut garbage = found.members;
        // SAFETY: listed-garbage: each member stays in the list until `unlist`.
        unsafe {
            if let Some(found) = self.found.get() {
                for object in garbage.iter().filter_map(|member| alive(*member)) {
                    found(self, &object);
                }
            }
            self.border("told about its garbage");
            #[cfg(feature = "canary")]
            let misses = self.memory().has_fault(Fault::MissedCallback);
            #[cfg(not(feature = "canary"))]
            let misses = false;
            let ended = if misses {
                0
            } else {
                self.call_weak_callbacks(&garbage)
            };
            self.border("called callbacks");
            #[cfg(feature = "canary")]
            if self.memory().has_fault(Fault::FinalizerOrder) {
                for object in garbage.iter().rev().filter_map(|member| alive(*member)) {
                    self.finalize_once(&object);
                }
            }
            for object in garbage.iter().filter_map(|member| alive(*member)) {
                self.finalize_once(&object);
            }
            self.border("called finalizers");
            self.keep_resurrected(&mut garbage);
            self.border("let go of what was resurrected");
            for member in garbage.iter() {
                weak::detach_all(*member);
            }
            let collected = Collected {
                collected: garbage.len() + ended,
                uncollectable: 0,
                candidates,
            };
            for member in garbage {
                let object = alive(member);
                unlist(member);
                match object {
                    Some(object) if self.save_all.get() => (self.hooks.get().garbage)(self, object),
                    Some(object) => self.clear_cycle(object),
                    None => {}
                }
            }
            collected
        }
    }

    /// Phase 4: references from outside the garbage that have a callback. Returns how many of them ended, which
    /// CPython counts as collected.
    ///
    /// # Safety
    ///
    /// - `garbage` is the list of garbage.
    unsafe fn call_weak_callbacks(&self, garbage: &Buffer<Pointer>) -> usize {
        // Garbage references are silenced first: their callbacks never run. That goes for targets
        // outside the garbage too, for clearing may end those, and the callback would find garbage
        // that is cleared already.
        for member in garbage.iter() {
            // SAFETY: listed-garbage, live-header: what is alive keeps its type alive.
            let object = unsafe { alive(*member) };
            let flags = object
                .as_ref()
                .and_then(Object::kind)
                // SAFETY: live-header: as above.
                .map(|kind| unsafe { (*kind).flags.get() });
            if let Some(object) = &object
                && flags.is_some_and(|flags| flags.has(KindFlags::WEAK_REFERENCE))
            {
                with_weak(object, |body| {
                    if body.callback.is_some() {
                        body.detach();
                    }
                });
            }
        }
        // All are cleared before the first callback runs.
        let mut waiting = Waiting::new();
        for member in garbage.iter() {
            // SAFETY: listed-garbage: what ended has an empty list.
            unsafe { waiting.add_all(*member) };
        }
        let mut ended = 0;
        while let Some(reference) = waiting.next() {
            // The reference keeps its callback, as in CPython.
            if let Some(callback) = with_weak(&reference, |body| body.callback.get()) {
                (self.hooks.get().weak_callback)(self, &callback, &reference);
            }
            ended += usize::from(reference.refcount() == 1);
        }
        ended
    }

    /// Phase 5 for one object.
    fn finalize_once(&self, object: &Object) {
        let (Some(header), Some(kind)) = (object.header(), object.kind()) else {
            return;
        };
        // SAFETY: live-header: the object keeps its type alive.
        if let Some(finalize) = unsafe { (*kind).finalize.get() }
            && !header.has(FLAG_FINALIZED)
        {
            header.set(FLAG_FINALIZED);
            finalize(self, object);
            #[cfg(feature = "canary")]
            if self.memory().has_fault(Fault::SecondFinalizer) {
                header.unset(FLAG_FINALIZED);
            }
        }
    }

    /// Phase 6: what ended meanwhile, and what finalizers made reachable, leaves the garbage.
    ///
    /// # Safety
    ///
    /// - `garbage` is the list of garbage.
    unsafe fn keep_resurrected(&self, garbage: &mut Buffer<Pointer>) {
        let pass = Pass::new(self, Scope::Garbage);
        let mut left = 0;
        for index in 0..garbage.len() {
            let member = garbage[index];
            // SAFETY: listed-garbage: what ended, and what something untracked, is no candidate.
            unsafe {
                if Header::of(member).is_dead() || side_of(member).get() == 0 {
                    unlist(member);
                } else {
                    garbage[left] = member;
                    left += 1;
                }
            }
        }
        garbage.truncate(left);
        // SAFETY: exact-traverse, phase-exclusive, listed-garbage: the members that are left are
        // live and tracked, and nothing changes until the last of them was looked at.
        unsafe {
            for member in garbage.iter() {
                pass.count_references(pass.counting(usize::MAX), *member);
            }
            for member in garbage.iter() {
                let side = side_of(*member);
                pass.decide(pass.marking(usize::MAX), *member, side, side.get());
            }
            while pass.missed.replace(false) {
                for member in garbage.iter() {
                    if side_of(*member).get() & COUNT_MASK == REACHABLE {
                        pass.scan(pass.marking(usize::MAX), *member);
                        pass.drain(usize::MAX);
                    }
                }
            }
            let mut dead = 0;
            for index in 0..garbage.len() {
                let member = garbage[index];
                let side = side_of(member);
                let value = side.get();
                if value & COUNT_MASK == REACHABLE {
                    side.set(side::rest(value, 2));
                    unlist(member);
                } else {
                    side.set(side::rest(value, side::generation(value)));
                    garbage[dead] = member;
                    dead += 1;
                }
            }
            garbage.truncate(dead);
        }
    }

    /// Phase 7 for one object.
    fn clear_cycle(&self, object: Object) {
        let (Some(header), Some(kind)) = (object.header(), object.kind()) else {
            return;
        };
        if header.refcount.get() > 1
            && let Some(pointer) = object.pointer()
        {
            // SAFETY: live-header, owned-reference: the handle keeps the object alive, and a handle
            // of its own the type: what the clearing runs may give the object another type.
            unsafe {
                let _of = (*kind)
                    .has(KindFlags::HEAP_TYPE)
                    .then(|| Object::from_borrowed(Pointer::new_unchecked(kind as *mut u8)));
                ((*kind).clear.get())(self, pointer);
            }
        }
        drop(object);
    }
}

fn with_weak<R>(reference: &Object, act: impl FnOnce(&WeakBody) -> R) -> R {
    let pointer = reference.pointer().unwrap_or(Pointer::dangling());
    // SAFETY: weak-linked: only weak references get here, and the handle keeps this one alive.
    act(unsafe { &*pointer.as_ptr().cast::<WeakBody>() })
}
