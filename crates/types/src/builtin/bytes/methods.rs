//! The methods of `bytes` that search, split and change.

use super::{exact, from_buffer, from_slice, own, view};
use crate::builtin::string::bounds;
use crate::builtin::{self, codec, list, tuple};
use crate::{Args, Borrowed, Buffer, Context, Object, Result, text, tuple_items};

/// Where a part begins.
pub(super) fn locate(bytes: &[u8], part: &[u8]) -> Option<usize> {
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
fn wanted<'a>(cx: &Context, value: &'a Object) -> Result<&'a [u8]> {
    view(value).ok_or_else(|| {
        cx.type_error(format_args!(
            "a bytes-like object is required, not '{}'",
            cx.type_name(value)
        ))
    })
}

pub(super) fn decode(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (encoding, errors) = codec::names(cx, args.rest(), "decode")?;
    let encoding = encoding.as_deref().and_then(text).unwrap_or("utf-8");
    let errors = errors.as_deref().and_then(text).unwrap_or("strict");
    codec::decode(cx, own(&this), encoding, errors)
}

pub(super) fn join(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [iterable] = args.rest().exactly::<1>(cx, "bytes.join")?;
    let items = builtin::string::join_operands(cx, &iterable)?;
    if let [only] = &items[..]
        && cx.is_exactly(only, &super::BYTES)
    {
        return Ok(only.clone());
    }
    let mut out = Buffer::new();
    for (index, item) in items.iter().enumerate() {
        let Some(bytes) = view(item) else {
            return Err(cx.type_error(format_args!(
                "sequence item {index}: expected a bytes-like object, {} found",
                cx.type_name(item)
            )));
        };
        if index > 0 {
            cx.fallible(out.extend_from_slice(cx.heap(), own(&this)))?;
        }
        cx.fallible(out.extend_from_slice(cx.heap(), bytes))?;
    }
    from_buffer(cx, out)
}

