//! The methods of `bytes` and `bytearray` that search, split and make new objects, which are of the
//! receiver's kind.

use super::{Contents, contents, exact, kind, like, like_buffer, own};
use crate::builtin::string::bounds;
use crate::builtin::{self, codec, list, tuple};
use crate::{Args, Borrowed, Buffer, Context, Object, Result, text, tuple_items};

/// Where a part begins.
pub(in crate::builtin) fn locate(bytes: &[u8], part: &[u8]) -> Option<usize> {
    let Some(first) = part.first() else {
        return Some(0);
    };
    let last = bytes.len().checked_sub(part.len())?;
    let mut at = 0;
    while at <= last {
        at += bytes[at..=last].iter().position(|byte| byte == first)?;
        if bytes[at..].starts_with(part) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Where a part begins for the last time.
fn locate_last(bytes: &[u8], part: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(part.len())?;
    (0..=last).rev().find(|at| bytes[*at..].starts_with(part))
}

/// An argument that must hold bytes.
fn wanted<'a>(cx: &Context, value: &'a Object) -> Result<Contents<'a>> {
    contents(cx, value)?.ok_or_else(|| {
        cx.type_error(format_args!(
            "a bytes-like object is required, not '{}'",
            cx.type_name(value)
        ))
    })
}

pub(in crate::builtin) fn decode(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (encoding, errors) = codec::names(cx, args.rest(), "decode")?;
    let encoding = encoding.as_deref().and_then(text).unwrap_or("utf-8");
    let errors = errors.as_deref().and_then(text).unwrap_or("strict");
    codec::decode(cx, &own(cx, &this)?, encoding, errors)
}

pub(in crate::builtin) fn join(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().method(cx, kind(&this), "join", 1, 1)?;
    let items = builtin::string::join_operands(cx, &given[0])?;
    if let [only] = &items[..]
        && cx.is_exactly(only, &super::BYTES)
        && super::view(&this).is_some()
    {
        return Ok(only.clone());
    }
    let between = own(cx, &this)?;
    let mut out = Buffer::new();
    for (index, item) in items.iter().enumerate() {
        let Some(bytes) = contents(cx, item)? else {
            return Err(cx.type_error(format_args!(
                "sequence item {index}: expected a bytes-like object, {} found",
                cx.type_name(item)
            )));
        };
        if index > 0 {
            cx.fallible(out.extend_from_slice(cx.heap(), &between))?;
        }
        cx.fallible(out.extend_from_slice(cx.heap(), &bytes))?;
    }
    like_buffer(cx, &this, out)
}

pub(in crate::builtin) fn split(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [separator, most] = args.rest().bind(cx, "split", ["sep", "maxsplit"], 0)?;
    let most = match most {
        Some(most) => usize::try_from(bounds::size(cx, &most)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let whole = own(cx, &this)?;
    let mut rest = &whole[..];
    let mut pieces = Buffer::new();
    let mut push = |bytes: &[u8]| {
        let piece = like(cx, &this, bytes)?;
        cx.fallible(pieces.push(cx.heap(), piece))
    };
    let mut splits = 0;
    if let Some(separator) = separator.filter(|separator| !cx.is_none(separator)) {
        let separator = wanted(cx, &separator)?;
        if separator.is_empty() {
            return Err(cx.value_error(format_args!("empty separator")));
        }
        while splits < most
            && let Some(at) = locate(rest, &separator)
        {
            push(&rest[..at])?;
            rest = &rest[at + separator.len()..];
            splits += 1;
        }
        push(rest)?;
    } else {
        rest = trim(rest, is_space, true, false);
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| is_space(*byte));
            let end = end.filter(|_| splits < most).unwrap_or(rest.len());
            push(&rest[..end])?;
            rest = trim(&rest[end..], is_space, true, false);
            splits += 1;
        }
    }
    list::from_buffer(cx, pieces)
}

fn partitioned(cx: &Context, args: Args<'_>, name: &str, right: bool) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().method(cx, kind(&this), name, 1, 1)?;
    let separator = given[0];
    let part = wanted(cx, &separator)?;
    if part.is_empty() {
        return Err(cx.value_error(format_args!("empty separator")));
    }
    let whole = own(cx, &this)?;
    let found = if right {
        locate_last(&whole, &part)
    } else {
        locate(&whole, &part)
    };
    let empty = || like(cx, &this, &[]);
    let parts = match found {
        Some(at) => [
            like(cx, &this, &whole[..at])?,
            if super::view(&this).is_some() {
                (*separator).clone()
            } else {
                like(cx, &this, &part)?
            },
            like(cx, &this, &whole[at + part.len()..])?,
        ],
        None if right => [empty()?, empty()?, exact(cx, &this)?],
        None => [exact(cx, &this)?, empty()?, empty()?],
    };
    tuple::from_slice(cx, &parts)
}

