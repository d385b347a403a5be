//! Finding, counting and replacing parts of a string.

use super::{StrBody, bounds, exact, own};
use crate::format::Text;
use crate::{Args, Borrowed, Context, Object, Result, body, text, tuple_items};

/// The byte offset of the code point at `position`; the length in bytes where it lies behind.
pub fn offset(string: &Object, position: usize) -> usize {
    let Some(body) = body::<StrBody>(string) else {
        return 0;
    };
    let text = body.as_str();
    if body.is_ascii() {
        return position.min(text.len());
    }
    if position >= body.len() {
        return text.len();
    }
    text.char_indices()
        .nth(position)
        .map_or(text.len(), |(at, _)| at)
}

/// Code points before a byte offset.
fn position(string: &Object, offset: usize) -> usize {
    match body::<StrBody>(string) {
        Some(body) if body.is_ascii() => offset,
        Some(body) => body.as_str()[..offset].chars().count(),
        None => 0,
    }
}

/// An argument that must be text, in the words of CPython's generated parsers.
pub(super) fn wanted<'a>(
    cx: &Context,
    value: &'a Object,
    function: &str,
    number: &str,
) -> Result<&'a str> {
    text(value).ok_or_else(|| {
        cx.type_error(format_args!(
            "{function}() argument{number} must be str, not {}",
            cx.type_name(value)
        ))
    })
}

/// The bytes of the receiver between two position arguments, from which offset on; `None` where the
/// start lies behind the end.
fn window<'a>(
    cx: &Context,
    string: &'a Object,
    start: Option<&Object>,
    end: Option<&Object>,
) -> Result<Option<(&'a str, usize)>> {
    let length = body::<StrBody>(string).map_or(0, StrBody::len);
    if start.is_none() && end.is_none() {
        return Ok(Some((own(string), 0)));
    }
    let (start, end) = bounds::range(cx, start, end, length)?;
    if start > end {
        return Ok(None);
    }
    let (start, end) = (offset(string, start), offset(string, end));
    Ok(Some((&own(string)[start..end], start)))
}

enum From {
    Left,
    Right,
}

/// The position of a part, or `None`.
fn locate(cx: &Context, args: Args<'_>, name: &str, from: From) -> Result<Option<usize>> {
    let this = args.receiver();
    let given = args.rest().between(cx, name, 1, 3)?;
    let part = wanted(cx, &given[0], name, " 1")?;
    let (start, end) = (given.get(1).map(|at| &**at), given.get(2).map(|at| &**at));
    let Some((text, before)) = window(cx, &this, start, end)? else {
        return Ok(None);
    };
    let found = match from {
        From::Left => text.find(part),
        From::Right => text.rfind(part),
    };
    Ok(found.map(|at| position(&this, before + at)))
}

pub(super) fn find(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = locate(cx, args, "find", From::Left)?;
    cx.int(found.map_or(-1, |at| at as i64))
}

pub(super) fn rfind(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = locate(cx, args, "rfind", From::Right)?;
    cx.int(found.map_or(-1, |at| at as i64))
}

fn missing(cx: &Context) -> crate::Raised {
    cx.value_error(format_args!("substring not found"))
}

pub(super) fn index(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = locate(cx, args, "index", From::Left)?;
    cx.int(found.ok_or_else(|| missing(cx))? as i64)
}

pub(super) fn rindex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = locate(cx, args, "rindex", From::Right)?;
    cx.int(found.ok_or_else(|| missing(cx))? as i64)
}

pub(super) fn count(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().between(cx, "count", 1, 3)?;
    let part = wanted(cx, &given[0], "count", " 1")?;
    let (start, end) = (given.get(1).map(|at| &**at), given.get(2).map(|at| &**at));
    let found = match window(cx, &this, start, end)? {
        Some((text, _)) if part.is_empty() => text.chars().count() + 1,
        Some((text, _)) => text.matches(part).count(),
        None => 0,
    };
    cx.int(found as i64)
}

