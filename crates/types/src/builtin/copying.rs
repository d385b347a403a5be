//! Shallow and deep copies, by the protocol of CPython's module `copy`.
//!
//! What cannot change is its own copy. Containers are copied by their own rules; anything else
//! says how in `__copy__` or `__deepcopy__`, or is taken apart by `__reduce_ex__(4)` and put
//! together again. A deep copy keeps a memo, a dict from the identity of what was copied to its
//! copy, so that shared parts stay shared and cycles end.

use crate::builtin::{dict, list, method, tuple};
use crate::native::flags;
use crate::{Args, Buffer, Context, Object, Result, index, text, tuple_items};

/// What copies are themselves, deep ones too.
const ATOMIC: &[usize] = &[
    index::NONE_TYPE,
    index::INT,
    index::FLOAT,
    index::BOOL,
    index::COMPLEX,
    index::BYTES,
    index::STR,
    index::TYPE,
    index::RANGE,
    index::BUILTIN,
    index::FUNCTION,
    index::WEAKREF,
    index::PROPERTY,
    index::ELLIPSIS_TYPE,
    index::NOT_IMPLEMENTED_TYPE,
];

/// What shallow copies of are the same, beside the atomic types.
const FROZEN: &[usize] = &[index::TUPLE, index::FROZENSET, index::SLICE, index::SUPER];

/// The place of an object's built-in type; `None` for instances of other classes.
fn exact_place(cx: &Context, object: &Object) -> Option<usize> {
    let of = cx.type_of(object);
    if of.is_static() {
        of.native().map(|native| native.index)
    } else {
        None
    }
}

/// `copy.copy(object)`.
///
/// # Errors
///
/// What the object's methods raise; TypeError where it cannot be taken apart.
pub fn shallow(cx: &Context, object: &Object) -> Result<Object> {
    if let Some(place) = exact_place(cx, object) {
        if ATOMIC.contains(&place) || FROZEN.contains(&place) {
            return Ok(object.clone());
        }
        match place {
            index::LIST => return list::from_iterable(cx, object),
            index::DICT => return copy_dict(cx, object, None),
            index::SET | index::BYTEARRAY => {
                return cx.construct(&cx.type_of(object), &[object.borrow()]);
            }
            _ => {}
        }
    }
    if cx.flags_of(object) & flags::TYPE != 0 {
        return Ok(object.clone());
    }
    let class = cx.type_of(object).into_object();
    if let Some(copier) = cx.find_attribute(&class, &cx.names().copy)?
        && !cx.is_none(&copier)
    {
        return cx.call(&copier, &[object.borrow()]);
    }
    by_reduction(cx, object, None)
}

/// `copy.deepcopy(object, memo)`; `memo` is a dict.
///
/// # Errors
///
/// What the object's methods raise; TypeError where it cannot be taken apart.
pub fn deep(cx: &Context, object: &Object, memo: &Object) -> Result<Object> {
    let _level = cx.enter(" while calling a Python object")?;
    let place = exact_place(cx, object);
    if place.is_some_and(|place| ATOMIC.contains(&place)) {
        return Ok(object.clone());
    }
    if let Some(known) = remembered(cx, object, memo)? {
        return Ok(known);
    }
    let copied = match place {
        Some(index::LIST) => copy_list(cx, object, memo)?,
        Some(index::TUPLE) => copy_tuple(cx, object, memo)?,
        Some(index::DICT) => copy_dict(cx, object, Some(memo))?,
        Some(index::METHOD) => copy_method(cx, object, memo)?,
        Some(index::SET | index::FROZENSET) => copy_set(cx, object, memo)?,
        Some(index::BYTEARRAY) => cx.construct(&cx.type_of(object), &[object.borrow()])?,
        _ if cx.flags_of(object) & flags::TYPE != 0 => object.clone(),
        _ => match cx.find_attribute(object, &cx.names().deepcopy)? {
            Some(copier) if !cx.is_none(&copier) => cx.call(&copier, &[memo.borrow()])?,
            _ => by_reduction(cx, object, Some(memo))?,
        },
    };
    if !copied.is(object) {
        remember(cx, object, memo, &copied)?;
        keep_alive(cx, object, memo)?;
    }
    Ok(copied)
}

