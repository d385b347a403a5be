//! Calling functions written in Python.

use super::arguments::{self, Given};
use super::code_object;
use super::execute::{self, Exit};
use super::frame;
use crate::code::Flags;
use mortice::types::builtin::function::{self as functions, FunctionBody};
use mortice::types::{Args, Context, Object, Result, SlotFn, dict_view};

/// Arguments that a call takes along without asking for memory.
pub const FEW: usize = 8;

/// What functions carry to be run.
pub const RUN: SlotFn = run;

/// The call slot's shape: the function, then its arguments. These are borrowed, so the frame gets
/// references of its own.
fn run(cx: &Context, args: Args<'_>) -> Result<Object> {
    let function = args.receiver();
    let values = &args.values()[1..];
    if values.len() <= FEW {
        let mut owned = [const { None }; FEW];
        for (place, value) in owned.iter_mut().zip(values) {
            *place = Some((**value).clone());
        }
        return call(cx, &function, &mut owned[..values.len()], args.names());
    }
    let mut owned = allocator_api2::vec::Vec::new_in(cx.heap().memory());
    owned
        .try_reserve_exact(values.len())
        .map_err(|_| cx.out_of_memory())?;
    owned.extend(values.iter().map(|value| Some((**value).clone())));
    call(cx, &function, &mut owned, args.names())
}

/// Tells whether an object is a function that this evaluator runs.
#[inline]
pub fn is_ours(function: &FunctionBody) -> bool {
    function
        .run
        .0
        .get()
        .is_some_and(|run| std::ptr::fn_addr_eq(run, RUN))
}

/// Calls a function with arguments that move into its frame.
///
/// # Errors
///
/// TypeError where they do not fit, and what the function raises.
pub fn call(
    cx: &Context,
    function: &Object,
    values: &mut [Option<Object>],
    names: &[Object],
) -> Result<Object> {
    let Some(body) = functions::view(function) else {
        return Err(cx.type_error(format_args!("a function is required")));
    };
    let frame = new_frame(cx, function, body)?;
    let Some(frame_body) = frame::view(&frame) else {
        return Err(cx.system_error(format_args!("a frame without a body")));
    };
    let Some(code) = frame_body.plain_code() else {
        return Err(cx.system_error(format_args!("a function without code")));
    };
    // The arguments are counted as part of the call: an error in them shows no frame.
    arguments::bind(cx, frame_body, &code, body, Given { values, names })?;
    drop(code);
    finish(cx, frame)
}

/// Runs a fresh frame to its end.
fn finish(cx: &Context, frame: Object) -> Result<Object> {
    match execute::enter(cx, &frame)? {
        Exit::Returned(value) | Exit::Generator(value) => Ok(value),
        Exit::Yielded(_) => Err(cx.system_error(format_args!("a plain function yielded"))),
    }
}

fn new_frame(cx: &Context, function: &Object, body: &FunctionBody) -> Result<Object> {
    let (Some(code), Some(globals), Some(builtins)) =
        (body.code.get(), body.globals.get(), body.builtins.get())
    else {
        return Err(cx.system_error(format_args!("a function without code")));
    };
    let frame = frame::new_frame(cx, &code, &globals, &builtins)?;
    if let Some(frame_body) = frame::view(&frame) {
        frame_body.function.set(function.clone());
    }
    Ok(frame)
}

/// Makes a function of a code object; defaults and closure come after.
///
/// # Errors
///
/// MemoryError.
pub fn make(cx: &Context, code: &Object, globals: &Object, builtins: &Object) -> Result<Object> {
    let function = functions::new_function(cx)?;
    let plain = code_object::view(code).and_then(|body| body.code().cloned());
    let (Some(body), Some(plain)) = (functions::view(&function), plain) else {
        return Err(cx.system_error(format_args!("a function without code")));
    };
    body.code.set(code.clone());
    body.globals.set(globals.clone());
    body.builtins.set(builtins.clone());
    body.name.set(cx.intern(&plain.name)?);
    body.qualname.set(cx.intern(&plain.qualname)?);
    if let Some(text) = &plain.docstring {
        body.doc.set(cx.intern(text)?);
    }
    if let Some(module) = dict_view(globals).and_then(|globals| globals.get_text("__name__")) {
        body.module.set(module);
    }
    body.run.0.set(Some(RUN));
    Ok(function)
}

/// Runs a code object in namespaces: a module, or the text of `exec` and `eval`.
///
/// # Errors
///
/// What the code raises.
pub fn run_code(
    cx: &Context,
    code: &Object,
    globals: &Object,
    locals: Option<&Object>,
) -> Result<Object> {
    let builtins = super::hooks::builtins_of(cx, globals)?;
    let frame = frame::new_frame(cx, code, globals, &builtins)?;
    if let Some(body) = frame::view(&frame) {
        let has_slots = body
            .plain_code()
            .is_some_and(|code| code.flags.contains(Flags::OPTIMIZED));
        if !has_slots {
            body.namespace.set(locals.unwrap_or(globals).clone());
        }
    }
    finish(cx, frame)
}

/// Runs a class body in its namespace; gives what the body returns.
///
/// # Errors
///
/// What the body raises.
pub fn run_class_body(cx: &Context, function: &Object, namespace: &Object) -> Result<Object> {
    let Some(body) = functions::view(function).filter(|body| is_ours(body)) else {
        return Err(cx.type_error(format_args!("__build_class__: func must be a function")));
    };
    let frame = new_frame(cx, function, body)?;
    if let Some(frame_body) = frame::view(&frame) {
        frame_body.namespace.set(namespace.clone());
    }
    finish(cx, frame)
}
