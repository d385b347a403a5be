//! `complex(…)`.

use super::{COMPLEX, Complex, new_instance, text, value};
use crate::builtin::float;
use crate::{Args, Context, Object, Raised, Result, SlotId, Type};

/// The value of an object by `__complex__`, where it has one.
fn by_method(cx: &Context, object: &Object) -> Result<Option<Complex>> {
    if let Some(value) = value(object) {
        return Ok(Some(value));
    }
    let Some(result) = cx.call_special(object, &cx.intern("__complex__")?, &[])? else {
        return Ok(None);
    };
    match value(&result) {
        Some(value) => Ok(Some(value)),
        None => Err(cx.wrong_result(object, "__complex__", "a complex", &result)),
    }
}

fn is_real(cx: &Context, object: &Object) -> bool {
    cx.slot_of(object, SlotId::Float).is_some() || cx.slot_of(object, SlotId::Index).is_some()
}

#[cold]
fn no_real(cx: &Context, argument: &str, object: &Object) -> Raised {
    match cx.told_name(object) {
        Ok(class) => cx.type_error(format_args!(
            "complex() argument '{argument}' must be a real number, not {class}"
        )),
        Err(raised) => raised,
    }
}

/// An argument that stands beside another, or is named: its real part, and its imaginary part where
/// it is complex. Complex parts are deprecated, but still add up.
fn part(cx: &Context, argument: &str, object: Option<&Object>) -> Result<(f64, Option<f64>)> {
    let Some(object) = object else {
        return Ok((0.0, None));
    };
    let converted = if argument == "real" {
        by_method(cx, object)?
    } else {
        value(object)
    };
    match converted {
        Some(value) => Ok((value.real, Some(value.imaginary))),
        None if is_real(cx, object) => Ok((float::real(cx, object)?, None)),
        None => Err(no_real(cx, argument, object)),
    }
}

/// The only argument: any number, or text.
fn from_one(cx: &Context, object: &Object) -> Result<Complex> {
    if let Some(source) = crate::text(object) {
        return match text::parse(cx, source)? {
            Some(value) => Ok(value),
            None => Err(cx.value_error(format_args!("complex() arg is a malformed string"))),
        };
    }
    if let Some(value) = by_method(cx, object)? {
        return Ok(value);
    }
    if !is_real(cx, object) {
        return Err(cx.type_error(format_args!(
            "complex() argument must be a string or a number, not {}",
            cx.told_name(object)?
        )));
    }
    let real = float::real(cx, object)?;
    Ok(Complex {
        real,
        imaginary: 0.0,
    })
}

pub(super) fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let rest = args.rest();
    let [real, imaginary] = rest.bind(cx, "complex", ["real", "imag"], 0)?;
    let value = match (real, imaginary) {
        (Some(only), None) if !rest.has_keywords() => {
            if cx.is_exactly(&only, &COMPLEX) && class.is(cx.builtin_ref(&COMPLEX).object()) {
                return Ok((*only).clone());
            }
            from_one(cx, &only)?
        }
        _ => {
            let left = part(cx, "real", real.as_deref())?;
            let right = part(cx, "imag", imaginary.as_deref())?;
            // Only a part that is there is added: a zero in its place would lose a zero's sign.
            Complex {
                real: match right.1 {
                    Some(across) => left.0 - across,
                    None => left.0,
                },
                imaginary: match left.1 {
                    Some(across) => right.0 + across,
                    None => right.0,
                },
            }
        }
    };
    match Type::view(&class) {
        Some(of) => new_instance(cx, of, value),
        None => super::new_complex(cx, value.real, value.imaginary),
    }
}

pub(super) fn from_number(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let [object] = args.rest().exactly::<1>(cx, "complex.from_number")?;
    let value = match by_method(cx, &object)? {
        Some(value) => value,
        None => Complex {
            real: float::real(cx, &object)?,
            imaginary: 0.0,
        },
    };
    let number = super::new_complex(cx, value.real, value.imaginary)?;
    match Type::view(&class) {
        Some(of) if !of.is(cx.builtin_ref(&COMPLEX)) => cx.construct(of, &[number.borrow()]),
        _ => Ok(number),
    }
}
