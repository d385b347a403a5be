//! Auditing: hooks that are told what a program does, and may refuse it by raising.

use crate::{Args, Context, Object, Result, State};
use mortice_types::{builtin, text};

/// Tells the hooks about an event.
///
/// # Errors
///
/// What a hook raises; later hooks are not asked then.
pub(crate) fn audit(cx: &Context, event: &str, values: &[Object]) -> Result<()> {
    let Some(hooks) = State::find(cx).and_then(|state| state.audit_hooks.get()) else {
        return Ok(());
    };
    let event = cx.intern(event)?;
    let values = builtin::tuple::from_slice(cx, values)?;
    tell(cx, &hooks, &event, &values)
}

fn tell(cx: &Context, hooks: &Object, event: &Object, values: &Object) -> Result<()> {
    let mut index = 0;
    while let Some(hook) = builtin::list::view(hooks).and_then(|list| list.items.get(index)) {
        cx.call(&hook, &[event.borrow(), values.borrow()])?;
        index += 1;
    }
    Ok(())
}

/// `sys.audit(event, *args)`.
pub(super) fn sys_audit(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.no_keywords(cx, "sys.audit")?;
    let Some(event) = args.get(0) else {
        return Err(cx.type_error(format_args!("audit expected at least 1 argument, got 0")));
    };
    let Some(name) = text(&event) else {
        return Err(cx.type_error(format_args!(
            "audit() argument 1 must be str, not {}",
            cx.type_name(&event)
        )));
    };
    audit(cx, name, &cx.owned(&args.positional()[1..])?)?;
    Ok(cx.none())
}

/// `sys.addaudithook(hook)`. The hooks before it are asked; one that raises RuntimeError keeps the
/// new one out, and nobody is told.
pub(super) fn add_hook(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [Some(hook)] = args.bind(cx, "addaudithook", ["hook"], 1)? else {
        return Err(cx.system_error(format_args!("a required argument is missing")));
    };
    match audit(cx, "sys.addaudithook", &[]) {
        Err(raised) if raised.is(cx, &builtin::RUNTIME_ERROR) => return Ok(cx.none()),
        asked => asked?,
    }
    let state = State::of(cx)?;
    let hooks = match state.audit_hooks.get() {
        Some(hooks) => hooks,
        None => {
            let hooks = builtin::list::from_slice(cx, &[])?;
            state.audit_hooks.set(hooks.clone());
            hooks
        }
    };
    if let Some(list) = builtin::list::view(&hooks) {
        cx.fallible(list.items.push(cx.heap(), (*hook).clone()))?;
    }
    Ok(cx.none())
}
