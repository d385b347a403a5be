//! Phases 4 to 7: weak references, finalizers, resurrection, and the end of what stayed dead.

use super::Collected;
use super::pass::{Pass, Scope, traverse};
use crate::header::{FLAG_FINALIZED, FLAG_GARBAGE, Header};
use crate::object::{Object, Pointer};
use crate::trace::{Mode, Visitor};
use crate::track::{COUNT_MASK, OLD, REACHABLE, TRACKED, side_of};
use crate::weak::{self, WeakBody};
use crate::{Buffer, Heap};

impl Heap {
    /// Phases 4 to 7.
    pub(super) fn end_garbage(&self, mut garbage: Buffer<Object>) -> Collected {
        let count = garbage.len();
        if count == 0 {
            return Collected::default();
        }
        if let Some(found) = self.found.get() {
            for object in garbage.iter() {
                found(self, object);
            }
        }
        self.call_weak_callbacks(&garbage);
        for object in garbage.iter() {
            self.finalize_once(object);
        }
        self.keep_resurrected(&mut garbage);
        let collected = Collected {
            collected: garbage.len(),
            uncollectable: 0,
        };
        for object in garbage.iter() {
            if let Some(pointer) = object.pointer() {
                // SAFETY: weak-linked: a handle keeps the object alive.
                unsafe { weak::detach_all(pointer) }
            }
        }
        for object in garbage.iter() {
            if let Some(header) = object.header() {
                header.unset(FLAG_GARBAGE);
            }
        }
        for object in garbage {
            if self.save_all.get() {
                (self.hooks.get().garbage)(self, object);
            } else {
                self.clear_cycle(object);
            }
        }
        collected
    }

    /// Phase 4: references from outside the garbage that have a callback.
    fn call_weak_callbacks(&self, garbage: &Buffer<Object>) {
        // Garbage references are silenced first: their callbacks never run. That goes for targets
        // outside the garbage too, for clearing may end those, and the callback would find garbage
        // that is cleared already.
        for object in garbage.iter() {
            // SAFETY: live-header: the object keeps its type alive.
            let flags = object.kind().map(|kind| unsafe { (*kind).flags.get() });
            if flags.is_some_and(|flags| flags.has(crate::KindFlags::WEAK_REFERENCE)) {
                with_weak(object, |body| {
                    if body.callback.is_some() {
                        body.detach();
                    }
                });
            }
        }
        let mut calls: Buffer<(Object, Object)> = Buffer::new();
        for object in garbage.iter() {
            let Some(pointer) = object.pointer() else {
                continue;
            };
            weak::each(pointer, &mut |reference, body| {
                // SAFETY: weak-linked: what is linked has a valid header; the dead are left alone.
                let reference = unsafe {
                    if Header::of(reference).is_dead() {
                        return true;
                    }
                    Object::from_borrowed(reference)
                };
                if let Some(callback) = body.callback.get() {
                    // Without memory the callback is lost, as its event cannot be kept.
                    let _ = calls.push(self, (callback, reference));
                }
                true
            });
        }
        for (_, reference) in calls.iter() {
            drop(with_weak(reference, |body| {
                body.detach();
                body.callback.take()
            }));
        }
        for (callback, reference) in calls {
            (self.hooks.get().weak_callback)(self, &callback, &reference);
        }
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
        }
    }

    /// Phase 6: what finalizers made reachable leaves the garbage.
    fn keep_resurrected(&self, garbage: &mut Buffer<Object>) {
        let pass = Pass::new(self, Scope::Garbage);
        let members = || garbage.iter().filter_map(Object::pointer);
        for pointer in members() {
            // SAFETY: exact-traverse, phase-exclusive: handles keep the garbage alive.
            unsafe {
                if side_of(pointer).get() & TRACKED != 0 {
                    traverse(
                        pointer,
                        &mut Visitor {
                            mode: Mode::Subtract(&pass),
                        },
                    );
                }
            }
        }
        for pointer in members() {
            // SAFETY: live-header: handles keep the garbage alive.
            let side = unsafe { side_of(pointer) };
            if side.get() & TRACKED != 0 {
                pass.decide(pointer, side, 1);
            }
        }
        while pass.missed.replace(false) {
            for pointer in members() {
                // SAFETY: live-header: handles keep the garbage alive.
                if unsafe { side_of(pointer) }.get() & COUNT_MASK == REACHABLE {
                    pass.scan(pointer);
                    pass.drain();
                }
            }
        }
        let is_dead = |object: &Object| {
            object.pointer().is_some_and(|pointer| {
                // SAFETY: live-header: handles keep the garbage alive.
                let side = unsafe { side_of(pointer) }.get();
                side & TRACKED != 0 && side & COUNT_MASK != REACHABLE
            })
        };
        // The dead keep their order at the front; survivors move to the end.
        let dead = garbage.iter().filter(|object| is_dead(object)).count();
        garbage.sort_unstable_by_key(|object| {
            let serial = object.header().map_or(0, Header::serial);
            (!is_dead(object), serial, object.address())
        });
        for object in garbage.iter() {
            if let Some(pointer) = object.pointer() {
                // SAFETY: live-header: handles keep the garbage alive.
                let side = unsafe { side_of(pointer) };
                if side.get() & TRACKED != 0 {
                    side.set(side.get() & !COUNT_MASK);
                }
            }
        }
        for object in &garbage[dead..] {
            if let Some(header) = object.header() {
                header.unset(FLAG_GARBAGE);
                header.set_generation(2);
                // SAFETY: live-header: handles keep the garbage alive.
                if let Some(side) = object.pointer().map(|pointer| unsafe { side_of(pointer) })
                    && side.get() & TRACKED != 0
                {
                    side.set(side.get() | OLD);
                }
            }
        }
        garbage.truncate(dead);
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
                    .has(crate::KindFlags::HEAP_TYPE)
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
