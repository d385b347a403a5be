//! `sys.stdout` and `sys.stderr`: text files over the runtime's sinks.

use crate::modules;
use crate::state::Stream;
use crate::{Args, Context, Object, Result, State};
use mortice_types::native::{figures, flags};
use mortice_types::{builtin, index, native_type, text};

native_type! {
    /// The type of the standard streams.
    pub static TEXT_STREAM: "TextIOWrapper" {
        index: index::RUNTIME,
        base: &builtin::OBJECT,
        layout: figures("_io.TextIOWrapper", 16, 0),
        flags: flags::DISALLOW_INSTANTIATION,
        module: "_io",
        slots { Repr => stream_repr, },
        methods {
            "write" => stream_write,
            "flush" => stream_flush,
            "isatty" => |cx, _| Ok(cx.bool(false)),
            "writable" => |cx, _| Ok(cx.bool(true)),
        },
        getsets {
            "name" => stream_name;
            "encoding" => |cx, _| cx.string("utf-8");
            "mode" => |cx, _| cx.string("w");
        },
    }
}

/// Makes the two streams' objects.
pub(crate) fn start(cx: &Context, state: &State) -> Result<()> {
    for stream in [Stream::Out, Stream::Error] {
        let object = cx.instance(cx.builtin_ref(&TEXT_STREAM), 0)?;
        state.stream_slot(stream).set(object);
    }
    Ok(())
}

/// The stream behind an object.
fn stream_of(state: &State, object: &Object) -> Option<Stream> {
    [Stream::Out, Stream::Error]
        .into_iter()
        .find(|stream| state.stream_slot(*stream).holds(object))
}

fn stream_name(cx: &Context, object: &Object) -> Result<Object> {
    match State::find(cx).and_then(|state| stream_of(state, object)) {
        Some(Stream::Error) => cx.string("<stderr>"),
        _ => cx.string("<stdout>"),
    }
}

fn stream_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let name = stream_name(cx, &args.receiver())?;
    let name = text(&name).unwrap_or("?");
    cx.format(format_args!(
        "<_io.TextIOWrapper name='{name}' mode='w' encoding='utf-8'>"
    ))
}

fn stream_write(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [value] = args.rest().exactly::<1>(cx, "TextIOWrapper.write")?;
    let Some(plain) = text(&value) else {
        return Err(cx.type_error(format_args!(
            "write() argument must be str, not {}",
            cx.type_name(&value)
        )));
    };
    let state = State::of(cx)?;
    if let Some(stream) = stream_of(state, &args.receiver()) {
        state.write(stream, plain);
    }
    cx.int(plain.chars().count() as i64)
}

fn stream_flush(cx: &Context, args: Args<'_>) -> Result<Object> {
    let state = State::of(cx)?;
    if let Some(stream) = stream_of(state, &args.receiver()) {
        state.flush(stream);
    }
    Ok(cx.none())
}

/// Writes to a file object.
///
/// # Errors
///
/// What its `write` raises.
pub(crate) fn write(cx: &Context, file: &Object, plain: &str) -> Result<()> {
    let state = State::of(cx)?;
    if let Some(stream) = stream_of(state, file) {
        state.write(stream, plain);
        return Ok(());
    }
    let value = cx.string(plain)?;
    cx.call_method(file, &cx.names().write, &[value.borrow()])?;
    Ok(())
}

/// Writes a `str` object to a file object.
///
/// # Errors
///
/// What its `write` raises.
pub(crate) fn write_object(cx: &Context, file: &Object, value: &Object) -> Result<()> {
    let state = State::of(cx)?;
    match (stream_of(state, file), text(value)) {
        (Some(stream), Some(plain)) => state.write(stream, plain),
        _ => {
            cx.call_method(file, &cx.names().write, &[value.borrow()])?;
        }
    }
    Ok(())
}

/// `sys.stdout`; `None` where the program set it to None.
///
/// # Errors
///
/// RuntimeError where it is gone.
pub(crate) fn standard_out(cx: &Context) -> Result<Option<Object>> {
    let sys = State::of(cx)?.sys.get();
    match sys.and_then(|sys| modules::get(cx, &sys, "stdout")) {
        Some(file) if cx.is_none(&file) => Ok(None),
        Some(file) => Ok(Some(file)),
        None => Err(cx.runtime_error(format_args!("lost sys.stdout"))),
    }
}

/// `sys.stderr`; `None` where it is gone or None, and nothing can be told.
pub(crate) fn standard_error(cx: &Context) -> Option<Object> {
    let sys = State::find(cx)?.sys.get()?;
    modules::get(cx, &sys, "stderr").filter(|file| !cx.is_none(file))
}
