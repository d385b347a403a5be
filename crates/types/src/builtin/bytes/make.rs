//! Making bytes: of counts, iterables, text and hexadecimal digits.

use super::slots::one_byte;
use super::{BYTES, contents, from_buffer, new_instance, own, own_bytes, snapshot, view};
use crate::builtin::string::bounds;
use crate::builtin::{BYTEARRAY, codec};
use crate::format::Text;
use crate::raw::Type;
use crate::{Args, Buffer, Context, Object, Result, text};

/// `bytes(source=b'', encoding=..., errors=...)`.
pub(in crate::builtin) fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some(of) = Type::of(&args.receiver()) else {
        return Err(cx.type_error(format_args!("bytes.__new__(X): X is not a type object")));
    };
    let [source, encoding, errors] =
        args.rest()
            .bind(cx, "bytes", ["source", "encoding", "errors"], 0)?;
    for (what, value) in [("encoding", encoding), ("errors", errors)] {
        if let Some(value) = value
            && text(&value).is_none()
        {
            return Err(cx.type_error(format_args!(
                "bytes() argument '{what}' must be str, not {}",
                cx.type_name(&value)
            )));
        }
    }
    let Some(source) = source else {
        let given = if encoding.is_some() {
            "encoding"
        } else {
            "errors"
        };
        if encoding.is_some() || errors.is_some() {
            return Err(cx.type_error(format_args!("{given} without a string argument")));
        }
        return new_instance(cx, &of, Buffer::new());
    };
    let is_bare = encoding.is_none() && errors.is_none();
    let has_method = is_bare && cx.type_of(&source).lookup(cx, &cx.names().bytes)?.is_some();
    if text(&source).is_some() && !has_method {
        let Some(encoding) = encoding else {
            return Err(cx.type_error(format_args!("string argument without an encoding")));
        };
        let errors = errors.as_deref().and_then(text).unwrap_or("strict");
        let made = codec::encode(cx, &source, text(&encoding).unwrap_or_default(), errors)?;
        return finish(cx, &of, made);
    }
    if encoding.is_some() || errors.is_some() {
        let given = if encoding.is_some() {
            "encoding"
        } else {
            "errors"
        };
        return Err(cx.type_error(format_args!("{given} without a string argument")));
    }
    let made = from_object(cx, &source)?;
    finish(cx, &of, made)
}

fn finish(cx: &Context, of: &Type, made: Object) -> Result<Object> {
    if of.is(cx.builtin_ref(&BYTES)) {
        return Ok(made);
    }
    let bytes = cx.fallible(Buffer::copied(cx.heap(), own_bytes(&made)))?;
    new_instance(cx, of, bytes)
}

fn from_object(cx: &Context, source: &Object) -> Result<Object> {
    if cx.is_exactly(source, &BYTES) {
        return Ok(source.clone());
    }
    let of = cx.type_of(source);
    if let Some(method) = of.lookup(cx, &cx.names().bytes)? {
        let made = cx.call_unbound(&method, &of, Args::new(&[source.borrow()]))?;
        if view(&made).is_none() {
            return Err(cx.wrong_result(source, "__bytes__", "a bytes", &made));
        }
        return Ok(made);
    }
    if source.is_small() || cx.slot_of(source, crate::SlotId::Index).is_some() {
        let index = cx.index(source)?;
        let count = match crate::builtin::int::value(cx, &index).and_then(|v| v.to_i64()) {
            Some(count) if count < 0 => {
                return Err(cx.value_error(format_args!("negative count")));
            }
            Some(count) => count as usize,
            None => {
                return Err(cx.overflow_error(format_args!(
                    "cannot fit '{}' into an index-sized integer",
                    cx.type_name(source)
                )));
            }
        };
        return from_buffer(cx, super::repeated(cx, &[0], count)?);
    }
    if let Some(bytes) = snapshot(cx, source)? {
        return from_buffer(cx, bytes);
    }
    if cx.slot_of(source, crate::SlotId::Iter).is_none()
        && cx.slot_of(source, crate::SlotId::GetItem).is_none()
    {
        return Err(cx.type_error(format_args!(
            "cannot convert '{}' object to bytes",
            cx.type_name(source)
        )));
    }
    let mut bytes = Buffer::new();
    cx.each(source, |item| {
        let byte = one_byte(cx, &item, "bytes must be in range(0, 256)")?;
        cx.fallible(bytes.push(cx.heap(), byte))?;
        Ok(true)
    })?;
    from_buffer(cx, bytes)
}

