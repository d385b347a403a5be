//! The fields of ImportError, SyntaxError and OSError, which their arguments fill.

use super::{exception_init, exception_str, get_args, set_args};
use crate::raw::Type;
use crate::{Args, Borrowed, Context, Object, Result, body, text, tuple_items};
use mortice_gc::Slot;

crate::body! {
    /// The fields of ImportError.
    pub struct ImportBody {
        message: Slot,
        name: Slot,
        path: Slot,
        name_from: Slot,
    }
}

crate::body! {
    /// The fields of SyntaxError.
    pub struct SyntaxBody {
        message: Slot,
        filename: Slot,
        line: Slot,
        offset: Slot,
        text: Slot,
        end_line: Slot,
        end_offset: Slot,
        print_file_and_line: Slot,
    }
}

crate::body! {
    /// The fields of OSError.
    pub struct SystemBody {
        number: Slot,
        message: Slot,
        filename: Slot,
        second_filename: Slot,
    }
}

/// The field at a place: ImportError and OSError have four, SyntaxError eight.
fn slot(object: &Object, place: usize) -> Option<&Slot> {
    if let Some(fields) = body::<ImportBody>(object) {
        let fields = [
            &fields.message,
            &fields.name,
            &fields.path,
            &fields.name_from,
        ];
        return fields.get(place).copied();
    }
    if let Some(fields) = body::<SystemBody>(object) {
        let fields = [
            &fields.number,
            &fields.message,
            &fields.filename,
            &fields.second_filename,
        ];
        return fields.get(place).copied();
    }
    let fields = body::<SyntaxBody>(object)?;
    let fields = [
        &fields.message,
        &fields.filename,
        &fields.line,
        &fields.offset,
        &fields.text,
        &fields.end_line,
        &fields.end_offset,
        &fields.print_file_and_line,
    ];
    fields.get(place).copied()
}

/// Reads a field.
pub(super) fn get<const PLACE: usize>(cx: &Context, object: &Object) -> Result<Object> {
    let value = slot(object, PLACE).and_then(Slot::get);
    Ok(value.unwrap_or_else(|| cx.none()))
}

/// Sets a field.
pub(super) fn set<const PLACE: usize>(
    _: &Context,
    object: &Object,
    value: Option<Borrowed<'_>>,
) -> Result<()> {
    if let Some(slot) = slot(object, PLACE) {
        drop(slot.replace(value.map(|value| (*value).clone())));
    }
    Ok(())
}

fn put(object: &Object, place: usize, value: &Object) {
    if let Some(slot) = slot(object, place) {
        slot.set(value.clone());
    }
}

/// Fills the fields of an exception from its positional arguments.
///
/// # Errors
///
/// TypeError for a SyntaxError whose details have the wrong form.
pub(super) fn fill(cx: &Context, exception: &Object, arguments: &[Object]) -> Result<()> {
    if body::<ImportBody>(exception).is_some() {
        if let [message] = arguments {
            put(exception, 0, message);
        }
    } else if body::<SystemBody>(exception).is_some() {
        fill_system(cx, exception, arguments)?;
    } else if body::<SyntaxBody>(exception).is_some() {
        if let Some(message) = arguments.first() {
            put(exception, 0, message);
        }
        if let [_, details] = arguments {
            let details = cx.collect(details)?;
            if !(4..=7).contains(&details.len()) || details.len() == 5 {
                let (bound, words) = if details.len() < 4 {
                    (4, "least")
                } else {
                    (7, "most")
                };
                return Err(cx.type_error(format_args!(
                    "function takes at {words} {bound} arguments ({} given)",
                    details.len()
                )));
            }
            for (index, detail) in details.iter().enumerate().take(6) {
                put(exception, index + 1, detail);
            }
        }
    }
    Ok(())
}

/// `OSError(number, message, filename, winerror, filename2)`; file names leave `args`.
fn fill_system(cx: &Context, exception: &Object, arguments: &[Object]) -> Result<()> {
    let [number, message, rest @ ..] = arguments else {
        return Ok(());
    };
    if rest.len() > 3 {
        return Ok(());
    }
    put(exception, 0, number);
    put(exception, 1, message);
    if let Some(filename) = rest.first().filter(|filename| !cx.is_none(filename)) {
        put(exception, 2, filename);
        if let Some(second) = rest.get(2) {
            put(exception, 3, second);
        }
        set_args(cx, exception, Object::borrow_all(&arguments[..2]))?;
    }
    Ok(())
}

/// The init slot of SyntaxError and OSError.
pub(super) fn init(cx: &Context, args: Args<'_>) -> Result<Object> {
    exception_init(cx, args)?;
    let this = args.receiver();
    fill_from_args(cx, &this)?;
    Ok(cx.none())
}

