//! `property`: an attribute that calls functions.

use crate::native::{figures, flags};
use crate::raw::Type;
use crate::text;
use crate::{Args, Borrowed, Context, Object, Raised, Result, body, builtin, index, native_type};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of a property.
    pub struct PropertyBody {
        /// `fget`.
        pub getter: Slot,
        /// `fset`.
        pub setter: Slot,
        /// `fdel`.
        pub deleter: Slot,
        /// `__doc__`, unless a subclass's instance keeps it in its dict.
        pub doc: Slot,
        /// The name that `__set_name__` told.
        pub name: Slot,
        /// The docstring is the getter's, and changes with it.
        doc_of_getter: Cell<bool>,
    }
}

/// The body of a property.
pub fn view(object: &Object) -> Option<&PropertyBody> {
    body::<PropertyBody>(object)
}

fn own<'a>(cx: &Context, object: &'a Object) -> Result<&'a PropertyBody> {
    view(object).ok_or_else(|| {
        cx.type_error(format_args!(
            "a property is required, not '{}'",
            cx.type_name(object)
        ))
    })
}

fn property_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    match Type::of(&args.receiver()) {
        Some(of) => cx.instance(&of, 0),
        None => Err(cx.type_error(format_args!("property.__new__(X): X is not a type object"))),
    }
}

fn property_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [getter, setter, deleter, doc] =
        args.rest()
            .bind(cx, "property", ["fget", "fset", "fdel", "doc"], 0)?;
    let body = own(cx, &this)?;
    let given = |value: Option<Borrowed<'_>>| {
        value
            .filter(|value| !cx.is_none(value))
            .map(|value| (*value).clone())
    };
    let (getter, doc) = (given(getter), given(doc));
    let old = [
        body.getter.replace(getter.clone()),
        body.setter.replace(given(setter)),
        body.deleter.replace(given(deleter)),
        body.doc.take(),
        body.name.take(),
    ];
    drop(old);
    body.doc_of_getter.set(false);
    let doc = match (doc, &getter) {
        (Some(doc), _) => Some(doc),
        (None, Some(getter)) => {
            let found = cx.find_attribute(getter, &cx.names().doc)?;
            let found = found.filter(|doc| !cx.is_none(doc));
            body.doc_of_getter.set(found.is_some());
            found
        }
        (None, None) => None,
    };
    store_doc(cx, &this, body, doc)?;
    Ok(cx.none())
}

/// Instances of subclasses keep the docstring as an ordinary attribute, since a class's own
/// `__doc__` would hide the property's.
fn store_doc(cx: &Context, this: &Object, body: &PropertyBody, doc: Option<Object>) -> Result<()> {
    if cx.is_exactly(this, &PROPERTY) {
        drop(body.doc.replace(doc));
        return Ok(());
    }
    let value = doc.unwrap_or_else(|| cx.none());
    match cx.set_attribute(this, &cx.names().doc, &value) {
        Err(raised) if raised.is(cx, &builtin::ATTRIBUTE_ERROR) && !body.doc_of_getter.get() => {
            // A class with `__slots__` may have no room for a docstring that was given.
            Ok(())
        }
        result => result,
    }
}

/// `property 'x' of 'C' object has no getter` and its like.
fn missing(cx: &Context, this: &Object, instance: &Object, what: &str) -> Raised {
    let of = cx.type_of(instance);
    let qualname = of.state(cx).qualname.get().unwrap_or_else(|| of.name(cx));
    let owner = text(&qualname).unwrap_or("?");
    let name = view(this).and_then(|body| known_name(cx, body).ok().flatten());
    match name.as_ref().map(|name| cx.repr(name)) {
        Some(Ok(name)) => cx.attribute_error(format_args!(
            "property {} of '{owner}' object has no {what}",
            text(&name).unwrap_or("?")
        )),
        Some(Err(raised)) => raised,
        None => cx.attribute_error(format_args!("property of '{owner}' object has no {what}")),
    }
}

/// The name that was told, or the getter's.
fn known_name(cx: &Context, body: &PropertyBody) -> Result<Option<Object>> {
    if let Some(name) = body.name.get() {
        return Ok(Some(name));
    }
    match body.getter.get() {
        Some(getter) => cx.find_attribute(&getter, &cx.names().name),
        None => Ok(None),
    }
}

fn property_get(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let rest = args.rest().between(cx, "__get__", 1, 2)?;
    let instance = rest[0];
    if cx.is_none(&instance) {
        if rest.get(1).is_none_or(|owner| cx.is_none(owner)) {
            return Err(cx.type_error(format_args!("__get__(None, None) is invalid")));
        }
        return Ok((*this).clone());
    }
    match own(cx, &this)?.getter.get() {
        Some(getter) => cx.call(&getter, &[instance]),
        None => Err(missing(cx, &this, &instance, "getter")),
    }
}

fn property_set(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, instance, value] = args.exactly::<3>(cx, "__set__")?;
    match own(cx, &this)?.setter.get() {
        Some(setter) => {
            cx.call(&setter, &[instance, value])?;
            Ok(cx.none())
        }
        None => Err(missing(cx, &this, &instance, "setter")),
    }
}

