//! `type`: attributes of classes, and what may be changed about a class.

pub(super) mod annotations;

use crate::attribute::Namespace;
use crate::builtin::{self, object};
use crate::layout::{self, Native, Storage};
use crate::native::flags;
use crate::raw::{Classes, Type, TypeBody};
use crate::slot_id::SlotId;
use crate::{
    Args, Borrowed, Context, Object, Raised, Result, class, index, native_type, text, tuple_items,
};

fn this(cx: &Context, object: &Object) -> Result<Type> {
    Type::of(object).ok_or_else(|| {
        cx.type_error(format_args!(
            "a class is required, not '{}'",
            cx.type_name(object)
        ))
    })
}

impl Type {
    /// The repr of a class, for messages.
    pub fn debug_repr(&self, cx: &Context) -> Result<String> {
        // std: error messages only
        let name = object::qualified_name(cx, self)?;
        let mut message = String::new(); // std: error messages only
        let _ = std::fmt::Write::write_fmt(
            &mut message,
            format_args!("<class '{}'>", text(&name).unwrap_or("?")),
        );
        Ok(message)
    }

    /// Tells whether attributes of the class can be set.
    pub fn is_mutable(&self) -> bool {
        !self.has(flags::IMMUTABLE)
    }
}

/// `__module__` of a class, where it has one.
pub fn module_name(cx: &Context, of: &Type) -> Result<Option<Object>> {
    if of.is_static() {
        return match of.native() {
            Some(native) => cx.intern(native.module).map(Some),
            None => Ok(None),
        };
    }
    Ok(of.namespace(cx).and_then(|own| own.get_text("__module__")))
}

fn type_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let of = this(cx, &args.receiver())?;
    let name = object::qualified_name(cx, &of)?;
    cx.format(format_args!("<class '{}'>", text(&name).unwrap_or("?")))
}

fn type_getattribute(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, name] = args.exactly::<2>(cx, "__getattribute__")?;
    object::check_name(cx, &name)?;
    let of = this(cx, &object)?;
    let metatype = cx.type_of(&object);
    let meta = metatype.lookup(cx, &name)?;
    let meta_getter = meta
        .as_ref()
        .and_then(|found| cx.slot_of(found, SlotId::Get));
    if let (Some(found), Some(getter)) = (&meta, meta_getter)
        && cx.is_data_descriptor(found)
    {
        return cx.bind(getter, found, Some(&object), &metatype);
    }
    if let Some(found) = of.lookup(cx, &name)? {
        return match cx.slot_of(&found, SlotId::Get) {
            Some(getter) => cx.bind(getter, &found, None, &of),
            None => Ok(found),
        };
    }
    match (meta, meta_getter) {
        (Some(found), Some(getter)) => cx.bind(getter, &found, Some(&object), &metatype),
        (Some(found), None) => Ok(found),
        (None, _) => {
            let class_name = of.name(cx);
            let raised = cx.attribute_error(format_args!(
                "type object '{}' has no attribute '{}'",
                text(&class_name).unwrap_or("?"),
                text(&name).unwrap_or("?")
            ));
            builtin::exception::set_attribute_context(cx, &raised, &object, &name);
            Err(raised)
        }
    }
}

fn type_setattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, name, value] = args.exactly::<3>(cx, "__setattr__")?;
    set_type_attribute(cx, &object, &name, Some(&value))?;
    Ok(cx.none())
}

fn type_delattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, name] = args.exactly::<2>(cx, "__delattr__")?;
    set_type_attribute(cx, &object, &name, None)?;
    Ok(cx.none())
}

