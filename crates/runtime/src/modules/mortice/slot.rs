//! `slot` and `delegated`: the descriptors of a class's slots.

use super::delegation::check_name;
use super::host::class_parts;
use super::world::World;
use super::{class_get_item, what, words};
use crate::{Args, Borrowed, Context, Object, Result, Type};
use mortice_slots::{Compare, Facts, Name, Row, SlotFlags};
use mortice_types::format::Text;
use mortice_types::gc::trace::Plain;
use mortice_types::layout::Native;
use mortice_types::native::{figures, flags};
use mortice_types::{Slot, body, body_outside, builtin, index, native_type, text, tuple_items};
use std::cell::Cell;

body_outside! {
    /// The body of a slot or a delegated name.
    pub struct SlotBody {
        /// The class whose body defines it.
        pub(super) owner: Slot,
        /// Its name, a `str`.
        pub(super) name: Slot,
        pub(super) default: Slot,
        pub(super) factory: Slot,
        kinds: Slot,
        validate: Slot,
        doc: Slot,
        /// Delegated names: the slot that holds the target, and the target's slot.
        via: Slot,
        target: Slot,
        facts: Plain<Cell<Facts>>,
        /// The number of the name, once it is in a class.
        number: Plain<Cell<Option<Name>>>,
        /// The row in the owner.
        row: Cell<u32>,
    }
}

/// The body of a slot or a delegated name.
#[inline]
pub(super) fn view(object: &Object) -> Option<&SlotBody> {
    body::<SlotBody>(object)
}

/// The name that a definition goes by in its class, and what it says of the slot.
pub(super) fn facts(cx: &Context, definition: &Object) -> Result<Facts> {
    let Some(slot) = view(definition) else {
        return Ok(Facts::default());
    };
    let mut facts = slot.facts.0.get();
    if facts.flags.has(SlotFlags::DELEGATED) {
        let world = World::of(cx)?;
        let via = slot.via.get().unwrap_or_else(|| cx.none());
        facts.carrier = world.intern(cx, &via)?;
        let target = slot.target.get().or_else(|| slot.name.get());
        facts.target = world.intern(cx, &target.unwrap_or_else(|| cx.none()))?;
    }
    Ok(facts)
}

/// Tells whether a definition is a delegated name.
pub(super) fn is_delegated(definition: &Object) -> bool {
    view(definition).is_some_and(|slot| slot.facts.0.get().flags.has(SlotFlags::DELEGATED))
}

/// Refuses a reserved name, and a definition that has a name already.
pub(super) fn check_usable(cx: &Context, name: &str, slot: &SlotBody) -> Result<()> {
    let is_special = name.len() >= 2 && name.starts_with("__") && name.ends_with("__");
    if name == "observe" || is_special {
        return Err(cx.type_error(format_args!("'{name}' cannot be the name of a slot")));
    }
    if let (Some(owner), Some(first)) = (slot.owner.get(), slot.name.get()) {
        let class = Type::view(&owner).map(|class| class.name(cx));
        let class = class.as_ref().and_then(|class| text(class)).unwrap_or("?");
        return Err(used_again(cx, words(&first), class));
    }
    Ok(())
}

/// The error for a definition that has a name already.
pub(super) fn used_again(cx: &Context, first: &str, class: &str) -> crate::Raised {
    cx.type_error(format_args!(
        "slot '{first}' of class '{class}' cannot be used again"
    ))
}

/// Gives a definition its class and its name.
pub(super) fn bind(cx: &Context, definition: &Object, class: &Type, name: &Object) -> Result<Name> {
    let number = World::of(cx)?.intern(cx, name)?;
    if let Some(slot) = view(definition) {
        slot.owner.set(class.object().clone());
        slot.name.set(name.clone());
        slot.number.0.set(Some(number));
    }
    Ok(number)
}

/// Tells a definition its row in its owner.
pub(super) fn set_row(definition: &Object, row: usize) {
    if let Some(slot) = view(definition) {
        slot.row.set(row as u32);
    }
}

/// Applies the rules to a value: the type first, then `validate` (S003).
pub(super) fn admit(
    cx: &Context,
    definition: &Object,
    object: &Object,
    value: &Object,
) -> Result<Object> {
    let Some(slot) = view(definition) else {
        return Ok(value.clone());
    };
    if let Some(kinds) = slot.kinds.get()
        && !cx.is_instance(value, &kinds)?
    {
        return Err(wrong_type(cx, slot, &kinds, object, value)?);
    }
    match slot.validate.get() {
        Some(validate) => cx.call(&validate, &[object.borrow(), value.borrow()]),
        None => Ok(value.clone()),
    }
}

