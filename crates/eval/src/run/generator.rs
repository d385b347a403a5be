//! Generators: frames that are left and entered again.

use super::execute::{self, Exit, Resume};
use super::frame;
use super::index;
use super::instructions::{Machine, Step};
use crate::instruction::Instruction;
use mortice::types::builtin;
use mortice::types::layout::{Native, Storage};
use mortice::types::native::flags;
use mortice::types::{
    Args, Borrowed, Context, Object, Raised, Result, Slot, Type, body, native_type, text,
};
use std::cell::Cell;

mortice::types::body_outside! {
    /// The body of a generator.
    pub struct GeneratorBody {
        /// The suspended frame; gone when the generator is finished.
        pub frame: Slot,
        /// The code.
        pub code: Slot,
        name: Slot,
        qualname: Slot,
        /// The exception that the generator was handling when it yielded.
        handled: Slot,
        running: Cell<bool>,
        started: Cell<bool>,
    }
}

/// What resuming a generator gave.
#[derive(Debug)]
pub enum Resumed {
    /// It yielded.
    Yielded(Object),
    /// It returned.
    Returned(Object),
}

fn view(object: &Object) -> Option<&GeneratorBody> {
    body::<GeneratorBody>(object)
}

/// Makes a generator of the running frame and leaves it.
pub fn make(m: &Machine<'_>) -> Result<Step> {
    let cx = m.cx;
    let generator = cx.instance(cx.builtin_ref(&GENERATOR), 0)?;
    if let Some(body) = view(&generator) {
        body.frame.set(m.frame.clone());
        if let Some(code) = m.body.code.get() {
            body.code.set(code);
        }
        let function = m.body.function.get();
        let function = function.as_ref().and_then(builtin::function::view);
        let name = function.and_then(|function| function.name.get());
        let qualname = function.and_then(|function| function.qualname.get());
        drop(body.name.replace(name));
        drop(body.qualname.replace(qualname));
    }
    Ok(Step::Leave(Exit::Generator(generator)))
}

/// Resumes a generator.
///
/// # Errors
///
/// ValueError while it runs, TypeError for a first value that is not None, and what its code
/// raises.
pub fn resume(cx: &Context, generator: &Object, with: Resume) -> Result<Resumed> {
    let Some(body) = view(generator) else {
        return Err(cx.type_error(format_args!("a generator is required")));
    };
    if body.running.get() {
        return Err(cx.value_error(format_args!("generator already executing")));
    }
    let Some(frame) = body.frame.get() else {
        return match with {
            Resume::Throw(raised) => Err(raised),
            _ => Ok(Resumed::Returned(cx.none())),
        };
    };
    if let Resume::Send(value) = &with
        && !body.started.get()
        && !cx.is_none(value)
    {
        return Err(cx.type_error(format_args!(
            "can't send non-None value to a just-started generator"
        )));
    }
    body.started.set(true);
    body.running.set(true);
    cx.heap().untrack(&frame);
    let outer = cx.handled.get();
    let own = body.handled.take();
    if own.is_some() {
        drop(cx.handled.replace(own));
    }
    // The generator's handle is the only one on the frame now, so that its end clears the frame.
    drop(body.frame.take());
    let result = execute::resume(cx, &frame, with);
    body.running.set(false);
    let inner = cx.handled.replace(outer.clone());
    match result {
        Ok(Exit::Yielded(value)) => {
            let changed = match (&inner, &outer) {
                (Some(inner), Some(outer)) => !inner.is(outer),
                (None, None) => false,
                _ => true,
            };
            if changed {
                drop(body.handled.replace(inner));
            }
            body.frame.set(frame);
            Ok(Resumed::Yielded(value))
        }
        Ok(Exit::Returned(value) | Exit::Generator(value)) => Ok(Resumed::Returned(value)),
        Err(raised) => Err(raised),
    }
}