fn set_type_attribute(
    cx: &Context,
    object: &Object,
    name: &Object,
    value: Option<&Object>,
) -> Result<()> {
    object::check_name(cx, name)?;
    let of = this(cx, object)?;
    let attribute = text(name).unwrap_or("?");
    let class_name = of.name(cx);
    let class_name = text(&class_name).unwrap_or("?");
    if !of.is_mutable() {
        return Err(cx.type_error(format_args!(
            "cannot set '{attribute}' attribute of immutable type '{class_name}'"
        )));
    }
    let metatype = cx.type_of(object);
    if let Some(found) = metatype.lookup(cx, name)? {
        let slot = if value.is_some() {
            SlotId::Set
        } else {
            SlotId::Delete
        };
        if let Some(function) = cx.slot_of(&found, slot) {
            match value {
                Some(value) => {
                    let args = [found.borrow(), object.borrow(), value.borrow()];
                    function(cx, Args::new(&args))?
                }
                None => function(cx, Args::new(&[found.borrow(), object.borrow()]))?,
            };
            return Ok(());
        }
        if cx.is_data_descriptor(&found) {
            return Err(cx.attribute_error(format_args!("{}", slot.name())));
        }
    }
    let Some(own) = of.namespace(cx) else {
        return Err(cx.system_error(format_args!("a class without a namespace")));
    };
    let name = cx.intern_object(name)?;
    // The old value ends only after the slots know the new one.
    let old = own.get(cx, &name)?;
    match value {
        Some(value) => own.set(cx, &name, value.clone())?,
        None => {
            if own.remove(cx, &name)?.is_none() {
                let raised = cx.attribute_error(format_args!(
                    "type object '{class_name}' has no attribute '{attribute}'"
                ));
                builtin::exception::set_attribute_context(cx, &raised, object, &name);
                return Err(raised);
            }
        }
    }
    of.modified(cx);
    if attribute.starts_with("__") && attribute.ends_with("__") {
        of.refresh_named(cx, attribute)?;
    }
    drop(old);
    Ok(())
}

/// Refuses a class that `object.__class__` cannot be set to.
///
/// # Errors
///
/// TypeError in CPython's words.
pub fn check_class_assignment(cx: &Context, object: &Object, new: &Type) -> Result<()> {
    let old = cx.type_of(object);
    let is_module = |of: &Type| of.is_subtype(cx, cx.builtin_ref(&builtin::MODULE));
    let both_modules = is_module(&old) && is_module(new);
    let both_mutable = old.is_mutable() && new.is_mutable();
    if !both_modules && !both_mutable {
        return Err(cx.type_error(format_args!(
            "__class__ assignment only supported for mutable types or ModuleType subclasses"
        )));
    }
    let classes = Classes { cx };
    if layout::same_layout(&classes, new.key(), old.key()).is_err() {
        return Err(cx.type_error(format_args!(
            "__class__ assignment: '{}' object layout differs from '{}'",
            class::full_name(cx, new),
            class::full_name(cx, &old)
        )));
    }
    Ok(())
}

/// Assigns `object.__class__`.
pub(crate) fn assign_class(cx: &Context, object: &Object, new: &Type) -> Result<()> {
    check_class_assignment(cx, object, new)?;
    let old = cx.type_of(object);
    crate::raw::assign_type(object, &old, new);
    Ok(())
}

/// The TypeError for instantiating an abstract class.
pub(crate) fn abstract_error(cx: &Context, of: &Type) -> Result<Raised> {
    let methods = cx.get_attribute(of.object(), &cx.names().abstractmethods)?;
    let names = builtin::list::from_buffer(cx, cx.collect(&methods)?)?;
    if let Some(list) = builtin::list::view(&names) {
        builtin::list::sort::sort(cx, list, &builtin::list::sort::Order::default())?;
    }
    let names = cx.collect(&names)?;
    let joined = builtin::string::join_items(cx, "', '", &names)?;
    let plural = if names.len() > 1 { "s" } else { "" };
    let name = of.name(cx);
    Ok(cx.type_error(format_args!(
        "Can't instantiate abstract class {} without an implementation for abstract method{plural} '{}'",
        text(&name).unwrap_or("?"),
        text(&joined).unwrap_or("?")
    )))
}

fn get_name(cx: &Context, object: &Object) -> Result<Object> {
    Ok(this(cx, object)?.name(cx))
}

fn check_settable(
    cx: &Context,
    of: &Type,
    name: &str,
    value: Option<Borrowed<'_>>,
) -> Result<Object> {
    let class_name = of.name(cx);
    let class_name = text(&class_name).unwrap_or("?");
    if !of.is_mutable() {
        return Err(cx.type_error(format_args!(
            "cannot set '{name}' attribute of immutable type '{class_name}'"
        )));
    }
    match value {
        Some(value) => Ok((*value).clone()),
        None => Err(cx.type_error(format_args!(
            "cannot delete '{name}' attribute of type '{class_name}'"
        ))),
    }
}

