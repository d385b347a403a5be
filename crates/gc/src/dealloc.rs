//! What happens when the last reference goes.
//!
//! The steps, in CPython's order: the finalizer (once; it may resurrect), the weak references and
//! their callbacks, the end of tracking, the teardown of the body, the memory, the reference to
//! the type. A teardown drops further references. Up to [`NESTING_MAX`] levels they are followed
//! at once, so that destructors run in the order that a program expects; deeper ones wait in a
//! queue that is threaded through the dead objects' headers. No chain of any length needs more
//! native stack than that, and queueing needs no memory. Finalizers and callbacks start with levels
//! of their own: what a program drops there ends at once, however deep the deallocation is that
//! runs them, and a finalizer that makes another object like its own meets the recursion limit.
//! What dies while the native stack is short waits as well, until somebody with more stack drops
//! something, or a collection begins.
//!
//! A dead object is not tracked, so that no collection and no list of tracked objects that a
//! program asks for meanwhile can find it: not while it waits in the queue, and not while the
//! callbacks of its weak references run. Only for its finalizer's time it lives, and is tracked.

use crate::header::{FLAG_FINALIZED, FLAG_QUEUED, HEADER_BYTES, Header};
use crate::heap::Heap;
use crate::kind::KindFlags;
use crate::object::{Object, Pointer};
use crate::weak;
#[cfg(feature = "canary")]
use mortice_mem::fault::Fault;
use std::mem::ManuallyDrop;

const _: () = assert!(
    HEADER_BYTES == 16,
    "the queue's links lie in the header's first word"
);

/// Nested deallocations that run at once; CPython's trashcan used the same figure up to 3.13.
pub const NESTING_MAX: u32 = 50;

/// Ends an object whose count has just become zero.
///
/// # Safety
///
/// - `pointer` is the address of an object on a heap, its count is zero, and nothing refers to it.
#[cold]
#[inline(never)]
pub(crate) unsafe fn last_reference_gone(pointer: Pointer) {
    // SAFETY: live-header: the memory is there until it is released below.
    let heap = unsafe { Heap::of(pointer) };
    // SAFETY: live-header, dead-untracked: the memory is there.
    unsafe { heap.untrack_pointer(pointer) };
    if heap.closed.get() {
        // SAFETY: live-header: as above. It stays as it is, for good: it is not torn down, and who finds it in the
        // list of garbage, or through a weak reference, sees that it is dead and leaves its memory alone.
        unsafe { Header::of(pointer) }.set(FLAG_QUEUED);
        return;
    }
    let depth = heap.dealloc_depth.get();
    if depth >= NESTING_MAX || stack_address() < heap.stack_limit.get() {
        // SAFETY: live-header: nobody reads the count or the serial of a queued object.
        let header = unsafe { Header::of(pointer) };
        header.set(FLAG_QUEUED);
        header.set_link(heap.dealloc_queue.get());
        heap.dealloc_queue.set(Some(pointer));
        return;
    }
    let _nested = Nested::enter(heap, depth);
    // SAFETY: live-header: by the caller, the object is dead and not yet disposed of.
    unsafe { dispose(heap, pointer) }
    if depth == 0 {
        heap.end_queued();
    }
}

/// The address up to which the native stack is in use.
#[inline(always)]
fn stack_address() -> usize {
    let local = 0u8;
    std::ptr::from_ref(std::hint::black_box(&local)).addr()
}

/// A nested deallocation; the depth is right again also where a finalizer panics.
struct Nested<'a> {
    heap: &'a Heap,
    depth: u32,
}

impl<'a> Nested<'a> {
    #[inline(always)]
    fn enter(heap: &'a Heap, depth: u32) -> Nested<'a> {
        heap.dealloc_depth.set(depth + 1);
        Nested { heap, depth }
    }
}

impl Drop for Nested<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.heap.dealloc_depth.set(self.depth);
    }
}

/// Foreign code that runs within a deallocation: until it returns, nothing is nested and nothing
/// waits.
struct Foreign<'a> {
    heap: &'a Heap,
    depth: u32,
    queue: Option<Pointer>,
}

impl Heap {
    /// Tells the heap the lowest address of native stack below which deallocations are put off.
    pub fn set_stack_limit(&self, address: usize) {
        self.stack_limit.set(address);
    }

