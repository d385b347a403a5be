//! Printing exceptions that nobody caught, in CPython's words.
//!
//! An exception is printed after what it came from: first the head of the chain of causes and
//! contexts, last the exception itself. Each part is the frames (`frames`), the source line with a
//! mark under what ran (`carets`), the type with its message, a suggestion (`suggest`), and notes.

mod anchors;
mod carets;
mod frames;
mod suggest;

pub use suggest::suggest;

use crate::{Buffer, Context, Object, Raised, Result, State, modules, streams};
use mortice_types::format::Text;
use mortice_types::{builtin, text, tuple_items};

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// Prints an exception that ended the program, through `sys.excepthook`.
pub fn print_uncaught(cx: &Context, raised: Raised) {
    let exception = raised.into_exception();
    if let Some(state) = State::find(cx) {
        state.flush(crate::state::Stream::Out);
    }
    let _ = print_hooked(cx, &exception);
}

fn print_hooked(cx: &Context, exception: &Object) -> Result<()> {
    let sys = State::of(cx)?.sys.get();
    let hook = sys
        .as_ref()
        .and_then(|sys| modules::get(cx, sys, "excepthook"));
    let standard = sys
        .as_ref()
        .and_then(|sys| modules::get(cx, sys, "__excepthook__"));
    let Some(file) = streams::standard_error(cx) else {
        return Ok(());
    };
    let Some(hook) = hook else {
        streams::write(cx, &file, "sys.excepthook is missing\n")?;
        return print(cx, &file, exception);
    };
    if standard.is_some_and(|standard| standard.is(&hook)) {
        return print(cx, &file, exception);
    }
    let trace = builtin::exception::view(exception).and_then(|body| body.traceback.get());
    let trace = trace.unwrap_or_else(|| cx.none());
    let of = cx.type_of(exception).into_object();
    if let Err(failed) = cx.call(&hook, &[of.borrow(), exception.borrow(), trace.borrow()]) {
        streams::write(cx, &file, "Error in sys.excepthook:\n")?;
        print(cx, &file, failed.exception())?;
        streams::write(cx, &file, "\nOriginal exception was:\n")?;
        print(cx, &file, exception)?;
    }
    Ok(())
}

/// Prints an exception with its chain to a file object.
///
/// # Errors
///
/// What writing raises.
pub fn print(cx: &Context, file: &Object, exception: &Object) -> Result<()> {
    let shown = render(cx, exception)?;
    streams::write_object(cx, file, &shown)
}

/// An exception with its chain as CPython prints it, a `str`.
///
/// # Errors
///
/// MemoryError.
pub fn render(cx: &Context, exception: &Object) -> Result<Object> {
    let chain = chain(cx, exception)?;
    let mut out = Text::new(cx);
    let mut sources = frames::Sources::default();
    for (exception, link) in chain.iter().rev() {
        render_one(cx, exception, &mut out, &mut sources)?;
        cx.fallible(out.push(link))?;
    }
    out.finish(cx)
}

