//! Descriptors of native types: methods, slot wrappers, computed attributes, members of
//! `__slots__`, and built-in functions.

mod function;
mod member;
mod wrapper;

pub use function::{BUILTIN, BuiltinBody, builtin_method, new_builtin};
pub(crate) use function::{constructor_type, new_constructor};
pub(crate) use member::{SharedGetSet, add_slot_members, new_getset, shared_getset};
pub use wrapper::{METHOD_WRAPPER, MethodWrapperBody};
pub(crate) use wrapper::{new_wrapper, wrapper_slot};

use crate::native::{Binding, GetSet, Method, NativeType, figures, flags};
use crate::raw::Type;
use crate::slot_id::{SlotFn, SlotId};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type, text};
use member::{descriptor_delete, descriptor_set, is_shared};
use mortice_gc::Slot;
use mortice_gc::trace::Plain;
use std::cell::Cell;
use wrapper::call_wrapped;

crate::body! {
    /// The body of every descriptor of a native type: where it lives and what it is called.
    pub struct DescriptorBody {
        /// `__objclass__`.
        pub owner: Slot,
        /// `__name__`.
        pub name: Slot,
        kind: Plain<Cell<Option<Kind>>>,
    }
}

/// What a descriptor does.
#[derive(Clone, Copy)]
enum Kind {
    Wrapper(SlotId, SlotFn),
    Method(&'static Method),
    GetSet(&'static GetSet),
    /// A cell of `__slots__`: bytes from the start of the header, and whether items come before.
    Member(u32),
}

fn descriptor_of(object: &Object) -> Option<(&DescriptorBody, Kind)> {
    let body = body::<DescriptorBody>(object)?;
    Some((body, body.kind.0.get()?))
}

fn new_descriptor(
    cx: &Context,
    of: &'static NativeType,
    owner: &Type,
    name: &str,
    kind: Kind,
) -> Result<Object> {
    let object = cx.instance(cx.builtin_ref(of), 0)?;
    if let Some(body) = body::<DescriptorBody>(&object) {
        body.owner.set(owner.object().clone());
        body.name.set(cx.intern(name)?);
        body.kind.0.set(Some(kind));
    }
    Ok(object)
}

/// A method descriptor.
pub(crate) fn new_method(cx: &Context, owner: &Type, method: &'static Method) -> Result<Object> {
    new_descriptor(
        cx,
        &builtin::METHOD_DESCRIPTOR,
        owner,
        method.name,
        Kind::Method(method),
    )
}

/// A class method descriptor.
pub(crate) fn new_class_method(
    cx: &Context,
    owner: &Type,
    method: &'static Method,
) -> Result<Object> {
    new_descriptor(
        cx,
        &builtin::CLASSMETHOD_DESCRIPTOR,
        owner,
        method.name,
        Kind::Method(method),
    )
}

/// The name of any descriptor of this module.
pub fn descriptor_name(object: &Object) -> Option<Object> {
    body::<DescriptorBody>(object)?.name.get()
}

fn check_receiver(cx: &Context, body: &DescriptorBody, receiver: &Object) -> Result<Type> {
    let owner = body.owner.get().and_then(|owner| Type::of(&owner));
    let Some(owner) = owner else {
        return Err(cx.system_error(format_args!("a descriptor without a class")));
    };
    let of = cx.type_of(receiver);
    if of.is_subtype(cx, &owner) {
        return Ok(owner);
    }
    let name = body.name.get();
    Err(cx.type_error(format_args!(
        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
        name.as_ref().and_then(|name| text(name)).unwrap_or("?"),
        crate::class::full_name(cx, &owner),
        cx.type_name(receiver)
    )))
}

/// `descriptor.__get__(instance, owner)` of wrappers, methods, getsets and members.
fn descriptor_get(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some((body, kind)) = descriptor_of(&this) else {
        return Err(cx.type_error(format_args!("a descriptor is required")));
    };
    // Without an owner, None is the instance: see `Context::bind`. A program that gives neither is
    // refused before it gets here.
    let is_bound_none = args.positional().len() == 2;
    let instance = args
        .get(1)
        .filter(|instance| is_bound_none || !cx.is_none(instance));
    let owner = args.get(2).filter(|owner| !cx.is_none(owner));
    if let Kind::Method(method) = kind
        && method.binding == Binding::Class
    {
        let class = match (owner, instance) {
            (Some(owner), _) => (*owner).clone(),
            (None, Some(instance)) => cx.type_of(&instance).into_object(),
            (None, None) => {
                return Err(cx.type_error(format_args!("__get__(None, None) is invalid")));
            }
        };
        check_class_receiver(cx, body, &class)?;
        return new_builtin(cx, method, Some(&class), None);
    }
    let Some(instance) = instance else {
        if owner.is_none() && args.positional().len() > 1 {
            return Err(cx.type_error(format_args!("__get__(None, None) is invalid")));
        }
        return Ok((*this).clone());
    };
    check_receiver(cx, body, &instance)?;
    match kind {
        Kind::Wrapper(..) => {
            let object = cx.instance(cx.builtin_ref(&builtin::METHOD_WRAPPER), 0)?;
            if let Some(wrapper) = self::body::<MethodWrapperBody>(&object) {
                wrapper.receiver.set((*instance).clone());
                wrapper.descriptor.set((*this).clone());
            }
            Ok(object)
        }
        Kind::Method(method) => new_builtin(cx, method, Some(&instance), None),
        Kind::GetSet(getset) => (getset.get)(cx, &instance),
        Kind::Member(offset) => {
            match crate::raw::cell(&instance, offset as usize).and_then(Slot::get) {
                Some(value) => Ok(value),
                None => Err(cx.unset_slot(&instance, body.name.get().as_ref())),
            }
        }
    }
}

fn check_class_receiver(cx: &Context, body: &DescriptorBody, class: &Object) -> Result<()> {
    let owner = body.owner.get().and_then(|owner| Type::of(&owner));
    let name = body.name.get();
    let name = name.as_ref().and_then(|name| text(name)).unwrap_or("?");
    match (Type::of(class), owner) {
        (Some(class), Some(owner)) if class.is_subtype(cx, &owner) => Ok(()),
        (Some(class), Some(owner)) => Err(cx.type_error(format_args!(
            "descriptor '{name}' requires a subtype of '{}' but received '{}'",
            crate::class::full_name(cx, &owner),
            crate::class::full_name(cx, &class)
        ))),
        (_, owner) => Err(cx.type_error(format_args!(
            "descriptor '{name}' for type '{}' needs a type, not a '{}' as arg 2",
            owner
                .map(|owner| crate::class::full_name(cx, &owner))
                .unwrap_or_default(),
            cx.type_name(class)
        ))),
    }
}

impl Context {
    /// The error for a cell of `__slots__` that is unset. Unlike others it tells the class's full name.
    #[cold]
    fn unset_slot(&self, instance: &Object, name: Option<&Object>) -> crate::Raised {
        let class = match self.told_name(instance) {
            Ok(class) => class,
            Err(raised) => return raised,
        };
        let raised = self.attribute_error(format_args!(
            "'{class}' object has no attribute '{}'",
            name.and_then(|name| text(name)).unwrap_or("?")
        ));
        if let Some(name) = name {
            builtin::exception::set_attribute_context(self, &raised, instance, name);
        }
        raised
    }
}

/// Calls a wrapper or method descriptor with the receiver as first argument.
fn descriptor_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some((body, kind)) = descriptor_of(&this) else {
        return Err(cx.type_error(format_args!("a descriptor is required")));
    };
    let rest = args.rest();
    let name = body.name.get();
    let name = name.as_ref().and_then(|name| text(name)).unwrap_or("?");
    let owner = body.owner.get().and_then(|owner| Type::of(&owner));
    let Some(receiver) = rest.get(0) else {
        let owner = owner
            .map(|owner| crate::class::full_name(cx, &owner))
            .unwrap_or_default();
        return Err(match kind {
            Kind::Method(method) if method.binding != Binding::Class => cx.type_error(
                format_args!("unbound method {owner}.{name}() needs an argument"),
            ),
            _ => cx.type_error(format_args!(
                "descriptor '{name}' of '{owner}' object needs an argument"
            )),
        });
    };
    match kind {
        Kind::Wrapper(slot, function) => {
            let owner = owner.unwrap_or_else(|| cx.builtin(&builtin::OBJECT));
            if !cx.type_of(&receiver).is_subtype(cx, &owner) {
                return Err(cx.type_error(format_args!(
                    "descriptor '{name}' requires a '{}' object but received a '{}'",
                    crate::class::full_name(cx, &owner),
                    cx.type_name(&receiver)
                )));
            }
            call_wrapped(cx, slot, function, rest)
        }
        Kind::Method(method) if method.binding == Binding::Class => {
            check_class_receiver(cx, body, &receiver)?;
            (method.function)(cx, rest)
        }
        Kind::Method(method) => {
            check_receiver(cx, body, &receiver)?;
            (method.function)(cx, rest)
        }
        _ => Err(cx.type_error(format_args!(
            "'{}' object is not callable",
            cx.type_name(&this)
        ))),
    }
}

fn owner(cx: &Context, object: &Object) -> Result<Object> {
    Ok(body::<DescriptorBody>(object)
        .and_then(|body| body.owner.get())
        .unwrap_or_else(|| cx.none()))
}

fn name(cx: &Context, object: &Object) -> Result<Object> {
    Ok(descriptor_name(object).unwrap_or_else(|| cx.none()))
}

fn qualname(cx: &Context, object: &Object) -> Result<Object> {
    let owner = owner(cx, object)?;
    let qualname = cx.get_attribute(&owner, &cx.names().qualname)?;
    let name = name(cx, object)?;
    cx.format(format_args!(
        "{}.{}",
        text(&qualname).unwrap_or("?"),
        text(&name).unwrap_or("?")
    ))
}

fn doc(cx: &Context, object: &Object) -> Result<Object> {
    let doc = match descriptor_of(object) {
        Some((_, Kind::Method(method))) => method.doc,
        Some((_, Kind::GetSet(getset))) => getset.doc,
        _ => "",
    };
    if doc.is_empty() {
        Ok(cx.none())
    } else {
        cx.string(doc)
    }
}

fn descriptor_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (owner, name) = (owner(cx, &this)?, name(cx, &this)?);
    let owner = Type::of(&owner)
        .map(|owner| crate::class::full_name(cx, &owner))
        .unwrap_or_default();
    let name = text(&name).unwrap_or("?");
    match descriptor_of(&this) {
        Some((_, Kind::Wrapper(..))) => {
            cx.format(format_args!("<slot wrapper '{name}' of '{owner}' objects>"))
        }
        Some((_, Kind::Method(_))) => {
            cx.format(format_args!("<method '{name}' of '{owner}' objects>"))
        }
        _ if is_shared(cx, &this) => cx.format(format_args!("<attribute '{name}'>")),
        Some((_, Kind::GetSet(getset))) if !getset.member => {
            cx.format(format_args!("<attribute '{name}' of '{owner}' objects>"))
        }
        _ => cx.format(format_args!("<member '{name}' of '{owner}' objects>")),
    }
}

