//! `reversed`.

use super::iter_self;
use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{Args, Context, Object, Result, SlotId, body, builtin, index, native_type};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of a reversed iterator; the sequence is let go when it ends.
    pub struct ReversedBody {
        sequence: Slot,
        /// Items that are left.
        left: Cell<i64>,
    }
}

/// `reversed(sequence)`: what `__reversed__` returns, else an iterator by `__len__` and
/// `__getitem__`.
///
/// # Errors
///
/// TypeError where there is neither; what the methods raise.
pub fn reversed(cx: &Context, of: &Type, sequence: &Object) -> Result<Object> {
    let refused = || {
        cx.type_error(format_args!(
            "'{}' object is not reversible",
            cx.type_name(sequence)
        ))
    };
    if let Some(method) = cx.special_method(sequence, &cx.names().reversed)? {
        if cx.is_none(&method) {
            return Err(refused());
        }
        return cx.call(&method, &[]);
    }
    if cx.slot_of(sequence, SlotId::GetItem).is_none()
        || cx.is_instance_of(sequence, &builtin::DICT)
    {
        return Err(refused());
    }
    let left = cx.length(sequence)? as i64;
    let object = cx.instance(of, 0)?;
    if let Some(body) = body::<ReversedBody>(&object) {
        body.sequence.set(sequence.clone());
        body.left.set(left);
    }
    Ok(object)
}

fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let Some(of) = Type::of(&receiver) else {
        return Err(cx.type_error(format_args!(
            "reversed.__new__(X): X is not a type object ({})",
            cx.type_name(&receiver)
        )));
    };
    let rest = args.rest();
    let own = cx.builtin_ref(&REVERSED);
    if rest.has_keywords() && builtin::tuple::same_slot(&of, own, SlotId::Init) {
        return Err(cx.type_error(format_args!("reversed() takes no keyword arguments")));
    }
    let given = Args::new(rest.positional()).between(cx, "reversed", 1, 1)?;
    reversed(cx, &of, &given[0])
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let parts = body::<ReversedBody>(&this).and_then(|body| Some((body, body.sequence.get()?)));
    let Some((body, sequence)) = parts else {
        return Ok(cx.exhausted());
    };
    let at = body.left.get() - 1;
    if at >= 0 {
        match cx.get_item(&sequence, &cx.int(at)?) {
            Ok(item) => {
                body.left.set(at);
                return Ok(item);
            }
            Err(raised)
                if raised.is(cx, &builtin::INDEX_ERROR)
                    || raised.is(cx, &builtin::STOP_ITERATION) => {}
            Err(raised) => return Err(raised),
        }
    }
    body.left.set(0);
    drop(body.sequence.take());
    Ok(cx.exhausted())
}

fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "reversed.__length_hint__")?;
    let parts =
        body::<ReversedBody>(&this).and_then(|body| Some((body.left.get(), body.sequence.get()?)));
    let Some((left, sequence)) = parts else {
        return cx.int(0);
    };
    let length = cx.length(&sequence)? as i64;
    cx.int(if length < left { 0 } else { left })
}

native_type! {
    /// The built-in `reversed`.
    pub static REVERSED: "reversed" {
        index: index::REVERSED,
        base: &builtin::OBJECT,
        layout: figures("reversed", 32, size_of::<ReversedBody>()),
        body: ReversedBody,
        flags: flags::BASE | flags::COLLECTED,
        doc: "Yields the items of a sequence from its end.",
        slots { New => new, Iter => iter_self, Next => next, },
        methods { "__length_hint__" => length_hint, },
        getsets {},
    }
}
