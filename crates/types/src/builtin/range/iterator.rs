//! Iterators over ranges: over words, and over integers of any size.

use super::{Parts, big};
use crate::native::figures;
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use builtin::int;
use builtin::iterator::iter_self;
use mortice_gc::Slot;
use num_traits::Signed;
use std::cell::Cell;

crate::body! {
    /// The body of an iterator over words.
    pub struct RangeIteratorBody {
        next: Cell<i64>,
        step: Cell<i64>,
        left: Cell<i64>,
    }
}

crate::body! {
    /// The body of an iterator over integers of any size.
    pub struct LongRangeIteratorBody {
        next: Slot,
        step: Slot,
        left: Slot,
    }
}

/// Iterates over `length` words from `start` on.
pub(super) fn new_iterator(cx: &Context, start: i64, step: i64, length: i64) -> Result<Object> {
    let iterator = cx.instance(cx.builtin_ref(&RANGE_ITERATOR), 0)?;
    if let Some(body) = body::<RangeIteratorBody>(&iterator) {
        body.next.set(start);
        body.step.set(step);
        body.left.set(length);
    }
    Ok(iterator)
}

pub(super) fn new_long_iterator(cx: &Context, parts: Parts) -> Result<Object> {
    let (next, step) = (
        int::from_big(cx, parts.start)?,
        int::from_big(cx, parts.step)?,
    );
    let left = int::from_big(cx, parts.length)?;
    let iterator = cx.instance(cx.builtin_ref(&LONG_RANGE_ITERATOR), 0)?;
    if let Some(body) = body::<LongRangeIteratorBody>(&iterator) {
        body.next.set(next);
        body.step.set(step);
        body.left.set(left);
    }
    Ok(iterator)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<RangeIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let left = body.left.get();
    if left <= 0 {
        return Ok(cx.exhausted());
    }
    let value = body.next.get();
    // Past the last value this may wrap; it is not read then.
    body.next.set(value.wrapping_add(body.step.get()));
    body.left.set(left - 1);
    cx.int(value)
}

fn long_next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<LongRangeIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let left = big(cx, body.left.get());
    let (Some(value), true) = (body.next.get(), left.is_positive()) else {
        return Ok(cx.exhausted());
    };
    let step = big(cx, body.step.get());
    let following = int::from_big(cx, big(cx, Some(value.clone())) + step)?;
    let left = int::from_big(cx, left - 1)?;
    drop(body.next.replace(Some(following)));
    drop(body.left.replace(Some(left)));
    Ok(value)
}

fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args
        .rest()
        .exactly::<0>(cx, "range_iterator.__length_hint__")?;
    let this = args.receiver();
    if let Some(body) = body::<RangeIteratorBody>(&this) {
        return cx.int(body.left.get());
    }
    let left = body::<LongRangeIteratorBody>(&this).and_then(|body| body.left.get());
    Ok(left.unwrap_or(Object::small32(0)))
}

native_type! {
    /// The type of iterators over ranges of words.
    pub static RANGE_ITERATOR: "range_iterator" {
        index: index::RANGE_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("range_iterator", 40, size_of::<RangeIteratorBody>()),
        body: RangeIteratorBody,
        flags: 0,
        slots { Iter => iter_self, Next => next, },
        methods { "__length_hint__" => length_hint, },
        getsets {},
    }
}

native_type! {
    /// The type of iterators over ranges of larger integers.
    pub static LONG_RANGE_ITERATOR: "longrange_iterator" {
        index: index::LONG_RANGE_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("longrange_iterator", 40, size_of::<LongRangeIteratorBody>()),
        body: LongRangeIteratorBody,
        flags: 0,
        slots { Iter => iter_self, Next => long_next, },
        methods { "__length_hint__" => length_hint, },
        getsets {},
    }
}
