//! Taking strings apart and putting them together.

use super::category::is_space;
use super::{STR, bounds, exact, own, piece};
use crate::builtin::{list, tuple};
use crate::{Args, Buffer, Context, Object, Result, builtin, text};

/// `separator.join(iterable)`.
pub(super) fn join(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [iterable] = args.rest().exactly::<1>(cx, "str.join")?;
    let items = join_operands(cx, &iterable)?;
    join_items(cx, own(&this), &items)
}

/// The items that a call to `join` is given.
pub(crate) fn join_operands(cx: &Context, iterable: &Object) -> Result<Buffer<Object>> {
    match cx.collect(iterable) {
        Err(raised)
            if raised.is(cx, &builtin::TYPE_ERROR)
                && cx.slot_of(iterable, crate::SlotId::Iter).is_none()
                && cx.slot_of(iterable, crate::SlotId::GetItem).is_none() =>
        {
            Err(cx.type_error(format_args!("can only join an iterable")))
        }
        other => other,
    }
}

/// Joins strings.
///
/// # Errors
///
/// TypeError where an item is no `str`; MemoryError.
pub fn join_items(cx: &Context, separator: &str, items: &[Object]) -> Result<Object> {
    if let [only] = items
        && cx.is_exactly(only, &STR)
    {
        return Ok(only.clone());
    }
    let mut bytes = separator
        .len()
        .saturating_mul(items.len().saturating_sub(1));
    for (index, item) in items.iter().enumerate() {
        let Some(text) = text(item) else {
            return Err(cx.type_error(format_args!(
                "sequence item {index}: expected str instance, {} found",
                cx.type_name(item)
            )));
        };
        bytes = bytes.saturating_add(text.len());
    }
    if bytes == 0 {
        return Ok(cx.names().empty.clone());
    }
    let mut joined = cx.fallible(Buffer::with_capacity(cx.heap(), bytes))?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            cx.fallible(joined.extend_from_slice(cx.heap(), separator.as_bytes()))?;
        }
        cx.fallible(joined.extend_from_slice(cx.heap(), own(item).as_bytes()))?;
    }
    super::from_utf8_buffer(cx, joined)
}

/// Pieces under construction: a list.
struct Pieces<'a> {
    cx: &'a Context,
    items: Buffer<Object>,
}

impl Pieces<'_> {
    fn push(&mut self, text: &str) -> Result<()> {
        let piece = piece(self.cx, text)?;
        self.keep(piece)
    }

    fn keep(&mut self, piece: Object) -> Result<()> {
        self.cx.fallible(self.items.push(self.cx.heap(), piece))
    }

    fn finish(mut self, reversed: bool) -> Result<Object> {
        if reversed {
            self.items.reverse();
        }
        list::from_buffer(self.cx, self.items)
    }
}

