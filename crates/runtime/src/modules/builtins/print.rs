//! `print`.

use crate::streams;
use crate::{Args, Borrowed, Context, Object, Result};
use mortice_types::text;

/// `sep` or `end`: a `str`, or None for the default.
fn separator<'a>(
    cx: &Context,
    name: &str,
    value: Option<Borrowed<'a>>,
) -> Result<Option<Borrowed<'a>>> {
    match value.filter(|value| !cx.is_none(value)) {
        Some(value) if text(&value).is_none() => Err(cx.type_error(format_args!(
            "{name} must be None or a string, not {}",
            cx.type_name(&value)
        ))),
        value => Ok(value),
    }
}

pub(super) fn print(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [mut between, mut end, mut file, mut flush] = [None; 4];
    for (keyword, value) in args.keywords() {
        match text(keyword).unwrap_or_default() {
            "sep" => between = Some(value),
            "end" => end = Some(value),
            "file" => file = Some(value),
            "flush" => flush = Some(value),
            other => {
                return Err(cx.type_error(format_args!(
                    "print() got an unexpected keyword argument '{other}'"
                )));
            }
        }
    }
    let file = match file.filter(|file| !cx.is_none(file)) {
        Some(file) => (*file).clone(),
        None => match streams::standard_out(cx)? {
            Some(file) => file,
            None => return Ok(cx.none()),
        },
    };
    let between = separator(cx, "sep", between)?;
    let end = separator(cx, "end", end)?;
    for (index, value) in args.positional().iter().enumerate() {
        if index > 0 {
            match &between {
                Some(between) => streams::write_object(cx, &file, between)?,
                None => streams::write(cx, &file, " ")?,
            }
        }
        let value = cx.str(value)?;
        streams::write_object(cx, &file, &value)?;
    }
    match &end {
        Some(end) => streams::write_object(cx, &file, end)?,
        None => streams::write(cx, &file, "\n")?,
    }
    if let Some(flush) = flush
        && cx.truth(&flush)?
    {
        cx.call_method(&file, &cx.names().flush, &[])?;
    }
    Ok(cx.none())
}
