//! `Base`: what classes with observable slots inherit from.

use super::host::{Slots, class_parts};
use super::meta::BASE_META;
use super::world::World;
use super::{observe, repr, show, words};
use crate::{Args, Borrowed, Context, Object, Result, Type};
use mortice_slots::{Host, Name, SlotFlags, suggest};
use mortice_types::builtin::{copying, dict, tuple, type_object};
use mortice_types::native::figures;
use mortice_types::{Buffer, builtin, dict_view, index, native_type, text, tuple_items};

native_type! {
    /// The attributes of `Base`.
    static BASE: "Base" {
        index: index::RUNTIME + 31,
        base: &builtin::OBJECT,
        layout: figures("mortice.Base", 16, 0),
        flags: 0,
        module: "mortice",
        doc: "The base of classes with observable slots.",
        slots { Init => init, Repr => repr::repr, },
        methods {
            "__getstate__" => get_state,
            "__setstate__" => set_state,
            "__replace__" => replace,
        },
        getsets { "__class__" => get_class, set_class; },
    }
}

/// Makes `Base`, once for each runtime.
pub(super) fn make(cx: &Context) -> Result<Object> {
    let world = World::of(cx)?;
    if let Some(known) = world.base.get() {
        return Ok(known);
    }
    let name = cx.intern("Base")?;
    let bases = tuple::from_slice(cx, &[])?;
    let module = (cx.intern("__module__")?, cx.intern("mortice")?);
    let namespace = cx.dict_of(&[module])?;
    let arguments = [name.borrow(), bases.borrow(), namespace.borrow()];
    let made = cx.construct(cx.builtin_ref(&BASE_META), &arguments)?;
    let Some(class) = Type::of(&made) else {
        return Err(cx.system_error(format_args!("a metaclass that makes no classes")));
    };
    class.adopt_native(cx, &BASE)?;
    let observe = cx.instance(cx.builtin_ref(&observe::OBSERVE), 0)?;
    if let Some(own) = class.namespace(cx) {
        let name = cx.intern("observe")?;
        own.set(cx, &name, observe)?;
        class.modified(cx);
    }
    class.make_immutable();
    world.base.set(made.clone());
    Ok(made)
}

/// Tells whether a class is `Base` itself.
pub(super) fn is_base(cx: &Context, class: &Object) -> bool {
    World::of(cx).is_ok_and(|world| world.base.holds(class))
}

fn init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let of = cx.type_of(&this);
    if args.positional().len() > 1 {
        return Err(cx.type_error(format_args!(
            "{}() takes no positional arguments",
            words(&of.name(cx))
        )));
    }
    if !args.has_keywords() {
        return Ok(cx.none());
    }
    check_keywords(cx, &of, "", args)?;
    let engine = &World::of(cx)?.engine;
    for (name, value) in args.keywords() {
        if let Some(name) = show::find_slot(cx, of.object(), name)? {
            engine.construct(cx, &this, name, &value)?;
        }
    }
    Ok(cx.none())
}

/// `object.__replace__(x=…)`: a copy with other values in some slots, written as the constructor
/// writes them.
fn replace(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let of = cx.type_of(&this);
    if args.positional().len() > 1 {
        return Err(cx.type_error(format_args!(
            "{}.__replace__() takes no positional arguments",
            words(&of.name(cx))
        )));
    }
    check_keywords(cx, &of, ".__replace__", args)?;
    let copied = copying::shallow(cx, &this)?;
    if copied.is(&this) || !cx.type_of(&copied).is(&of) {
        let name = of.name(cx);
        return Err(cx.type_error(format_args!(
            "copy of '{0}' object is not another '{0}' object",
            words(&name)
        )));
    }
    let engine = &World::of(cx)?.engine;
    for (name, value) in args.keywords() {
        if let Some(name) = show::find_slot(cx, of.object(), name)? {
            engine.replace(cx, &this, &copied, name, &value)?;
        }
    }
    Ok(copied)
}

/// Refuses keywords that are no slots. The function is one of the class, or the class itself.
fn check_keywords(cx: &Context, of: &Type, function: &str, args: Args<'_>) -> Result<()> {
    for (name, _) in args.keywords() {
        if show::find_slot(cx, of.object(), name)?.is_none() {
            return Err(unexpected(cx, of, function, name)?);
        }
    }
    Ok(())
}

#[cold]
fn unexpected(cx: &Context, of: &Type, function: &str, name: &Object) -> Result<crate::Raised> {
    let message = super::host::written(cx, |out| {
        let name = text(name).unwrap_or("?");
        write!(
            out,
            "{}{function}() got an unexpected keyword argument '{name}'",
            words(&of.name(cx))
        )?;
        match class_parts(of.object()) {
            Some(class) => suggest::<Slots>(cx, &class, name, out),
            None => Ok(()),
        }
    })?;
    Ok(cx.error_with(&builtin::TYPE_ERROR, &[message]))
}

