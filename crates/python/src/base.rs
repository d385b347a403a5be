//! `Base`: what classes with observable slots inherit from.

use crate::class::{self, ClassState};
use crate::host::Slots;
use crate::memory::{all_of, collected, push, written};
use crate::observe::find_slot;
use crate::raw::{self, Args, Cx, GetSet, Object, Raised, Result};
use mortice_slots::{Host, Name, Row, SlotFlags, suggest};

/// The computed attributes of `Base`.
pub static ATTRIBUTES: [GetSet; 2] = [
    GetSet::of_base(c"__class__", get_class, set_class),
    GetSet::END,
];

/// `Base.__new__`, for every class that inherits from it.
///
/// # Errors
///
/// What the next `__new__` raises.
pub fn new(cx: Cx<'_>, class: &Object, args: &Object, keywords: Option<&Object>) -> Result<Object> {
    let Some(state) = class::state(class) else {
        return Err(cx.type_error(format_args!("a class that inherits from Base is required")));
    };
    class::seal_by_instance(cx, class, state)?;
    let made = match state.next_new() {
        None => raw::object_new(cx, class)?,
        Some((native, true)) => raw::native_new(cx, &native, class, args, keywords)?,
        Some((function, false)) => {
            let given = cx.items(args)?.unwrap_or_default();
            let all = collected(cx, core::iter::once(class.clone()).chain(given))?;
            let function = raw::unwrapped(cx, &function)?;
            cx.call_with(&function, &cx.tuple(&all)?, keywords)?
        }
    };
    if let Some(state) = raw::state_of_instance(&made) {
        state.fill(&made);
        if state.parts().state.delegates.get() {
            // The defaults of slots that carry delegated names.
            cx.engine.relink_all(cx, &made)?;
        }
    }
    Ok(made)
}

/// `Base.__init__`: slots as keywords, silently (S014).
///
/// # Errors
///
/// TypeError for other arguments; what a slot's rules raise.
pub fn init(cx: Cx<'_>, this: &Object, args: &Object, keywords: Option<&Object>) -> Result<()> {
    let class = this.class();
    if cx.items(args)?.is_some_and(|args| !args.is_empty()) {
        return Err(cx.type_error(format_args!(
            "{}() takes no positional arguments",
            cx.class_name(&class)
        )));
    }
    let Some(keywords) = keywords else {
        return Ok(());
    };
    let entries = cx.entries(keywords)?;
    let names = collected(cx, entries.iter().map(|(name, _)| name.clone()))?;
    let numbers = numbers(cx, &class, "", &names)?;
    for (name, value) in numbers
        .into_iter()
        .zip(entries.iter().map(|(_, value)| value))
    {
        cx.engine.construct(cx, this, name, value)?;
    }
    Ok(())
}

/// What the slots of an instance show, by name; None where its class has none.
///
/// # Errors
///
/// TypeError for anything else; MemoryError.
pub fn shown(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let [this] = args.positional() else {
        return Err(cx.type_error(format_args!("an instance of Base is required")));
    };
    let class = this.class();
    let mut has_slots = false;
    let parts = state_of(cx, &class)?.parts();
    parts.each_visible(&mut |_, _| has_slots = true);
    if !has_slots {
        return Ok(cx.none());
    }
    let found = cx.dict()?;
    cx.engine.each_shown(cx, this, &mut |name, value| {
        cx.dict_set(&found, &cx.name(cx, name), &value)
    })?;
    Ok(found)
}

/// Refuses keywords that are no slots of an instance: those of `__replace__`.
///
/// # Errors
///
/// TypeError for a name that is no slot.
pub fn check_replaced(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let [this, keywords] = args.positional() else {
        return Err(cx.type_error(format_args!("an instance of Base is required")));
    };
    let entries = cx.entries(keywords)?;
    let names = collected(cx, entries.into_iter().map(|(name, _)| name))?;
    numbers(cx, &this.class(), ".__replace__", &names)?;
    Ok(cx.none())
}

/// Writes slots of a copy as the constructor does, but none that the original shows too.
///
/// # Errors
///
/// DelegationError for such a slot; else as for [`init`].
pub fn replace(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let [original, copied, keywords] = args.positional() else {
        return Err(cx.type_error(format_args!("an instance of Base is required")));
    };
    let entries = cx.entries(keywords)?;
    let names = collected(cx, entries.iter().map(|(name, _)| name.clone()))?;
    let numbers = numbers(cx, &copied.class(), ".__replace__", &names)?;
    for (name, value) in numbers
        .into_iter()
        .zip(entries.iter().map(|(_, value)| value))
    {
        cx.engine.replace(cx, original, copied, name, value)?;
    }
    Ok(cx.none())
}

