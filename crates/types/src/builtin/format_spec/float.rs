//! Floats as digits.
//!
//! The digits come from the standard library's exact conversions; what is decided here is where the
//! point stands and whether there is an exponent.

use std::fmt::{self, Write};

/// More digits than any finite float has after its first one or after its point; what is asked
/// beyond are zeros.
const MOST_DIGITS: usize = 1100;

/// Room for the longest output of the standard library: 309 digits, a point and [`MOST_DIGITS`].
struct Room {
    bytes: [u8; 1536],
    length: usize,
}

impl Room {
    fn of(arguments: fmt::Arguments<'_>) -> Room {
        let mut room = Room {
            bytes: [0; 1536],
            length: 0,
        };
        // The room is enough for every float.
        let _ = room.write_fmt(arguments);
        room
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl Write for Room {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        let place = self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// How a float is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// `e`, `f`, `g` or `r` (the shortest digits that give the same float), or the first three in
    /// upper case.
    pub kind: char,
    /// Digits after the point for `e` and `f`, in all for `g`.
    pub precision: usize,
    /// Keep the point, and the zeros of `g`.
    pub alternate: bool,
    /// Add `.0` where neither point nor exponent would be.
    pub point_zero: bool,
}

fn zeros(out: &mut impl Write, count: usize) -> fmt::Result {
    (0..count).try_for_each(|_| out.write_char('0'))
}

/// Writes a float without its sign.
///
/// # Errors
///
/// What writing gives.
pub fn write_float(out: &mut impl Write, value: f64, style: Style) -> fmt::Result {
    let upper = style.kind.is_ascii_uppercase();
    let value = value.abs();
    if !value.is_finite() {
        return out.write_str(match (value.is_nan(), upper) {
            (true, false) => "nan",
            (true, true) => "NAN",
            (false, false) => "inf",
            (false, true) => "INF",
        });
    }
    let kind = style.kind.to_ascii_lowercase();
    match kind {
        'f' => {
            let digits = style.precision.min(MOST_DIGITS);
            let room = Room::of(format_args!("{value:.digits$}"));
            out.write_str(room.as_str())?;
            zeros(out, style.precision - digits)?;
            if style.precision == 0 && style.alternate {
                out.write_char('.')?;
            }
            Ok(())
        }
        'e' => {
            let digits = style.precision.min(MOST_DIGITS);
            let room = Room::of(format_args!("{value:.digits$e}"));
            let (mantissa, exponent) = split(room.as_str());
            out.write_str(mantissa)?;
            if style.alternate && style.precision == 0 {
                out.write_char('.')?;
            }
            zeros(out, style.precision - digits)?;
            write_exponent(out, exponent, upper)
        }
        _ => write_general(out, value, kind, upper, style),
    }
}

/// The fewest digits that give the same float, in scientific notation.
///
/// Where two texts of that length are equally near, CPython takes the one that ends in an even
/// digit and the standard library the upper one. Such a float has one exact digit more than the
/// text, and no text of fewer than 15 digits is that near to its float.
fn shortest(value: f64) -> Room {
    const LEAST_TIED: usize = 15;
    let short = Room::of(format_args!("{value:e}"));
    let digits = split(short.as_str()).0.bytes().filter(u8::is_ascii_digit);
    let count = digits.count();
    if count < LEAST_TIED {
        return short;
    }
    let after_first = count - 1;
    let exact = Room::of(format_args!("{value:.after_first$e}"));
    if exact.as_str() != short.as_str() && exact.as_str().parse() == Ok(value) {
        return exact;
    }
    short
}

/// Mantissa and exponent of scientific notation.
fn split(text: &str) -> (&str, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    (mantissa, exponent.parse().unwrap_or(0))
}

fn write_exponent(out: &mut impl Write, exponent: i32, upper: bool) -> fmt::Result {
    let mark = if upper { 'E' } else { 'e' };
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(out, "{mark}{sign}{:02}", exponent.unsigned_abs())
}

/// `g` and `r`: an exponent where the number is very large or very small.
fn write_general(
    out: &mut impl Write,
    value: f64,
    kind: char,
    upper: bool,
    style: Style,
) -> fmt::Result {
    let precision = style.precision.max(1);
    let room = if kind == 'r' {
        shortest(value)
    } else {
        let after_first = (precision - 1).min(MOST_DIGITS);
        Room::of(format_args!("{value:.after_first$e}"))
    };
    let (mantissa, exponent) = split(room.as_str());
    let mut digits = [b'0'; MOST_DIGITS + 2];
    let mut count = 0;
    for byte in mantissa.bytes().filter(u8::is_ascii_digit) {
        digits[count] = byte;
        count += 1;
    }
    while count > 1 && digits[count - 1] == b'0' {
        count -= 1;
    }
    let digits = std::str::from_utf8(&digits[..count]).unwrap_or_default();
    // Digits before the point.
    let whole = exponent + 1;
    let limit = if kind == 'r' {
        16
    } else {
        precision.min(i32::MAX as usize) as i32 - i32::from(style.point_zero)
    };
    let padding = |written: usize| {
        if style.alternate && kind == 'g' {
            precision.saturating_sub(written)
        } else {
            0
        }
    };
    if whole <= -4 || whole > limit {
        let (first, rest) = digits.split_at(1);
        let padding = padding(count);
        out.write_str(first)?;
        if !rest.is_empty() || style.alternate || padding > 0 {
            out.write_char('.')?;
        }
        out.write_str(rest)?;
        zeros(out, padding)?;
        return write_exponent(out, exponent, upper);
    }
    if whole <= 0 {
        out.write_str("0.")?;
        zeros(out, whole.unsigned_abs() as usize)?;
        out.write_str(digits)?;
        // A zero's only digit stands before the point.
        return zeros(out, padding(count));
    }
    let whole = whole as usize;
    let before = whole.min(count);
    out.write_str(&digits[..before])?;
    zeros(out, whole - before)?;
    let padding = padding(whole.max(count));
    if count > whole {
        out.write_char('.')?;
        out.write_str(&digits[whole..])?;
    } else if style.point_zero && padding == 0 {
        out.write_str(".0")?;
    } else if style.alternate || padding > 0 {
        out.write_char('.')?;
    }
    zeros(out, padding)
}

/// Writes a float as `repr` does: the shortest digits that give the same float.
///
/// # Errors
///
/// What writing gives.
pub fn float_repr(value: f64, out: &mut impl Write) -> fmt::Result {
    if value.is_sign_negative() && !value.is_nan() {
        out.write_char('-')?;
    }
    write_float(
        out,
        value,
        Style {
            kind: 'r',
            precision: 0,
            alternate: false,
            point_zero: true,
        },
    )
}
