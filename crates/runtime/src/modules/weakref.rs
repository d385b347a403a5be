//! The native part of the module `weakref`; the containers are written in Python and frozen.

use super::{define, functions};
use crate::{Args, Context, Object, Result, State};
use mortice_types::builtin;
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

fn get_count(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "_weakref.getweakrefcount")?;
    cx.int(builtin::weakref::references(cx, &object)?.len() as i64)
}

fn get_references(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "_weakref.getweakrefs")?;
    builtin::list::from_buffer(cx, builtin::weakref::references(cx, &object)?)
}

/// Sets what is called before the runtime ends; `finalize` uses it.
fn set_at_exit(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [function] = args.exactly::<1>(cx, "_weakref._set_at_exit")?;
    State::of(cx)?.at_exit.set((*function).clone());
    Ok(cx.none())
}
