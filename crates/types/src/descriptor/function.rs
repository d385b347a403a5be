//! Built-in functions: a method bound to its receiver, a module's function, a type's `__new__`.

use crate::layout::{Native, Storage};
use crate::native::{Binding, Method, figures, flags};
use crate::raw::Type;
use crate::slot_id::{DISPATCH, SlotId};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type, text};
use mortice_gc::Slot;
use mortice_gc::trace::Plain;
use std::cell::Cell;

crate::body! {
    /// The body of a built-in function: a method bound to its receiver, or a module's function.
    pub struct BuiltinBody {
        /// `__self__`; the module for functions.
        pub receiver: Slot,
        /// `__module__`.
        pub module: Slot,
        /// Whose constructor this is, for `__new__`.
        constructs: Slot,
        method: Plain<Cell<Option<&'static Method>>>,
    }
}

/// Makes a built-in function.
pub fn new_builtin(
    cx: &Context,
    method: &'static Method,
    receiver: Option<&Object>,
    module: Option<&Object>,
) -> Result<Object> {
    let object = cx.instance(cx.builtin_ref(&builtin::BUILTIN), 0)?;
    if let Some(body) = body::<BuiltinBody>(&object) {
        if let Some(receiver) = receiver {
            body.receiver.set(receiver.clone());
        }
        if let Some(module) = module {
            body.module.set(module.clone());
        }
        body.method.0.set(Some(method));
    }
    Ok(object)
}

static NEW_METHOD: Method = Method {
    name: "__new__",
    function: |cx, _| Err(cx.type_error(format_args!("__new__ without a type"))),
    binding: Binding::Static,
    doc: "Create and return a new object.",
};

/// The `__new__` in a native type's namespace.
pub(crate) fn new_constructor(cx: &Context, of: &Type) -> Result<Object> {
    let object = new_builtin(cx, &NEW_METHOD, Some(of.object()), None)?;
    if let Some(body) = body::<BuiltinBody>(&object) {
        body.constructs.set(of.object().clone());
    }
    Ok(object)
}

/// The type whose native constructor this is.
pub(crate) fn constructor_type(object: &Object) -> Option<Type> {
    Type::of(&body::<BuiltinBody>(object)?.constructs.get()?)
}

/// The method behind a built-in function.
pub fn builtin_method(object: &Object) -> Option<&'static Method> {
    body::<BuiltinBody>(object)?.method.0.get()
}

/// `T.__new__(S, …)`: the checks of CPython's `tp_new_wrapper`.
fn call_constructor(cx: &Context, of: &Type, args: Args<'_>) -> Result<Object> {
    let own_name = crate::class::full_name(cx, of);
    let Some(first) = args.get(0) else {
        return Err(cx.type_error(format_args!("{own_name}.__new__(): not enough arguments")));
    };
    let Some(subtype) = Type::of(&first) else {
        return Err(cx.type_error(format_args!(
            "{own_name}.__new__(X): X is not a type object ({})",
            cx.type_name(&first)
        )));
    };
    let sub_name = crate::class::full_name(cx, &subtype);
    if !subtype.is_subtype(cx, of) {
        return Err(cx.type_error(format_args!(
            "{own_name}.__new__({sub_name}): {sub_name} is not a subtype of {own_name}"
        )));
    }
    let dispatch = DISPATCH[SlotId::New as usize] as usize;
    let mut solid = Some(subtype.clone());
    while let Some(at) = &solid
        && at.slot(SlotId::New).map(|new| new as usize) == Some(dispatch)
    {
        solid = at.base(cx);
    }
    if let Some(solid) = solid
        && solid.slot(SlotId::New).map(|new| new as usize)
            != of.slot(SlotId::New).map(|new| new as usize)
    {
        let solid_name = crate::class::full_name(cx, &solid);
        return Err(cx.type_error(format_args!(
            "{own_name}.__new__({sub_name}) is not safe, use {solid_name}.__new__()"
        )));
    }
    match of.slot(SlotId::New) {
        Some(new) => new(cx, args),
        None => Err(cx.type_error(format_args!("cannot create '{own_name}' instances"))),
    }
}