fn fill_from_args(cx: &Context, this: &Object) -> Result<()> {
    let arguments = get_args(cx, this)?;
    fill(cx, this, tuple_items(&arguments).unwrap_or_default())
}

/// The init slot of ImportError, which takes its fields as keywords.
pub(super) fn import_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    set_args(cx, &this, args.rest().positional())?;
    fill_from_args(cx, &this)?;
    for (keyword, value) in args.keywords() {
        let place = match text(keyword) {
            Some("name") => 1,
            Some("path") => 2,
            Some("name_from") => 3,
            other => {
                return Err(cx.type_error(format_args!(
                    "ImportError() got an unexpected keyword argument '{}'",
                    other.unwrap_or("?")
                )));
            }
        };
        put(&this, place, &value);
    }
    Ok(cx.none())
}

/// `str(ImportError)`: the message where it is a `str`.
pub(super) fn import_str(cx: &Context, args: Args<'_>) -> Result<Object> {
    match slot(&args.receiver(), 0).and_then(Slot::get) {
        Some(message) if text(&message).is_some() => Ok(message),
        _ => exception_str(cx, args),
    }
}

/// `str(SyntaxError)`: the message with the file's last part and the line.
pub(super) fn syntax_str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let field = |place| slot(&this, place).and_then(Slot::get);
    let message = match field(0) {
        Some(message) => cx.str(&message)?,
        None => cx.string("None")?,
    };
    let filename = field(1).filter(|filename| text(filename).is_some());
    let filename = filename.as_ref().and_then(text);
    let filename = filename.map(|path| path.rsplit('/').next().unwrap_or(path));
    let line = field(2).and_then(|line| line.as_small());
    let shown = text(&message).unwrap_or("?");
    match (filename, line) {
        (Some(filename), Some(line)) => {
            cx.format(format_args!("{shown} ({filename}, line {line})"))
        }
        (Some(filename), None) => cx.format(format_args!("{shown} ({filename})")),
        (None, Some(line)) => cx.format(format_args!("{shown} (line {line})")),
        (None, None) => Ok(message),
    }
}

/// `str(OSError)`.
pub(super) fn system_str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let field = |place| slot(&this, place).and_then(Slot::get);
    let (Some(number), Some(message)) = (field(0), field(1)) else {
        return exception_str(cx, args);
    };
    let (number, message) = (cx.str(&number)?, cx.str(&message)?);
    let (number, message) = (text(&number).unwrap_or("?"), text(&message).unwrap_or("?"));
    let repr = |value: Option<Object>| value.map(|value| cx.repr(&value)).transpose();
    match (repr(field(2))?, repr(field(3))?) {
        (Some(first), Some(second)) => cx.format(format_args!(
            "[Errno {number}] {message}: {} -> {}",
            text(&first).unwrap_or("?"),
            text(&second).unwrap_or("?")
        )),
        (Some(first), None) => cx.format(format_args!(
            "[Errno {number}] {message}: {}",
            text(&first).unwrap_or("?")
        )),
        _ => cx.format(format_args!("[Errno {number}] {message}")),
    }
}

/// `repr(ImportError)` shows `name` and `path` too where they are set.
pub(super) fn import_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let plain = super::exception_repr(cx, args)?;
    let mut shown = crate::format::Text::new(cx);
    let plain = text(&plain).unwrap_or("?");
    let fields = [("name", 1), ("path", 2)].map(|(name, place)| {
        let value = slot(&this, place).and_then(Slot::get);
        (name, value.filter(|value| !cx.is_none(value)))
    });
    let mut separator = match get_args(cx, &this) {
        Ok(arguments) if tuple_items(&arguments).is_none_or(<[Object]>::is_empty) => "",
        _ => ", ",
    };
    cx.fallible(shown.push(plain.strip_suffix(')').unwrap_or(plain)))?;
    for (name, value) in fields {
        if let Some(value) = value {
            let value = cx.repr(&value)?;
            for part in [separator, name, "=", text(&value).unwrap_or("?")] {
                cx.fallible(shown.push(part))?;
            }
            separator = ", ";
        }
    }
    cx.fallible(shown.push(")"))?;
    shown.finish(cx)
}

/// Makes an ImportError or ModuleNotFoundError with its fields.
///
/// # Errors
///
/// MemoryError.
pub fn new_import_error(
    cx: &Context,
    of: &Type,
    message: &Object,
    name: &Object,
    path: Option<&Object>,
    name_from: Option<&Object>,
) -> Result<Object> {
    let exception = super::new_exception(cx, of, std::slice::from_ref(message))?;
    put(&exception, 1, name);
    for (place, value) in [(2, path), (3, name_from)] {
        if let Some(value) = value {
            put(&exception, place, value);
        }
    }
    Ok(exception)
}