/// Separator and greatest number of splits of a call.
fn split_arguments<'a>(
    cx: &Context,
    args: Args<'a>,
    name: &str,
) -> Result<(Option<crate::Borrowed<'a>>, usize)> {
    let [separator, most] = args.bind(cx, name, ["sep", "maxsplit"], 0)?;
    let most = match most {
        Some(most) => usize::try_from(bounds::size(cx, &most)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let separator = separator.filter(|separator| !cx.is_none(separator));
    if let Some(separator) = separator {
        match text(&separator) {
            Some("") => return Err(cx.value_error(format_args!("empty separator"))),
            Some(_) => {}
            None => {
                return Err(cx.type_error(format_args!(
                    "must be str or None, not {}",
                    cx.type_name(&separator)
                )));
            }
        }
    }
    Ok((separator, most))
}

pub(super) fn split(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (separator, most) = split_arguments(cx, args.rest(), "split")?;
    let mut pieces = Pieces {
        cx,
        items: Buffer::new(),
    };
    let mut rest = own(&this);
    let mut splits = 0;
    if let Some(separator) = separator {
        let separator = own(&separator);
        while splits < most
            && let Some((piece, tail)) = rest.split_once(separator)
        {
            pieces.push(piece)?;
            rest = tail;
            splits += 1;
        }
        if splits == 0 {
            pieces.keep(exact(cx, &this)?)?;
        } else {
            pieces.push(rest)?;
        }
        return pieces.finish(false);
    }
    rest = rest.trim_start_matches(is_space);
    while !rest.is_empty() {
        let end = match rest.find(is_space) {
            Some(end) if splits < most => end,
            _ => rest.len(),
        };
        if splits == most {
            pieces.push(rest)?;
            break;
        }
        pieces.push(&rest[..end])?;
        rest = rest[end..].trim_start_matches(is_space);
        splits += 1;
    }
    pieces.finish(false)
}

pub(super) fn rsplit(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (separator, most) = split_arguments(cx, args.rest(), "rsplit")?;
    let mut pieces = Pieces {
        cx,
        items: Buffer::new(),
    };
    let mut rest = own(&this);
    let mut splits = 0;
    if let Some(separator) = separator {
        let separator = own(&separator);
        while splits < most
            && let Some((head, piece)) = rest.rsplit_once(separator)
        {
            pieces.push(piece)?;
            rest = head;
            splits += 1;
        }
        if splits == 0 {
            pieces.keep(exact(cx, &this)?)?;
        } else {
            pieces.push(rest)?;
        }
        return pieces.finish(true);
    }
    rest = rest.trim_end_matches(is_space);
    while !rest.is_empty() {
        if splits == most {
            pieces.push(rest)?;
            break;
        }
        let start = rest
            .char_indices()
            .rev()
            .find(|(_, character)| is_space(*character))
            .map_or(0, |(at, character)| at + character.len_utf8());
        pieces.push(&rest[start..])?;
        rest = rest[..start].trim_end_matches(is_space);
        splits += 1;
    }
    pieces.finish(true)
}

/// Tells whether a line ends at the character.
fn is_line_break(character: char) -> bool {
    matches!(
        character,
        '\n' | '\x0b' | '\x0c' | '\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

pub(super) fn splitlines(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [keep] = args.rest().bind(cx, "splitlines", ["keepends"], 0)?;
    let keep = match keep {
        Some(keep) => cx.truth(&keep)?,
        None => false,
    };
    let mut pieces = Pieces {
        cx,
        items: Buffer::new(),
    };
    let mut rest = own(&this);
    while !rest.is_empty() {
        let (end, next) = match rest.find(is_line_break) {
            None => (rest.len(), rest.len()),
            Some(end) if rest[end..].starts_with("\r\n") => (end, end + 2),
            Some(end) => {
                let width = rest[end..].chars().next().map_or(0, char::len_utf8);
                (end, end + width)
            }
        };
        pieces.push(&rest[..if keep { next } else { end }])?;
        rest = &rest[next..];
    }
    pieces.finish(false)
}

fn partitioned(cx: &Context, args: Args<'_>, name: &str, right: bool) -> Result<Object> {
    let this = args.receiver();
    let [separator] = args.rest().exactly::<1>(cx, name)?;
    let part = match text(&separator) {
        Some("") => return Err(cx.value_error(format_args!("empty separator"))),
        Some(part) => part,
        None => {
            return Err(cx.type_error(format_args!(
                "must be str, not {}",
                cx.told_name(&separator)?
            )));
        }
    };
    let whole = own(&this);
    let found = if right {
        whole.rsplit_once(part)
    } else {
        whole.split_once(part)
    };
    let empty = || cx.names().empty.clone();
    let parts = match found {
        Some((before, after)) => [piece(cx, before)?, (*separator).clone(), piece(cx, after)?],
        None if right => [empty(), empty(), exact(cx, &this)?],
        None => [exact(cx, &this)?, empty(), empty()],
    };
    tuple::from_slice(cx, &parts)
}

pub(super) fn partition(cx: &Context, args: Args<'_>) -> Result<Object> {
    partitioned(cx, args, "str.partition", false)
}

pub(super) fn rpartition(cx: &Context, args: Args<'_>) -> Result<Object> {
    partitioned(cx, args, "str.rpartition", true)
}
