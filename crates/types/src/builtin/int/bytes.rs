//! Integers read from bytes and written as bytes.

use super::{INT, Value, from_big, receiver, value};
use crate::builtin::bytes;
use crate::{Args, Borrowed, Context, Object, Result, SlotId, Type};
use mortice_gc::Buffer;
use num_bigint::{BigInt, Sign};
use num_traits::{One, Signed};

/// The bytes that an iterable of integers gives.
fn collect(cx: &Context, object: &Object) -> Result<Buffer<u8>> {
    if let Some(bytes) = bytes::snapshot(cx, object)? {
        return Ok(bytes);
    }
    if let Some(made) = cx.call_special(object, &cx.intern("__bytes__")?, &[])? {
        return match bytes::snapshot(cx, &made)? {
            Some(bytes) => Ok(bytes),
            None => Err(cx.wrong_result(object, "__bytes__", "a bytes", &made)),
        };
    }
    if crate::text(object).is_some() || cx.slot_of(object, SlotId::Iter).is_none() {
        return Err(cx.type_error(format_args!(
            "cannot convert '{}' object to bytes",
            cx.type_name(object)
        )));
    }
    let mut bytes = Buffer::new();
    cx.each(object, |item| {
        let item = cx.index(&item)?;
        let byte = value(cx, &item).and_then(|value| u8::try_from(value.to_i64()?).ok());
        let Some(byte) = byte else {
            return Err(cx.value_error(format_args!("bytes must be in range(0, 256)")));
        };
        cx.fallible(bytes.push(cx.heap(), byte))?;
        Ok(true)
    })?;
    Ok(bytes)
}

/// Tells whether the least significant byte comes first.
fn is_little(cx: &Context, function: &str, order: Option<&Object>) -> Result<bool> {
    let Some(order) = order else {
        return Ok(false);
    };
    match crate::text(order) {
        Some("little") => Ok(true),
        Some("big") => Ok(false),
        Some(_) => Err(cx.value_error(format_args!("byteorder must be either 'little' or 'big'"))),
        None => Err(cx.type_error(format_args!(
            "{function}() argument 'byteorder' must be str, not {}",
            cx.type_name(order)
        ))),
    }
}

/// The arguments that both methods take: two that may be named, and the flag `signed`.
fn arguments<'a>(
    cx: &Context,
    function: &str,
    first: &str,
    args: Args<'a>,
) -> Result<(Option<Borrowed<'a>>, bool, bool)> {
    let positional = args.positional();
    if args.values().len() > 3 {
        return Err(cx.type_error(format_args!(
            "{function}() takes at most 3 arguments ({} given)",
            args.values().len()
        )));
    }
    if positional.len() > 2 {
        return Err(cx.type_error(format_args!(
            "{function}() takes at most 2 positional arguments ({} given)",
            positional.len()
        )));
    }
    let mut given = [positional.first().copied(), positional.get(1).copied()];
    let mut signed = false;
    for (name, value) in args.keywords() {
        let name = crate::text(name).unwrap_or("?");
        let place = match name {
            "signed" => {
                signed = cx.truth(&value)?;
                continue;
            }
            "byteorder" => 1,
            name if name == first => 0,
            _ => {
                return Err(cx.type_error(format_args!(
                    "{function}() got an unexpected keyword argument '{name}'"
                )));
            }
        };
        if given[place].is_some() {
            return Err(cx.type_error(format_args!(
                "argument for {function}() given by name ('{name}') and position ({})",
                place + 1
            )));
        }
        given[place] = Some(value);
    }
    let little = is_little(cx, function, given[1].as_deref())?;
    Ok((given[0], little, signed))
}

pub(super) fn from_bytes(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let (source, little, signed) = arguments(cx, "from_bytes", "bytes", args.rest())?;
    let Some(source) = source else {
        return Err(cx.type_error(format_args!(
            "from_bytes() missing required argument 'bytes' (pos 1)"
        )));
    };
    let mut bytes = collect(cx, &source)?;
    if little {
        bytes.reverse();
    }
    let number = if signed {
        BigInt::from_signed_bytes_be(&bytes)
    } else {
        BigInt::from_bytes_be(Sign::Plus, &bytes)
    };
    let number = from_big(cx, number)?;
    match Type::view(&class) {
        Some(of) if !of.is(cx.builtin_ref(&INT)) => cx.construct(of, &[number.borrow()]),
        _ => Ok(number),
    }
}

/// Tells whether a value fits so many bytes.
fn fits(value: &BigInt, length: u64, signed: bool) -> bool {
    let bits = length.saturating_mul(8);
    if !signed {
        return value.bits() <= bits;
    }
    // A negative number has one value more: that of the sign bit alone.
    let magnitude = if value.is_negative() {
        value + BigInt::one()
    } else {
        value.clone()
    };
    magnitude.bits() < bits || (bits == 0 && value.sign() == Sign::NoSign)
}

pub(super) fn to_bytes(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (length, little, signed) = arguments(cx, "to_bytes", "length", args.rest())?;
    let length = match length {
        Some(length) => {
            let length = cx.index(&length)?;
            match value(cx, &length).unwrap_or(Value::Small(0)).to_i64() {
                Some(length) => length,
                None => {
                    return Err(cx.overflow_error(format_args!(
                        "Python int too large to convert to C ssize_t"
                    )));
                }
            }
        }
        None => 1,
    };
    let Ok(length) = usize::try_from(length) else {
        return Err(cx.value_error(format_args!("length cannot be negative")));
    };
    let this = receiver(cx, args);
    if this.is_negative() && !signed {
        return Err(cx.overflow_error(format_args!("can't convert negative int to unsigned")));
    }
    let this = this.big();
    if !fits(&this, length as u64, signed) {
        return Err(cx.overflow_error(format_args!("int too big to convert")));
    }
    let filler = if this.is_negative() { 0xff } else { 0 };
    let mut bytes = cx.fallible(Buffer::with_capacity(cx.heap(), length))?;
    // std: the bytes of a bigint come from the library; the heap was asked for as many before
    let digits = this.to_signed_bytes_le();
    for place in 0..length {
        let digit = digits.get(place).copied().unwrap_or(filler);
        cx.fallible(bytes.push(cx.heap(), digit))?;
    }
    if !little {
        bytes.reverse();
    }
    bytes::from_buffer(cx, bytes)
}
