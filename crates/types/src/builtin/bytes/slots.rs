//! The slots of `bytes`, some of which serve `bytearray` too, and of its iterator.

use super::{
    BYTES, BytesIteratorBody, contents, exact, from_slice, like_buffer, own, own_bytes, repeated,
    view,
};
use crate::builtin::string::{bounds, escape, hash_bytes};
use crate::builtin::{self, bytearray, int};
use crate::format::Text;
use crate::{Args, Buffer, Context, Object, Result, body};

pub(in crate::builtin) fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let mut out = Text::new(cx);
    cx.fallible(escape::write_bytes(&mut out, own_bytes(&args.receiver())))?;
    out.finish(cx)
}

pub(in crate::builtin) fn hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(hash_bytes(std::iter::once(own_bytes(&args.receiver()))))
}

macro_rules! comparisons {
    ($($name:ident $operator:tt,)*) => {
        $(
            pub(in crate::builtin) fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
                let (this, Some(other)) = (args.receiver(), args.get(1)) else {
                    return Ok(cx.not_implemented());
                };
                // Anything else is asked to compare itself.
                if view(&other).is_none() && bytearray::view(&other).is_none() {
                    return Ok(cx.not_implemented());
                }
                match (contents(cx, &this)?, contents(cx, &other)?) {
                    (Some(this), Some(other)) => Ok(cx.bool(this[..] $operator other[..])),
                    _ => Ok(cx.not_implemented()),
                }
            }
        )*
    };
}

comparisons! { lt <, le <=, eq ==, ne !=, gt >, ge >=, }

pub(in crate::builtin) fn len(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(own_bytes(&args.receiver()).len() as i64)
}

pub(in crate::builtin) fn get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (this, Some(key)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    let bytes = own_bytes(&this);
    if key.is_small() || cx.slot_of(&key, crate::SlotId::Index).is_some() {
        let index = cx.index(&key)?;
        return match bounds::position(cx, &index, bytes.len())? {
            Some(at) => cx.int(i64::from(bytes[at])),
            None => Err(cx.index_error(format_args!("index out of range"))),
        };
    }
    let Some(span) = bounds::span(cx, &key, bytes.len())? else {
        return Err(cx.type_error(format_args!(
            "byte indices must be integers or slices, not {}",
            cx.type_name(&key)
        )));
    };
    if span.step == 1 && span.count == bytes.len() {
        return exact(cx, &this);
    }
    let mut out = cx.fallible(Buffer::with_capacity(cx.heap(), span.count))?;
    for at in span.positions() {
        cx.fallible(out.push(cx.heap(), bytes[at]))?;
    }
    like_buffer(cx, &this, out)
}

pub(in crate::builtin) fn contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (this, Some(item)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    if let Some(part) = contents(cx, &item)? {
        let whole = own(cx, &this)?;
        return Ok(cx.bool(super::methods::locate(&whole, &part).is_some()));
    }
    if cx.slot_of(&item, crate::SlotId::Index).is_none() && !item.is_small() {
        return Err(cx.type_error(format_args!(
            "a bytes-like object is required, not '{}'",
            cx.type_name(&item)
        )));
    }
    let byte = one_byte(cx, &item, "byte must be in range(0, 256)")?;
    Ok(cx.bool(own(cx, &this)?.contains(&byte)))
}

/// An integer that must be a byte.
pub(in crate::builtin) fn one_byte(cx: &Context, item: &Object, words: &str) -> Result<u8> {
    let index = cx.index(item)?;
    int::value(cx, &index)
        .and_then(|value| u8::try_from(value.to_i64()?).ok())
        .ok_or_else(|| cx.value_error(format_args!("{words}")))
}

pub(in crate::builtin) fn concat(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (this, Some(other)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    let (left, Some(right)) = (own(cx, &this)?, contents(cx, &other)?) else {
        return Err(cx.type_error(format_args!(
            "can't concat {} to {}",
            cx.type_name(&other),
            cx.type_name(&this)
        )));
    };
    if left.is_empty() && view(&this).is_some() && cx.is_exactly(&other, &BYTES) {
        return Ok((*other).clone());
    }
    if right.is_empty() && cx.is_exactly(&this, &BYTES) {
        return Ok((*this).clone());
    }
    let mut out = cx.fallible(Buffer::with_capacity(cx.heap(), left.len() + right.len()))?;
    cx.fallible(out.extend_from_slice(cx.heap(), &left))?;
    cx.fallible(out.extend_from_slice(cx.heap(), &right))?;
    like_buffer(cx, &this, out)
}

pub(in crate::builtin) fn repeat(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (this, Some(count)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    let count = bounds::repeat_count(cx, &count)?;
    let bytes = own(cx, &this)?;
    if count == 1 {
        return exact(cx, &this);
    }
    if bytes
        .len()
        .checked_mul(count)
        .is_none_or(|all| all > i64::MAX as usize)
    {
        return Err(cx.overflow_error(format_args!("repeated bytes are too long")));
    }
    let count = if bytes.is_empty() { 0 } else { count };
    like_buffer(cx, &this, repeated(cx, &bytes, count)?)
}

pub(in crate::builtin) fn iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let iterator = cx.instance(cx.builtin_ref(&super::BYTES_ITERATOR), 0)?;
    if let Some(body) = body::<BytesIteratorBody>(&iterator) {
        body.bytes.set((*args.receiver()).clone());
    }
    Ok(iterator)
}

pub(in crate::builtin) fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<BytesIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let Some(bytes) = body.bytes.get() else {
        return Ok(cx.exhausted());
    };
    match own_bytes(&bytes).get(body.next.get()) {
        Some(byte) => {
            body.next.set(body.next.get() + 1);
            cx.int(i64::from(*byte))
        }
        None => {
            drop(body.bytes.take());
            Ok(cx.exhausted())
        }
    }
}

pub(in crate::builtin) fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest()
        .exactly::<0>(cx, "bytes_iterator.__length_hint__")?;
    let left = body::<BytesIteratorBody>(&this)
        .and_then(|body| Some(own_bytes(&body.bytes.get()?).len() - body.next.get()));
    cx.int(left.unwrap_or(0) as i64)
}

pub(in crate::builtin) fn bytes_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "bytes.__bytes__")?;
    exact(cx, &this)
}

pub(in crate::builtin) fn getnewargs(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "bytes.__getnewargs__")?;
    builtin::tuple::from_slice(cx, &[from_slice(cx, own_bytes(&this))?])
}

pub(in crate::builtin) fn sizeof(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "bytes.__sizeof__")?;
    let basicsize = cx
        .type_of(&this)
        .state(cx)
        .layout
        .0
        .get()
        .map_or(33, |layout| layout.basicsize());
    cx.int((basicsize + own_bytes(&this).len()) as i64)
}