#[cold]
fn wrong_type(
    cx: &Context,
    slot: &SlotBody,
    kinds: &Object,
    object: &Object,
    value: &Object,
) -> Result<crate::Raised> {
    let mut wanted = Text::new(cx);
    let all = match tuple_items(kinds) {
        Some(kinds) => kinds,
        None => std::slice::from_ref(kinds),
    };
    for (index, kind) in all.iter().enumerate() {
        let name = Type::view(kind).map(|kind| kind.name(cx));
        cx.fallible(wanted.push(if index == 0 { "" } else { " or " }))?;
        cx.fallible(wanted.push(name.as_ref().and_then(|name| text(name)).unwrap_or("?")))?;
    }
    let class = cx.type_of(object).name(cx);
    let found = cx.type_of(value).name(cx);
    let name = slot.name.get().unwrap_or_else(|| cx.none());
    Ok(cx.type_error(format_args!(
        "slot '{}' of '{}' object must be {}, not {}",
        words(&name),
        words(&class),
        wanted.as_str(),
        words(&found)
    )))
}

/// An argument that counts as not given where it is None.
fn given<'a>(cx: &Context, args: &Args<'a>, name: &str) -> Option<Borrowed<'a>> {
    args.keyword(name).filter(|value| !cx.is_none(value))
}

fn check_doc(cx: &Context, doc: Option<&Object>) -> Result<()> {
    match doc {
        Some(doc) if text(doc).is_none() => {
            let what = what(cx, doc)?;
            Err(cx.type_error(format_args!(
                "doc must be a string or None, not {}",
                words(&what)
            )))
        }
        _ => Ok(()),
    }
}

fn check_keywords(cx: &Context, args: &Args<'_>, function: &str, known: &[&str]) -> Result<()> {
    for (name, _) in args.keywords() {
        let name = text(name).unwrap_or("?");
        if !known.contains(&name) {
            return Err(cx.type_error(format_args!(
                "{function}() got an unexpected keyword argument '{name}'"
            )));
        }
    }
    Ok(())
}

fn slot_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let args = args.rest();
    let known = ["default", "factory", "type", "validate", "compare", "doc"];
    check_keywords(cx, &args, "slot", &known)?;
    if args.positional().len() > 1 {
        return Err(cx.type_error(format_args!(
            "slot() takes at most 1 positional argument ({} given)",
            args.positional().len()
        )));
    }
    if !args.positional().is_empty() && args.keyword("default").is_some() {
        return Err(cx.type_error(format_args!("slot() got two values for 'default'")));
    }
    let world = World::of(cx)?;
    let default = args.get(0).or_else(|| args.keyword("default"));
    let default = default.filter(|default| !world.is_unset(default));
    let (factory, validate) = (given(cx, &args, "factory"), given(cx, &args, "validate"));
    if default.is_some() && factory.is_some() {
        return Err(cx.type_error(format_args!(
            "slot() takes a default or a factory, not both"
        )));
    }
    for (word, function) in [("factory", factory), ("validate", validate)] {
        if let Some(function) = function
            && !cx.is_callable(&function)
        {
            let what = what(cx, &function)?;
            return Err(cx.type_error(format_args!(
                "slot() {word} must be callable, not {}",
                words(&what)
            )));
        }
    }
    let kinds = given(cx, &args, "type");
    if let Some(kinds) = kinds {
        let is_fit = match tuple_items(&kinds) {
            Some(all) => !all.is_empty() && all.iter().all(|kind| Type::view(kind).is_some()),
            None => Type::view(&kinds).is_some(),
        };
        if !is_fit {
            return Err(cx.type_error(format_args!(
                "slot() type must be a class or a non-empty tuple of classes"
            )));
        }
    }
    let compare = match args.keyword("compare") {
        None => Compare::Equal,
        Some(word) => match text(&word) {
            Some("equal") => Compare::Equal,
            Some("identity") => Compare::Identity,
            Some("always") => Compare::Always,
            _ => {
                return Err(cx.value_error(format_args!(
                    "slot() compare must be 'equal', 'identity' or 'always'"
                )));
            }
        },
    };
    let doc = given(cx, &args, "doc");
    check_doc(cx, doc.as_deref())?;
    let slot = cx.instance(cx.builtin_ref(&SLOT), 0)?;
    let Some(body) = view(&slot) else {
        return Ok(slot);
    };
    let mut flags = SlotFlags::default();
    for (place, value, flag) in [
        (&body.default, default, SlotFlags::DEFAULT),
        (&body.factory, factory, SlotFlags::FACTORY),
        (&body.kinds, kinds, SlotFlags::RULES),
        (&body.validate, validate, SlotFlags::RULES),
        (&body.doc, doc, SlotFlags::default()),
    ] {
        if let Some(value) = value {
            place.set((*value).clone());
            flags = flags.with(flag);
        }
    }
    body.facts.0.set(Facts {
        flags,
        compare,
        ..Facts::default()
    });
    Ok(slot)
}

