//! Attributes that are read and written: computed ones of native types, and cells of `__slots__`.

use super::{Kind, check_receiver, descriptor_of, new_descriptor};
use crate::attribute::Namespace;
use crate::native::GetSet;
use crate::raw::Type;
use crate::{Args, Context, Object, Result, builtin, text};

/// A descriptor of a computed attribute.
pub(crate) fn new_getset(cx: &Context, owner: &Type, getset: &'static GetSet) -> Result<Object> {
    let of = if getset.member {
        &builtin::MEMBER_DESCRIPTOR
    } else {
        &builtin::GETSET_DESCRIPTOR
    };
    new_descriptor(cx, of, owner, getset.name, Kind::GetSet(getset))
}

/// The descriptors that all classes share.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SharedGetSet {
    /// `__dict__`.
    Dict,
    /// `__weakref__`.
    Weakref,
}

/// The descriptor of `__dict__` or `__weakref__`: the same one for all classes that bring it.
pub(crate) fn shared_getset(cx: &Context, which: SharedGetSet) -> Result<Object> {
    let slot = &cx.shared_getsets[which as usize];
    if let Some(known) = slot.get() {
        return Ok(known);
    }
    let getset = match which {
        SharedGetSet::Dict => &builtin::object::DICT_GETSET,
        SharedGetSet::Weakref => &builtin::object::WEAKREF_GETSET,
    };
    let made = new_getset(cx, cx.builtin_ref(&builtin::OBJECT), getset)?;
    slot.set(made.clone());
    Ok(made)
}

pub(super) fn is_shared(cx: &Context, descriptor: &Object) -> bool {
    cx.shared_getsets.iter().any(|slot| slot.holds(descriptor))
}

/// Adds a member descriptor for each slot that a class brings.
pub(crate) fn add_slot_members(cx: &Context, class: &Type) -> Result<()> {
    let Some(layout) = class.state(cx).layout.0.get() else {
        return Ok(());
    };
    for slot in layout.own_slots() {
        if slot.repeated {
            continue;
        }
        let name = layout.slot_name(slot);
        let is_bound = |own: Namespace| own.get_text(name).is_some();
        if class.namespace(cx).is_some_and(is_bound) {
            // Such as `__module__`, which a class gets even where its body does not bind it.
            continue;
        }
        let offset = Kind::Member(slot.place.offset as u32);
        let member = new_descriptor(cx, &builtin::MEMBER_DESCRIPTOR, class, name, offset)?;
        class.define(cx, name, member)?;
    }
    Ok(())
}

/// `descriptor.__set__(instance, value)` of getsets and members.
pub(super) fn descriptor_set(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [_, instance, value] = args.exactly::<3>(cx, "__set__")?;
    write(cx, &args.receiver(), &instance, Some(value))
}

/// `descriptor.__delete__(instance)` of getsets and members.
pub(super) fn descriptor_delete(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [_, instance] = args.exactly::<2>(cx, "__delete__")?;
    write(cx, &args.receiver(), &instance, None)
}

fn write(
    cx: &Context,
    this: &Object,
    instance: &Object,
    value: Option<crate::Borrowed<'_>>,
) -> Result<Object> {
    let Some((body, kind)) = descriptor_of(this) else {
        return Err(cx.type_error(format_args!("a descriptor is required")));
    };
    let owner = check_receiver(cx, body, instance)?;
    let name = body.name.get();
    match kind {
        Kind::GetSet(getset) => match getset.set {
            Some(set) => set(cx, instance, value)?,
            None if getset.member => {
                return Err(cx.attribute_error(format_args!("readonly attribute")));
            }
            None => {
                return Err(cx.attribute_error(format_args!(
                    "attribute '{}' of '{}' objects is not writable",
                    getset.name,
                    crate::class::full_name(cx, &owner)
                )));
            }
        },
        Kind::Member(offset) => {
            let Some(cell) = crate::raw::cell(instance, offset as usize) else {
                return Err(cx.system_error(format_args!("a slot outside the object")));
            };
            match value {
                Some(value) => cell.set((*value).clone()),
                None => {
                    if cell.take().is_none() {
                        let name = name.as_ref().and_then(|name| text(name)).unwrap_or("?");
                        return Err(cx.attribute_error(format_args!("{name}")));
                    }
                }
            }
        }
        _ => return Err(cx.attribute_error(format_args!("not writable"))),
    }
    Ok(cx.none())
}
