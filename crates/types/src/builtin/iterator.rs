//! Iterators over anything that answers to `__getitem__` with 0, 1, 2 …; and the other iterators
//! that belong to no container, one file each.

pub mod callable;
pub mod enumerate;
pub mod filter;
pub mod map;
mod parallel;
pub mod reversed;
pub mod zip;

use crate::native::{figures, flags};
use crate::{Args, Context, Object, Result, SlotId, body, builtin, index, native_type};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of a sequence iterator.
    pub struct SequenceIteratorBody {
        sequence: Slot,
        next: Cell<i64>,
    }
}

/// Iterates by `__getitem__`.
///
/// # Errors
///
/// MemoryError.
pub fn sequence_iterator(cx: &Context, sequence: &Object) -> Result<Object> {
    let iterator = cx.instance(cx.builtin_ref(&SEQUENCE_ITERATOR), 0)?;
    if let Some(body) = body::<SequenceIteratorBody>(&iterator) {
        body.sequence.set(sequence.clone());
    }
    Ok(iterator)
}

/// The iter slot of iterators: the iterator itself.
pub fn iter_self(_: &Context, args: Args<'_>) -> Result<Object> {
    Ok((*args.receiver()).clone())
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<SequenceIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let Some(sequence) = body.sequence.get() else {
        return Ok(cx.exhausted());
    };
    let position = body.next.get();
    let key = cx.int(position)?;
    match cx.get_item(&sequence, &key) {
        Ok(item) => {
            body.next.set(position + 1);
            Ok(item)
        }
        Err(raised)
            if raised.is(cx, &builtin::INDEX_ERROR) || raised.is(cx, &builtin::STOP_ITERATION) =>
        {
            drop(body.sequence.take());
            Ok(cx.exhausted())
        }
        Err(raised) => Err(raised),
    }
}

fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "iterator.__length_hint__")?;
    let Some(body) = body::<SequenceIteratorBody>(&this) else {
        return cx.int(0);
    };
    let Some(sequence) = body.sequence.get() else {
        return cx.int(0);
    };
    if cx.slot_of(&sequence, SlotId::Len).is_none() {
        return Ok(cx.not_implemented());
    }
    let left = cx.length(&sequence)? as i64 - body.next.get();
    cx.int(left.max(0))
}

native_type! {
    /// The type of iterators over sequences that are no iterables.
    pub static SEQUENCE_ITERATOR: "iterator" {
        index: index::SEQUENCE_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("iterator", 32, size_of::<SequenceIteratorBody>()),
        body: SequenceIteratorBody,
        flags: flags::COLLECTED,
        slots { Iter => iter_self, Next => next, },
        methods { "__length_hint__" => length_hint, },
        getsets {},
    }
}
