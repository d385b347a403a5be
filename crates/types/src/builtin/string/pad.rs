//! Taking characters off the ends of a string, and adding them.

use super::category::is_space;
use super::{StrBody, bounds, exact, own, piece};
use crate::format::Text;
use crate::{Args, Borrowed, Context, Object, Result, body, text};

fn stripped(cx: &Context, args: Args<'_>, name: &str, left: bool, right: bool) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().between(cx, name, 0, 1)?;
    let characters = match given.first() {
        Some(given) if !cx.is_none(given) => match text(given) {
            Some(characters) => Some(characters),
            None => {
                return Err(cx.type_error(format_args!("{name} arg must be None or str")));
            }
        },
        _ => None,
    };
    let whole = own(&this);
    let taken = |character: char| match characters {
        Some(characters) => characters.contains(character),
        None => is_space(character),
    };
    let mut rest = whole;
    if left {
        rest = rest.trim_start_matches(taken);
    }
    if right {
        rest = rest.trim_end_matches(taken);
    }
    if rest.len() == whole.len() {
        return exact(cx, &this);
    }
    piece(cx, rest)
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

fn length(string: &Object) -> usize {
    body::<StrBody>(string).map_or(0, StrBody::len)
}

fn fill_character(cx: &Context, fill: Option<&Borrowed<'_>>) -> Result<char> {
    let Some(fill) = fill else {
        return Ok(' ');
    };
    let Some(text) = text(fill) else {
        return Err(cx.type_error(format_args!(
            "The fill character must be a unicode character, not {}",
            cx.type_name(fill)
        )));
    };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(character),
        _ => Err(cx.type_error(format_args!(
            "The fill character must be exactly one character long"
        ))),
    }
}

/// Appends a character `count` times.
pub(crate) fn push_fill(cx: &Context, out: &mut Text<'_>, fill: char, count: usize) -> Result<()> {
    for _ in 0..count {
        cx.fallible(out.push_char(fill))?;
    }
    Ok(())
}

fn padded(
    cx: &Context,
    args: Args<'_>,
    name: &str,
    left: fn(usize, i64) -> usize,
) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().between(cx, name, 1, 2)?;
    let width = bounds::size(cx, &given[0])?;
    let fill = fill_character(cx, given.get(1))?;
    let margin = usize::try_from(width)
        .unwrap_or(0)
        .saturating_sub(length(&this));
    if margin == 0 {
        return exact(cx, &this);
    }
    let left = left(margin, width);
    let mut out = Text::new(cx);
    push_fill(cx, &mut out, fill, left)?;
    cx.fallible(out.push(own(&this)))?;
    push_fill(cx, &mut out, fill, margin - left)?;
    out.finish(cx)
}

/// The left half of a margin; an odd one leans to the left where the width is odd too.
pub(crate) fn center_left(margin: usize, width: i64) -> usize {
    margin / 2 + (margin & width as usize & 1)
}

pub(super) fn center(cx: &Context, args: Args<'_>) -> Result<Object> {
    padded(cx, args, "center", center_left)
}

pub(super) fn ljust(cx: &Context, args: Args<'_>) -> Result<Object> {
    padded(cx, args, "ljust", |_, _| 0)
}

pub(super) fn rjust(cx: &Context, args: Args<'_>) -> Result<Object> {
    padded(cx, args, "rjust", |margin, _| margin)
}

pub(super) fn zfill(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [width] = args.rest().exactly::<1>(cx, "str.zfill")?;
    let width = usize::try_from(bounds::size(cx, &width)?).unwrap_or(0);
    let margin = width.saturating_sub(length(&this));
    if margin == 0 {
        return exact(cx, &this);
    }
    let text = own(&this);
    let (sign, digits) = text.split_at(usize::from(text.starts_with(['+', '-'])));
    let mut out = Text::new(cx);
    cx.fallible(out.push(sign))?;
    push_fill(cx, &mut out, '0', margin)?;
    cx.fallible(out.push(digits))?;
    out.finish(cx)
}

pub(super) fn expandtabs(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [size] = args.rest().bind(cx, "expandtabs", ["tabsize"], 0)?;
    let size = match size {
        Some(size) => usize::try_from(bounds::size(cx, &size)?).unwrap_or(0),
        None => 8,
    };
    if !own(&this).contains('\t') {
        return exact(cx, &this);
    }
    let mut out = Text::new(cx);
    let mut column = 0usize;
    for character in own(&this).chars() {
        match character {
            '\t' if size > 0 => {
                let gap = size - column % size;
                column += gap;
                push_fill(cx, &mut out, ' ', gap)?;
            }
            '\t' => {}
            _ => {
                column = if matches!(character, '\n' | '\r') {
                    0
                } else {
                    column + 1
                };
                cx.fallible(out.push_char(character))?;
            }
        }
    }
    out.finish(cx)
}