fn identity(cx: &Context, object: &Object) -> Result<Object> {
    cx.int(object.address() as i64)
}

fn remembered(cx: &Context, object: &Object, memo: &Object) -> Result<Option<Object>> {
    match dict::view(memo) {
        Some(memo) => memo.get(cx, &identity(cx, object)?),
        None => Ok(None),
    }
}

fn remember(cx: &Context, object: &Object, memo: &Object, copied: &Object) -> Result<()> {
    match dict::view(memo) {
        Some(memo) => memo.set(cx, &identity(cx, object)?, copied.clone()),
        None => cx.set_item(memo, &identity(cx, object)?, copied),
    }
}

/// Keeps what was copied alive as long as the memo, so that no identity is used twice.
fn keep_alive(cx: &Context, object: &Object, memo: &Object) -> Result<()> {
    let key = identity(cx, memo)?;
    let Some(memo) = dict::view(memo) else {
        return Ok(());
    };
    match memo.get(cx, &key)? {
        Some(kept) => match list::view(&kept) {
            Some(kept) => list::append(cx, kept, object.clone()),
            None => Ok(()),
        },
        None => memo.set(
            cx,
            &key,
            list::from_slice(cx, std::slice::from_ref(object))?,
        ),
    }
}

fn copy_list(cx: &Context, object: &Object, memo: &Object) -> Result<Object> {
    let copied = list::from_slice(cx, &[])?;
    remember(cx, object, memo, &copied)?;
    if let (Some(from), Some(to)) = (list::view(object), list::view(&copied)) {
        let mut at = 0;
        while let Some(item) = from.items.get(at) {
            list::append(cx, to, deep(cx, &item, memo)?)?;
            at += 1;
        }
    }
    Ok(copied)
}

fn copy_tuple(cx: &Context, object: &Object, memo: &Object) -> Result<Object> {
    let items = tuple_items(object).unwrap_or_default();
    let mut copies = cx.fallible(Buffer::with_capacity(cx.heap(), items.len()))?;
    for item in items {
        cx.fallible(copies.push(cx.heap(), deep(cx, item, memo)?))?;
    }
    // A cycle through the tuple has made the copy already.
    if let Some(known) = remembered(cx, object, memo)? {
        return Ok(known);
    }
    if items
        .iter()
        .zip(copies.iter())
        .all(|(item, copy)| item.is(copy))
    {
        return Ok(object.clone());
    }
    tuple::from_slice(cx, &copies)
}

/// A new dict of the same keys and values, or of their deep copies where a memo is given.
fn copy_dict(cx: &Context, object: &Object, memo: Option<&Object>) -> Result<Object> {
    let copied = dict::new_dict(cx)?;
    let (Some(from), Some(to)) = (dict::view(object), dict::view(&copied)) else {
        return Ok(copied);
    };
    let Some(memo) = memo else {
        to.update(cx, from)?;
        return Ok(copied);
    };
    remember(cx, object, memo, &copied)?;
    let mut at = 0;
    while let Some((index, key, value)) = from.next_entry(at) {
        let key = deep(cx, &key, memo)?;
        let value = deep(cx, &value, memo)?;
        to.set(cx, &key, value)?;
        at = index + 1;
    }
    Ok(copied)
}

fn copy_set(cx: &Context, object: &Object, memo: &Object) -> Result<Object> {
    let items = list::from_iterable(cx, object)?;
    let copies = copy_list(cx, &items, memo)?;
    keep_alive(cx, &items, memo)?;
    cx.construct(&cx.type_of(object), &[copies.borrow()])
}

