//! `classmethod`: a callable that is bound to the class.

use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::raw::Type;
use crate::{Args, Borrowed, Context, Object, Result, body, builtin, index, native_type, text};
use mortice_gc::Slot;

crate::body! {
    /// The body of a `classmethod`.
    pub struct ClassMethodBody {
        /// `__func__`.
        pub function: Slot,
    }
}

/// Wraps a callable.
pub fn new_class_method(cx: &Context, function: &Object) -> Result<Object> {
    make(cx, cx.builtin_ref(&CLASSMETHOD), function)
}

fn make(cx: &Context, of: &Type, function: &Object) -> Result<Object> {
    let object = cx.instance(of, 0)?;
    fill(cx, &object, function)?;
    Ok(object)
}

fn fill(cx: &Context, object: &Object, function: &Object) -> Result<()> {
    if let Some(body) = body::<ClassMethodBody>(object) {
        body.function.set(function.clone());
    }
    builtin::static_method::copy_attributes(cx, object, function)
}

fn wrapper_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    match Type::of(&args.receiver()) {
        Some(of) => cx.instance(&of, 0),
        None => Err(cx.type_error(format_args!(
            "classmethod.__new__(X): X is not a type object"
        ))),
    }
}

fn wrapper_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [function] = args.rest().between(cx, "classmethod", 1, 1)? else {
        return Ok(cx.none());
    };
    fill(cx, &args.receiver(), function)?;
    Ok(cx.none())
}

/// The wrapped callable.
pub fn function_of(object: &Object) -> Option<Object> {
    body::<ClassMethodBody>(object)?.function.get()
}

fn wrapped(cx: &Context, object: &Object) -> Result<Object> {
    match function_of(object) {
        Some(function) => Ok(function),
        None => Err(cx.runtime_error(format_args!("uninitialized classmethod object"))),
    }
}

fn wrapper_get(cx: &Context, args: Args<'_>) -> Result<Object> {
    let function = wrapped(cx, &args.receiver())?;
    let class = match (args.get(2).filter(|class| !cx.is_none(class)), args.get(1)) {
        (Some(class), _) => (*class).clone(),
        (None, Some(instance)) => cx.type_of(&instance).into_object(),
        (None, None) => return Err(cx.type_error(format_args!("__get__(None, None) is invalid"))),
    };
    builtin::method::new_method(cx, &function, &class)
}

fn wrapper_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let function = wrapped(cx, &args.receiver())?;
    let function = cx.repr(&function)?;
    cx.format(format_args!(
        "<classmethod({})>",
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
    builtin::static_method::set_own(cx, object, "classmethod", &cx.names().annotations, value)
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
    builtin::static_method::set_own(cx, object, "classmethod", &cx.names().annotate, value)
}

const LAYOUT: Native = Native {
    name: "classmethod",
    basicsize: 32,
    itemsize: 0,
    dictoffset: 24,
    weaklistoffset: 0,
    body_bytes: size_of::<ClassMethodBody>(),
    dict: Storage::Managed,
    weakref: Storage::None,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The built-in `classmethod`.
    pub static CLASSMETHOD: "classmethod" {
        index: index::CLASSMETHOD,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: ClassMethodBody,
        flags: flags::BASE | flags::COLLECTED,
        doc: "A callable that gets the class as its first argument.",
        slots {
            New => wrapper_new,
            Init => wrapper_init,
            Repr => wrapper_repr,
            Get => wrapper_get,

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
