//! Powers, with and without a modulus.

use super::{Value, from_big, operands, room_for_bits, value};
use crate::builtin::{complex, float};
use crate::{Args, Context, Object, Result};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

pub(super) fn pow(cx: &Context, args: Args<'_>) -> Result<Object> {
    match operands(cx, args) {
        Some((base, exponent)) => with_modulus(cx, &base, &exponent, args),
        None => Ok(cx.not_implemented()),
    }
}

pub(super) fn rpow(cx: &Context, args: Args<'_>) -> Result<Object> {
    match operands(cx, args) {
        Some((exponent, base)) => with_modulus(cx, &base, &exponent, args),
        None => Ok(cx.not_implemented()),
    }
}

fn with_modulus(
    cx: &Context,
    base: &Value<'_>,
    exponent: &Value<'_>,
    args: Args<'_>,
) -> Result<Object> {
    match args.get(2) {
        Some(modulus) if !cx.is_none(&modulus) => match value(cx, &modulus) {
            Some(modulus) => modular(cx, base, exponent, &modulus.big()),
            // The slots of a third operand are never asked, so its answers are given here.
            None if float::value(&modulus).is_some() => Err(float::no_modulus(cx)),
            None if complex::value(&modulus).is_some() => {
                Err(cx.value_error(format_args!("complex modulo")))
            }
            None => Ok(cx.not_implemented()),
        },
        _ => plain(cx, base, exponent),
    }
}

fn plain(cx: &Context, base: &Value<'_>, exponent: &Value<'_>) -> Result<Object> {
    if exponent.is_negative() {
        let (base, exponent) = (super::to_f64(cx, base)?, super::to_f64(cx, exponent)?);
        return float::power(cx, base, exponent);
    }
    let even = match exponent {
        Value::Small(exponent) => exponent & 1 == 0,
        Value::Big(exponent) => exponent.is_even(),
    };
    match (base, exponent) {
        (_, Value::Small(0)) | (Value::Small(1), _) => return cx.int(1),
        (Value::Small(0), _) => return cx.int(0),
        (Value::Small(-1), _) => return cx.int(if even { 1 } else { -1 }),
        (Value::Small(base), Value::Small(exponent)) => {
            if let Ok(exponent) = u32::try_from(*exponent)
                && let Some(power) = base.checked_pow(exponent)
            {
                return cx.int(power);
            }
        }
        _ => {}
    }
    let Some(exponent) = exponent.to_i64().map(i64::unsigned_abs) else {
        return Err(cx.out_of_memory());
    };
    room_for_bits(cx, base.bits().saturating_mul(exponent))?;
    from_big(cx, num_traits::Pow::pow(&*base.big(), exponent))
}

fn modular(
    cx: &Context,
    base: &Value<'_>,
    exponent: &Value<'_>,
    modulus: &BigInt,
) -> Result<Object> {
    if modulus.is_zero() {
        return Err(cx.value_error(format_args!("pow() 3rd argument cannot be 0")));
    }
    let positive = modulus.abs();
    let mut base = base.big().mod_floor(&positive);
    let mut exponent = exponent.to_big();
    if exponent.is_negative() {
        base = match base.modinv(&positive) {
            Some(inverse) => inverse,
            None => {
                return Err(
                    cx.value_error(format_args!("base is not invertible for the given modulus"))
                );
            }
        };
        exponent = -exponent;
    }
    if positive.is_one() {
        return cx.int(0);
    }
    let power = base.modpow(&exponent, &positive);
    // The result has the sign of the modulus.
    from_big(cx, power.mod_floor(modulus))
}