fn copy_method(cx: &Context, object: &Object, memo: &Object) -> Result<Object> {
    match method::parts(object) {
        Some((function, receiver)) => {
            method::new_method(cx, &function, &deep(cx, &receiver, memo)?)
        }
        None => Ok(object.clone()),
    }
}

/// Takes an object apart and puts a copy together; deep where a memo is given.
fn by_reduction(cx: &Context, object: &Object, memo: Option<&Object>) -> Result<Object> {
    let protocol = Object::small32(4);
    let reduced = cx.call_method(object, &cx.names().reduce_ex, &[protocol.borrow()])?;
    if text(&reduced).is_some() {
        return Ok(object.clone());
    }
    let Some(parts) = tuple_items(&reduced) else {
        return Err(cx.type_error(format_args!(
            "Value after * must be an iterable, not {}",
            cx.type_name(&reduced)
        )));
    };
    let [function, arguments, rest @ ..] = parts else {
        let missing = if parts.is_empty() {
            "2 required positional arguments: 'func' and 'args'"
        } else {
            "1 required positional argument: 'args'"
        };
        return Err(cx.type_error(format_args!("_reconstruct() missing {missing}")));
    };
    let part = |index: usize| rest.get(index).filter(|part| !cx.is_none(part));
    let copy_of = |part: &Object| match memo {
        Some(memo) => deep(cx, part, memo),
        None => Ok(part.clone()),
    };
    let mut given = Buffer::new();
    for argument in cx.collect(arguments)? {
        cx.fallible(given.push(cx.heap(), copy_of(&argument)?))?;
    }
    let copied = cx.call_args(function, Args::of(&given))?;
    if let Some(memo) = memo {
        remember(cx, object, memo, &copied)?;
    }
    if let Some(state) = part(0) {
        set_state(cx, &copied, &copy_of(state)?)?;
    }
    if let Some(items) = part(1) {
        let append = cx.get_attribute_text(&copied, "append")?;
        cx.each(items, |item| {
            cx.call(&append, &[copy_of(&item)?.borrow()])?;
            Ok(true)
        })?;
    }
    if let Some(pairs) = part(2) {
        cx.each(pairs, |pair| {
            let pair = cx.collect(&pair)?;
            if let [key, value] = &*pair {
                cx.set_item(&copied, &copy_of(key)?, &copy_of(value)?)?;
            }
            Ok(true)
        })?;
    }
    Ok(copied)
}

/// Gives a fresh object its state: by `__setstate__`, else into its dict and slots.
fn set_state(cx: &Context, object: &Object, state: &Object) -> Result<()> {
    if let Some(setter) = cx.find_attribute(object, &cx.names().setstate)? {
        cx.call(&setter, &[state.borrow()])?;
        return Ok(());
    }
    set_plain_state(cx, object, state)
}

/// Gives a fresh object the state that `object.__getstate__` gave, into its dict and slots.
///
/// # Errors
///
/// What the dict and the slots raise.
pub fn set_plain_state(cx: &Context, object: &Object, state: &Object) -> Result<()> {
    let (own, slots) = match tuple_items(state) {
        Some([own, slots]) => (own.clone(), Some(slots.clone())),
        _ => (state.clone(), None),
    };
    if !cx.is_none(&own) {
        let into = cx.get_attribute(object, &cx.names().dict)?;
        match (dict::view(&into), dict::view(&own)) {
            (Some(into), Some(own)) => into.update(cx, own)?,
            _ => {
                let update = cx.get_attribute_text(&into, "update")?;
                cx.call(&update, &[own.borrow()])?;
            }
        }
    }
    if let Some(slots) = slots
        && let Some(slots) = dict::view(&slots)
    {
        let mut at = 0;
        while let Some((index, name, value)) = slots.next_entry(at) {
            cx.set_attribute(object, &name, &value)?;
            at = index + 1;
        }
    }
    Ok(())
}
