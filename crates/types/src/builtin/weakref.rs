//! `weakref.ref`: references that keep nothing alive.

use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::raw::Type;
use crate::{Args, Buffer, Context, Object, Result, body, builtin, index, native_type, text};
use allocator_api2::vec::Vec;
use mortice_gc::{WeakBody, weak};

/// The body of a weak reference.
pub fn view(object: &Object) -> Option<&WeakBody> {
    body::<WeakBody>(object)
}

/// A reference without callback; an existing one is shared.
///
/// # Errors
///
/// TypeError where the target cannot be referred to weakly.
pub fn new_reference(cx: &Context, target: &Object) -> Result<Object> {
    make(cx, cx.builtin_ref(&WEAKREF), target, None)
}

/// A reference or proxy of a type, with a callback or without. One of the plain types without
/// callback is shared by all who ask.
///
/// # Errors
///
/// TypeError where the target cannot be referred to weakly.
pub fn make(cx: &Context, of: &Type, target: &Object, callback: Option<&Object>) -> Result<Object> {
    let callback = callback.filter(|callback| !cx.is_none(callback));
    let static_type = Type::view(target).filter(|target| target.is_static());
    let listed = target.has_prefix() && cx.flags_of(target) & flags::HAS_WEAKREF != 0;
    if !listed && static_type.is_none() {
        return Err(cx.type_error(format_args!(
            "cannot create weak reference to '{}' object",
            cx.type_name(target)
        )));
    }
    let shares = of.is_static() && callback.is_none();
    if shares && let Some(known) = shared(cx, of, target) {
        return Ok(known);
    }
    let reference = cx.instance(of, 0)?;
    if let Some(body) = view(&reference) {
        body.hash.set(-1);
        if let Some(callback) = callback {
            body.callback.set(callback.clone());
        }
    }
    if !crate::raw::link_weak(&reference, target) {
        return Err(cx.system_error(format_args!("a weak reference was linked twice")));
    }
    if shares
        && let Some(target) = static_type
        && of.is(cx.builtin_ref(&WEAKREF))
    {
        target.state(cx).weak.set(reference.clone());
    }
    Ok(reference)
}

/// The reference of exactly this type and without callback, where there is one.
fn shared(cx: &Context, of: &Type, target: &Object) -> Option<Object> {
    let is_shared = |known: &Object| {
        cx.type_of(known).is(of) && view(known).is_some_and(|body| !body.callback.is_some())
    };
    if let Some(target) = Type::view(target).filter(|target| target.is_static()) {
        return target.state(cx).weak.get().filter(is_shared);
    }
    (0..)
        .map_while(|index| weak::nth(target, index))
        .find(is_shared)
}

/// The live references and proxies to an object: the shared ones, then the others, newest first.
///
/// # Errors
///
/// MemoryError.
pub fn references(cx: &Context, target: &Object) -> Result<Buffer<Object>> {
    let mut found = Buffer::new();
    let mut add = |reference: Object| cx.fallible(found.push(cx.heap(), reference));
    let mut first = Vec::new_in(cx.memory());
    for kind in [&WEAKREF, &builtin::WEAKPROXY, &builtin::WEAKCALLABLEPROXY] {
        if let Some(known) = shared(cx, cx.builtin_ref(kind), target) {
            first.try_reserve(1).map_err(|_| cx.out_of_memory())?;
            first.push(known.clone());
            add(known)?;
        }
    }
    let is_listed = cx.flags_of(target) & flags::HAS_WEAKREF != 0 && target.has_prefix();
    let listed = (0..).map_while(|index| weak::nth(target, index).filter(|_| is_listed));
    for reference in listed {
        if !first.iter().any(|known| known.is(&reference)) {
            add(reference)?;
        }
    }
    Ok(found)
}

