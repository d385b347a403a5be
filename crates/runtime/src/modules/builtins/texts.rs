//! Texts: `repr`, `ascii`, `format`, `chr`, `ord`.

use crate::{Args, Context, Object, Result};
use mortice_types::{builtin, text};

pub(super) fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "repr")?;
    cx.repr(&object)
}

pub(super) fn ascii(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "ascii")?;
    cx.ascii(&object)
}

pub(super) fn format(cx: &Context, args: Args<'_>) -> Result<Object> {
    let given = args.between(cx, "format", 1, 2)?;
    let (value, specification) = (given[0], given.get(1));
    let specification = match specification {
        Some(specification) if text(specification).is_none() => {
            return Err(cx.type_error(format_args!(
                "format() argument 2 must be str, not {}",
                cx.type_name(specification)
            )));
        }
        Some(specification) => (**specification).clone(),
        None => cx.names().empty.clone(),
    };
    cx.format_value(&value, &specification)
}

pub(super) fn chr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "chr")?;
    let index = cx.index(&object)?;
    let code = builtin::int::value(cx, &index).and_then(|value| value.to_i64());
    let code = code.and_then(|code| u32::try_from(code).ok());
    let Some(code) = code.filter(|code| *code < 0x11_0000) else {
        return Err(cx.value_error(format_args!("chr() arg not in range(0x110000)")));
    };
    match char::from_u32(code) {
        Some(character) => cx.string(character.encode_utf8(&mut [0; 4])),
        None => Err(cx.value_error(format_args!("chr() of a lone surrogate is not supported"))),
    }
}

pub(super) fn ord(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "ord")?;
    if let Some(plain) = text(&object) {
        let mut characters = plain.chars();
        return match (characters.next(), characters.next()) {
            (Some(character), None) => cx.int(i64::from(u32::from(character))),
            _ => Err(cx.type_error(format_args!(
                "ord() expected a character, but string of length {} found",
                plain.chars().count()
            ))),
        };
    }
    if cx.flags_of(&object) & mortice_types::native::flags::BYTES != 0 {
        let length = cx.length(&object)?;
        if length == 1 {
            return cx.get_item(&object, &Object::small32(0));
        }
        return Err(cx.type_error(format_args!(
            "ord() expected a character, but string of length {length} found"
        )));
    }
    Err(cx.type_error(format_args!(
        "ord() expected string of length 1, but {} found",
        cx.type_name(&object)
    )))
}
