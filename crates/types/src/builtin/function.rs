//! Functions written in Python.
//!
//! This crate knows what a function is, not how its code runs: a function carries the native
//! function that runs it, which the evaluator puts there.

use super::type_object::annotations::annotations_of;
use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::{
    Args, Borrowed, Context, Object, Result, SlotFn, body, builtin, dict_view, index, native_type,
    text, tuple_items,
};
use mortice_gc::Slot;
use mortice_gc::trace::Plain;
use std::cell::Cell;

crate::body! {
    /// The body of a function.
    pub struct FunctionBody {
        /// `__code__`; what runs the function understands it.
        pub code: Slot,
        /// `__globals__`.
        pub globals: Slot,
        /// `__builtins__` of the globals when the function was made.
        pub builtins: Slot,
        /// `__name__`.
        pub name: Slot,
        /// `__qualname__`.
        pub qualname: Slot,
        /// `__defaults__`.
        pub defaults: Slot,
        /// `__kwdefaults__`.
        pub keyword_defaults: Slot,
        /// `__closure__`.
        pub closure: Slot,
        /// `__doc__`.
        pub doc: Slot,
        /// `__module__`.
        pub module: Slot,
        /// `__annotations__`, once they were asked for.
        pub annotations: Slot,
        /// `__annotate__`: makes the annotations.
        pub annotate: Slot,
        /// Runs the function: the call slot's shape, the function itself being the receiver.
        pub run: Plain<Cell<Option<SlotFn>>>,
    }
}

/// The body of a function.
#[inline]
pub fn view(object: &Object) -> Option<&FunctionBody> {
    body::<FunctionBody>(object)
}

/// Makes a function without code; the caller fills the body.
pub fn new_function(cx: &Context) -> Result<Object> {
    cx.instance(cx.builtin_ref(&FUNCTION), 0)
}

fn function_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    match view(&args.receiver()).and_then(|body| body.run.0.get()) {
        Some(run) => run(cx, args),
        None => Err(cx.system_error(format_args!("a function without code"))),
    }
}

fn function_get(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    match args.get(1) {
        Some(instance) if !cx.is_none(&instance) => {
            builtin::method::new_method(cx, &this, &instance)
        }
        _ => Ok((*this).clone()),
    }
}

fn function_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let qualname = view(&this).and_then(|body| body.qualname.get());
    cx.format(format_args!(
        "<function {} at {:#x}>",
        qualname.as_ref().and_then(|name| text(name)).unwrap_or("?"),
        this.address()
    ))
}

macro_rules! fields {
    ($($get:ident $field:ident,)*) => {
        $(
            fn $get(cx: &Context, object: &Object) -> Result<Object> {
                Ok(view(object).and_then(|body| body.$field.get()).unwrap_or_else(|| cx.none()))
            }
        )*
    };
}

fields! {
    get_code code, get_globals globals, get_builtins builtins, get_name name,
    get_qualname qualname, get_defaults defaults, get_keyword_defaults keyword_defaults,
    get_closure closure, get_doc doc, get_module module, get_annotate annotate,
}

fn get_annotations(cx: &Context, object: &Object) -> Result<Object> {
    let Some(body) = view(object) else {
        return Ok(cx.none());
    };
    if let Some(annotations) = body.annotations.get() {
        return Ok(annotations);
    }
    let annotations = annotations_of(cx, &get_annotate(cx, object)?)?;
    body.annotations.set(annotations.clone());
    Ok(annotations)
}

fn set_text(
    cx: &Context,
    slot: Option<&Slot>,
    value: Option<Borrowed<'_>>,
    name: &str,
) -> Result<()> {
    match (slot, value) {
        (Some(slot), Some(value)) if text(&value).is_some() => {
            slot.set((*value).clone());
            Ok(())
        }
        _ => Err(cx.type_error(format_args!("{name} must be set to a string object"))),
    }
}

fn set_name(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    set_text(cx, view(object).map(|body| &body.name), value, "__name__")
}

