//! `object`: what every class inherits.

use crate::builtin::{self, dict};
use crate::native::{GetSet, figures, flags};
use crate::raw::Type;
use crate::slot_id::SlotId;
use crate::{Args, Borrowed, Context, Object, Result, index, native_type, text};

/// The `__dict__` attribute of classes that bring one.
pub(crate) static DICT_GETSET: GetSet = GetSet {
    name: "__dict__",
    get: get_dict_of_class,
    set: Some(set_dict_of_class),
    member: false,
    doc: "dictionary for instance variables",
};

/// The `__weakref__` attribute of classes that bring it.
pub(crate) static WEAKREF_GETSET: GetSet = GetSet {
    name: "__weakref__",
    get: get_weakref,
    set: None,
    member: false,
    doc: "list of weak references to the object",
};

/// What the built-in base of an object's class that has a dict gives as `__dict__`, if there is one: for a
/// class or a module that is something else than the dict of an instance, and cannot be replaced.
fn built_in_dict(cx: &Context, object: &Object) -> Result<Option<Object>> {
    let mut class = cx.type_of(object);
    loop {
        let layout = class.state(cx).layout.0.get();
        if class.is_static() && layout.is_some_and(|layout| layout.dictoffset() != 0) {
            let found = class.lookup(cx, &cx.intern("__dict__")?)?;
            return match found.filter(|found| cx.is_data_descriptor(found)) {
                Some(found) => Ok(Some(found)),
                None => Err(no_dict(cx)),
            };
        }
        match class.base(cx) {
            Some(base) => class = base,
            None => return Ok(None),
        }
    }
}

#[cold]
fn no_dict(cx: &Context) -> crate::Raised {
    cx.attribute_error(format_args!("This object has no __dict__"))
}

fn get_dict_of_class(cx: &Context, object: &Object) -> Result<Object> {
    let Some(descriptor) = built_in_dict(cx, object)? else {
        return get_dict(cx, object);
    };
    match cx.slot_of(&descriptor, SlotId::Get) {
        Some(getter) => cx.bind(getter, &descriptor, Some(object), &cx.type_of(object)),
        None => Err(no_dict(cx)),
    }
}

fn set_dict_of_class(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let Some(descriptor) = built_in_dict(cx, object)? else {
        return set_dict(cx, object, value);
    };
    let slot = match value {
        Some(_) => SlotId::Set,
        None => SlotId::Delete,
    };
    let Some(setter) = cx.slot_of(&descriptor, slot) else {
        return Err(no_dict(cx));
    };
    let (descriptor, object) = (descriptor.borrow(), object.borrow());
    match value {
        Some(value) => setter(cx, Args::new(&[descriptor, object, value])),
        None => setter(cx, Args::new(&[descriptor, object])),
    }?;
    Ok(())
}

/// Reads an instance's `__dict__`, which is made on demand.
pub fn get_dict(cx: &Context, object: &Object) -> Result<Object> {
    match cx.ensure_dict(object)? {
        Some(dict) => Ok(dict),
        None => Err(no_dict(cx)),
    }
}

/// Replaces an instance's `__dict__`.
pub fn set_dict(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let Some(slot) = object.dict_slot().filter(|_| cx.has_dict(object)) else {
        return Err(no_dict(cx));
    };
    match value {
        Some(value) => {
            if dict::view(&value).is_none() {
                return Err(cx.type_error(format_args!(
                    "__dict__ must be set to a dictionary, not a '{}'",
                    cx.type_name(&value)
                )));
            }
            slot.set((*value).clone());
        }
        None => drop(slot.take()),
    }
    Ok(())
}

/// Replaces the `__dict__` of an instance that cannot do without: those of built-in types.
pub fn replace_dict(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    match value {
        Some(_) => set_dict(cx, object, value),
        None => Err(cx.type_error(format_args!("cannot delete __dict__"))),
    }
}

fn get_weakref(cx: &Context, object: &Object) -> Result<Object> {
    if cx.flags_of(object) & flags::HAS_WEAKREF == 0 || !object.has_prefix() {
        return Err(cx.attribute_error(format_args!("This object has no __weakref__")));
    }
    Ok(mortice_gc::weak::nth(object, 0).unwrap_or_else(|| cx.none()))
}

/// The repr that objects have by default.
pub fn default_repr(cx: &Context, object: &Object) -> Result<Object> {
    let of = cx.type_of(object);
    let name = qualified_name(cx, &of)?;
    cx.format(format_args!(
        "<{} object at {:#x}>",
        text(&name).unwrap_or("?"),
        object.address()
    ))
}