/// `bytes.fromhex(text)`.
pub(in crate::builtin) fn fromhex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let name =
        if Type::of(&class).is_some_and(|class| class.is_subtype(cx, cx.builtin_ref(&BYTEARRAY))) {
            "bytearray"
        } else {
            "bytes"
        };
    let [given] = args.rest().method(cx, name, "fromhex", 1, 1)? else {
        return Err(cx.system_error(format_args!("one argument was counted")));
    };
    let Some(digits) = text(given) else {
        return Err(cx.type_error(format_args!(
            "fromhex() argument must be str or bytes-like, not {}",
            cx.told_name(given)?
        )));
    };
    let mut bytes = Buffer::new();
    let mut characters = digits.chars().enumerate();
    while let Some((at, first)) = characters.next() {
        if first.is_ascii_whitespace() || first == '\x0b' {
            continue;
        }
        let wrong = |at: usize| {
            cx.value_error(format_args!(
                "non-hexadecimal number found in fromhex() arg at position {at}"
            ))
        };
        let high = first.to_digit(16).ok_or_else(|| wrong(at))?;
        let Some((at, second)) = characters.next() else {
            return Err(cx.value_error(format_args!(
                "fromhex() arg must contain an even number of hexadecimal digits"
            )));
        };
        let low = second.to_digit(16).ok_or_else(|| wrong(at))?;
        cx.fallible(bytes.push(cx.heap(), (high << 4 | low) as u8))?;
    }
    let made = from_buffer(cx, bytes)?;
    match Type::of(&class) {
        Some(of) if !of.is(cx.builtin_ref(&BYTES)) => cx.construct(&of, &[made.borrow()]),
        _ => Ok(made),
    }
}

/// `bytes.hex([sep[, bytes_per_sep]])`.
pub(in crate::builtin) fn hex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [separator, group] = args.rest().bind(cx, "hex", ["sep", "bytes_per_sep"], 0)?;
    let group = match group {
        Some(group) => bounds::size(cx, &group)?,
        None => 1,
    };
    let held = match &separator {
        Some(separator) => contents(cx, separator)?,
        None => None,
    };
    let separator = match &separator {
        None => None,
        Some(separator) => {
            let bytes = match text(separator) {
                Some(text) => text.as_bytes(),
                None => match &held {
                    Some(bytes) => &bytes[..],
                    // CPython asks for the length before it looks at the type.
                    None if cx.length(separator)? == 1 => {
                        return Err(cx.type_error(format_args!("sep must be str or bytes.")));
                    }
                    None => &[],
                },
            };
            let [byte] = bytes else {
                return Err(cx.value_error(format_args!("sep must be length 1.")));
            };
            if !byte.is_ascii() {
                return Err(cx.value_error(format_args!("sep must be ASCII.")));
            }
            Some(char::from(*byte))
        }
    };
    let bytes = own(cx, &this)?;
    let size = group.unsigned_abs() as usize;
    let mut out = Text::new(cx);
    for (at, byte) in bytes.iter().enumerate() {
        // Groups count from the right, or from the left where the size is negative.
        let boundary = if group > 0 { bytes.len() - at } else { at };
        if let Some(separator) = separator
            && at > 0
            && size > 0
            && boundary.is_multiple_of(size)
        {
            cx.fallible(out.push_char(separator))?;
        }
        for digit in [byte >> 4, byte & 15] {
            let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
            cx.fallible(out.push_char(digit))?;
        }
    }
    out.finish(cx)
}
