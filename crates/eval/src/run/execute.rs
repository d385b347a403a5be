//! The bytecode loop.

use super::code_object;
use super::exceptions;
use super::frame;
use super::hooks::State;
use super::instructions::{self, Machine, Step};
use mortice::types::{Context, Object, Raised, Result};

/// How a frame was left.
#[derive(Debug)]
pub enum Exit {
    /// With a value, for good.
    Returned(Object),
    /// With a value, suspended.
    Yielded(Object),
    /// With the generator that owns the frame from now on.
    Generator(Object),
}

/// What a suspended frame is resumed with.
#[derive(Debug)]
pub enum Resume {
    /// A fresh frame.
    Start,
    /// A value to push.
    Send(Object),
    /// An exception to raise where it is suspended.
    Throw(Raised),
}

/// Runs a fresh frame.
///
/// # Errors
///
/// What the code raises.
pub fn enter(cx: &Context, frame: &Object) -> Result<Exit> {
    resume(cx, frame, Resume::Start)
}

/// Runs a frame until it returns, yields or raises.
///
/// # Errors
///
/// What the code raises.
pub fn resume(cx: &Context, frame: &Object, with: Resume) -> Result<Exit> {
    let _level = cx.enter_frame()?;
    let (Some(state), Some(body)) = (State::of(cx), frame::view(frame)) else {
        return Err(cx.system_error(format_args!("no evaluator")));
    };
    let Some(code_object) = body.code.get() else {
        return Err(cx.system_error(format_args!("a frame without code")));
    };
    let Some(code_body) = code_object::view(&code_object) else {
        return Err(cx.system_error(format_args!("a frame without code")));
    };
    let Some(code) = code_body.code().cloned() else {
        return Err(cx.system_error(format_args!("a frame without code")));
    };
    drop(
        body.back
            .replace(state.current.replace(Some(frame.clone()))),
    );
    let machine = Machine {
        cx,
        frame,
        body,
        code: &code,
        code_body,
    };
    let result = run(&machine, with);
    drop(state.current.replace(body.back.take()));
    let suspended = matches!(result, Ok(Exit::Yielded(_) | Exit::Generator(_)));
    if suspended {
        cx.heap().track(frame);
    } else if frame.refcount() == 1 {
        body.clear();
    } else {
        // A traceback or a generator keeps the frame: its variables stay.
        body.truncate(0);
        cx.heap().track(frame);
    }
    result
}

fn run(machine: &Machine<'_>, with: Resume) -> Result<Exit> {
    let Machine { cx, body, code, .. } = *machine;
    let mut at = body.at.get() as usize;
    match with {
        Resume::Start => {}
        Resume::Send(value) => {
            body.push(cx, Some(value))?;
            at += 1;
        }
        Resume::Throw(raised) => {
            body.push(cx, None)?;
            at = unwind(machine, raised, true)?;
        }
    }
    super::hooks::safe_point(cx);
    loop {
        let Some(&instruction) = code.instructions.get(at) else {
            return Err(cx.system_error(format_args!("the code runs off its end")));
        };
        body.at.set(at as u32);
        #[cfg(feature = "zeal")]
        super::hooks::zeal_point(cx);
        match instructions::step(machine, instruction) {
            Ok(Step::Next) => at += 1,
            Ok(Step::Goto(target)) => {
                if target as usize <= at {
                    super::hooks::safe_point(cx);
                }
                at = target as usize;
            }
            Ok(Step::Leave(exit)) => return Ok(exit),
            Ok(Step::Again(raised, origin)) => {
                if let Some(origin) = origin {
                    body.at.set(origin);
                }
                at = unwind_at(machine, raised, at as u32, false)?;
            }
            Err(raised) => at = unwind(machine, raised, true)?,
        }
    }
}

/// Finds the handler of an exception that the running instruction raised.
fn unwind(machine: &Machine<'_>, raised: Raised, entry: bool) -> Result<usize> {
    let at = machine.body.at.get();
    unwind_at(machine, raised, at, entry)
}

#[cold]
fn unwind_at(machine: &Machine<'_>, raised: Raised, at: u32, entry: bool) -> Result<usize> {
    let Machine { cx, body, code, .. } = *machine;
    if entry {
        exceptions::note(machine, &raised);
    }
    let Some(handler) = code.handler(at) else {
        return Err(raised);
    };
    body.truncate(handler.depth as usize);
    if handler.push_index {
        // The index of the instruction that first raised: a later `Reraise` shows its line again.
        body.push(cx, Some(cx.int(i64::from(body.at.get()))?))?;
    }
    body.push(cx, Some(raised.into_exception()))?;
    Ok(handler.target as usize)
}
