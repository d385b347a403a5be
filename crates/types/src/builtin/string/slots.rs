//! The slots of `str`, and the methods that stand for the object itself.

use super::search::offset;
use super::{STR, StrBody, bounds, escape, exact, own, piece};
use crate::builtin::slice::Adjusted;
use crate::builtin::{self, codec};
use crate::format::Text;
use crate::raw::Type;
use crate::{Args, Buffer, Context, Object, Result, body, text};

/// `str(object='', encoding=..., errors=...)`.
pub(super) fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some(of) = Type::of(&args.receiver()) else {
        return Err(cx.type_error(format_args!("str.__new__(X): X is not a type object")));
    };
    let rest = args.rest();
    if rest.values().len() > 3 {
        return Err(cx.type_error(format_args!(
            "str expected at most 3 arguments, got {}",
            rest.values().len()
        )));
    }
    let [object, encoding, errors] = rest.bind(cx, "str", ["object", "encoding", "errors"], 0)?;
    let name = |value: Option<crate::Borrowed<'_>>, what: &str| match value {
        Some(value) if text(&value).is_none() => Err(cx.type_error(format_args!(
            "str() argument '{what}' must be str, not {}",
            cx.told_name(&value)?
        ))),
        _ => Ok(()),
    };
    name(encoding, "encoding")?;
    name(errors, "errors")?;
    let made = match (object, encoding.is_some() || errors.is_some()) {
        (None, _) => cx.names().empty.clone(),
        (Some(object), false) => cx.str(&object)?,
        (Some(object), true) => {
            if text(&object).is_some() {
                return Err(cx.type_error(format_args!("decoding str is not supported")));
            }
            let Some(bytes) = builtin::bytes::snapshot(cx, &object)? else {
                return Err(cx.type_error(format_args!(
                    "decoding to str: need a bytes-like object, {} found",
                    cx.type_name(&object)
                )));
            };
            let (encoding, errors) = (encoding.as_deref(), errors.as_deref());
            codec::decode(
                cx,
                &bytes,
                encoding.and_then(text).unwrap_or("utf-8"),
                errors.and_then(text).unwrap_or("strict"),
            )?
        }
    };
    if of.is(cx.builtin_ref(&STR)) {
        return Ok(made);
    }
    let bytes = cx.fallible(Buffer::copied(cx.heap(), own(&made).as_bytes()))?;
    super::new_instance(cx, &of, bytes)
}

pub(super) fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    escape::repr(cx, own(&args.receiver()))
}

pub(super) fn str(cx: &Context, args: Args<'_>) -> Result<Object> {
    exact(cx, &args.receiver())
}

pub(super) fn hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    cx.int(body::<StrBody>(&this).map_or(0, StrBody::hash))
}

macro_rules! comparisons {
    ($($name:ident $operator:tt,)*) => {
        $(
            pub(super) fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
                let (this, Some(other)) = (args.receiver(), args.get(1)) else {
                    return Ok(cx.not_implemented());
                };
                match (text(&this), text(&other)) {
                    // UTF-8 orders as code points do.
                    (Some(this), Some(other)) => Ok(cx.bool(this $operator other)),
                    _ => Ok(cx.not_implemented()),
                }
            }
        )*
    };
}

comparisons! { lt <, le <=, eq ==, ne !=, gt >, ge >=, }

pub(super) fn len(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    cx.int(body::<StrBody>(&this).map_or(0, StrBody::len) as i64)
}

pub(super) fn get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (this, Some(key)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    let Some(body) = body::<StrBody>(&this) else {
        return Ok(cx.not_implemented());
    };
    let text = body.as_str();
    if key.is_small() || cx.slot_of(&key, crate::SlotId::Index).is_some() {
        let index = cx.index(&key)?;
        let Some(at) = bounds::position(cx, &index, body.len())? else {
            return Err(cx.index_error(format_args!("string index out of range")));
        };
        let rest = &text[offset(&this, at)..];
        let width = rest.chars().next().map_or(0, char::len_utf8);
        return piece(cx, &rest[..width]);
    }
    let Some(span) = bounds::span(cx, &key, body.len())? else {
        return Err(cx.type_error(format_args!(
            "string indices must be integers, not '{}'",
            cx.type_name(&key)
        )));
    };
    if span.step == 1 {
        if span.count == body.len() {
            return exact(cx, &this);
        }
        let start = offset(&this, span.start.max(0) as usize);
        let rest = &text[start..];
        let end = if body.is_ascii() {
            span.count
        } else {
            nth_boundary(rest, span.count)
        };
        return piece(cx, &rest[..end]);
    }
    stepped(cx, body, span)
}

