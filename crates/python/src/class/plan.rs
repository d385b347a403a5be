//! Which slots a class has, where they lie, and by which descriptors they are reached.

use super::{ClassState, state};
use crate::definition::DefinitionBody;
use crate::items::Items;
use crate::raw::{self, Cx, Object, Result, SPARE_WORDS, body};
use mortice_slots::{Class, ClassState as EngineState, Facts, Name, Row, SlotFlags};

/// Plans the slots of a class that has no instance: what its bases bring, then its own.
pub(super) fn plan_rows(cx: Cx<'_>, class: &Object, own: &ClassState) -> Result<()> {
    let (rows, definitions) = (Items::default(), Items::default());
    let (delegated, engine) = (Items::default(), EngineState::default());
    let parts = Class {
        rows: &rows,
        definitions: &definitions,
        delegated: &delegated,
        state: &engine,
        ..own.parts()
    };
    let mro = raw::type_mro(cx, class)?;
    let bases = raw::type_bases(cx, class)?;
    for base in bases.iter().take(1).chain(mro.iter().skip(1)) {
        if let Some(base) = state(base) {
            parts.inherit(cx, &base.parts())?;
        }
    }
    let declared = own.own.borrow().clone();
    for one in &declared {
        if let Some(body) = body::<DefinitionBody>(&one.definition) {
            let row = parts.define(cx, one.name, body.facts(cx)?, one.definition.clone())?;
            body.set_row(row);
        }
    }
    parts.settle(cx, |name| find_definition(cx, &mro, name))?;
    // Defaults are stored when an instance is made, unless that can happen unseen.
    let mut defaults = Vec::new();
    if !own.is_lazy.get() {
        for index in 0..rows.len() {
            let Some(mut row) = rows.at(index) else {
                continue;
            };
            let definition = definitions.at(index).flatten();
            if row.flags.has(SlotFlags::DEFAULT)
                && row.place != Row::NO_PLACE
                && let Some(body) = definition.as_ref().and_then(body::<DefinitionBody>)
                && let Some(default) = body.default()
            {
                row.flags = SlotFlags(row.flags.0 & !SlotFlags::DEFAULT.0);
                let _ = rows.replace(index, row);
                defaults.push((row.place, default));
            }
        }
    }
    let places = engine.places.get();
    let primary = raw::type_base(class);
    let primary = primary.as_ref().and_then(state);
    let place_of = |place: u16| {
        let mut name = None;
        rows.visit(&mut |row| {
            if row.place == place {
                name = Some(row.name);
            }
        });
        let primary = primary?;
        let (_, row) = primary.parts().find_any(name?, usize::MAX)?;
        primary.storage.offset(row.place)
    };
    let offsets: Vec<Option<isize>> = (0..places).map(place_of).collect();
    let planned = (
        rows.snapshot(cx)?,
        definitions.snapshot(cx)?,
        delegated.snapshot(cx)?,
    );
    if !own.storage.lay_out(class, &offsets) {
        return Err(cx.type_error(format_args!(
            "class '{}' has no room: at most {SPARE_WORDS} slots can be added after the class body",
            cx.class_name(class)
        )));
    }
    drop(own.rows.exchange(planned.0));
    drop(own.definitions.exchange(planned.1));
    drop(own.delegated.exchange(planned.2));
    drop(own.defaults.replace(defaults));
    drop(own.keywords.take());
    own.engine.places.set(places);
    own.engine.delegates.set(engine.delegates.get());
    place_descriptors(cx, class, own, &mro)
}

/// The first definition of a name along an MRO, and what it says; hidden where another attribute
/// comes before it.
fn find_definition(cx: Cx<'_>, mro: &[Object], name: Name) -> Result<Option<(Object, Facts)>> {
    let text = cx.name(cx, name);
    let mut is_hidden = false;
    for class in mro {
        let dict = raw::namespace(cx, class)?;
        let Some(value) = cx.dict_get(&dict, &text)? else {
            continue;
        };
        let declared = state(class).and_then(|state| state.declared(&value));
        let Some(definition) = declared else {
            is_hidden = true;
            continue;
        };
        let Some(body) = body::<DefinitionBody>(&definition) else {
            continue;
        };
        // The rules of a stored place are a slot's, also where a delegated name comes first.
        if body.is_delegated() && is_hidden {
            continue;
        }
        let mut facts = body.facts(cx)?;
        if is_hidden {
            facts.flags = facts.flags.with(SlotFlags::HIDDEN);
        }
        return Ok(Some((definition, facts)));
    }
    Ok(None)
}

/// What makes a read or a write of a value ask more than its place.
const ASKS: SlotFlags = SlotFlags::RULES
    .with(SlotFlags::CARRIER)
    .with(SlotFlags::DELEGATED);

