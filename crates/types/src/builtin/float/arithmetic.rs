//! The arithmetic of floats.

use super::{new_float, operand, power, receiver};
use crate::{Args, Context, Object, Result, builtin};

/// Both operands as floats; `None` where one is no real number.
#[inline]
fn operands(cx: &Context, args: Args<'_>) -> Result<Option<(f64, f64)>> {
    match args.positional() {
        [left, right, ..] => Ok(match (operand(cx, left)?, operand(cx, right)?) {
            (Some(left), Some(right)) => Some((left, right)),
            _ => None,
        }),
        _ => Ok(None),
    }
}

macro_rules! binary {
    ($($forward:ident $reflected:ident $operation:expr,)*) => {
        $(
            pub(super) fn $forward(cx: &Context, args: Args<'_>) -> Result<Object> {
                match operands(cx, args)? {
                    Some((left, right)) => $operation(cx, left, right),
                    None => Ok(cx.not_implemented()),
                }
            }

            pub(super) fn $reflected(cx: &Context, args: Args<'_>) -> Result<Object> {
                match operands(cx, args)? {
                    Some((right, left)) => $operation(cx, left, right),
                    None => Ok(cx.not_implemented()),
                }
            }
        )*
    };
}

binary! {
    add radd |cx, left: f64, right: f64| new_float(cx, left + right),
    sub rsub |cx, left: f64, right: f64| new_float(cx, left - right),
    mul rmul |cx, left: f64, right: f64| new_float(cx, left * right),
    true_div rtrue_div quotient,
    floor_div rfloor_div floor_quotient,
    modulo rmodulo remainder,
    div_mod rdiv_mod both,
}

fn by_zero<T>(cx: &Context) -> Result<T> {
    Err(cx.zero_division_error(format_args!("division by zero")))
}

fn quotient(cx: &Context, left: f64, right: f64) -> Result<Object> {
    if right == 0.0 {
        return by_zero(cx);
    }
    new_float(cx, left / right)
}

/// Quotient and remainder, where the remainder has the sign of the divisor. The quotient is
/// computed from what the remainder leaves, so it is nearly a whole number before it is rounded.
fn split(left: f64, right: f64) -> (f64, f64) {
    let mut rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest == 0.0 {
        rest = 0f64.copysign(right);
    } else if (right < 0.0) != (rest < 0.0) {
        rest += right;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(left / right), rest);
    }
    let whole = quotient.floor();
    let whole = if quotient - whole > 0.5 {
        whole + 1.0
    } else {
        whole
    };
    (whole, rest)
}

fn floor_quotient(cx: &Context, left: f64, right: f64) -> Result<Object> {
    if right == 0.0 {
        return by_zero(cx);
    }
    new_float(cx, split(left, right).0)
}

fn remainder(cx: &Context, left: f64, right: f64) -> Result<Object> {
    if right == 0.0 {
        return by_zero(cx);
    }
    new_float(cx, split(left, right).1)
}

fn both(cx: &Context, left: f64, right: f64) -> Result<Object> {
    if right == 0.0 {
        return by_zero(cx);
    }
    let (quotient, rest) = split(left, right);
    let pair = [new_float(cx, quotient)?, new_float(cx, rest)?];
    builtin::tuple::from_slice(cx, &pair)
}

fn refuse_modulus(cx: &Context, args: Args<'_>) -> Result<()> {
    match args.get(2) {
        Some(modulus) if !cx.is_none(&modulus) => Err(super::no_modulus(cx)),
        _ => Ok(()),
    }
}

pub(super) fn pow(cx: &Context, args: Args<'_>) -> Result<Object> {
    refuse_modulus(cx, args)?;
    match operands(cx, args)? {
        Some((base, exponent)) => power(cx, base, exponent),
        None => Ok(cx.not_implemented()),
    }
}

pub(super) fn rpow(cx: &Context, args: Args<'_>) -> Result<Object> {
    refuse_modulus(cx, args)?;
    match operands(cx, args)? {
        Some((exponent, base)) => power(cx, base, exponent),
        None => Ok(cx.not_implemented()),
    }
}

pub(super) fn neg(cx: &Context, args: Args<'_>) -> Result<Object> {
    new_float(cx, -receiver(args))
}

pub(super) fn abs(cx: &Context, args: Args<'_>) -> Result<Object> {
    new_float(cx, receiver(args).abs())
}
