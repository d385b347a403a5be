//! Descriptors of native types: methods, slot wrappers, computed attributes, members of
//! `__slots__`, and built-in functions.

use crate::layout::{Native, Storage};
use crate::native::{Binding, GetSet, Method, NativeType, figures, flags};
use crate::raw::Type;
use crate::slot_id::{DISPATCH, SlotFn, SlotId};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type, text};
use mortice_gc::Slot;
use mortice_gc::trace::Plain;
use std::cell::Cell;

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

crate::body! {
    /// The body of a built-in function: a method bound to its receiver, or a module's function.
    pub struct BuiltinBody {
        /// `__self__`; the module for functions.
        pub receiver: Slot,
        /// `__module__`.
        pub module: Slot,
        /// Whose constructor this is, for `__new__`.
        constructs: Slot,
        method: Plain<Cell<Option<&'static Method>>>,
    }
}

crate::body! {
    /// The body of a slot wrapper bound to its receiver.
    pub struct MethodWrapperBody {
        /// `__self__`.
        pub receiver: Slot,
        /// The wrapper descriptor.
        pub descriptor: Slot,
    }
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

/// A wrapper descriptor of a slot.
pub(crate) fn new_wrapper(
    cx: &Context,
    owner: &Type,
    slot: SlotId,
    function: SlotFn,
) -> Result<Object> {
    new_descriptor(
        cx,
        &builtin::WRAPPER_DESCRIPTOR,
        owner,
        slot.name(),
        Kind::Wrapper(slot, function),
    )
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

/// A descriptor of a computed attribute.
pub(crate) fn new_getset(cx: &Context, owner: &Type, getset: &'static GetSet) -> Result<Object> {
    let of = if getset.member {
        &builtin::MEMBER_DESCRIPTOR
    } else {
        &builtin::GETSET_DESCRIPTOR
    };
    new_descriptor(cx, of, owner, getset.name, Kind::GetSet(getset))
}

/// The descriptors that all classes share.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SharedGetSet {
    /// `__dict__`.
    Dict,
    /// `__weakref__`.
    Weakref,
}

/// The descriptor of `__dict__` or `__weakref__`: the same one for all classes that bring it.
pub(crate) fn shared_getset(cx: &Context, which: SharedGetSet) -> Result<Object> {
    let slot = &cx.shared_getsets[which as usize];
    if let Some(known) = slot.get() {
        return Ok(known);
    }
    let getset = match which {
        SharedGetSet::Dict => &builtin::object::DICT_GETSET,
        SharedGetSet::Weakref => &builtin::object::WEAKREF_GETSET,
    };
    let made = new_getset(cx, cx.builtin_ref(&builtin::OBJECT), getset)?;
    slot.set(made.clone());
    Ok(made)
}

fn is_shared(cx: &Context, descriptor: &Object) -> bool {
    cx.shared_getsets.iter().any(|slot| slot.holds(descriptor))
}

/// Adds a member descriptor for each slot that a class brings.
pub(crate) fn add_slot_members(cx: &Context, class: &Type) -> Result<()> {
    let Some(layout) = class.state(cx).layout.0.get() else {
        return Ok(());
    };
    for slot in layout.own_slots() {
        if slot.repeated {
            continue;
        }
        let name = layout.slot_name(slot);
        let offset = Kind::Member(slot.place.offset as u32);
        let member = new_descriptor(cx, &builtin::MEMBER_DESCRIPTOR, class, name, offset)?;
        class.define(cx, name, member)?;
    }
    Ok(())
}

/// The slot and function of a wrapper descriptor.
pub(crate) fn wrapper_slot(object: &Object) -> Option<(SlotId, SlotFn)> {
    match descriptor_of(object)?.1 {
        Kind::Wrapper(slot, function) => Some((slot, function)),
        _ => None,
    }
}

/// The name of any descriptor of this module.
pub fn descriptor_name(object: &Object) -> Option<Object> {
    body::<DescriptorBody>(object)?.name.get()
}

/// Makes a built-in function.
pub fn new_builtin(
    cx: &Context,
    method: &'static Method,
    receiver: Option<&Object>,
    module: Option<&Object>,
) -> Result<Object> {
    let object = cx.instance(cx.builtin_ref(&builtin::BUILTIN), 0)?;
    if let Some(body) = body::<BuiltinBody>(&object) {
        if let Some(receiver) = receiver {
            body.receiver.set(receiver.clone());
        }
        if let Some(module) = module {
            body.module.set(module.clone());
        }
        body.method.0.set(Some(method));
    }
    Ok(object)
}

static NEW_METHOD: Method = Method {
    name: "__new__",
    function: |cx, _| Err(cx.type_error(format_args!("__new__ without a type"))),
    binding: Binding::Static,
    doc: "Create and return a new object.",
};

/// The `__new__` in a native type's namespace.
pub(crate) fn new_constructor(cx: &Context, of: &Type) -> Result<Object> {
    let object = new_builtin(cx, &NEW_METHOD, Some(of.object()), None)?;
    if let Some(body) = body::<BuiltinBody>(&object) {
        body.constructs.set(of.object().clone());
    }
    Ok(object)
}

/// The type whose native constructor this is.
pub(crate) fn constructor_type(object: &Object) -> Option<Type> {
    Type::of(&body::<BuiltinBody>(object)?.constructs.get()?)
}

/// The method behind a built-in function.
pub fn builtin_method(object: &Object) -> Option<&'static Method> {
    body::<BuiltinBody>(object)?.method.0.get()
}

