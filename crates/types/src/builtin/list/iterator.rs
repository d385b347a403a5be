//! Iterators over lists, forwards and backwards. They see changes of the list.

use super::view;
use crate::native::{figures, flags};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of a list iterator; the list is let go when it ends.
    pub struct ListIteratorBody {
        list: Slot,
        next: Cell<usize>,
    }
}

crate::body! {
    /// The body of an iterator from a list's end to its start.
    pub struct ListReverseIteratorBody {
        list: Slot,
        /// Items that are left, as far as the list still has them.
        left: Cell<usize>,
    }
}

/// `iter(list)`.
pub(super) fn list_iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let iterator = cx.instance(cx.builtin_ref(&LIST_ITERATOR), 0)?;
    if let Some(body) = body::<ListIteratorBody>(&iterator) {
        body.list.set((*args.receiver()).clone());
    }
    Ok(iterator)
}

/// `list.__reversed__()`.
pub(super) fn list_reversed(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "list.__reversed__")?;
    let iterator = cx.instance(cx.builtin_ref(&LIST_REVERSE_ITERATOR), 0)?;
    if let Some(body) = body::<ListReverseIteratorBody>(&iterator) {
        body.left
            .set(view(&this).map_or(0, |list| list.items.len()));
        body.list.set((*this).clone());
    }
    Ok(iterator)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<ListIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let Some(list) = body.list.get() else {
        return Ok(cx.exhausted());
    };
    let at = body.next.get();
    match view(&list).and_then(|list| list.items.get(at)) {
        Some(item) => {
            body.next.set(at + 1);
            Ok(item)
        }
        None => {
            drop(body.list.take());
            Ok(cx.exhausted())
        }
    }
}

fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest()
        .exactly::<0>(cx, "list_iterator.__length_hint__")?;
    let left = body::<ListIteratorBody>(&this).and_then(|body| {
        let list = body.list.get()?;
        Some(view(&list)?.items.len().saturating_sub(body.next.get()))
    });
    cx.int(left.unwrap_or(0) as i64)
}

fn reverse_next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<ListReverseIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let Some(list) = body.list.get() else {
        return Ok(cx.exhausted());
    };
    let at = body.left.get().checked_sub(1);
    match at.and_then(|at| Some((at, view(&list)?.items.get(at)?))) {
        Some((at, item)) => {
            body.left.set(at);
            Ok(item)
        }
        None => {
            body.left.set(0);
            drop(body.list.take());
            Ok(cx.exhausted())
        }
    }
}

fn reverse_length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest()
        .exactly::<0>(cx, "list_reverseiterator.__length_hint__")?;
    let left = body::<ListReverseIteratorBody>(&this).and_then(|body| {
        let list = body.list.get()?;
        let left = body.left.get();
        Some(if view(&list)?.items.len() < left {
            0
        } else {
            left
        })
    });
    cx.int(left.unwrap_or(0) as i64)
}

native_type! {
    /// The type of iterators over lists.
    pub static LIST_ITERATOR: "list_iterator" {
        index: index::LIST_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("list_iterator", 32, size_of::<ListIteratorBody>()),
        body: ListIteratorBody,
        flags: flags::COLLECTED,
        slots { Iter => builtin::iterator::iter_self, Next => next, },
        methods { "__length_hint__" => length_hint, },
        getsets {},
    }
}

native_type! {
    /// The type of iterators over lists from their end.
    pub static LIST_REVERSE_ITERATOR: "list_reverseiterator" {
        index: index::LIST_REVERSE_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("list_reverseiterator", 32, size_of::<ListReverseIteratorBody>()),
        body: ListReverseIteratorBody,
        flags: flags::COLLECTED,
        slots { Iter => builtin::iterator::iter_self, Next => reverse_next, },
        methods { "__length_hint__" => reverse_length_hint, },
        getsets {},
    }
}
