//! Indices and slices: from what a program gives to offsets.

use crate::builtin::int;
use crate::builtin::slice::{self, Adjusted};
use crate::{Context, Object, Result, body};

/// An argument as a machine integer; `cannot fit` where it is too large.
///
/// # Errors
///
/// TypeError where it is no integer; OverflowError.
pub fn size(cx: &Context, object: &Object) -> Result<i64> {
    let index = cx.index(object)?;
    match int::value(cx, &index).and_then(|value| value.to_i64()) {
        Some(value) => Ok(value),
        None => {
            Err(cx.overflow_error(format_args!("Python int too large to convert to C ssize_t")))
        }
    }
}

/// A repeat count: an index, in the words of sequences.
///
/// # Errors
///
/// TypeError where it is no integer; OverflowError.
pub fn repeat_count(cx: &Context, object: &Object) -> Result<usize> {
    let index = cx.index(object)?;
    match int::value(cx, &index).and_then(|value| value.to_i64()) {
        Some(value) => Ok(usize::try_from(value).unwrap_or(0)),
        None => Err(cx.overflow_error(format_args!(
            "cannot fit '{}' into an index-sized integer",
            cx.type_name(object)
        ))),
    }
}

/// The position that an index names, or `None` where it lies outside.
///
/// # Errors
///
/// IndexError where the integer is too large for a machine word.
pub fn position(cx: &Context, index: &Object, length: usize) -> Result<Option<usize>> {
    let Some(value) = int::value(cx, index).and_then(|value| value.to_i64()) else {
        return Err(cx.index_error(format_args!(
            "cannot fit '{}' into an index-sized integer",
            cx.type_name(index)
        )));
    };
    let at = if value < 0 {
        value + length as i64
    } else {
        value
    };
    Ok(usize::try_from(at).ok().filter(|at| *at < length))
}

/// A bound of a slice; integers of any size are cut to machine words.
///
/// # Errors
///
/// TypeError where it is neither None nor an integer.
pub fn bound(cx: &Context, object: Option<&Object>) -> Result<Option<i64>> {
    let Some(object) = object.filter(|object| !cx.is_none(object)) else {
        return Ok(None);
    };
    if !object.is_small() && cx.slot_of(object, crate::SlotId::Index).is_none() {
        return Err(cx.type_error(format_args!(
            "slice indices must be integers or have an __index__ method"
        )));
    }
    let index = cx.index(object)?;
    Ok(int::value(cx, &index).map(|value| match value.to_i64() {
        Some(value) => value,
        None if value.is_negative() => i64::MIN,
        None => i64::MAX,
    }))
}

/// Start and end within a sequence, as `find` and its like take them. The start may lie behind the
/// end.
///
/// # Errors
///
/// TypeError where an argument is neither None nor an integer.
pub fn range(
    cx: &Context,
    start: Option<&Object>,
    end: Option<&Object>,
    length: usize,
) -> Result<(usize, usize)> {
    let length = length as i64;
    let from_end = |value: i64| {
        if value < 0 {
            value.saturating_add(length).max(0)
        } else {
            value
        }
    };
    let start = from_end(bound(cx, start)?.unwrap_or(0));
    let end = from_end(bound(cx, end)?.unwrap_or(length)).min(length);
    Ok((start as usize, end as usize))
}

/// The positions of a slice object in a sequence of `length`; `None` where `key` is no slice.
///
/// # Errors
///
/// ValueError for a step of zero, TypeError for bounds that are no integers.
pub fn span(cx: &Context, key: &Object, length: usize) -> Result<Option<Adjusted>> {
    if body::<slice::SliceBody>(key).is_none() {
        return Ok(None);
    }
    slice::adjust(cx, key, length).map(Some)
}
