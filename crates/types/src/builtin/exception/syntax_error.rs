//! The fields of SyntaxError.

use super::{exception_init, fields};
use crate::{Args, Context, Object, Result, body, builtin, text};
use mortice_gc::Slot;

crate::body! {
    /// What is wrong, and where.
    pub struct SyntaxBody {
        /// `msg`.
        pub message: Slot,
        /// `filename`.
        pub filename: Slot,
        /// `lineno`, from 1.
        pub line: Slot,
        /// `offset`: the column, from 1.
        pub offset: Slot,
        /// `text`: the line.
        pub text: Slot,
        /// `end_lineno`.
        pub end_line: Slot,
        /// `end_offset`.
        pub end_offset: Slot,
        /// `print_file_and_line`.
        pub print: Slot,
        /// `_metadata`.
        pub metadata: Slot,
    }
}

fields! {
    SyntaxBody: get_message set_message message; get_filename set_filename filename;
    get_line set_line line; get_offset set_offset offset; get_text set_text text;
    get_end_line set_end_line end_line; get_end_offset set_end_offset end_offset;
    get_print set_print print; get_metadata set_metadata metadata;
}

/// The first argument is the message; where there are two, the second says where.
pub(super) fn start(cx: &Context, exception: &Object, arguments: &[Object]) -> Result<()> {
    let Some(body) = body::<SyntaxBody>(exception) else {
        return Ok(());
    };
    if let Some(message) = arguments.first() {
        body.message.set(message.clone());
    }
    let [_, details] = arguments else {
        return Ok(());
    };
    let details = cx.collect(details)?;
    match details.len() {
        4 | 6 | 7 => {}
        5 => {
            return Err(cx.type_error(format_args!(
                "end_offset must be provided when end_lineno is provided"
            )));
        }
        count => {
            let (bound, limit) = if count < 4 { ("least", 4) } else { ("most", 7) };
            return Err(cx.type_error(format_args!(
                "function takes at {bound} {limit} arguments ({count} given)"
            )));
        }
    }
    let fields = [
        &body.filename,
        &body.line,
        &body.offset,
        &body.text,
        &body.end_line,
        &body.end_offset,
        &body.metadata,
    ];
    for (field, value) in fields.into_iter().zip(details) {
        field.set(value);
    }
    Ok(())
}

pub(super) fn init(cx: &Context, args: Args<'_>) -> Result<Object> {
    exception_init(cx, args)?;
    start(cx, &args.receiver(), &cx.owned(args.rest().positional())?)?;
    Ok(cx.none())
}

/// The message with the file's base name and the line, as far as they are known.
pub(super) fn str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<SyntaxBody>(&this) else {
        return super::exception_str(cx, args);
    };
    let message = cx.str(&body.message.get().unwrap_or_else(|| cx.none()))?;
    let message = text(&message).unwrap_or("?");
    let filename = body.filename.get();
    let filename = filename
        .as_ref()
        .and_then(|filename| text(filename))
        .map(|filename| filename.rsplit('/').next().unwrap_or(filename));
    let line = match body.line.get() {
        Some(line) if cx.is_exactly(&line, &builtin::INT) => Some(cx.repr(&line)?),
        _ => None,
    };
    match (filename, line.as_ref().and_then(|line| text(line))) {
        (Some(filename), Some(line)) => {
            cx.format(format_args!("{message} ({filename}, line {line})"))
        }
        (Some(filename), None) => cx.format(format_args!("{message} ({filename})")),
        (None, Some(line)) => cx.format(format_args!("{message} (line {line})")),
        (None, None) => cx.string(message),
    }
}