/// Tells whether only the engine knows what a slot shows, or what may be written to it.
fn needs_engine(own: &ClassState, row: &Row) -> bool {
    let by_row = SlotFlags::RULES
        .with(SlotFlags::FACTORY)
        .with(SlotFlags::DEFAULT)
        .with(SlotFlags::CARRIER)
        .with(SlotFlags::DELEGATED);
    own.is_watched.get() || row.flags.has(by_row)
}

/// Puts a descriptor into the namespace for each of the class's own slots, and turns those of bases
/// that would be wrong for instances of the class.
fn place_descriptors(cx: Cx<'_>, class: &Object, own: &ClassState, mro: &[Object]) -> Result<()> {
    let dict = raw::namespace(cx, class)?;
    let declared = own.own.borrow().clone();
    for (index, one) in declared.into_iter().enumerate() {
        let Some((_, row)) = own.parts().find_any(one.name, usize::MAX) else {
            continue;
        };
        if let Some(body) = body::<DefinitionBody>(&one.definition) {
            let is_plain = !row.flags.has(ASKS) && row.place != Row::NO_PLACE;
            let place = own.storage.place(row.place).filter(|_| is_plain);
            body.set_place(place.map(|place| (place, row)));
        }
        let text = cx.name(cx, one.name);
        let stands = cx.dict_get(&dict, &text)?;
        if !stands.is_some_and(|stands| stands.is(&one.descriptor)) {
            continue;
        }
        let mut descriptor = one.definition.clone();
        if !needs_engine(own, &row)
            && let Some(offset) = own.storage.offset(row.place)
            && let Some(body) = body::<DefinitionBody>(&one.definition)
            && let Some(name) = cx.text(&text)
        {
            let doc = body.doc();
            let doc = doc.as_ref().and_then(|doc| cx.text(doc));
            if let Some((made, member)) = raw::member_descriptor(cx, class, name, doc, offset)? {
                own.members.borrow_mut().push(member);
                descriptor = made;
            }
        }
        cx.dict_set(&dict, &text, &descriptor)?;
        let before = {
            let mut all = own.own.borrow_mut();
            core::mem::replace(&mut all[index].descriptor, descriptor)
        };
        drop(before);
    }
    raw::modified(class);
    let count = own.rows.len();
    for row in (0..count).filter_map(|index| own.rows.at(index)) {
        let here = own.storage.offset(row.place);
        for base in mro.iter().skip(1) {
            let Some(below) = state(base) else { continue };
            let there = below.parts().find_any(row.name, usize::MAX);
            let there = there.and_then(|(_, row)| below.storage.offset(row.place));
            if needs_engine(own, &row) || here != there {
                turn_own(cx, below, Some(row.name));
            }
        }
    }
    Ok(())
}

/// Lets a class's own descriptors ask the engine, that of one name or all. Code that was specialized
/// for the class itself stays right, since its slots lie where they did.
fn turn_own(cx: Cx<'_>, own: &ClassState, name: Option<Name>) {
    for one in own.own.borrow().iter() {
        if name.is_none_or(|name| name == one.name) && raw::is_member(&one.descriptor) {
            raw::turn(cx, &one.descriptor, &one.definition);
        }
    }
}

/// Lets every access of a class's instances ask the engine, from now on.
///
/// # Errors
///
/// What the interpreter raises.
pub fn watch_class(cx: Cx<'_>, class: &Object) -> Result<()> {
    let Some(own) = state(class) else {
        return Ok(());
    };
    if own.is_watched.replace(true) {
        return Ok(());
    }
    for ancestor in raw::type_mro(cx, class)? {
        if let Some(state) = state(&ancestor) {
            turn_own(cx, state, None);
        }
    }
    // Code that was specialized for the class would tell nobody, also where its descriptors were
    // turned long ago because of another class.
    raw::modified(class);
    hook(cx, class)
}

/// Lets a watched class answer for its slots itself, where it has no other attributes that the
/// interpreter would write faster than through the hook.
pub(super) fn hook(cx: Cx<'_>, class: &Object) -> Result<()> {
    for ancestor in raw::type_mro(cx, class)? {
        let dict = raw::namespace(cx, &ancestor)?;
        if cx
            .entries(&dict)?
            .iter()
            .any(|(_, value)| raw::is_member(value))
        {
            return Ok(());
        }
    }
    raw::hook(class);
    Ok(())
}

/// As [`watch_class`], for the classes that inherit from it as well.
///
/// # Errors
///
/// What the interpreter raises.
pub fn watch_family(cx: Cx<'_>, class: &Object) -> Result<()> {
    watch_class(cx, class)?;
    let listed = raw::subclasses(cx, class)?;
    for subclass in cx.items(&cx.sequence(&listed)?)?.unwrap_or_default() {
        watch_family(cx, &subclass)?;
    }
    Ok(())
}
