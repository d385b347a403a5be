//! How objects tell what they are made of: `__getstate__`, `__reduce__` and `__reduce_ex__`.
//!
//! A reduction is a tuple: a function and its arguments that make an empty object, the state to
//! give it, an iterator of items to append, and one of pairs to set. Protocols from 2 on make the
//! object by `__new__` alone. CPython keeps half of this in the module `copyreg`; here it is
//! native.

use crate::builtin::{self, dict, list, tuple};
use crate::descriptor;
use crate::native::{Binding, Method, flags};
use crate::raw::Type;
use crate::{Args, Borrowed, Buffer, Context, Object, Result, SlotId, text, tuple_items};

static NEW_OBJECT: Method = Method {
    name: "__newobj__",
    function: new_object,
    binding: Binding::Static,
    doc: "",
};

static NEW_OBJECT_EX: Method = Method {
    name: "__newobj_ex__",
    function: new_object_ex,
    binding: Binding::Static,
    doc: "",
};

static RECONSTRUCTOR: Method = Method {
    name: "_reconstructor",
    function: reconstruct_plain,
    binding: Binding::Static,
    doc: "",
};

/// `__newobj__(class, *arguments)`.
fn new_object(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some(class) = args.get(0) else {
        return Err(cx.type_error(format_args!(
            "__newobj__() missing 1 required positional argument: 'cls'"
        )));
    };
    let new = cx.get_attribute(&class, cx.names().slot(SlotId::New))?;
    cx.call_args(&new, args)
}

/// `__newobj_ex__(class, arguments, keywords)`.
fn new_object_ex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [class, arguments, keywords] = args.exactly::<3>(cx, "__newobj_ex__")?;
    let new = cx.get_attribute(&class, cx.names().slot(SlotId::New))?;
    let mut values = cx.fallible(Buffer::copied(cx.heap(), &[(*class).clone()]))?;
    let mut given = cx.collect(&arguments)?;
    cx.fallible(values.append(cx.heap(), &mut given))?;
    let mut names = Buffer::new();
    if let Some(keywords) = dict::view(&keywords) {
        let mut at = 0;
        while let Some((index, name, value)) = keywords.next_entry(at) {
            cx.fallible(names.push(cx.heap(), name))?;
            cx.fallible(values.push(cx.heap(), value))?;
            at = index + 1;
        }
    }
    cx.call_args(&new, Args::with_names(Object::borrow_all(&values), &names))
}

/// `_reconstructor(class, base, state)`.
fn reconstruct_plain(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [class, base, state] = args.exactly::<3>(cx, "_reconstructor")?;
    let new = cx.get_attribute(&base, cx.names().slot(SlotId::New))?;
    if base.is(cx.builtin_ref(&builtin::OBJECT).object()) {
        return cx.call(&new, &[class]);
    }
    let object = cx.call(&new, &[class, state])?;
    let init = base_slot(cx, &base, SlotId::Init);
    if let Some(init) = init {
        init(cx, Args::new(&[object.borrow(), state]))?;
    }
    Ok(object)
}

/// A slot of a base, unless it is what `object` has.
fn base_slot(cx: &Context, base: &Object, slot: SlotId) -> Option<crate::SlotFn> {
    let of = Type::view(base)?;
    let own = cx.builtin_ref(&builtin::OBJECT);
    (!tuple::same_slot(of, own, slot)).then(|| of.slot(slot))?
}

#[cold]
fn cannot_pickle(cx: &Context, object: &Object) -> crate::Raised {
    let name = crate::class::full_name(cx, &cx.type_of(object));
    cx.type_error(format_args!("cannot pickle '{name}' object"))
}

/// The names of all `__slots__` along the MRO, as they are stored. A class remembers them where that is
/// possible, in `__slotnames__`, and what stands there counts.
fn slot_names(cx: &Context, of: &Type) -> Result<Buffer<Object>> {
    let known = of
        .namespace(cx)
        .and_then(|namespace| namespace.get_text("__slotnames__"));
    match known {
        Some(known) if cx.is_none(&known) => return Ok(Buffer::new()),
        Some(known) if list::view(&known).is_some() => return cx.collect(&known),
        Some(known) => {
            return Err(cx.type_error(format_args!(
                "{}.__slotnames__ should be a list or None, not {}",
                text(&of.name(cx)).unwrap_or_default(),
                cx.type_name(&known)
            )));
        }
        None => {}
    }
    let names = find_slot_names(cx, of)?;
    let remembered = list::from_slice(cx, &names)?;
    let _ = cx.set_attribute(of.object(), &cx.intern("__slotnames__")?, &remembered);
    Ok(names)
}

