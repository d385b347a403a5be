//! The iterator over a bytearray. It sees changes of the array.

use super::view;
use crate::native::{figures, flags};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of an iterator over a bytearray, which is let go when it ends.
    pub struct ByteArrayIteratorBody {
        array: Slot,
        next: Cell<usize>,
    }
}

/// `iter(bytearray)`.
pub(super) fn iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let iterator = cx.instance(cx.builtin_ref(&BYTEARRAY_ITERATOR), 0)?;
    if let Some(body) = body::<ByteArrayIteratorBody>(&iterator) {
        body.array.set((*args.receiver()).clone());
    }
    Ok(iterator)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<ByteArrayIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let Some(array) = body.array.get() else {
        return Ok(cx.exhausted());
    };
    let at = body.next.get();
    match view(&array).and_then(|array| array.at(at)) {
        Some(byte) => {
            body.next.set(at + 1);
            cx.int(i64::from(byte))
        }
        None => {
            drop(body.array.take());
            Ok(cx.exhausted())
        }
    }
}

fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest()
        .method(cx, "bytearray_iterator", "__length_hint__", 0, 0)?;
    let left = body::<ByteArrayIteratorBody>(&this).and_then(|body| {
        let length = view(&body.array.get()?)?.len();
        Some(length.saturating_sub(body.next.get()))
    });
    cx.int(left.unwrap_or(0) as i64)
}

native_type! {
    /// The type of iterators over bytearrays.
    pub static BYTEARRAY_ITERATOR: "bytearray_iterator" {
        index: index::BYTEARRAY_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("bytearray_iterator", 32, size_of::<ByteArrayIteratorBody>()),
        body: ByteArrayIteratorBody,
        flags: flags::COLLECTED,
        slots { Iter => builtin::iterator::iter_self, Next => next, },
        methods { "__length_hint__" => length_hint, },
        getsets {},
    }
}
