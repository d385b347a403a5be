//! `types.GenericAlias`: what `list[int]` makes.
//!
//! An alias passes attributes and calls on to the class that was subscripted, and remembers the
//! arguments. It is no class: `isinstance` refuses it.

use crate::format::Text;
use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::raw::Type;
use crate::tuple_items;
use crate::{Args, Buffer, Context, Object, Result, body, builtin, index, native_type, text};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of a generic alias.
    pub struct AliasBody {
        /// `__origin__`.
        pub origin: Slot,
        /// `__args__`, a tuple.
        pub arguments: Slot,
        /// `__parameters__`, once asked for.
        parameters: Slot,
        /// The alias stands for its items (`*tuple[int]`).
        unpacked: Cell<bool>,
    }
}

/// `origin[arguments]`.
///
/// # Errors
///
/// MemoryError.
pub fn new_alias(cx: &Context, origin: &Object, arguments: &Object) -> Result<Object> {
    make(cx, cx.builtin_ref(&GENERIC_ALIAS), origin, arguments)
}

fn make(cx: &Context, of: &Type, origin: &Object, arguments: &Object) -> Result<Object> {
    let alias = cx.instance(of, 0)?;
    if let Some(body) = body::<AliasBody>(&alias) {
        body.origin.set(origin.clone());
        let arguments = match tuple_items(arguments) {
            Some(_) => arguments.clone(),
            None => builtin::tuple::from_slice(cx, std::slice::from_ref(arguments))?,
        };
        body.arguments.set(arguments);
    }
    Ok(alias)
}

/// Origin and arguments of an alias.
pub fn parts(object: &Object) -> Option<(Object, Object)> {
    let body = body::<AliasBody>(object)?;
    Some((body.origin.get()?, body.arguments.get()?))
}

fn own(cx: &Context, object: &Object) -> Result<(Object, Object)> {
    parts(object).ok_or_else(|| cx.type_error(format_args!("an alias without an origin")))
}

fn alias_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some(of) = Type::of(&args.receiver()) else {
        return Err(cx.type_error(format_args!(
            "types.GenericAlias.__new__(X): X is not a type object"
        )));
    };
    let rest = args.rest().between(cx, "GenericAlias", 2, 2)?;
    make(cx, &of, &rest[0], &rest[1])
}

/// Writes a type as annotations show it: by its name, without the module for built-in types.
pub(super) fn write_type(cx: &Context, shown: &mut Text<'_>, object: &Object) -> Result<()> {
    if object.is(&cx.ellipsis()) {
        return cx.fallible(shown.push("..."));
    }
    if object.is(cx.builtin_ref(&builtin::NONE_TYPE).object()) {
        return cx.fallible(shown.push("None"));
    }
    let names = cx.names();
    let is_alias = cx.find_attribute(object, &names.origin)?.is_some()
        && cx
            .find_attribute(object, &cx.intern("__args__")?)?
            .is_some();
    if !is_alias
        && let Some(qualname) = cx.find_attribute(object, &names.qualname)?
        && let Some(module) = cx.find_attribute(object, &names.module)?
        && !cx.is_none(&module)
    {
        let (qualname, module) = (cx.str(&qualname)?, cx.str(&module)?);
        let module = text(&module).unwrap_or("?");
        if module != "builtins" {
            cx.fallible(shown.push(module))?;
            cx.fallible(shown.push("."))?;
        }
        return cx.fallible(shown.push(text(&qualname).unwrap_or("?")));
    }
    let repr = cx.repr(object)?;
    cx.fallible(shown.push(text(&repr).unwrap_or("?")))
}

fn write_items(cx: &Context, shown: &mut Text<'_>, items: &[Object]) -> Result<()> {
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            cx.fallible(shown.push(", "))?;
        }
        if cx.is_exactly(item, &builtin::LIST) {
            let items = cx.collect(item)?;
            cx.fallible(shown.push("["))?;
            let _level = cx.enter(" while getting the repr of an object")?;
            write_items(cx, shown, &items)?;
            cx.fallible(shown.push("]"))?;
        } else {
            write_type(cx, shown, item)?;
        }
    }
    Ok(())
}

fn alias_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (origin, arguments) = own(cx, &this)?;
    let mut shown = Text::new(cx);
    if body::<AliasBody>(&this).is_some_and(|body| body.unpacked.get()) {
        cx.fallible(shown.push("*"))?;
    }
    write_type(cx, &mut shown, &origin)?;
    cx.fallible(shown.push("["))?;
    let items = tuple_items(&arguments).unwrap_or_default();
    if items.is_empty() {
        cx.fallible(shown.push("()"))?;
    }
    write_items(cx, &mut shown, items)?;
    cx.fallible(shown.push("]"))?;
    shown.finish(cx)
}

fn compare(cx: &Context, args: Args<'_>, wanted: bool) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__eq__")?;
    let (Some(a), Some(b)) = (body::<AliasBody>(&this), body::<AliasBody>(&other)) else {
        return Ok(cx.not_implemented());
    };
    let (own, theirs) = (own(cx, &this)?, own(cx, &other)?);
    let same = a.unpacked.get() == b.unpacked.get()
        && cx.equal(&own.0, &theirs.0)?
        && cx.equal(&own.1, &theirs.1)?;
    Ok(cx.bool(same == wanted))
}

