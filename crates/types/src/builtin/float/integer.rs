//! A float's exact value in integers.

use super::receiver;
use crate::builtin::int::from_big;
use crate::{Args, Context, Object, Result, builtin};
use num_bigint::BigInt;
use num_traits::FromPrimitive;

/// The mantissa and the power of two that give a finite float's absolute value.
pub(crate) fn parts(value: f64) -> (u64, i64) {
    const FRACTION_BITS: u32 = 52;
    const BIAS: i64 = 1075;
    let bits = value.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    match (bits >> FRACTION_BITS) & 0x7ff {
        0 => (fraction, 1 - BIAS),
        exponent => (fraction | 1 << FRACTION_BITS, exponent as i64 - BIAS),
    }
}

/// The integer that a float gives when its fraction is cut off.
///
/// # Errors
///
/// ValueError for NaN, OverflowError for an infinity.
pub fn to_integer(cx: &Context, value: f64) -> Result<Object> {
    const WORD: f64 = (1i64 << 62) as f64;
    if value.abs() < WORD {
        return cx.int(value as i64);
    }
    match BigInt::from_f64(value) {
        Some(whole) => from_big(cx, whole),
        None if value.is_nan() => {
            Err(cx.value_error(format_args!("cannot convert float NaN to integer")))
        }
        None => Err(cx.overflow_error(format_args!("cannot convert float infinity to integer"))),
    }
}

pub(super) fn as_integer_ratio(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "float.as_integer_ratio")?;
    let value = receiver(args);
    if value.is_nan() {
        return Err(cx.value_error(format_args!("cannot convert NaN to integer ratio")));
    }
    if value.is_infinite() {
        return Err(cx.overflow_error(format_args!("cannot convert Infinity to integer ratio")));
    }
    let (mut mantissa, mut exponent) = parts(value);
    if mantissa == 0 {
        exponent = 0;
    } else {
        let zeros = mantissa.trailing_zeros();
        mantissa >>= zeros;
        exponent += i64::from(zeros);
    }
    let mut numerator = BigInt::from(mantissa);
    if exponent > 0 {
        numerator <<= exponent.unsigned_abs();
    }
    if value < 0.0 {
        numerator = -numerator;
    }
    let denominator = BigInt::from(1) << exponent.min(0).unsigned_abs();
    let pair = [from_big(cx, numerator)?, from_big(cx, denominator)?];
    builtin::tuple::from_slice(cx, &pair)
}