/// The exception and what led to it, the exception first; each with the sentence that stands
/// between it and the one before.
fn chain(cx: &Context, exception: &Object) -> Result<Buffer<(Object, &'static str)>> {
    let mut chain: Buffer<(Object, &'static str)> = Buffer::new();
    let seen = builtin::dict::new_dict(cx)?;
    let mut next = Some((exception.clone(), ""));
    while let Some((exception, link)) = next.take() {
        mark_seen(cx, &seen, &exception)?;
        if let Some(body) = builtin::exception::view(&exception) {
            let cause = body.cause.get();
            let context = body
                .context
                .get()
                .filter(|_| cause.is_none() && !body.suppress_context.get());
            let from = match (cause, context) {
                (Some(cause), _) => Some((cause, CAUSE)),
                (None, Some(context)) => Some((context, CONTEXT)),
                (None, None) => None,
            };
            if let Some((from, link)) = from
                && !was_seen(cx, &seen, &from)?
            {
                next = Some((from, link));
            }
        }
        cx.fallible(chain.push(cx.heap(), (exception, link)))?;
    }
    Ok(chain)
}

fn mark_seen(cx: &Context, seen: &Object, exception: &Object) -> Result<()> {
    let key = builtin::int::from_big(cx, exception.address().into())?;
    modules::store(cx, seen, &key, exception)
}

fn was_seen(cx: &Context, seen: &Object, exception: &Object) -> Result<bool> {
    let key = builtin::int::from_big(cx, exception.address().into())?;
    match builtin::dict::view(seen) {
        Some(view) => Ok(view.get(cx, &key)?.is_some()),
        None => Ok(false),
    }
}

fn render_one(
    cx: &Context,
    exception: &Object,
    out: &mut Text<'_>,
    sources: &mut frames::Sources,
) -> Result<()> {
    let trace = builtin::exception::view(exception).and_then(|body| body.traceback.get());
    if let Some(trace) = &trace {
        cx.fallible(out.push("Traceback (most recent call last):\n"))?;
        frames::render(cx, trace, out, sources)?;
    }
    if cx.is_instance_of(exception, &builtin::SYNTAX_ERROR) && syntax_place(cx, exception, out)? {
        let message = attribute(cx, exception, "msg")?;
        let message = message
            .as_ref()
            .and_then(text)
            .unwrap_or("<no detail available>");
        final_line(cx, exception, Some(message), "", out)?;
    } else {
        let suggestion = suggest::suggestion(cx, exception, trace.as_ref()).unwrap_or_default();
        match cx.str(exception) {
            Ok(message) => final_line(cx, exception, text(&message), &suggestion, out)?,
            Err(_) => {
                let message = Some("<exception str() failed>");
                final_line(cx, exception, message, &suggestion, out)?;
            }
        }
    }
    notes(cx, exception, out)
}

/// An attribute that an exception may lack.
fn attribute(cx: &Context, exception: &Object, name: &str) -> Result<Option<Object>> {
    let name = cx.intern(name)?;
    Ok(cx
        .find_attribute(exception, &name)
        .unwrap_or_default()
        .filter(|value| !cx.is_none(value)))
}

/// `module.Type: message`.
fn final_line(
    cx: &Context,
    exception: &Object,
    message: Option<&str>,
    suggestion: &str,
    out: &mut Text<'_>,
) -> Result<()> {
    let of = cx.type_of(exception);
    let qualname = of.state(cx).qualname.get().unwrap_or_else(|| of.name(cx));
    let module = builtin::type_object::module_name(cx, &of).unwrap_or_default();
    match module.as_ref().map(|module| text(module)) {
        Some(Some("__main__" | "builtins")) => {}
        Some(Some(module)) => {
            cx.fallible(out.push(module))?;
            cx.fallible(out.push("."))?;
        }
        _ => cx.fallible(out.push("<unknown>."))?,
    }
    cx.fallible(out.push(text(&qualname).unwrap_or("?")))?;
    let message = message.unwrap_or_default();
    if !message.is_empty() || !suggestion.is_empty() {
        cx.fallible(out.push(": "))?;
        cx.fallible(out.push(message))?;
        cx.fallible(out.push(suggestion))?;
    }
    cx.fallible(out.push("\n"))
}

fn notes(cx: &Context, exception: &Object, out: &mut Text<'_>) -> Result<()> {
    let Some(notes) = attribute(cx, exception, "__notes__")? else {
        return Ok(());
    };
    let is_sequence = builtin::list::view(&notes).is_some() || tuple_items(&notes).is_some();
    if !is_sequence {
        let shown = cx.repr(&notes).ok();
        let shown = shown.as_ref().and_then(text);
        cx.fallible(out.push(shown.unwrap_or("<__notes__ repr() failed>")))?;
        return cx.fallible(out.push("\n"));
    }
    for note in cx.collect(&notes)?.iter() {
        let shown = cx.str(note).ok();
        let shown = shown
            .as_ref()
            .and_then(text)
            .unwrap_or("<note str() failed>");
        for line in shown.split('\n') {
            cx.fallible(out.push(line))?;
            cx.fallible(out.push("\n"))?;
        }
    }
    Ok(())
}

/// The place that a SyntaxError names, with a mark; false where it names none.
fn syntax_place(cx: &Context, exception: &Object, out: &mut Text<'_>) -> Result<bool> {
    let filename = attribute(cx, exception, "filename")?;
    let number = |name: &str| -> Result<Option<i64>> {
        Ok(attribute(cx, exception, name)?.and_then(|value| value.as_small()))
    };
    let Some(line) = number("lineno")? else {
        return Ok(attribute(cx, exception, "msg")?.is_some());
    };
    let filename = filename.as_ref().and_then(text).unwrap_or("<string>");
    let place = cx.format(format_args!("  File \"{filename}\", line {line}\n"))?;
    cx.fallible(out.push(text(&place).unwrap_or_default()))?;
    let Some(source) = attribute(cx, exception, "text")? else {
        return Ok(true);
    };
    let source = text(&source).unwrap_or_default();
    let source = source.trim_end_matches('\n');
    let trimmed = source.trim_start_matches([' ', '\n', '\x0c', '\t']);
    let indent = source.chars().count() - trimmed.chars().count();
    cx.fallible(out.push("    "))?;
    cx.fallible(out.push(trimmed))?;
    cx.fallible(out.push("\n"))?;
    let Some(offset) = number("offset")?.filter(|offset| *offset >= 1) else {
        return Ok(true);
    };
    let same_line = number("end_lineno")?.is_none_or(|end| end == line);
    let end = match number("end_offset")? {
        Some(end) if same_line && end > 0 => end,
        Some(_) if !same_line => source.chars().count() as i64 + 1,
        _ => offset + 1,
    };
    let end = if end == offset { offset + 1 } else { end };
    let start = offset - 1 - indent as i64;
    let end = end - 1 - indent as i64;
    if start >= 0 {
        cx.fallible(out.push("    "))?;
        for character in trimmed.chars().take(start as usize) {
            let blank = if character.is_whitespace() {
                character
            } else {
                ' '
            };
            cx.fallible(out.push_char(blank))?;
        }
        let short = (start as usize).saturating_sub(trimmed.chars().count());
        for _ in 0..short {
            cx.fallible(out.push(" "))?;
        }
        for _ in start..end.max(start + 1) {
            cx.fallible(out.push("^"))?;
        }
        cx.fallible(out.push("\n"))?;
    }
    Ok(true)
}
