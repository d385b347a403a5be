//! The fields of UnicodeEncodeError and UnicodeDecodeError.

use super::exception_init;
use crate::builtin::{self, int};
use crate::format::Text;
use crate::{Args, Context, Object, Raised, Result, body, text};
use mortice_gc::Slot;
use std::ops::Range;

crate::body! {
    /// What could not be converted, and why.
    pub struct UnicodeBody {
        encoding: Slot,
        object: Slot,
        start: Slot,
        end: Slot,
        reason: Slot,
    }
}

impl UnicodeBody {
    fn fields(&self) -> [&Slot; 5] {
        [
            &self.encoding,
            &self.object,
            &self.start,
            &self.end,
            &self.reason,
        ]
    }
}

fn make(
    cx: &Context,
    kind: &'static crate::NativeType,
    encoding: &str,
    object: &Object,
    at: Range<usize>,
    reason: &str,
) -> Result<Raised> {
    let arguments = [
        cx.string(encoding)?,
        object.clone(),
        cx.int(at.start as i64)?,
        cx.int(at.end as i64)?,
        cx.string(reason)?,
    ];
    let raised = cx.error_with(kind, &arguments);
    if let Some(body) = body::<UnicodeBody>(raised.exception()) {
        for (field, value) in body.fields().into_iter().zip(arguments) {
            field.set(value);
        }
    }
    Ok(raised)
}

/// A UnicodeEncodeError about characters of a `str`.
pub fn encode_error(
    cx: &Context,
    encoding: &str,
    object: &Object,
    at: Range<usize>,
    reason: &str,
) -> Raised {
    let kind = &builtin::UNICODE_ENCODE_ERROR;
    make(cx, kind, encoding, object, at, reason).unwrap_or_else(|raised| raised)
}

/// A UnicodeDecodeError about bytes of a `bytes`.
pub fn decode_error(
    cx: &Context,
    encoding: &str,
    object: &Object,
    at: Range<usize>,
    reason: &str,
) -> Raised {
    let kind = &builtin::UNICODE_DECODE_ERROR;
    make(cx, kind, encoding, object, at, reason).unwrap_or_else(|raised| raised)
}

pub(super) fn init(cx: &Context, args: Args<'_>) -> Result<Object> {
    exception_init(cx, args)?;
    let this = args.receiver();
    let given = args.rest().positional();
    let &[encoding, object, start, end, reason] = given else {
        return Err(cx.type_error(format_args!(
            "function takes exactly 5 arguments ({} given)",
            given.len()
        )));
    };
    let must = |number: usize, value: &Object| {
        text(value).map(|_| ()).ok_or_else(|| {
            cx.type_error(format_args!(
                "argument {number} must be str, not {}",
                cx.type_name(value)
            ))
        })
    };
    must(1, &encoding)?;
    if cx.is_instance_of(&this, &builtin::UNICODE_ENCODE_ERROR) {
        must(2, &object)?;
    } else if builtin::bytes::snapshot(cx, &object)?.is_none() {
        return Err(cx.type_error(format_args!(
            "a bytes-like object is required, not '{}'",
            cx.type_name(&object)
        )));
    }
    let (start, end) = (cx.index(&start)?, cx.index(&end)?);
    must(5, &reason)?;
    if let Some(body) = body::<UnicodeBody>(&this) {
        body.encoding.set((*encoding).clone());
        body.object.set((*object).clone());
        body.start.set(start);
        body.end.set(end);
        body.reason.set((*reason).clone());
    }
    Ok(cx.none())
}

fn number(cx: &Context, slot: &Slot) -> i64 {
    slot.get()
        .and_then(|value| int::value(cx, &value)?.to_i64())
        .unwrap_or(0)
}

