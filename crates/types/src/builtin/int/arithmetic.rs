//! Sums, products, shifts and the operations on bits.

use super::{Value, exact, from_big, operands, receiver, room_for_bits};
use crate::{Args, Context, Object, Result};
use num_bigint::BigInt;

/// Defines the slot of a binary operation and the reflected one.
macro_rules! binary {
    ($($forward:ident $reflected:ident $operation:path,)*) => {
        $(
            pub(super) fn $forward(cx: &Context, args: Args<'_>) -> Result<Object> {
                match operands(cx, args) {
                    Some((left, right)) => $operation(cx, &left, &right),
                    None => Ok(cx.not_implemented()),
                }
            }

            pub(super) fn $reflected(cx: &Context, args: Args<'_>) -> Result<Object> {
                match operands(cx, args) {
                    Some((right, left)) => $operation(cx, &left, &right),
                    None => Ok(cx.not_implemented()),
                }
            }
        )*
    };
}
pub(super) use binary;

binary! {
    add radd sum,
    sub rsub difference,
    mul rmul product,
    lshift rlshift shift_left,
    rshift rrshift shift_right,
    and rand bits_and,
    xor rxor bits_xor,
    or ror bits_or,
}

#[inline]
fn sum(cx: &Context, left: &Value<'_>, right: &Value<'_>) -> Result<Object> {
    if let (Value::Small(left), Value::Small(right)) = (left, right)
        && let Some(sum) = left.checked_add(*right)
    {
        return cx.int(sum);
    }
    from_big(cx, &*left.big() + &*right.big())
}

#[inline]
fn difference(cx: &Context, left: &Value<'_>, right: &Value<'_>) -> Result<Object> {
    if let (Value::Small(left), Value::Small(right)) = (left, right)
        && let Some(difference) = left.checked_sub(*right)
    {
        return cx.int(difference);
    }
    from_big(cx, &*left.big() - &*right.big())
}

#[inline]
fn product(cx: &Context, left: &Value<'_>, right: &Value<'_>) -> Result<Object> {
    if let (Value::Small(left), Value::Small(right)) = (left, right)
        && let Some(product) = left.checked_mul(*right)
    {
        return cx.int(product);
    }
    room_for_bits(cx, left.bits().saturating_add(right.bits()))?;
    from_big(cx, &*left.big() * &*right.big())
}

fn shift_left(cx: &Context, left: &Value<'_>, right: &Value<'_>) -> Result<Object> {
    if right.is_negative() {
        return Err(cx.value_error(format_args!("negative shift count")));
    }
    if left.is_zero() {
        return cx.int(0);
    }
    let Some(count) = right.to_i64() else {
        return Err(cx.overflow_error(format_args!("too many digits in integer")));
    };
    let count = count.unsigned_abs();
    if let Value::Small(value) = left
        && left.bits() + count < 63
    {
        return cx.int(value << count);
    }
    room_for_bits(cx, left.bits().saturating_add(count))?;
    from_big(cx, &*left.big() << count)
}

fn shift_right(cx: &Context, left: &Value<'_>, right: &Value<'_>) -> Result<Object> {
    if right.is_negative() {
        return Err(cx.value_error(format_args!("negative shift count")));
    }
    let all_gone = if left.is_negative() { -1 } else { 0 };
    let Some(count) = right.to_i64().map(i64::unsigned_abs) else {
        return cx.int(all_gone);
    };
    if count >= left.bits() {
        return cx.int(all_gone);
    }
    match left {
        Value::Small(value) => cx.int(value >> count),
        Value::Big(value) => from_big(cx, *value >> count),
    }
}

macro_rules! bits {
    ($($name:ident $sign:tt,)*) => {
        $(pub(super) fn $name(cx: &Context, left: &Value<'_>, right: &Value<'_>) -> Result<Object> {
            if let (Value::Small(left), Value::Small(right)) = (left, right) {
                return cx.int(left $sign right);
            }
            from_big(cx, &*left.big() $sign &*right.big())
        })*
    };
}

bits! {
    bits_and &,
    bits_xor ^,
    bits_or |,
}

pub(super) fn neg(cx: &Context, args: Args<'_>) -> Result<Object> {
    let value = receiver(cx, args);
    if let Value::Small(small) = value
        && let Some(negative) = small.checked_neg()
    {
        return cx.int(negative);
    }
    from_big(cx, -value.to_big())
}

pub(super) fn abs(cx: &Context, args: Args<'_>) -> Result<Object> {
    let value = receiver(cx, args);
    if value.is_negative() {
        return neg(cx, args);
    }
    exact(cx, &args.receiver())
}

pub(super) fn invert(cx: &Context, args: Args<'_>) -> Result<Object> {
    match receiver(cx, args) {
        Value::Small(value) => cx.int(!value),
        Value::Big(value) => from_big(cx, !value),
    }
}

/// Number of one bits of the absolute value.
pub(super) fn count_ones(value: &BigInt) -> u64 {
    let digits = value.magnitude().iter_u64_digits();
    digits.map(|digit| u64::from(digit.count_ones())).sum()
}
