//! Division: towards minus infinity, and to the nearest float.

use super::arithmetic::binary;
use super::{Value, from_big, operands};
use crate::builtin::float;
use crate::{Args, Context, Object, Raised, Result, builtin};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

binary! {
    true_div rtrue_div true_quotient,
    floor_div rfloor_div floor_quotient,
    modulo rmodulo remainder,
    div_mod rdiv_mod both,
}

#[cold]
fn by_zero(cx: &Context) -> Raised {
    cx.zero_division_error(format_args!("division by zero"))
}

/// Quotient and remainder of two words, rounded towards minus infinity; `None` where the quotient
/// is no word.
fn small(left: i64, right: i64) -> Option<(i64, i64)> {
    let quotient = left.checked_div(right)?;
    let rest = left % right;
    if rest != 0 && (rest < 0) != (right < 0) {
        Some((quotient - 1, rest + right))
    } else {
        Some((quotient, rest))
    }
}

fn floor_quotient(cx: &Context, left: &Value<'_>, right: &Value<'_>) -> Result<Object> {
    if right.is_zero() {
        return Err(by_zero(cx));
    }
    if let (Value::Small(left), Value::Small(right)) = (left, right)
        && let Some((quotient, _)) = small(*left, *right)
    {
        return cx.int(quotient);
    }
    from_big(cx, left.big().div_floor(&right.big()))
}

fn remainder(cx: &Context, left: &Value<'_>, right: &Value<'_>) -> Result<Object> {
    if right.is_zero() {
        return Err(by_zero(cx));
    }
    if let (Value::Small(left), Value::Small(right)) = (left, right)
        && let Some((_, rest)) = small(*left, *right)
    {
        return cx.int(rest);
    }
    from_big(cx, left.big().mod_floor(&right.big()))
}

fn both(cx: &Context, left: &Value<'_>, right: &Value<'_>) -> Result<Object> {
    if right.is_zero() {
        return Err(by_zero(cx));
    }
    let pair = match (left, right) {
        (Value::Small(left), Value::Small(right)) => match small(*left, *right) {
            Some((quotient, rest)) => Some([cx.int(quotient)?, cx.int(rest)?]),
            None => None,
        },
        _ => None,
    };
    let pair = match pair {
        Some(pair) => pair,
        None => {
            let (quotient, rest) = left.big().div_mod_floor(&right.big());
            [from_big(cx, quotient)?, from_big(cx, rest)?]
        }
    };
    builtin::tuple::from_slice(cx, &pair)
}

/// The nearest float of an integer.
///
/// # Errors
///
/// OverflowError beyond the largest float.
pub fn to_f64(cx: &Context, value: &Value<'_>) -> Result<f64> {
    match value {
        Value::Small(value) => Ok(*value as f64),
        Value::Big(value) => match value.to_f64() {
            Some(float) if float.is_finite() => Ok(float),
            _ => Err(cx.overflow_error(format_args!("int too large to convert to float"))),
        },
    }
}

fn true_quotient(cx: &Context, left: &Value<'_>, right: &Value<'_>) -> Result<Object> {
    if right.is_zero() {
        return Err(by_zero(cx));
    }
    // Both are exact floats, so one rounded division is the nearest float.
    const EXACT: u64 = 1 << 53;
    if let (Value::Small(left), Value::Small(right)) = (left, right)
        && left.unsigned_abs() <= EXACT
        && right.unsigned_abs() <= EXACT
    {
        return float::new_float(cx, *left as f64 / *right as f64);
    }
    match nearest_quotient(&left.big(), &right.big()) {
        Some(quotient) => float::new_float(cx, quotient),
        None => Err(cx.overflow_error(format_args!(
            "integer division result too large for a float"
        ))),
    }
}

/// The float nearest to a quotient; `None` beyond the largest one.
///
/// The quotient is computed as an integer of 55 or 56 bits, times a power of two, with a sticky
/// lowest bit for what is left; that integer is rounded once, half to even. The power never goes
/// below the one that leaves two extra bits under the smallest subnormal.
pub(crate) fn nearest_quotient(left: &BigInt, right: &BigInt) -> Option<f64> {
    const MANTISSA_BITS: i64 = 53;
    const LOWEST_EXPONENT: i64 = -1021;
    const HIGHEST_EXPONENT: i64 = 1024;
    const FAR: i64 = 1 << 20;
    if left.is_zero() {
        return Some(if right.is_negative() { -0.0 } else { 0.0 });
    }
    let negative = left.is_negative() != right.is_negative();
    let (left, right) = (left.magnitude(), right.magnitude());
    let difference =
        i64::try_from(left.bits()).unwrap_or(FAR) - i64::try_from(right.bits()).unwrap_or(FAR);
    if difference > HIGHEST_EXPONENT {
        return None;
    }
    if difference < LOWEST_EXPONENT - MANTISSA_BITS - 1 {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    let shift = difference.max(LOWEST_EXPONENT) - MANTISSA_BITS - 2;
    let (quotient, rest) = if shift <= 0 {
        (left << shift.unsigned_abs()).div_rem(right)
    } else {
        left.div_rem(&(right << shift.unsigned_abs()))
    };
    let mut bits = quotient.to_u64()? | u64::from(!rest.is_zero());
    let length = i64::from(64 - bits.leading_zeros());
    let extra = length.max(LOWEST_EXPONENT - shift) - MANTISSA_BITS;
    let half = 1u64 << (extra - 1);
    if bits & half != 0 && bits & (3 * half - 1) != 0 {
        bits += half;
    }
    bits &= !(2 * half - 1);
    let value = float::scaled(bits as f64, shift);
    if value.is_infinite() {
        return None;
    }
    Some(if negative { -value } else { value })
}
