//! Bound methods: a function and the instance that it is called with.

use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::raw::Type;
use crate::{Args, Context, Object, Result, body, builtin, index, native_type, text};
use mortice_gc::Slot;

crate::body! {
    /// The body of a bound method.
    pub struct MethodBody {
        /// `__func__`.
        pub function: Slot,
        /// `__self__`.
        pub receiver: Slot,
    }
}

/// Binds a function to an instance.
pub fn new_method(cx: &Context, function: &Object, receiver: &Object) -> Result<Object> {
    let method = cx.instance(cx.builtin_ref(&METHOD), 0)?;
    if let Some(body) = view(&method) {
        body.function.set(function.clone());
        body.receiver.set(receiver.clone());
    }
    Ok(method)
}

/// The body of a bound method.
#[inline]
pub fn view(object: &Object) -> Option<&MethodBody> {
    body::<MethodBody>(object)
}

/// Function and receiver.
pub fn parts(object: &Object) -> Option<(Object, Object)> {
    let body = view(object)?;
    Some((body.function.get()?, body.receiver.get()?))
}

fn method_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some((function, receiver)) = parts(&args.receiver()) else {
        return Err(cx.type_error(format_args!("an empty method")));
    };
    let values = args.values();
    let mut with = allocator_api2::vec::Vec::new_in(cx.memory());
    with.try_reserve_exact(values.len() + 1)
        .map_err(|_| cx.out_of_memory())?;
    with.push(function.borrow());
    with.push(receiver.borrow());
    with.extend_from_slice(&values[1..]);
    cx.call_with_receiver(Args::with_names(&with, args.names()))
}

fn method_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [_, function, receiver] = match args.positional() {
        [class, function, receiver] => [class, function, receiver],
        other => {
            return Err(cx.type_error(format_args!(
                "method expected 2 arguments, got {}",
                other.len().saturating_sub(1)
            )));
        }
    };
    if !cx.is_callable(function) {
        return Err(cx.type_error(format_args!("first argument must be callable")));
    }
    if cx.is_none(receiver) {
        return Err(cx.type_error(format_args!("instance must not be None")));
    }
    new_method(cx, function, receiver)
}

fn method_get(_: &Context, args: Args<'_>) -> Result<Object> {
    Ok((*args.receiver()).clone())
}

fn method_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some((function, receiver)) = parts(&args.receiver()) else {
        return cx.string("<bound method ?>");
    };
    let name = match cx.find_attribute(&function, &cx.names().qualname)? {
        Some(name) => Some(name),
        None => cx.find_attribute(&function, &cx.names().name)?,
    };
    let receiver = cx.repr(&receiver)?;
    cx.format(format_args!(
        "<bound method {} of {}>",
        name.as_ref().and_then(|name| text(name)).unwrap_or("?"),
        text(&receiver).unwrap_or("?")
    ))
}

/// A bound method reads the function's attributes, but does not set them.
fn method_getattribute(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name] = args.exactly::<2>(cx, "__getattribute__")?;
    builtin::object::check_name(cx, &name)?;
    let of = cx.type_of(&this);
    if let Some(found) = of.lookup(cx, &name)? {
        return match cx.slot_of(&found, crate::SlotId::Get) {
            Some(getter) => cx.bind(getter, &found, Some(&this), &of),
            None => Ok(found),
        };
    }
    match parts(&this) {
        Some((function, _)) => cx.get_attribute(&function, &name),
        None => Err(cx.no_attribute(&this, &name)),
    }
}

fn compare(cx: &Context, args: Args<'_>, wanted: bool) -> Result<Object> {
    let Some(other) = args.get(1) else {
        return Ok(cx.not_implemented());
    };
    match (parts(&args.receiver()), parts(&other)) {
        (Some(a), Some(b)) => {
            let same = cx.equal(&a.0, &b.0)? && a.1.is(&b.1);
            Ok(cx.bool(same == wanted))
        }
        _ => Ok(cx.not_implemented()),
    }
}

fn method_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, true)
}

fn method_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, false)
}

fn method_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some((function, receiver)) = parts(&args.receiver()) else {
        return Ok(Object::small32(0));
    };
    let function = cx.hash(&function)?;
    cx.int(((receiver.address() >> 4) as i64 ^ function) >> 1)
}

fn get_function(cx: &Context, object: &Object) -> Result<Object> {
    Ok(view(object)
        .and_then(|body| body.function.get())
        .unwrap_or_else(|| cx.none()))
}

fn get_receiver(cx: &Context, object: &Object) -> Result<Object> {
    Ok(view(object)
        .and_then(|body| body.receiver.get())
        .unwrap_or_else(|| cx.none()))
}

fn get_doc(cx: &Context, object: &Object) -> Result<Object> {
    let function = get_function(cx, object)?;
    cx.get_attribute(&function, &cx.names().doc)
}

/// The type of a bound method's receiver; for pictures and messages.
pub fn receiver_type(cx: &Context, object: &Object) -> Option<Type> {
    parts(object).map(|(_, receiver)| cx.type_of(&receiver))
}

const LAYOUT: Native = Native {
    name: "method",
    basicsize: 48,
    itemsize: 0,
    dictoffset: 0,
    weaklistoffset: 32,
    body_bytes: size_of::<MethodBody>(),
    dict: Storage::None,
    weakref: Storage::Managed,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The type of bound methods.
    pub static METHOD: "method" {
        index: index::METHOD,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: MethodBody,
        flags: flags::COLLECTED | flags::VECTORCALL,
        doc: "A function bound to the instance that it is called with.",
        slots {
            New => method_new,
            Call => method_call,
            Get => method_get,
            Repr => method_repr,
            GetAttribute => method_getattribute,
            Eq => method_eq,
            Ne => method_ne,
            Hash => method_hash,
        },
        methods {},
        getsets {
            "__doc__" => get_doc;
            member "__func__" => get_function;
            member "__self__" => get_receiver;
        },
    }
}