fn affix(cx: &Context, args: Args<'_>, name: &str, test: fn(&str, &str) -> bool) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().between(cx, name, 1, 3)?;
    let (start, end) = (given.get(1).map(|at| &**at), given.get(2).map(|at| &**at));
    let window = window(cx, &this, start, end)?;
    let matches = |part: &str| window.is_some_and(|(text, _)| test(text, part));
    if let Some(part) = text(&given[0]) {
        return Ok(cx.bool(matches(part)));
    }
    let Some(parts) = tuple_items(&given[0]) else {
        return Err(cx.type_error(format_args!(
            "{name} first arg must be str or a tuple of str, not {}",
            cx.type_name(&given[0])
        )));
    };
    for part in parts {
        let Some(part) = text(part) else {
            return Err(cx.type_error(format_args!(
                "tuple for {name} must only contain str, not {}",
                cx.type_name(part)
            )));
        };
        if matches(part) {
            return Ok(cx.bool(true));
        }
    }
    Ok(cx.bool(false))
}

pub(super) fn startswith(cx: &Context, args: Args<'_>) -> Result<Object> {
    affix(cx, args, "startswith", |text, part| text.starts_with(part))
}

pub(super) fn endswith(cx: &Context, args: Args<'_>) -> Result<Object> {
    affix(cx, args, "endswith", |text, part| text.ends_with(part))
}

pub(super) fn removeprefix(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [part] = args.rest().exactly::<1>(cx, "str.removeprefix")?;
    match own(&this).strip_prefix(wanted(cx, &part, "removeprefix", "")?) {
        Some(rest) if rest.len() < own(&this).len() => super::piece(cx, rest),
        _ => exact(cx, &this),
    }
}

pub(super) fn removesuffix(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [part] = args.rest().exactly::<1>(cx, "str.removesuffix")?;
    match own(&this).strip_suffix(wanted(cx, &part, "removesuffix", "")?) {
        Some(rest) if rest.len() < own(&this).len() => super::piece(cx, rest),
        _ => exact(cx, &this),
    }
}

/// Old, new and count of a call to `replace`.
pub(crate) fn replace_arguments<'a>(
    cx: &Context,
    args: Args<'a>,
) -> Result<(Borrowed<'a>, Borrowed<'a>, Option<usize>)> {
    let given = args.positional().len();
    let &[old, new, ref rest @ ..] = args.positional() else {
        return Err(cx.type_error(format_args!(
            "replace() takes at least 2 positional arguments ({given} given)"
        )));
    };
    if args.values().len() > 3 {
        return Err(cx.type_error(format_args!(
            "replace() takes at most 3 arguments ({} given)",
            args.values().len()
        )));
    }
    let mut count = rest.first().copied();
    for (name, value) in args.keywords() {
        if text(name) != Some("count") {
            return Err(cx.type_error(format_args!(
                "replace() got an unexpected keyword argument '{}'",
                text(name).unwrap_or("?")
            )));
        }
        count = Some(value);
    }
    let count = match count {
        Some(count) => usize::try_from(bounds::size(cx, &count)?).ok(),
        None => None,
    };
    Ok((old, new, count))
}

pub(super) fn replace(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (old, new, count) = replace_arguments(cx, args.rest())?;
    let old = wanted(cx, &old, "replace", " 1")?;
    let new = wanted(cx, &new, "replace", " 2")?;
    let text = own(&this);
    let most = count.unwrap_or(usize::MAX);
    if most == 0 || old == new || !text.contains(old) {
        return exact(cx, &this);
    }
    let mut out = Text::new(cx);
    let mut end = 0;
    for (at, part) in text.match_indices(old).take(most) {
        cx.fallible(out.push(&text[end..at]))?;
        cx.fallible(out.push(new))?;
        end = at + part.len();
    }
    cx.fallible(out.push(&text[end..]))?;
    out.finish(cx)
}
