//! Slices of lists: read, replaced and deleted.
//!
//! The slice's parts and the new items are read first, for that may run Python code and change the
//! list; only then the slice is fitted to the length that the list has. What a change displaces is
//! collected, and dropped when the list is whole again.

use super::{ListBody, room, sequence_snapshot, view};
use crate::builtin::slice::{Adjusted, fit, unpack};
use crate::{Buffer, Context, Object, OutOfMemory, Result, builtin, tuple_items};
use mortice_gc::Heap;
use std::mem;

/// `list[slice]`.
pub(super) fn get(cx: &Context, list: &ListBody, slice: &Object) -> Result<Object> {
    let parts = unpack(cx, slice)?;
    let selected = fit(parts, list.items.len());
    let mut items = cx.fallible(Buffer::with_capacity(cx.heap(), selected.count))?;
    for place in selected.positions() {
        if let Some(item) = list.items.get(place) {
            cx.fallible(items.push(cx.heap(), item))?;
        }
    }
    super::from_buffer(cx, items)
}

/// `list[slice] = value`.
pub(super) fn set(cx: &Context, list: &ListBody, slice: &Object, value: &Object) -> Result<()> {
    let parts = unpack(cx, slice)?;
    let fresh = new_items(cx, value)?;
    let selected = fit(parts, list.items.len());
    if selected.step == 1 {
        return splice(cx, list, selected, fresh);
    }
    if fresh.len() != selected.count {
        return Err(cx.value_error(format_args!(
            "attempt to assign sequence of size {} to extended slice of size {}",
            fresh.len(),
            selected.count
        )));
    }
    let mut displaced = cx.fallible(Buffer::with_capacity(cx.heap(), selected.count))?;
    for (place, item) in selected.positions().zip(fresh) {
        if let Ok(old) = list.items.exchange(place, item) {
            cx.fallible(displaced.push(cx.heap(), old))?;
        }
    }
    Ok(())
}

/// `del list[slice]`.
pub(super) fn delete(cx: &Context, list: &ListBody, slice: &Object) -> Result<()> {
    let parts = unpack(cx, slice)?;
    let selected = fit(parts, list.items.len());
    if selected.count == 0 {
        return Ok(());
    }
    if selected.step == 1 {
        return splice(cx, list, selected, Buffer::new());
    }
    let displaced = list
        .items
        .with(|items| take_spread(items, cx.heap(), selected));
    drop(cx.fallible(displaced)?);
    Ok(())
}

fn new_items(cx: &Context, value: &Object) -> Result<Buffer<Object>> {
    if tuple_items(value).is_some() || view(value).is_some() {
        return sequence_snapshot(cx, value);
    }
    let iterator = match cx.iterate(value) {
        Err(raised) if raised.is(cx, &builtin::TYPE_ERROR) => {
            return Err(cx.type_error(format_args!("must assign iterable to extended slice")));
        }
        iterator => iterator?,
    };
    cx.collect(&iterator)
}

/// Replaces a range of places by any number of items.
fn splice(cx: &Context, list: &ListBody, selected: Adjusted, fresh: Buffer<Object>) -> Result<()> {
    let start = usize::try_from(selected.start).unwrap_or(0);
    let displaced = list
        .items
        .with(|items| splice_items(items, cx.heap(), start, selected.count, fresh));
    drop(cx.fallible(displaced)?);
    Ok(())
}

/// Replaces `count` items from `start` on; returns them.
fn splice_items(
    items: &mut Buffer<Object>,
    heap: &Heap,
    start: usize,
    count: usize,
    fresh: Buffer<Object>,
) -> std::result::Result<Buffer<Object>, OutOfMemory> {
    // All memory is asked for before the first item moves.
    let mut displaced = Buffer::with_capacity(heap, count)?;
    let needed = items.len() - count + fresh.len();
    room::grow(items, heap, needed)?;
    let replaced = count.min(fresh.len());
    let mut fresh = fresh.into_iter();
    for place in start..start + replaced {
        if let Some(item) = fresh.next() {
            displaced.push(heap, mem::replace(&mut items[place], item))?;
        }
    }
    let rest = start + replaced;
    let (excess, missing) = (count - replaced, fresh.size_hint().0);
    if excess > 0 {
        items[rest..].rotate_left(excess);
        for _ in 0..excess {
            if let Some(item) = items.pop() {
                displaced.push(heap, item)?;
            }
        }
        room::settle(items, heap);
    } else if missing > 0 {
        for item in fresh {
            items.push(heap, item)?;
        }
        items[rest..].rotate_right(missing);
    }
    Ok(displaced)
}

/// Takes out items that lie apart.
fn take_spread(
    items: &mut Buffer<Object>,
    heap: &Heap,
    selected: Adjusted,
) -> std::result::Result<Buffer<Object>, OutOfMemory> {
    let mut displaced = Buffer::with_capacity(heap, selected.count)?;
    let step = selected.step.unsigned_abs();
    let last = selected.start + (selected.count as isize - 1) * selected.step;
    let first = usize::try_from(selected.start.min(last)).unwrap_or(0);
    let end = first + (selected.count - 1) * step;
    // What stays moves down; what goes moves to the end.
    let mut kept = first;
    for place in first..items.len() {
        let goes = place <= end && (place - first).is_multiple_of(step);
        if !goes {
            items.swap(kept, place);
            kept += 1;
        }
    }
    while items.len() > kept {
        if let Some(item) = items.pop() {
            displaced.push(heap, item)?;
        }
    }
    room::settle(items, heap);
    Ok(displaced)
}
