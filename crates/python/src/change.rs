//! `Change`: what an observer is called with.

use crate::memory::{all_of, written};
use crate::raw::{self, Body, Cx, GetSet, Method, Object, Result, Slot, Visit, body};
use crate::world::World;
use mortice_slots::{Change, Name};
use std::rc::Rc;

/// What a change carries: object, name, old, new, source.
#[derive(Debug)]
pub struct ChangeBody {
    world: Rc<World>,
    fields: [Slot; 5],
}

const NAMES: [&str; 5] = ["object", "name", "old", "new", "source"];

static METHODS: [Method; 2] = [Method::GENERIC, Method::END];

fn field<const INDEX: usize>(cx: Cx<'_>, _: &Object, this: &ChangeBody) -> Result<Object> {
    Ok(this.fields[INDEX].get().unwrap_or_else(|| cx.none()))
}

/// The attributes of changes.
pub static ATTRIBUTES: [GetSet; 6] = [
    GetSet::readonly(c"object", field::<0>),
    GetSet::readonly(c"name", field::<1>),
    GetSet::readonly(c"old", field::<2>),
    GetSet::readonly(c"new", field::<3>),
    GetSet::readonly(c"source", field::<4>),
    GetSet::END,
];

impl Body for ChangeBody {
    fn methods() -> &'static [Method] {
        &METHODS
    }

    fn world(&self) -> &Rc<World> {
        &self.world
    }

    fn visit(&self, visit: &mut Visit) {
        self.fields.iter().for_each(|field| visit.slot(field));
    }

    fn clear(&self) {
        for field in &self.fields {
            drop(field.take());
        }
    }
}

fn make(cx: Cx<'_>, class: &Object, values: [Option<Object>; 5]) -> Result<Object> {
    let slots: [Slot; 5] = Default::default();
    for (slot, value) in slots.iter().zip(values) {
        slot.fill(value);
    }
    raw::new_native(
        cx,
        class,
        ChangeBody {
            world: cx.shared(),
            fields: slots,
        },
    )
}

/// What a change says of its source. The changes of an event often have one and the same.
fn source_of(cx: Cx<'_>, source: &Object, name: Name) -> Result<Object> {
    let name = cx.name(cx, name);
    let known = cx.source.get();
    if let Some(known) = known.filter(|known| raw::is_pair_of(known, source, &name)) {
        return Ok(known);
    }
    let made = cx.tuple(&[source.clone(), name])?;
    if cx.source.address().is_null() {
        cx.source.set(made.clone());
    }
    Ok(made)
}

/// Makes what the observers of a change are given.
///
/// # Errors
///
/// MemoryError.
pub fn new_change(cx: Cx<'_>, change: Change<'_, Object>) -> Result<Object> {
    let source = match change.source {
        Some((source, name)) => Some(source_of(cx, source, name)?),
        None => None,
    };
    let shown = |value: Option<&Object>| match value {
        Some(value) => value.clone(),
        None => cx.unset.get().unwrap_or_else(|| cx.none()),
    };
    if let Some(spare) = cx.spare_change.take()
        && let Some(body) = body::<ChangeBody>(&spare)
    {
        // A spare one is empty.
        let [of, name, old, new, from] = &body.fields;
        of.set(change.object.clone());
        name.set(cx.name(cx, change.name));
        old.set(shown(change.old));
        new.set(shown(change.new));
        if source.is_some() {
            from.fill(source);
        }
        return Ok(spare);
    }
    let values = [
        Some(change.object.clone()),
        Some(cx.name(cx, change.name)),
        Some(shown(change.old)),
        Some(shown(change.new)),
        source,
    ];
    match cx.change.get() {
        Some(class) => make(cx, &class, values),
        None => Ok(cx.none()),
    }
}

/// Takes back a change whose observers were all called: one that none of them kept is used again.
#[inline]
pub fn recycle(cx: Cx<'_>, change: Object) {
    if change.is_unique()
        && let Some(body) = body::<ChangeBody>(&change)
    {
        // What ends with the fields may write slots itself; this change is nobody's meanwhile.
        for field in &body.fields {
            drop(field.take());
        }
        if cx.spare_change.address().is_null() {
            cx.spare_change.set(change);
        }
    }
}

/// `Change(object, name, old, new, source=None)`.
///
/// # Errors
///
/// TypeError for wrong arguments.
pub fn new(cx: Cx<'_>, class: &Object, args: &Object, keywords: Option<&Object>) -> Result<Object> {
    let mut bound = raw::bind(cx, "Change", &NAMES, 4, args, keywords)?;
    let mut values: [Option<Object>; 5] = Default::default();
    for (place, value) in values.iter_mut().zip(bound.drain(..)) {
        *place = value;
    }
    make(cx, class, values)
}

/// `repr(change)`.
///
/// # Errors
///
/// What the `repr` of a field raises.
pub fn repr(cx: Cx<'_>, _: &Object, this: &ChangeBody) -> Result<Object> {
    let value = |slot: &Slot| cx.repr(&slot.get().unwrap_or_else(|| cx.none()));
    let values = all_of(cx, this.fields.iter().map(value))?;
    let shown = written(cx, |out| {
        out.write_str("Change(")?;
        for (index, (name, value)) in NAMES.iter().zip(&values).enumerate() {
            let between = if index == 0 { "" } else { ", " };
            let value = cx.text(value).unwrap_or("?");
            write!(out, "{between}{name}={value}")?;
        }
        out.write_str(")")
    })?;
    cx.string(&shown)
}
