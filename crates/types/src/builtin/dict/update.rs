//! Filling a dict from what `dict()` and `update` accept: mappings, pairs and keywords.

use super::view;
use crate::slot_id::SlotId;
use crate::{Args, Context, Object, Result, builtin, tuple_items};

/// `target.update(*arguments, **keywords)`; `function` is the name in messages.
pub(super) fn update_args(
    cx: &Context,
    target: &Object,
    rest: &Args<'_>,
    function: &str,
) -> Result<()> {
    let given = rest.positional();
    if given.len() > 1 {
        return Err(cx.type_error(format_args!(
            "{function} expected at most 1 argument, got {}",
            given.len()
        )));
    }
    if let Some(from) = given.first() {
        update_from(cx, target, from)?;
    }
    if let Some(body) = view(target) {
        for (name, value) in rest.keywords() {
            body.set(cx, name, (*value).clone())?;
        }
    }
    Ok(())
}

/// Copies entries from a mapping or an iterable of pairs into a dict.
///
/// # Errors
///
/// TypeError and ValueError for what is neither, and what foreign code raises.
pub fn update_from(cx: &Context, target: &Object, from: &Object) -> Result<()> {
    if plain(cx, from) || cx.find_attribute(from, &cx.names().keys)?.is_some() {
        merge_into(cx, target, from, true)
    } else {
        update_pairs(cx, target, from)
    }
}

/// A dict, or a subclass that iterates as dicts do.
fn plain(cx: &Context, object: &Object) -> bool {
    let own = cx.builtin_ref(&super::DICT).slot(SlotId::Iter);
    view(object).is_some()
        && cx.slot_of(object, SlotId::Iter).map(|slot| slot as usize)
            == own.map(|slot| slot as usize)
}

/// Copies entries from a mapping, which answers to `keys()` and subscription, into a dict; an equal
/// key that is there already keeps its value unless `replace` says otherwise.
///
/// # Errors
///
/// AttributeError where there is no `keys`, and what foreign code raises.
pub fn merge_into(cx: &Context, target: &Object, from: &Object, replace: bool) -> Result<()> {
    let Some(own) = view(target) else {
        return Err(cx.system_error(format_args!("a dict is required")));
    };
    if let Some(theirs) = view(from)
        && plain(cx, from)
    {
        return own.merge(cx, theirs, replace);
    }
    let keys = cx.call_method(from, &cx.names().keys, &[])?;
    if cx.slot_of(&keys, SlotId::Iter).is_none() && cx.slot_of(&keys, SlotId::GetItem).is_none() {
        return Err(cx.type_error(format_args!(
            "{}.keys() must return an iterable, not {}",
            cx.told_name(from)?,
            cx.told_name(&keys)?
        )));
    }
    cx.each(&keys, |key| {
        if replace || own.get(cx, &key)?.is_none() {
            let value = cx.get_item(from, &key)?;
            own.set(cx, &key, value)?;
        }
        Ok(true)
    })
}

fn update_pairs(cx: &Context, target: &Object, pairs: &Object) -> Result<()> {
    let Some(own) = view(target) else {
        return Ok(());
    };
    let mut index = 0;
    cx.each(pairs, |pair| {
        let items = pair_items(cx, &pair, index)?;
        let found = tuple_items(&items).unwrap_or_default();
        let [key, value] = found else {
            return Err(cx.value_error(format_args!(
                "dictionary update sequence element #{index} has length {}; 2 is required",
                found.len()
            )));
        };
        own.set(cx, key, value.clone())?;
        index += 1;
        Ok(true)
    })
}

/// A pair's items as a tuple.
fn pair_items(cx: &Context, pair: &Object, index: usize) -> Result<Object> {
    if tuple_items(pair).is_some() {
        return Ok(pair.clone());
    }
    let iterable = cx.slot_of(pair, SlotId::Iter).is_some()
        || cx.slot_of(pair, SlotId::GetItem).is_some() && view(pair).is_none();
    if !iterable {
        let raised = cx.type_error(format_args!("object is not iterable"));
        let note = cx.format(format_args!(
            "Cannot convert dictionary update sequence element #{index} to a sequence"
        ))?;
        builtin::exception::add_note(cx, raised.exception(), &note)?;
        return Err(raised);
    }
    let items = cx.collect(pair)?;
    builtin::tuple::from_slice(cx, &items)
}
