//! `isinstance` and `issubclass`.

use crate::raw::Type;
use crate::{Context, Object, Result, builtin, tuple_items};

const NO_CLASS_INSTANCE: &str = "isinstance() arg 2 must be a type, a tuple of types, or a union";
const NO_CLASS_SUBCLASS: &str =
    "issubclass() arg 2 must be a class, a tuple of classes, or a union";

pub(crate) fn is_instance(cx: &Context, object: &Object, class: &Object) -> Result<bool> {
    if let Some(class) = Type::view(class)
        && cx.type_of(object).is(class)
    {
        return Ok(true);
    }
    if cx.is_exactly_type(class) {
        return real_instance(cx, object, class);
    }
    if let Some(members) = members(class) {
        let _level = cx.enter(" in __instancecheck__")?;
        for member in tuple_items(&members).unwrap_or_default() {
            if is_instance(cx, object, member)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(method) = cx.special_method(class, &cx.names().instancecheck)? {
        let _level = cx.enter(" in __instancecheck__")?;
        let result = cx.call(&method, &[object.borrow()])?;
        return cx.truth(&result);
    }
    real_instance(cx, object, class)
}

pub(crate) fn is_subclass(cx: &Context, derived: &Object, class: &Object) -> Result<bool> {
    if cx.is_exactly_type(class) {
        if derived.is(class) {
            return Ok(true);
        }
        return real_subclass(cx, derived, class);
    }
    if let Some(members) = members(class) {
        let _level = cx.enter(" in __subclasscheck__")?;
        for member in tuple_items(&members).unwrap_or_default() {
            if is_subclass(cx, derived, member)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(method) = cx.special_method(class, &cx.names().subclasscheck)? {
        let _level = cx.enter(" in __subclasscheck__")?;
        let result = cx.call(&method, &[derived.borrow()])?;
        return cx.truth(&result);
    }
    real_subclass(cx, derived, class)
}

/// The members of a tuple or a union.
fn members(class: &Object) -> Option<Object> {
    if tuple_items(class).is_some() {
        return Some(class.clone());
    }
    builtin::union::union_members(class)
}

/// Whether the object's class has `class` in its MRO, `__class__` included.
pub(crate) fn real_instance(cx: &Context, object: &Object, class: &Object) -> Result<bool> {
    if let Some(class) = Type::view(class) {
        let of = cx.type_of(object);
        if of.is_subtype(cx, class) {
            return Ok(true);
        }
        let claimed = cx.find_attribute(object, &cx.names().class)?;
        return Ok(claimed
            .and_then(|claimed| Type::of(&claimed))
            .is_some_and(|claimed| !claimed.is(&of) && claimed.is_subtype(cx, class)));
    }
    check_class(cx, class, NO_CLASS_INSTANCE)?;
    match cx.find_attribute(object, &cx.names().class)? {
        Some(claimed) => abstract_subclass(cx, &claimed, class),
        None => Ok(false),
    }
}

/// Whether `derived` has `class` in its MRO, or among the `__bases__` of what is no class.
pub(crate) fn real_subclass(cx: &Context, derived: &Object, class: &Object) -> Result<bool> {
    if let (Some(derived), Some(class)) = (Type::view(derived), Type::view(class)) {
        return Ok(derived.is_subtype(cx, class));
    }
    check_class(cx, derived, "issubclass() arg 1 must be a class")?;
    check_class(cx, class, NO_CLASS_SUBCLASS)?;
    abstract_subclass(cx, derived, class)
}

fn abstract_bases(cx: &Context, class: &Object) -> Result<Option<Object>> {
    let bases = cx.find_attribute(class, &cx.names().bases)?;
    Ok(bases.filter(|bases| tuple_items(bases).is_some()))
}

fn check_class(cx: &Context, class: &Object, message: &str) -> Result<()> {
    if Type::view(class).is_some() || abstract_bases(cx, class)?.is_some() {
        return Ok(());
    }
    Err(cx.type_error(format_args!("{message}")))
}

fn abstract_subclass(cx: &Context, derived: &Object, class: &Object) -> Result<bool> {
    if derived.is(class) {
        return Ok(true);
    }
    let _level = cx.enter(" in __subclasscheck__")?;
    if let Some(bases) = abstract_bases(cx, derived)? {
        for base in tuple_items(&bases).unwrap_or_default() {
            if abstract_subclass(cx, base, class)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

impl Context {
    /// Tells whether an object is a class whose metaclass is exactly `type`.
    fn is_exactly_type(&self, object: &Object) -> bool {
        self.is_exactly(object, &builtin::TYPE)
    }
}
