//! `int(…)`.

use super::{INT, exact, new_instance, text, value};
use crate::builtin::bytes;
use crate::native::flags;
use crate::{Args, Context, Object, Result, SlotId, Type};
use num_bigint::BigInt;

pub(super) fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let number = from_arguments(cx, args.rest())?;
    match Type::view(&class) {
        Some(of) if !of.is(cx.builtin_ref(&INT)) => {
            let value = value(cx, &number).map_or_else(BigInt::default, |value| value.to_big());
            new_instance(cx, of, value)
        }
        _ => Ok(number),
    }
}

fn from_arguments(cx: &Context, rest: Args<'_>) -> Result<Object> {
    let positional = rest.positional();
    if positional.len() > 2 {
        return Err(cx.type_error(format_args!(
            "int expected at most 2 arguments, got {}",
            positional.len()
        )));
    }
    let mut base = rest.get(1);
    for (name, value) in rest.keywords() {
        let name = crate::text(name).unwrap_or("?");
        if name != "base" {
            return Err(cx.type_error(format_args!(
                "int() got an unexpected keyword argument '{name}'"
            )));
        }
        if base.is_some() {
            return Err(cx.type_error(format_args!(
                "argument for int() given by name ('base') and position (2)"
            )));
        }
        base = Some(value);
    }
    let Some(given) = rest.get(0) else {
        return match base {
            Some(_) => Err(cx.type_error(format_args!("int() missing string argument"))),
            None => cx.int(0),
        };
    };
    let Some(base) = base else {
        return number(cx, &given);
    };
    let base = cx.index(&base)?;
    let base = match value(cx, &base).and_then(|value| value.to_i64()) {
        Some(0) => 0,
        Some(base @ 2..=36) => base as u32,
        _ => {
            return Err(cx.value_error(format_args!("int() base must be >= 2 and <= 36, or 0")));
        }
    };
    match from_literal(cx, &given, base)? {
        Some(number) => Ok(number),
        None => Err(cx.type_error(format_args!(
            "int() can't convert non-string with explicit base"
        ))),
    }
}

/// Reads text or bytes; `None` where the object is neither.
fn from_literal(cx: &Context, object: &Object, base: u32) -> Result<Option<Object>> {
    if let Some(literal) = crate::text(object) {
        return text::parse_object(cx, literal, base, object).map(Some);
    }
    match bytes::snapshot(cx, object)? {
        Some(literal) => {
            // Bytes beyond ASCII are no digits; the message shows the object either way.
            let literal = std::str::from_utf8(&literal).unwrap_or("?");
            let literal = if literal.is_ascii() { literal } else { "?" };
            text::parse_object(cx, literal, base, object).map(Some)
        }
        None => Ok(None),
    }
}

/// `int(object)`: an exact `int`.
///
/// # Errors
///
/// TypeError where the object is no number; ValueError for text that reads as none.
pub fn number(cx: &Context, object: &Object) -> Result<Object> {
    if cx.is_exactly(object, &INT) {
        return Ok(object.clone());
    }
    if let Some(result) = cx.unary(object, SlotId::Int) {
        let result = result?;
        if cx.flags_of(&result) & flags::INT == 0 {
            return Err(cx.wrong_result(object, "__int__", "an int", &result));
        }
        return exact(cx, &result);
    }
    if cx.slot_of(object, SlotId::Index).is_some() {
        return exact(cx, &cx.index(object)?);
    }
    match from_literal(cx, object, 10)? {
        Some(number) => Ok(number),
        None => Err(cx.type_error(format_args!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            cx.type_name(object)
        ))),
    }
}
