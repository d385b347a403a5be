//! `super`: attribute look-up that starts behind a class in the MRO.

use crate::format::TypeName;
use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{
    Args, Context, Object, Result, SlotId, body, builtin, index, native_type, text, tuple_items,
};
use mortice_gc::Slot;

crate::body! {
    /// The body of a super object.
    pub struct SuperBody {
        /// `__thisclass__`.
        pub class: Slot,
        /// `__self__`.
        pub object: Slot,
        /// `__self_class__`.
        pub object_type: Slot,
    }
}

/// `super(class, object)`.
///
/// # Errors
///
/// TypeError where the object is neither an instance nor a subclass.
pub fn new_super(cx: &Context, class: &Object, object: &Object) -> Result<Object> {
    let this = cx.instance(cx.builtin_ref(&SUPER), 0)?;
    bind(cx, &this, class, Some(object))?;
    Ok(this)
}

fn bind(cx: &Context, this: &Object, class: &Object, object: Option<&Object>) -> Result<()> {
    let Some(body) = body::<SuperBody>(this) else {
        return Ok(());
    };
    let Some(start) = Type::of(class) else {
        return Err(cx.type_error(format_args!(
            "super() argument 1 must be a type, not {}",
            cx.type_name(class)
        )));
    };
    let object = object.filter(|object| !cx.is_none(object));
    if let Some(object) = object {
        let of = check(cx, &start, object)?;
        body.object.set(object.clone());
        body.object_type.set(of.into_object());
    }
    body.class.set(class.clone());
    Ok(())
}

/// Unlike [`Type::is_subtype`] this asks the MRO even about the class itself: a metaclass's `mro()`
/// can leave it out.
fn has_in_mro(cx: &Context, class: &Type, start: &Type) -> bool {
    match class.mro(cx) {
        Some(mro) => tuple_items(&mro)
            .is_some_and(|classes| classes.iter().any(|entry| entry.is(start.object()))),
        None => class.is_subtype(cx, start),
    }
}

fn check(cx: &Context, start: &Type, object: &Object) -> Result<Type> {
    if let Some(class) = Type::of(object)
        && has_in_mro(cx, &class, start)
    {
        return Ok(class);
    }
    let of = cx.type_of(object);
    if has_in_mro(cx, &of, start) {
        return Ok(of);
    }
    if let Some(claimed) = cx.find_attribute(object, &cx.names().class)?
        && let Some(claimed) = Type::of(&claimed)
        && claimed.is_subtype(cx, start)
    {
        return Ok(claimed);
    }
    let (what, name) = match Type::of(object) {
        Some(class) => ("type", TypeName::of(cx, &class)),
        None => ("instance of", TypeName::of(cx, &of)),
    };
    let start_name = TypeName::of(cx, start);
    Err(cx.type_error(format_args!(
        "super(type, obj): obj ({what} {name}) is not an instance or subtype of type ({start_name})."
    )))
}

fn super_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    match Type::of(&args.receiver()) {
        Some(of) => cx.instance(&of, 0),
        None => Err(cx.type_error(format_args!("super.__new__(X): X is not a type object"))),
    }
}

fn super_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let rest = args.rest();
    rest.no_keywords(cx, "super")?;
    let given = rest.positional().len();
    if given > 2 && !cx.is_exactly(&this, &SUPER) {
        return Err(cx.type_error(format_args!(
            "super() takes at most 2 arguments ({given} given)"
        )));
    }
    match rest.between(cx, "super()", 0, 2)? {
        [] => {
            let Some((class, object)) = cx.implicit_super()? else {
                return Err(cx.runtime_error(format_args!("super(): no current frame")));
            };
            bind(cx, &this, &class, Some(&object))?;
        }
        [class] => bind(cx, &this, class, None)?,
        [class, object, ..] => bind(cx, &this, class, Some(object))?,
    }
    Ok(cx.none())
}

