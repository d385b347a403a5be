//! Annotations of classes: a function makes them when they are first asked for.
//!
//! A class statement leaves the function under `__annotate_func__`; what it makes is kept under
//! `__annotations_cache__`. A body that binds `__annotate__` or `__annotations__` itself goes first.

use super::{check_settable, this};
use crate::builtin;
use crate::{Borrowed, Context, Object, Result, SlotId, Type, text};

const FUNCTION: &str = "__annotate_func__";
const CACHE: &str = "__annotations_cache__";

/// An entry of the class's own namespace, bound to the class.
fn own(cx: &Context, of: &Type, names: [&str; 2]) -> Result<Option<Object>> {
    let namespace = of.namespace(cx);
    let found = names
        .iter()
        .find_map(|name| namespace.as_ref()?.get_text(name));
    let Some(found) = found else {
        return Ok(None);
    };
    match cx.slot_of(&found, SlotId::Get) {
        Some(getter) => cx.bind(getter, &found, None, of).map(Some),
        None => Ok(Some(found)),
    }
}

/// Native types have no annotations.
fn check_class(cx: &Context, of: &Type, name: &str) -> Result<()> {
    if !of.is_static() {
        return Ok(());
    }
    let class_name = of.name(cx);
    Err(cx.attribute_error(format_args!(
        "type object '{}' has no attribute '{name}'",
        text(&class_name).unwrap_or("?")
    )))
}

pub(super) fn get_annotate(cx: &Context, object: &Object) -> Result<Object> {
    let of = this(cx, object)?;
    check_class(cx, &of, "__annotate__")?;
    match own(cx, &of, ["__annotate__", FUNCTION])? {
        Some(annotate) => Ok(annotate),
        None => {
            of.define(cx, FUNCTION, cx.none())?;
            Ok(cx.none())
        }
    }
}

pub(super) fn set_annotate(
    cx: &Context,
    object: &Object,
    value: Option<Borrowed<'_>>,
) -> Result<()> {
    let of = this(cx, object)?;
    if value.is_none() && of.is_mutable() {
        return Err(cx.type_error(format_args!("cannot delete __annotate__ attribute")));
    }
    let value = check_settable(cx, &of, "__annotate__", value)?;
    let is_none = cx.is_none(&value);
    if !is_none && !cx.is_callable(&value) {
        return Err(cx.type_error(format_args!("__annotate__ must be callable or None")));
    }
    of.define(cx, FUNCTION, value)?;
    if !is_none && let Some(namespace) = of.namespace(cx) {
        namespace.remove(cx, &cx.intern(CACHE)?)?;
        of.modified(cx);
    }
    Ok(())
}

/// Calls an annotate function for the values themselves.
pub(in crate::builtin) fn annotations_of(cx: &Context, annotate: &Object) -> Result<Object> {
    if !cx.is_callable(annotate) {
        return builtin::dict::new_dict(cx);
    }
    let made = cx.call(annotate, &[Object::small32(1).borrow()])?;
    if builtin::dict::view(&made).is_none() {
        return Err(cx.type_error(format_args!(
            "__annotate__() must return a dict, not {}",
            cx.told_name(&made)?
        )));
    }
    Ok(made)
}

pub(super) fn get_annotations(cx: &Context, object: &Object) -> Result<Object> {
    let of = this(cx, object)?;
    check_class(cx, &of, "__annotations__")?;
    if let Some(known) = own(cx, &of, ["__annotations__", CACHE])? {
        return Ok(known);
    }
    let annotate = get_annotate(cx, object)?;
    let made = annotations_of(cx, &annotate)?;
    of.define(cx, CACHE, made.clone())?;
    Ok(made)
}

pub(super) fn set_annotations(
    cx: &Context,
    object: &Object,
    value: Option<Borrowed<'_>>,
) -> Result<()> {
    let of = this(cx, object)?;
    if value.is_some() || !of.is_mutable() {
        check_settable(cx, &of, "__annotations__", value)?;
    }
    let Some(namespace) = of.namespace(cx) else {
        return Ok(());
    };
    let name = match namespace.get_text("__annotations__") {
        Some(_) => "__annotations__",
        None => CACHE,
    };
    match value {
        Some(value) => of.define(cx, name, (*value).clone())?,
        None => {
            if namespace.remove(cx, &cx.intern(name)?)?.is_none() {
                return Err(cx.attribute_error(format_args!("__annotations__")));
            }
        }
    }
    for name in [FUNCTION, "__annotate__"] {
        namespace.remove(cx, &cx.intern(name)?)?;
    }
    of.modified(cx);
    Ok(())
}