fn reference_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some(of) = Type::of(&args.receiver()) else {
        return Err(cx.type_error(format_args!("weakref.__new__(X): X is not a type object")));
    };
    let rest = args.rest();
    if of.is(cx.builtin_ref(&WEAKREF)) && rest.has_keywords() {
        return Err(cx.type_error(format_args!("ref() takes no keyword arguments")));
    }
    match rest.positional() {
        [_, _, _, ..] => Err(cx.type_error(format_args!(
            "__new__ expected at most 2 arguments, got {}",
            rest.positional().len()
        ))),
        [target] => make(cx, &of, target, None),
        [target, callback, ..] => make(cx, &of, target, Some(callback)),
        [] => Err(cx.type_error(format_args!("__new__ expected at least 1 argument, got 0"))),
    }
}

fn reference_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.rest().between(cx, "__init__", 1, 2)?;
    Ok(cx.none())
}

fn reference_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().between(cx, "weakref", 0, 0)?;
    Ok(view(&this)
        .and_then(WeakBody::target)
        .unwrap_or_else(|| cx.none()))
}

fn reference_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = view(&this) else {
        return Ok(Object::small32(0));
    };
    if body.hash.get() == -1 {
        let Some(target) = body.target() else {
            return Err(cx.type_error(format_args!("weak object has gone away")));
        };
        body.hash.set(cx.hash(&target)?);
    }
    cx.int(body.hash.get())
}

fn compare(cx: &Context, args: Args<'_>, slot: crate::SlotId) -> Result<Object> {
    let this = args.receiver();
    let Some(other) = args.get(1) else {
        return Ok(cx.not_implemented());
    };
    let (Some(a), Some(b)) = (view(&this), view(&other)) else {
        return Ok(cx.not_implemented());
    };
    match (a.target(), b.target()) {
        (Some(a), Some(b)) => cx.compare(&a, &b, slot),
        _ => Ok(cx.bool(this.is(&other) == (slot == crate::SlotId::Eq))),
    }
}

fn reference_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, crate::SlotId::Eq)
}

fn reference_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, crate::SlotId::Ne)
}

fn reference_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    match view(&this).and_then(WeakBody::target) {
        None => cx.format(format_args!("<weakref at {:#x}; dead>", this.address())),
        Some(target) => {
            // As a special method: what an instance's own hooks say does not count.
            let name = cx.special_method(&target, &cx.names().name)?;
            match name.as_ref().and_then(|name| text(name)) {
                Some(name) => cx.format(format_args!(
                    "<weakref at {:#x}; to '{}' at {:#x} ({name})>",
                    this.address(),
                    cx.told_name(&target)?,
                    target.address()
                )),
                None => cx.format(format_args!(
                    "<weakref at {:#x}; to '{}' at {:#x}>",
                    this.address(),
                    cx.told_name(&target)?,
                    target.address()
                )),
            }
        }
    }
}

fn get_callback(cx: &Context, object: &Object) -> Result<Object> {
    Ok(view(object)
        .and_then(|body| body.callback.get())
        .unwrap_or_else(|| cx.none()))
}

const LAYOUT: Native = Native {
    name: "weakref.ReferenceType",
    basicsize: 64,
    itemsize: 0,
    dictoffset: 0,
    weaklistoffset: 0,
    body_bytes: size_of::<WeakBody>(),
    dict: Storage::None,
    weakref: Storage::None,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The type of weak references.
    pub static WEAKREF: "ReferenceType" {
        index: index::WEAKREF,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: WeakBody,
        flags: flags::BASE | flags::COLLECTED | flags::VECTORCALL,
        module: "weakref",
        doc: "A reference that keeps nothing alive; calling it gives the target, or None.",
        slots {
            New => reference_new,
            Init => reference_init,
            Call => reference_call,
            Hash => reference_hash,
            Eq => reference_eq,
            Ne => reference_ne,
            Repr => reference_repr,
        },
        methods {},
        getsets { member "__callback__" => get_callback; },
    }
}
