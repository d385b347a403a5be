//! What happens when the last reference goes.
//!
//! The steps, in CPython's order: the finalizer (once; it may resurrect), the weak references and
//! their callbacks, the end of tracking, the teardown of the body, the memory, the reference to
//! the type. A teardown drops further references. Up to [`NESTING_MAX`] levels they are followed
//! at once, so that destructors run in the order that a program expects; deeper ones wait in a
//! queue that is threaded through the dead objects' headers. No chain of any length needs more
//! native stack than that, and queueing needs no memory.

use crate::header::{FLAG_FINALIZED, FLAG_QUEUED, HEADER_BYTES, Header};
use crate::heap::Heap;
use crate::kind::KindFlags;
use crate::object::{Object, Pointer};
use crate::weak;
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
    if heap.closed.get() {
        return;
    }
    let depth = heap.dealloc_depth.get();
    if depth >= NESTING_MAX {
        // SAFETY: live-header: nobody reads the count or the serial of a queued object.
        let header = unsafe { Header::of(pointer) };
        header.set(FLAG_QUEUED);
        header.set_link(heap.dealloc_queue.get());
        heap.dealloc_queue.set(Some(pointer));
        return;
    }
    heap.dealloc_depth.set(depth + 1);
    // SAFETY: by the caller.
    unsafe { dispose(heap, pointer) }
    if depth == 0 {
        while let Some(next) = heap.dealloc_queue.get() {
            // SAFETY: live-header: what is queued is dead and not yet disposed of.
            unsafe {
                let header = Header::of(next);
                heap.dealloc_queue.set(header.link());
                header.refcount.set(0);
                header.unset(FLAG_QUEUED);
                dispose(heap, next);
            }
        }
    }
    heap.dealloc_depth.set(depth);
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
                }
                finalize(heap, &object);
                let count = header.refcount.get() - 1;
                header.refcount.set(count);
                if count > 0 {
                    return;
                }
            }
        }
        weak::clear_all(heap, pointer);
        heap.untrack_pointer(pointer);
        // The finalizer may have changed the type.
        let kind = header.kind.get();
        ((*kind).teardown.get())(heap, pointer);
        if let Some(dict) = dict_word(pointer) {
            drop(dict.take());
        }
        heap.release(pointer);
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
