//! The slot functions of classes written in Python, and how slots follow a class's namespace.
//!
//! [`special`] is one function for all slots: it looks the special method up along the MRO and
//! calls it with the receiver. [`refresh`] decides what stands in a slot: the native function
//! itself where the name still leads to a built-in type's wrapper, otherwise [`special`].

use crate::descriptor::{constructor_type, wrapper_slot};
use crate::raw::Type;
use crate::slot_id::{DISPATCH, SlotFn, SlotId};
use crate::{Args, Context, Object, Result, builtin};

/// Calls the special method of a slot.
pub(crate) fn special<const SLOT: u8>(cx: &Context, args: Args<'_>) -> Result<Object> {
    let slot = SlotId::ALL[SLOT as usize];
    match slot {
        SlotId::New => return call_new(cx, args),
        SlotId::GetAttribute => return get_attribute_hooks(cx, args),
        _ => {}
    }
    let receiver = args.receiver();
    let of = cx.type_of(&receiver);
    let Some(method) = of.lookup(cx, cx.names().slot(slot))? else {
        return missing(cx, slot, args);
    };
    if cx.is_none(&method)
        && let Some(refused) = refuse_none(cx, slot, &receiver)
    {
        return refused;
    }
    let result = match slot {
        SlotId::Next => match cx.call_unbound(&method, &of, args) {
            Ok(value) => return Ok(value),
            Err(raised) if raised.is(cx, &builtin::STOP_ITERATION) => {
                // A generator's return value must not be lost: only a plain one is shortened.
                return if builtin::exception::stop_value(cx, &raised).is_none() {
                    Ok(cx.exhausted())
                } else {
                    Err(raised)
                };
            }
            Err(raised) => return Err(raised),
        },
        // A finalizer that cannot be bound is none, and nobody is told.
        SlotId::Del if !cx.is_unbound_method(&method) => {
            let name = cx.names().slot(slot);
            return match cx.special_method(&receiver, name).ok().flatten() {
                Some(bound) => cx.call(&bound, &[]),
                None => Ok(cx.none()),
            };
        }
        // This one alone is called as it stands in the class, whatever it would bind to.
        SlotId::Get => return cx.call_args(&method, args),
        _ if is_optional(slot) => match cx.call_unless_refused(&method, &of, args)? {
            Some(result) => result,
            None => return missing(cx, slot, args),
        },
        _ => cx.call_unbound(&method, &of, args)?,
    };
    check_result(cx, slot, &receiver, result)
}

/// What the language demands of a special method's result.
fn check_result(cx: &Context, slot: SlotId, receiver: &Object, result: Object) -> Result<Object> {
    let found = || cx.type_name(&result);
    match slot {
        SlotId::Init if !cx.is_none(&result) => Err(cx.type_error(format_args!(
            "__init__() should return None, not '{}'",
            found()
        ))),
        SlotId::Bool if !cx.is_exactly(&result, &builtin::BOOL) => {
            Err(cx.wrong_result(receiver, "__bool__", "a bool", &result))
        }
        SlotId::Contains => Ok(cx.bool(cx.truth(&result)?)),
        SlotId::Hash => builtin::int::hash_result(cx, &result),
        SlotId::Len => builtin::int::length_result(cx, &result),
        SlotId::SetAttr
        | SlotId::DelAttr
        | SlotId::SetItem
        | SlotId::DelItem
        | SlotId::Set
        | SlotId::Delete
        | SlotId::Del => Ok(cx.none()),
        SlotId::Iter if cx.slot_of(&result, SlotId::Next).is_none() => {
            Err(cx.wrong_result(receiver, "__iter__", "an iterator", &result))
        }
        _ => Ok(result),
    }
}

/// Whether a class whose special method cannot be bound, which ends in AttributeError, is treated as one
/// without it. For the other slots that error is the outcome.
const fn is_optional(slot: SlotId) -> bool {
    let place = slot as u8;
    matches!(
        slot,
        SlotId::Repr | SlotId::Hash | SlotId::Iter | SlotId::Contains | SlotId::Bool
    ) || (SlotId::Lt as u8 <= place && place <= SlotId::ROr as u8)
}

/// A slot whose method went away meanwhile, or refuses to be bound.
#[cold]
fn missing(cx: &Context, slot: SlotId, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let name = || cx.type_name(&receiver);
    match slot {
        SlotId::Repr => cx.format(format_args!(
            "<{} object at {:#x}>",
            name(),
            receiver.address()
        )),
        SlotId::Hash => hash_not_implemented(cx, args),
        SlotId::Bool => {
            let length = cx.optional_method(&receiver, cx.names().slot(SlotId::Len))?;
            let truth = match length {
                Some(length) => cx.truth(&cx.call(&length, &[])?)?,
                None => true,
            };
            Ok(cx.bool(truth))
        }
        SlotId::Contains => {
            let [_, item] = args.exactly::<2>(cx, "__contains__")?;
            Ok(cx.bool(cx.search(&receiver, &item)?))
        }
        SlotId::Iter => {
            let is_sequence = !cx.is_instance_of(&receiver, &builtin::DICT)
                && cx
                    .optional_method(&receiver, cx.names().slot(SlotId::GetItem))?
                    .is_some();
            if is_sequence {
                return builtin::iterator::sequence_iterator(cx, &receiver);
            }
            Err(cx.type_error(format_args!("'{}' object is not iterable", name())))
        }
        _ if slot.reflected().is_some() || (slot as u8) >= SlotId::RAdd as u8 => {
            Ok(cx.not_implemented())
        }
        _ => Err(cx.no_attribute(&receiver, cx.names().slot(slot))),
    }
}

