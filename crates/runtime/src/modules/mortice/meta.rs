//! `BaseMeta`: how classes with slots are made and changed.

use super::host::{Slots, class_parts};
use super::slot;
use super::world::World;
use super::{base, observe, words};
use crate::{Args, Context, Object, Raised, Result, Type};
use mortice_slots::{Class, ClassState, Entry, MethodRow, Name, Row, SlotFlags, Summary, Watch};
use mortice_types::gc::trace::Plain;
use mortice_types::layout::Native;
use mortice_types::{
    Buffer, Items, Slot, SlotId, body, body_outside, builtin, class, dict_view, index, native_type,
    text, tuple_items,
};

body_outside! {
    /// The body of a class with slots, beside that of every class.
    pub struct MetaBody {
        definitions: Items<Option<Object>>,
        watch_cells: Items<Option<Object>>,
        method_names: Items<Option<Object>>,
        /// The name of the subclass that sealed the class.
        sealed_by: Slot,
        rows: Plain<Items<Row>>,
        delegated: Plain<Items<Name>>,
        state: Plain<ClassState>,
        watch_rows: Plain<Items<Entry>>,
        summary: Plain<Summary>,
        methods: Plain<Items<MethodRow>>,
    }
}

impl MetaBody {
    /// The class as the engine sees it.
    pub(super) fn parts(&self) -> Class<'_, Slots> {
        Class {
            rows: &self.rows.0,
            definitions: &self.definitions,
            delegated: &self.delegated.0,
            state: &self.state.0,
            watch: Watch::new(&self.watch_rows.0, &self.watch_cells, &self.summary.0),
            methods: &self.methods.0,
            method_names: &self.method_names,
        }
    }
}

fn meta_body<'a>(cx: &Context, class: &'a Object) -> Result<&'a MetaBody> {
    body::<MetaBody>(class)
        .ok_or_else(|| cx.type_error(format_args!("a class that inherits from Base is required")))
}

fn meta_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let metatype = args.receiver();
    refuse_custom_mro(cx, &metatype)?;
    let rest = args.rest();
    let [name, bases, namespace] = rest.positional() else {
        return class::new_class(cx, args, &mut |_| Ok(()));
    };
    let (Some(base_items), Some(given)) = (tuple_items(bases), dict_view(namespace)) else {
        return class::new_class(cx, args, &mut |_| Ok(()));
    };
    refuse_items(cx, name, base_items)?;
    check_definitions(cx, name, namespace)?;
    let own = builtin::dict::new_dict(cx)?;
    if let Some(own) = dict_view(&own) {
        if given.find_text("__slots__").is_none() {
            let slots = cx.intern("__slots__")?;
            own.set(cx, &slots, builtin::tuple::from_slice(cx, &[])?)?;
        }
        own.update(cx, given)?;
    }
    let mut values = Buffer::new();
    for value in rest.values() {
        cx.fallible(values.push(cx.heap(), (**value).clone()))?;
    }
    values[2] = own;
    let mut with = Buffer::new();
    cx.fallible(with.push(cx.heap(), (*metatype).clone()))?;
    cx.fallible(with.append(cx.heap(), &mut values))?;
    let borrowed = Object::borrow_all(&with);
    class::new_class(cx, Args::with_names(borrowed, rest.names()), &mut |class| {
        finish(cx, class)
    })
}

/// Refuses a metaclass with an `mro` of its own (S054).
fn refuse_custom_mro(cx: &Context, metatype: &Object) -> Result<()> {
    let mro = cx.intern("mro")?;
    let Some(metatype) = Type::view(metatype) else {
        return Ok(());
    };
    let own = metatype.lookup(cx, &mro)?;
    let standard = cx.builtin_ref(&builtin::TYPE).lookup(cx, &mro)?;
    match (own, standard) {
        (Some(own), Some(standard)) if !own.is(&standard) => {
            let name = metatype.name(cx);
            Err(cx.type_error(format_args!("metaclass '{}' overrides mro()", words(&name))))
        }
        _ => Ok(()),
    }
}