/// `T.__new__(S, …)`: the checks of CPython's `tp_new_wrapper`.
fn call_constructor(cx: &Context, of: &Type, args: Args<'_>) -> Result<Object> {
    let own_name = crate::class::full_name(cx, of);
    let Some(first) = args.get(0) else {
        return Err(cx.type_error(format_args!("{own_name}.__new__(): not enough arguments")));
    };
    let Some(subtype) = Type::of(&first) else {
        return Err(cx.type_error(format_args!(
            "{own_name}.__new__(X): X is not a type object ({})",
            cx.type_name(&first)
        )));
    };
    let sub_name = crate::class::full_name(cx, &subtype);
    if !subtype.is_subtype(cx, of) {
        return Err(cx.type_error(format_args!(
            "{own_name}.__new__({sub_name}): {sub_name} is not a subtype of {own_name}"
        )));
    }
    let dispatch = DISPATCH[SlotId::New as usize] as usize;
    let mut solid = Some(subtype.clone());
    while let Some(at) = &solid
        && at.slot(SlotId::New).map(|new| new as usize) == Some(dispatch)
    {
        solid = at.base(cx);
    }
    if let Some(solid) = solid
        && solid.slot(SlotId::New).map(|new| new as usize)
            != of.slot(SlotId::New).map(|new| new as usize)
    {
        let solid_name = crate::class::full_name(cx, &solid);
        return Err(cx.type_error(format_args!(
            "{own_name}.__new__({sub_name}) is not safe, use {solid_name}.__new__()"
        )));
    }
    match of.slot(SlotId::New) {
        Some(new) => new(cx, args),
        None => Err(cx.type_error(format_args!("cannot create '{own_name}' instances"))),
    }
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
    #[cold]
    fn unset_slot(&self, instance: &Object, name: Option<&Object>) -> crate::Raised {
        match name {
            Some(name) => self.no_attribute(instance, name),
            None => self.attribute_error(format_args!("unset slot")),
        }
    }
}

/// `descriptor.__set__(instance, value)` of getsets and members.
fn descriptor_set(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [_, instance, value] = args.exactly::<3>(cx, "__set__")?;
    write(cx, &args.receiver(), &instance, Some(value))
}

/// `descriptor.__delete__(instance)` of getsets and members.
fn descriptor_delete(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [_, instance] = args.exactly::<2>(cx, "__delete__")?;
    write(cx, &args.receiver(), &instance, None)
}

