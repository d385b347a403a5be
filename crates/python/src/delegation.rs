//! `delegate` and `undelegate`.

use crate::definition::what;
use crate::observe::{check_name, find_slot, no_slot};
use crate::raw::{self, Args, Cx, Object, Result};
use mortice_slots::Name;

/// The number of a slot's name of an object that has it.
fn name_on(cx: Cx<'_>, object: &Object, name: &Object) -> Result<Name> {
    match find_slot(cx, &object.class(), name)? {
        Some(name) => Ok(name),
        None => Err(no_slot(cx, object, name)),
    }
}

/// Refuses what has no slots.
///
/// # Errors
///
/// TypeError.
pub fn check_instance(cx: Cx<'_>, object: &Object, role: &str) -> Result<()> {
    match raw::state_of_instance(object) {
        Some(_) => Ok(()),
        None => Err(cx.type_error(format_args!("{role} of Base, not {}", what(cx, object)))),
    }
}

/// `_delegate(object, slot, to, name)`.
///
/// # Errors
///
/// TypeError and AttributeError for wrong arguments; DelegationError for a cycle.
pub fn delegate(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let [object, name, to, target_name] = args.positional() else {
        return Err(cx.type_error(format_args!("delegate() takes 4 arguments")));
    };
    check_instance(cx, object, "delegate() needs an instance")?;
    check_instance(cx, to, "delegate() target must be an instance")?;
    let target_name = if cx.is_none(target_name) {
        name
    } else {
        target_name
    };
    check_name(cx, name, "")?;
    let own = name_on(cx, object, name)?;
    check_name(cx, target_name, "")?;
    let theirs = name_on(cx, to, target_name)?;
    cx.engine.delegate(cx, object, own, to, theirs)?;
    Ok(cx.none())
}

/// `undelegate(object, slot)`.
///
/// # Errors
///
/// TypeError and AttributeError for wrong arguments; DelegationError where nothing is delegated.
pub fn undelegate(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let [object, name] = args.positional() else {
        return Err(cx.type_error(format_args!(
            "undelegate() takes 2 positional arguments but {} were given",
            args.positional().len()
        )));
    };
    check_instance(cx, object, "undelegate() needs an instance")?;
    check_name(cx, name, "")?;
    let name = name_on(cx, object, name)?;
    cx.engine.undelegate(cx, object, name)?;
    Ok(cx.none())
}
