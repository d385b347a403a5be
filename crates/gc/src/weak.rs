//! Weak references: a list per target, headed by a word in its prefix.
//!
//! A weak reference is an object whose body is a [`WeakBody`] at offset 0. The list runs from the
//! newest reference to the oldest, so callbacks fire in that order; plain references without a
//! callback are kept first by the layer above only to find one to share.

use crate::heap::Heap;
use crate::object::{Object, Pointer, weak_word};
use crate::slot::Slot;
use crate::trace::{Trace, Visitor};
use std::cell::Cell;
use std::mem::offset_of;
use std::ptr;

/// The body of a weak reference.
#[repr(C)]
#[derive(Default)]
pub struct WeakBody {
    /// What is called with the reference when the target ends.
    pub callback: Slot,
    /// The target's hash, once asked for; −1 before.
    pub hash: Cell<i64>,
    /// The target; null once it ended or the reference was cleared.
    target: Cell<Target>,
    next: Cell<Target>,
    previous: Cell<Target>,
}

/// An address that owns nothing; a wrapper, since raw pointers have no default.
#[derive(Clone, Copy)]
struct Target(*mut u8);

impl Default for Target {
    fn default() -> Target {
        Target(ptr::null_mut())
    }
}

const _: () = assert!(offset_of!(WeakBody, callback) == 0);

// SAFETY: exact-traverse: only the callback is owned.
unsafe impl Trace for WeakBody {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.callback.traverse(visitor);
    }

    fn clear(&self) {
        self.detach();
        drop(self.callback.take());
    }
}

impl WeakBody {
    /// A new reference to the target while it lives.
    pub fn target(&self) -> Option<Object> {
        // SAFETY: weak-linked: a target that ends clears its references before its memory goes;
        // one whose count is zero already is ending and cannot be referred to any more.
        unsafe {
            let pointer = Pointer::new(self.target.get().0)?;
            if crate::Header::of(pointer).is_dead() {
                return None;
            }
            Some(Object::from_borrowed(pointer))
        }
    }

    /// Tells whether `object` is the target.
    pub fn refers_to(&self, object: &Object) -> bool {
        self.target.get().0 as usize == object.address()
    }

    /// Takes the reference out of its target's list.
    pub fn detach(&self) {
        let Some(target) = Pointer::new(self.target.replace(Target::default()).0) else {
            return;
        };
        let next = self.next.replace(Target::default());
        let previous = self.previous.replace(Target::default());
        // SAFETY: weak-linked: target and neighbours are live while they are linked.
        unsafe {
            if let Some(next) = Pointer::new(next.0) {
                body(next).previous.set(previous);
            }
            if let Some(previous) = Pointer::new(previous.0) {
                body(previous).next.set(next);
            } else if let Some(word) = weak_word(target) {
                word.set(next.0);
            }
        }
    }
}

impl Drop for WeakBody {
    fn drop(&mut self) {
        self.detach();
    }
}

/// # Safety
///
/// - `pointer` is the address of a live weak reference.
unsafe fn body<'a>(pointer: Pointer) -> &'a WeakBody {
    // SAFETY: live-header: a weak reference's body lies at offset 0.
    unsafe { &*pointer.as_ptr().cast::<WeakBody>() }
}

/// Tells whether an object can be referred to weakly.
pub fn can_be_referred(object: &Object) -> bool {
    object.has_prefix()
}

/// Links a fresh weak reference to `target`, as the newest one. Nothing happens where the target
/// has no weak-list word, or the reference is linked already.
///
/// # Safety
///
/// - `reference` is an object whose body at offset 0 is a [`WeakBody`], on the target's heap.
pub unsafe fn link(reference: &Object, target: &Object) -> bool {
    // SAFETY: weak-linked, by the caller; the handles keep both alive.
    unsafe {
        let (Some(own), Some(target)) = (reference.pointer(), target.pointer()) else {
            return false;
        };
        let Some(word) = weak_word(target) else {
            return false;
        };
        let weak = body(own);
        if !weak.target.get().0.is_null() {
            return false;
        }
        weak.target.set(Target(target.as_ptr()));
        weak.next.set(Target(word.get()));
        if let Some(first) = Pointer::new(word.get()) {
            body(first).previous.set(Target(own.as_ptr()));
        }
        word.set(own.as_ptr());
        true
    }
}

/// Points a fresh weak reference at an immortal object that has no weak-list word. Such a target
/// never ends, so nothing has to find the reference. Nothing happens for any other target.
///
/// # Safety
///
/// - `reference` is an object whose body at offset 0 is a [`WeakBody`].
pub unsafe fn link_immortal(reference: &Object, target: &Object) -> bool {
    // SAFETY: weak-linked, by the caller; an immortal target's memory stays.
    unsafe {
        let (Some(own), Some(target)) = (reference.pointer(), target.pointer()) else {
            return false;
        };
        let weak = body(own);
        if !crate::Header::of(target).is_immortal()
            || weak_word(target).is_some()
            || !weak.target.get().0.is_null()
        {
            return false;
        }
        weak.target.set(Target(target.as_ptr()));
        true
    }
}

