//! Slots seen as special methods: wrapper descriptors, and wrappers bound to a receiver.

use super::{Kind, descriptor_name, descriptor_of, new_descriptor, owner, qualname};
use crate::native::{figures, flags};
use crate::raw::Type;
use crate::slot_id::{SlotFn, SlotId};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type, text};
use mortice_gc::Slot;

crate::body! {
    /// The body of a slot wrapper bound to its receiver.
    pub struct MethodWrapperBody {
        /// `__self__`.
        pub receiver: Slot,
        /// The wrapper descriptor.
        pub descriptor: Slot,
    }
}

/// A wrapper descriptor of a slot.
pub(crate) fn new_wrapper(
    cx: &Context,
    owner: &Type,
    slot: SlotId,
    function: SlotFn,
) -> Result<Object> {
    new_descriptor(
        cx,
        &builtin::WRAPPER_DESCRIPTOR,
        owner,
        slot.name(),
        Kind::Wrapper(slot, function),
    )
}

/// The slot and function of a wrapper descriptor.
pub(crate) fn wrapper_slot(object: &Object) -> Option<(SlotId, SlotFn)> {
    match descriptor_of(object)?.1 {
        Kind::Wrapper(slot, function) => Some((slot, function)),
        _ => None,
    }
}

/// Number of arguments that a slot's special method takes, the receiver included; `None` for any.
fn arity(slot: SlotId) -> Option<(usize, usize)> {
    Some(match slot {
        SlotId::New | SlotId::Init | SlotId::Call => return None,
        SlotId::Get => (2, 3),
        SlotId::SetAttr | SlotId::Set | SlotId::SetItem => (3, 3),
        SlotId::Pow | SlotId::RPow => (2, 3),
        SlotId::Del
        | SlotId::Repr
        | SlotId::Str
        | SlotId::Hash
        | SlotId::Iter
        | SlotId::Next
        | SlotId::Len
        | SlotId::Bool
        | SlotId::Int
        | SlotId::Float
        | SlotId::Index
        | SlotId::Neg
        | SlotId::Pos
        | SlotId::Abs
        | SlotId::Invert => (1, 1),
        _ => (2, 2),
    })
}

/// Calls a slot function as its special method: counts arguments, and turns the end of an iterator
/// into StopIteration.
pub(super) fn call_wrapped(
    cx: &Context,
    slot: SlotId,
    function: SlotFn,
    args: Args<'_>,
) -> Result<Object> {
    if let Some((least, most)) = arity(slot) {
        if args.has_keywords() {
            return Err(cx.type_error(format_args!(
                "wrapper {}() takes no keyword arguments",
                slot.name()
            )));
        }
        let given = args.positional().len();
        if given < least || given > most {
            let (least, most, given) = (least - 1, most - 1, given - 1);
            let name = slot.name();
            return Err(match (least, most) {
                (1, 2) if matches!(slot, SlotId::Pow | SlotId::RPow) => {
                    cx.type_error(format_args!("expected 1 or 2 arguments, got {given}"))
                }
                (1, 2) if given < least => cx.type_error(format_args!(
                    "{name} expected at least 1 argument, got {given}"
                )),
                (1, 2) => cx.type_error(format_args!(
                    "{name} expected at most 2 arguments, got {given}"
                )),
                (2, _) => cx.type_error(format_args!("{name} expected 2 arguments, got {given}")),
                _ => {
                    let plural = if least == 1 { "" } else { "s" };
                    cx.type_error(format_args!(
                        "expected {least} argument{plural}, got {given}"
                    ))
                }
            });
        }
    }
    if slot == SlotId::Get {
        let absent = |index| args.get(index).is_none_or(|value| cx.is_none(&value));
        if absent(1) && absent(2) {
            return Err(cx.type_error(format_args!("__get__(None, None) is invalid")));
        }
    }
    let result = function(cx, args)?;
    if slot == SlotId::Next && cx.is_exhausted(&result) {
        return Err(cx.stop_iteration(None));
    }
    Ok(result)
}