fn set_name(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let of = this(cx, object)?;
    let value = check_settable(cx, &of, "__name__", value)?;
    let Some(name) = text(&value) else {
        let class_name = of.name(cx);
        return Err(cx.type_error(format_args!(
            "can only assign string to {}.__name__, not '{}'",
            text(&class_name).unwrap_or("?"),
            cx.type_name(&value)
        )));
    };
    if name.contains('\0') {
        return Err(cx.value_error(format_args!("type name must not contain null characters")));
    }
    of.state(cx).name.set(cx.intern(name)?);
    Ok(())
}

fn get_qualname(cx: &Context, object: &Object) -> Result<Object> {
    let of = this(cx, object)?;
    Ok(of.state(cx).qualname.get().unwrap_or_else(|| of.name(cx)))
}

fn set_qualname(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let of = this(cx, object)?;
    let value = check_settable(cx, &of, "__qualname__", value)?;
    if text(&value).is_none() {
        let class_name = of.name(cx);
        return Err(cx.type_error(format_args!(
            "can only assign string to {}.__qualname__, not '{}'",
            text(&class_name).unwrap_or("?"),
            cx.type_name(&value)
        )));
    }
    of.state(cx).qualname.set(value);
    Ok(())
}

fn get_module(cx: &Context, object: &Object) -> Result<Object> {
    let of = this(cx, object)?;
    match module_name(cx, &of)? {
        Some(module) => Ok(module),
        None => Err(cx.attribute_error(format_args!("__module__"))),
    }
}

fn set_module(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let of = this(cx, object)?;
    let value = check_settable(cx, &of, "__module__", value)?;
    of.define(cx, "__module__", value)?;
    if let Some(own) = of.namespace(cx) {
        let key = cx.names().firstlineno.clone();
        own.remove(cx, &key)?;
    }
    of.modified(cx);
    Ok(())
}

fn get_doc(cx: &Context, object: &Object) -> Result<Object> {
    let of = this(cx, object)?;
    if of.is_static()
        && let Some(doc) = of.native().and_then(|native| native.doc)
    {
        return cx.string(doc);
    }
    let Some(own) = of.namespace(cx) else {
        return Ok(cx.none());
    };
    match own.get_text("__doc__") {
        Some(doc) => match cx.slot_of(&doc, SlotId::Get) {
            Some(getter) => cx.bind(getter, &doc, None, &of),
            None => Ok(doc),
        },
        None => Ok(cx.none()),
    }
}

fn set_doc(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let of = this(cx, object)?;
    let value = check_settable(cx, &of, "__doc__", value)?;
    of.define(cx, "__doc__", value)?;
    of.modified(cx);
    Ok(())
}

/// What the docstring says of the arguments: CPython reads it where the text begins with the class's name
/// and parentheses, and a line of two hyphens follows.
fn get_text_signature(cx: &Context, object: &Object) -> Result<Object> {
    let of = this(cx, object)?;
    let doc = of
        .namespace(cx)
        .and_then(|own: Namespace| own.get_text("__doc__"));
    let name = of.name(cx);
    let signature = || {
        let rest = text(doc.as_ref()?)?.strip_prefix(text(&name)?)?;
        let end = rest.starts_with('(').then(|| rest.find(")\n--\n\n"))??;
        rest.get(..=end)
    };
    match signature() {
        Some(signature) => cx.string(signature),
        None => Ok(cx.none()),
    }
}

fn get_type_params(cx: &Context, object: &Object) -> Result<Object> {
    let of = this(cx, object)?;
    let own = of
        .namespace(cx)
        .and_then(|own: Namespace| own.get_text("__type_params__"));
    match own {
        Some(parameters) if !of.is(cx.builtin_ref(&TYPE)) => Ok(parameters),
        _ => builtin::tuple::from_slice(cx, &[]),
    }
}

fn set_type_params(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let of = this(cx, object)?;
    let value = check_settable(cx, &of, "__type_params__", value)?;
    of.define(cx, "__type_params__", value)?;
    of.modified(cx);
    Ok(())
}

fn get_type_dict(cx: &Context, object: &Object) -> Result<Object> {
    let of = this(cx, object)?;
    match of.state(cx).dict.get() {
        Some(dict) => builtin::mapping_proxy::new_proxy(cx, &dict),
        None => Ok(cx.none()),
    }
}

fn get_mro(cx: &Context, object: &Object) -> Result<Object> {
    Ok(this(cx, object)?.mro(cx).unwrap_or_else(|| cx.none()))
}

