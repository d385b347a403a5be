//! The slots of `bytearray` that `bytes` has none of, or other ones.

use super::change::{BYTE_WORDS, array_of, collect};
use super::{ByteArrayBody, from_buffer};
use crate::builtin::bytes::slots::one_byte;
use crate::builtin::bytes::{self, Contents, contents};
use crate::builtin::string::{bounds, escape};
use crate::builtin::{codec, sequence, slice, tuple};
use crate::format::Text;
use crate::raw::Type;
use crate::{Args, Context, Object, Result, SlotId, text};

pub(super) fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    match Type::of(&args.receiver()) {
        Some(of) => cx.instance(&of, 0),
        None => Err(cx.type_error(format_args!("bytearray.__new__(X): X is not a type object"))),
    }
}

/// `bytearray(source=b'', encoding=..., errors=...)`.
pub(super) fn init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let names = ["source", "encoding", "errors"];
    let [source, encoding, errors] = args.rest().bind(cx, "bytearray", names, 0)?;
    for (what, value) in [("encoding", encoding), ("errors", errors)] {
        if let Some(value) = value
            && text(&value).is_none()
        {
            return Err(cx.type_error(format_args!(
                "bytearray() argument '{what}' must be str, not {}",
                cx.type_name(&value)
            )));
        }
    }
    let array = array_of(cx, &this)?;
    array.splice(cx, 0, array.len(), &[])?;
    let is_text = source.is_some_and(|source| text(&source).is_some());
    let given = match (encoding, errors) {
        (Some(_), _) => Some("encoding"),
        (None, Some(_)) => Some("errors"),
        (None, None) => None,
    };
    if let Some(given) = given.filter(|_| !is_text) {
        return Err(cx.type_error(format_args!("{given} without a string argument")));
    }
    let Some(source) = source else {
        return Ok(cx.none());
    };
    if is_text {
        let Some(encoding) = encoding else {
            return Err(cx.type_error(format_args!("string argument without an encoding")));
        };
        let errors = errors.as_deref().and_then(text).unwrap_or("strict");
        let made = codec::encode(cx, &source, text(&encoding).unwrap_or_default(), errors)?;
        let bytes = bytes::view(&made).unwrap_or_default();
        array.splice(cx, 0, array.len(), bytes)?;
        return Ok(cx.none());
    }
    let bytes = from_object(cx, &source)?;
    array.splice(cx, 0, array.len(), &bytes)?;
    Ok(cx.none())
}

/// The bytes that an object stands for: a count of zeros, what it holds, or what it yields.
fn from_object<'a>(cx: &Context, source: &'a Object) -> Result<Contents<'a>> {
    if source.is_small() || cx.slot_of(source, SlotId::Index).is_some() {
        let index = cx.index(source)?;
        let value = crate::builtin::int::value(cx, &index).and_then(|value| value.to_i64());
        let Some(count) = value else {
            return Err(cx.overflow_error(format_args!(
                "cannot fit '{}' into an index-sized integer",
                cx.type_name(source)
            )));
        };
        let Ok(count) = usize::try_from(count) else {
            return Err(cx.value_error(format_args!("negative count")));
        };
        return Ok(Contents::Copied(bytes::repeated(cx, &[0], count)?));
    }
    if let Some(held) = contents(cx, source)? {
        return Ok(held);
    }
    if !cx.is_iterable(source) {
        return Err(cx.type_error(format_args!(
            "cannot convert '{}' object to bytearray",
            cx.type_name(source)
        )));
    }
    Ok(Contents::Copied(collect(cx, source)?))
}

pub(super) fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let bytes = array_of(cx, &this)?.snapshot(cx)?;
    let name = cx.type_of(&this).name(cx);
    let mut out = Text::new(cx);
    cx.fallible(out.push(text(&name).unwrap_or("bytearray")))?;
    cx.fallible(out.push("("))?;
    cx.fallible(escape::write_bytes(&mut out, &bytes))?;
    cx.fallible(out.push(")"))?;
    out.finish(cx)
}

pub(super) fn len(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(array_of(cx, &args.receiver())?.len() as i64)
}

/// The place that an index means, or what is said where it means none.
fn place(cx: &Context, array: &ByteArrayBody, key: &Object) -> Result<Option<usize>> {
    match sequence::subscript(cx, key)? {
        sequence::Subscript::Index(index) => match sequence::place(index, array.len()) {
            Some(place) => Ok(Some(place)),
            None => Err(cx.index_error(format_args!("bytearray index out of range"))),
        },
        sequence::Subscript::Slice => Ok(None),
        sequence::Subscript::Other => Err(sequence::bad_subscript(cx, "bytearray", key)),
    }
}

pub(super) fn get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__getitem__")?;
    let array = array_of(cx, &this)?;
    if let Some(byte) = place(cx, array, &key)?.and_then(|place| array.at(place)) {
        return cx.int(i64::from(byte));
    }
    let selected = slice::adjust(cx, &key, array.len())?;
    let bytes = array.snapshot(cx)?;
    let mut out = cx.fallible(crate::Buffer::with_capacity(cx.heap(), selected.count))?;
    for at in selected.positions() {
        if let Some(byte) = bytes.get(at) {
            cx.fallible(out.push(cx.heap(), *byte))?;
        }
    }
    from_buffer(cx, out)
}

