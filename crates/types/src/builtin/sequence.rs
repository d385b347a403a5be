//! Rules that lists and tuples share: comparing, searching and showing elements.
//!
//! Comparing elements runs Python code, which may change a list. So every rule asks for one
//! element at a time, by its index, and stops where there is none any more.

use crate::builtin::{self, int};
use crate::format::Text;
use crate::repr_guard::ReprGuard;
use crate::{Context, Object, Result, SlotId};

/// Elements that are reached by index.
pub trait Elements {
    /// Number of elements at this moment.
    fn count(&self) -> usize;
    /// A new reference to the element at `index`.
    fn at(&self, index: usize) -> Option<Object>;
}

impl Elements for [Object] {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, index: usize) -> Option<Object> {
        self.get(index).cloned()
    }
}

impl Elements for mortice_gc::Items<Object> {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, index: usize) -> Option<Object> {
        self.get(index)
    }
}

/// Compares element by element: the first pair that differs decides, else the lengths.
///
/// # Errors
///
/// What the elements' comparisons raise.
pub fn compare<E: Elements + ?Sized>(
    cx: &Context,
    left: &E,
    right: &E,
    slot: SlotId,
) -> Result<Object> {
    let unequal = left.count() != right.count();
    if unequal && slot == SlotId::Eq {
        return Ok(cx.bool(false));
    }
    if unequal && slot == SlotId::Ne {
        return Ok(cx.bool(true));
    }
    let mut index = 0;
    while let (Some(a), Some(b)) = (left.at(index), right.at(index)) {
        if !cx.equal(&a, &b)? {
            return match slot {
                SlotId::Eq => Ok(cx.bool(false)),
                SlotId::Ne => Ok(cx.bool(true)),
                _ => cx.compare(&a, &b, slot),
            };
        }
        index += 1;
    }
    let order = left.count().cmp(&right.count());
    Ok(cx.bool(match slot {
        SlotId::Lt => order.is_lt(),
        SlotId::Le => order.is_le(),
        SlotId::Gt => order.is_gt(),
        SlotId::Ge => order.is_ge(),
        SlotId::Ne => order.is_ne(),
        _ => order.is_eq(),
    }))
}

/// The index of the first element equal to `value` from `start` on and before `stop`.
///
/// # Errors
///
/// What the comparisons raise.
pub fn find<E: Elements + ?Sized>(
    cx: &Context,
    elements: &E,
    value: &Object,
    start: usize,
    stop: usize,
) -> Result<Option<usize>> {
    let mut index = start;
    while index < stop
        && let Some(element) = elements.at(index)
    {
        if cx.equal(&element, value)? {
            return Ok(Some(index));
        }
        index += 1;
    }
    Ok(None)
}

/// How many elements are equal to `value`.
///
/// # Errors
///
/// What the comparisons raise.
pub fn count<E: Elements + ?Sized>(cx: &Context, elements: &E, value: &Object) -> Result<Object> {
    let mut found = 0;
    let mut index = 0;
    while let Some(element) = elements.at(index) {
        if cx.equal(&element, value)? {
            found += 1;
        }
        index += 1;
    }
    cx.int(found)
}

/// The repr of a container: the elements' reprs between brackets.
///
/// # Errors
///
/// What the elements' reprs raise; MemoryError.
pub fn repr<E: Elements + ?Sized>(
    cx: &Context,
    object: &Object,
    elements: &E,
    [open, close]: [&str; 2],
    comma_after_one: bool,
) -> Result<Object> {
    let mut text = Text::new(cx);
    cx.fallible(text.push(open))?;
    if elements.count() > 0 {
        let Some(_guard) = ReprGuard::enter(cx, object)? else {
            cx.fallible(text.push("..."))?;
            cx.fallible(text.push(close))?;
            return text.finish(cx);
        };
        let mut index = 0;
        while let Some(element) = elements.at(index) {
            if index > 0 {
                cx.fallible(text.push(", "))?;
            }
            let shown = cx.repr(&element)?;
            cx.fallible(text.push(crate::text(&shown).unwrap_or_default()))?;
            index += 1;
        }
        if comma_after_one && index == 1 {
            cx.fallible(text.push(","))?;
        }
    }
    cx.fallible(text.push(close))?;
    text.finish(cx)
}

/// A bound of a search as CPython's argument parser reads it: any integer, cut to 64 bits.
fn bound(cx: &Context, object: &Object) -> Result<i64> {
    if !object.is_small() && cx.slot_of(object, SlotId::Index).is_none() {
        return Err(cx.type_error(format_args!(
            "slice indices must be integers or have an __index__ method"
        )));
    }
    let index = cx.index(object)?;
    Ok(match int::value(cx, &index) {
        Some(value) => value.to_i64().unwrap_or(if value.is_negative() {
            i64::MIN
        } else {
            i64::MAX
        }),
        None => 0,
    })
}