fn property_delete(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, instance] = args.exactly::<2>(cx, "__delete__")?;
    match own(cx, &this)?.deleter.get() {
        Some(deleter) => {
            cx.call(&deleter, &[instance])?;
            Ok(cx.none())
        }
        None => Err(missing(cx, &this, &instance, "deleter")),
    }
}

/// Which function a copy gets anew.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Getter,
    Setter,
    Deleter,
}

/// A property of the same type with one function exchanged; None keeps it.
fn with_part(cx: &Context, args: Args<'_>, part: Part, name: &str) -> Result<Object> {
    let this = args.receiver();
    let [function] = args.rest().exactly::<1>(cx, name)?;
    let body = own(cx, &this)?;
    let of = cx.type_of(&this);
    let choose = |own: &Slot, which: Part| {
        if which == part && !cx.is_none(&function) {
            (*function).clone()
        } else {
            own.get().unwrap_or_else(|| cx.none())
        }
    };
    let getter = choose(&body.getter, Part::Getter);
    let setter = choose(&body.setter, Part::Setter);
    let deleter = choose(&body.deleter, Part::Deleter);
    let doc = if body.doc_of_getter.get() && !cx.is_none(&getter) {
        cx.none()
    } else {
        body.doc.get().unwrap_or_else(|| cx.none())
    };
    let made = cx.construct(
        &of,
        &[
            getter.borrow(),
            setter.borrow(),
            deleter.borrow(),
            doc.borrow(),
        ],
    )?;
    if let (Some(copy), Some(name)) = (view(&made), body.name.get()) {
        copy.name.set(name);
    }
    Ok(made)
}

fn getter(cx: &Context, args: Args<'_>) -> Result<Object> {
    with_part(cx, args, Part::Getter, "property.getter")
}

fn setter(cx: &Context, args: Args<'_>) -> Result<Object> {
    with_part(cx, args, Part::Setter, "property.setter")
}

fn deleter(cx: &Context, args: Args<'_>) -> Result<Object> {
    with_part(cx, args, Part::Deleter, "property.deleter")
}

fn set_name_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.no_keywords(cx, "property.__set_name__")?;
    let [_, name] = args.rest().positional() else {
        return Err(cx.type_error(format_args!(
            "__set_name__() takes 2 positional arguments but {} were given",
            args.rest().positional().len()
        )));
    };
    own(cx, &this)?.name.set((**name).clone());
    Ok(cx.none())
}

fn function(cx: &Context, slot: Option<Object>) -> Result<Object> {
    Ok(slot.unwrap_or_else(|| cx.none()))
}

fn get_fget(cx: &Context, object: &Object) -> Result<Object> {
    function(cx, own(cx, object)?.getter.get())
}

fn get_fset(cx: &Context, object: &Object) -> Result<Object> {
    function(cx, own(cx, object)?.setter.get())
}

fn get_fdel(cx: &Context, object: &Object) -> Result<Object> {
    function(cx, own(cx, object)?.deleter.get())
}

fn get_doc(cx: &Context, object: &Object) -> Result<Object> {
    function(cx, own(cx, object)?.doc.get())
}

fn set_doc(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    drop(
        own(cx, object)?
            .doc
            .replace(value.map(|value| (*value).clone())),
    );
    Ok(())
}

fn get_name(cx: &Context, object: &Object) -> Result<Object> {
    match known_name(cx, own(cx, object)?)? {
        Some(name) => Ok(name),
        None => {
            // In these words, whatever the object's class.
            let raised = cx.attribute_error(format_args!(
                "'property' object has no attribute '__name__'"
            ));
            builtin::exception::set_attribute_context(cx, &raised, object, &cx.names().name);
            Err(raised)
        }
    }
}

fn set_name(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    drop(
        own(cx, object)?
            .name
            .replace(value.map(|value| (*value).clone())),
    );
    Ok(())
}

fn get_abstract(cx: &Context, object: &Object) -> Result<Object> {
    let body = own(cx, object)?;
    for part in [&body.getter, &body.setter, &body.deleter] {
        if let Some(function) = part.get()
            && let Some(value) = cx.find_attribute(&function, &cx.names().isabstract)?
            && cx.truth(&value)?
        {
            return Ok(cx.bool(true));
        }
    }
    Ok(cx.bool(false))
}

native_type! {
    /// The built-in `property`.
    pub static PROPERTY: "property" {
        index: index::PROPERTY,
        base: &builtin::OBJECT,
        layout: figures("property", 64, size_of::<PropertyBody>()),
        body: PropertyBody,
        flags: flags::BASE | flags::COLLECTED,
        slots {
            New => property_new,
            Init => property_init,
            Get => property_get,
            Set => property_set,
            Delete => property_delete,
        },
        methods {
            "getter" => getter,
            "setter" => setter,
            "deleter" => deleter,
            "__set_name__" => set_name_method,
        },
        getsets {
            member "fget" => get_fget;
            member "fset" => get_fset;
            member "fdel" => get_fdel;
            member "__doc__" => get_doc, set_doc;
            "__name__" => get_name, set_name;
            "__isabstractmethod__" => get_abstract;
        },
    }
}