/// Visits the live weak references to `target`, newest first, until `visit` returns false.
/// `visit` must neither link nor unlink a reference.
pub(crate) fn each(target: Pointer, visit: &mut dyn FnMut(Pointer, &WeakBody) -> bool) {
    // SAFETY: weak-linked: the list holds live references only.
    unsafe {
        let Some(word) = weak_word(target) else {
            return;
        };
        let mut next = word.get();
        while let Some(pointer) = Pointer::new(next) {
            let weak = body(pointer);
            next = weak.next.get().0;
            if !visit(pointer, weak) {
                break;
            }
        }
    }
}

/// Tells whether the list of an object's weak references is linked both ways and leads to it.
pub(crate) fn list_is_linked(target: Pointer) -> bool {
    let mut before = ptr::null_mut();
    let mut holds = true;
    each(target, &mut |pointer, weak| {
        holds &= weak.target.get().0 == target.as_ptr() && weak.previous.get().0 == before;
        before = pointer.as_ptr();
        holds
    });
    holds
}

/// Tells whether a weak reference that has a target is linked with its neighbours.
///
/// # Safety
///
/// - `reference` is the address of a live weak reference.
pub(crate) unsafe fn is_linked(reference: Pointer) -> bool {
    // SAFETY: weak-linked: target and neighbours are live while they are linked.
    unsafe {
        let weak = body(reference);
        let Some(target) = Pointer::new(weak.target.get().0) else {
            return true;
        };
        let next = Pointer::new(weak.next.get().0);
        let previous = Pointer::new(weak.previous.get().0);
        let Some(word) = weak_word(target) else {
            // An immortal target without a list.
            let immortal = crate::Header::of(target).is_immortal();
            return immortal && next.is_none() && previous.is_none();
        };
        let forward = previous.map_or(word.get(), |previous| body(previous).next.get().0);
        forward == reference.as_ptr()
            && next.is_none_or(|next| body(next).previous.get().0 == reference.as_ptr())
    }
}

/// Takes all weak references to an object out of its list; no callback runs.
///
/// # Safety
///
/// - `target` is the address of an object whose memory is still there.
pub(crate) unsafe fn detach_all(target: Pointer) {
    // SAFETY: weak-linked: what is linked has a body, also while it is dying.
    unsafe {
        let Some(word) = weak_word(target) else {
            return;
        };
        while let Some(first) = Pointer::new(word.get()) {
            body(first).detach();
        }
    }
}

/// New references to the `index`-th live weak reference of `target`, newest first.
pub fn nth(target: &Object, index: usize) -> Option<Object> {
    let mut found = None;
    let mut position = 0;
    each(target.pointer()?, &mut |pointer, _| {
        // SAFETY: weak-linked: a linked reference may be dying, but then it is marked as dead.
        unsafe {
            if crate::Header::of(pointer).is_dead() {
                return true;
            }
            if position == index {
                found = Some(Object::from_borrowed(pointer));
                return false;
            }
        }
        position += 1;
        true
    });
    found
}

/// Detached references whose callbacks wait, each kept by a count and chained through its `next` word: no memory is
/// needed to remember them.
pub(crate) struct Waiting {
    first: *mut u8,
    last: *mut u8,
}

impl Waiting {
    pub(crate) fn new() -> Waiting {
        Waiting {
            first: ptr::null_mut(),
            last: ptr::null_mut(),
        }
    }

    /// Appends the references to `target` that have a callback, from the newest to the oldest, and clears them.
    ///
    /// # Safety
    ///
    /// - `target` is the address of an object whose memory is still there.
    pub(crate) unsafe fn add_all(&mut self, target: Pointer) {
        // SAFETY: weak-linked: the list holds references with a body, also while they are dying.
        unsafe {
            let Some(word) = weak_word(target) else {
                return;
            };
            let mut next = word.get();
            while let Some(reference) = Pointer::new(next) {
                let weak = body(reference);
                next = weak.next.get().0;
                // Those that are dying tell nobody any more.
                if weak.callback.is_some() && !crate::Header::of(reference).is_dead() {
                    weak.detach();
                    let _ = Object::from_borrowed(reference).into_word();
                    match Pointer::new(self.last) {
                        Some(last) => body(last).next.set(Target(reference.as_ptr())),
                        None => self.first = reference.as_ptr(),
                    }
                    self.last = reference.as_ptr();
                }
            }
        }
    }

    /// Takes the first one out.
    pub(crate) fn next(&mut self) -> Option<Object> {
        let first = Pointer::new(self.first)?;
        // SAFETY: weak-linked, owned-reference: the chain owns a count of each reference in it.
        unsafe {
            self.first = body(first).next.replace(Target::default()).0;
            Some(Object::from_owned(first))
        }
    }
}

/// Clears all weak references of an ending object and runs their callbacks, newest first.
///
/// # Safety
///
/// - `target` is the address of an object on `heap` whose memory is still there.
pub(crate) unsafe fn clear_all(heap: &Heap, target: Pointer) {
    // First all of them are cleared, so that no callback finds the target through another one.
    let mut waiting = Waiting::new();
    // SAFETY: weak-linked, by the caller.
    unsafe {
        if weak_word(target).is_none_or(|word| word.get().is_null()) {
            return;
        }
        waiting.add_all(target);
        detach_all(target);
    }
    while let Some(reference) = waiting.next() {
        // SAFETY: weak-linked: only weak references wait, and the handle keeps this one.
        let callback = unsafe { body(reference.word()) }.callback.take();
        if let Some(callback) = callback {
            let call = heap.hooks.get().weak_callback;
            heap.run_foreign(|| call(heap, &callback, &reference));
        }
    }
}