fn alias_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, true)
}

fn alias_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, false)
}

fn alias_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (origin, arguments) = own(cx, &args.receiver())?;
    cx.int(cx.hash(&origin)? ^ cx.hash(&arguments)?)
}

/// Calls the origin; an instance that takes attributes learns the alias.
fn alias_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (origin, _) = own(cx, &this)?;
    let made = cx.call_args(&origin, args.rest())?;
    let name = cx.intern("__orig_class__")?;
    match cx.set_attribute(&made, &name, &this) {
        Err(raised)
            if !raised.is(cx, &builtin::ATTRIBUTE_ERROR)
                && !raised.is(cx, &builtin::TYPE_ERROR) =>
        {
            Err(raised)
        }
        _ => Ok(made),
    }
}

/// Attributes that are neither told nor passed on: an alias is no class.
const BLOCKED: &[&str] = &["__bases__", "__copy__", "__deepcopy__"];

/// Attributes that are the alias's own; all others are the origin's.
const OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
];

fn alias_getattribute(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name] = args.exactly::<2>(cx, "__getattribute__")?;
    builtin::object::check_name(cx, &name)?;
    if text(&name).is_some_and(|name| OWN.contains(&name) || BLOCKED.contains(&name)) {
        return cx.generic_get(&this, &name);
    }
    let (origin, _) = own(cx, &this)?;
    cx.get_attribute(&origin, &name)
}

fn alias_get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__getitem__")?;
    let (origin, arguments) = own(cx, &this)?;
    let parameters = parameters(cx, &this)?;
    let given = substitute(cx, &this, &arguments, &parameters, &key)?;
    let made = new_alias(cx, &origin, &given)?;
    if let (Some(from), Some(to)) = (body::<AliasBody>(&this), body::<AliasBody>(&made)) {
        to.unpacked.set(from.unpacked.get());
    }
    Ok(made)
}

/// The type parameters among arguments, those of nested aliases included.
pub(super) fn collect_parameters(cx: &Context, arguments: &Object) -> Result<Object> {
    let subst = cx.intern("__typing_subst__")?;
    let nested = cx.intern("__parameters__")?;
    let mut found: Buffer<Object> = Buffer::new();
    let mut add = |parameter: &Object| -> Result<()> {
        if found.iter().any(|known| known.is(parameter)) {
            return Ok(());
        }
        cx.fallible(found.push(cx.heap(), parameter.clone()))
    };
    for argument in tuple_items(arguments).unwrap_or_default() {
        if Type::view(argument).is_some() {
            continue;
        }
        if cx.find_attribute(argument, &subst)?.is_some() {
            add(argument)?;
        } else if let Some(parameters) = cx.find_attribute(argument, &nested)? {
            for parameter in tuple_items(&parameters).unwrap_or_default() {
                add(parameter)?;
            }
        }
    }
    builtin::tuple::from_slice(cx, &found)
}

/// The arguments with the type parameters replaced by what a subscription gives.
pub(super) fn substitute(
    cx: &Context,
    this: &Object,
    arguments: &Object,
    parameters: &Object,
    key: &Object,
) -> Result<Object> {
    let wanted = tuple_items(parameters).unwrap_or_default();
    let shown = || -> Result<Object> { cx.repr(this) };
    if wanted.is_empty() {
        let shown = shown()?;
        return Err(cx.type_error(format_args!(
            "{} is not a generic class",
            text(&shown).unwrap_or("?")
        )));
    }
    let single = std::slice::from_ref(key);
    let given = tuple_items(key).unwrap_or(single);
    if given.len() != wanted.len() {
        let shown = shown()?;
        return Err(cx.type_error(format_args!(
            "Too {} arguments for {}; actual {}, expected {}",
            if given.len() > wanted.len() {
                "many"
            } else {
                "few"
            },
            text(&shown).unwrap_or("?"),
            given.len(),
            wanted.len()
        )));
    }
    let replacement = |parameter: &Object| {
        let place = wanted.iter().position(|known| known.is(parameter))?;
        given.get(place)
    };
    let (subst, nested) = (cx.intern("__typing_subst__")?, cx.intern("__parameters__")?);
    let mut replaced: Buffer<Object> = Buffer::new();
    for argument in tuple_items(arguments).unwrap_or_default() {
        let value = if Type::view(argument).is_some() {
            argument.clone()
        } else if let (Some(value), Some(method)) =
            (replacement(argument), cx.find_attribute(argument, &subst)?)
        {
            cx.call(&method, &[value.borrow()])?
        } else {
            let inner = cx.find_attribute(argument, &nested)?;
            match inner.as_ref().and_then(tuple_items) {
                Some(inner) if !inner.is_empty() => {
                    let mut values: Buffer<Object> = Buffer::new();
                    for parameter in inner {
                        let value = replacement(parameter).unwrap_or(parameter);
                        cx.fallible(values.push(cx.heap(), value.clone()))?;
                    }
                    let values = builtin::tuple::from_slice(cx, &values)?;
                    cx.get_item(argument, &values)?
                }
                _ => argument.clone(),
            }
        };
        cx.fallible(replaced.push(cx.heap(), value))?;
    }
    builtin::tuple::from_slice(cx, &replaced)
}