fn set_qualname(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    set_text(
        cx,
        view(object).map(|body| &body.qualname),
        value,
        "__qualname__",
    )
}

fn put(slot: Option<&Slot>, value: Option<Borrowed<'_>>) {
    if let Some(slot) = slot {
        drop(slot.replace(value.map(|value| (*value).clone())));
    }
}

fn set_doc(_: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    put(view(object).map(|body| &body.doc), value);
    Ok(())
}

fn set_module(_: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    put(view(object).map(|body| &body.module), value);
    Ok(())
}

fn set_annotations(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let value = value.filter(|value| !cx.is_none(value));
    if value.is_some_and(|value| dict_view(&value).is_none()) {
        return Err(cx.type_error(format_args!("__annotations__ must be set to a dict object")));
    }
    put(view(object).map(|body| &body.annotations), value);
    put(view(object).map(|body| &body.annotate), None);
    Ok(())
}

fn set_annotate(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let Some(value) = value else {
        return Err(cx.type_error(format_args!("__annotate__ cannot be deleted")));
    };
    if cx.is_none(&value) {
        put(view(object).map(|body| &body.annotate), None);
        return Ok(());
    }
    if !cx.is_callable(&value) {
        return Err(cx.type_error(format_args!("__annotate__ must be callable or None")));
    }
    put(view(object).map(|body| &body.annotate), Some(value));
    put(view(object).map(|body| &body.annotations), None);
    Ok(())
}

fn set_defaults(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let value = value.filter(|value| !cx.is_none(value));
    if value.is_some_and(|value| tuple_items(&value).is_none()) {
        return Err(cx.type_error(format_args!("__defaults__ must be set to a tuple object")));
    }
    put(view(object).map(|body| &body.defaults), value);
    Ok(())
}

fn set_keyword_defaults(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let value = value.filter(|value| !cx.is_none(value));
    if value.is_some_and(|value| dict_view(&value).is_none()) {
        return Err(cx.type_error(format_args!("__kwdefaults__ must be set to a dict object")));
    }
    put(view(object).map(|body| &body.keyword_defaults), value);
    Ok(())
}

fn set_code(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let own = view(object).and_then(|body| body.code.get());
    match (own, value) {
        (Some(own), Some(value)) if cx.type_of(&own).is(&cx.type_of(&value)) => {
            put(view(object).map(|body| &body.code), Some(value));
            Ok(())
        }
        _ => Err(cx.type_error(format_args!("__code__ must be set to a code object"))),
    }
}

const LAYOUT: Native = Native {
    name: "function",
    basicsize: 152,
    itemsize: 0,
    dictoffset: 88,
    weaklistoffset: 96,
    body_bytes: size_of::<FunctionBody>(),
    dict: Storage::Managed,
    weakref: Storage::Managed,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The type of functions written in Python.
    pub static FUNCTION: "function" {
        index: index::FUNCTION,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: FunctionBody,
        flags: flags::COLLECTED | flags::METHOD_DESCRIPTOR | flags::VECTORCALL,
        doc: "A function that is written in Python.",
        slots {
            Call => function_call,
            Get => function_get,
            Repr => function_repr,
        },
        methods {},
        getsets {
            "__code__" => get_code, set_code;
            "__defaults__" => get_defaults, set_defaults;
            "__kwdefaults__" => get_keyword_defaults, set_keyword_defaults;
            "__annotations__" => get_annotations, set_annotations;
            "__annotate__" => get_annotate, set_annotate;
            "__dict__" => builtin::object::get_dict, builtin::object::replace_dict;
            "__name__" => get_name, set_name;
            "__qualname__" => get_qualname, set_qualname;
            member "__closure__" => get_closure;
            member "__doc__" => get_doc, set_doc;
            member "__globals__" => get_globals;
            member "__module__" => get_module, set_module;
            member "__builtins__" => get_builtins;
        },
    }
}
