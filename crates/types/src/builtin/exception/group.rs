//! Exception groups: several exceptions that propagate as one.

use super::{get_args, set_args, view};
use crate::format::Text;
use crate::raw::Type;
use crate::slot_id::SlotId;
use crate::{Args, Context, Object, Result, body, builtin, text, tuple_items};
use mortice_gc::Slot;

crate::body! {
    /// What a group holds.
    pub struct GroupBody {
        /// `message`.
        pub message: Slot,
        /// `exceptions`, a tuple.
        pub exceptions: Slot,
        /// The repr of the sequence that was given, where it was neither list nor tuple.
        given: Slot,
    }
}

/// The exceptions in a group; `None` for any other exception.
pub fn exceptions(group: &Object) -> Option<Object> {
    body::<GroupBody>(group)?.exceptions.get()
}

pub(super) fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some(of) = Type::of(&args.receiver()) else {
        return Err(cx.type_error(format_args!(
            "BaseExceptionGroup.__new__(X): X is not a type object"
        )));
    };
    let given = args.rest().positional();
    let [message, sequence] = given else {
        return Err(cx.type_error(format_args!(
            "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
            given.len()
        )));
    };
    if text(message).is_none() {
        return Err(cx.type_error(format_args!(
            "BaseExceptionGroup.__new__() argument 1 must be str, not {}",
            cx.type_name(message)
        )));
    }
    let is_sequence = cx.slot_of(sequence, SlotId::GetItem).is_some()
        && !cx.is_instance_of(sequence, &builtin::DICT);
    if !is_sequence {
        return Err(cx.type_error(format_args!(
            "second argument (exceptions) must be a sequence"
        )));
    }
    let items = cx.collect(sequence)?;
    if items.is_empty() {
        return Err(cx.value_error(format_args!(
            "second argument (exceptions) must be a non-empty sequence"
        )));
    }
    let mut only_plain = true;
    for (index, item) in items.iter().enumerate() {
        if view(item).is_none() {
            return Err(cx.value_error(format_args!(
                "Item {index} of second argument (exceptions) is not an exception"
            )));
        }
        only_plain = only_plain && cx.is_instance_of(item, &builtin::EXCEPTION);
    }
    let of = choose(cx, of, only_plain)?;
    let group = cx.instance(&of, 0)?;
    set_args(cx, &group, given)?;
    if let Some(body) = body::<GroupBody>(&group) {
        body.message.set((**message).clone());
        body.exceptions.set(builtin::tuple::from_slice(cx, &items)?);
        if builtin::list::view(sequence).is_none() && tuple_items(sequence).is_none() {
            body.given.set(cx.repr(sequence)?);
        }
    }
    Ok(group)
}

/// A group of plain exceptions is an ExceptionGroup, which holds nothing else.
fn choose(cx: &Context, of: Type, only_plain: bool) -> Result<Type> {
    if of.is(cx.builtin_ref(&builtin::BASE_EXCEPTION_GROUP)) {
        let kind = if only_plain {
            &builtin::EXCEPTION_GROUP
        } else {
            &builtin::BASE_EXCEPTION_GROUP
        };
        return Ok(cx.builtin(kind));
    }
    if only_plain || !of.is_subtype(cx, cx.builtin_ref(&builtin::EXCEPTION)) {
        return Ok(of);
    }
    if of.is(cx.builtin_ref(&builtin::EXCEPTION_GROUP)) {
        return Err(cx.type_error(format_args!(
            "Cannot nest BaseExceptions in an ExceptionGroup"
        )));
    }
    let name = of.name(cx);
    Err(cx.type_error(format_args!(
        "Cannot nest BaseExceptions in '{}'",
        text(&name).unwrap_or("?")
    )))
}

pub(super) fn str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let message = cx.str(&get_message(cx, &this)?)?;
    let count = exceptions(&this)
        .as_ref()
        .and_then(tuple_items)
        .map_or(0, <[Object]>::len);
    cx.format(format_args!(
        "{} ({count} sub-exception{})",
        text(&message).unwrap_or("?"),
        if count == 1 { "" } else { "s" }
    ))
}

/// Shows the exceptions in the kind of sequence that they were given in.
pub(super) fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let message = cx.repr(&get_message(cx, &this)?)?;
    let given = body::<GroupBody>(&this).and_then(|body| body.given.get());
    let sequence = match given {
        Some(given) => given,
        None => {
            let tuple = get_exceptions(cx, &this)?;
            let arguments = get_args(cx, &this)?;
            match tuple_items(&arguments) {
                Some([_, list]) if builtin::list::view(list).is_some() => {
                    let items = cx.collect(&tuple)?;
                    cx.repr(&builtin::list::from_buffer(cx, items)?)?
                }
                _ => cx.repr(&tuple)?,
            }
        }
    };
    let mut shown = Text::new(cx);
    for part in [
        cx.type_name(&this).as_str(),
        "(",
        text(&message).unwrap_or("?"),
        ", ",
        text(&sequence).unwrap_or("?"),
        ")",
    ] {
        cx.fallible(shown.push(part))?;
    }
    shown.finish(cx)
}

pub(super) fn get_message(cx: &Context, object: &Object) -> Result<Object> {
    let message = body::<GroupBody>(object).and_then(|body| body.message.get());
    Ok(message.unwrap_or_else(|| cx.none()))
}

pub(super) fn get_exceptions(cx: &Context, object: &Object) -> Result<Object> {
    match exceptions(object) {
        Some(exceptions) => Ok(exceptions),
        None => builtin::tuple::from_slice(cx, &[]),
    }
}

pub(super) fn class_getitem(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args
        .rest()
        .method(cx, "BaseExceptionGroup", "__class_getitem__", 1, 1)?;
    builtin::generic_alias::new_alias(cx, &args.receiver(), &rest[0])
}