/// The slots that keywords name. The function is one of the class, or the class itself.
fn numbers(cx: Cx<'_>, class: &Object, function: &str, names: &[Object]) -> Result<Vec<Name>> {
    let number = |name| match find_slot(cx, class, name)? {
        Some(number) => Ok(number),
        None => Err(unexpected(cx, class, function, name)),
    };
    all_of(cx, names.iter().map(number))
}

/// Gives a new instance the values of constructor keywords.
///
/// # Errors
///
/// TypeError for a name that is no slot; what a slot's rules raise.
#[inline]
pub fn fill_keywords(
    cx: Cx<'_>,
    made: &Object,
    class: &Object,
    state: &ClassState,
    names: &Object,
    values: &[Object],
) -> Result<()> {
    if let Some(places) = state.known_keywords(names) {
        // What the places held are defaults, which the class keeps.
        raw::store_all(made, &places, values);
        return Ok(());
    }
    let items = cx.items(names)?.unwrap_or_default();
    let numbers = numbers(cx, class, "", &items)?;
    let asks = SlotFlags::RULES
        .with(SlotFlags::CARRIER)
        .with(SlotFlags::DELEGATED);
    // std: nothing is allocated
    let mut places = Vec::new();
    for name in &numbers {
        if let Some((_, row)) = state.parts().find(*name, usize::MAX)
            && !row.flags.has(asks)
            && row.place != Row::NO_PLACE
        {
            push(cx, &mut places, row.place)?;
        }
    }
    if places.len() == numbers.len() {
        state.remember_keywords(names, places);
    }
    for (name, value) in numbers.into_iter().zip(values) {
        cx.engine.construct(cx, made, name, value)?;
    }
    Ok(())
}

#[cold]
fn unexpected(cx: Cx<'_>, class: &Object, function: &str, name: &Object) -> Raised {
    let name = cx.text(name).unwrap_or("?");
    let message = written(cx, |out| {
        let class_name = cx.class_name(class);
        write!(
            out,
            "{class_name}{function}() got an unexpected keyword argument '{name}'"
        )?;
        match class::state(class) {
            Some(state) => suggest::<Slots>(cx, &state.parts(), name, out),
            None => Ok(()),
        }
    });
    match message {
        Ok(message) => cx.type_error(format_args!("{message}")),
        Err(raised) => raised,
    }
}

fn state_of<'a>(cx: Cx<'_>, class: &'a Object) -> Result<&'a ClassState> {
    class::state(class)
        .ok_or_else(|| cx.type_error(format_args!("an instance of Base is required")))
}

/// Values, names that are unset, and delegations of an instance (S051).
///
/// # Errors
///
/// TypeError for anything else; MemoryError.
pub fn get_state(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let [this] = args.positional() else {
        return Err(cx.type_error(format_args!("an instance of Base is required")));
    };
    let (values, links) = (cx.dict()?, cx.dict()?);
    // std: nothing is allocated
    let mut unset = Vec::new();
    let class = this.class();
    let state = state_of(cx, &class)?;
    let rows = state.parts().rows.snapshot(cx)?;
    for row in rows {
        let name = cx.name(cx, row.name);
        if row.place != Row::NO_PLACE {
            match cx.engine.own_value(cx, this, row.name) {
                Some(value) => cx.dict_set(&values, &name, &value)?,
                None if cx.engine.is_pending(cx, this, row.name) => {}
                None => push(cx, &mut unset, name.clone())?,
            }
        }
    }
    let mut at = 0;
    while let Some((serial, name, target, target_name)) = cx.engine.delegation_after(this, at) {
        at = serial;
        let link = cx.tuple(&[target, cx.name(cx, target_name)])?;
        cx.dict_set(&links, &cx.name(cx, name), &link)?;
    }
    cx.tuple(&[values, cx.tuple(&unset)?, links])
}

