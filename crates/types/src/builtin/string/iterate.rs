//! Iterating over the characters of a string.

use super::{StrBody, own, piece};
use crate::builtin::iterator::iter_self;
use crate::native::{figures, flags};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of an iterator over a string. Empty once it is exhausted.
    pub struct StrIteratorBody {
        string: Slot,
        /// Bytes that are passed.
        offset: Cell<usize>,
    }
}

/// `iter(text)`.
pub(super) fn iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let iterator = cx.instance(cx.builtin_ref(&STR_ITERATOR), 0)?;
    if let Some(body) = body::<StrIteratorBody>(&iterator) {
        body.string.set((*args.receiver()).clone());
    }
    Ok(iterator)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<StrIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let Some(string) = body.string.get() else {
        return Ok(cx.exhausted());
    };
    let offset = body.offset.get();
    let rest = own(&string).get(offset..).unwrap_or_default();
    match rest.chars().next() {
        Some(character) => {
            body.offset.set(offset + character.len_utf8());
            piece(cx, &rest[..character.len_utf8()])
        }
        None => {
            drop(body.string.take());
            Ok(cx.exhausted())
        }
    }
}

fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest()
        .exactly::<0>(cx, "str_iterator.__length_hint__")?;
    let left = body::<StrIteratorBody>(&this).and_then(|body| {
        let string = body.string.get()?;
        Some(own(&string).get(body.offset.get()..)?.chars().count())
    });
    cx.int(left.unwrap_or(0) as i64)
}

fn setstate(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, state] = args.exactly::<2>(cx, "str_iterator.__setstate__")?;
    let position = super::bounds::size(cx, &state)?.max(0) as usize;
    if let Some(body) = body::<StrIteratorBody>(&this)
        && let Some(string) = body.string.get()
    {
        let text = own(&string);
        let offset = match body_length(&string) {
            Some(length) if position >= length => text.len(),
            _ => super::search::offset(&string, position),
        };
        body.offset.set(offset);
    }
    Ok(cx.none())
}

fn body_length(string: &Object) -> Option<usize> {
    body::<StrBody>(string).map(StrBody::len)
}

native_type! {
    /// The type of iterators over strings.
    pub static STR_ITERATOR: "str_iterator" {
        index: index::STR_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("str_iterator", 32, size_of::<StrIteratorBody>()),
        body: StrIteratorBody,
        flags: flags::COLLECTED,
        slots { Iter => iter_self, Next => next, },
        methods {
            "__length_hint__" => length_hint,
            "__setstate__" => setstate,
        },
        getsets {},
    }
}