fn parameters(cx: &Context, object: &Object) -> Result<Object> {
    let (_, arguments) = own(cx, object)?;
    let Some(body) = body::<AliasBody>(object) else {
        return Ok(cx.none());
    };
    if let Some(known) = body.parameters.get() {
        return Ok(known);
    }
    let found = collect_parameters(cx, &arguments)?;
    body.parameters.set(found.clone());
    Ok(found)
}

/// Iterating gives the alias once, unpacked.
fn alias_iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (origin, arguments) = own(cx, &args.receiver())?;
    let unpacked = new_alias(cx, &origin, &arguments)?;
    if let Some(body) = body::<AliasBody>(&unpacked) {
        body.unpacked.set(true);
    }
    cx.iterate(&builtin::tuple::from_slice(cx, &[unpacked])?)
}

fn get_origin(cx: &Context, object: &Object) -> Result<Object> {
    Ok(own(cx, object)?.0)
}

fn get_arguments(cx: &Context, object: &Object) -> Result<Object> {
    Ok(own(cx, object)?.1)
}

fn get_unpacked(cx: &Context, object: &Object) -> Result<Object> {
    Ok(cx.bool(body::<AliasBody>(object).is_some_and(|body| body.unpacked.get())))
}

fn get_unpacked_items(cx: &Context, object: &Object) -> Result<Object> {
    let (origin, arguments) = own(cx, object)?;
    let unpacked = body::<AliasBody>(object).is_some_and(|body| body.unpacked.get());
    if unpacked && origin.is(cx.builtin_ref(&builtin::TUPLE).object()) {
        Ok(arguments)
    } else {
        Ok(cx.none())
    }
}

fn mro_entries(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (origin, _) = own(cx, &args.receiver())?;
    builtin::tuple::from_slice(cx, &[origin])
}

fn instancecheck(cx: &Context, _: Args<'_>) -> Result<Object> {
    Err(cx.type_error(format_args!(
        "isinstance() argument 2 cannot be a parameterized generic"
    )))
}

fn subclasscheck(cx: &Context, _: Args<'_>) -> Result<Object> {
    Err(cx.type_error(format_args!(
        "issubclass() argument 2 cannot be a parameterized generic"
    )))
}

fn reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let (origin, arguments) = own(cx, &this)?;
    let parts = builtin::tuple::from_slice(cx, &[origin, arguments])?;
    builtin::tuple::from_slice(cx, &[cx.type_of(&this).into_object(), parts])
}

fn alias_dir(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (origin, _) = own(cx, &args.receiver())?;
    let names = builtin::list::from_buffer(cx, Buffer::new())?;
    let of_origin = cx.call_special(&origin, &cx.names().dir, &[])?;
    if let Some(list) = builtin::list::view(&names) {
        if let Some(of_origin) = of_origin {
            cx.each(&of_origin, |name| {
                cx.fallible(list.items.push(cx.heap(), name))?;
                Ok(true)
            })?;
        }
        for name in OWN {
            let name = cx.intern(name)?;
            if !cx.contains(&names, &name)? {
                cx.fallible(list.items.push(cx.heap(), name))?;
            }
        }
    }
    Ok(names)
}

const LAYOUT: Native = Native {
    name: "types.GenericAlias",
    basicsize: 64,
    itemsize: 0,
    dictoffset: 0,
    weaklistoffset: 40,
    body_bytes: size_of::<AliasBody>(),
    dict: Storage::None,
    weakref: Storage::Managed,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The type of generic aliases.
    pub static GENERIC_ALIAS: "GenericAlias" {
        index: index::GENERIC_ALIAS,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: AliasBody,
        flags: flags::BASE | flags::COLLECTED | flags::VECTORCALL,
        module: "types",
        doc: "A subscripted built-in generic type, such as list[int].",
        slots {
            New => alias_new,
            Repr => alias_repr,
            Eq => alias_eq,
            Ne => alias_ne,
            Hash => alias_hash,
            Call => alias_call,
            GetAttribute => alias_getattribute,
            GetItem => alias_get_item,
            Iter => alias_iter,
            Or => builtin::union::type_or,
            ROr => builtin::union::type_ror,
        },
        methods {
            "__mro_entries__" => mro_entries,
            "__instancecheck__" => instancecheck,
            "__subclasscheck__" => subclasscheck,
            "__reduce__" => reduce,
            "__dir__" => alias_dir,
        },
        getsets {
            member "__origin__" => get_origin;
            member "__args__" => get_arguments;
            member "__unpacked__" => get_unpacked;
            "__parameters__" => parameters;
            "__typing_unpacked_tuple_args__" => get_unpacked_items;
        },
    }
}
