//! Numbers: `abs`, `divmod`, `pow`, `round`, `bin`, `oct`, `hex`.

use crate::{Args, Context, Object, Result};
use mortice_types::{SlotId, builtin};
use std::fmt;

pub(super) fn abs(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "abs")?;
    cx.unary_operator(&object, SlotId::Abs)
}

pub(super) fn divmod(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [left, right] = args.exactly::<2>(cx, "divmod")?;
    cx.binary(&left, &right, SlotId::DivMod)
}

pub(super) fn pow(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [base, exponent, modulus] = args.bind(cx, "pow", ["base", "exp", "mod"], 2)?;
    let (Some(base), Some(exponent)) = (base, exponent) else {
        return Err(cx.system_error(format_args!("a required argument is missing")));
    };
    let Some(modulus) = modulus.filter(|modulus| !cx.is_none(modulus)) else {
        return cx.binary(&base, &exponent, SlotId::Pow);
    };
    for (first, second, slot) in [
        (base, exponent, SlotId::Pow),
        (exponent, base, SlotId::RPow),
    ] {
        if let Some(function) = cx.slot_of(&first, slot) {
            let result = function(cx, Args::new(&[first, second, modulus]))?;
            if !cx.is_not_implemented(&result) {
                return Ok(result);
            }
        }
    }
    Err(cx.type_error(format_args!(
        "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'",
        cx.type_name(&base),
        cx.type_name(&exponent),
        cx.type_name(&modulus)
    )))
}

pub(super) fn round(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [number, digits] = args.bind(cx, "round", ["number", "ndigits"], 1)?;
    let Some(number) = number else {
        return Err(cx.system_error(format_args!("a required argument is missing")));
    };
    let digits = digits.filter(|digits| !cx.is_none(digits));
    match cx.optional_method(&number, &cx.names().round)? {
        Some(method) => cx.call(&method, digits.as_slice()),
        None => Err(cx.type_error(format_args!(
            "type {} doesn't define __round__ method",
            cx.type_name(&number)
        ))),
    }
}

/// An integer's digits in a base, with a prefix behind the sign.
fn digits(
    cx: &Context,
    args: Args<'_>,
    name: &str,
    write: fn(&mut mortice_types::format::Text<'_>, &num_bigint::BigUint) -> fmt::Result,
) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, name)?;
    let index = cx.index(&object)?;
    let Some(value) = builtin::int::value(cx, &index) else {
        return Err(cx.system_error(format_args!("an index that is no int")));
    };
    let mut text = mortice_types::format::Text::new(cx);
    if value.is_negative() {
        cx.fallible(text.push("-"))?;
    }
    write(&mut text, value.to_big().magnitude()).map_err(|_| cx.out_of_memory())?;
    text.finish(cx)
}

pub(super) fn bin(cx: &Context, args: Args<'_>) -> Result<Object> {
    digits(cx, args, "bin", |text, value| {
        fmt::Write::write_fmt(text, format_args!("{value:#b}"))
    })
}

pub(super) fn oct(cx: &Context, args: Args<'_>) -> Result<Object> {
    digits(cx, args, "oct", |text, value| {
        fmt::Write::write_fmt(text, format_args!("{value:#o}"))
    })
}

pub(super) fn hex(cx: &Context, args: Args<'_>) -> Result<Object> {
    digits(cx, args, "hex", |text, value| {
        fmt::Write::write_fmt(text, format_args!("{value:#x}"))
    })
}
