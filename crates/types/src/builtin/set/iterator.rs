//! Iterators over sets.

use super::view;
use crate::native::{figures, flags};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of a set iterator.
    pub struct SetIteratorBody {
        /// The set; unset once nothing is left.
        set: Slot,
        /// The next cell to look at.
        cell: Cell<usize>,
        /// Keys at the start, and those still to come; `length` is −1 after a change was noticed.
        length: Cell<i32>,
        left: Cell<u32>,
    }
}

/// The iter slot of sets.
pub(super) fn set_iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let iterator = cx.instance(cx.builtin_ref(&SET_ITERATOR), 0)?;
    if let (Some(body), Some(set)) = (body::<SetIteratorBody>(&iterator), view(&this)) {
        body.set.set((*this).clone());
        body.length.set(set.len() as i32);
        body.left.set(set.len() as u32);
    }
    Ok(iterator)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<SetIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let Some(object) = body.set.get() else {
        return Ok(cx.exhausted());
    };
    let Some(set) = view(&object) else {
        return Ok(cx.exhausted());
    };
    if body.length.get() != set.len() as i32 {
        body.length.set(-1);
        return Err(cx.runtime_error(format_args!("Set changed size during iteration")));
    }
    match set.next_key(body.cell.get()) {
        Some((cell, _, key)) => {
            body.cell.set(cell + 1);
            body.left.set(body.left.get().saturating_sub(1));
            Ok(key)
        }
        None => {
            drop(body.set.take());
            Ok(cx.exhausted())
        }
    }
}

fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let left = body::<SetIteratorBody>(&this).and_then(|body| {
        let set = body.set.get()?;
        (view(&set)?.len() as i32 == body.length.get()).then(|| body.left.get())
    });
    cx.int(left.unwrap_or(0).into())
}

native_type! {
    /// The type of iterators over sets.
    pub static SET_ITERATOR: "set_iterator" {
        index: index::SET_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("set_iterator", 48, size_of::<SetIteratorBody>()),
        body: SetIteratorBody,
        flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
        slots { Iter => builtin::iterator::iter_self, Next => next, },
        methods { "__length_hint__" => length_hint, },
        getsets {},
    }
}
