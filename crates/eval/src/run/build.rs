//! Displays, unpacking and formatted strings.

use super::instructions::{Machine, Step};
use crate::instruction::Conversion;
use mortice::types::builtin;
use mortice::types::format::Text;
use mortice::types::{Buffer, Context, Object, Result, dict_view, text};

/// Moves the top `count` values off the stack, the deepest first.
fn take(m: &Machine<'_>, count: u32) -> Result<Buffer<Object>> {
    let cx = m.cx;
    let count = count as usize;
    let mut values = cx.fallible(Buffer::with_capacity(cx.heap(), count))?;
    let first = m.body.values.len() - count;
    for place in first..first + count {
        if let Some(value) = m.body.values.put(place, None) {
            cx.fallible(values.push(cx.heap(), value))?;
        }
    }
    for _ in 0..count {
        drop(m.body.values.pop());
    }
    Ok(values)
}

/// A tuple of the top values.
pub fn tuple(m: &Machine<'_>, count: u32) -> Result<Step> {
    let values = take(m, count)?;
    let length = values.len();
    if length == 0 {
        return m.push(builtin::tuple::from_slice(m.cx, &[])?);
    }
    m.push(m.cx.tuple_of(
        m.cx.builtin_ref(&builtin::TUPLE),
        length,
        values.into_iter(),
    )?)
}

/// A list of the top values.
pub fn list(m: &Machine<'_>, count: u32) -> Result<Step> {
    let values = take(m, count)?;
    m.push(builtin::list::from_buffer(m.cx, values)?)
}

/// A set of the top values.
pub fn set(m: &Machine<'_>, count: u32) -> Result<Step> {
    let values = take(m, count)?;
    let made = builtin::set::new_set(m.cx)?;
    for value in values.iter() {
        builtin::set::add(m.cx, &made, value)?;
    }
    m.push(made)
}

/// A dict of the top pairs.
pub fn map(m: &Machine<'_>, count: u32) -> Result<Step> {
    let values = take(m, 2 * count)?;
    let dict = builtin::dict::new_dict(m.cx)?;
    for pair in values.chunks_exact(2) {
        set_entry(m.cx, &dict, &pair[0], &pair[1])?;
    }
    m.push(dict)
}

fn set_entry(cx: &Context, dict: &Object, key: &Object, value: &Object) -> Result<()> {
    match dict_view(dict) {
        Some(_) => cx.set_item(dict, key, value),
        None => Err(cx.system_error(format_args!("a display without a dict"))),
    }
}

/// Joins the top strings.
pub fn string(m: &Machine<'_>, count: u32) -> Result<Step> {
    let values = take(m, count)?;
    let mut joined = Text::new(m.cx);
    for value in values.iter() {
        m.cx.fallible(joined.push(text(value).unwrap_or_default()))?;
    }
    m.push(joined.finish(m.cx)?)
}

/// A slice of the top 2 or 3 values.
pub fn slice(m: &Machine<'_>, count: u32) -> Result<Step> {
    let step = if count == 3 { m.pop()? } else { m.cx.none() };
    let stop = m.pop()?;
    let start = m.pop()?;
    m.push(builtin::slice::new_slice(m.cx, &start, &stop, &step)?)
}

/// Appends to the list `n` places down.
pub fn list_append(m: &Machine<'_>, n: u32) -> Result<Step> {
    let value = m.pop()?;
    let list = m.peek(n)?;
    if let Some(view) = builtin::list::view(&list) {
        m.cx.fallible(view.items.push(m.cx.heap(), value))?;
    }
    Ok(Step::Next)
}

/// Adds to the set `n` places down.
pub fn set_add(m: &Machine<'_>, n: u32) -> Result<Step> {
    let value = m.pop()?;
    builtin::set::add(m.cx, &m.peek(n)?, &value)?;
    Ok(Step::Next)
}

