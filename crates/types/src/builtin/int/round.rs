//! Rounding to a power of ten.

use super::{Value, exact, from_big, receiver, value};
use crate::{Args, Context, Object, Result};
use num_bigint::BigInt;
use num_integer::Integer;
use std::cmp::Ordering;

/// `__round__(ndigits)`: places to the left of the point are rounded half to even.
pub(super) fn round(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let places = match args.rest().between(cx, "__round__", 0, 1)? {
        [places] if !cx.is_none(places) => cx.index(places)?,
        _ => return exact(cx, &this),
    };
    let places = value(cx, &places).unwrap_or(Value::Small(0));
    if !places.is_negative() {
        return exact(cx, &this);
    }
    let this = receiver(cx, args);
    // A power of ten has more than three bits a digit: beyond this one, half of it exceeds all.
    let digits = match places.to_i64().map(i64::unsigned_abs) {
        Some(digits) if digits <= this.bits() / 3 + 1 => digits,
        _ => return cx.int(0),
    };
    let unit = num_traits::Pow::pow(&BigInt::from(10), digits);
    let value = this.big();
    let (quotient, rest) = value.div_mod_floor(&unit);
    let doubled: BigInt = &rest * 2;
    let up = match doubled.cmp(&unit) {
        Ordering::Less => false,
        Ordering::Equal => quotient.is_odd(),
        Ordering::Greater => true,
    };
    let quotient = if up { quotient + 1 } else { quotient };
    from_big(cx, quotient * unit)
}