fn write(
    cx: &Context,
    this: &Object,
    instance: &Object,
    value: Option<crate::Borrowed<'_>>,
) -> Result<Object> {
    let Some((body, kind)) = descriptor_of(this) else {
        return Err(cx.type_error(format_args!("a descriptor is required")));
    };
    let owner = check_receiver(cx, body, instance)?;
    let name = body.name.get();
    match kind {
        Kind::GetSet(getset) => match getset.set {
            Some(set) => set(cx, instance, value)?,
            None if getset.member => {
                return Err(cx.attribute_error(format_args!("readonly attribute")));
            }
            None => {
                return Err(cx.attribute_error(format_args!(
                    "attribute '{}' of '{}' objects is not writable",
                    getset.name,
                    crate::class::full_name(cx, &owner)
                )));
            }
        },
        Kind::Member(offset) => {
            let Some(cell) = crate::raw::cell(instance, offset as usize) else {
                return Err(cx.system_error(format_args!("a slot outside the object")));
            };
            match value {
                Some(value) => cell.set((*value).clone()),
                None => {
                    if cell.take().is_none() {
                        let name = name.as_ref().and_then(|name| text(name)).unwrap_or("?");
                        return Err(cx.attribute_error(format_args!("{name}")));
                    }
                }
            }
        }
        _ => return Err(cx.attribute_error(format_args!("not writable"))),
    }
    Ok(cx.none())
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

/// Number of arguments that a slot's special method takes, the receiver included; `None` for any.
fn arity(slot: SlotId) -> Option<(usize, usize)> {
    Some(match slot {
        SlotId::New | SlotId::Init | SlotId::Call => return None,
        SlotId::Get => (2, 3),
        SlotId::SetAttr | SlotId::Set | SlotId::SetItem => (3, 3),
        SlotId::Pow | SlotId::RPow => (2, 3),
        SlotId::Del
        | SlotId::Repr
        | SlotId::Str
        | SlotId::Hash
        | SlotId::Iter
        | SlotId::Next
        | SlotId::Len
        | SlotId::Bool
        | SlotId::Int
        | SlotId::Float
        | SlotId::Index
        | SlotId::Neg
        | SlotId::Pos
        | SlotId::Abs
        | SlotId::Invert => (1, 1),
        _ => (2, 2),
    })
}

/// Calls a slot function as its special method: counts arguments, and turns the end of an iterator
/// into StopIteration.
fn call_wrapped(cx: &Context, slot: SlotId, function: SlotFn, args: Args<'_>) -> Result<Object> {
    if let Some((least, most)) = arity(slot) {
        if args.has_keywords() {
            return Err(cx.type_error(format_args!(
                "wrapper {}() takes no keyword arguments",
                slot.name()
            )));
        }
        let given = args.positional().len();
        if given < least || given > most {
            let (least, given) = (least - 1, given - 1);
            let plural = if least == 1 { "" } else { "s" };
            return Err(if most == least + 1 {
                cx.type_error(format_args!(
                    "expected {least} argument{plural}, got {given}"
                ))
            } else {
                cx.type_error(format_args!(
                    "{} expected at {} {} argument{}, got {given}",
                    slot.name(),
                    if given < least { "least" } else { "most" },
                    if given < least { least } else { most - 1 },
                    if (if given < least { least } else { most - 1 }) == 1 {
                        ""
                    } else {
                        "s"
                    },
                ))
            });
        }
    }
    if slot == SlotId::Get {
        let absent = |index| args.get(index).is_none_or(|value| cx.is_none(&value));
        if absent(1) && absent(2) {
            return Err(cx.type_error(format_args!("__get__(None, None) is invalid")));
        }
    }
    let result = function(cx, args)?;
    if slot == SlotId::Next && cx.is_exhausted(&result) {
        return Err(cx.stop_iteration(None));
    }
    Ok(result)
}

fn method_wrapper_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let parts = body::<MethodWrapperBody>(&this)
        .and_then(|body| Some((body.receiver.get()?, body.descriptor.get()?)));
    let Some((receiver, descriptor)) = parts else {
        return Err(cx.type_error(format_args!("a method-wrapper is required")));
    };
    let Some((slot, function)) = wrapper_slot(&descriptor) else {
        return Err(cx.system_error(format_args!("a method-wrapper without a slot")));
    };
    let values = args.values();
    let mut with = allocator_api2::vec::Vec::new_in(cx.memory());
    with.try_reserve_exact(values.len())
        .map_err(|_| cx.out_of_memory())?;
    with.extend_from_slice(values);
    with[0] = receiver.borrow();
    call_wrapped(cx, slot, function, Args::with_names(&with, args.names()))
}