/// Stores into the dict `n` places down.
pub fn map_add(m: &Machine<'_>, n: u32) -> Result<Step> {
    let value = m.pop()?;
    let key = m.pop()?;
    set_entry(m.cx, &m.peek(n)?, &key, &value)?;
    Ok(Step::Next)
}

/// Extends the list `n` places down.
pub fn list_extend(m: &Machine<'_>, n: u32) -> Result<Step> {
    let cx = m.cx;
    let iterable = m.pop()?;
    let list = m.peek(n)?;
    if !cx.is_iterable(&iterable) {
        return Err(cx.type_error(format_args!(
            "Value after * must be an iterable, not {}",
            cx.type_name(&iterable)
        )));
    }
    let mut items = cx.collect(&iterable)?;
    if let Some(view) = builtin::list::view(&list) {
        cx.fallible(view.items.with(|own| own.append(cx.heap(), &mut items)))?;
    }
    Ok(Step::Next)
}

/// Updates the set `n` places down.
pub fn set_update(m: &Machine<'_>, n: u32) -> Result<Step> {
    let iterable = m.pop()?;
    let set = m.peek(n)?;
    builtin::set::update(m.cx, &set, &iterable)?;
    Ok(Step::Next)
}

/// Calls `visit` with every key and value of a mapping; false where the object is none.
fn each_entry(
    cx: &Context,
    mapping: &Object,
    mut visit: impl FnMut(Object, Object) -> Result<()>,
) -> Result<bool> {
    if cx.is_exactly(mapping, &builtin::DICT)
        && let Some(view) = dict_view(mapping)
    {
        let mut at = 0;
        while let Some((index, key, value)) = view.next_entry(at) {
            visit(key, value)?;
            at = index + 1;
        }
        return Ok(true);
    }
    let Some(keys) = cx.find_attribute(mapping, &cx.names().keys)? else {
        return Ok(false);
    };
    let keys = cx.call(&keys, &[])?;
    for key in cx.collect(&keys)? {
        let value = cx.get_item(mapping, &key)?;
        visit(key, value)?;
    }
    Ok(true)
}

/// Updates the dict `n` places down.
pub fn dict_update(m: &Machine<'_>, n: u32) -> Result<Step> {
    let mapping = m.pop()?;
    let dict = m.peek(n)?;
    let is_mapping = each_entry(m.cx, &mapping, |key, value| {
        set_entry(m.cx, &dict, &key, &value)
    })?;
    if !is_mapping {
        return Err(m.cx.type_error(format_args!(
            "'{}' object is not a mapping",
            m.cx.told_name(&mapping)?
        )));
    }
    Ok(Step::Next)
}

/// How messages about a call name its callable: `module.qualname()` or its text.
pub fn callable_text(cx: &Context, callable: &Object) -> Result<String> {
    // std: error messages only
    let qualname = cx.find_attribute(callable, &cx.names().qualname)?;
    let module = cx.find_attribute(callable, &cx.names().module)?;
    let module = module
        .as_ref()
        .and_then(text)
        .filter(|module| *module != "builtins");
    Ok(match (module, qualname.as_ref().and_then(text)) {
        (Some(module), Some(name)) => format!("{module}.{name}()"),
        (None, Some(name)) => format!("{name}()"),
        (_, None) => {
            let shown = cx.str(callable)?;
            text(&shown).unwrap_or("?").to_string()
        }
    })
}

/// Merges keywords into the dict `n` places down.
pub fn dict_merge(m: &Machine<'_>, n: u32) -> Result<Step> {
    let cx = m.cx;
    let mapping = m.pop()?;
    let dict = m.peek(n)?;
    let callable = m.peek(n + 3)?;
    let is_mapping = each_entry(cx, &mapping, |key, value| {
        if text(&key).is_none() {
            return Err(cx.type_error(format_args!("keywords must be strings")));
        }
        if let Some(view) = dict_view(&dict)
            && view.get(cx, &key)?.is_some()
        {
            return Err(cx.type_error(format_args!(
                "{} got multiple values for keyword argument '{}'",
                callable_text(cx, &callable)?,
                text(&key).unwrap_or("?")
            )));
        }
        set_entry(cx, &dict, &key, &value)
    })?;
    if !is_mapping {
        return Err(cx.type_error(format_args!(
            "Value after ** must be a mapping, not {}",
            cx.told_name(&mapping)?
        )));
    }
    Ok(Step::Next)
}