/// Walks along the MRO for them.
fn find_slot_names(cx: &Context, of: &Type) -> Result<Buffer<Object>> {
    let mut names = Buffer::new();
    // The class is asked as a program would: what stands there may be a descriptor.
    if cx
        .find_attribute(of.object(), &cx.intern("__slots__")?)?
        .is_none()
    {
        return Ok(names);
    }
    let mro = of.mro(cx);
    let classes = mro.as_ref().and_then(tuple_items).unwrap_or_default();
    for class in classes.iter().filter_map(Type::view) {
        let declared = class
            .namespace(cx)
            .and_then(|namespace| namespace.get_text("__slots__"));
        let Some(declared) = declared else { continue };
        let class_name = class.name(cx);
        let prefix = text(&class_name)
            .unwrap_or_default()
            .trim_start_matches('_');
        // One name after the other: what gives them may never end, and the first may be refused.
        let mut add = |name: Object| {
            let name = match text(&name) {
                Some("__dict__" | "__weakref__") => return Ok(true),
                None => strange_slot_name(cx, &name, prefix)?,
                Some(private)
                    if private.starts_with("__")
                        && !private.ends_with("__")
                        && !prefix.is_empty() =>
                {
                    cx.format(format_args!("_{prefix}{private}"))?
                }
                Some(_) => name,
            };
            cx.fallible(names.push(cx.heap(), name))?;
            Ok(true)
        };
        if text(&declared).is_some() {
            add(declared)?;
        } else {
            cx.each(&declared, add)?;
        }
    }
    Ok(names)
}

/// As the name of a slot counts that is no string: it is asked what a string is asked.
///
/// # Errors
///
/// AttributeError for a name without `startswith`; what its methods raise.
#[cold]
fn strange_slot_name(cx: &Context, name: &Object, prefix: &str) -> Result<Object> {
    let underscores = cx.string("__")?;
    let ask = |method: &str| -> Result<bool> {
        let method = cx.get_attribute_text(name, method)?;
        cx.truth(&cx.call(&method, &[underscores.borrow()])?)
    };
    if !ask("startswith")? || ask("endswith")? || prefix.is_empty() {
        return Ok(name.clone());
    }
    let shown = cx.str(name)?;
    cx.format(format_args!(
        "_{prefix}{}",
        text(&shown).unwrap_or_default()
    ))
}

/// The state that `object.__getstate__` sees: the dict, or a pair with the values of slots.
///
/// # Errors
///
/// TypeError where `required` and the instance holds more than dict and slots.
fn default_state(cx: &Context, object: &Object, required: bool) -> Result<Object> {
    let of = cx.type_of(object);
    let names = slot_names(cx, &of)?;
    let state = match cx.instance_dict(object) {
        Some(dict) if dict::view(&dict).is_some_and(|dict| !dict.is_empty()) => dict,
        _ => cx.none(),
    };
    if required && let Some(layout) = of.state(cx).layout.0.get() {
        let word = size_of::<Object>();
        let mut plain = 16 + names.len() * word;
        plain += if layout.dictoffset() > 0 { word } else { 0 };
        plain += if layout.weaklistoffset() > 0 { word } else { 0 };
        if layout.itemsize() > 0 || layout.basicsize() > plain {
            return Err(cannot_pickle(cx, object));
        }
    }
    let slots = dict::new_dict(cx)?;
    if let Some(slots) = dict::view(&slots) {
        for name in names.iter() {
            if let Some(value) = cx.find_attribute(object, name)? {
                slots.set(cx, name, value)?;
            }
        }
        if slots.is_empty() {
            return Ok(state);
        }
    }
    tuple::from_pair(cx, state, slots)
}

/// `object.__getstate__()`.
pub(super) fn object_getstate(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "object.__getstate__")?;
    default_state(cx, &this, false)
}