fn delegated_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let args = args.rest();
    check_keywords(cx, &args, "delegated", &["via", "name", "doc"])?;
    let positional = args.positional().len();
    if positional > 2 {
        return Err(cx.type_error(format_args!(
            "delegated() takes at most 2 positional arguments ({positional} given)"
        )));
    }
    let Some(via) = args.get(0).or_else(|| args.keyword("via")) else {
        return Err(cx.type_error(format_args!(
            "delegated() missing 1 required positional argument: 'via'"
        )));
    };
    let name = args.get(1).or_else(|| args.keyword("name"));
    let name = name.filter(|name| !cx.is_none(name));
    check_name(cx, &via, "")?;
    if let Some(name) = name {
        check_name(cx, &name, "")?;
    }
    let doc = given(cx, &args, "doc");
    check_doc(cx, doc.as_deref())?;
    let made = cx.instance(cx.builtin_ref(&DELEGATED), 0)?;
    if let Some(body) = view(&made) {
        body.via.set((*via).clone());
        if let Some(name) = name {
            body.target.set((*name).clone());
        }
        if let Some(doc) = doc {
            body.doc.set((*doc).clone());
        }
        body.facts.0.set(Facts {
            flags: SlotFlags::DELEGATED,
            ..Facts::default()
        });
    }
    Ok(made)
}

/// The name and the row that an access goes by, once the object is known to have the slot (S054).
fn access(cx: &Context, this: &Object, object: &Object) -> Result<(Name, usize)> {
    let Some(slot) = view(this) else {
        return Err(cx.type_error(format_args!("a slot is required")));
    };
    let (Some(owner), Some(name)) = (slot.owner.get(), slot.number.0.get()) else {
        return Err(cx.type_error(format_args!("slot is not in a class")));
    };
    let of = cx.type_of(object);
    let is_instance = Type::view(&owner).is_some_and(|owner| of.is_subtype(cx, owner));
    if !is_instance || of.observable_words() == 0 {
        let class = Type::view(&owner).map(|class| class.name(cx));
        return Err(cx.type_error(format_args!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            words(&slot.name.get().unwrap_or_else(|| cx.none())),
            class.as_ref().map_or("?", words),
            words(&of.name(cx))
        )));
    }
    Ok((name, slot.row.get() as usize))
}

fn slot_get(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let absent = |index| args.get(index).is_none_or(|value| cx.is_none(&value));
    let Some(object) = args.get(1).filter(|_| !absent(1)) else {
        if absent(2) {
            return Err(cx.type_error(format_args!("__get__(None, None) is invalid")));
        }
        return Ok((*this).clone());
    };
    let (name, row) = access(cx, &this, &object)?;
    World::of(cx)?.engine.get(cx, &object, name, row)
}

fn slot_set(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, object, value] = args.exactly::<3>(cx, "__set__")?;
    let (name, row) = access(cx, &this, &object)?;
    let engine = &World::of(cx)?.engine;
    engine.set(cx, &object, name, row, Some(&value))?;
    Ok(cx.none())
}

fn slot_delete(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, object] = args.exactly::<2>(cx, "__delete__")?;
    let (name, row) = access(cx, &this, &object)?;
    World::of(cx)?.engine.set(cx, &object, name, row, None)?;
    Ok(cx.none())
}

/// Called for classes of any kind; those that inherit from Base have bound the slot already.
fn set_name(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [_, owner, name] = args.exactly::<3>(cx, "__set_name__")?;
    if class_parts(&owner).is_some() {
        return Ok(cx.none());
    }
    let what = what(cx, &owner)?;
    Err(cx.type_error(format_args!(
        "slot '{}' needs a class that inherits from Base, not {}",
        text(&name).unwrap_or("?"),
        words(&what)
    )))
}