fn builtin_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(function) = body::<BuiltinBody>(&this) else {
        return Err(cx.type_error(format_args!("a built-in function is required")));
    };
    if let Some(of) = function.constructs.get().and_then(|of| Type::of(&of)) {
        return call_constructor(cx, &of, args.rest());
    }
    let Some(method) = function.method.0.get() else {
        return Err(cx.system_error(format_args!("a built-in function without code")));
    };
    match (method.binding, function.receiver.get()) {
        (Binding::Static, _) | (_, None) => (method.function)(cx, args.rest()),
        (_, Some(receiver)) => {
            let values = args.values();
            let mut with = allocator_api2::vec::Vec::new_in(cx.memory());
            with.try_reserve_exact(values.len())
                .map_err(|_| cx.out_of_memory())?;
            with.extend_from_slice(values);
            with[0] = receiver.borrow();
            (method.function)(cx, Args::with_names(&with, args.names()))
        }
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

fn method_wrapper_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let name = wrapper_part(&this, true).and_then(|descriptor| descriptor_name(&descriptor));
    let receiver = wrapper_part(&this, false).unwrap_or_else(|| cx.none());
    cx.format(format_args!(
        "<method-wrapper '{}' of {} object at {:#x}>",
        name.as_ref().and_then(|name| text(name)).unwrap_or("?"),
        cx.type_name(&receiver),
        receiver.address()
    ))
}

fn wrapper_part(object: &Object, descriptor: bool) -> Option<Object> {
    let body = body::<MethodWrapperBody>(object)?;
    if descriptor {
        body.descriptor.get()
    } else {
        body.receiver.get()
    }
}

fn builtin_name(cx: &Context, object: &Object) -> Result<Object> {
    cx.intern(builtin_method(object).map_or("?", |method| method.name))
}

fn builtin_self(cx: &Context, object: &Object) -> Result<Object> {
    Ok(body::<BuiltinBody>(object)
        .and_then(|body| body.receiver.get())
        .unwrap_or_else(|| cx.none()))
}

fn builtin_qualname(cx: &Context, object: &Object) -> Result<Object> {
    let name = builtin_name(cx, object)?;
    let receiver = builtin_self(cx, object)?;
    if cx.is_none(&receiver) || cx.is_instance_of(&receiver, &builtin::MODULE) {
        return Ok(name);
    }
    let of = Type::of(&receiver).unwrap_or_else(|| cx.type_of(&receiver));
    let qualname = of.state(cx).qualname.get().unwrap_or_else(|| of.name(cx));
    cx.format(format_args!(
        "{}.{}",
        text(&qualname).unwrap_or("?"),
        text(&name).unwrap_or("?")
    ))
}

fn builtin_module(cx: &Context, object: &Object) -> Result<Object> {
    Ok(body::<BuiltinBody>(object)
        .and_then(|body| body.module.get())
        .unwrap_or_else(|| cx.none()))
}

fn builtin_doc(cx: &Context, object: &Object) -> Result<Object> {
    match builtin_method(object).map(|method| method.doc) {
        None | Some("") => Ok(cx.none()),
        Some(doc) => cx.string(doc),
    }
}

fn builtin_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let name = builtin_name(cx, &this)?;
    let name = text(&name).unwrap_or("?");
    let receiver = builtin_self(cx, &this)?;
    if cx.is_none(&receiver) || cx.is_instance_of(&receiver, &builtin::MODULE) {
        return cx.format(format_args!("<built-in function {name}>"));
    }
    cx.format(format_args!(
        "<built-in method {name} of {} object at {:#x}>",
        cx.type_name(&receiver),
        receiver.address()
    ))
}

fn compare_builtins(cx: &Context, args: Args<'_>, equal: bool) -> Result<Object> {
    let (this, Some(other)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    let (Some(a), Some(b)) = (body::<BuiltinBody>(&this), body::<BuiltinBody>(&other)) else {
        return Ok(cx.not_implemented());
    };
    let same_method = match (a.method.0.get(), b.method.0.get()) {
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        _ => false,
    };
    let same_receiver = match (a.receiver.get(), b.receiver.get()) {
        (Some(a), Some(b)) => a.is(&b),
        (None, None) => true,
        _ => false,
    };
    Ok(cx.bool((same_method && same_receiver) == equal))
}

fn builtin_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare_builtins(cx, args, true)
}

