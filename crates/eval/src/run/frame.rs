//! Frames: the values of a running or suspended call.
//!
//! ```text
//! values: local slot × n │ stack …
//! ```
//!
//! A frame is an object, so that tracebacks and generators can hold it. While it runs it is not
//! tracked: what it refers to counts as held from outside. A frame that outlives its call (a
//! traceback keeps it) and one that is suspended are tracked.

use super::code_object;
use super::index;
use crate::code::{Code, Position};
use mortice::types::builtin;
use mortice::types::layout::{Native, Storage};
use mortice::types::native::flags;
use mortice::types::{Args, Buffer, Context, Items, Object, Result, Slot, body, native_type};
use std::cell::Cell;
use std::sync::Arc;

mortice::types::body_outside! {
    /// The body of a frame.
    pub struct FrameBody {
        /// The code object.
        pub code: Slot,
        /// The function, where there is one.
        pub function: Slot,
        /// The globals, a dict.
        pub globals: Slot,
        /// The built-ins, a dict.
        pub builtins: Slot,
        /// The namespace of a module or class body; empty in functions.
        pub namespace: Slot,
        /// The calling frame, while this one runs.
        pub back: Slot,
        /// The local slots, then the stack.
        pub values: Items<Option<Object>>,
        /// The instruction that runs, or at which the frame is suspended.
        pub at: Cell<u32>,
        /// Number of local slots.
        pub slot_count: Cell<u32>,
    }
}

/// The body of a frame.
#[inline]
pub fn view(object: &Object) -> Option<&FrameBody> {
    body::<FrameBody>(object)
}

/// Makes a frame with empty slots; its code is prepared.
///
/// # Errors
///
/// MemoryError.
pub fn new_frame(
    cx: &Context,
    code: &Object,
    globals: &Object,
    builtins: &Object,
) -> Result<Object> {
    let frame = cx.instance(cx.builtin_ref(&FRAME), 0)?;
    cx.heap().untrack(&frame);
    let (Some(body), Some(code_body)) = (view(&frame), code_object::view(code)) else {
        return Err(cx.system_error(format_args!("a frame without code")));
    };
    code_body.prepare(cx)?;
    let Some(plain) = code_body.code() else {
        return Err(cx.system_error(format_args!("a frame without code")));
    };
    let slots = plain.slot_count();
    let capacity = slots + plain.stack_size as usize + 3;
    let mut values = cx.fallible(Buffer::with_capacity(cx.heap(), capacity))?;
    for _ in 0..slots {
        cx.fallible(values.push(cx.heap(), None))?;
    }
    drop(body.values.replace(values));
    body.slot_count.set(slots as u32);
    body.code.set(code.clone());
    body.globals.set(globals.clone());
    body.builtins.set(builtins.clone());
    Ok(frame)
}

impl FrameBody {
    /// Pushes a value, or null. There is always room: the compiler counted.
    #[inline]
    pub fn push(&self, cx: &Context, value: Option<Object>) -> Result<()> {
        cx.fallible(self.values.push(cx.heap(), value))
    }

    /// Pops a value; null becomes `None`.
    #[inline]
    pub fn pop(&self) -> Option<Object> {
        self.values.pop().flatten()
    }

    /// Values on the stack.
    pub fn depth(&self) -> usize {
        self.values.len() - self.slot_count.get() as usize
    }

    /// The place of the `n`-th value from the top, which is 1.
    #[inline]
    pub fn place(&self, n: u32) -> usize {
        self.values.len() - n as usize
    }

    /// Drops stack values until `depth` are left, the top first.
    pub fn truncate(&self, depth: usize) {
        let keep = self.slot_count.get() as usize + depth;
        while self.values.len() > keep {
            drop(self.values.pop());
        }
    }

    /// Drops the stack and the slots, the last first, as CPython does.
    pub fn clear(&self) {
        self.truncate(0);
        for slot in (0..self.slot_count.get() as usize).rev() {
            drop(self.values.put(slot, None));
        }
    }

    /// The plain code.
    pub fn plain_code(&self) -> Option<Arc<Code>> {
        let code = self.code.get()?;
        code_object::view(&code)?.code().cloned()
    }

