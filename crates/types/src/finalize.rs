//! Finalizers and weak-reference callbacks: where the heap calls back into Python's rules.

use crate::raw::context_of;
use crate::slot_id::SlotId;
use crate::{Args, Context, Object};
use mortice_gc::Heap;

/// Runs an object's finalizer slot; what it raises is reported as unraisable.
pub(crate) fn finalize(cx: &Context, object: &Object) {
    let Some(function) = cx.slot_of(object, SlotId::Del) else {
        return;
    };
    // A finalizer must not see, or become the context of, the exception that is being handled.
    let handled = cx.handled.take();
    if let Err(raised) = function(cx, Args::new(&[object.borrow()])) {
        let method = cx
            .type_of(object)
            .lookup(cx, cx.names().slot(SlotId::Del))
            .ok()
            .flatten();
        cx.report_unraisable(
            raised,
            "Exception ignored while calling deallocator",
            method.as_ref(),
        );
    }
    drop(cx.handled.replace(handled));
}

/// Calls a weak reference's callback.
pub(crate) fn weak_callback(heap: &Heap, callback: &Object, reference: &Object) {
    let Some(cx) = context_of(heap) else { return };
    let handled = cx.handled.take();
    if let Err(raised) = cx.call(callback, &[reference.borrow()]) {
        cx.report_unraisable(
            raised,
            "Exception ignored while calling weakref callback",
            Some(callback),
        );
    }
    drop(cx.handled.replace(handled));
}

/// Keeps garbage that is not to be freed (`gc.garbage`).
pub(crate) fn garbage(heap: &Heap, object: Object) {
    if let Some(cx) = context_of(heap)
        && cx.saved_garbage.push(cx.heap(), object).is_err()
    {
        // Without memory the object is dropped; it was unreachable.
    }
}