pub(super) fn split(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [separator, most] = args.rest().bind(cx, "split", ["sep", "maxsplit"], 0)?;
    let most = match most {
        Some(most) => usize::try_from(bounds::size(cx, &most)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let mut rest = own(&this);
    let mut pieces = Buffer::new();
    let mut push = |bytes: &[u8]| {
        let piece = from_slice(cx, bytes)?;
        cx.fallible(pieces.push(cx.heap(), piece))
    };
    let mut splits = 0;
    if let Some(separator) = separator.filter(|separator| !cx.is_none(separator)) {
        let separator = wanted(cx, &separator)?;
        if separator.is_empty() {
            return Err(cx.value_error(format_args!("empty separator")));
        }
        while splits < most
            && let Some(at) = locate(rest, separator)
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
    let [separator] = args.rest().exactly::<1>(cx, name)?;
    let part = wanted(cx, &separator)?;
    if part.is_empty() {
        return Err(cx.value_error(format_args!("empty separator")));
    }
    let whole = own(&this);
    let found = if right {
        locate_last(whole, part)
    } else {
        locate(whole, part)
    };
    let empty = || from_slice(cx, &[]);
    let parts = match found {
        Some(at) => [
            from_slice(cx, &whole[..at])?,
            (*separator).clone(),
            from_slice(cx, &whole[at + part.len()..])?,
        ],
        None if right => [empty()?, empty()?, exact(cx, &this)?],
        None => [exact(cx, &this)?, empty()?, empty()?],
    };
    tuple::from_slice(cx, &parts)
}

pub(super) fn partition(cx: &Context, args: Args<'_>) -> Result<Object> {
    partitioned(cx, args, "bytes.partition", false)
}

pub(super) fn rpartition(cx: &Context, args: Args<'_>) -> Result<Object> {
    partitioned(cx, args, "bytes.rpartition", true)
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
    let window = window(cx, own(&this), given)?;
    let matches = |part: &[u8]| window.is_some_and(|(bytes, _)| test(bytes, part));
    if let Some(parts) = tuple_items(&given[0]) {
        for part in parts {
            if matches(wanted(cx, part)?) {
                return Ok(cx.bool(true));
            }
        }
        return Ok(cx.bool(false));
    }
    match view(&given[0]) {
        Some(part) => Ok(cx.bool(matches(part))),
        None => Err(cx.type_error(format_args!(
            "{name} first arg must be bytes or a tuple of bytes, not {}",
            cx.type_name(&given[0])
        ))),
    }
}

pub(super) fn startswith(cx: &Context, args: Args<'_>) -> Result<Object> {
    affix(cx, args, "startswith", |bytes, part| {
        bytes.starts_with(part)
    })
}

pub(super) fn endswith(cx: &Context, args: Args<'_>) -> Result<Object> {
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
    let part = match view(&given[0]) {
        Some(part) => part,
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
    Ok(window(cx, own(&this), given)?.map(|(bytes, start)| (look(bytes, part), start)))
}

fn position(found: Option<(Option<usize>, usize)>) -> Option<i64> {
    found.and_then(|(at, start)| Some((at? + start) as i64))
}

pub(super) fn find(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(position(search(cx, args, "find", locate)?).unwrap_or(-1))
}

pub(super) fn rfind(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(position(search(cx, args, "rfind", locate_last)?).unwrap_or(-1))
}

fn missing(cx: &Context) -> crate::Raised {
    cx.value_error(format_args!("subsection not found"))
}

pub(super) fn index(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = position(search(cx, args, "index", locate)?);
    cx.int(found.ok_or_else(|| missing(cx))?)
}

pub(super) fn rindex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = position(search(cx, args, "rindex", locate_last)?);
    cx.int(found.ok_or_else(|| missing(cx))?)
}

pub(super) fn count(cx: &Context, args: Args<'_>) -> Result<Object> {
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

pub(super) fn replace(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (old, new, count) = crate::builtin::string::replace_arguments(cx, args.rest())?;
    let (old, new) = (wanted(cx, &old)?, wanted(cx, &new)?);
    let mut left = count.unwrap_or(usize::MAX);
    let mut rest = own(&this);
    let mut out = Buffer::new();
    let heap = cx.heap();
    while left > 0
        && let Some(at) = locate(rest, old)
    {
        cx.fallible(out.extend_from_slice(heap, &rest[..at]))?;
        cx.fallible(out.extend_from_slice(heap, new))?;
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
    from_buffer(cx, out)
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
    let whole = own(&this);
    let rest = match given.first().filter(|given| !cx.is_none(given)) {
        Some(given) => {
            let given = wanted(cx, given)?;
            trim(whole, |byte| given.contains(&byte), left, right)
        }
        None => trim(whole, is_space, left, right),
    };
    if rest.len() == whole.len() {
        return exact(cx, &this);
    }
    from_slice(cx, rest)
}

pub(super) fn strip(cx: &Context, args: Args<'_>) -> Result<Object> {
    stripped(cx, args, "strip", true, true)
}

pub(super) fn lstrip(cx: &Context, args: Args<'_>) -> Result<Object> {
    stripped(cx, args, "lstrip", true, false)
}

pub(super) fn rstrip(cx: &Context, args: Args<'_>) -> Result<Object> {
    stripped(cx, args, "rstrip", false, true)
}

pub(super) fn upper(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "bytes.upper")?;
    let mut bytes = cx.fallible(Buffer::copied(cx.heap(), own(&this)))?;
    bytes.make_ascii_uppercase();
    from_buffer(cx, bytes)
}

pub(super) fn lower(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "bytes.lower")?;
    let mut bytes = cx.fallible(Buffer::copied(cx.heap(), own(&this)))?;
    bytes.make_ascii_lowercase();
    from_buffer(cx, bytes)
}

pub(super) fn isascii(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "bytes.isascii")?;
    Ok(cx.bool(own(&this).is_ascii()))
}

macro_rules! questions {
    ($($name:ident $text:literal $test:expr,)*) => {
        $(
            pub(super) fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
                let this = args.receiver();
    args.rest().exactly::<0>(cx, $text)?;
                let bytes = own(&this);
                Ok(cx.bool(!bytes.is_empty() && bytes.iter().copied().all($test)))
            }
        )*
    };
}

questions! {
    isdigit "bytes.isdigit" |byte| byte.is_ascii_digit(),
    isalpha "bytes.isalpha" |byte| byte.is_ascii_alphabetic(),
    isalnum "bytes.isalnum" |byte| byte.is_ascii_alphanumeric(),
    isspace "bytes.isspace" is_space,
}