/// `module.qualname` of a type, without the module for built-in types.
pub fn qualified_name(cx: &Context, of: &Type) -> Result<Object> {
    let qualname = of.state(cx).qualname.get().unwrap_or_else(|| of.name(cx));
    let module = builtin::type_object::module_name(cx, of)?;
    match module.as_ref().and_then(|module| text(module)) {
        Some(module) if module != "builtins" => {
            cx.format(format_args!("{module}.{}", text(&qualname).unwrap_or("?")))
        }
        // CPython shows `tp_name`, which follows `__name__` and not `__qualname__`.
        _ => Ok(of.name(cx)),
    }
}

/// `module.qualname` of a class, without the modules that need not be told: that of built-in types, and the
/// program's own.
///
/// # Errors
///
/// AttributeError where the class has no `__module__`.
pub fn told_name(cx: &Context, of: &Type) -> Result<Object> {
    let qualname = of.state(cx).qualname.get().unwrap_or_else(|| of.name(cx));
    let module = builtin::type_object::module_name(cx, of)?;
    if module.is_none() {
        return Err(cx.attribute_error(format_args!("__module__")));
    }
    match module.as_ref().and_then(|module| text(module)) {
        Some(module) if module != "builtins" && module != "__main__" => {
            cx.format(format_args!("{module}.{}", text(&qualname).unwrap_or("?")))
        }
        _ => Ok(qualname),
    }
}

fn object_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    default_repr(cx, &args.receiver())
}

/// What the type's `__repr__` gives; whether it is a `str` is for the caller to check.
fn object_str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    match cx.unary(&this, SlotId::Repr) {
        Some(result) => result,
        None => default_repr(cx, &this),
    }
}

fn object_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int((args.receiver().address() >> 4) as i64)
}

fn object_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    match args.get(1) {
        Some(other) if args.receiver().is(&other) => Ok(cx.bool(true)),
        _ => Ok(cx.not_implemented()),
    }
}

/// `!=` inverts what the type's `==` says.
pub(crate) fn object_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    match cx.slot_of(&this, SlotId::Eq) {
        Some(function) => {
            let result = function(cx, args)?;
            if cx.is_not_implemented(&result) {
                return Ok(result);
            }
            Ok(cx.bool(!cx.truth(&result)?))
        }
        None => Ok(cx.not_implemented()),
    }
}

pub(crate) fn object_order(cx: &Context, _: Args<'_>) -> Result<Object> {
    Ok(cx.not_implemented())
}

fn object_getattribute(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name] = args.exactly::<2>(cx, "__getattribute__")?;
    check_name(cx, &name)?;
    cx.generic_get(&this, &name)
}

fn object_setattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name, value] = args.exactly::<3>(cx, "__setattr__")?;
    check_name(cx, &name)?;
    if Type::view(&this).is_some() {
        return Err(cx.type_error(format_args!(
            "can't apply this __setattr__ to {} object",
            cx.type_name(&this)
        )));
    }
    cx.generic_set(&this, &name, Some(&value))?;
    Ok(cx.none())
}

fn object_delattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name] = args.exactly::<2>(cx, "__delattr__")?;
    check_name(cx, &name)?;
    if Type::view(&this).is_some() {
        return Err(cx.type_error(format_args!(
            "can't apply this __delattr__ to {} object",
            cx.type_name(&this)
        )));
    }
    cx.generic_set(&this, &name, None)?;
    Ok(cx.none())
}

/// Refuses an attribute name that is no `str`.
pub fn check_name(cx: &Context, name: &Object) -> Result<()> {
    if text(name).is_none() {
        return Err(cx.type_error(format_args!(
            "attribute name must be string, not '{}'",
            cx.type_name(name)
        )));
    }
    Ok(())
}

fn is_own(cx: &Context, of: &Type, slot: SlotId) -> bool {
    let own = of.slot(slot).map(|function| function as usize);
    let base = cx
        .builtin_ref(&OBJECT)
        .slot(slot)
        .map(|function| function as usize);
    own != base
}

fn object_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let Some(of) = Type::view(&receiver) else {
        return Err(cx.type_error(format_args!(
            "object.__new__(X): X is not a type object ({})",
            cx.type_name(&receiver)
        )));
    };
    if args.values().len() > 1 {
        if is_own(cx, of, SlotId::New) {
            return Err(cx.type_error(format_args!(
                "object.__new__() takes exactly one argument (the type to instantiate)"
            )));
        }
        if !is_own(cx, of, SlotId::Init) {
            let name = of.name(cx);
            return Err(cx.type_error(format_args!(
                "{}() takes no arguments",
                text(&name).unwrap_or("?")
            )));
        }
    }
    if of.has(flags::ABSTRACT) {
        return Err(builtin::type_object::abstract_error(cx, of)?);
    }
    cx.instance(of, 0)
}