/// The byte offset of the character at `position`.
fn nth_boundary(text: &str, position: usize) -> usize {
    text.char_indices()
        .nth(position)
        .map_or(text.len(), |(at, _)| at)
}

fn stepped(cx: &Context, string: &StrBody, span: Adjusted) -> Result<Object> {
    let text = string.as_str();
    let mut out = Text::new(cx);
    if string.is_ascii() {
        for at in span.positions() {
            cx.fallible(out.push(&text[at..=at]))?;
        }
        return out.finish(cx);
    }
    let mut push =
        |next: Option<char>| next.map_or(Ok(()), |character| cx.fallible(out.push_char(character)));
    let gap = span.step.unsigned_abs() - 1;
    let start = span.start.max(0) as usize;
    if span.step > 0 {
        let mut characters = text.chars().skip(start);
        for nth in 0..span.count {
            push(characters.nth(if nth == 0 { 0 } else { gap }))?;
        }
    } else {
        let mut characters = text
            .chars()
            .rev()
            .skip(string.len().saturating_sub(start + 1));
        for nth in 0..span.count {
            push(characters.nth(if nth == 0 { 0 } else { gap }))?;
        }
    }
    out.finish(cx)
}

pub(super) fn contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (this, Some(item)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    match text(&item) {
        Some(item) => Ok(cx.bool(own(&this).contains(item))),
        None => Err(cx.type_error(format_args!(
            "'in <string>' requires string as left operand, not {}",
            cx.type_name(&item)
        ))),
    }
}

pub(super) fn concat(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (this, Some(other)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    let (left, Some(right)) = (own(&this), text(&other)) else {
        return Err(cx.type_error(format_args!(
            "can only concatenate str (not \"{}\") to str",
            cx.type_name(&other)
        )));
    };
    if left.is_empty() && cx.is_exactly(&other, &STR) {
        return Ok((*other).clone());
    }
    if right.is_empty() && cx.is_exactly(&this, &STR) {
        return Ok((*this).clone());
    }
    let mut bytes = cx.fallible(Buffer::with_capacity(cx.heap(), left.len() + right.len()))?;
    cx.fallible(bytes.extend_from_slice(cx.heap(), left.as_bytes()))?;
    cx.fallible(bytes.extend_from_slice(cx.heap(), right.as_bytes()))?;
    super::from_utf8_buffer(cx, bytes)
}

pub(super) fn repeat(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (this, Some(count)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    let text = own(&this);
    let count = bounds::repeat_count(cx, &count)?;
    if count == 0 || text.is_empty() {
        return Ok(cx.names().empty.clone());
    }
    if count == 1 {
        return exact(cx, &this);
    }
    let length = body::<StrBody>(&this).map_or(0, StrBody::len);
    if length
        .checked_mul(count)
        .is_none_or(|all| all > i64::MAX as usize)
    {
        return Err(cx.overflow_error(format_args!("repeated string is too long")));
    }
    let bytes = builtin::bytes::repeated(cx, text.as_bytes(), count)?;
    super::from_utf8_buffer(cx, bytes)
}

/// `text.encode(encoding='utf-8', errors='strict')`.
pub(super) fn encode(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (encoding, errors) = codec::names(cx, args.rest(), "encode")?;
    let encoding = encoding.as_deref().and_then(text).unwrap_or("utf-8");
    let errors = errors.as_deref().and_then(text).unwrap_or("strict");
    codec::encode(cx, &this, encoding, errors)
}

/// CPython's bytes: a compact header, then code points of one, two or four bytes and a null.
pub(super) fn sizeof(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.__sizeof__")?;
    let length = body::<StrBody>(&this).map_or(0, StrBody::len);
    let largest = own(&this).chars().max().map_or(0, |largest| largest as u32);
    let (ascii_header, header) = (40, 56);
    let width = match largest {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        _ => 4,
    };
    let compact = if largest < 0x80 { ascii_header } else { header };
    let bytes = if cx.is_exactly(&this, &STR) {
        compact + (length + 1) * width
    } else {
        // A subclass keeps its characters apart from the object, and its UTF-8 shares them.
        64 + (length + 1) * width
    };
    cx.int(bytes as i64)
}

pub(super) fn getnewargs(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.__getnewargs__")?;
    builtin::tuple::from_slice(cx, &[super::from_str(cx, own(&this))?])
}