/// A special method set to None blocks the operation.
fn refuse_none(cx: &Context, slot: SlotId, receiver: &Object) -> Option<Result<Object>> {
    let name = cx.type_name(receiver);
    Some(Err(match slot {
        SlotId::Contains => cx.type_error(format_args!("'{name}' object is not a container")),
        SlotId::Iter => cx.type_error(format_args!("'{name}' object is not iterable")),
        SlotId::Hash => cx.type_error(format_args!("unhashable type: '{name}'")),
        SlotId::Bool => cx.type_error(format_args!("'{name}' cannot be interpreted as a boolean")),
        _ => return None,
    }))
}

/// `__new__` found along the MRO; it is not bound, and the class is its first argument.
fn call_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let new = cx.get_attribute(&receiver, cx.names().slot(SlotId::New))?;
    cx.call_args(&new, args)
}

/// `__getattribute__`, then `__getattr__` where that ends in AttributeError.
fn get_attribute_hooks(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let of = cx.type_of(&receiver);
    let found = of.lookup(cx, cx.names().slot(SlotId::GetAttribute))?;
    let native = found
        .as_ref()
        .and_then(|found| wrapper_slot(found))
        .filter(|(slot, _)| *slot == SlotId::GetAttribute);
    let result = match (&found, native) {
        (_, Some((_, function))) => function(cx, args),
        (Some(found), None) => cx.call_unbound(found, &of, args),
        (None, None) => match args.get(1) {
            Some(name) => cx.generic_get(&receiver, &name),
            None => return Err(cx.type_error(format_args!("expected 1 argument, got 0"))),
        },
    };
    match result {
        Err(raised) if raised.is(cx, &builtin::ATTRIBUTE_ERROR) => {
            let Some(hook) = of.lookup(cx, &cx.names().getattr)? else {
                return Err(raised);
            };
            drop(raised);
            cx.call_unbound(&hook, &of, args)
        }
        result => result,
    }
}

impl Type {
    /// Decides all slots of a heap type.
    ///
    /// # Errors
    ///
    /// What looking a name up raises.
    pub(crate) fn refresh_slots(&self, cx: &Context) -> Result<()> {
        for slot in SlotId::ALL {
            self.refresh_slot(cx, slot)?;
        }
        Ok(())
    }

    /// Decides the slots that a name stands for, here and in the subclasses.
    ///
    /// # Errors
    ///
    /// What looking a name up raises.
    pub(crate) fn refresh_named(&self, cx: &Context, name: &str) -> Result<()> {
        let _level = cx.enter("")?;
        let is_getattr = name == "__getattr__";
        for slot in SlotId::ALL {
            if slot.name() == name || (is_getattr && slot == SlotId::GetAttribute) {
                self.refresh_slot(cx, slot)?;
            }
        }
        let mut result = Ok(());
        self.each_subclass(cx, &mut |subclass| {
            let shadows = subclass
                .namespace(cx)
                .is_some_and(|own| own.find_text(name).is_some());
            if result.is_ok() && !shadows {
                result = subclass.refresh_named(cx, name);
            }
        });
        result
    }

    fn refresh_slot(&self, cx: &Context, slot: SlotId) -> Result<()> {
        if self.is_static() {
            return Ok(());
        }
        let function = self.decide(cx, slot)?;
        self.set_slot(slot, function);
        if slot == SlotId::Del {
            self.set_finalizer(function.is_some());
        }
        Ok(())
    }

    fn decide(&self, cx: &Context, slot: SlotId) -> Result<Option<SlotFn>> {
        let dispatch = DISPATCH[slot as usize];
        let found = self.lookup(cx, cx.names().slot(slot))?;
        if slot == SlotId::GetAttribute && self.lookup(cx, &cx.names().getattr)?.is_some() {
            return Ok(Some(dispatch));
        }
        let Some(found) = found else { return Ok(None) };
        if slot == SlotId::New {
            // A native type's constructor says only that the class has none of its own, whichever type it
            // is of: the slot stays what it came from the base as. That of the nearest native type makes
            // what the class promises.
            if constructor_type(&found).is_none() {
                return Ok(Some(dispatch));
            }
            let before = self
                .slot(SlotId::New)
                .or_else(|| self.base(cx)?.slot(SlotId::New));
            if before.is_some_and(|before| before as usize == dispatch as usize) {
                return Ok(before);
            }
            return Ok(self
                .native()
                .and_then(|native| cx.type_at(native.index).slot(SlotId::New))
                .or_else(|| cx.builtin_ref(&builtin::OBJECT).slot(SlotId::New)));
        }
        if let Some((wrapped, function)) = wrapper_slot(&found) {
            if wrapped == slot {
                return Ok(Some(function));
            }
            // The name leads to a sequence's slot while this is the number's, or the reverse.
            if wrapped.name() == slot.name() {
                return Ok(None);
            }
        }
        if slot.is_sequence() {
            return Ok(None);
        }
        if cx.is_none(&found) {
            return Ok(match slot {
                SlotId::Hash => Some(hash_not_implemented),
                SlotId::Iter | SlotId::Contains => Some(dispatch),
                _ if slot.reflected().is_some() => Some(dispatch),
                _ => Some(dispatch),
            });
        }
        Ok(Some(dispatch))
    }
}

/// The hash slot of types that refuse to be hashed.
pub fn hash_not_implemented(cx: &Context, args: Args<'_>) -> Result<Object> {
    let name = cx.type_name(&args.receiver());
    Err(cx.type_error(format_args!("unhashable type: '{name}'")))
}