/// The range that `index(value, start, stop)` searches in a sequence of `length` elements.
///
/// # Errors
///
/// TypeError for a bound that is no integer.
pub fn search_range(
    cx: &Context,
    start: Option<&Object>,
    stop: Option<&Object>,
    length: usize,
) -> Result<(usize, usize)> {
    let length_word = i64::try_from(length).unwrap_or(i64::MAX);
    let place = |given: i64| {
        let from_start = if given < 0 {
            given.saturating_add(length_word).max(0)
        } else {
            given
        };
        usize::try_from(from_start).unwrap_or(0)
    };
    let start = match start {
        Some(start) => place(bound(cx, start)?),
        None => 0,
    };
    let stop = match stop {
        Some(stop) => place(bound(cx, stop)?),
        None => usize::MAX,
    };
    Ok((start, stop))
}

/// The value of an integer argument that counts elements.
///
/// # Errors
///
/// TypeError for no integer; OverflowError beyond 64 bits.
pub fn word(cx: &Context, object: &Object) -> Result<i64> {
    match int::value(cx, &cx.index(object)?).and_then(|value| value.to_i64()) {
        Some(value) => Ok(value),
        None => {
            Err(cx.overflow_error(format_args!("Python int too large to convert to C ssize_t")))
        }
    }
}

/// How often a sequence is repeated; negative counts are none.
///
/// # Errors
///
/// TypeError for no integer; OverflowError beyond 64 bits.
pub fn repetitions(cx: &Context, object: &Object) -> Result<usize> {
    match int::value(cx, &cx.index(object)?).and_then(|value| value.to_i64()) {
        Some(value) => Ok(usize::try_from(value).unwrap_or(0)),
        None => {
            Err(cx.overflow_error(format_args!("cannot fit 'int' into an index-sized integer")))
        }
    }
}

/// What a subscript of a sequence is.
#[derive(Debug)]
pub enum Subscript {
    /// An integer.
    Index(i64),
    /// A slice.
    Slice,
    /// Anything else; it must be refused.
    Other,
}

/// Reads a subscript.
///
/// # Errors
///
/// IndexError beyond 64 bits; what `__index__` raises.
#[inline]
pub fn subscript(cx: &Context, key: &Object) -> Result<Subscript> {
    if let Some(small) = key.as_small() {
        return Ok(Subscript::Index(small));
    }
    if cx.slot_of(key, SlotId::Index).is_none() {
        return Ok(if cx.is_exactly(key, &builtin::SLICE) {
            Subscript::Slice
        } else {
            Subscript::Other
        });
    }
    let index = cx.index(key)?;
    match int::value(cx, &index).and_then(|value| value.to_i64()) {
        Some(value) => Ok(Subscript::Index(value)),
        None => Err(cx.index_error(format_args!(
            "cannot fit '{}' into an index-sized integer",
            cx.type_name(key)
        ))),
    }
}

/// The place that an index means in a sequence of `length` elements; `None` outside of it.
#[inline]
pub fn place(index: i64, length: usize) -> Option<usize> {
    let from_start = if index < 0 {
        index.checked_add(i64::try_from(length).ok()?)?
    } else {
        index
    };
    usize::try_from(from_start)
        .ok()
        .filter(|place| *place < length)
}

/// Refuses a subscript that is neither integer nor slice.
#[cold]
pub fn bad_subscript(cx: &Context, of: &str, key: &Object) -> crate::Raised {
    cx.type_error(format_args!(
        "{of} indices must be integers or slices, not {}",
        cx.type_name(key)
    ))
}

/// An estimate of how many items an iterable has (`operator.length_hint`).
///
/// # Errors
///
/// What `__len__` and `__length_hint__` raise, TypeError aside; TypeError and ValueError for an
/// odd answer.
pub fn length_hint(cx: &Context, object: &Object, default: usize) -> Result<usize> {
    if cx.slot_of(object, SlotId::Len).is_some() {
        match cx.length(object) {
            Ok(length) => return Ok(length),
            Err(raised) if raised.is(cx, &builtin::TYPE_ERROR) => {}
            Err(raised) => return Err(raised),
        }
    }
    let hint = match cx.call_special(object, &cx.names().length_hint, &[]) {
        Ok(Some(hint)) => hint,
        Ok(None) => return Ok(default),
        Err(raised) if raised.is(cx, &builtin::TYPE_ERROR) => return Ok(default),
        Err(raised) => return Err(raised),
    };
    if cx.is_not_implemented(&hint) {
        return Ok(default);
    }
    match int::value(cx, &hint) {
        None => Err(cx.wrong_result(object, "__length_hint__", "an int", &hint)),
        Some(value) if value.is_negative() => Err(cx.value_error(format_args!(
            "{}.__length_hint__() must return a non-negative int",
            cx.told_name(object)?
        ))),
        Some(value) => match value.to_i64().and_then(|hint| usize::try_from(hint).ok()) {
            Some(hint) => Ok(hint),
            None => {
                Err(cx.overflow_error(format_args!("Python int too large to convert to C ssize_t")))
            }
        },
    }
}