/// Finds an attribute for a super object without making one.
///
/// # Errors
///
/// What the look-up and binding raise; `None` where nothing stands behind the class.
pub fn super_attribute(
    cx: &Context,
    class: &Object,
    object: &Object,
    of: &Type,
    name: &Object,
) -> Result<Option<Object>> {
    let Some(mro) = of.mro(cx) else {
        return Ok(None);
    };
    let classes = tuple_items(&mro).unwrap_or_default();
    let Some(at) = classes.iter().position(|entry| entry.is(class)) else {
        return Ok(None);
    };
    for entry in &classes[at + 1..] {
        let Some(namespace) = Type::view(entry).and_then(|entry| entry.namespace(cx)) else {
            continue;
        };
        let Some(found) = namespace.get(cx, name)? else {
            continue;
        };
        return match cx.slot_of(&found, SlotId::Get) {
            Some(getter) => {
                let instance = if object.is(of.object()) {
                    None
                } else {
                    Some(object)
                };
                cx.bind(getter, &found, instance, of).map(Some)
            }
            None => Ok(Some(found)),
        };
    }
    Ok(None)
}

fn super_getattribute(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name] = args.exactly::<2>(cx, "__getattribute__")?;
    builtin::object::check_name(cx, &name)?;
    let parts = body::<SuperBody>(&this).and_then(|body| {
        Some((
            body.class.get()?,
            body.object.get()?,
            body.object_type.get()?,
        ))
    });
    if let Some((class, object, of)) = &parts
        && text(&name) != Some("__class__")
        && let Some(of) = Type::of(of)
        && let Some(found) = super_attribute(cx, class, object, &of, &name)?
    {
        return Ok(found);
    }
    cx.generic_get(&this, &name)
}

fn super_get(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(object) = args.get(1).filter(|object| !cx.is_none(object)) else {
        return Ok((*this).clone());
    };
    let Some(body) = body::<SuperBody>(&this) else {
        return Ok((*this).clone());
    };
    if body.object.is_some() {
        return Ok((*this).clone());
    }
    let Some(class) = body.class.get() else {
        return Ok((*this).clone());
    };
    if !cx.is_exactly(&this, &SUPER) {
        return cx.call(cx.type_of(&this).object(), &[class.borrow(), object]);
    }
    new_super(cx, &class, &object)
}

fn super_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<SuperBody>(&this) else {
        return cx.string("<super: NULL, NULL>");
    };
    let class = body
        .class
        .get()
        .and_then(|class| Type::of(&class))
        .map(|class| class.name(cx));
    let class = class.as_ref().and_then(|name| text(name)).unwrap_or("NULL");
    match body
        .object_type
        .get()
        .and_then(|of| Type::of(&of))
        .map(|of| of.name(cx))
    {
        Some(name) => {
            let name = text(&name).unwrap_or("?");
            cx.format(format_args!("<super: <class '{class}'>, <{name} object>>"))
        }
        None => cx.format(format_args!("<super: <class '{class}'>, NULL>")),
    }
}

fn get_class(cx: &Context, object: &Object) -> Result<Object> {
    Ok(body::<SuperBody>(object)
        .and_then(|body| body.class.get())
        .unwrap_or_else(|| cx.none()))
}

fn get_object(cx: &Context, object: &Object) -> Result<Object> {
    Ok(body::<SuperBody>(object)
        .and_then(|body| body.object.get())
        .unwrap_or_else(|| cx.none()))
}

fn get_object_type(cx: &Context, object: &Object) -> Result<Object> {
    Ok(body::<SuperBody>(object)
        .and_then(|body| body.object_type.get())
        .unwrap_or_else(|| cx.none()))
}

native_type! {
    /// The built-in `super`.
    pub static SUPER: "super" {
        index: index::SUPER,
        base: &builtin::OBJECT,
        layout: figures("super", 40, size_of::<SuperBody>()),
        body: SuperBody,
        flags: flags::BASE | flags::COLLECTED,
        doc: "Attribute access that starts behind a class in the MRO.",
        slots {
            New => super_new,
            Init => super_init,
            Repr => super_repr,
            GetAttribute => super_getattribute,
            Get => super_get,
        },
        methods {},
        getsets {
            member "__thisclass__" => get_class;
            member "__self__" => get_object;
            member "__self_class__" => get_object_type;
        },
    }
}