/// Restores a state of an instance without rules, events and observers.
///
/// # Errors
///
/// TypeError for what is no state; MemoryError.
pub fn set_state(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let unfit = || cx.type_error(format_args!("Base.__setstate__() needs a state of Base"));
    let [this, values, unset, links] = args.positional() else {
        return Err(unfit());
    };
    let Some(unset) = cx
        .items(unset)?
        .filter(|_| cx.is_dict(values) && cx.is_dict(links))
    else {
        return Err(unfit());
    };
    let class = this.class();
    let number = |name: &Object| -> Result<Name> {
        let number = cx.find(cx, name)?.ok_or_else(unfit)?;
        match state_of(cx, &class)?.parts().find_any(number, usize::MAX) {
            Some(_) => Ok(number),
            None => Err(unfit()),
        }
    };
    // Delegations of the object's own come first: a name that has one does not follow its carrier.
    for (name, link) in cx.entries(links)? {
        let link = cx.items(&link)?.unwrap_or_default();
        let [target, target_name] = &link[..] else {
            return Err(unfit());
        };
        let known = find_slot(cx, &target.class(), target_name)?.ok_or_else(unfit)?;
        cx.engine
            .restore_delegation(cx, this, number(&name)?, target, known)?;
    }
    for (name, value) in cx.entries(values)? {
        cx.engine.restore(cx, this, number(&name)?, Some(&value))?;
    }
    for name in unset {
        cx.engine.restore(cx, this, number(&name)?, None)?;
    }
    cx.engine.relink_all(cx, this)?;
    Ok(cx.none())
}

fn get_class(_: Cx<'_>, object: &Object) -> Result<Object> {
    Ok(object.class())
}

/// `object.__class__ = class`: only between classes with the same storage (S054).
fn set_class(cx: Cx<'_>, object: &Object, value: Option<&Object>) -> Result<()> {
    let old = object.class();
    if let Some(new) = value.filter(|value| cx.is_class(value))
        && !raw::is_immutable(new)
        && !raw::is_immutable(&old)
    {
        let (Some(from), Some(to)) = (class::state(&old), class::state(new)) else {
            return Err(differs(cx, &old, new));
        };
        if !is_alike(cx, from, to)? || raw::has_dict(&old) != raw::has_dict(new) {
            return Err(differs(cx, &old, new));
        }
        class::seal_by_instance(cx, new, to)?;
        let pending = keep_defaults(cx, object, from, to)?;
        if raw::companion(object).is_some() {
            class::watch_class(cx, new)?;
        }
        raw::set_class(cx, object, value)?;
        // What a factory would have made gives way to what the new class starts with.
        for (place, default) in to.defaults() {
            if pending.contains(&place) && Slots::load(object, place).is_none() {
                drop(Slots::store(object, place, Some(default)));
            }
        }
        return cx.engine.relink_all(cx, object);
    }
    raw::set_class(cx, object, value)?;
    cx.engine.relink_all(cx, object)
}

fn differs(cx: Cx<'_>, old: &Object, new: &Object) -> Raised {
    cx.type_error(format_args!(
        "__class__ assignment: '{}' object layout differs from '{}'",
        cx.class_name(new),
        cx.class_name(old)
    ))
}

/// Tells whether two classes store the same names in the same places, and delegate alike.
fn is_alike(cx: Cx<'_>, one: &ClassState, other: &ClassState) -> Result<bool> {
    let shape = |state: &ClassState| {
        let parts = state.parts();
        // std: nothing is allocated
        let (mut places, mut delegated) = (Vec::new(), Vec::new());
        let mut result = Ok(());
        parts.each_place(&mut |_, row| {
            let hides = row.flags.has(SlotFlags::HIDDEN.with(SlotFlags::DELEGATED));
            let place = (row.name, state.storage().offset(row.place), hides);
            if result.is_ok() {
                result = push(cx, &mut places, place);
            }
        });
        parts.each_visible(&mut |_, row| {
            if row.flags.has(SlotFlags::DELEGATED) && result.is_ok() {
                result = push(cx, &mut delegated, (row.name, row.carrier, row.target));
            }
        });
        result.map(|()| (places, delegated))
    };
    Ok(shape(one)? == shape(other)?)
}

/// Stores the defaults of the old class, which the new one would replace by its own, and returns the
/// places whose factory has not run.
fn keep_defaults(
    cx: Cx<'_>,
    object: &Object,
    old: &ClassState,
    new: &ClassState,
) -> Result<Vec<u16>> {
    // std: nothing is allocated
    let mut pending = Vec::new();
    let returns = SlotFlags::DEFAULT.with(SlotFlags::FACTORY);
    for row in old.parts().rows.snapshot(cx)? {
        if row.place == Row::NO_PLACE || Slots::load(object, row.place).is_some() {
            continue;
        }
        let gains = new.parts().find_any(row.name, usize::MAX);
        let gains = gains.is_some_and(|(_, row)| row.flags.has(returns));
        match cx.engine.own_value(cx, object, row.name) {
            Some(value) => drop(Slots::store(object, row.place, Some(value))),
            None if gains && !row.flags.has(returns) => {
                cx.engine.forget_default(cx, object, row.name)?;
            }
            None if cx.engine.is_pending(cx, object, row.name) => {
                push(cx, &mut pending, row.place)?
            }
            None => {}
        }
    }
    Ok(pending)
}