/// Refuses bases that store items inside the object (S013).
fn refuse_items(cx: &Context, name: &Object, bases: &[Object]) -> Result<()> {
    let has_items = |class: &Type| {
        let layout = class.state(cx).layout.0.get();
        layout.is_some_and(|layout| layout.itemsize() != 0)
    };
    for base in bases.iter().filter_map(Type::view) {
        if !has_items(base) {
            continue;
        }
        let mut base = base.clone();
        while let Some(next) = base.base(cx).filter(&has_items) {
            base = next;
        }
        return Err(cx.type_error(format_args!(
            "class '{}' cannot inherit from Base and '{}', which stores items inside the object",
            text(name).unwrap_or("?"),
            words(&base.name(cx))
        )));
    }
    Ok(())
}

/// Refuses reserved names, and definitions that are used twice.
fn check_definitions(cx: &Context, class_name: &Object, namespace: &Object) -> Result<()> {
    let Some(entries) = dict_view(namespace) else {
        return Ok(());
    };
    let mut at = 0;
    while let Some((index, name, value)) = entries.next_entry(at) {
        at = index + 1;
        let Some(slot) = slot::view(&value) else {
            continue;
        };
        slot::check_usable(cx, text(&name).unwrap_or("?"), slot)?;
        let mut before = 0;
        while let Some((earlier, first, other)) = entries.next_entry(before) {
            before = earlier + 1;
            if earlier >= index {
                break;
            }
            if other.is(&value) {
                let class = text(class_name).unwrap_or("?");
                return Err(slot::used_again(cx, text(&first).unwrap_or("?"), class));
            }
        }
    }
    Ok(())
}

/// Completes a class before anybody sees it: its slots, its storage, and who seals whom.
fn finish(cx: &Context, class: &Type) -> Result<()> {
    if let Some(base) = World::of(cx)?.base.get().and_then(|base| Type::of(&base))
        && !class.is_subtype(cx, &base)
    {
        let name = class.name(cx);
        return Err(cx.type_error(format_args!(
            "class '{}' must inherit from Base",
            words(&name)
        )));
    }
    if let Some(own) = class.namespace(cx) {
        let mut at = 0;
        while let Some((index, name, value)) = own.next_entry(at) {
            at = index + 1;
            if slot::view(&value).is_some() {
                slot::bind(cx, &value, class, &name)?;
            }
        }
    }
    plan(cx, class)?;
    seal_bases(cx, class)?;
    observe::settle_methods(cx, class)
}

/// Plans the slots of a class that has no instance: what its bases bring, then its own.
fn plan(cx: &Context, class: &Type) -> Result<()> {
    let meta = meta_body(cx, class.object())?;
    let rows = Items::new();
    let definitions = Items::new();
    let delegated = Items::new();
    let state = ClassState::default();
    let parts = Class {
        rows: &rows,
        definitions: &definitions,
        delegated: &delegated,
        state: &state,
        ..meta.parts()
    };
    let mro = class.mro(cx);
    let mro = mro.as_ref().and_then(tuple_items).unwrap_or_default();
    let bases = class.state(cx).bases.get();
    let first = bases.as_ref().and_then(tuple_items).unwrap_or_default();
    for base in first.iter().take(1).chain(mro.iter().skip(1)) {
        if let Some(base) = class_parts(base) {
            parts.inherit(cx, &base)?;
        }
    }
    let world = World::of(cx)?;
    if let Some(own) = class.namespace(cx) {
        let mut at = 0;
        #[cfg(feature = "canary")]
        let is_planted = (cx.heap().memory()).has_fault(mortice_mem::fault::Fault::SlotOrder);
        #[cfg(not(feature = "canary"))]
        let is_planted = false;
        if is_planted {
            at = own.entry_count();
        }
        let entry = |at| match is_planted {
            true => own.previous_entry(at),
            false => own.next_entry(at),
        };
        while let Some((index, _, value)) = entry(at) {
            at = if is_planted { index } else { index + 1 };
            let Some(body) = slot::view(&value) else {
                continue;
            };
            let is_own = body.owner.holds(class.object());
            if let (true, Some(name)) = (is_own, body.name.get()) {
                let name = world.intern(cx, &name)?;
                let facts = slot::facts(cx, &value)?;
                let row = parts.define(cx, name, facts, value.clone())?;
                slot::set_row(&value, row);
            }
        }
    }
    parts.settle(cx, |name| find_definition(cx, world, mro, name))?;
    let places = usize::from(state.places.get());
    class.set_observable_words(cx, places + 1, fingerprint(&parts))?;
    drop(meta.definitions.replace(definitions.take()));
    drop(meta.rows.0.replace(rows.take()));
    drop(meta.delegated.0.replace(delegated.take()));
    meta.state.0.places.set(state.places.get());
    meta.state.0.delegates.set(state.delegates.get());
    Ok(())
}

