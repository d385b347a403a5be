//! Raising, matching and chaining.

use super::instructions::Machine;
use crate::error::{CompileError, Place};
use mortice::types::builtin;
use mortice::types::native::flags;
use mortice::types::{Context, Object, Raised, Result, Type, tuple_items};
use mortice::{TraceEntry, push_traceback};

/// Notes that an exception passes through the running instruction: chains it where it is new, and
/// adds a traceback entry.
pub fn note(machine: &Machine<'_>, raised: &Raised) {
    let Machine {
        cx,
        frame,
        body,
        code,
        ..
    } = *machine;
    if let Some(exception) = builtin::exception::view(raised.exception())
        && !exception.chained.replace(true)
    {
        cx.chain(raised);
    }
    #[cfg_attr(
        not(feature = "canary"),
        expect(unused_mut, reason = "only a planted fault changes it")
    )]
    let mut position = body.position();
    #[cfg(feature = "canary")]
    if (cx.heap().memory()).has_fault(mortice::types::gc::mem::fault::Fault::TracebackLine) {
        position.line += 1;
    }
    let entry = (|| {
        Ok::<TraceEntry, Raised>(TraceEntry {
            filename: cx.intern(&code.filename)?,
            name: cx.intern(&code.name)?,
            line: position.line,
            end_line: position.end_line,
            column: position.column,
            end_column: position.end_column,
            frame: Some(frame.clone()),
        })
    })();
    // Without memory the exception goes on with one entry less.
    if let Ok(entry) = entry {
        let _ = push_traceback(cx, raised.exception(), entry);
    }
}

/// `raise exception` or `raise exception from cause`.
pub fn raise(cx: &Context, exception: &Object, cause: Option<&Object>) -> Raised {
    let raised = match cx.make_raised(exception) {
        Ok(raised) => raised,
        Err(raised) => return raised,
    };
    if let Some(cause) = cause {
        let cause = if cx.is_none(cause) {
            None
        } else if cx.flags_of(cause) & flags::EXCEPTION != 0 {
            Some(cause.clone())
        } else if Type::view(cause).is_some_and(|class| class.has(flags::EXCEPTION)) {
            match cx.make_raised(cause) {
                Ok(made) => Some(made.into_exception()),
                Err(raised) => return raised,
            }
        } else {
            return cx.type_error(format_args!(
                "exception causes must derive from BaseException"
            ));
        };
        if let Some(body) = builtin::exception::view(raised.exception()) {
            drop(body.cause.replace(cause));
            body.suppress_context.set(true);
        }
    }
    if let Some(body) = builtin::exception::view(raised.exception()) {
        body.chained.set(false);
    }
    raised
}

/// `raise` without operands.
pub fn reraise(cx: &Context) -> Raised {
    match cx.handled.get() {
        Some(handled) => {
            if let Some(body) = builtin::exception::view(&handled) {
                body.chained.set(true);
            }
            Raised::new(handled)
        }
        None => cx.runtime_error(format_args!("No active exception to reraise")),
    }
}

/// Whether an `except` clause catches an exception.
///
/// # Errors
///
/// TypeError where the clause names something else than exception classes.
pub fn matches(cx: &Context, exception: &Object, wanted: &Object) -> Result<bool> {
    let refuse = || {
        cx.type_error(format_args!(
            "catching classes that do not inherit from BaseException is not allowed"
        ))
    };
    let of = cx.type_of(exception);
    if let Some(classes) = tuple_items(wanted) {
        for class in classes {
            if !Type::view(class).is_some_and(|class| class.has(flags::EXCEPTION)) {
                return Err(refuse());
            }
        }
        return Ok(classes
            .iter()
            .filter_map(Type::view)
            .any(|class| of.is_subtype(cx, class)));
    }
    match Type::view(wanted) {
        Some(class) if class.has(flags::EXCEPTION) => Ok(of.is_subtype(cx, class)),
        _ => Err(refuse()),
    }
}

/// The exception for a text that does not compile.
pub fn compile_error(cx: &Context, error: &CompileError) -> Raised {
    let (kind, message, place) = match error {
        CompileError::Syntax { message, place } => {
            (&builtin::SYNTAX_ERROR, message.as_str(), place)
        }
        CompileError::Indentation { message, place } => {
            (&builtin::INDENTATION_ERROR, message.as_str(), place)
        }
        CompileError::Tab { message, place } => (&builtin::TAB_ERROR, message.as_str(), place),
        CompileError::Unsupported { feature, place } => {
            return syntax_error(
                cx,
                &builtin::SYNTAX_ERROR,
                format_args!("{feature} is not supported"),
                place,
            );
        }
        CompileError::NullByte => {
            return cx.error(&builtin::SYNTAX_ERROR, format_args!("{error}"));
        }
        CompileError::Recursion { .. } => return cx.recursion_error(format_args!("{error}")),
        CompileError::TooComplex | CompileError::NoStack { .. } => {
            return cx.error(&builtin::MEMORY_ERROR, format_args!("{error}"));
        }
    };
    syntax_error(cx, kind, format_args!("{message}"), place)
}

fn syntax_error(
    cx: &Context,
    kind: &'static mortice::NativeType,
    message: std::fmt::Arguments<'_>,
    place: &Place,
) -> Raised {
    let made = (|| {
        let number = |value: usize| cx.int(value as i64);
        let details = [
            cx.string(&place.file)?,
            number(place.line as usize)?,
            number(place.column as usize)?,
            cx.string(&place.text)?,
            number(place.end_line as usize)?,
            number(place.end_column as usize)?,
        ];
        let details = builtin::tuple::from_slice(cx, &details)?;
        let message = cx.format(message)?;
        cx.call(
            cx.builtin_ref(kind).object(),
            &[message.borrow(), details.borrow()],
        )
    })();
    match made {
        Ok(exception) => Raised::new(exception),
        Err(raised) => raised,
    }
}
