//! Integers read from bytes and written as bytes.

use super::{INT, from_big, value};
use crate::native::flags;
use crate::{Args, Context, Object, Result, Type};
use mortice_gc::Buffer;
use num_bigint::{BigInt, Sign};

/// The bytes of a `bytes` object as text is read from them; `None` for any other object.
pub(crate) fn literal(cx: &Context, object: &Object) -> Result<Option<Buffer<u8>>> {
    if cx.flags_of(object) & flags::BYTES == 0 {
        return Ok(None);
    }
    collect(cx, object).map(Some)
}

/// The bytes that an iterable of integers gives.
fn collect(cx: &Context, object: &Object) -> Result<Buffer<u8>> {
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

pub(super) fn from_bytes(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let (rest, signed) = (args.rest(), args.keyword("signed"));
    let signed = match signed {
        Some(signed) => cx.truth(&signed)?,
        None => false,
    };
    let positional = rest.positional();
    let mut given = [positional.first().copied(), positional.get(1).copied()];
    for (name, value) in rest.keywords() {
        match crate::text(name) {
            Some("bytes") => given[0] = Some(value),
            Some("byteorder") => given[1] = Some(value),
            Some("signed") => {}
            name => {
                return Err(cx.type_error(format_args!(
                    "from_bytes() got an unexpected keyword argument '{}'",
                    name.unwrap_or("?")
                )));
            }
        }
    }
    let Some(source) = given[0] else {
        return Err(cx.type_error(format_args!(
            "from_bytes() missing required argument 'bytes' (pos 1)"
        )));
    };
    let little = is_little(cx, "from_bytes", given[1].as_deref())?;
    if crate::text(&source).is_some() || source.is_small() {
        return Err(cx.type_error(format_args!(
            "cannot convert '{}' object to bytes",
            cx.type_name(&source)
        )));
    }
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