fn stop(cx: &Context, value: &Object) -> Raised {
    cx.stop_iteration(if cx.is_none(value) { None } else { Some(value) })
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    match resume(cx, &args.receiver(), Resume::Send(cx.none()))? {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(value) if cx.is_none(&value) => Ok(cx.exhausted()),
        Resumed::Returned(value) => Err(stop(cx, &value)),
    }
}

fn send(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [value] = args.rest().exactly::<1>(cx, "generator.send")?;
    match resume(cx, &this, Resume::Send((*value).clone()))? {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(value) => Err(stop(cx, &value)),
    }
}

/// What `throw` raises: an exception, or a class with a value.
fn thrown(cx: &Context, given: &[Borrowed<'_>]) -> Result<Raised> {
    let (kind, value) = (given[0], given.get(1).filter(|value| !cx.is_none(value)));
    if cx.flags_of(&kind) & flags::EXCEPTION != 0 {
        if value.is_some() {
            return Err(cx.type_error(format_args!(
                "instance exception may not have a separate value"
            )));
        }
        return Ok(Raised::new((*kind).clone()));
    }
    if Type::view(&kind).is_some_and(|class| class.has(flags::EXCEPTION)) {
        return match value {
            Some(value) if cx.flags_of(value) & flags::EXCEPTION != 0 => {
                Ok(Raised::new((**value).clone()))
            }
            Some(value) => Ok(Raised::new(cx.call(&kind, &[*value])?)),
            None => cx.make_raised(&kind),
        };
    }
    Err(cx.type_error(format_args!(
        "exceptions must be classes or instances deriving from BaseException, not {}",
        cx.type_name(&kind)
    )))
}

fn throw(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().between(cx, "throw", 1, 3)?;
    let raised = thrown(cx, given)?;
    match throw_into(cx, &this, raised)? {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(value) => Err(stop(cx, &value)),
    }
}

/// What a suspended generator delegates to.
fn delegate(generator: &Object) -> Option<Object> {
    let frame = view(generator)?.frame.get()?;
    let frame = frame::view(&frame)?;
    let code = frame.plain_code()?;
    let at = frame.at.get() as usize;
    matches!(
        code.instructions.get(at),
        Some(Instruction::YieldValue { delegating: true })
    )
    .then(|| frame.values.at(frame.place(1)))?
}

/// Throws into a generator, or into what it delegates to.
///
/// # Errors
///
/// What comes out.
pub fn throw_into(cx: &Context, generator: &Object, raised: Raised) -> Result<Resumed> {
    let Some(body) = view(generator) else {
        return Err(cx.type_error(format_args!("a generator is required")));
    };
    let raised = match delegate(generator).filter(|_| !body.running.get()) {
        None => raised,
        Some(inner) => {
            let _level = cx.enter("")?;
            body.running.set(true);
            let outcome = throw_to_delegate(cx, &inner, raised);
            body.running.set(false);
            match outcome {
                Ok(value) => return Ok(Resumed::Yielded(value)),
                Err(raised) => raised,
            }
        }
    };
    resume(cx, generator, Resume::Throw(raised))
}

fn throw_to_delegate(cx: &Context, inner: &Object, raised: Raised) -> Result<Object> {
    if raised.is(cx, &builtin::GENERATOR_EXIT) {
        close_any(cx, inner)?;
        return Err(raised);
    }
    if cx.is_exactly(inner, &GENERATOR) {
        return match throw_into(cx, inner, raised)? {
            Resumed::Yielded(value) => Ok(value),
            Resumed::Returned(value) => Err(stop(cx, &value)),
        };
    }
    match cx.find_attribute(inner, &cx.names().throw)? {
        Some(method) => cx.call(&method, &[raised.exception().borrow()]),
        None => Err(raised),
    }
}

fn close_any(cx: &Context, object: &Object) -> Result<()> {
    if cx.is_exactly(object, &GENERATOR) {
        return close(cx, object).map(drop);
    }
    match cx.find_attribute(object, &cx.names().close)? {
        Some(method) => cx.call(&method, &[]).map(drop),
        None => Ok(()),
    }
}

/// Ends a generator by GeneratorExit; gives what it returns.
///
/// # Errors
///
/// RuntimeError where it yields instead, and what it raises.
pub fn close(cx: &Context, generator: &Object) -> Result<Object> {
    let Some(body) = view(generator) else {
        return Ok(cx.none());
    };
    if body.running.get() {
        return Err(cx.value_error(format_args!("generator already executing")));
    }
    if !body.started.get() {
        if let Some(frame) = body.frame.take()
            && let Some(frame) = frame::view(&frame)
        {
            frame.clear();
        }
        return Ok(cx.none());
    }
    if !body.frame.is_some() {
        return Ok(cx.none());
    }
    let exit = cx.error_with(&builtin::GENERATOR_EXIT, &[]);
    match throw_into(cx, generator, exit) {
        Ok(Resumed::Yielded(_)) => {
            Err(cx.runtime_error(format_args!("generator ignored GeneratorExit")))
        }
        Ok(Resumed::Returned(value)) => Ok(value),
        Err(raised)
            if raised.is(cx, &builtin::GENERATOR_EXIT)
                || raised.is(cx, &builtin::STOP_ITERATION) =>
        {
            Ok(builtin::exception::stop_value(cx, &raised).unwrap_or_else(|| cx.none()))
        }
        Err(raised) => Err(raised),
    }
}

fn close_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this] = args.exactly::<1>(cx, "close")?;
    close(cx, &this)
}

