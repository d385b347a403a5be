//! `float(…)`.

use super::{FLOAT, exact, hex, new_float, new_instance, parse, value};
use crate::builtin::{bytes, int};
use crate::{Args, Context, Object, Result, SlotId, Type};

/// Refuses keywords as `float` does: subclasses with an `__init__` of their own may take some.
fn refuse_keywords(cx: &Context, of: &Type, args: Args<'_>) -> Result<()> {
    let own = cx.builtin_ref(&FLOAT);
    let inherits = match (of.slot(SlotId::Init), own.slot(SlotId::Init)) {
        (Some(init), Some(native)) => std::ptr::fn_addr_eq(init, native),
        (init, native) => init.is_none() && native.is_none(),
    };
    if args.has_keywords() && (of.is(own) || inherits) {
        return Err(cx.type_error(format_args!("float() takes no keyword arguments")));
    }
    Ok(())
}

pub(super) fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let rest = args.rest();
    let of = Type::view(&class);
    if let Some(of) = of {
        refuse_keywords(cx, of, rest)?;
    }
    let number = match Args::new(rest.positional()).between(cx, "float", 0, 1)? {
        [object] => number(cx, object)?,
        _ => new_float(cx, 0.0)?,
    };
    match of {
        Some(of) if !of.is(cx.builtin_ref(&FLOAT)) => {
            new_instance(cx, of, value(&number).unwrap_or_default())
        }
        _ => Ok(number),
    }
}

/// The value of a real number by `__float__` or `__index__`; `None` where it has neither.
///
/// # Errors
///
/// TypeError where those return something else.
fn convert(cx: &Context, object: &Object) -> Result<Option<Object>> {
    if cx.is_exactly(object, &FLOAT) {
        return Ok(Some(object.clone()));
    }
    if let Some(result) = cx.unary(object, SlotId::Float) {
        let result = result?;
        if value(&result).is_none() {
            return Err(cx.wrong_result(object, "__float__", "a float", &result));
        }
        return exact(cx, &result).map(Some);
    }
    if cx.slot_of(object, SlotId::Index).is_some() {
        let index = cx.index(object)?;
        let index = int::value(cx, &index).unwrap_or(int::Value::Small(0));
        return new_float(cx, int::to_f64(cx, &index)?).map(Some);
    }
    Ok(None)
}

/// `float(object)`: an exact `float`.
///
/// # Errors
///
/// TypeError where the object is no number; ValueError for text that reads as none.
pub fn number(cx: &Context, object: &Object) -> Result<Object> {
    if let Some(number) = convert(cx, object)? {
        return Ok(number);
    }
    let read = match crate::text(object) {
        Some(text) => parse(cx, text)?,
        None => match bytes::snapshot(cx, object)? {
            Some(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) if text.is_ascii() => parse(cx, text)?,
                _ => None,
            },
            None => {
                return Err(cx.type_error(format_args!(
                    "float() argument must be a string or a real number, not '{}'",
                    cx.type_name(object)
                )));
            }
        },
    };
    match read {
        Some(value) => new_float(cx, value),
        None => {
            let shown = cx.repr(object)?;
            Err(cx.value_error(format_args!(
                "could not convert string to float: {}",
                crate::text(&shown).unwrap_or("?")
            )))
        }
    }
}

/// Reads a float as `float(text)` does.
///
/// # Errors
///
/// ValueError.
pub fn from_text(cx: &Context, text: &str) -> Result<Object> {
    number(cx, &cx.string(text)?)
}

/// The value of a real number, for functions that compute with floats.
///
/// # Errors
///
/// TypeError where the object is none.
pub fn real(cx: &Context, object: &Object) -> Result<f64> {
    match convert(cx, object)? {
        Some(number) => Ok(value(&number).unwrap_or_default()),
        None => Err(cx.type_error(format_args!(
            "must be real number, not {}",
            cx.type_name(object)
        ))),
    }
}

pub(super) fn from_number(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let [object] = args.rest().exactly::<1>(cx, "float.from_number")?;
    let number = new_float(cx, real(cx, &object)?)?;
    hex::of_class(cx, &class, number)
}