pub(super) fn str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<UnicodeBody>(&this) else {
        return Ok(cx.names().empty.clone());
    };
    let (Some(encoding), Some(object), Some(reason)) =
        (body.encoding.get(), body.object.get(), body.reason.get())
    else {
        return Ok(cx.names().empty.clone());
    };
    let (encoding, reason) = (cx.str(&encoding)?, cx.str(&reason)?);
    let (encoding, reason) = (
        text(&encoding).unwrap_or_default(),
        text(&reason).unwrap_or_default(),
    );
    let (start, end) = (number(cx, &body.start), number(cx, &body.end));
    let single = (end == start + 1)
        .then(|| usize::try_from(start).ok())
        .flatten();
    if let Some(source) = text(&object) {
        if let Some(character) = single.and_then(|at| source.chars().nth(at)) {
            let mut shown = Text::new(cx);
            cx.fallible(builtin::string::escape::write_code(
                &mut shown,
                character as u32,
            ))?;
            return cx.format(format_args!(
                "'{encoding}' codec can't encode character '{}' in position {start}: {reason}",
                shown.as_str()
            ));
        }
        return cx.format(format_args!(
            "'{encoding}' codec can't encode characters in position {start}-{}: {reason}",
            end - 1
        ));
    }
    let bytes = builtin::bytes::snapshot(cx, &object)?;
    if let Some(byte) = single.and_then(|at| bytes.as_ref()?.get(at).copied()) {
        return cx.format(format_args!(
            "'{encoding}' codec can't decode byte 0x{byte:02x} in position {start}: {reason}"
        ));
    }
    cx.format(format_args!(
        "'{encoding}' codec can't decode bytes in position {start}-{}: {reason}",
        end - 1
    ))
}

/// The init slot of UnicodeTranslateError, which has no encoding.
pub(super) fn translate_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    exception_init(cx, args)?;
    let given = args.rest().positional();
    let &[object, start, end, reason] = given else {
        return Err(cx.type_error(format_args!(
            "function takes exactly 4 arguments ({} given)",
            given.len()
        )));
    };
    for (number, value) in [(1, &object), (4, &reason)] {
        if text(value).is_none() {
            return Err(cx.type_error(format_args!(
                "argument {number} must be str, not {}",
                cx.type_name(value)
            )));
        }
    }
    let (start, end) = (cx.index(&start)?, cx.index(&end)?);
    if let Some(body) = body::<UnicodeBody>(&args.receiver()) {
        body.object.set((*object).clone());
        body.start.set(start);
        body.end.set(end);
        body.reason.set((*reason).clone());
    }
    Ok(cx.none())
}

pub(super) fn translate_str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<UnicodeBody>(&this) else {
        return Ok(cx.names().empty.clone());
    };
    let (Some(object), Some(reason)) = (body.object.get(), body.reason.get()) else {
        return Ok(cx.names().empty.clone());
    };
    let reason = cx.str(&reason)?;
    let reason = text(&reason).unwrap_or_default();
    let (start, end) = (number(cx, &body.start), number(cx, &body.end));
    let single = usize::try_from(start).ok().filter(|_| end == start + 1);
    let character = single.and_then(|at| text(&object)?.chars().nth(at));
    match character {
        Some(character) => {
            let mut shown = Text::new(cx);
            cx.fallible(builtin::string::escape::write_code(
                &mut shown,
                character as u32,
            ))?;
            cx.format(format_args!(
                "can't translate character '{}' in position {start}: {reason}",
                shown.as_str()
            ))
        }
        None => cx.format(format_args!(
            "can't translate characters in position {start}-{}: {reason}",
            end - 1
        )),
    }
}

macro_rules! fields {
    ($($name:ident $field:ident,)*) => {
        $(
            pub(super) fn $name(cx: &Context, object: &Object) -> Result<Object> {
                super::or_none(cx, body::<UnicodeBody>(object).and_then(|body| body.$field.get()))
            }
        )*
    };
}

fields! {
    get_encoding encoding,
    get_object object,
    get_start start,
    get_end end,
    get_reason reason,
}