/// The first definition of a name along an MRO, and what it says; hidden where another attribute
/// comes before it.
fn find_definition(
    cx: &Context,
    world: &World,
    mro: &[Object],
    name: Name,
) -> Result<Option<(Object, mortice_slots::Facts)>> {
    let name = world.name(cx, name);
    let mut is_hidden = false;
    let mut decided: Option<(Object, mortice_slots::Facts)> = None;
    for class in mro.iter().filter_map(Type::view) {
        let Some(own) = class.namespace(cx) else {
            continue;
        };
        let Some(value) = own.get_text(text(&name).unwrap_or_default()) else {
            continue;
        };
        if slot::view(&value).is_none() {
            is_hidden |= decided.is_none();
            continue;
        }
        // The rules of a stored place are a slot's, also where a delegated name comes first.
        if slot::is_delegated(&value) && is_hidden {
            continue;
        }
        let mut facts = slot::facts(cx, &value)?;
        if is_hidden {
            facts.flags = facts.flags.with(SlotFlags::HIDDEN);
        }
        decided = Some((value, facts));
        break;
    }
    Ok(decided)
}

/// Tells storages apart: the names in their order, what hides them, and where delegated ones lead.
fn fingerprint(class: &Class<'_, Slots>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |part: u32| hash = (hash ^ u64::from(part)).wrapping_mul(0x0100_0000_01b3);
    class.each_place(&mut |_, row| {
        let hides = row.flags.has(SlotFlags::HIDDEN.with(SlotFlags::DELEGATED));
        add(row.name.0);
        add(u32::from(hides));
    });
    class.each_visible(&mut |_, row| {
        if row.flags.has(SlotFlags::DELEGATED) {
            add(row.name.0);
            add(row.carrier.0);
            add(row.target.0);
        }
    });
    hash
}

/// Seals every class that a new class inherits from (S010).
fn seal_bases(cx: &Context, class: &Type) -> Result<()> {
    let mro = class.mro(cx);
    let name = class.name(cx);
    for base in mro
        .as_ref()
        .and_then(tuple_items)
        .unwrap_or_default()
        .iter()
        .skip(1)
    {
        let (Some(base), Some(meta)) = (Type::view(base), body::<MetaBody>(base)) else {
            continue;
        };
        if !base.is_instantiated() && !meta.sealed_by.is_some() {
            meta.sealed_by.set(name.clone());
        }
    }
    Ok(())
}