pub(in crate::builtin) fn partition(cx: &Context, args: Args<'_>) -> Result<Object> {
    partitioned(cx, args, "partition", false)
}

pub(in crate::builtin) fn rpartition(cx: &Context, args: Args<'_>) -> Result<Object> {
    partitioned(cx, args, "rpartition", true)
}

/// The bytes between two position arguments and how many lie before; `None` where the start lies
/// behind the end.
fn window<'a>(
    cx: &Context,
    bytes: &'a [u8],
    given: &[Borrowed<'_>],
) -> Result<Option<(&'a [u8], usize)>> {
    let (start, end) = (given.get(1).map(|at| &**at), given.get(2).map(|at| &**at));
    let (start, end) = bounds::range(cx, start, end, bytes.len())?;
    Ok(bytes.get(start..end).map(|window| (window, start)))
}

fn affix(
    cx: &Context,
    args: Args<'_>,
    name: &str,
    test: fn(&[u8], &[u8]) -> bool,
) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().between(cx, name, 1, 3)?;
    let whole = own(cx, &this)?;
    let window = window(cx, &whole, given)?;
    let matches = |part: &[u8]| window.is_some_and(|(bytes, _)| test(bytes, part));
    if let Some(parts) = tuple_items(&given[0]) {
        for part in parts {
            if matches(&wanted(cx, part)?) {
                return Ok(cx.bool(true));
            }
        }
        return Ok(cx.bool(false));
    }
    match contents(cx, &given[0])? {
        Some(part) => Ok(cx.bool(matches(&part))),
        None => Err(cx.type_error(format_args!(
            "{name} first arg must be bytes or a tuple of bytes, not {}",
            cx.type_name(&given[0])
        ))),
    }
}

pub(in crate::builtin) fn startswith(cx: &Context, args: Args<'_>) -> Result<Object> {
    affix(cx, args, "startswith", |bytes, part| {
        bytes.starts_with(part)
    })
}

pub(in crate::builtin) fn endswith(cx: &Context, args: Args<'_>) -> Result<Object> {
    affix(cx, args, "endswith", |bytes, part| bytes.ends_with(part))
}

/// Calls `look` with the bytes between the positions and the part that is looked for: bytes, or
/// one byte as an integer.
fn search<T>(
    cx: &Context,
    args: Args<'_>,
    name: &str,
    look: impl FnOnce(&[u8], &[u8]) -> T,
) -> Result<Option<(T, usize)>> {
    let this = args.receiver();
    let given = args.rest().between(cx, name, 1, 3)?;
    let byte;
    let held = contents(cx, &given[0])?;
    let part = match &held {
        Some(part) => &part[..],
        None if given[0].is_small() || cx.slot_of(&given[0], crate::SlotId::Index).is_some() => {
            byte = [super::slots::one_byte(
                cx,
                &given[0],
                "byte must be in range(0, 256)",
            )?];
            &byte
        }
        None => {
            return Err(cx.type_error(format_args!(
                "argument should be integer or bytes-like object, not '{}'",
                cx.type_name(&given[0])
            )));
        }
    };
    let whole = own(cx, &this)?;
    Ok(window(cx, &whole, given)?.map(|(bytes, start)| (look(bytes, part), start)))
}

fn position(found: Option<(Option<usize>, usize)>) -> Option<i64> {
    found.and_then(|(at, start)| Some((at? + start) as i64))
}

pub(in crate::builtin) fn find(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(position(search(cx, args, "find", locate)?).unwrap_or(-1))
}

pub(in crate::builtin) fn rfind(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(position(search(cx, args, "rfind", locate_last)?).unwrap_or(-1))
}

fn missing(cx: &Context) -> crate::Raised {
    cx.value_error(format_args!("subsection not found"))
}

pub(in crate::builtin) fn index(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = position(search(cx, args, "index", locate)?);
    cx.int(found.ok_or_else(|| missing(cx))?)
}

pub(in crate::builtin) fn rindex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = position(search(cx, args, "rindex", locate_last)?);
    cx.int(found.ok_or_else(|| missing(cx))?)
}