fn get_bases(cx: &Context, object: &Object) -> Result<Object> {
    Ok(this(cx, object)?
        .state(cx)
        .bases
        .get()
        .unwrap_or_else(|| cx.none()))
}

fn get_base(cx: &Context, object: &Object) -> Result<Object> {
    Ok(this(cx, object)?
        .state(cx)
        .base
        .get()
        .unwrap_or_else(|| cx.none()))
}

fn with_layout(
    cx: &Context,
    object: &Object,
    read: impl Fn(&crate::raw::TypeLayout) -> i64,
) -> Result<Object> {
    let of = this(cx, object)?;
    let value = of.state(cx).layout.0.get().map_or(0, read);
    cx.int(value)
}

fn get_basicsize(cx: &Context, object: &Object) -> Result<Object> {
    #[cfg(feature = "canary")]
    if (cx.heap().memory()).has_fault(mortice_mem::fault::Fault::Basicsize) {
        return with_layout(cx, object, |layout| layout.basicsize() as i64 + 8);
    }
    with_layout(cx, object, |layout| layout.basicsize() as i64)
}

fn get_itemsize(cx: &Context, object: &Object) -> Result<Object> {
    with_layout(cx, object, |layout| layout.itemsize() as i64)
}

fn get_dictoffset(cx: &Context, object: &Object) -> Result<Object> {
    with_layout(cx, object, |layout| layout.dictoffset() as i64)
}

fn get_weakrefoffset(cx: &Context, object: &Object) -> Result<Object> {
    with_layout(cx, object, |layout| layout.weaklistoffset() as i64)
}

fn get_flags(cx: &Context, object: &Object) -> Result<Object> {
    let of = this(cx, object)?;
    let own = if of.is_static() {
        flags::STATIC_BUILTIN
    } else {
        0
    };
    cx.int(((of.flags() | own) & 0xffff_ffff) as i64)
}

fn set_bases(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let of = this(cx, object)?;
    let value = check_settable(cx, &of, "__bases__", value)?;
    let class_name = of.name(cx);
    let class_name = text(&class_name).unwrap_or("?");
    let Some(bases) = tuple_items(&value) else {
        return Err(cx.type_error(format_args!(
            "can only assign tuple to {class_name}.__bases__, not {}",
            cx.type_name(&value)
        )));
    };
    if bases.is_empty() {
        return Err(cx.type_error(format_args!(
            "can only assign non-empty tuple to {class_name}.__bases__, not ()"
        )));
    }
    for base in bases {
        let Some(base) = Type::view(base) else {
            return Err(cx.type_error(format_args!(
                "{class_name}.__bases__ must be tuple of classes, not '{}'",
                cx.type_name(base)
            )));
        };
        if base.is_subtype(cx, &of) {
            return Err(cx.type_error(format_args!("a __bases__ item causes an inheritance cycle")));
        }
    }
    class::assign_bases(cx, &of, &value)
}

fn mro_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [receiver] = args.exactly::<1>(cx, "mro")?;
    let of = this(cx, &receiver)?;
    let mro = class::linearize(cx, &of)?;
    builtin::list::from_slice(cx, tuple_items(&mro).unwrap_or_default())
}

fn subclasses(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [receiver] = args.exactly::<1>(cx, "__subclasses__")?;
    let of = this(cx, &receiver)?;
    let mut found = crate::Buffer::new();
    let mut result = Ok(());
    of.each_subclass(cx, &mut |subclass| {
        if result.is_ok() {
            result = found.push(cx.heap(), subclass.object().clone());
        }
    });
    cx.fallible(result)?;
    builtin::list::from_buffer(cx, found)
}

fn prepare(cx: &Context, _: Args<'_>) -> Result<Object> {
    builtin::dict::new_dict(cx)
}

fn instancecheck(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [class, object] = args.exactly::<2>(cx, "__instancecheck__")?;
    Ok(cx.bool(builtin::checks::real_instance(cx, &object, &class)?))
}

fn subclasscheck(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [class, derived] = args.exactly::<2>(cx, "__subclasscheck__")?;
    Ok(cx.bool(builtin::checks::real_subclass(cx, &derived, &class)?))
}

fn type_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let count = args.positional().len().saturating_sub(1);
    if count != 1 && count != 3 {
        return Err(cx.type_error(format_args!("type.__init__() takes 1 or 3 arguments")));
    }
    if count == 1 && args.has_keywords() {
        return Err(cx.type_error(format_args!("type.__init__() takes no keyword arguments")));
    }
    Ok(cx.none())
}

