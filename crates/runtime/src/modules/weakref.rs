//! The native part of the module `weakref`; the containers are written in Python and frozen.

use super::{define, functions};
use crate::{Args, Buffer, Context, Object, Result, State};
use mortice_types::builtin;
use mortice_types::gc::weak;
use mortice_types::native::Method;

static FUNCTIONS: &[Method] = functions! {
    "getweakrefcount" => get_count,
    "getweakrefs" => get_references,
    "proxy" => proxy,
    "_set_at_exit" => set_at_exit,
};

/// Makes the module `_weakref`.
pub(super) fn make(cx: &Context) -> Result<Object> {
    let module = super::with_functions(cx, "_weakref", FUNCTIONS)?;
    for (name, native) in [
        ("ref", &builtin::WEAKREF),
        ("ReferenceType", &builtin::WEAKREF),
        ("ProxyType", &builtin::WEAKPROXY),
        ("CallableProxyType", &builtin::WEAKCALLABLEPROXY),
    ] {
        define(cx, &module, name, cx.builtin(native).into_object())?;
    }
    Ok(module)
}

fn proxy(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.no_keywords(cx, "_weakref.proxy")?;
    let given = args.between(cx, "proxy", 1, 2)?;
    builtin::proxy::new_proxy(cx, &given[0], given.get(1).map(|callback| &**callback))
}

/// The live weak references to an object: CPython's order has the plain one first, then the plain
/// proxy, then the others, newest first.
fn references(cx: &Context, object: &Object) -> Result<Buffer<Object>> {
    let mut found = Buffer::new();
    let mut index = 0;
    while object.has_prefix()
        && let Some(reference) = weak::nth(object, index)
    {
        cx.fallible(found.push(cx.heap(), reference))?;
        index += 1;
    }
    let rank = |reference: &Object| {
        let plain = builtin::weakref::view(reference).is_some_and(|body| !body.callback.is_some());
        match plain {
            true if cx.is_exactly(reference, &builtin::WEAKREF) => 0,
            true if cx.is_exactly(reference, &builtin::WEAKPROXY)
                || cx.is_exactly(reference, &builtin::WEAKCALLABLEPROXY) =>
            {
                1
            }
            _ => 2,
        }
    };
    found.sort_by_key(rank);
    Ok(found)
}

fn get_count(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "_weakref.getweakrefcount")?;
    cx.int(references(cx, &object)?.len() as i64)
}

fn get_references(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "_weakref.getweakrefs")?;
    builtin::list::from_buffer(cx, references(cx, &object)?)
}

/// Sets what is called before the runtime ends; `finalize` uses it.
fn set_at_exit(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [function] = args.exactly::<1>(cx, "_weakref._set_at_exit")?;
    State::of(cx)?.at_exit.set((*function).clone());
    Ok(cx.none())
}
