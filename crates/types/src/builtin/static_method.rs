//! `staticmethod`: a callable that is never bound.

use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::raw::Type;
use crate::{Args, Borrowed, Context, Object, Result, body, builtin, index, native_type, text};
use mortice_gc::Slot;

crate::body! {
    /// The body of a `staticmethod`.
    pub struct StaticMethodBody {
        /// `__func__`.
        pub function: Slot,
    }
}

/// Wraps a callable.
pub fn new_static_method(cx: &Context, function: &Object) -> Result<Object> {
    make(cx, cx.builtin_ref(&STATICMETHOD), function)
}

fn make(cx: &Context, of: &Type, function: &Object) -> Result<Object> {
    let object = cx.instance(of, 0)?;
    fill(cx, &object, function)?;
    Ok(object)
}

fn fill(cx: &Context, object: &Object, function: &Object) -> Result<()> {
    if let Some(body) = body::<StaticMethodBody>(object) {
        body.function.set(function.clone());
    }
    builtin::static_method::copy_attributes(cx, object, function)
}

fn wrapper_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    match Type::of(&args.receiver()) {
        Some(of) => cx.instance(&of, 0),
        None => Err(cx.type_error(format_args!(
            "staticmethod.__new__(X): X is not a type object"
        ))),
    }
}

fn wrapper_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [function] = args.rest().between(cx, "staticmethod", 1, 1)? else {
        return Ok(cx.none());
    };
    fill(cx, &args.receiver(), function)?;
    Ok(cx.none())
}

/// The wrapped callable.
pub fn function_of(object: &Object) -> Option<Object> {
    body::<StaticMethodBody>(object)?.function.get()
}

fn wrapped(cx: &Context, object: &Object) -> Result<Object> {
    match function_of(object) {
        Some(function) => Ok(function),
        None => Err(cx.runtime_error(format_args!("uninitialized staticmethod object"))),
    }
}

fn wrapper_get(cx: &Context, args: Args<'_>) -> Result<Object> {
    wrapped(cx, &args.receiver())
}

fn wrapper_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let function = wrapped(cx, &args.receiver())?;
    cx.call_args(&function, args.rest())
}

fn wrapper_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let function = wrapped(cx, &args.receiver())?;
    let function = cx.repr(&function)?;
    cx.format(format_args!(
        "<staticmethod({})>",
        text(&function).unwrap_or("?")
    ))
}

fn get_function(cx: &Context, object: &Object) -> Result<Object> {
    Ok(function_of(object).unwrap_or_else(|| cx.none()))
}

fn get_abstract(cx: &Context, object: &Object) -> Result<Object> {
    let function = get_function(cx, object)?;
    match cx.find_attribute(&function, &cx.names().isabstract)? {
        Some(value) => Ok(cx.bool(cx.truth(&value)?)),
        None => Ok(cx.bool(false)),
    }
}

fn get_annotations(cx: &Context, object: &Object) -> Result<Object> {
    builtin::static_method::wrapped_attribute(
        cx,
        object,
        &wrapped(cx, object)?,
        &cx.names().annotations,
    )
}

fn set_annotations(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    builtin::static_method::set_own(cx, object, "staticmethod", &cx.names().annotations, value)
}

fn get_annotate(cx: &Context, object: &Object) -> Result<Object> {
    builtin::static_method::wrapped_attribute(
        cx,
        object,
        &wrapped(cx, object)?,
        &cx.names().annotate,
    )
}

fn set_annotate(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    builtin::static_method::set_own(cx, object, "staticmethod", &cx.names().annotate, value)
}

const LAYOUT: Native = Native {
    name: "staticmethod",
    basicsize: 32,
    itemsize: 0,
    dictoffset: 24,
    weaklistoffset: 0,
    body_bytes: size_of::<StaticMethodBody>(),
    dict: Storage::Managed,
    weakref: Storage::None,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The built-in `staticmethod`.
    pub static STATICMETHOD: "staticmethod" {
        index: index::STATICMETHOD,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: StaticMethodBody,
        flags: flags::BASE | flags::COLLECTED,
        doc: "A callable that attribute access leaves unbound.",
        slots {
            New => wrapper_new,
            Init => wrapper_init,
            Repr => wrapper_repr,
            Get => wrapper_get,
            Call => wrapper_call,
        },
        methods {},
        getsets {
            "__dict__" => builtin::object::get_dict, builtin::object::replace_dict;
            "__annotations__" => get_annotations, set_annotations;
            "__annotate__" => get_annotate, set_annotate;
            "__isabstractmethod__" => get_abstract;
            member "__func__" => get_function;
            member "__wrapped__" => get_function;
        },
    }
}

/// Carries the names of a callable over to its wrapper.
pub(crate) fn copy_attributes(cx: &Context, wrapper: &Object, function: &Object) -> Result<()> {
    let names = cx.names();
    for name in [&names.module, &names.name, &names.qualname, &names.doc] {
        if let Some(value) = cx.find_attribute(function, name)? {
            cx.set_attribute(wrapper, name, &value)?;
        }
    }
    Ok(())
}

/// An attribute that a wrapper takes from its callable when it is first read.
pub(crate) fn wrapped_attribute(
    cx: &Context,
    wrapper: &Object,
    function: &Object,
    name: &Object,
) -> Result<Object> {
    let dict = cx.ensure_dict(wrapper)?;
    let own = dict.as_ref().and_then(builtin::dict::view);
    if let Some(own) = own
        && let Some(known) = own.get(cx, name)?
    {
        return Ok(known);
    }
    let value = cx.get_attribute(function, name)?;
    if let Some(own) = own {
        own.set(cx, name, value.clone())?;
    }
    Ok(value)
}

/// Sets or deletes a name in a wrapper's own dict. The error tells the kind of wrapper, not its class.
pub(crate) fn set_own(
    cx: &Context,
    wrapper: &Object,
    kind: &str,
    name: &Object,
    value: Option<Borrowed<'_>>,
) -> Result<()> {
    let dict = cx.ensure_dict(wrapper)?;
    let Some(own) = dict.as_ref().and_then(builtin::dict::view) else {
        return Err(cx.no_attribute(wrapper, name));
    };
    match value {
        Some(value) => own.set(cx, name, (*value).clone()),
        None if own.remove(cx, name)?.is_none() => Err(cx.attribute_error(format_args!(
            "'{kind}' object has no attribute '{}'",
            text(name).unwrap_or("?")
        ))),
        None => Ok(()),
    }
}