/// `list → tuple`
pub fn list_to_tuple(m: &Machine<'_>) -> Result<Step> {
    let list = m.pop()?;
    let items = builtin::list::sequence_snapshot(m.cx, &list)?;
    m.push(builtin::tuple::from_slice(m.cx, &items)?)
}

/// `!s`, `!r` and `!a`.
pub fn convert(m: &Machine<'_>, conversion: Conversion) -> Result<Step> {
    let value = m.pop()?;
    let converted = match conversion {
        Conversion::Str => m.cx.str(&value)?,
        Conversion::Repr => m.cx.repr(&value)?,
        Conversion::Ascii => m.cx.ascii(&value)?,
    };
    drop(value);
    m.push(converted)
}

/// `value → string` with an empty specification.
pub fn format_simple(m: &Machine<'_>) -> Result<Step> {
    let value = m.pop()?;
    if m.cx.is_exactly(&value, &builtin::STR) {
        return m.push(value);
    }
    let spec = m.cx.names().empty.clone();
    let formatted = m.cx.format_value(&value, &spec)?;
    drop(value);
    m.push(formatted)
}

/// `value, specification → string`
pub fn format_with_spec(m: &Machine<'_>) -> Result<Step> {
    let spec = m.pop()?;
    let value = m.pop()?;
    let formatted = m.cx.format_value(&value, &spec)?;
    drop(spec);
    drop(value);
    m.push(formatted)
}

/// Unpacks an iterable into `before` values, and with a starred target `after` more behind it.
pub fn unpack(m: &Machine<'_>, before: usize, after: Option<usize>) -> Result<Step> {
    let cx = m.cx;
    let iterable = m.pop()?;
    if !cx.is_iterable(&iterable) {
        return Err(cx.type_error(format_args!(
            "cannot unpack non-iterable {} object",
            cx.type_name(&iterable)
        )));
    }
    let iterator = cx.iterate(&iterable)?;
    let mut items = Buffer::new();
    let least = before + after.unwrap_or(0);
    while after.is_some() || items.len() < before {
        match cx.next(&iterator)? {
            Some(item) => cx.fallible(items.push(cx.heap(), item))?,
            None => break,
        }
    }
    if items.len() < least {
        let at_least = if after.is_some() { "at least " } else { "" };
        return Err(cx.value_error(format_args!(
            "not enough values to unpack (expected {at_least}{least}, got {})",
            items.len()
        )));
    }
    let Some(after) = after else {
        if cx.next(&iterator)?.is_some() {
            let sized = cx.is_exactly(&iterable, &builtin::LIST)
                || cx.is_exactly(&iterable, &builtin::TUPLE)
                || cx.is_exactly(&iterable, &builtin::DICT);
            if sized {
                let got = cx.length(&iterable)?;
                return Err(cx.value_error(format_args!(
                    "too many values to unpack (expected {before}, got {got})"
                )));
            }
            return Err(cx.value_error(format_args!(
                "too many values to unpack (expected {before})"
            )));
        }
        drop(iterator);
        drop(iterable);
        while let Some(item) = items.pop() {
            m.push(item)?;
        }
        return Ok(Step::Next);
    };
    drop(iterator);
    drop(iterable);
    for _ in 0..after {
        if let Some(item) = items.pop() {
            m.push(item)?;
        }
    }
    let middle = cx.fallible(items.split_off(cx.heap(), before))?;
    m.push(builtin::list::from_buffer(cx, middle)?)?;
    while let Some(item) = items.pop() {
        m.push(item)?;
    }
    Ok(Step::Next)
}
