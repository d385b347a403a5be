//! Attributes, identity and classes: `getattr`, `hash`, `isinstance`, `dir` and their like.

use crate::modules::each_name;
use crate::{Args, Borrowed, Context, Object, Result, State};
use mortice_types::{builtin, text};

fn check_name(cx: &Context, name: &Object) -> Result<()> {
    if text(name).is_some() {
        return Ok(());
    }
    Err(cx.type_error(format_args!(
        "attribute name must be string, not '{}'",
        cx.type_name(name)
    )))
}

pub(super) fn getattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (object, name, default) = match args.between(cx, "getattr", 2, 3)? {
        [object, name] => (object, name, None),
        [object, name, default, ..] => (object, name, Some(default)),
        _ => return Err(cx.type_error(format_args!("getattr expected at least 2 arguments"))),
    };
    check_name(cx, name)?;
    match default {
        None => cx.get_attribute(object, name),
        Some(default) => Ok(cx
            .find_attribute(object, name)?
            .unwrap_or_else(|| (**default).clone())),
    }
}

pub(super) fn hasattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, name] = args.exactly::<2>(cx, "hasattr")?;
    check_name(cx, &name)?;
    Ok(cx.bool(cx.find_attribute(&object, &name)?.is_some()))
}

pub(super) fn setattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, name, value] = args.exactly::<3>(cx, "setattr")?;
    check_name(cx, &name)?;
    let name = cx.intern_object(&name)?;
    cx.set_attribute(&object, &name, &value)?;
    Ok(cx.none())
}

pub(super) fn delattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, name] = args.exactly::<2>(cx, "delattr")?;
    check_name(cx, &name)?;
    cx.delete_attribute(&object, &name)?;
    Ok(cx.none())
}

pub(super) fn hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "hash")?;
    cx.int(cx.hash(&object)?)
}

pub(super) fn id(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "id")?;
    builtin::int::from_big(cx, object.address().into())
}

pub(super) fn callable(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "callable")?;
    Ok(cx.bool(cx.is_callable(&object)))
}

pub(super) fn isinstance(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, class] = args.exactly::<2>(cx, "isinstance")?;
    Ok(cx.bool(cx.is_instance(&object, &class)?))
}

pub(super) fn issubclass(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [derived, class] = args.exactly::<2>(cx, "issubclass")?;
    Ok(cx.bool(cx.is_subclass(&derived, &class)?))
}

/// The local names of the running code.
pub(super) fn running_locals(cx: &Context, function: &str) -> Result<Object> {
    match (State::of(cx)?.evaluator.frames.locals)(cx)? {
        Some(locals) => Ok(locals),
        None => Err(cx.system_error(format_args!("{function}(): no running code"))),
    }
}

pub(super) fn vars(cx: &Context, args: Args<'_>) -> Result<Object> {
    match args.between(cx, "vars", 0, 1)?.first() {
        None => running_locals(cx, "vars"),
        Some(object) => match cx.find_attribute(object, &cx.names().dict)? {
            Some(dict) => Ok(dict),
            None => {
                Err(cx.type_error(format_args!("vars() argument must have __dict__ attribute")))
            }
        },
    }
}

pub(super) fn dir(cx: &Context, args: Args<'_>) -> Result<Object> {
    let names = match args.between(cx, "dir", 0, 1)?.first() {
        Some(object) => names_of(cx, object)?,
        None => {
            let locals = running_locals(cx, "dir")?;
            cx.call_method(&locals, &cx.names().keys, &[])?
        }
    };
    super::sequences::sorted_list(cx, &names, Args::NONE)
}

fn names_of(cx: &Context, object: &Borrowed<'_>) -> Result<Object> {
    if let Some(names) = cx.call_special(object, &cx.names().dir, &[])? {
        return Ok(names);
    }
    // A type without the method: what its instance and its classes define.
    let names = builtin::dict::new_dict(cx)?;
    if let (Some(names), Some(dict)) = (builtin::dict::view(&names), cx.instance_dict(object)) {
        each_name(&dict, |_, name, _| names.set(cx, name, cx.none()))?;
    }
    Ok(names)
}