fn builtin_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare_builtins(cx, args, false)
}

fn builtin_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let receiver = builtin_self(cx, &this)?.address();
    let method = builtin_method(&this).map_or(0, |method| std::ptr::from_ref(method) as usize);
    cx.int(((receiver >> 4) ^ (method >> 4)) as i64)
}

fn wrapper_self(cx: &Context, object: &Object) -> Result<Object> {
    Ok(wrapper_part(object, false).unwrap_or_else(|| cx.none()))
}

fn wrapper_name(cx: &Context, object: &Object) -> Result<Object> {
    Ok(wrapper_part(object, true)
        .and_then(|descriptor| descriptor_name(&descriptor))
        .unwrap_or_else(|| cx.none()))
}

fn wrapper_owner(cx: &Context, object: &Object) -> Result<Object> {
    match wrapper_part(object, true) {
        Some(descriptor) => owner(cx, &descriptor),
        None => Ok(cx.none()),
    }
}

fn wrapper_qualname(cx: &Context, object: &Object) -> Result<Object> {
    match wrapper_part(object, true) {
        Some(descriptor) => qualname(cx, &descriptor),
        None => Ok(cx.none()),
    }
}

fn wrapper_compare(cx: &Context, args: Args<'_>, wanted: bool) -> Result<Object> {
    let (this, Some(other)) = (args.receiver(), args.get(1)) else {
        return Ok(cx.not_implemented());
    };
    let part = |object: &Object| Some((wrapper_part(object, false)?, wrapper_part(object, true)?));
    match (part(&this), part(&other)) {
        (Some(a), Some(b)) => Ok(cx.bool((a.0.is(&b.0) && a.1.is(&b.1)) == wanted)),
        _ => Ok(cx.not_implemented()),
    }
}

fn wrapper_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    wrapper_compare(cx, args, true)
}

fn wrapper_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    wrapper_compare(cx, args, false)
}

fn wrapper_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let part = |descriptor| wrapper_part(&this, descriptor).map_or(0, |part| part.address());
    cx.int(((part(false) >> 4) ^ (part(true) >> 5)) as i64)
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

native_type! {
    /// A slot wrapper bound to its receiver.
    pub static METHOD_WRAPPER: "method-wrapper" {
        index: index::METHOD_WRAPPER,
        base: &builtin::OBJECT,
        layout: figures("method-wrapper", 32, size_of::<MethodWrapperBody>()),
        body: MethodWrapperBody,
        flags: flags::COLLECTED,
        slots {
            Repr => method_wrapper_repr,
            Call => method_wrapper_call,
            Eq => wrapper_eq,
            Ne => wrapper_ne,
            Hash => wrapper_hash,
        },
        methods {},
        getsets {
            member "__self__" => wrapper_self;
            "__objclass__" => wrapper_owner;
            "__name__" => wrapper_name;
            "__qualname__" => wrapper_qualname;
        },
    }
}

const BUILTIN_LAYOUT: Native = Native {
    weaklistoffset: 40,
    weakref: Storage::Managed,
    ..figures("builtin_function_or_method", 56, size_of::<BuiltinBody>())
};

native_type! {
    /// A function written in Rust.
    pub static BUILTIN: "builtin_function_or_method" {
        index: index::BUILTIN,
        base: &builtin::OBJECT,
        layout: BUILTIN_LAYOUT,
        body: BuiltinBody,
        flags: flags::COLLECTED | flags::VECTORCALL,
        slots {
            Repr => builtin_repr,
            Call => builtin_call,
            Eq => builtin_eq,
            Ne => builtin_ne,
            Hash => builtin_hash,
        },
        methods {},
        getsets {
            "__name__" => builtin_name;
            "__qualname__" => builtin_qualname;
            "__self__" => builtin_self;
            "__doc__" => builtin_doc;
            member "__module__" => builtin_module;
        },
    }
}