pub(super) fn set_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key, value] = args.exactly::<3>(cx, "__setitem__")?;
    let array = array_of(cx, &this)?;
    if place(cx, array, &key)?.is_some() {
        let byte = one_byte(cx, &value, BYTE_WORDS)?;
        // The conversion may have run code that changed the length.
        match place(cx, array, &key)? {
            Some(place) => array.put(place, byte),
            None => false,
        };
        return Ok(cx.none());
    }
    let is_number = value.is_small()
        || [SlotId::Index, SlotId::Int, SlotId::Float]
            .iter()
            .any(|slot| cx.slot_of(&value, *slot).is_some());
    let held = contents(cx, &value)?;
    if held.is_none() && (is_number || text(&value).is_some()) {
        return Err(cx.type_error(format_args!(
            "can assign only bytes, buffers, or iterables of ints in range(0, 256)"
        )));
    }
    let fresh = match held {
        Some(held) => held,
        None => from_object(cx, &value)?,
    };
    let parts = slice::unpack(cx, &key)?;
    let selected = slice::fit(parts, array.len());
    if selected.step == 1 {
        let start = usize::try_from(selected.start).unwrap_or(0);
        array.splice(cx, start, selected.count, &fresh)?;
        return Ok(cx.none());
    }
    if fresh.is_empty() {
        delete_spread(cx, array, selected)?;
        return Ok(cx.none());
    }
    if fresh.len() != selected.count {
        return Err(cx.value_error(format_args!(
            "attempt to assign bytes of size {} to extended slice of size {}",
            fresh.len(),
            selected.count
        )));
    }
    for (place, byte) in selected.positions().zip(&fresh[..]) {
        array.put(place, *byte);
    }
    Ok(cx.none())
}

/// Deletes bytes that lie apart.
fn delete_spread(cx: &Context, array: &ByteArrayBody, selected: slice::Adjusted) -> Result<()> {
    if selected.count == 0 {
        return Ok(());
    }
    array.check_resizable(cx)?;
    let step = selected.step.unsigned_abs();
    let last = selected.start + (selected.count as isize - 1) * selected.step;
    let first = usize::try_from(selected.start.min(last)).unwrap_or(0);
    let end = first + (selected.count - 1) * step;
    array.bytes.0.with(|bytes| {
        let mut kept = first;
        for place in first..bytes.len() {
            let goes = place <= end && (place - first).is_multiple_of(step);
            if !goes {
                bytes[kept] = bytes[place];
                kept += 1;
            }
        }
        bytes.truncate(kept);
    });
    array.resized();
    Ok(())
}

pub(super) fn delete_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__delitem__")?;
    let array = array_of(cx, &this)?;
    if let Some(place) = place(cx, array, &key)? {
        array.splice(cx, place, 1, &[])?;
        return Ok(cx.none());
    }
    let parts = slice::unpack(cx, &key)?;
    let selected = slice::fit(parts, array.len());
    if selected.step == 1 {
        let start = usize::try_from(selected.start).unwrap_or(0);
        array.splice(cx, start, selected.count, &[])?;
    } else {
        delete_spread(cx, array, selected)?;
    }
    Ok(cx.none())
}

pub(super) fn concat_in_place(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__iadd__")?;
    let array = array_of(cx, &this)?;
    let Some(fresh) = contents(cx, &other)? else {
        return Err(cx.type_error(format_args!(
            "can't concat {} to {}",
            cx.type_name(&other),
            cx.type_name(&this)
        )));
    };
    // CPython looks at the other's bytes while it grows the array, so an array cannot be added to
    // itself.
    let own = this.is(&other);
    if own {
        array.export();
    }
    let grown = array.splice(cx, array.len(), 0, &fresh);
    if own {
        array.release();
    }
    grown?;
    Ok((*this).clone())
}

pub(super) fn repeat_in_place(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, count] = args.exactly::<2>(cx, "__imul__")?;
    let count = bounds::repeat_count(cx, &count)?;
    let array = array_of(cx, &this)?;
    let all = array.snapshot(cx)?;
    let repeated = bytes::repeated(cx, &all, count)?;
    array.splice(cx, 0, array.len(), &repeated)?;
    Ok((*this).clone())
}

pub(super) fn alloc(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "bytearray", "__alloc__", 0, 0)?;
    cx.int(array_of(cx, &this)?.allocated_bytes() as i64)
}

pub(super) fn sizeof(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "bytearray", "__sizeof__", 0, 0)?;
    let of = cx.type_of(&this);
    let layout = of.state(cx).layout.0.get();
    let basicsize = layout.map_or(64, |layout| layout.basicsize());
    cx.int((basicsize + array_of(cx, &this)?.allocated_bytes()) as i64)
}

/// What copying needs: the class, how to make the bytes, and the dict.
fn reduced(cx: &Context, this: &Object, protocol: i64) -> Result<Object> {
    let all = array_of(cx, this)?.snapshot(cx)?;
    let arguments = if protocol >= 3 {
        tuple::from_slice(cx, &[bytes::from_buffer(cx, all)?])?
    } else {
        let words = codec::decode(cx, &all, "latin-1", "strict")?;
        tuple::from_slice(cx, &[words, cx.string("latin-1")?])?
    };
    let state = cx.instance_dict(this).unwrap_or_else(|| cx.none());
    let class = cx.type_of(this).into_object();
    tuple::from_slice(cx, &[class, arguments, state])
}

pub(super) fn reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "bytearray", "__reduce__", 0, 0)?;
    reduced(cx, &this, 2)
}

pub(super) fn reduce_ex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let given = args.rest().method(cx, "bytearray", "__reduce_ex__", 0, 1)?;
    let protocol = match given.first() {
        Some(protocol) => sequence::word(cx, protocol)?,
        None => 0,
    };
    reduced(cx, &this, protocol)
}