fn object_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    if args.values().len() > 1 {
        let of = cx.type_of(&this);
        if is_own(cx, &of, SlotId::Init) {
            return Err(cx.type_error(format_args!(
                "object.__init__() takes exactly one argument (the instance to initialize)"
            )));
        }
        if !is_own(cx, &of, SlotId::New) {
            let name = of.name(cx);
            return Err(cx.type_error(format_args!(
                "{}.__init__() takes exactly one argument (the instance to initialize)",
                text(&name).unwrap_or("?")
            )));
        }
    }
    Ok(cx.none())
}

fn get_class(cx: &Context, object: &Object) -> Result<Object> {
    Ok(cx.type_of(object).into_object())
}

fn set_class(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let Some(value) = value else {
        return Err(cx.type_error(format_args!("can't delete __class__ attribute")));
    };
    let Some(new) = Type::of(&value) else {
        return Err(cx.type_error(format_args!(
            "__class__ must be set to a class, not '{}' object",
            cx.type_name(&value)
        )));
    };
    builtin::type_object::assign_class(cx, object, &new)
}

fn init_subclass(cx: &Context, args: Args<'_>) -> Result<Object> {
    if args.values().len() > 1 {
        let class = args.receiver();
        let name = Type::of(&class).map(|class| class.name(cx));
        let name = name.as_ref().and_then(|name| text(name)).unwrap_or("?");
        return Err(if args.has_keywords() {
            cx.type_error(format_args!(
                "{name}.__init_subclass__() takes no keyword arguments"
            ))
        } else {
            cx.type_error(format_args!(
                "{name}.__init_subclass__() takes no arguments ({} given)",
                args.values().len() - 1
            ))
        });
    }
    Ok(cx.none())
}

fn subclasshook(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let name =
        Type::of(&class).map(|of| of.state(cx).qualname.get().unwrap_or_else(|| of.name(cx)));
    let name = name.as_ref().and_then(|name| text(name)).unwrap_or("?");
    args.rest().method(cx, name, "__subclasshook__", 1, 1)?;
    Ok(cx.not_implemented())
}

fn object_format(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [spec] = args.rest().method(cx, "object", "__format__", 1, 1)? else {
        return Err(cx.system_error(format_args!("one argument was counted")));
    };
    let Some(spec) = text(spec) else {
        return Err(cx.type_error(format_args!(
            "__format__() argument must be str, not {}",
            cx.type_name(spec)
        )));
    };
    if !spec.is_empty() {
        return Err(cx.type_error(format_args!(
            "unsupported format string passed to {}.__format__",
            cx.type_name(&this)
        )));
    }
    cx.str(&this)
}

fn object_sizeof(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "object", "__sizeof__", 0, 0)?;
    let of = cx.type_of(&this);
    let size = of
        .state(cx)
        .layout
        .0
        .get()
        .map_or(0, |layout| layout.instance_bytes());
    let count = crate::tuple_items(&this).map_or(0, <[Object]>::len);
    let items = of
        .state(cx)
        .layout
        .0
        .get()
        .map_or(0, |layout| layout.itemsize() * count);
    cx.int((size + items) as i64)
}

native_type! {
    /// The built-in `object`.
    pub static OBJECT: "object" {
        index: index::OBJECT,
        layout: figures("object", 16, 0),
        flags: flags::BASE,
        doc: "The root of all classes; an instance has no attributes of its own.",
        slots {
            New => object_new,
            Init => object_init,
            Repr => object_repr,
            Str => object_str,
            Hash => object_hash,
            Eq => object_eq,
            Ne => object_ne,
            Lt => object_order,
            Le => object_order,
            Gt => object_order,
            Ge => object_order,
            GetAttribute => object_getattribute,
            SetAttr => object_setattr,
            DelAttr => object_delattr,
        },
        methods {
            class "__init_subclass__" => init_subclass,
            class "__subclasshook__" => subclasshook,
            "__format__" => object_format,
            "__sizeof__" => object_sizeof,
            "__reduce__" => builtin::reduce::object_reduce,
            "__reduce_ex__" => builtin::reduce::object_reduce_ex,
            "__getstate__" => builtin::reduce::object_getstate,
            "__dir__" => builtin::reduce::object_dir,
        },
        getsets {
            "__class__" => get_class, set_class;
        },
    }
}
