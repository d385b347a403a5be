//! Numbers in a width: sign, prefix, grouping and padding.

use super::float::{Style, write_float};
use super::{Align, Spec, unknown_kind};
use crate::builtin::int::{self, Value};
use crate::builtin::string::push_fill;
use crate::format::Text;
use crate::{Context, Object, OutOfMemory, Result};
use std::fmt::Write;

/// A number's text, taken apart.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts<'a> {
    /// Whether it is below zero.
    pub negative: bool,
    /// `0x` and its like.
    pub prefix: &'a str,
    /// The digits before the point.
    pub digits: &'a str,
    /// The digits after the point; `None` where there is no point.
    pub fraction: Option<&'a str>,
    /// What follows: exponent, percent sign, or the word of a float that is not finite.
    pub tail: &'a str,
    /// Digits between separators.
    pub group: usize,
}

type Written = std::result::Result<(), OutOfMemory>;

/// Characters that `digits` take with separators, at least `least` wide, and how many of them are
/// zeros in front.
fn grouped(digits: usize, group: usize, least: usize, mark: bool) -> (usize, usize) {
    if !mark {
        let zeros = least.saturating_sub(digits);
        return (digits + zeros, zeros);
    }
    let (mut rest, mut least) = (digits as i64, least as i64);
    let (mut all, mut zeros) = (0, 0);
    loop {
        let length = (group as i64).min(rest.max(least).max(1));
        let taken = length.min(rest.max(0));
        all += length;
        zeros += length - taken;
        rest -= taken;
        least -= length;
        if rest <= 0 && least <= 0 {
            return (all as usize, zeros as usize);
        }
        all += 1;
        least -= 1;
    }
}

impl Parts<'_> {
    fn sign(&self, spec: &Spec<'_>) -> Option<char> {
        match (self.negative, spec.sign) {
            (true, _) => Some('-'),
            (false, Some('+')) => Some('+'),
            (false, Some(' ')) => Some(' '),
            _ => None,
        }
    }

    /// Separators go before each full group but the first, counted from the right.
    fn write_digits(&self, out: &mut Text<'_>, zeros: usize, mark: Option<char>) -> Written {
        let all = zeros + self.digits.len();
        let digits = std::iter::repeat_n('0', zeros).chain(self.digits.chars());
        for (at, digit) in digits.enumerate() {
            if let Some(mark) = mark
                && at > 0
                && (all - at).is_multiple_of(self.group)
            {
                out.push_char(mark)?;
            }
            out.push_char(digit)?;
        }
        Ok(())
    }

    fn write_fraction(&self, out: &mut Text<'_>, mark: Option<char>) -> Written {
        let Some(fraction) = self.fraction else {
            return Ok(());
        };
        out.push(".")?;
        for (at, digit) in fraction.chars().enumerate() {
            if let Some(mark) = mark
                && at > 0
                && at.is_multiple_of(3)
            {
                out.push_char(mark)?;
            }
            out.push_char(digit)?;
        }
        Ok(())
    }

    /// Writes the number as the spec says.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn write(&self, cx: &Context, out: &mut Text<'_>, spec: &Spec<'_>) -> Result<()> {
        let sign = self.sign(spec);
        let fraction = self.fraction.map_or(0, |fraction| {
            let marks = match spec.fraction_grouping {
                Some(_) => fraction.len().saturating_sub(1) / 3,
                None => 0,
            };
            1 + fraction.len() + marks
        });
        let other = usize::from(sign.is_some()) + self.prefix.len() + fraction + self.tail.len();
        let least = if spec.fill == '0' && spec.align == Align::AfterSign {
            spec.width.saturating_sub(other)
        } else {
            0
        };
        let (length, zeros) = if self.digits.is_empty() {
            (0, 0)
        } else {
            grouped(
                self.digits.len(),
                self.group,
                least,
                spec.grouping.is_some(),
            )
        };
        let margin = spec.width.saturating_sub(other + length);
        let (before, middle, after) = match spec.align {
            Align::Left => (0, 0, margin),
            Align::Right => (margin, 0, 0),
            Align::Center => (margin / 2, 0, margin - margin / 2),
            Align::AfterSign => (0, margin, 0),
        };
        push_fill(cx, out, spec.fill, before)?;
        if let Some(sign) = sign {
            cx.fallible(out.push_char(sign))?;
        }
        cx.fallible(out.push(self.prefix))?;
        push_fill(cx, out, spec.fill, middle)?;
        cx.fallible(self.write_digits(out, zeros, spec.grouping))?;
        cx.fallible(self.write_fraction(out, spec.fraction_grouping))?;
        cx.fallible(out.push(self.tail))?;
        push_fill(cx, out, spec.fill, after)
    }
}

/// Writes the digits of an integer's magnitude in a base.
///
/// # Errors
///
/// MemoryError.
pub(crate) fn write_magnitude(
    cx: &Context,
    out: &mut Text<'_>,
    value: &Value<'_>,
    base: u32,
    upper: bool,
) -> Result<()> {
    let written = match value {
        Value::Small(value) => {
            let value = value.unsigned_abs();
            match (base, upper) {
                (2, _) => write!(out, "{value:b}"),
                (8, _) => write!(out, "{value:o}"),
                (16, false) => write!(out, "{value:x}"),
                (16, true) => write!(out, "{value:X}"),
                _ => write!(out, "{value}"),
            }
        }
        Value::Big(value) => {
            if base == 10 {
                int::check_digits(cx, value)?;
            }
            // std: the digits of a bigint come as a string of the library
            let mut digits = value.magnitude().to_str_radix(base);
            if base == 10 {
                int::check_count(cx, digits.len())?;
            }
            if upper {
                digits.make_ascii_uppercase();
            }
            out.write_str(&digits)
        }
    };
    written.map_err(|_| cx.out_of_memory())
}

