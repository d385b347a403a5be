//! Exceptions that have nowhere to go: from finalizers, callbacks and closing generators.

use crate::{Context, Object, Raised, Result, State, modules, streams, structs, traceback};
use mortice_types::{text, tuple_items};

/// Reports an exception through `sys.unraisablehook`. `doing` is what was done when it came, and
/// stands before the repr of `object`.
pub(crate) fn report(cx: &Context, raised: Raised, doing: &str, object: Option<&Object>) {
    let Ok(arguments) = arguments(cx, &raised, doing, object) else {
        return;
    };
    let hook = State::find(cx)
        .and_then(|state| state.sys.get())
        .and_then(|sys| modules::get(cx, &sys, "unraisablehook"))
        .filter(|hook| !cx.is_none(hook));
    let Some(hook) = hook else {
        let _ = print(cx, &arguments);
        return;
    };
    if let Err(failed) = cx.call(&hook, &[arguments.borrow()]) {
        let doing = "Exception ignored in sys.unraisablehook:";
        if let Ok(arguments) = self::arguments(cx, &failed, doing, Some(&hook)) {
            // The colon stands before the hook here, and none behind it.
            let _ = print_with(cx, &arguments, "\n");
        }
    }
}

fn arguments(
    cx: &Context,
    raised: &Raised,
    doing: &str,
    object: Option<&Object>,
) -> Result<Object> {
    let message = match object {
        None => cx.string(doing)?,
        Some(object) => match cx.repr(object) {
            Ok(repr) => cx.format(format_args!("{doing} {}", text(&repr).unwrap_or("?")))?,
            Err(_) => cx.none(),
        },
    };
    let exception = raised.exception();
    let trace = mortice_types::builtin::exception::view(exception)
        .and_then(|body| body.traceback.get())
        .unwrap_or_else(|| cx.none());
    structs::make(
        cx,
        cx.builtin_ref(&structs::UNRAISABLE_ARGS),
        &[
            cx.type_of(exception).into_object(),
            exception.clone(),
            trace,
            message,
            cx.none(),
        ],
    )
}

/// The default hook: prints to `sys.stderr`.
///
/// # Errors
///
/// What writing raises.
pub(crate) fn print(cx: &Context, arguments: &Object) -> Result<()> {
    print_with(cx, arguments, ":\n")
}

fn print_with(cx: &Context, arguments: &Object, end: &str) -> Result<()> {
    let Some(file) = streams::standard_error(cx) else {
        return Ok(());
    };
    let Some([_, exception, _, message, object]) = tuple_items(arguments) else {
        return Ok(());
    };
    if let Some(message) = text(message) {
        streams::write(cx, &file, message)?;
        streams::write(cx, &file, end)?;
    } else if !cx.is_none(object)
        && let Ok(repr) = cx.repr(object)
    {
        streams::write(cx, &file, "Exception ignored in: ")?;
        streams::write_object(cx, &file, &repr)?;
        streams::write(cx, &file, "\n")?;
    }
    traceback::print(cx, &file, exception)
}