/// Refuses to change what slots a sealed class has.
fn check_open(
    cx: &Context,
    class: &Type,
    name: &Object,
    declares: bool,
    verb: &str,
) -> Result<bool> {
    let attribute = text(name).unwrap_or("?");
    if base::is_base(cx, class.object()) {
        return Err(cx.type_error(format_args!(
            "cannot set '{attribute}' attribute of immutable type 'mortice.Base'"
        )));
    }
    let meta = meta_body(cx, class.object())?;
    let known = match World::of(cx)?.find(cx, name)? {
        Some(name) => meta.parts().find_any(name, usize::MAX).is_some(),
        None => false,
    };
    if !declares && !known {
        return Ok(false);
    }
    let sealed_by = meta.sealed_by.get();
    if sealed_by.is_none() && !class.is_instantiated() {
        return Ok(true);
    }
    let class_name = class.name(cx);
    let (verb, to) = if known { (verb, "of") } else { ("add", "to") };
    let class_name = words(&class_name);
    let message = match &sealed_by {
        Some(subclass) => cx.format(format_args!(
            "cannot {verb} slot '{attribute}' {to} class '{class_name}': sealed by its subclass '{}'",
            words(subclass)
        ))?,
        None => cx.format(format_args!(
            "cannot {verb} slot '{attribute}' {to} class '{class_name}': sealed by its first instance"
        ))?,
    };
    Err(sealed(cx, &message))
}

fn sealed(cx: &Context, message: &Object) -> Raised {
    let class = World::of(cx).and_then(|world| world.sealed_error(cx));
    super::host::raised_of(cx, class, message)
}

fn meta_setattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, name, value] = args.exactly::<3>(cx, "__setattr__")?;
    builtin::object::check_name(cx, &name)?;
    let Some(class) = Type::of(&object) else {
        return Err(cx.type_error(format_args!("a class is required")));
    };
    if text(&name) == Some("__bases__") {
        return Err(cx.type_error(format_args!(
            "cannot set __bases__ of class '{}': its storage is laid out",
            words(&class.name(cx))
        )));
    }
    if let Some(slot) = slot::view(&value) {
        slot::check_usable(cx, text(&name).unwrap_or("?"), slot)?;
    }
    let declares = slot::view(&value).is_some();
    let plans = check_open(cx, &class, &name, declares, "replace")?;
    if declares {
        slot::bind(cx, &value, &class, &name)?;
    }
    change_namespace(cx, SlotId::SetAttr, args)?;
    if plans {
        plan(cx, &class)?;
    }
    Ok(cx.none())
}

fn meta_delattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, name] = args.exactly::<2>(cx, "__delattr__")?;
    builtin::object::check_name(cx, &name)?;
    let Some(class) = Type::of(&object) else {
        return Err(cx.type_error(format_args!("a class is required")));
    };
    let plans = check_open(cx, &class, &name, false, "delete")?;
    change_namespace(cx, SlotId::DelAttr, args)?;
    if plans {
        plan(cx, &class)?;
    }
    Ok(cx.none())
}

/// What `type` does for the same.
fn change_namespace(cx: &Context, slot: SlotId, args: Args<'_>) -> Result<()> {
    if let Some(function) = cx.builtin_ref(&builtin::TYPE).slot(slot) {
        function(cx, args)?;
    }
    Ok(())
}

fn meta_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some(call) = cx.builtin_ref(&builtin::TYPE).slot(SlotId::Call) else {
        return Err(cx.system_error(format_args!("type cannot be called")));
    };
    let made = call(cx, args)?;
    let delegates = class_parts(&args.receiver()).is_some_and(|class| class.state.delegates.get());
    if delegates && cx.type_of(&made).object().is(&args.receiver()) {
        // The defaults of slots that carry delegated names.
        World::of(cx)?.engine.relink_all(cx, &made)?;
    }
    Ok(made)
}

const LAYOUT: Native = Native {
    name: "mortice.BaseMeta",
    basicsize: builtin::TYPE.layout.basicsize + 360,
    body_bytes: size_of::<MetaBody>(),
    ..builtin::TYPE.layout
};

native_type! {
    /// The metaclass of Base.
    pub static BASE_META: "BaseMeta" {
        index: index::RUNTIME + 11,
        base: &builtin::TYPE,
        layout: LAYOUT,
        body: MetaBody,
        flags: builtin::TYPE.flags,
        module: "mortice",
        doc: "The class of Base and of all that inherits from it.",
        slots {
            New => meta_new,
            SetAttr => meta_setattr,
            DelAttr => meta_delattr,
            Call => meta_call,
        },
        methods {},
        getsets {},
    }
}
