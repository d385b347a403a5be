//! The slots and methods of `dict`.

use super::update::update_args;
use super::{DictBody, copied, new_dict, view};
use crate::format::Text;
use crate::native::{figures, flags};
use crate::raw::Type;
use crate::repr_guard::ReprGuard;
use crate::{Args, Context, Object, Result, builtin, index, native_type, text};

native_type! {
    /// The built-in `dict`.
    pub static DICT: "dict" {
        index: index::DICT,
        base: &builtin::OBJECT,
        layout: figures("dict", 48, size_of::<DictBody>()),
        body: DictBody,
        flags: flags::BASE | flags::COLLECTED | flags::DICT | flags::MAPPING | flags::MATCH_SELF,
        doc: "A mapping of hashable keys to values, in order of insertion.",
        slots {
            New => dict_new,
            Init => dict_init,
            Repr => dict_repr,
            Eq => dict_eq,
            Ne => builtin::object::object_ne,
            Lt => builtin::object::object_order,
            Le => builtin::object::object_order,
            Gt => builtin::object::object_order,
            Ge => builtin::object::object_order,
            Len => dict_len,
            GetItem => dict_get_item,
            SetItem => dict_set_item,
            DelItem => dict_del_item,
            Contains => dict_contains,
            Iter => dict_iter,
            Or => dict_or,
            ROr => dict_ror,
            IOr => dict_ior,
        },
        methods {
            "get" => get,
            "setdefault" => setdefault,
            "pop" => pop,
            "popitem" => popitem,
            "keys" => keys,
            "values" => values,
            "items" => items,
            "update" => update,
            "clear" => clear,
            "copy" => copy,
            class "fromkeys" => fromkeys,
            "__reversed__" => reversed,
            "__sizeof__" => sizeof,
            class "__class_getitem__" => class_getitem,
        },
        getsets {},
    }
}

fn own<'a>(cx: &Context, object: &'a Object) -> Result<&'a DictBody> {
    view(object).ok_or_else(|| {
        cx.type_error(format_args!(
            "a dict is required, not '{}'",
            cx.type_name(object)
        ))
    })
}

fn dict_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    match Type::of(&args.receiver()) {
        Some(of) => cx.instance(&of, 0),
        None => Err(cx.type_error(format_args!("dict.__new__(X): X is not a type object"))),
    }
}

fn dict_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    update_args(cx, &args.receiver(), &args.rest(), "dict")?;
    Ok(cx.none())
}

fn dict_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let body = own(cx, &this)?;
    if body.is_empty() {
        return cx.intern("{}");
    }
    let Some(_guard) = ReprGuard::enter(cx, &this)? else {
        return cx.intern("{...}");
    };
    let mut shown = Text::new(cx);
    cx.fallible(shown.push("{"))?;
    let mut at = 0;
    while let Some((index, key, value)) = body.next_entry(at) {
        if shown.len() > 1 {
            cx.fallible(shown.push(", "))?;
        }
        let key = cx.repr(&key)?;
        cx.fallible(shown.push(text(&key).unwrap_or("?")))?;
        cx.fallible(shown.push(": "))?;
        let value = cx.repr(&value)?;
        cx.fallible(shown.push(text(&value).unwrap_or("?")))?;
        at = index + 1;
    }
    cx.fallible(shown.push("}"))?;
    shown.finish(cx)
}

/// Whether two dicts have equal keys with equal values.
fn equal(cx: &Context, a: &DictBody, b: &DictBody) -> Result<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    let mut at = 0;
    while let Some((index, hash, key, value)) = a.next_hashed(at) {
        match b.get_hashed(cx, &key, hash)? {
            Some(other) if cx.equal(&value, &other)? => {}
            _ => return Ok(false),
        }
        at = index + 1;
    }
    Ok(true)
}

fn dict_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__eq__")?;
    match (view(&this), view(&other)) {
        (Some(a), Some(b)) => Ok(cx.bool(equal(cx, a, b)?)),
        _ => Ok(cx.not_implemented()),
    }
}

fn dict_len(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(own(cx, &args.receiver())?.len() as i64)
}

fn dict_get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__getitem__")?;
    if let Some(value) = own(cx, &this)?.get(cx, &key)? {
        return Ok(value);
    }
    if !cx.is_exactly(&this, &DICT)
        && let Some(value) = cx.call_special(&this, &cx.names().missing, &[key])?
    {
        return Ok(value);
    }
    Err(cx.key_error(&key))
}

fn dict_set_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key, value] = args.exactly::<3>(cx, "__setitem__")?;
    own(cx, &this)?.set(cx, &key, (*value).clone())?;
    Ok(cx.none())
}

fn dict_del_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__delitem__")?;
    match own(cx, &this)?.remove(cx, &key)? {
        Some(_) => Ok(cx.none()),
        None => Err(cx.key_error(&key)),
    }
}

