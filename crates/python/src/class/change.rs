//! Changes to a class that is there: sealing, and slots that are added, replaced or deleted.

use super::plan::plan_rows;
use super::{ClassState, Own, state};
use crate::definition::DefinitionBody;
use crate::memory::{collected, push};
use crate::raw::{self, Cx, Object, Raised, Result, body};

/// Closes a class to further slots; the first reason stays (S010).
///
/// # Errors
///
/// MemoryError.
pub(super) fn seal(cx: Cx<'_>, class: &Object, own: &ClassState, by: &Object) -> Result<()> {
    if own.sealed.address().is_null() {
        own.sealed.set(by.clone());
        if !cx.base.holds(class) {
            own.storage.close(cx, class)?;
        }
    }
    Ok(())
}

/// Closes a class that is to have an instance.
///
/// # Errors
///
/// MemoryError.
#[inline]
pub fn seal_by_instance(cx: Cx<'_>, class: &Object, own: &ClassState) -> Result<()> {
    if own.sealed.address().is_null() {
        let words = cx.string("its first instance")?;
        seal(cx, class, own, &words)?;
    }
    Ok(())
}

/// Refuses to change what slots a sealed class has; tells whether the change matters to them.
fn check_open(
    cx: Cx<'_>,
    class: &Object,
    own: &ClassState,
    name: &Object,
    declares: bool,
    verb: &str,
) -> Result<bool> {
    let attribute = cx.text(name).unwrap_or("?");
    if cx.base.holds(class) {
        return Err(cx.type_error(format_args!(
            "cannot set '{attribute}' attribute of immutable type 'mortice.Base'"
        )));
    }
    let known = match cx.find(cx, name)? {
        Some(name) => own.parts().find_any(name, usize::MAX).is_some(),
        None => false,
    };
    if !declares && !known {
        return Ok(false);
    }
    let Some(by) = own.sealed.get() else {
        return Ok(true);
    };
    let by = cx.text(&by).unwrap_or("?");
    let class = cx.class_name(class);
    let (verb, to) = if known { (verb, "of") } else { ("add", "to") };
    let message = cx.format(format_args!(
        "cannot {verb} slot '{attribute}' {to} class '{class}': sealed by {by}"
    ))?;
    match cx.sealed_error.get() {
        Some(class) => Err(Raised::new(cx.call(&class, [&message])?)),
        None => Err(cx.ended()),
    }
}

/// `setattr(class, name, value)`, or `delattr` where no value is given.
///
/// # Errors
///
/// TypeError and SealedError; what the interpreter raises.
pub fn set_attribute(
    cx: Cx<'_>,
    class: &Object,
    name: &Object,
    value: Option<&Object>,
) -> Result<()> {
    let Some(own) = state(class).filter(|_| cx.is_str(name)) else {
        return raw::type_set(cx, class, name, value);
    };
    if cx.text(name) == Some("__bases__") {
        return Err(cx.type_error(format_args!(
            "cannot set __bases__ of class '{}': its storage is laid out",
            cx.class_name(class)
        )));
    }
    let definition = value.and_then(body::<DefinitionBody>);
    if let Some(definition) = definition {
        definition.check_usable(cx, cx.text(name).unwrap_or("?"))?;
    }
    let verb = if value.is_some() { "replace" } else { "delete" };
    if !check_open(cx, class, own, name, definition.is_some(), verb)? {
        return raw::type_set(cx, class, name, value);
    }
    let before = collected(cx, own.own.borrow().iter().cloned())?;
    // A definition that leaves the class must not know a place in it.
    for one in &before {
        if let Some(body) = body::<DefinitionBody>(&one.definition) {
            body.set_place(None);
        }
    }
    raw::type_set(cx, class, name, value)?;
    let found = cx.find(cx, name)?;
    own.own.borrow_mut().retain(|one| Some(one.name) != found);
    let added = || -> Result<()> {
        if let (Some(value), Some(definition)) = (value, definition) {
            let one = Own {
                name: definition.bind(cx, class, name)?,
                definition: value.clone(),
                descriptor: value.clone(),
            };
            push(cx, &mut own.own.borrow_mut(), one)?;
            // In the order of the namespace, where a replaced attribute keeps its place.
            let entries = cx.entries(&raw::namespace(cx, class)?)?;
            let place = |one: &Own| {
                let is_it = |(_, value): &(Object, Object)| value.is(&one.descriptor);
                entries.iter().position(is_it)
            };
            own.own.borrow_mut().sort_by_key(place);
        }
        Ok(())
    };
    let planned = added().and_then(|()| plan_rows(cx, class, own));
    if let Err(raised) = planned {
        // The slot has no room: as if nothing had been asked for.
        let dict = raw::namespace(cx, class)?;
        if let Some(definition) = definition {
            definition.unbind();
            cx.dict_delete(&dict, name)?;
        }
        drop(own.own.replace(before));
        raw::modified(class);
        plan_rows(cx, class, own)?;
        return Err(raised);
    }
    Ok(())
}
