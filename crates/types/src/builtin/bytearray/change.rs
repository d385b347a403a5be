//! The methods that change a bytearray.

use super::{ByteArrayBody, from_buffer, view};
use crate::builtin::bytes::slots::one_byte;
use crate::builtin::bytes::{self, contents};
use crate::builtin::{sequence, string::bounds};
use crate::{Args, Buffer, Context, Object, Result, SlotId, text};

/// What is said where an integer is no byte.
pub(super) const BYTE_WORDS: &str = "byte must be in range(0, 256)";

/// The receiver's body, which a descriptor has checked.
pub(super) fn array_of<'a>(cx: &Context, this: &'a Object) -> Result<&'a ByteArrayBody> {
    view(this).ok_or_else(|| cx.type_error(format_args!("a bytearray is required")))
}

/// Appends one byte.
fn push(cx: &Context, array: &ByteArrayBody, byte: u8) -> Result<()> {
    array.splice(cx, array.len(), 0, &[byte])
}

pub(super) fn append(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().method(cx, "bytearray", "append", 1, 1)?;
    let byte = one_byte(cx, &given[0], BYTE_WORDS)?;
    push(cx, array_of(cx, &this)?, byte)?;
    Ok(cx.none())
}

/// The bytes of an iterable of integers.
///
/// # Errors
///
/// What iterating raises; TypeError and ValueError for items that are no bytes.
pub(super) fn collect(cx: &Context, iterable: &Object) -> Result<Buffer<u8>> {
    let mut bytes = Buffer::new();
    cx.each(iterable, |item| {
        let byte = one_byte(cx, &item, BYTE_WORDS)?;
        cx.fallible(bytes.push(cx.heap(), byte))?;
        Ok(true)
    })?;
    Ok(bytes)
}

pub(super) fn extend(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().method(cx, "bytearray", "extend", 1, 1)?;
    let array = array_of(cx, &this)?;
    let held = contents(cx, &given[0])?;
    let fresh = match held {
        Some(held) => held,
        None if text(&given[0]).is_some() => {
            return Err(cx.type_error(format_args!(
                "expected iterable of integers; got: '{}'",
                cx.type_name(&given[0])
            )));
        }
        None if !cx.is_iterable(&given[0]) => {
            return Err(cx.type_error(format_args!(
                "can't extend bytearray with {}",
                cx.type_name(&given[0])
            )));
        }
        None => bytes::Contents::Copied(collect(cx, &given[0])?),
    };
    array.splice(cx, array.len(), 0, &fresh)?;
    Ok(cx.none())
}

pub(super) fn insert(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().method(cx, "bytearray", "insert", 2, 2)?;
    let place = bounds::size(cx, &given[0])?;
    let byte = one_byte(cx, &given[1], BYTE_WORDS)?;
    let array = array_of(cx, &this)?;
    let length = array.len() as i64;
    let place = if place < 0 { place + length } else { place };
    array.splice(cx, place.clamp(0, length) as usize, 0, &[byte])?;
    Ok(cx.none())
}

pub(super) fn pop(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().method(cx, "bytearray", "pop", 0, 1)?;
    let place = match given.first() {
        Some(place) => bounds::size(cx, place)?,
        None => -1,
    };
    let array = array_of(cx, &this)?;
    if array.is_empty() {
        return Err(cx.index_error(format_args!("pop from empty bytearray")));
    }
    let Some((place, byte)) =
        sequence::place(place, array.len()).and_then(|place| Some((place, array.at(place)?)))
    else {
        return Err(cx.index_error(format_args!("pop index out of range")));
    };
    array.splice(cx, place, 1, &[])?;
    cx.int(i64::from(byte))
}

pub(super) fn remove(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().method(cx, "bytearray", "remove", 1, 1)?;
    let byte = one_byte(cx, &given[0], BYTE_WORDS)?;
    let array = array_of(cx, &this)?;
    match (0..array.len()).find(|place| array.at(*place) == Some(byte)) {
        Some(place) => array.splice(cx, place, 1, &[])?,
        None => return Err(cx.value_error(format_args!("value not found in bytearray"))),
    }
    Ok(cx.none())
}

pub(super) fn reverse(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "bytearray", "reverse", 0, 0)?;
    let array = array_of(cx, &this)?;
    array.bytes.0.with(|bytes| bytes.reverse());
    Ok(cx.none())
}

pub(super) fn clear(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "bytearray", "clear", 0, 0)?;
    let array = array_of(cx, &this)?;
    array.check_resizable(cx)?;
    drop(array.bytes.0.take());
    array.resized();
    Ok(cx.none())
}

pub(super) fn copy(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "bytearray", "copy", 0, 0)?;
    from_buffer(cx, array_of(cx, &this)?.snapshot(cx)?)
}

pub(super) fn resize(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().method(cx, "bytearray", "resize", 1, 1)?;
    let size = bounds::size(cx, &given[0])?;
    let Ok(size) = usize::try_from(size) else {
        return Err(cx.value_error(format_args!(
            "Can only resize to positive sizes, got {size}"
        )));
    };
    let array = array_of(cx, &this)?;
    let length = array.len();
    if size <= length {
        array.splice(cx, size, length - size, &[])?;
    } else {
        let zeros = bytes::repeated(cx, &[0], size - length)?;
        array.splice(cx, length, 0, &zeros)?;
    }
    Ok(cx.none())
}

/// Takes the first bytes out, or the last ones for a negative count, or all.
pub(super) fn take_bytes(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().method(cx, "bytearray", "take_bytes", 0, 1)?;
    let given = given.first().filter(|count| !cx.is_none(count));
    if let Some(count) = given
        && !count.is_small()
        && cx.slot_of(count, SlotId::Index).is_none()
    {
        return Err(cx.type_error(format_args!("n must be an integer or None")));
    }
    let wanted = given.map(|count| bounds::size(cx, count)).transpose()?;
    let array = array_of(cx, &this)?;
    let length = array.len() as i64;
    let count = match wanted {
        None => length,
        Some(count) if count < 0 => count + length,
        Some(count) => count,
    };
    if count < 0 || count > length {
        return Err(cx.index_error(format_args!(
            "can't take {count} bytes outside size {length}"
        )));
    }
    array.check_resizable(cx)?;
    let all = array.snapshot(cx)?;
    let taken = bytes::from_slice(cx, &all[..count as usize])?;
    array.splice(cx, 0, count as usize, &[])?;
    Ok(taken)
}
