//! What sets compute: union, intersection, difference, comparison.

use super::{SetBody, new_set, view};
use crate::{Context, Object, Raised, Result, builtin};

/// The body of something known to be a set.
pub(super) fn own<'a>(cx: &Context, object: &'a Object) -> Result<&'a SetBody> {
    view(object).ok_or_else(|| {
        cx.type_error(format_args!(
            "a set is required, not '{}'",
            cx.type_name(object)
        ))
    })
}

/// The hash of a set's element.
pub(super) fn hash_element(cx: &Context, object: &Object) -> Result<i64> {
    cx.hash(object)
        .map_err(|raised| cx.unhashable(raised, object, "set element"))
}

/// Adds an object.
///
/// # Errors
///
/// TypeError for an unhashable one; what comparisons raise; MemoryError.
pub fn add(cx: &Context, set: &Object, object: &Object) -> Result<()> {
    let hash = hash_element(cx, object)?;
    own(cx, set)?.insert(cx, object, hash)
}

/// Adds the items of an iterable.
///
/// # Errors
///
/// TypeError for what is not iterable and for unhashable items; MemoryError.
pub fn update(cx: &Context, set: &Object, other: &Object) -> Result<()> {
    let body = own(cx, set)?;
    if let Some(other) = view(other) {
        return body.merge(cx, other);
    }
    if cx.is_exactly(other, &builtin::DICT)
        && let Some(dict) = builtin::dict::view(other)
    {
        body.make_room(cx, dict.len())?;
        let mut at = 0;
        while let Some((entry, hash, key, _)) = dict.next_hashed(at) {
            body.insert(cx, &key, hash)?;
            at = entry + 1;
        }
        return Ok(());
    }
    cx.each(other, |item| {
        add(cx, set, &item)?;
        Ok(true)
    })
}

/// Calls `visit` with every item of an iterable and its hash; of a set without asking the items.
fn each_hashed(
    cx: &Context,
    other: &Object,
    mut visit: impl FnMut(&Object, i64) -> Result<bool>,
) -> Result<()> {
    if let Some(set) = view(other) {
        let mut at = 0;
        while let Some((cell, hash, key)) = set.next_key(at) {
            if !visit(&key, hash)? {
                break;
            }
            at = cell + 1;
        }
        return Ok(());
    }
    if cx.is_exactly(other, &builtin::DICT)
        && let Some(dict) = builtin::dict::view(other)
    {
        let mut at = 0;
        while let Some((entry, hash, key, _)) = dict.next_hashed(at) {
            if !visit(&key, hash)? {
                break;
            }
            at = entry + 1;
        }
        return Ok(());
    }
    cx.each(other, |item| {
        let hash = hash_element(cx, &item)?;
        visit(&item, hash)
    })
}

/// As [`each_hashed`]; the error for an unhashable item says nothing of a set.
fn each_plainly_hashed(
    cx: &Context,
    other: &Object,
    mut visit: impl FnMut(&Object, i64) -> Result<bool>,
) -> Result<()> {
    if view(other).is_some() {
        return each_hashed(cx, other, visit);
    }
    cx.each(other, |item| {
        let hash = cx.hash(&item)?;
        visit(&item, hash)
    })
}

/// A copy as an exact set or frozenset, as the original is one or the other.
pub(super) fn copied(cx: &Context, set: &Object) -> Result<Object> {
    let kind = if cx.is_instance_of(set, &super::FROZENSET) {
        &super::FROZENSET
    } else {
        &super::SET
    };
    super::collected(cx, cx.builtin_ref(kind), set)
}

/// An empty set of the kind of another one.
fn empty_like(cx: &Context, set: &Object) -> Result<Object> {
    if cx.is_instance_of(set, &super::FROZENSET) {
        cx.instance(cx.builtin_ref(&super::FROZENSET), 0)
    } else {
        new_set(cx)
    }
}

/// What is in both.
pub(super) fn intersection(cx: &Context, set: &Object, other: &Object) -> Result<Object> {
    if set.is(other) {
        return copied(cx, set);
    }
    let result = empty_like(cx, set)?;
    let into = own(cx, &result)?;
    let (mut searched, mut walked) = (set, other);
    if let Some(theirs) = view(other)
        && theirs.len() > own(cx, set)?.len()
    {
        (searched, walked) = (other, set);
    }
    let searched = own(cx, searched)?;
    each_plainly_hashed(cx, walked, |key, hash| {
        if searched.has(cx, key, hash)? {
            into.insert(cx, key, hash)?;
        }
        Ok(true)
    })?;
    Ok(result)
}