fn get_abstract(cx: &Context, object: &Object) -> Result<Object> {
    let of = this(cx, object)?;
    let own = of
        .namespace(cx)
        .and_then(|own: Namespace| own.get_text("__abstractmethods__"));
    match own {
        Some(methods) if !of.is(cx.builtin_ref(&TYPE)) => Ok(methods),
        _ => Err(cx.attribute_error(format_args!("__abstractmethods__"))),
    }
}

fn set_abstract(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let of = this(cx, object)?;
    if value.is_none() && of.is_mutable() {
        let removed = match of.namespace(cx) {
            Some(own) => own.remove(cx, &cx.names().abstractmethods)?,
            None => None,
        };
        if removed.is_none() {
            return Err(cx.attribute_error(format_args!("__abstractmethods__")));
        }
        of.modified(cx);
        crate::raw::set_abstract(&of, false);
        return Ok(());
    }
    let value = check_settable(cx, &of, "__abstractmethods__", value)?;
    let is_abstract = cx.truth(&value)?;
    of.define(cx, "__abstractmethods__", value)?;
    of.modified(cx);
    crate::raw::set_abstract(&of, is_abstract);
    Ok(())
}

/// What a static type takes in CPython.
const STATIC_TYPE_BYTES: usize = 424;
/// What CPython keeps beside a class whose instances have a dict before the header: the keys that they
/// share, which have room for 30.
const SHARED_KEYS_BYTES: usize = 768;

fn type_sizeof(cx: &Context, args: Args<'_>) -> Result<Object> {
    let of = this(cx, &args.receiver())?;
    if of.is_static() {
        return cx.int(STATIC_TYPE_BYTES as i64);
    }
    let metatype = cx.type_of(of.object());
    let own = metatype.state(cx).layout.0.get();
    let own = own.map_or(0, |layout| layout.basicsize());
    let layout = of.state(cx).layout.0.get();
    let has_keys = layout.is_some_and(|layout| layout.dictoffset() < 0);
    let keys = if has_keys { SHARED_KEYS_BYTES } else { 0 };
    cx.int((own + keys) as i64)
}

const LAYOUT: Native = Native {
    name: "type",
    basicsize: 944,
    itemsize: 40,
    dictoffset: 264,
    weaklistoffset: 368,
    body_bytes: size_of::<TypeBody>(),
    dict: Storage::None,
    weakref: Storage::Managed,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The built-in `type`.
    pub static TYPE: "type" {
        index: index::TYPE,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: TypeBody,
        flags: flags::BASE | flags::COLLECTED | flags::TYPE | flags::ITEMS_AT_END | flags::VECTORCALL,
        doc: "The type of classes.",
        slots {
            New => class::type_new,
            Init => type_init,
            Call => crate::call::type_call,
            Repr => type_repr,
            GetAttribute => type_getattribute,
            SetAttr => type_setattr,
            DelAttr => type_delattr,
            Or => builtin::union::type_or,
            ROr => builtin::union::type_ror,
        },
        methods {
            "mro" => mro_method,
            "__subclasses__" => subclasses,
            class "__prepare__" => prepare,
            "__instancecheck__" => instancecheck,
            "__subclasscheck__" => subclasscheck,
            "__sizeof__" => type_sizeof,
            "__dir__" => builtin::reduce::type_dir,
        },
        getsets {
            "__name__" => get_name, set_name;
            "__qualname__" => get_qualname, set_qualname;
            "__annotations__" => annotations::get_annotations, annotations::set_annotations;
            "__annotate__" => annotations::get_annotate, annotations::set_annotate;
            "__module__" => get_module, set_module;
            "__bases__" => get_bases, set_bases;
            "__doc__" => get_doc, set_doc;
            "__text_signature__" => get_text_signature;
            "__type_params__" => get_type_params, set_type_params;
            "__dict__" => get_type_dict;
            "__mro__" => get_mro;
            "__abstractmethods__" => get_abstract, set_abstract;
            member "__base__" => get_base;
            member "__basicsize__" => get_basicsize;
            member "__itemsize__" => get_itemsize;
            member "__dictoffset__" => get_dictoffset;
            member "__weakrefoffset__" => get_weakrefoffset;
            member "__flags__" => get_flags;
        },
    }
}