macro_rules! descriptor_type {
    ($(#[$doc:meta])* $name:ident $text:literal $index:ident $size:literal $flags:expr, { $($slots:tt)* }) => {
        native_type! {
            $(#[$doc])*
            pub static $name: $text {
                index: index::$index,
                base: &builtin::OBJECT,
                layout: figures($text, $size, size_of::<DescriptorBody>()),
                body: DescriptorBody,
                flags: flags::COLLECTED | $flags,
                slots { Repr => descriptor_repr, Get => descriptor_get, $($slots)* },
                methods {},
                getsets {
                    member "__objclass__" => owner;
                    member "__name__" => name;
                    "__qualname__" => qualname;
                    "__doc__" => doc;
                },
            }
        }
    };
}

descriptor_type! {
    /// A type slot seen as a special method.
    WRAPPER_DESCRIPTOR "wrapper_descriptor" WRAPPER_DESCRIPTOR 56 flags::METHOD_DESCRIPTOR,
    { Call => descriptor_call, }
}
descriptor_type! {
    /// A method of a native type.
    METHOD_DESCRIPTOR "method_descriptor" METHOD_DESCRIPTOR 56 flags::METHOD_DESCRIPTOR | flags::VECTORCALL,
    { Call => descriptor_call, }
}
descriptor_type! {
    /// A class method of a native type.
    CLASSMETHOD_DESCRIPTOR "classmethod_descriptor" CLASSMETHOD_DESCRIPTOR 56 0,
    { Call => descriptor_call, }
}
descriptor_type! {
    /// A computed attribute of a native type.
    GETSET_DESCRIPTOR "getset_descriptor" GETSET_DESCRIPTOR 56 0,
    { Set => descriptor_set, Delete => descriptor_delete, }
}
descriptor_type! {
    /// A field of a native type, or a cell of `__slots__`.
    MEMBER_DESCRIPTOR "member_descriptor" MEMBER_DESCRIPTOR 56 0,
    { Set => descriptor_set, Delete => descriptor_delete, }
}
