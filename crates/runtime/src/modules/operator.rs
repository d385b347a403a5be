//! The native part of the module `operator`.

use super::functions;
use crate::{Args, Context, Object, Result};
use mortice_types::builtin;
use mortice_types::native::Method;

static FUNCTIONS: &[Method] = functions! {
    "index" => index,
    "length_hint" => length_hint,
};

/// Makes the module `_operator`.
pub(super) fn make(cx: &Context) -> Result<Object> {
    super::with_functions(cx, "_operator", FUNCTIONS)
}

fn index(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "_operator.index")?;
    cx.index(&object)
}

/// `len(a)`, else what `__length_hint__` says, else the default.
fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.no_keywords(cx, "_operator.length_hint")?;
    let given = args.between(cx, "length_hint", 1, 2)?;
    let default = match given.get(1) {
        None => Object::small32(0),
        Some(default) if builtin::int::value(cx, default).is_some() => (**default).clone(),
        Some(default) => {
            return Err(cx.type_error(format_args!(
                "'{}' object cannot be interpreted as an integer",
                cx.type_name(default)
            )));
        }
    };
    let object = given[0];
    if cx.slot_of(&object, mortice_types::SlotId::Len).is_some() {
        match cx.length(&object) {
            Ok(length) => return cx.int(length as i64),
            Err(raised) if raised.is(cx, &builtin::TYPE_ERROR) => {}
            Err(raised) => return Err(raised),
        }
    }
    let hint = match cx.call_special(&object, &cx.names().length_hint, &[]) {
        Ok(None) => return Ok(default),
        Ok(Some(hint)) => hint,
        Err(raised) if raised.is(cx, &builtin::TYPE_ERROR) => return Ok(default),
        Err(raised) => return Err(raised),
    };
    if cx.is_not_implemented(&hint) {
        return Ok(default);
    }
    let Some(value) = builtin::int::value(cx, &hint) else {
        return Err(cx.type_error(format_args!(
            "__length_hint__ must be an integer, not {}",
            cx.type_name(&hint)
        )));
    };
    if value.is_negative() {
        return Err(cx.value_error(format_args!("__length_hint__() should return >= 0")));
    }
    Ok(hint.clone())
}
