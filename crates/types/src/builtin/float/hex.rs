//! Floats in hexadecimal.

use super::{new_float, parts, receiver};
use crate::builtin::int::nearest_quotient;
use crate::builtin::string::category::is_space;
use crate::{Args, Context, Object, Result, Type};
use num_bigint::BigInt;
use num_traits::Zero;

pub(super) fn hex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "float.hex")?;
    let value = receiver(args);
    if !value.is_finite() {
        return super::repr(cx, value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return cx.format(format_args!("{sign}0x0.0p+0"));
    }
    let (mantissa, exponent) = parts(value);
    let (lead, fraction) = (mantissa >> 52, mantissa & ((1 << 52) - 1));
    let exponent = exponent + 52;
    cx.format(format_args!("{sign}0x{lead}.{fraction:013x}p{exponent:+}"))
}

/// What a text in hexadecimal means.
enum Read {
    Invalid,
    TooLarge,
    Value(f64),
}

fn read(text: &str) -> Read {
    let text = text.trim_matches(is_space);
    let (negative, text) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    let signed = |value: f64| Read::Value(if negative { -value } else { value });
    for (word, value) in [
        ("inf", f64::INFINITY),
        ("infinity", f64::INFINITY),
        ("nan", f64::NAN),
    ] {
        if text.eq_ignore_ascii_case(word) {
            return signed(value);
        }
    }
    let text = match text.get(..2) {
        Some("0x" | "0X") => &text[2..],
        _ => text,
    };
    let (digits, power) = match text.split_once(['p', 'P']) {
        Some((digits, power)) => (digits, Some(power)),
        None => (text, None),
    };
    let power = match power {
        None => 0,
        Some(power) => {
            let bare = power.strip_prefix(['+', '-']).unwrap_or(power);
            if bare.is_empty() || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
                return Read::Invalid;
            }
            let limit = if power.starts_with('-') {
                -1 << 60
            } else {
                1 << 60
            };
            power.parse().unwrap_or(limit).clamp(-1i64 << 60, 1 << 60)
        }
    };
    let (mut mantissa, mut places, mut count) = (BigInt::zero(), None, 0usize);
    for letter in digits.chars() {
        if letter == '.' && places.is_none() {
            places = Some(0i64);
            continue;
        }
        let Some(digit) = letter.to_digit(16) else {
            return Read::Invalid;
        };
        mantissa = (mantissa << 4u32) + digit;
        places = places.map(|places| places + 1);
        count += 1;
    }
    if count == 0 {
        return Read::Invalid;
    }
    if mantissa.is_zero() {
        return signed(0.0);
    }
    let power = power - 4 * places.unwrap_or(0);
    let highest = power.saturating_add(mantissa.bits() as i64);
    if highest > 1100 {
        return Read::TooLarge;
    }
    if highest < -1100 {
        return signed(0.0);
    }
    let one = BigInt::from(1);
    let value = if power >= 0 {
        nearest_quotient(&(mantissa << power.unsigned_abs()), &one)
    } else {
        nearest_quotient(&mantissa, &(one << power.unsigned_abs()))
    };
    match value {
        Some(value) => signed(value),
        None => Read::TooLarge,
    }
}

pub(super) fn fromhex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let [source] = args.rest().exactly::<1>(cx, "float.fromhex")?;
    let Some(source) = crate::text(&source) else {
        return Err(cx.type_error(format_args!("bad argument type for built-in operation")));
    };
    let value = match read(source) {
        Read::Value(value) => new_float(cx, value)?,
        Read::TooLarge => {
            return Err(cx.overflow_error(format_args!(
                "hexadecimal value too large to represent as a float"
            )));
        }
        Read::Invalid => {
            return Err(cx.value_error(format_args!("invalid hexadecimal floating-point string")));
        }
    };
    of_class(cx, &class, value)
}

/// Hands a float to the class that a class method was called on.
pub(super) fn of_class(cx: &Context, class: &Object, value: Object) -> Result<Object> {
    match Type::view(class) {
        Some(of) if !of.is(cx.builtin_ref(&super::FLOAT)) => cx.construct(of, &[value.borrow()]),
        _ => Ok(value),
    }
}
