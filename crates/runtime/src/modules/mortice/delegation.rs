//! `delegate` and `undelegate`.

use super::world::World;
use super::{what, words};
use crate::{Args, Context, Object, Result};
use mortice_slots::Name;
use mortice_types::text;

/// Refuses what cannot be a slot's name.
pub(super) fn check_name(cx: &Context, name: &Object, also: &str) -> Result<()> {
    if text(name).is_some() || (!also.is_empty() && cx.is_none(name)) {
        return Ok(());
    }
    let what = what(cx, name)?;
    Err(cx.type_error(format_args!(
        "slot name must be a string{also}, not {}",
        words(&what)
    )))
}

/// The number of a slot's name of an object that has it.
pub(super) fn name_on(cx: &Context, object: &Object, name: &Object) -> Result<Name> {
    let of = cx.type_of(object);
    match super::show::find_slot(cx, of.object(), name)? {
        Some(name) => Ok(name),
        None => Err(super::show::no_slot(cx, object, name)),
    }
}

fn is_slotted(cx: &Context, object: &Object) -> bool {
    cx.type_of(object).observable_words() > 0
}

pub(super) fn delegate(cx: &Context, args: Args<'_>) -> Result<Object> {
    for (name, _) in args.keywords() {
        if !matches!(text(name), Some("to" | "name")) {
            return Err(cx.type_error(format_args!(
                "delegate() got an unexpected keyword argument '{}'",
                text(name).unwrap_or("?")
            )));
        }
    }
    let [object, name] = args.positional() else {
        return Err(cx.type_error(format_args!(
            "delegate() takes 2 positional arguments but {} were given",
            args.positional().len()
        )));
    };
    let Some(to) = args.keyword("to") else {
        return Err(cx.type_error(format_args!(
            "delegate() missing 1 required keyword-only argument: 'to'"
        )));
    };
    if !is_slotted(cx, object) {
        let what = what(cx, object)?;
        return Err(cx.type_error(format_args!(
            "delegate() needs an instance of Base, not {}",
            words(&what)
        )));
    }
    if !is_slotted(cx, &to) {
        let what = what(cx, &to)?;
        return Err(cx.type_error(format_args!(
            "delegate() target must be an instance of Base, not {}",
            words(&what)
        )));
    }
    let target_name = match args.keyword("name") {
        Some(name) if !cx.is_none(&name) => name,
        _ => *name,
    };
    check_name(cx, name, "")?;
    let own = name_on(cx, object, name)?;
    check_name(cx, &target_name, "")?;
    let theirs = name_on(cx, &to, &target_name)?;
    World::of(cx)?
        .engine
        .delegate(cx, object, own, &to, theirs)?;
    Ok(cx.none())
}

pub(super) fn undelegate(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, name] = args.exactly::<2>(cx, "undelegate")?;
    if !is_slotted(cx, &object) {
        let what = what(cx, &object)?;
        return Err(cx.type_error(format_args!(
            "undelegate() needs an instance of Base, not {}",
            words(&what)
        )));
    }
    check_name(cx, &name, "")?;
    let name = name_on(cx, &object, &name)?;
    World::of(cx)?.engine.undelegate(cx, &object, name)?;
    Ok(cx.none())
}