fn dict_contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__contains__")?;
    Ok(cx.bool(own(cx, &this)?.get(cx, &key)?.is_some()))
}

fn dict_iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    super::iterator::new_iterator(cx, &super::DICT_KEY_ITERATOR, &args.receiver())
}

fn reversed(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.rest().method(cx, "dict", "__reversed__", 0, 0)?;
    super::iterator::new_iterator(cx, &super::DICT_REVERSE_KEY_ITERATOR, &args.receiver())
}

fn union(cx: &Context, left: &Object, right: &Object) -> Result<Object> {
    if view(left).is_none() || view(right).is_none() {
        return Ok(cx.not_implemented());
    }
    let result = copied(cx, left)?;
    super::update_from(cx, &result, right)?;
    Ok(result)
}

fn dict_or(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__or__")?;
    union(cx, &this, &other)
}

fn dict_ror(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__ror__")?;
    union(cx, &other, &this)
}

fn dict_ior(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__ior__")?;
    super::update_from(cx, &this, &other)?;
    Ok((*this).clone())
}

fn get(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let rest = args.rest().method(cx, "dict", "get", 1, 2)?;
    match own(cx, &this)?.get(cx, &rest[0])? {
        Some(value) => Ok(value),
        None => Ok(rest
            .get(1)
            .map_or_else(|| cx.none(), |value| (**value).clone())),
    }
}

fn setdefault(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let rest = args.rest().method(cx, "dict", "setdefault", 1, 2)?;
    let default = rest
        .get(1)
        .map_or_else(|| cx.none(), |value| (**value).clone());
    own(cx, &this)?.get_or_insert(cx, &rest[0], default)
}

fn pop(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let rest = args.rest().method(cx, "dict", "pop", 1, 2)?;
    let body = own(cx, &this)?;
    let removed = if body.is_empty() {
        None
    } else {
        body.remove(cx, &rest[0])?
    };
    match (removed, rest.get(1)) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok((**default).clone()),
        (None, None) => Err(cx.key_error(&rest[0])),
    }
}

fn popitem(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.rest().method(cx, "dict", "popitem", 0, 0)?;
    match own(cx, &args.receiver())?.pop_last() {
        Some((key, value)) => builtin::tuple::from_slice(cx, &[key, value]),
        None => Err(cx.error(
            &builtin::KEY_ERROR,
            format_args!("popitem(): dictionary is empty"),
        )),
    }
}

fn keys(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.rest().method(cx, "dict", "keys", 0, 0)?;
    super::new_view(cx, &super::DICT_KEYS, &args.receiver())
}

fn values(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.rest().method(cx, "dict", "values", 0, 0)?;
    super::new_view(cx, &super::DICT_VALUES, &args.receiver())
}

fn items(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.rest().method(cx, "dict", "items", 0, 0)?;
    super::new_view(cx, &super::DICT_ITEMS, &args.receiver())
}

fn update(cx: &Context, args: Args<'_>) -> Result<Object> {
    update_args(cx, &args.receiver(), &args.rest(), "update")?;
    Ok(cx.none())
}

fn clear(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.rest().method(cx, "dict", "clear", 0, 0)?;
    own(cx, &args.receiver())?.clear();
    Ok(cx.none())
}

fn copy(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.rest().method(cx, "dict", "copy", 0, 0)?;
    copied(cx, &args.receiver())
}

fn fromkeys(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let rest = args.rest().method(cx, "dict", "fromkeys", 1, 2)?;
    let value = rest
        .get(1)
        .map_or_else(|| cx.none(), |value| (**value).clone());
    let made = if class.is(cx.builtin_ref(&DICT).object()) {
        new_dict(cx)?
    } else {
        cx.call(&class, &[])?
    };
    if cx.is_exactly(&made, &DICT) {
        let body = own(cx, &made)?;
        cx.each(&rest[0], |key| {
            body.set(cx, &key, value.clone())?;
            Ok(true)
        })?;
    } else {
        cx.each(&rest[0], |key| {
            cx.set_item(&made, &key, &value)?;
            Ok(true)
        })?;
    }
    Ok(made)
}

fn sizeof(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "dict", "__sizeof__", 0, 0)?;
    let of = cx.type_of(&this);
    let layout = of.state(cx).layout.0.get();
    let added = layout.map_or(0, |layout| {
        layout
            .instance_bytes()
            .saturating_sub(DICT.layout.basicsize)
    });
    cx.int((own(cx, &this)?.reported_bytes() + added) as i64)
}

fn class_getitem(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args.rest().method(cx, "dict", "__class_getitem__", 1, 1)?;
    builtin::generic_alias::new_alias(cx, &args.receiver(), &rest[0])
}