pub(in crate::builtin) fn count(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = search(cx, args, "count", |bytes, part| {
        if part.is_empty() {
            return bytes.len() + 1;
        }
        let (mut rest, mut found) = (bytes, 0);
        while let Some(at) = locate(rest, part) {
            found += 1;
            rest = &rest[at + part.len()..];
        }
        found
    })?;
    cx.int(found.map_or(0, |(found, _)| found as i64))
}

pub(in crate::builtin) fn replace(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (old, new, count) = crate::builtin::string::replace_arguments(cx, args.rest())?;
    let (old, new) = (wanted(cx, &old)?, wanted(cx, &new)?);
    let mut left = count.unwrap_or(usize::MAX);
    let whole = own(cx, &this)?;
    let mut rest = &whole[..];
    let mut out = Buffer::new();
    let heap = cx.heap();
    while left > 0
        && let Some(at) = locate(rest, &old)
    {
        cx.fallible(out.extend_from_slice(heap, &rest[..at]))?;
        cx.fallible(out.extend_from_slice(heap, &new))?;
        left -= 1;
        rest = &rest[at + old.len()..];
        if old.is_empty() {
            let Some((byte, tail)) = rest.split_first() else {
                break;
            };
            cx.fallible(out.push(heap, *byte))?;
            rest = tail;
        }
    }
    cx.fallible(out.extend_from_slice(heap, rest))?;
    like_buffer(cx, &this, out)
}

/// White space of ASCII.
fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

fn trim(mut bytes: &[u8], taken: impl Fn(u8) -> bool, left: bool, right: bool) -> &[u8] {
    while left
        && let [first, rest @ ..] = bytes
        && taken(*first)
    {
        bytes = rest;
    }
    while right
        && let [rest @ .., last] = bytes
        && taken(*last)
    {
        bytes = rest;
    }
    bytes
}

fn stripped(cx: &Context, args: Args<'_>, name: &str, left: bool, right: bool) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().between(cx, name, 0, 1)?;
    let whole = own(cx, &this)?;
    let rest = match given.first().filter(|given| !cx.is_none(given)) {
        Some(given) => {
            let given = wanted(cx, given)?;
            trim(&whole, |byte| given.contains(&byte), left, right)
        }
        None => trim(&whole, is_space, left, right),
    };
    if rest.len() == whole.len() {
        return exact(cx, &this);
    }
    like(cx, &this, rest)
}

pub(in crate::builtin) fn strip(cx: &Context, args: Args<'_>) -> Result<Object> {
    stripped(cx, args, "strip", true, true)
}

pub(in crate::builtin) fn lstrip(cx: &Context, args: Args<'_>) -> Result<Object> {
    stripped(cx, args, "lstrip", true, false)
}

pub(in crate::builtin) fn rstrip(cx: &Context, args: Args<'_>) -> Result<Object> {
    stripped(cx, args, "rstrip", false, true)
}

pub(in crate::builtin) fn upper(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, kind(&this), "upper", 0, 0)?;
    let mut bytes = cx.fallible(Buffer::copied(cx.heap(), &own(cx, &this)?))?;
    bytes.make_ascii_uppercase();
    like_buffer(cx, &this, bytes)
}

pub(in crate::builtin) fn lower(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, kind(&this), "lower", 0, 0)?;
    let mut bytes = cx.fallible(Buffer::copied(cx.heap(), &own(cx, &this)?))?;
    bytes.make_ascii_lowercase();
    like_buffer(cx, &this, bytes)
}

pub(in crate::builtin) fn isascii(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, kind(&this), "isascii", 0, 0)?;
    Ok(cx.bool(own(cx, &this)?.is_ascii()))
}

macro_rules! questions {
    ($($name:ident $text:literal $test:expr,)*) => {
        $(
            pub(in crate::builtin) fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
                let this = args.receiver();
                args.rest().method(cx, kind(&this), $text, 0, 0)?;
                let bytes = own(cx, &this)?;
                Ok(cx.bool(!bytes.is_empty() && bytes.iter().copied().all($test)))
            }
        )*
    };
}

questions! {
    isdigit "isdigit" |byte| byte.is_ascii_digit(),
    isalpha "isalpha" |byte| byte.is_ascii_alphabetic(),
    isalnum "isalnum" |byte| byte.is_ascii_alphanumeric(),
    isspace "isspace" is_space,
}
