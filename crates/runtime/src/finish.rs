//! The end of a runtime, in CPython's order.
//!
//! Before all that, finalizers that wait for the end are called.
//!
//! 1. What cycles keep alive is collected while everything still works.
//! 2. `sys.modules` lets go of every module; most namespaces end here.
//! 3. A collection ends those that functions and classes of the module kept alive.
//! 4. Modules that something else still holds are cleared, the newest first: names that begin with
//!    one underscore, then all others but `__builtins__`.
//! 5. `sys` is cleared, then `builtins`.

use crate::State;
use crate::state::Stream;
use mortice_types::gc::{Generation, WeakBody};
use mortice_types::{Buffer, Context, Object, Result, body, builtin, dict_view, text};

/// Ends a runtime; what goes wrong meanwhile has nobody left to be told.
pub(crate) fn finish(cx: &Context) {
    let Some(state) = State::find(cx) else { return };
    if let Some(function) = state.at_exit.take()
        && let Err(raised) = cx.call(&function, &[])
    {
        let doing = "Exception ignored in atexit callback";
        crate::unraisable::report(cx, raised, doing, Some(&function));
    }
    state.flush(Stream::Out);
    #[cfg(feature = "zeal")]
    cx.heap().end_zeal();
    state.finalizing.set(true);
    let _ = cx.heap().collect(Generation::Full);
    let _ = end_modules(cx, state);
    state.flush(Stream::Out);
    state.flush(Stream::Error);
}

fn end_modules(cx: &Context, state: &State) -> Result<()> {
    let held = forget_modules(cx, state)?;
    let _ = cx.heap().collect(Generation::Full);
    crate::modules::gc::report_garbage(cx, state);
    let kept = [state.builtins.get(), state.sys.get()];
    for reference in held.iter().rev() {
        let Some(module) = body::<WeakBody>(reference).and_then(WeakBody::target) else {
            continue;
        };
        if !kept.iter().flatten().any(|kept| kept.is(&module)) {
            clear_module(cx, &module)?;
        }
    }
    for slot in [&state.audit_hooks, &state.gc_callbacks, &state.gc_garbage] {
        drop(slot.take());
    }
    for slot in [&state.sys, &state.builtins] {
        // The slot keeps the module while its finalizers may still print.
        if let Some(module) = slot.get() {
            clear_module(cx, &module)?;
        }
    }
    for slot in [&state.sys, &state.builtins] {
        drop(slot.take());
    }
    state.slots.end();
    for stream in [Stream::Out, Stream::Error] {
        drop(state.stream_slot(stream).take());
    }
    let _ = cx.heap().collect(Generation::Full);
    Ok(())
}

/// Empties `sys.modules`; gives weak references to what was in it.
fn forget_modules(cx: &Context, state: &State) -> Result<Buffer<Object>> {
    let mut held = Buffer::new();
    let Some(modules) = state.modules.take() else {
        return Ok(held);
    };
    let Some(view) = dict_view(&modules) else {
        return Ok(held);
    };
    let mut at = 0;
    while let Some((index, name, module)) = view.next_entry(at) {
        at = index + 1;
        if cx.is_instance_of(&module, &builtin::MODULE) {
            let reference = builtin::weakref::new_reference(cx, &module)?;
            cx.fallible(held.push(cx.heap(), reference))?;
        }
        view.set(cx, &name, cx.none())?;
    }
    view.clear();
    Ok(held)
}

/// Sets a module's names to None, those with one underscore first.
fn clear_module(cx: &Context, module: &Object) -> Result<()> {
    let Some(namespace) = cx.instance_dict(module) else {
        return Ok(());
    };
    let Some(view) = dict_view(&namespace) else {
        return Ok(());
    };
    for first in [true, false] {
        let mut at = 0;
        while let Some((index, name, value)) = view.next_entry(at) {
            at = index + 1;
            let Some(name_text) = text(&name) else {
                continue;
            };
            let private = name_text.starts_with('_') && !name_text.starts_with("__");
            let wanted = if first {
                private
            } else {
                name_text != "__builtins__"
            };
            if wanted && !cx.is_none(&value) {
                drop(value);
                view.set(cx, &name, cx.none())?;
            }
        }
    }
    Ok(())
}