    /// Where the running instruction comes from.
    pub fn position(&self) -> Position {
        self.plain_code()
            .and_then(|code| code.positions.get(self.at.get() as usize).copied())
            .unwrap_or(Position::NONE)
    }
}

fn get_slot(cx: &Context, slot: Option<&Slot>) -> Result<Object> {
    Ok(slot.and_then(Slot::get).unwrap_or_else(|| cx.none()))
}

fn get_code(cx: &Context, object: &Object) -> Result<Object> {
    get_slot(cx, view(object).map(|body| &body.code))
}

fn get_globals(cx: &Context, object: &Object) -> Result<Object> {
    get_slot(cx, view(object).map(|body| &body.globals))
}

fn get_builtins(cx: &Context, object: &Object) -> Result<Object> {
    get_slot(cx, view(object).map(|body| &body.builtins))
}

fn get_back(cx: &Context, object: &Object) -> Result<Object> {
    get_slot(cx, view(object).map(|body| &body.back))
}

/// The line that runs; the first one of the code before it started.
fn line_of(body: &FrameBody) -> Option<u32> {
    let first = || body.plain_code().map(|code| code.first_line);
    Some(body.position().line)
        .filter(|line| *line > 0)
        .or_else(first)
}

fn get_line(cx: &Context, object: &Object) -> Result<Object> {
    match view(object).and_then(line_of) {
        Some(line) => cx.int(i64::from(line)),
        None => Ok(cx.none()),
    }
}

fn get_locals(cx: &Context, object: &Object) -> Result<Object> {
    locals(cx, object)
}

/// What `locals()` gives: the namespace itself, or a new dict of a function's variables.
///
/// # Errors
///
/// MemoryError.
pub fn locals(cx: &Context, frame: &Object) -> Result<Object> {
    let Some(body) = view(frame) else {
        return Ok(cx.none());
    };
    if let Some(namespace) = body.namespace.get() {
        return Ok(namespace);
    }
    let locals = builtin::dict::new_dict(cx)?;
    let (Some(target), Some(code)) = (mortice::types::dict_view(&locals), body.code.get()) else {
        return Ok(locals);
    };
    let Some(code) = code_object::view(&code) else {
        return Ok(locals);
    };
    for slot in 0..body.slot_count.get() as usize {
        let (Some(name), Some(value)) = (code.slot_names.get(slot), body.values.at(slot)) else {
            continue;
        };
        let value = match builtin::cell::view(&value) {
            Some(cell) => match cell.content.get() {
                Some(content) => content,
                None => continue,
            },
            None => value,
        };
        target.set(cx, &name, value)?;
    }
    Ok(locals)
}

fn frame_clear(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this] = args.exactly::<1>(cx, "clear")?;
    if super::hooks::is_running(cx, &this) {
        return Err(cx.runtime_error(format_args!("cannot clear an executing frame")));
    }
    if let Some(body) = view(&this) {
        body.clear();
    }
    Ok(cx.none())
}

fn frame_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = view(&this) else {
        return cx.string("<frame>");
    };
    let Some(code) = body.plain_code() else {
        return cx.string("<frame>");
    };
    cx.format(format_args!(
        "<frame at {:#x}, file '{}', line {}, code {}>",
        this.address(),
        code.filename,
        line_of(body).unwrap_or(0),
        code.name
    ))
}

const LAYOUT: Native = Native {
    name: "frame",
    basicsize: 152,
    itemsize: 8,
    dictoffset: 0,
    weaklistoffset: 0,
    body_bytes: size_of::<FrameBody>(),
    dict: Storage::None,
    weakref: Storage::None,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The type of frames.
    pub static FRAME: "frame" {
        index: index::FRAME,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: FrameBody,
        flags: flags::COLLECTED,
        slots { Repr => frame_repr, },
        methods { "clear" => frame_clear, },
        getsets {
            member "f_code" => get_code;
            "f_globals" => get_globals;
            "f_builtins" => get_builtins;
            "f_back" => get_back;
            "f_lineno" => get_line;
            "f_locals" => get_locals;
        },
    }
}