/// Tells whether an object's type inherits a method from `object`.
fn inherits(cx: &Context, object: &Object, name: &Object) -> Result<bool> {
    let found = cx.type_of(object).lookup(cx, name)?;
    let own = cx.builtin_ref(&builtin::OBJECT).lookup(cx, name)?;
    Ok(match (found, own) {
        (Some(found), Some(own)) => found.is(&own),
        _ => false,
    })
}

fn state_of(cx: &Context, object: &Object, required: bool) -> Result<Object> {
    if inherits(cx, object, &cx.names().getstate)? {
        return default_state(cx, object, required);
    }
    cx.call_method(object, &cx.names().getstate, &[])
}

/// What `__getnewargs_ex__` or `__getnewargs__` say: arguments, keywords, and whether there was
/// such a method.
fn new_arguments(cx: &Context, object: &Object) -> Result<Option<(Object, Option<Object>)>> {
    if let Some(method) = cx.find_attribute(object, &cx.names().getnewargs_ex)? {
        let result = cx.call(&method, &[])?;
        let Some(parts) = tuple_items(&result) else {
            return Err(cx.type_error(format_args!(
                "__getnewargs_ex__ should return a tuple, not '{}'",
                cx.type_name(&result)
            )));
        };
        let [arguments, keywords] = parts else {
            return Err(cx.value_error(format_args!(
                "__getnewargs_ex__ should return a tuple of length 2, not {}",
                parts.len()
            )));
        };
        if tuple_items(arguments).is_none() {
            return Err(cx.type_error(format_args!(
                "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{}'",
                cx.type_name(arguments)
            )));
        }
        let Some(view) = dict::view(keywords) else {
            return Err(cx.type_error(format_args!(
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{}'",
                cx.type_name(keywords)
            )));
        };
        let keywords = (!view.is_empty()).then(|| keywords.clone());
        return Ok(Some((arguments.clone(), keywords)));
    }
    if let Some(method) = cx.find_attribute(object, &cx.names().getnewargs)? {
        let result = cx.call(&method, &[])?;
        if tuple_items(&result).is_none() {
            return Err(cx.type_error(format_args!(
                "__getnewargs__ should return a tuple, not '{}'",
                cx.type_name(&result)
            )));
        }
        return Ok(Some((result, None)));
    }
    Ok(None)
}

/// The reduction of protocols from 2 on.
fn reduce_by_new(cx: &Context, object: &Object) -> Result<Object> {
    let of = cx.type_of(object);
    if of.slot(SlotId::New).is_none() {
        return Err(cannot_pickle(cx, object));
    }
    let given = new_arguments(cx, object)?;
    let is_list = cx.flags_of(object) & flags::LIST != 0;
    let is_dict = cx.flags_of(object) & flags::DICT != 0;
    let required = given.is_none() && !is_list && !is_dict;
    let state = state_of(cx, object, required)?;
    let class = of.object().clone();
    let (function, arguments) = match given {
        Some((arguments, Some(keywords))) => (
            &NEW_OBJECT_EX,
            tuple::from_slice(cx, &[class, arguments, keywords])?,
        ),
        given => {
            let mut all = cx.fallible(Buffer::copied(cx.heap(), &[class]))?;
            let given = given.as_ref().and_then(|(given, _)| tuple_items(given));
            cx.fallible(all.extend_from_slice(cx.heap(), given.unwrap_or_default()))?;
            (&NEW_OBJECT, tuple::from_slice(cx, &all)?)
        }
    };
    let items = if is_list {
        cx.iterate(object)?
    } else {
        cx.none()
    };
    let pairs = if is_dict {
        let pairs = cx.call_method(object, &cx.names().items, &[])?;
        cx.iterate(&pairs)?
    } else {
        cx.none()
    };
    let function = descriptor::new_builtin(cx, function, None, None)?;
    tuple::from_slice(cx, &[function, arguments, state, items, pairs])
}