/// Closes a generator that nobody refers to any more.
fn finalize(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    #[cfg(feature = "canary")]
    if (cx.heap().memory()).has_fault(mortice::types::gc::mem::fault::Fault::GeneratorClose) {
        return Ok(cx.none());
    }
    let is_open = view(&this).is_some_and(|body| body.frame.is_some());
    if is_open && let Err(raised) = close(cx, &this) {
        let doing = "Exception ignored while closing generator";
        cx.report_unraisable(raised, doing, Some(&this));
    }
    Ok(cx.none())
}

/// `receiver, value → receiver, yielded`, or to the target with what the receiver returned.
pub fn send_on(m: &Machine<'_>, target: u32) -> Result<Step> {
    let cx = m.cx;
    let value = m.pop()?;
    let receiver = m.peek(1)?;
    let outcome = if cx.is_exactly(&receiver, &GENERATOR) {
        resume(cx, &receiver, Resume::Send(value))
    } else if cx.is_none(&value) {
        step_iterator(cx, &receiver)
    } else {
        match cx.call_method(&receiver, &cx.names().send, &[value.borrow()]) {
            Ok(value) => Ok(Resumed::Yielded(value)),
            Err(raised) if raised.is(cx, &builtin::STOP_ITERATION) => Ok(Resumed::Returned(
                builtin::exception::stop_value(cx, &raised).unwrap_or_else(|| cx.none()),
            )),
            Err(raised) => Err(raised),
        }
    };
    match outcome? {
        Resumed::Yielded(value) => m.push(value),
        Resumed::Returned(value) => {
            m.push(value)?;
            Ok(Step::Goto(target))
        }
    }
}

fn step_iterator(cx: &Context, iterator: &Object) -> Result<Resumed> {
    match cx.unary(iterator, mortice::types::SlotId::Next) {
        Some(Ok(value)) if cx.is_exhausted(&value) => Ok(Resumed::Returned(cx.none())),
        Some(Ok(value)) => Ok(Resumed::Yielded(value)),
        Some(Err(raised)) if raised.is(cx, &builtin::STOP_ITERATION) => Ok(Resumed::Returned(
            builtin::exception::stop_value(cx, &raised).unwrap_or_else(|| cx.none()),
        )),
        Some(Err(raised)) => Err(raised),
        None => Err(cx.type_error(format_args!(
            "'{}' object is not an iterator",
            cx.type_name(iterator)
        ))),
    }
}

