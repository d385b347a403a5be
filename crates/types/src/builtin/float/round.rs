//! Rounding to a decimal place: the exact value is rounded, half to even.

use super::{new_float, parts, receiver, to_integer};
use crate::builtin::int::{self, Value};
use crate::format::Text;
use crate::{Args, Context, Object, Result};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::ToPrimitive;
use std::cmp::Ordering;
use std::fmt::Write;

pub(super) fn round(cx: &Context, args: Args<'_>) -> Result<Object> {
    let value = receiver(args);
    let places = match args.rest().between(cx, "__round__", 0, 1)? {
        [places] if !cx.is_none(places) => cx.index(places)?,
        _ => return to_integer(cx, value.round_ties_even()),
    };
    let places = int::value(cx, &places).unwrap_or(Value::Small(0));
    // No float has a digit beyond these places, to the right and to the left of the point.
    const FINEST: i64 = 323;
    const COARSEST: i64 = -308;
    let places = match places.to_i64() {
        Some(places) => places,
        None if places.is_negative() => i64::MIN,
        None => i64::MAX,
    };
    if !value.is_finite() || value == 0.0 || places > FINEST {
        return new_float(cx, value);
    }
    if places < COARSEST {
        return new_float(cx, 0f64.copysign(value));
    }
    let rounded = if places >= 0 {
        to_the_right(cx, value, places.unsigned_abs() as usize)?
    } else {
        to_the_left(value, places.unsigned_abs() as u32)
    };
    if !rounded.is_finite() {
        return Err(cx.overflow_error(format_args!("rounded value too large to represent")));
    }
    new_float(cx, rounded)
}

/// Writes the value with so many places, which rounds it exactly, and reads it again.
fn to_the_right(cx: &Context, value: f64, places: usize) -> Result<f64> {
    let mut text = Text::new(cx);
    write!(text, "{value:.places$}").map_err(|_| cx.out_of_memory())?;
    Ok(text.as_str().parse().unwrap_or(value))
}

fn to_the_left(value: f64, places: u32) -> f64 {
    let (mantissa, exponent) = parts(value);
    let mut numerator = BigInt::from(mantissa);
    let mut denominator = BigInt::from(10).pow(places);
    let unit = denominator.clone();
    if exponent >= 0 {
        numerator <<= exponent.unsigned_abs();
    } else {
        denominator <<= exponent.unsigned_abs();
    }
    let (quotient, rest) = numerator.div_mod_floor(&denominator);
    let twice: BigInt = rest * 2;
    let up = match twice.cmp(&denominator) {
        Ordering::Less => false,
        Ordering::Equal => quotient.is_odd(),
        Ordering::Greater => true,
    };
    let quotient = if up { quotient + 1 } else { quotient };
    (quotient * unit)
        .to_f64()
        .unwrap_or(f64::INFINITY)
        .copysign(value)
}
