//! The format-spec mini-language of `format(value, spec)`.
//!
//! A spec is parsed once ([`parse`]) and applied to text, integers or floats. Whatever the kind of
//! number, its digits come as [`Parts`] and one function ([`Parts::write`]) adds sign, grouping and
//! padding. How a float becomes digits is in [`float`].

pub mod float;
mod number;

pub use float::float_repr;
pub use number::{Parts, format_float, format_int, write_spec};
pub(crate) use number::{code_point, write_magnitude};

use super::string::category::decimal_value;
use super::string::{own, piece};
use crate::format::Text;
use crate::{Context, Object, Result};
use std::iter::Peekable;
use std::str::Chars;

/// Where a value stands in its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: padding between sign and digits.
    AfterSign,
}

/// A parsed format spec.
#[derive(Clone, Copy, Debug)]
pub struct Spec<'a> {
    /// The name of the value's type, for messages.
    pub type_name: &'a str,
    /// What fills the width.
    pub fill: char,
    /// Where the value stands; the type's default where nothing is given.
    pub align: Align,
    /// `+`, `-` or a space.
    pub sign: Option<char>,
    /// `#`
    pub alternate: bool,
    /// `z`: a negative zero loses its sign.
    pub no_negative_zero: bool,
    /// The least width, in code points.
    pub width: usize,
    /// `,` or `_` between the digits before the point.
    pub grouping: Option<char>,
    /// Digits after the point, or of a text.
    pub precision: Option<usize>,
    /// `,` or `_` between the digits after the point.
    pub fraction_grouping: Option<char>,
    /// The type at the end.
    pub kind: Option<char>,
}

fn align(character: char) -> Option<Align> {
    match character {
        '<' => Some(Align::Left),
        '>' => Some(Align::Right),
        '^' => Some(Align::Center),
        '=' => Some(Align::AfterSign),
        _ => None,
    }
}

/// Reads digits; `None` where there are none.
fn number(cx: &Context, characters: &mut Peekable<Chars<'_>>) -> Result<Option<usize>> {
    let mut value = None;
    while let Some(digit) = characters.peek().copied().and_then(decimal_value) {
        characters.next();
        let next = value
            .unwrap_or(0usize)
            .checked_mul(10)
            .and_then(|value| value.checked_add(digit as usize))
            .filter(|value| *value <= i64::MAX as usize);
        if next.is_none() {
            return Err(cx.value_error(format_args!("Too many decimal digits in format string")));
        }
        value = next;
    }
    Ok(value)
}

/// Reads `,` and `_`.
fn grouping(cx: &Context, characters: &mut Peekable<Chars<'_>>) -> Result<Option<char>> {
    let Some(mark) = characters.next_if(|next| matches!(next, ',' | '_')) else {
        return Ok(None);
    };
    if characters
        .peek()
        .is_some_and(|next| matches!(next, ',' | '_') && *next != mark)
    {
        return Err(cx.value_error(format_args!("Cannot specify both ',' and '_'.")));
    }
    Ok(Some(mark))
}

/// Parses the spec of a number, whose default is to stand on the right.
///
/// # Errors
///
/// ValueError in CPython's words.
pub fn parse<'a>(cx: &Context, spec: &str, type_name: &'a str) -> Result<Spec<'a>> {
    parse_with(cx, spec, type_name, Align::Right, None)
}

fn parse_with<'a>(
    cx: &Context,
    text: &str,
    type_name: &'a str,
    default_align: Align,
    default_kind: Option<char>,
) -> Result<Spec<'a>> {
    let mut spec = Spec {
        type_name,
        fill: ' ',
        align: default_align,
        sign: None,
        alternate: false,
        no_negative_zero: false,
        width: 0,
        grouping: None,
        precision: None,
        fraction_grouping: None,
        kind: None,
    };
    let (mut fill_given, mut align_given) = (false, false);
    let mut rest = text.chars();
    let mut ahead = text.chars();
    let (first, second) = (ahead.next(), ahead.next());
    if let (Some(fill), Some(found)) = (first, second.and_then(align)) {
        spec.fill = fill;
        spec.align = found;
        (fill_given, align_given) = (true, true);
        rest = ahead;
    } else if let Some(found) = first.and_then(align) {
        spec.align = found;
        align_given = true;
        rest.next();
    }
    let mut rest = rest.peekable();
    spec.sign = rest.next_if(|next| matches!(next, '+' | '-' | ' '));
    spec.no_negative_zero = rest.next_if_eq(&'z').is_some();
    spec.alternate = rest.next_if_eq(&'#').is_some();
    if !fill_given && rest.next_if_eq(&'0').is_some() {
        spec.fill = '0';
        if !align_given && default_align == Align::Right {
            spec.align = Align::AfterSign;
        }
    }
    spec.width = number(cx, &mut rest)?.unwrap_or(0);
    spec.grouping = grouping(cx, &mut rest)?;
    if rest.next_if_eq(&'.').is_some() {
        spec.precision = number(cx, &mut rest)?;
        spec.fraction_grouping = grouping(cx, &mut rest)?;
        if spec.precision.is_none() && spec.fraction_grouping.is_none() {
            return Err(cx.value_error(format_args!("Format specifier missing precision")));
        }
    }
    spec.kind = rest.next();
    if rest.next().is_some() {
        return Err(cx.value_error(format_args!(
            "Invalid format specifier '{text}' for object of type '{type_name}'"
        )));
    }
    if let Some(mark) = spec.grouping.or(spec.fraction_grouping) {
        let kind = spec.kind.or(default_kind);
        let allowed = match kind {
            None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F') => true,
            Some('b' | 'o' | 'x' | 'X') => mark == '_',
            Some(_) => false,
        };
        if !allowed {
            return Err(cannot_group(cx, mark, kind.unwrap_or('d')));
        }
    }
    Ok(spec)
}