/// What Python itself copies, the values, the names that are unset, and the delegations (S051).
fn get_state(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "Base.__getstate__")?;
    let world = World::of(cx)?;
    let plain = {
        let object = cx.builtin(&builtin::OBJECT).into_object();
        let method = cx.get_attribute_text(&object, "__getstate__")?;
        cx.call(&method, &[this.borrow()])?
    };
    let (values, links) = (dict::new_dict(cx)?, dict::new_dict(cx)?);
    let mut unset = Buffer::new();
    let of = cx.type_of(&this);
    let Some(class) = class_parts(of.object()) else {
        return Ok(plain);
    };
    let mut index = 0;
    while let Some(row) = class.rows.value(index) {
        index += 1;
        let name = world.name(cx, row.name);
        if row.place != mortice_slots::Row::NO_PLACE {
            match world.engine.own_value(cx, &this, row.name) {
                Some(value) => put(cx, &values, &name, value)?,
                None if world.engine.is_pending(cx, &this, row.name) => {}
                None => cx.fallible(unset.push(cx.heap(), name.clone()))?,
            }
        }
    }
    let mut at = 0;
    while let Some((serial, name, target, target_name)) = world.engine.delegation_after(&this, at) {
        at = serial;
        let link = tuple::from_pair(cx, target, world.name(cx, target_name))?;
        put(cx, &links, &world.name(cx, name), link)?;
    }
    let unset = tuple::from_slice(cx, &unset)?;
    tuple::from_slice(cx, &[plain, values, unset, links])
}

fn put(cx: &Context, into: &Object, key: &Object, value: Object) -> Result<()> {
    match dict_view(into) {
        Some(into) => into.set(cx, key, value),
        None => Ok(()),
    }
}

/// Restores a state without rules, events and observers.
fn set_state(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [state] = args.rest().exactly::<1>(cx, "Base.__setstate__")?;
    let unfit = || cx.type_error(format_args!("Base.__setstate__() needs a state of Base"));
    let Some([plain, values, unset, links]) = tuple_items(&state) else {
        return Err(unfit());
    };
    let (Some(values), Some(unset), Some(links)) =
        (dict_view(values), tuple_items(unset), dict_view(links))
    else {
        return Err(unfit());
    };
    copying::set_plain_state(cx, &this, plain)?;
    let engine = &World::of(cx)?.engine;
    let number = |name: &Object| -> Result<Name> {
        let world = World::of(cx)?;
        world.find(cx, name)?.ok_or_else(unfit)
    };
    // Delegations of the object's own come first: a name that has one does not follow its carrier.
    let mut at = 0;
    while let Some((index, name, link)) = links.next_entry(at) {
        at = index + 1;
        let Some([target, target_name]) = tuple_items(&link) else {
            return Err(unfit());
        };
        let (name, target_name) = (number(&name)?, number(target_name)?);
        engine.restore_delegation(cx, &this, name, target, target_name)?;
    }
    let mut at = 0;
    while let Some((index, name, value)) = values.next_entry(at) {
        at = index + 1;
        engine.restore(cx, &this, number(&name)?, Some(&value))?;
    }
    for name in unset {
        engine.restore(cx, &this, number(name)?, None)?;
    }
    engine.relink_all(cx, &this)?;
    Ok(cx.none())
}

fn get_class(cx: &Context, object: &Object) -> Result<Object> {
    Ok(cx.type_of(object).into_object())
}

/// `object.__class__ = class`: only between classes with the same storage (S054).
fn set_class(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let old = cx.type_of(object);
    let new = value.and_then(|value| Type::of(&value));
    if let (Some(new), Some(parts)) = (&new, class_parts(old.object())) {
        type_object::check_class_assignment(cx, object, new)?;
        keep_defaults(cx, object, &parts, new)?;
    }
    let setter = cx.builtin(&builtin::OBJECT).into_object();
    let namespace = Type::view(&setter).and_then(|object| object.namespace(cx));
    let setter = namespace.and_then(|own| own.get_text("__class__"));
    let Some(setter) = setter else {
        return Err(cx.system_error(format_args!("object has no __class__")));
    };
    match value {
        Some(value) => {
            let name = cx.intern("__set__")?;
            cx.call_method(&setter, &name, &[object.borrow(), value])?;
        }
        None => {
            let name = cx.intern("__delete__")?;
            cx.call_method(&setter, &name, &[object.borrow()])?;
        }
    }
    World::of(cx)?.engine.relink_all(cx, object)
}

/// Stores the defaults of the old class, which the new one would replace by its own.
fn keep_defaults(
    cx: &Context,
    object: &Object,
    class: &mortice_slots::Class<'_, Slots>,
    new: &Type,
) -> Result<()> {
    let engine = &World::of(cx)?.engine;
    let mut index = 0;
    while let Some(row) = class.rows.value(index) {
        index += 1;
        if row.place == mortice_slots::Row::NO_PLACE || Slots::load(object, row.place).is_some() {
            continue;
        }
        let returns = SlotFlags::DEFAULT.with(SlotFlags::FACTORY);
        let gains = class_parts(new.object())
            .and_then(|new| new.find_any(row.name, index - 1))
            .is_some_and(|(_, row)| row.flags.has(returns));
        match engine.own_value(cx, object, row.name) {
            Some(value) => drop(Slots::store(object, row.place, Some(value))),
            None if gains && !row.flags.has(returns) => {
                engine.forget_default(cx, object, row.name)?;
            }
            None => {}
        }
    }
    Ok(())
}
