//! The fields of OSError, and which of its subclasses an error number stands for.

use super::{fields, set_args};
use crate::native::NativeType;
use crate::raw::Type;
use crate::slot_id::SlotId;
use crate::{Args, Borrowed, Context, Object, Result, body, builtin, text, tuple_items};
use mortice_gc::Slot;

crate::body! {
    /// The error of the operating system.
    pub struct OsBody {
        /// `errno`.
        pub number: Slot,
        /// `strerror`.
        pub message: Slot,
        /// `filename`.
        pub filename: Slot,
        /// `filename2`.
        pub second: Slot,
        /// `characters_written` of BlockingIOError.
        pub written: Slot,
    }
}

fields! {
    OsBody: get_number set_number number; get_message set_message message;
    get_filename set_filename filename; get_second set_second second;
}

/// The subclass for an error number, by Linux's numbers, where there is one.
fn subclass(number: i64) -> Option<&'static NativeType> {
    Some(match number {
        1 | 13 => &builtin::PERMISSION_ERROR,
        2 => &builtin::FILE_NOT_FOUND_ERROR,
        3 => &builtin::PROCESS_LOOKUP_ERROR,
        4 => &builtin::INTERRUPTED_ERROR,
        10 => &builtin::CHILD_PROCESS_ERROR,
        11 | 114 | 115 => &builtin::BLOCKING_IO_ERROR,
        17 => &builtin::FILE_EXISTS_ERROR,
        20 => &builtin::NOT_A_DIRECTORY_ERROR,
        21 => &builtin::IS_A_DIRECTORY_ERROR,
        32 | 108 => &builtin::BROKEN_PIPE_ERROR,
        103 => &builtin::CONNECTION_ABORTED_ERROR,
        104 => &builtin::CONNECTION_RESET_ERROR,
        110 => &builtin::TIMEOUT_ERROR,
        111 => &builtin::CONNECTION_REFUSED_ERROR,
        _ => return None,
    })
}

/// The type that an OSError with these arguments gets: a subclass where `of` is OSError itself.
pub(super) fn type_for(cx: &Context, of: &Type, arguments: &[Object]) -> Type {
    let number = match arguments {
        [number, _, ..] if arguments.len() <= 5 => builtin::int::value(cx, number),
        _ => None,
    };
    let found = number
        .and_then(|number| subclass(number.to_i64()?))
        .filter(|_| of.is(cx.builtin_ref(&builtin::OS_ERROR)));
    match found {
        Some(found) => cx.builtin(found),
        None => of.clone(),
    }
}

/// Fills fields and `args` of a fresh instance.
pub(super) fn start(cx: &Context, exception: &Object, arguments: &[Object]) -> Result<()> {
    let values = Object::borrow_all(arguments);
    let Some(body) = body::<OsBody>(exception) else {
        return Ok(());
    };
    let mut kept = values;
    if let (2..=5, [number, message, rest @ ..]) = (arguments.len(), arguments) {
        body.number.set(number.clone());
        body.message.set(message.clone());
        if let Some(filename) = rest.first().filter(|filename| !cx.is_none(filename)) {
            let counts = cx.is_instance_of(exception, &builtin::BLOCKING_IO_ERROR)
                && (filename.is_small() || cx.slot_of(filename, SlotId::Index).is_some());
            if counts {
                body.written.set(cx.index(filename)?);
            } else {
                body.filename.set(filename.clone());
                kept = &values[..2];
                // The third place is an error number of another system.
                if let Some(second) = rest.get(2).filter(|second| !cx.is_none(second)) {
                    body.second.set(second.clone());
                }
            }
        }
    }
    set_args(cx, exception, kept)
}

/// Whether a subclass that brings `__init__` alone gets its fields there instead of in `__new__`.
fn starts_in_init(cx: &Context, of: &Type) -> bool {
    let base = cx.builtin_ref(&builtin::OS_ERROR);
    let own = |slot| of.slot(slot).map(|slot| slot as usize);
    let inherited = |slot| base.slot(slot).map(|slot| slot as usize);
    own(SlotId::Init) != inherited(SlotId::Init) && own(SlotId::New) == inherited(SlotId::New)
}

