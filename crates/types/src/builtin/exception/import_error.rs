//! The fields of ImportError.

use super::{fields, set_args};
use crate::format::Text;
use crate::raw::Type;
use crate::{Args, Context, Object, Result, body, builtin, text, tuple_items};
use mortice_gc::Slot;

crate::body! {
    /// What could not be imported, and from where.
    pub struct ImportBody {
        /// `msg`.
        pub message: Slot,
        /// `name`.
        pub name: Slot,
        /// `path`.
        pub path: Slot,
        /// `name_from`.
        pub name_from: Slot,
    }
}

fields! {
    ImportBody: get_message set_message message; get_name set_name name; get_path set_path path;
    get_name_from set_name_from name_from;
}

/// The message is the argument, where there is exactly one.
pub(super) fn start(exception: &Object, arguments: &[Object]) {
    if let Some(body) = body::<ImportBody>(exception) {
        let message = match arguments {
            [only] => Some(only.clone()),
            _ => None,
        };
        drop(body.message.replace(message));
    }
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
    if let Some(body) = body::<ImportBody>(&exception) {
        body.name.set(name.clone());
        drop(body.path.replace(path.cloned()));
        drop(body.name_from.replace(name_from.cloned()));
    }
    Ok(exception)
}

pub(super) fn init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    set_args(cx, &this, args.rest().positional())?;
    start(&this, &cx.owned(args.rest().positional())?);
    let Some(body) = body::<ImportBody>(&this) else {
        return Ok(cx.none());
    };
    for field in [&body.name, &body.path, &body.name_from] {
        drop(field.take());
    }
    for (name, value) in args.keywords() {
        let field = match text(name) {
            Some("name") => &body.name,
            Some("path") => &body.path,
            Some("name_from") => &body.name_from,
            name => {
                return Err(cx.type_error(format_args!(
                    "ImportError() got an unexpected keyword argument '{}'",
                    name.unwrap_or("?")
                )));
            }
        };
        field.set((*value).clone());
    }
    Ok(cx.none())
}

pub(super) fn str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let message = body::<ImportBody>(&args.receiver()).and_then(|body| body.message.get());
    match message {
        Some(message) if cx.is_exactly(&message, &builtin::STR) => Ok(message),
        _ => super::exception_str(cx, args),
    }
}

/// The arguments, then what is known of name and path as keywords.
pub(super) fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let arguments = super::get_args(cx, &this)?;
    let mut shown = Text::new(cx);
    cx.fallible(shown.push(cx.type_name(&this).as_str()))?;
    cx.fallible(shown.push("("))?;
    let start = shown.len();
    for argument in tuple_items(&arguments).unwrap_or_default() {
        push(cx, &mut shown, start, "", argument)?;
    }
    if let Some(body) = body::<ImportBody>(&this) {
        for (name, field) in [("name=", &body.name), ("path=", &body.path)] {
            if let Some(value) = field.get() {
                push(cx, &mut shown, start, name, &value)?;
            }
        }
    }
    cx.fallible(shown.push(")"))?;
    shown.finish(cx)
}

fn push(
    cx: &Context,
    shown: &mut Text<'_>,
    start: usize,
    name: &str,
    value: &Object,
) -> Result<()> {
    if shown.len() > start {
        cx.fallible(shown.push(", "))?;
    }
    cx.fallible(shown.push(name))?;
    let value = cx.repr(value)?;
    cx.fallible(shown.push(text(&value).unwrap_or("?")))
}

/// Type, arguments, and what the constructor takes as keywords or the instance holds.
pub(super) fn reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "ImportError", "__reduce__", 0, 0)?;
    let state = match cx.instance_dict(&this) {
        Some(dict) => builtin::dict::copied(cx, &dict)?,
        None => builtin::dict::new_dict(cx)?,
    };
    if let (Some(state), Some(body)) = (builtin::dict::view(&state), body::<ImportBody>(&this)) {
        let known = [
            ("name", &body.name),
            ("path", &body.path),
            ("name_from", &body.name_from),
        ];
        for (name, field) in known {
            if let Some(value) = field.get() {
                state.set(cx, &cx.intern(name)?, value)?;
            }
        }
    }
    super::state::reduced(cx, &this, Some(state))
}