fn slot_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(slot) = view(&this) else {
        return Err(cx.type_error(format_args!("a slot is required")));
    };
    let is_delegated = is_delegated(&this);
    let kind = if is_delegated { "delegated" } else { "slot" };
    let (Some(owner), Some(name)) = (slot.owner.get(), slot.name.get()) else {
        return cx.format(format_args!("<{kind}>"));
    };
    let class = Type::view(&owner).map(|class| class.name(cx));
    let class = class.as_ref().map_or("?", words);
    let name = words(&name);
    if !is_delegated {
        return cx.format(format_args!("<slot '{name}' of '{class}' objects>"));
    }
    let via = slot.via.get().unwrap_or_else(|| cx.none());
    let target = target(cx, &this)?;
    cx.format(format_args!(
        "<delegated '{name}' of '{class}' objects to '{}.{}'>",
        words(&via),
        words(&target)
    ))
}

fn or_none(cx: &Context, value: Option<Object>) -> Result<Object> {
    Ok(value.unwrap_or_else(|| cx.none()))
}

fn get_name(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|slot| slot.name.get()))
}

fn get_owner(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|slot| slot.owner.get()))
}

fn get_doc(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|slot| slot.doc.get()))
}

fn get_default(cx: &Context, object: &Object) -> Result<Object> {
    match view(object).and_then(|slot| slot.default.get()) {
        Some(default) => Ok(default),
        None => World::of(cx)?.unset(cx),
    }
}

fn get_index(cx: &Context, object: &Object) -> Result<Object> {
    let place = view(object).and_then(|slot| {
        let owner = slot.owner.get()?;
        let (_, row) = class_parts(&owner)?.find_any(slot.number.0.get()?, usize::MAX)?;
        (row.place != Row::NO_PLACE && !is_delegated(object)).then_some(row.place)
    });
    match place {
        Some(place) => cx.int(i64::from(place)),
        None => Ok(cx.none()),
    }
}

fn get_via(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|slot| slot.via.get()))
}

fn target(cx: &Context, object: &Object) -> Result<Object> {
    or_none(
        cx,
        view(object).and_then(|slot| slot.target.get().or_else(|| slot.name.get())),
    )
}

fn get_factory(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|slot| slot.factory.get()))
}

fn get_kinds(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|slot| slot.kinds.get()))
}

fn get_validate(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|slot| slot.validate.get()))
}

fn get_compare(cx: &Context, object: &Object) -> Result<Object> {
    let compare = view(object).map(|slot| slot.facts.0.get().compare);
    cx.intern(match compare.unwrap_or_default() {
        Compare::Equal => "equal",
        Compare::Identity => "identity",
        Compare::Always => "always",
    })
}

const LAYOUT: Native = figures("mortice.slot", 144, size_of::<SlotBody>());

native_type! {
    /// The type of slots.
    pub static SLOT: "slot" {
        index: index::RUNTIME + 9,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: SlotBody,
        flags: flags::COLLECTED,
        module: "mortice",
        slots {
            New => slot_new,
            Get => slot_get,
            Set => slot_set,
            Delete => slot_delete,
            Repr => slot_repr,
        },
        methods {
            "__set_name__" => set_name,
            class "__class_getitem__" => class_get_item,
        },
        getsets {
            "name" => get_name;
            "owner" => get_owner;
            "default" => get_default;
            "index" => get_index;
            "factory" => get_factory;
            "type" => get_kinds;
            "validate" => get_validate;
            "compare" => get_compare;
            "__name__" => get_name;
            "__objclass__" => get_owner;
            "__doc__" => get_doc;
        },
    }
}

native_type! {
    /// The type of names that a class delegates.
    pub static DELEGATED: "delegated" {
        index: index::RUNTIME + 10,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: SlotBody,
        flags: flags::COLLECTED,
        module: "mortice",
        slots {
            New => delegated_new,
            Get => slot_get,
            Set => slot_set,
            Delete => slot_delete,
            Repr => slot_repr,
        },
        methods {
            "__set_name__" => set_name,
            class "__class_getitem__" => class_get_item,
        },
        getsets {
            "name" => get_name;
            "owner" => get_owner;
            "default" => get_default;
            "index" => get_index;
            "via" => get_via;
            "target" => target;
            "__name__" => get_name;
            "__objclass__" => get_owner;
            "__doc__" => get_doc;
        },
    }
}