    /// Ends what was put off while the native stack was short.
    pub(crate) fn end_put_off(&self) {
        if self.dealloc_depth.get() == 0 && self.dealloc_queue.get().is_some() {
            let _nested = Nested::enter(self, 0);
            self.end_queued();
        }
    }

    fn end_queued(&self) {
        while let Some(next) = self.dealloc_queue.get() {
            // SAFETY: live-header: what is queued is dead and not yet disposed of.
            unsafe {
                let header = Header::of(next);
                self.dealloc_queue.set(header.link());
                header.refcount.set(0);
                header.set_serial(0);
                header.unset(FLAG_QUEUED);
                dispose(self, next);
            }
        }
    }

    /// Runs a finalizer or a callback with levels of nested deallocation of its own.
    pub(crate) fn run_foreign<R>(&self, run: impl FnOnce() -> R) -> R {
        let _foreign = Foreign {
            heap: self,
            depth: self.dealloc_depth.replace(0),
            queue: self.dealloc_queue.take(),
        };
        run()
    }
}

impl Drop for Foreign<'_> {
    fn drop(&mut self) {
        self.heap.dealloc_depth.set(self.depth);
        // What the foreign code had to put off goes before what waited already.
        let Some(mut last) = self.heap.dealloc_queue.get() else {
            self.heap.dealloc_queue.set(self.queue);
            return;
        };
        // SAFETY: live-header: the memory of what is queued is there.
        unsafe {
            while let Some(next) = Header::of(last).link() {
                last = next;
            }
            Header::of(last).set_link(self.queue);
        }
    }
}

/// # Safety
///
/// - As for [`last_reference_gone`].
unsafe fn dispose(heap: &Heap, pointer: Pointer) {
    // SAFETY: live-header: header and type stay valid until `release`; the object owns a count of
    // a heap type. A handle made for the finalizer's time restores the count that it needs.
    unsafe {
        let header = Header::of(pointer);
        let kind = header.kind.get();
        if let Some(finalize) = (*kind).finalize.get() {
            let collected = (*kind).has(KindFlags::COLLECTED);
            if !(collected && header.has(FLAG_FINALIZED)) {
                header.refcount.set(1);
                let object = ManuallyDrop::new(Object::from_owned(pointer));
                if collected {
                    header.set(FLAG_FINALIZED);
                    heap.track(&object);
                }
                heap.run_foreign(|| finalize(heap, &object));
                if header.is_immortal() {
                    return;
                }
                let count = header.refcount.get() - 1;
                header.refcount.set(count);
                if count > 0 {
                    return;
                }
                heap.untrack_pointer(pointer);
            }
        }
        #[cfg(feature = "canary")]
        let is_late = heap.memory().has_fault(Fault::LateClear);
        #[cfg(not(feature = "canary"))]
        let is_late = false;
        if !is_late {
            weak::clear_all(heap, pointer);
        }
        // The finalizer may have changed the type.
        let kind = header.kind.get();
        ((*kind).teardown.get())(heap, pointer);
        drop_dict(pointer);
        #[cfg(feature = "canary")]
        if is_late {
            weak::clear_all(heap, pointer);
        }
        heap.release(pointer);
    }
}

/// Drops the dict of an object with a prefix.
///
/// # Safety
///
/// - `pointer` is the address of an object whose memory is still there, and which nobody uses any more.
#[inline(always)]
pub(crate) unsafe fn drop_dict(pointer: Pointer) {
    // SAFETY: live-header, prefix-words, by the caller.
    if let Some(dict) = unsafe { dict_word(pointer) } {
        drop(dict.take());
    }
}

/// The dict word of an object with a prefix.
///
/// # Safety
///
/// - `pointer` is the address of an object whose memory is still there.
unsafe fn dict_word<'a>(pointer: Pointer) -> Option<&'a crate::Slot> {
    // SAFETY: live-header, prefix-words.
    unsafe {
        Header::of(pointer)
            .has(crate::header::FLAG_PREFIX)
            .then(|| &*pointer.as_ptr().sub(HEADER_BYTES + 8).cast::<crate::Slot>())
    }
}