#[cold]
fn cannot_group(cx: &Context, mark: char, kind: char) -> crate::Raised {
    if matches!(kind, '!'..='~') {
        cx.value_error(format_args!("Cannot specify '{mark}' with '{kind}'."))
    } else {
        let code = kind as u32;
        cx.value_error(format_args!("Cannot specify '{mark}' with '\\x{code:x}'."))
    }
}

/// The text of a spec that `__format__` was given.
///
/// # Errors
///
/// TypeError where it is no `str`.
pub fn text<'a>(cx: &Context, spec: &'a Object) -> Result<&'a str> {
    match crate::text(spec) {
        Some(text) => Ok(text),
        None => Err(cx.type_error(format_args!(
            "__format__() argument must be str, not {}",
            cx.type_name(spec)
        ))),
    }
}

/// The error for a type that the value does not know.
#[cold]
pub fn unknown_kind(cx: &Context, kind: char, type_name: &str) -> crate::Raised {
    if matches!(kind, '!'..='~') {
        cx.value_error(format_args!(
            "Unknown format code '{kind}' for object of type '{type_name}'"
        ))
    } else {
        let code = kind as u32;
        cx.value_error(format_args!(
            "Unknown format code '\\x{code:x}' for object of type '{type_name}'"
        ))
    }
}

/// Spaces before and after something of `length` in a width.
pub(crate) fn margins(align: Align, width: usize, length: usize) -> (usize, usize) {
    let all = width.saturating_sub(length);
    match align {
        Align::Left => (0, all),
        Align::Right | Align::AfterSign => (all, 0),
        Align::Center => (all / 2, all - all / 2),
    }
}

/// `format(text, spec)`.
///
/// # Errors
///
/// ValueError in CPython's words.
pub fn format_str(cx: &Context, string: &Object, spec: &str, type_name: &str) -> Result<Object> {
    let spec = parse_with(cx, spec, type_name, Align::Left, Some('s'))?;
    if let Some(kind) = spec.kind.filter(|kind| *kind != 's') {
        return Err(unknown_kind(cx, kind, type_name));
    }
    let refused = if spec.sign == Some(' ') {
        Some("Space not allowed in string format specifier")
    } else if spec.sign.is_some() {
        Some("Sign not allowed in string format specifier")
    } else if spec.no_negative_zero {
        Some("Negative zero coercion (z) not allowed in string format specifier")
    } else if spec.alternate {
        Some("Alternate form (#) not allowed in string format specifier")
    } else if spec.align == Align::AfterSign {
        Some("'=' alignment not allowed in string format specifier")
    } else {
        None
    };
    if let Some(words) = refused {
        return Err(cx.value_error(format_args!("{words}")));
    }
    let mut text = own(string);
    let mut length = text.chars().count();
    if let Some(precision) = spec.precision
        && precision < length
    {
        let end = text.char_indices().nth(precision);
        text = &text[..end.map_or(text.len(), |(at, _)| at)];
        length = precision;
    }
    let (before, after) = margins(spec.align, spec.width, length);
    if before + after == 0 {
        return if text.len() == own(string).len() {
            super::string::exact(cx, string)
        } else {
            piece(cx, text)
        };
    }
    let mut out = Text::new(cx);
    super::string::push_fill(cx, &mut out, spec.fill, before)?;
    cx.fallible(out.push(text))?;
    super::string::push_fill(cx, &mut out, spec.fill, after)?;
    out.finish(cx)
}