/// A code point that `%c` or the type `c` names.
pub(crate) fn code_point(value: &Value<'_>) -> Option<char> {
    u32::try_from(value.to_i64()?).ok().and_then(char::from_u32)
}

/// `format(int, spec)`.
///
/// # Errors
///
/// ValueError and OverflowError in CPython's words.
pub fn format_int(cx: &Context, value: &Value<'_>, spec: &Spec<'_>) -> Result<Object> {
    let kind = spec.kind.unwrap_or('d');
    let (base, prefix) = match kind {
        'd' | 'n' | 'c' => (10, ""),
        'b' => (2, "0b"),
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => {
            return format_float(cx, int::to_f64(cx, value)?, spec);
        }
        _ => return Err(unknown_kind(cx, kind, spec.type_name)),
    };
    let words = if spec.precision.is_some() {
        Some("Precision not allowed in integer format specifier")
    } else if spec.no_negative_zero {
        Some("Negative zero coercion (z) not allowed in integer format specifier")
    } else if kind == 'c' && spec.sign.is_some() {
        Some("Sign not allowed with integer format specifier 'c'")
    } else if kind == 'c' && spec.alternate {
        Some("Alternate form (#) not allowed with integer format specifier 'c'")
    } else {
        None
    };
    if let Some(words) = words {
        return Err(cx.value_error(format_args!("{words}")));
    }
    let mut out = Text::new(cx);
    if kind == 'c' {
        if value.to_i64().is_none() {
            return Err(
                cx.overflow_error(format_args!("Python int too large to convert to C long"))
            );
        }
        let Some(character) = code_point(value) else {
            return Err(cx.overflow_error(format_args!("%c arg not in range(0x110000)")));
        };
        let (before, after) = super::margins(spec.align, spec.width, 1);
        push_fill(cx, &mut out, spec.fill, before)?;
        cx.fallible(out.push_char(character))?;
        push_fill(cx, &mut out, spec.fill, after)?;
        return out.finish(cx);
    }
    let mut digits = Text::new(cx);
    write_magnitude(cx, &mut digits, value, base, kind == 'X')?;
    let parts = Parts {
        negative: value.is_negative(),
        prefix: if spec.alternate { prefix } else { "" },
        digits: digits.as_str(),
        group: if base == 10 { 3 } else { 4 },
        ..Parts::default()
    };
    parts.write(cx, &mut out, spec)?;
    out.finish(cx)
}

/// `format(float, spec)`.
///
/// # Errors
///
/// ValueError in CPython's words.
pub fn format_float(cx: &Context, value: f64, spec: &Spec<'_>) -> Result<Object> {
    let mut out = Text::new(cx);
    write_spec(cx, &mut out, value, spec)?;
    out.finish(cx)
}

/// Appends a float as a spec says; complex numbers write two.
///
/// # Errors
///
/// ValueError in CPython's words.
pub fn write_spec(cx: &Context, out: &mut Text<'_>, value: f64, spec: &Spec<'_>) -> Result<()> {
    if spec
        .precision
        .is_some_and(|precision| precision > i32::MAX as usize)
    {
        return Err(cx.value_error(format_args!("precision too big")));
    }
    let (kind, precision) = match (spec.kind, spec.precision) {
        (None, None) => ('r', 0),
        (None, Some(precision)) => ('g', precision),
        (Some('n'), precision) => ('g', precision.unwrap_or(6)),
        (Some('%'), precision) => ('f', precision.unwrap_or(6)),
        (Some(kind @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G')), precision) => {
            (kind, precision.unwrap_or(6))
        }
        (Some(kind), _) => return Err(unknown_kind(cx, kind, spec.type_name)),
    };
    let percent = spec.kind == Some('%');
    let mut digits = Text::new(cx);
    let style = Style {
        kind,
        precision,
        alternate: spec.alternate,
        point_zero: spec.kind.is_none(),
    };
    let value = if percent { value * 100.0 } else { value };
    write_float(&mut digits, value, style).map_err(|_| cx.out_of_memory())?;
    if percent {
        cx.fallible(digits.push("%"))?;
    }
    let text = digits.as_str();
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let (whole, rest) = text.split_at(end);
    let (fraction, tail) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest
                .find(|character: char| !character.is_ascii_digit())
                .unwrap_or(rest.len());
            (Some(&rest[..end]), &rest[end..])
        }
        None => (None, rest),
    };
    let mut negative = value.is_sign_negative() && !value.is_nan();
    if spec.no_negative_zero && negative && value.is_finite() {
        let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
        negative = mantissa.contains(|digit| matches!(digit, '1'..='9'));
    }
    let parts = Parts {
        negative,
        digits: whole,
        fraction,
        tail,
        group: 3,
        ..Parts::default()
    };
    parts.write(cx, out, spec)
}