/// Removes the items of an iterable.
///
/// # Errors
///
/// TypeError for what is not iterable and for unhashable items.
pub fn difference_update(cx: &Context, set: &Object, other: &Object) -> Result<()> {
    let body = own(cx, set)?;
    if set.is(other) {
        drop(body.empty());
        return Ok(());
    }
    each_hashed(cx, other, |key, hash| {
        drop(body.remove(cx, key, hash)?);
        Ok(true)
    })
}

/// What is in the first alone.
pub(super) fn difference(cx: &Context, set: &Object, other: &Object) -> Result<Object> {
    let body = own(cx, set)?;
    let other_dict = builtin::dict::view(other).filter(|_| cx.is_exactly(other, &builtin::DICT));
    let other_set = view(other);
    let other_length = match (other_set, other_dict) {
        (Some(other), _) => Some(other.len()),
        (None, Some(other)) => Some(other.len()),
        (None, None) => None,
    };
    // Copying and removing costs less where the other is much smaller.
    if other_length.is_none_or(|length| body.len() / 4 > length) {
        let result = copied(cx, set)?;
        difference_update(cx, &result, other)?;
        return Ok(result);
    }
    let result = empty_like(cx, set)?;
    let into = own(cx, &result)?;
    each_hashed(cx, set, |key, hash| {
        let there = match (other_set, other_dict) {
            (Some(other), _) => other.has(cx, key, hash)?,
            (None, Some(other)) => other.get_hashed(cx, key, hash)?.is_some(),
            (None, None) => false,
        };
        if !there {
            into.insert(cx, key, hash)?;
        }
        Ok(true)
    })?;
    Ok(result)
}

/// Removes what both have and adds what only the iterable has.
///
/// # Errors
///
/// TypeError for what is not iterable and for unhashable items; MemoryError.
pub fn symmetric_difference_update(cx: &Context, set: &Object, other: &Object) -> Result<()> {
    let body = own(cx, set)?;
    if set.is(other) {
        drop(body.empty());
        return Ok(());
    }
    let unique;
    let other = if view(other).is_some() || cx.is_exactly(other, &builtin::DICT) {
        other
    } else {
        unique = super::set_from(cx, other)?;
        &unique
    };
    each_hashed(cx, other, |key, hash| {
        match body.remove(cx, key, hash)? {
            Some(old) => drop(old),
            None => body.insert(cx, key, hash)?,
        }
        Ok(true)
    })
}

/// What is in one alone, whichever it is.
pub(super) fn symmetric_difference(cx: &Context, set: &Object, other: &Object) -> Result<Object> {
    let result = empty_like(cx, set)?;
    update(cx, &result, other)?;
    symmetric_difference_update(cx, &result, set)?;
    Ok(result)
}

/// Whether both have no item in common.
pub(super) fn disjoint(cx: &Context, set: &Object, other: &Object) -> Result<bool> {
    let body = own(cx, set)?;
    if set.is(other) {
        return Ok(body.is_empty());
    }
    let (mut searched, mut walked) = (set, other);
    if let Some(theirs) = view(other)
        && theirs.len() > body.len()
    {
        (searched, walked) = (other, set);
    }
    let searched = own(cx, searched)?;
    let mut apart = true;
    each_hashed(cx, walked, |key, hash| {
        apart = !searched.has(cx, key, hash)?;
        Ok(apart)
    })?;
    Ok(apart)
}

/// Whether every key of `a` is in `b`.
pub(super) fn within(cx: &Context, a: &SetBody, b: &SetBody) -> Result<bool> {
    if a.len() > b.len() {
        return Ok(false);
    }
    let mut at = 0;
    while let Some((cell, hash, key)) = a.next_key(at) {
        if !b.has(cx, &key, hash)? {
            return Ok(false);
        }
        at = cell + 1;
    }
    Ok(true)
}

/// Applies a search to a key; a set, which is unhashable, is looked for as a frozenset of its items.
pub(super) fn with_key<T>(
    cx: &Context,
    key: &Object,
    search: impl Fn(&Object, i64) -> Result<T>,
) -> Result<T> {
    let refused: Raised = match hash_element(cx, key) {
        Ok(hash) => return search(key, hash),
        Err(raised) => raised,
    };
    if cx.is_instance_of(key, &super::SET) && refused.is(cx, &builtin::TYPE_ERROR) {
        let frozen = super::frozen_set_from(cx, key)?;
        let hash = cx.hash(&frozen)?;
        return search(&frozen, hash);
    }
    Err(refused)
}
