//! Integers read from text and written as text.

use super::{Value, from_big, receiver, value};
use crate::builtin::format_spec::write_magnitude;
use crate::builtin::string::category::{decimal_value, is_space};
use crate::format::Text;
use crate::{Args, Context, Object, Raised, Result};
use mortice_gc::Buffer;
use num_bigint::{BigInt, Sign};

/// Why a text is no integer.
#[derive(Debug)]
pub enum ParseError {
    /// It does not read as one.
    Invalid,
    /// It has more digits than `sys.set_int_max_str_digits` allows.
    TooLong(usize),
    /// Memory ran out.
    Raised(Raised),
}

/// Reads an integer: whitespace around it, a sign, a prefix that fits the base, digits of any
/// script, and single underscores between them. Base 0 lets the prefix decide.
///
/// # Errors
///
/// [`ParseError`].
pub fn parse(cx: &Context, text: &str, base: u32) -> std::result::Result<Object, ParseError> {
    let text = text.trim_matches(is_space);
    let (negative, text) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    let mut letters = text.chars();
    let prefix = match (letters.next(), letters.next()) {
        (Some('0'), Some('x' | 'X')) => Some(16),
        (Some('0'), Some('o' | 'O')) => Some(8),
        (Some('0'), Some('b' | 'B')) => Some(2),
        _ => None,
    };
    let (radix, digits) = match prefix {
        Some(radix) if base == 0 || base == radix => {
            let digits = &text[2..];
            (radix, digits.strip_prefix('_').unwrap_or(digits))
        }
        _ if base == 0 => (10, text),
        _ => (base, text),
    };
    let mut clean = Buffer::new();
    let mut small = Some(0i64);
    let mut after_underscore = true;
    for letter in digits.chars() {
        if letter == '_' {
            if after_underscore {
                return Err(ParseError::Invalid);
            }
            after_underscore = true;
            continue;
        }
        let Some(digit) = decimal_value(letter)
            .or_else(|| letter.to_digit(36))
            .filter(|digit| *digit < radix)
        else {
            return Err(ParseError::Invalid);
        };
        after_underscore = false;
        small = small
            .and_then(|value| value.checked_mul(i64::from(radix)))
            .and_then(|value| value.checked_add(i64::from(digit)));
        if clean.push(cx.heap(), digit as u8).is_err() {
            return Err(ParseError::Raised(cx.out_of_memory()));
        }
    }
    if after_underscore {
        return Err(ParseError::Invalid);
    }
    if base == 0 && prefix.is_none() && clean[0] == 0 && clean.iter().any(|digit| *digit != 0) {
        return Err(ParseError::Invalid);
    }
    let limit = cx.int_digit_limit();
    if limit != 0 && !radix.is_power_of_two() && clean.len() > limit {
        return Err(ParseError::TooLong(clean.len()));
    }
    let made = match small {
        Some(value) => cx.int(if negative { -value } else { value }),
        None => {
            let sign = if negative { Sign::Minus } else { Sign::Plus };
            match BigInt::from_radix_be(sign, &clean, radix) {
                Some(value) => from_big(cx, value),
                None => return Err(ParseError::Invalid),
            }
        }
    };
    made.map_err(ParseError::Raised)
}

/// Reads an integer; `shown` is the object whose repr an error message shows.
///
/// # Errors
///
/// ValueError.
pub(super) fn parse_object(cx: &Context, text: &str, base: u32, shown: &Object) -> Result<Object> {
    match parse(cx, text, base) {
        Ok(value) => Ok(value),
        Err(ParseError::Raised(raised)) => Err(raised),
        Err(ParseError::TooLong(digits)) => Err(cx.value_error(format_args!(
            "Exceeds the limit ({} digits) for integer string conversion: value has {digits} \
             digits; use sys.set_int_max_str_digits() to increase the limit",
            cx.int_digit_limit()
        ))),
        Err(ParseError::Invalid) => {
            let shown = cx.repr(shown)?;
            Err(cx.value_error(format_args!(
                "invalid literal for int() with base {base}: {:.200}",
                crate::text(&shown).unwrap_or("?")
            )))
        }
    }
}

/// Reads an integer as `int(text, base)` does.
///
/// # Errors
///
/// ValueError.
pub fn from_text(cx: &Context, text: &str, base: u32) -> Result<Object> {
    let shown = cx.string(text)?;
    parse_object(cx, text, base, &shown)
}

#[cold]
fn too_long(cx: &Context) -> Raised {
    cx.value_error(format_args!(
        "Exceeds the limit ({} digits) for integer string conversion; use \
         sys.set_int_max_str_digits() to increase the limit",
        cx.int_digit_limit()
    ))
}

/// Refuses to write an integer whose decimal digits exceed the limit by far, before the long work
/// of computing them.
///
/// # Errors
///
/// ValueError.
pub(crate) fn check_digits(cx: &Context, value: &BigInt) -> Result<()> {
    let limit = cx.int_digit_limit() as u64;
    // Three digits have less than ten bits: these many bits have more digits than the limit.
    if limit != 0 && value.bits() / 10 * 3 > limit + 3 {
        return Err(too_long(cx));
    }
    Ok(())
}

/// Refuses decimal digits beyond the limit.
///
/// # Errors
///
/// ValueError.
pub(crate) fn check_count(cx: &Context, digits: usize) -> Result<()> {
    let limit = cx.int_digit_limit();
    if limit != 0 && digits > limit {
        return Err(too_long(cx));
    }
    Ok(())
}

pub(super) fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let mut out = Text::new(cx);
    let value = receiver(cx, args);
    if value.is_negative() {
        cx.fallible(out.push("-"))?;
    }
    write_magnitude(cx, &mut out, &value, 10, false)?;
    out.finish(cx)
}

/// An integer in base 2, 8 or 16 behind its prefix, as `bin`, `oct` and `hex` write it.
///
/// # Errors
///
/// TypeError where the object is no integer.
pub fn to_base(cx: &Context, object: &Object, base: u32, prefix: &str) -> Result<Object> {
    let index = cx.index(object)?;
    let value = value(cx, &index).unwrap_or(Value::Small(0));
    let mut out = Text::new(cx);
    let sign = if value.is_negative() { "-" } else { "" };
    cx.fallible(out.push(sign))?;
    cx.fallible(out.push(prefix))?;
    write_magnitude(cx, &mut out, &value, base, false)?;
    out.finish(cx)
}