fn builtin_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(function) = body::<BuiltinBody>(&this) else {
        return Err(cx.type_error(format_args!("a built-in function is required")));
    };
    if let Some(of) = function.constructs.get().and_then(|of| Type::of(&of)) {
        return call_constructor(cx, &of, args.rest());
    }
    let Some(method) = function.method.0.get() else {
        return Err(cx.system_error(format_args!("a built-in function without code")));
    };
    match (method.binding, function.receiver.get()) {
        (Binding::Static, _) | (_, None) => (method.function)(cx, args.rest()),
        (_, Some(receiver)) => cx.with_receiver(args, receiver.borrow(), method.function),
    }
}

fn builtin_name(cx: &Context, object: &Object) -> Result<Object> {
    cx.intern(builtin_method(object).map_or("?", |method| method.name))
}

fn builtin_self(cx: &Context, object: &Object) -> Result<Object> {
    Ok(body::<BuiltinBody>(object)
        .and_then(|body| body.receiver.get())
        .unwrap_or_else(|| cx.none()))
}

fn builtin_qualname(cx: &Context, object: &Object) -> Result<Object> {
    let name = builtin_name(cx, object)?;
    let receiver = builtin_self(cx, object)?;
    if cx.is_none(&receiver) || cx.is_instance_of(&receiver, &builtin::MODULE) {
        return Ok(name);
    }
    let of = Type::of(&receiver).unwrap_or_else(|| cx.type_of(&receiver));
    let qualname = of.state(cx).qualname.get().unwrap_or_else(|| of.name(cx));
    cx.format(format_args!(
        "{}.{}",
        text(&qualname).unwrap_or("?"),
        text(&name).unwrap_or("?")
    ))
}

fn builtin_module(cx: &Context, object: &Object) -> Result<Object> {
    Ok(body::<BuiltinBody>(object)
        .and_then(|body| body.module.get())
        .unwrap_or_else(|| cx.none()))
}

fn builtin_doc(cx: &Context, object: &Object) -> Result<Object> {
    match builtin_method(object).map(|method| method.doc) {
        None | Some("") => Ok(cx.none()),
        Some(doc) => cx.string(doc),
    }
}

fn builtin_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let name = builtin_name(cx, &this)?;
    let name = text(&name).unwrap_or("?");
    let receiver = builtin_self(cx, &this)?;
    if cx.is_none(&receiver) || cx.is_instance_of(&receiver, &builtin::MODULE) {
        return cx.format(format_args!("<built-in function {name}>"));
    }
    cx.format(format_args!(
        "<built-in method {name} of {} object at {:#x}>",
        cx.type_name(&receiver),
        receiver.address()
    ))
}

fn compare_builtins(cx: &Context, args: Args<'_>, equal: bool) -> Result<Object> {
    let (this, Some(other)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    let (Some(a), Some(b)) = (body::<BuiltinBody>(&this), body::<BuiltinBody>(&other)) else {
        return Ok(cx.not_implemented());
    };
    let same_method = match (a.method.0.get(), b.method.0.get()) {
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        _ => false,
    };
    let same_receiver = match (a.receiver.get(), b.receiver.get()) {
        (Some(a), Some(b)) => a.is(&b),
        (None, None) => true,
        _ => false,
    };
    Ok(cx.bool((same_method && same_receiver) == equal))
}

fn builtin_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare_builtins(cx, args, true)
}

fn builtin_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare_builtins(cx, args, false)
}

fn builtin_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let receiver = builtin_self(cx, &this)?.address();
    let method = builtin_method(&this).map_or(0, |method| std::ptr::from_ref(method) as usize);
    cx.int(((receiver >> 4) ^ (method >> 4)) as i64)
}

const BUILTIN_LAYOUT: Native = Native {
    weaklistoffset: 40,
    weakref: Storage::Managed,
    ..figures("builtin_function_or_method", 56, size_of::<BuiltinBody>())
};

native_type! {
    /// A function written in Rust.
    pub static BUILTIN: "builtin_function_or_method" {
        index: index::BUILTIN,
        base: &builtin::OBJECT,
        layout: BUILTIN_LAYOUT,
        body: BuiltinBody,
        flags: flags::COLLECTED | flags::VECTORCALL,
        slots {
            Repr => builtin_repr,
            Call => builtin_call,
            Eq => builtin_eq,
            Ne => builtin_ne,
            Hash => builtin_hash,
        },
        methods {},
        getsets {
            "__name__" => builtin_name;
            "__qualname__" => builtin_qualname;
            "__self__" => builtin_self;
            "__doc__" => builtin_doc;
            member "__module__" => builtin_module;
        },
    }
}
