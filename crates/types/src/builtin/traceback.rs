//! Tracebacks: where an exception passed, innermost frame last.
//!
//! This crate keeps the chain; what code and frames are, the evaluator knows. CPython's body has
//! room for two references and two numbers, so what else an entry says lies in one tuple.

use crate::native::{figures, flags};
use crate::{Args, Borrowed, Context, Object, Result, body, builtin, index, native_type, text};
use mortice_gc::Slot;
use mortice_gc::trace::Plain;
use std::cell::Cell;

crate::body! {
    /// The body of a traceback.
    pub struct TracebackBody {
        /// `tb_next`: one frame further in.
        pub next: Slot,
        /// File name, function name, frame or None, last line, columns.
        details: Slot,
        line: Plain<Cell<u32>>,
        instruction: Plain<Cell<u32>>,
    }
}

/// One entry of a traceback.
///
/// Lines count from 1, and 0 is nowhere. Columns count from 0 in bytes of UTF-8; a span that is
/// not known has `end_line` 0.
#[derive(Clone, Debug)]
pub struct TraceEntry {
    /// The file's name, a `str`.
    pub filename: Object,
    /// The function's name, a `str`.
    pub name: Object,
    /// The line that ran.
    pub line: u32,
    /// The last line of the expression that ran.
    pub end_line: u32,
    /// Where that expression begins in its first line.
    pub column: u32,
    /// Where it ends in its last line.
    pub end_column: u32,
    /// `tb_frame`; it keeps the frame's variables alive.
    pub frame: Option<Object>,
}

/// Adds an entry in front of an exception's traceback, as each frame that an exception leaves does.
///
/// # Errors
///
/// MemoryError.
pub fn push_traceback(cx: &Context, exception: &Object, entry: TraceEntry) -> Result<()> {
    let Some(fields) = builtin::exception::view(exception) else {
        return Err(cx.type_error(format_args!("a traceback belongs to an exception")));
    };
    let traceback = new_traceback(cx, fields.traceback.get(), entry)?;
    fields.traceback.set(traceback);
    Ok(())
}

fn new_traceback(cx: &Context, next: Option<Object>, entry: TraceEntry) -> Result<Object> {
    let details = [
        entry.filename,
        entry.name,
        entry.frame.unwrap_or_else(|| cx.none()),
        cx.int(i64::from(entry.end_line))?,
        cx.int(i64::from(entry.column))?,
        cx.int(i64::from(entry.end_column))?,
    ];
    let details = builtin::tuple::from_slice(cx, &details)?;
    let traceback = cx.instance(cx.builtin_ref(&TRACEBACK), 0)?;
    if let Some(body) = view(&traceback) {
        drop(body.next.replace(next));
        body.details.set(details);
        body.line.0.set(entry.line);
    }
    Ok(traceback)
}

/// The body of a traceback.
pub fn view(object: &Object) -> Option<&TracebackBody> {
    body::<TracebackBody>(object)
}

/// The entry that a traceback stands for.
pub fn entry(object: &Object) -> Option<TraceEntry> {
    let body = view(object)?;
    let details = body.details.get()?;
    let number = |object: &Object| u32::try_from(object.as_small()?).ok();
    match crate::tuple_items(&details)? {
        [filename, name, frame, end_line, column, end_column] => Some(TraceEntry {
            filename: filename.clone(),
            name: name.clone(),
            line: body.line.0.get(),
            end_line: number(end_line)?,
            column: number(column)?,
            end_column: number(end_column)?,
            frame: frame.pointer().is_some().then(|| frame.clone()),
        }),
        _ => None,
    }
}

fn get_frame(cx: &Context, object: &Object) -> Result<Object> {
    Ok(entry(object)
        .and_then(|entry| entry.frame)
        .unwrap_or_else(|| cx.none()))
}

fn get_line(cx: &Context, object: &Object) -> Result<Object> {
    cx.int(view(object).map_or(0, |body| i64::from(body.line.0.get())))
}

fn get_instruction(cx: &Context, object: &Object) -> Result<Object> {
    cx.int(view(object).map_or(0, |body| i64::from(body.instruction.0.get())))
}

fn get_next(cx: &Context, object: &Object) -> Result<Object> {
    Ok(view(object)
        .and_then(|body| body.next.get())
        .unwrap_or_else(|| cx.none()))
}

fn set_next(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let Some(value) = value else {
        return Err(cx.type_error(format_args!("can't delete tb_next attribute")));
    };
    let next = if cx.is_none(&value) {
        None
    } else if view(&value).is_some() {
        Some((*value).clone())
    } else {
        return Err(cx.type_error(format_args!(
            "expected traceback object or None, got '{}'",
            cx.type_name(&value)
        )));
    };
    let mut at = next.clone();
    while let Some(traceback) = at {
        if traceback.is(object) {
            return Err(cx.value_error(format_args!("traceback loop detected")));
        }
        at = view(&traceback).and_then(|body| body.next.get());
    }
    if let Some(body) = view(object) {
        drop(body.next.replace(next));
    }
    Ok(())
}

/// `TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)`.
fn traceback_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let names = ["tb_next", "tb_frame", "tb_lasti", "tb_lineno"];
    let [next, frame, instruction, line] = args.rest().bind(cx, "traceback", names, 4)?;
    let (Some(next), Some(frame), Some(instruction), Some(line)) = (next, frame, instruction, line)
    else {
        return Err(cx.system_error(format_args!("a required argument is missing")));
    };
    if !cx.is_none(&next) && view(&next).is_none() {
        return Err(cx.type_error(format_args!(
            "expected traceback object or None, got '{}'",
            cx.type_name(&next)
        )));
    }
    let number = |object: &Object| -> Result<u32> {
        let index = cx.index(object)?;
        let value = index.as_small().and_then(|value| u32::try_from(value).ok());
        value.ok_or_else(|| cx.value_error(format_args!("number out of range")))
    };
    let code = cx.get_attribute_text(&frame, "f_code")?;
    let filename = cx.get_attribute_text(&code, "co_filename")?;
    let name = cx.get_attribute_text(&code, "co_name")?;
    if text(&filename).is_none() || text(&name).is_none() {
        return Err(cx.type_error(format_args!("a frame's code has a name and a file name")));
    }
    let instruction = number(&instruction)?;
    let entry = TraceEntry {
        filename,
        name,
        line: number(&line)?,
        end_line: 0,
        column: 0,
        end_column: 0,
        frame: Some((*frame).clone()),
    };
    let next = (!cx.is_none(&next)).then(|| (*next).clone());
    let traceback = new_traceback(cx, next, entry)?;
    if let Some(body) = view(&traceback) {
        body.instruction.0.set(instruction);
    }
    Ok(traceback)
}

native_type! {
    /// The type of tracebacks.
    pub static TRACEBACK: "traceback" {
        index: index::TRACEBACK,
        base: &builtin::OBJECT,
        layout: figures("traceback", 40, size_of::<TracebackBody>()),
        body: TracebackBody,
        flags: flags::COLLECTED,
        slots { New => traceback_new, },
        methods {},
        getsets {
            member "tb_frame" => get_frame;
            member "tb_lasti" => get_instruction;
            "tb_lineno" => get_line;
            "tb_next" => get_next, set_next;
        },
    }
}
