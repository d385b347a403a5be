//! Copying and pickling: `__reduce__`, `__setstate__` and AttributeError's `__getstate__`.

use super::{NamedBody, get_args};
use crate::{Args, Context, Object, Result, body, builtin, text};

/// Type, arguments and, where it says something, the state.
pub(super) fn reduced(cx: &Context, this: &Object, state: Option<Object>) -> Result<Object> {
    let of = cx.type_of(this).into_object();
    let arguments = get_args(cx, this)?;
    match state {
        Some(state) if cx.is_none(&state) || cx.length(&state)? > 0 || owns(cx, this, &state) => {
            builtin::tuple::from_slice(cx, &[of, arguments, state])
        }
        _ => builtin::tuple::from_slice(cx, &[of, arguments]),
    }
}

/// The instance's own dict is told even where it is empty.
fn owns(cx: &Context, this: &Object, state: &Object) -> bool {
    cx.instance_dict(this).is_some_and(|dict| dict.is(state))
}

pub(super) fn reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest()
        .method(cx, "BaseException", "__reduce__", 0, 0)?;
    reduced(cx, &this, cx.instance_dict(&this))
}

/// Sets an attribute for each item of a dict.
pub(super) fn setstate(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [state] = args
        .rest()
        .method(cx, "BaseException", "__setstate__", 1, 1)?
    else {
        return Ok(cx.none());
    };
    if cx.is_none(state) {
        return Ok(cx.none());
    }
    let Some(state) = builtin::dict::view(state) else {
        return Err(cx.type_error(format_args!("state is not a dictionary")));
    };
    let mut at = 0;
    while let Some((entry, name, value)) = state.next_entry(at) {
        if text(&name).is_none() {
            return Err(cx.type_error(format_args!(
                "attribute name must be string, not '{}'",
                cx.type_name(&name)
            )));
        }
        cx.set_attribute(&this, &name, &value)?;
        at = entry + 1;
    }
    Ok(cx.none())
}

/// The state of an AttributeError: the object is left out, since it need not be picklable.
pub(super) fn named_getstate(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest()
        .method(cx, "AttributeError", "__getstate__", 0, 0)?;
    named_state(cx, &this)
}

fn named_state(cx: &Context, this: &Object) -> Result<Object> {
    let state = match cx.instance_dict(this) {
        Some(dict) => builtin::dict::copied(cx, &dict)?,
        None => builtin::dict::new_dict(cx)?,
    };
    if let Some(view) = builtin::dict::view(&state) {
        if let Some(name) = body::<NamedBody>(this).and_then(|body| body.name.get()) {
            view.set(cx, &cx.intern("name")?, name)?;
        }
        view.set(cx, &cx.names().args, get_args(cx, this)?)?;
    }
    Ok(state)
}

pub(super) fn named_reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest()
        .method(cx, "AttributeError", "__reduce__", 0, 0)?;
    let state = named_state(cx, &this)?;
    reduced(cx, &this, Some(state))
}