/// The reduction of protocols 0 and 1: a value of the nearest built-in base, and the dict.
fn reduce_by_base(cx: &Context, object: &Object) -> Result<Object> {
    let of = cx.type_of(object);
    let mro = of.mro(cx);
    let classes = mro.as_ref().and_then(tuple_items).unwrap_or_default();
    let base = classes
        .iter()
        .filter_map(Type::view)
        .find(|class| class.is_static())
        .cloned()
        .unwrap_or_else(|| cx.builtin(&builtin::OBJECT));
    let value = if base.is(cx.builtin_ref(&builtin::OBJECT)) {
        cx.none()
    } else if base.is(&of) {
        return Err(cannot_pickle(cx, object));
    } else {
        cx.call(base.object(), &[object.borrow()])?
    };
    let parts = [of.object().clone(), base.into_object(), value];
    let arguments = tuple::from_slice(cx, &parts)?;
    let function = descriptor::new_builtin(cx, &RECONSTRUCTOR, None, None)?;
    let own_state = !inherits(cx, object, &cx.names().getstate)?;
    let state = if own_state {
        state_of(cx, object, false)?
    } else {
        if !find_slot_names(cx, &of)?.is_empty() {
            return Err(cx.type_error(format_args!(
                "a class that defines __slots__ without defining __getstate__ cannot be pickled"
            )));
        }
        cx.instance_dict(object).unwrap_or_else(|| cx.none())
    };
    if cx.truth(&state)? {
        return tuple::from_slice(cx, &[function, arguments, state]);
    }
    tuple::from_pair(cx, function, arguments)
}

fn reduce(cx: &Context, object: &Object, protocol: i64) -> Result<Object> {
    if protocol >= 2 {
        reduce_by_new(cx, object)
    } else {
        reduce_by_base(cx, object)
    }
}

/// `object.__reduce__()`.
pub(super) fn object_reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "object.__reduce__")?;
    reduce(cx, &this, 0)
}

/// `object.__reduce_ex__(protocol)`: a `__reduce__` of the class goes first.
pub(super) fn object_reduce_ex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [protocol] = args.rest().exactly::<1>(cx, "object.__reduce_ex__")?;
    let protocol = builtin::sequence::word(cx, &protocol)?;
    if !inherits(cx, &this, &cx.names().reduce)? {
        return cx.call_method(&this, &cx.names().reduce, &[]);
    }
    reduce(cx, &this, protocol)
}

/// Adds the names that a class and its bases define.
fn merge_class_names(cx: &Context, names: &Object, class: &Object) -> Result<()> {
    let _level = cx.enter("")?;
    let Some(into) = dict::view(names) else {
        return Ok(());
    };
    if let Some(own) = Type::view(class).and_then(|class| class.namespace(cx)) {
        into.update(cx, &own)?;
    } else if let Some(own) = cx.find_attribute(class, &cx.names().dict)? {
        cx.each(&own, |name| {
            into.set(cx, &name, cx.none())?;
            Ok(true)
        })?;
    }
    if let Some(bases) = cx.find_attribute(class, &cx.names().bases)?
        && let Some(bases) = tuple_items(&bases)
    {
        for base in bases {
            merge_class_names(cx, names, base)?;
        }
    }
    Ok(())
}

fn listed(cx: &Context, names: &Object) -> Result<Object> {
    let mut found = Buffer::new();
    if let Some(names) = dict::view(names) {
        let mut at = 0;
        while let Some((index, name, _)) = names.next_entry(at) {
            cx.fallible(found.push(cx.heap(), name))?;
            at = index + 1;
        }
    }
    list::from_buffer(cx, found)
}

/// `object.__dir__()`: the names in the instance's dict and in its class.
pub(super) fn object_dir(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "object.__dir__")?;
    let names = dict::new_dict(cx)?;
    if let Some(own) = cx.find_attribute(&this, &cx.names().dict)?
        && let (Some(own), Some(names)) = (dict::view(&own), dict::view(&names))
    {
        names.update(cx, own)?;
    }
    if let Some(class) = cx.find_attribute(&this, &cx.names().class)? {
        merge_class_names(cx, &names, &class)?;
    }
    listed(cx, &names)
}

/// `type.__dir__()`: the names of the class and its bases, without those of the metaclass.
pub(super) fn type_dir(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this: Borrowed<'_> = args.receiver();
    args.rest().exactly::<0>(cx, "type.__dir__")?;
    let names = dict::new_dict(cx)?;
    merge_class_names(cx, &names, &this)?;
    listed(cx, &names)
}
