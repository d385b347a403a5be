//! The evaluator's state in a context, and what other layers ask of it.

use super::code_object;
use super::frame;
use super::function;
use crate::error::CompileError;
use crate::lower::Mode;
use mortice::types::builtin;
use mortice::types::context::{Frames, Tables};
use mortice::types::{Context, Object, Raised, Result, Slot, TypeStorage, dict_view};
use mortice::{Evaluator, FrameHooks};

/// What the evaluator keeps: the running frame.
#[derive(Debug, Default)]
pub struct State {
    /// The running frame.
    pub current: Slot,
}

impl State {
    /// The state in a context.
    #[inline]
    pub fn of(cx: &Context) -> Option<&State> {
        cx.client(1)
    }
}

static STORAGE: TypeStorage = TypeStorage::new();
static TABLES: Tables = &[builtin::TYPES, mortice::TYPES, super::TYPES];

/// What the runtime is built with to run Python source.
pub fn evaluator() -> Evaluator {
    Evaluator {
        tables: TABLES,
        storage: &STORAGE,
        start,
        compile,
        is_code: |_, object| code_object::view(object).is_some(),
        run: function::run_code,
        run_class_body: function::run_class_body,
        frames: FrameHooks {
            globals,
            locals,
            frame: frame_above,
        },
    }
}

fn start(cx: &Context) -> Result<()> {
    if cx.set_client(1, Box::new(State::default())).is_err() {
        return Err(cx.system_error(format_args!("the evaluator was started twice")));
    }
    cx.set_frames(Frames {
        calling_module,
        implicit_super,
    });
    Ok(())
}

fn current(cx: &Context) -> Option<Object> {
    State::of(cx)?.current.get()
}

/// Tells whether a frame is on the stack of running ones.
pub fn is_running(cx: &Context, frame: &Object) -> bool {
    let mut at = current(cx);
    while let Some(running) = at {
        if running.is(frame) {
            return true;
        }
        at = frame::view(&running).and_then(|body| body.back.get());
    }
    false
}

/// Where a collection or another interruption may happen.
#[inline]
pub fn safe_point(cx: &Context) {
    if cx.heap().collection_due() {
        collect(cx);
    }
}

/// Between two instructions: does the collection that zeal asks for.
#[cfg(feature = "zeal")]
pub fn zeal_point(cx: &Context) {
    if cx.heap().zeal_due() {
        cx.heap().zeal_collect();
    }
}

#[cold]
fn collect(cx: &Context) {
    mortice::collect_if_due(cx);
}

fn globals(cx: &Context) -> Option<Object> {
    let frame = current(cx)?;
    frame::view(&frame)?.globals.get()
}

fn locals(cx: &Context) -> Result<Option<Object>> {
    match current(cx) {
        Some(frame) => frame::locals(cx, &frame).map(Some),
        None => Ok(None),
    }
}

fn frame_above(cx: &Context, depth: usize) -> Result<Option<Object>> {
    let mut at = current(cx);
    for _ in 0..depth {
        at = at.and_then(|frame| frame::view(&frame).and_then(|body| body.back.get()));
    }
    Ok(at)
}

fn calling_module(cx: &Context) -> Option<Object> {
    dict_view(&globals(cx)?)?.get_text("__name__")
}

/// The class and the first argument that `super()` means.
fn implicit_super(cx: &Context) -> Result<Option<(Object, Object)>> {
    let Some(running) = current(cx) else {
        return Ok(None);
    };
    let Some(body) = frame::view(&running) else {
        return Ok(None);
    };
    let Some(code) = body.plain_code() else {
        return Ok(None);
    };
    if code.argument_count == 0 {
        return Err(cx.runtime_error(format_args!("super(): no arguments")));
    }
    let first = match body.values.at(0) {
        Some(value) => match builtin::cell::view(&value) {
            Some(cell) if code.cells.iter().any(|name| *name == code.variables[0]) => {
                cell.content.get()
            }
            _ => Some(value),
        },
        None => None,
    };
    let Some(first) = first else {
        return Err(cx.runtime_error(format_args!("super(): arg[0] deleted")));
    };
    let slot = (0..code.slot_count() as u32).find(|slot| {
        code.slot_name(*slot)
            .is_some_and(|name| &**name == "__class__")
    });
    let Some(slot) = slot.filter(|slot| *slot as usize >= code.first_free_slot()) else {
        return Err(cx.runtime_error(format_args!("super(): __class__ cell not found")));
    };
    let class = body
        .values
        .at(slot as usize)
        .and_then(|cell| builtin::cell::view(&cell)?.content.get());
    match class {
        Some(class) => Ok(Some((class, first))),
        None => Err(cx.runtime_error(format_args!("super(): empty __class__ cell"))),
    }
}

/// The built-ins that code with these globals sees.
///
/// # Errors
///
/// MemoryError.
pub fn builtins_of(cx: &Context, globals: &Object) -> Result<Object> {
    let found = dict_view(globals).and_then(|globals| globals.get_text("__builtins__"));
    match found {
        Some(builtins) if dict_view(&builtins).is_some() => Ok(builtins),
        Some(module) => match cx.instance_dict(&module) {
            Some(dict) => Ok(dict),
            None => builtin::dict::new_dict(cx),
        },
        None => match globals_of_current(cx) {
            Some(builtins) => Ok(builtins),
            None => builtin::dict::new_dict(cx),
        },
    }
}

fn globals_of_current(cx: &Context) -> Option<Object> {
    let frame = current(cx)?;
    frame::view(&frame)?.builtins.get()
}

fn compile(cx: &Context, source: &str, filename: &str, mode: mortice::Mode) -> Result<Object> {
    let mode = match mode {
        mortice::Mode::Eval => Mode::Eval,
        mortice::Mode::Exec | mortice::Mode::Single => Mode::Exec,
    };
    match crate::compile_source(source, filename, mode) {
        Ok(code) => code_object::new_code(cx, code),
        Err(error) => Err(raise_compile_error(cx, &error)),
    }
}

/// The exception for a text that does not compile.
fn raise_compile_error(cx: &Context, error: &CompileError) -> Raised {
    super::exceptions::compile_error(cx, error)
}

/// A `bytes` object.
///
/// # Errors
///
/// MemoryError.
pub fn make_bytes(cx: &Context, bytes: &[u8]) -> Result<Object> {
    builtin::bytes::from_slice(cx, bytes)
}

/// A `frozenset`.
///
/// # Errors
///
/// MemoryError.
pub fn make_frozen_set(cx: &Context, items: &[Object]) -> Result<Object> {
    let list = builtin::list::from_slice(cx, items)?;
    builtin::set::frozen_set_from(cx, &list)
}

/// The candidate that is most like a misspelled name, where one is close.
pub fn suggest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let _ = (name, candidates);
    None
}