fn method_wrapper_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let parts = body::<MethodWrapperBody>(&this)
        .and_then(|body| Some((body.receiver.get()?, body.descriptor.get()?)));
    let Some((receiver, descriptor)) = parts else {
        return Err(cx.type_error(format_args!("a method-wrapper is required")));
    };
    let Some((slot, function)) = wrapper_slot(&descriptor) else {
        return Err(cx.system_error(format_args!("a method-wrapper without a slot")));
    };
    cx.with_receiver(args, receiver.borrow(), |cx, args| {
        call_wrapped(cx, slot, function, args)
    })
}

fn method_wrapper_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let name = wrapper_part(&this, true).and_then(|descriptor| descriptor_name(&descriptor));
    let receiver = wrapper_part(&this, false).unwrap_or_else(|| cx.none());
    cx.format(format_args!(
        "<method-wrapper '{}' of {} object at {:#x}>",
        name.as_ref().and_then(|name| text(name)).unwrap_or("?"),
        cx.type_name(&receiver),
        receiver.address()
    ))
}

fn wrapper_part(object: &Object, descriptor: bool) -> Option<Object> {
    let body = body::<MethodWrapperBody>(object)?;
    if descriptor {
        body.descriptor.get()
    } else {
        body.receiver.get()
    }
}

fn wrapper_self(cx: &Context, object: &Object) -> Result<Object> {
    Ok(wrapper_part(object, false).unwrap_or_else(|| cx.none()))
}

fn wrapper_name(cx: &Context, object: &Object) -> Result<Object> {
    Ok(wrapper_part(object, true)
        .and_then(|descriptor| descriptor_name(&descriptor))
        .unwrap_or_else(|| cx.none()))
}

fn wrapper_owner(cx: &Context, object: &Object) -> Result<Object> {
    match wrapper_part(object, true) {
        Some(descriptor) => owner(cx, &descriptor),
        None => Ok(cx.none()),
    }
}

fn wrapper_qualname(cx: &Context, object: &Object) -> Result<Object> {
    match wrapper_part(object, true) {
        Some(descriptor) => qualname(cx, &descriptor),
        None => Ok(cx.none()),
    }
}

fn wrapper_compare(cx: &Context, args: Args<'_>, wanted: bool) -> Result<Object> {
    let (this, Some(other)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    let part = |object: &Object| Some((wrapper_part(object, false)?, wrapper_part(object, true)?));
    match (part(&this), part(&other)) {
        (Some(a), Some(b)) => Ok(cx.bool((a.0.is(&b.0) && a.1.is(&b.1)) == wanted)),
        _ => Ok(cx.not_implemented()),
    }
}

fn wrapper_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    wrapper_compare(cx, args, true)
}

fn wrapper_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    wrapper_compare(cx, args, false)
}

fn wrapper_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let part = |descriptor| wrapper_part(&this, descriptor).map_or(0, |part| part.address());
    cx.int(((part(false) >> 4) ^ (part(true) >> 5)) as i64)
}

native_type! {
    /// A slot wrapper bound to its receiver.
    pub static METHOD_WRAPPER: "method-wrapper" {
        index: index::METHOD_WRAPPER,
        base: &builtin::OBJECT,
        layout: figures("method-wrapper", 32, size_of::<MethodWrapperBody>()),
        body: MethodWrapperBody,
        flags: flags::COLLECTED,
        slots {
            Repr => method_wrapper_repr,
            Call => method_wrapper_call,
            Eq => wrapper_eq,
            Ne => wrapper_ne,
            Hash => wrapper_hash,
        },
        methods {},
        getsets {
            member "__self__" => wrapper_self;
            "__objclass__" => wrapper_owner;
            "__name__" => wrapper_name;
            "__qualname__" => wrapper_qualname;
        },
    }
}