/// `receiver, value, exception → null, value of the StopIteration`, else raises again.
pub fn cleanup_throw(m: &Machine<'_>) -> Result<Step> {
    let cx = m.cx;
    let exception = m.pop()?;
    drop(m.body.values.pop());
    let raised = Raised::new(exception);
    if raised.is(cx, &builtin::STOP_ITERATION) {
        let value = builtin::exception::stop_value(cx, &raised).unwrap_or_else(|| cx.none());
        drop(m.body.values.pop());
        m.body.push(cx, None)?;
        return m.push(value);
    }
    drop(m.body.values.pop());
    Ok(Step::Again(raised, None))
}

/// A StopIteration that would leave a generator becomes a RuntimeError.
pub fn stop_iteration_error(m: &Machine<'_>) -> Result<Step> {
    let cx = m.cx;
    let exception = m.pop()?;
    let raised = Raised::new(exception.clone());
    if !raised.is(cx, &builtin::STOP_ITERATION) {
        return m.push(exception);
    }
    let error = cx.runtime_error(format_args!("generator raised StopIteration"));
    if let Some(body) = builtin::exception::view(error.exception()) {
        body.cause.set(exception.clone());
        body.context.set(exception);
        body.suppress_context.set(true);
        body.chained.set(true);
    }
    super::exceptions::note(m, &error);
    m.push(error.into_exception())
}

fn generator_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let qualname = view(&this).and_then(|body| body.qualname.get());
    cx.format(format_args!(
        "<generator object {} at {:#x}>",
        qualname.as_ref().and_then(|name| text(name)).unwrap_or("?"),
        this.address()
    ))
}

fn or_none(cx: &Context, value: Option<Object>) -> Result<Object> {
    Ok(value.unwrap_or_else(|| cx.none()))
}

fn get_name(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|body| body.name.get()))
}

fn get_qualname(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|body| body.qualname.get()))
}

fn set_text(
    cx: &Context,
    slot: Option<&Slot>,
    value: Option<Borrowed<'_>>,
    name: &str,
) -> Result<()> {
    match (slot, value) {
        (Some(slot), Some(value)) if text(&value).is_some() => {
            slot.set((*value).clone());
            Ok(())
        }
        _ => Err(cx.type_error(format_args!("{name} must be set to a string object"))),
    }
}

fn set_name(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    set_text(cx, view(object).map(|body| &body.name), value, "__name__")
}

fn set_qualname(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    set_text(
        cx,
        view(object).map(|body| &body.qualname),
        value,
        "__qualname__",
    )
}

fn get_frame(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|body| body.frame.get()))
}

fn get_running(cx: &Context, object: &Object) -> Result<Object> {
    Ok(cx.bool(view(object).is_some_and(|body| body.running.get())))
}

fn get_suspended(cx: &Context, object: &Object) -> Result<Object> {
    Ok(cx.bool(
        view(object)
            .is_some_and(|body| body.started.get() && !body.running.get() && body.frame.is_some()),
    ))
}

fn get_code(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|body| body.code.get()))
}

fn get_delegate(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, delegate(object))
}

const LAYOUT: Native = Native {
    name: "generator",
    basicsize: 152,
    itemsize: 8,
    dictoffset: 0,
    weaklistoffset: 16,
    body_bytes: size_of::<GeneratorBody>(),
    dict: Storage::None,
    weakref: Storage::Managed,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The type of generators.
    pub static GENERATOR: "generator" {
        index: index::GENERATOR,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: GeneratorBody,
        flags: flags::COLLECTED,
        slots {
            Del => finalize,
            Repr => generator_repr,
            Iter => builtin::iterator::iter_self,
            Next => next,
        },
        methods {
            "send" => send,
            "throw" => throw,
            "close" => close_method,
        },
        getsets {
            "__name__" => get_name, set_name;
            "__qualname__" => get_qualname, set_qualname;
            "gi_yieldfrom" => get_delegate;
            "gi_running" => get_running;
            "gi_frame" => get_frame;
            "gi_suspended" => get_suspended;
            "gi_code" => get_code;
        },
    }
}
