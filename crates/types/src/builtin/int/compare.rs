//! Comparison, hash and truth of integers.

use super::{Value, hash_big, hash_small, operands, receiver};
use crate::{Args, Context, Object, Result};
use std::cmp::Ordering;

/// Orders two integers.
pub fn order(left: &Value<'_>, right: &Value<'_>) -> Ordering {
    match (left, right) {
        (Value::Small(left), Value::Small(right)) => left.cmp(right),
        (Value::Big(left), Value::Big(right)) => left.cmp(right),
        // A large value lies outside the words on the side of its sign.
        (Value::Small(_), large) if large.is_negative() => Ordering::Greater,
        (Value::Small(_), _) => Ordering::Less,
        (large, Value::Small(_)) if large.is_negative() => Ordering::Less,
        (_, Value::Small(_)) => Ordering::Greater,
    }
}

macro_rules! comparisons {
    ($($name:ident $test:ident,)*) => {
        $(pub(super) fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
            match operands(cx, args) {
                Some((left, right)) => Ok(cx.bool(order(&left, &right).$test())),
                None => Ok(cx.not_implemented()),
            }
        })*
    };
}

comparisons! {
    lt is_lt,
    le is_le,
    eq is_eq,
    ne is_ne,
    gt is_gt,
    ge is_ge,
}

pub(super) fn hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(match receiver(cx, args) {
        Value::Small(value) => hash_small(value),
        Value::Big(value) => hash_big(value),
    })
}

pub(super) fn bool(cx: &Context, args: Args<'_>) -> Result<Object> {
    Ok(cx.bool(!receiver(cx, args).is_zero()))
}
