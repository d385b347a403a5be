//! Comparison, hash and truth of floats.

use super::{parts, receiver, value};
use crate::builtin::int::{self, Value};
use crate::{Args, Context, Object, Result};
use num_bigint::BigInt;
use num_traits::FromPrimitive;
use std::cmp::Ordering;

/// Orders a float and an integer by their exact values; `None` for NaN.
pub(crate) fn order_with_int(left: f64, right: &Value<'_>) -> Option<Ordering> {
    const EXACT: u64 = 1 << 53;
    if let Value::Small(right) = right
        && right.unsigned_abs() <= EXACT
    {
        return left.partial_cmp(&(*right as f64));
    }
    if left.is_nan() || left.is_infinite() {
        return left.partial_cmp(&0.0);
    }
    let whole = BigInt::from_f64(left.trunc())?;
    match whole.cmp(&right.big()) {
        Ordering::Equal => left.fract().partial_cmp(&0.0),
        unequal => Some(unequal),
    }
}

/// Orders the operands of a comparison; the outer `None` where the other is no real number.
fn order(cx: &Context, args: Args<'_>) -> Option<Option<Ordering>> {
    let (left, right) = (receiver(args), args.get(1)?);
    if let Some(right) = value(&right) {
        return Some(left.partial_cmp(&right));
    }
    Some(order_with_int(left, &int::value(cx, &right)?))
}

macro_rules! comparisons {
    ($($name:ident $test:expr,)*) => {
        $(pub(super) fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
            match order(cx, args) {
                Some(order) => Ok(cx.bool($test(order))),
                None => Ok(cx.not_implemented()),
            }
        })*
    };
}

comparisons! {
    lt |order: Option<Ordering>| order == Some(Ordering::Less),
    le |order: Option<Ordering>| order.is_some_and(Ordering::is_le),
    eq |order: Option<Ordering>| order == Some(Ordering::Equal),
    ne |order: Option<Ordering>| order != Some(Ordering::Equal),
    gt |order: Option<Ordering>| order == Some(Ordering::Greater),
    ge |order: Option<Ordering>| order.is_some_and(Ordering::is_ge),
}

/// The hash of a float: its value as a fraction, modulo 2⁶¹ − 1, so that equal integers have the
/// same. `None` for NaN, which hashes by identity.
///
/// Multiplying by two rotates 61 bits, so a power of two is a rotation.
pub fn hash(value: f64) -> Option<i64> {
    const BITS: i64 = 61;
    const MODULUS: u64 = (1 << BITS) - 1;
    const INFINITE: i64 = 314_159;
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { INFINITE } else { -INFINITE });
    }
    let (mantissa, exponent) = parts(value);
    let turn = exponent.rem_euclid(BITS);
    let turned = ((mantissa << turn) & MODULUS) | (mantissa >> (BITS - turn));
    let hash = (turned % MODULUS) as i64;
    let hash = if value < 0.0 { -hash } else { hash };
    Some(if hash == -1 { -2 } else { hash })
}

pub(super) fn float_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    cx.int(hash(receiver(args)).unwrap_or((this.address() >> 4) as i64))
}

pub(super) fn bool(cx: &Context, args: Args<'_>) -> Result<Object> {
    Ok(cx.bool(receiver(args) != 0.0))
}