pub(super) fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some(of) = Type::of(&args.receiver()) else {
        return Err(cx.type_error(format_args!("OSError.__new__(X): X is not a type object")));
    };
    if starts_in_init(cx, &of) {
        let exception = cx.instance(&of, 0)?;
        set_args(cx, &exception, &[])?;
        return Ok(exception);
    }
    no_keywords(cx, &args, &of)?;
    let given = cx.owned(args.rest().positional())?;
    let exception = cx.instance(&type_for(cx, &of, &given), 0)?;
    start(cx, &exception, &given)?;
    Ok(exception)
}

pub(super) fn init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let of = cx.type_of(&this);
    if starts_in_init(cx, &of) {
        no_keywords(cx, &args, &of)?;
        start(cx, &this, &cx.owned(args.rest().positional())?)?;
    }
    Ok(cx.none())
}

fn no_keywords(cx: &Context, args: &Args<'_>, of: &Type) -> Result<()> {
    let name = of.name(cx);
    args.no_keywords(cx, text(&name).unwrap_or("?"))
}

pub(super) fn str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<OsBody>(&this) else {
        return super::exception_str(cx, args);
    };
    let plain = |slot: &Slot| cx.str(&slot.get().unwrap_or_else(|| cx.none()));
    if body.filename.is_some() {
        let (number, message) = (plain(&body.number)?, plain(&body.message)?);
        let (number, message) = (text(&number).unwrap_or("?"), text(&message).unwrap_or("?"));
        let filename = cx.repr(&body.filename.get().unwrap_or_else(|| cx.none()))?;
        let filename = text(&filename).unwrap_or("?");
        return match body.second.get() {
            Some(second) => {
                let second = cx.repr(&second)?;
                cx.format(format_args!(
                    "[Errno {number}] {message}: {filename} -> {}",
                    text(&second).unwrap_or("?")
                ))
            }
            None => cx.format(format_args!("[Errno {number}] {message}: {filename}")),
        };
    }
    if body.number.is_some() && body.message.is_some() {
        let (number, message) = (plain(&body.number)?, plain(&body.message)?);
        return cx.format(format_args!(
            "[Errno {}] {}",
            text(&number).unwrap_or("?"),
            text(&message).unwrap_or("?")
        ));
    }
    super::exception_str(cx, args)
}

/// Type and the arguments that make the same exception, file names included.
pub(super) fn reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "OSError", "__reduce__", 0, 0)?;
    let arguments = super::get_args(cx, &this)?;
    let filename = body::<OsBody>(&this).and_then(|body| body.filename.get());
    let (Some([number, message]), Some(filename)) = (tuple_items(&arguments), filename) else {
        return super::state::reduced(cx, &this, cx.instance_dict(&this));
    };
    let second = body::<OsBody>(&this).and_then(|body| body.second.get());
    let arguments = match second {
        Some(second) => {
            let all = [number.clone(), message.clone(), filename, cx.none(), second];
            builtin::tuple::from_slice(cx, &all)?
        }
        None => builtin::tuple::from_slice(cx, &[number.clone(), message.clone(), filename])?,
    };
    let of = cx.type_of(&this).into_object();
    match cx.instance_dict(&this) {
        Some(dict) => builtin::tuple::from_slice(cx, &[of, arguments, dict]),
        None => builtin::tuple::from_slice(cx, &[of, arguments]),
    }
}

pub(super) fn get_written(cx: &Context, object: &Object) -> Result<Object> {
    match body::<OsBody>(object).and_then(|body| body.written.get()) {
        Some(written) => Ok(written),
        None => Err(cx.attribute_error(format_args!("characters_written"))),
    }
}

pub(super) fn set_written(
    cx: &Context,
    object: &Object,
    value: Option<Borrowed<'_>>,
) -> Result<()> {
    let Some(body) = body::<OsBody>(object) else {
        return Ok(());
    };
    match value {
        Some(value) => body.written.set(cx.index(&value)?),
        None => {
            if body.written.take().is_none() {
                return Err(cx.attribute_error(format_args!("characters_written")));
            }
        }
    }
    Ok(())
}
