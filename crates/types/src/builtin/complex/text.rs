//! Complex numbers read from text and written as text.

use super::{Complex, receiver};
use crate::builtin::float;
use crate::builtin::format_spec::float_repr;
use crate::builtin::string::category::is_space;
use crate::format::Text;
use crate::{Args, Context, Object, Result};

/// A part as `repr` writes it: a float without a superfluous `.0`.
pub(super) fn write_part(cx: &Context, out: &mut Text<'_>, value: f64, signed: bool) -> Result<()> {
    if signed && (value.is_nan() || value.is_sign_positive()) {
        cx.fallible(out.push("+"))?;
    }
    let mut part = Text::new(cx);
    float_repr(value, &mut part).map_err(|_| cx.out_of_memory())?;
    let text = part.as_str();
    cx.fallible(out.push(text.strip_suffix(".0").unwrap_or(text)))
}

pub(super) fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let value = receiver(args);
    let mut out = Text::new(cx);
    if value.real == 0.0 && value.real.is_sign_positive() {
        write_part(cx, &mut out, value.imaginary, false)?;
        cx.fallible(out.push("j"))?;
    } else {
        cx.fallible(out.push("("))?;
        write_part(cx, &mut out, value.real, false)?;
        write_part(cx, &mut out, value.imaginary, true)?;
        cx.fallible(out.push("j)"))?;
    }
    out.finish(cx)
}

/// Bytes of the float that a text begins with; 0 where it begins with none.
fn float_prefix(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_digit() || *byte == b'_')
        {
            at += 1;
        }
        at
    };
    let start = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    for word in ["infinity", "inf", "nan"] {
        let end = start + word.len();
        if text
            .get(start..end)
            .is_some_and(|part| part.eq_ignore_ascii_case(word))
        {
            return end;
        }
    }
    let mut end = digits(start);
    let mut any = end > start;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        any |= fraction > end + 1;
        end = fraction;
    }
    if !any {
        return 0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(signed);
        if exponent > signed {
            end = exponent;
        }
    }
    end
}

/// A part before a `j`, where the digits may be left out: `j`, `+j`, `-j`.
fn imaginary(cx: &Context, text: &str) -> Result<Option<f64>> {
    match text {
        "" | "+" => Ok(Some(1.0)),
        "-" => Ok(Some(-1.0)),
        _ if float_prefix(text) == text.len() => float::parse(cx, text),
        _ => Ok(None),
    }
}

/// Reads a complex number, in parentheses or not. `None` for other text.
///
/// # Errors
///
/// MemoryError.
pub(super) fn parse(cx: &Context, text: &str) -> Result<Option<Complex>> {
    let mut text = text.trim_matches(is_space);
    if let Some(inner) = text.strip_prefix('(') {
        let Some(inner) = inner.strip_suffix(')') else {
            return Ok(None);
        };
        text = inner.trim_matches(is_space);
    }
    let Some(body) = text.strip_suffix(['j', 'J']) else {
        if text.is_empty() || float_prefix(text) != text.len() {
            return Ok(None);
        }
        let real = float::parse(cx, text)?;
        return Ok(real.map(|real| Complex {
            real,
            imaginary: 0.0,
        }));
    };
    if let Some(imaginary) = imaginary(cx, body)? {
        let real = 0.0;
        return Ok(Some(Complex { real, imaginary }));
    }
    let (real, rest) = body.split_at(float_prefix(body));
    if real.is_empty() || !rest.starts_with(['+', '-']) {
        return Ok(None);
    }
    Ok(match (float::parse(cx, real)?, imaginary(cx, rest)?) {
        (Some(real), Some(imaginary)) => Some(Complex { real, imaginary }),
        _ => None,
    })
}
