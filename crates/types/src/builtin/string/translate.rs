//! Replacing characters by a table.

use super::search::wanted;
use super::{StrBody, own};
use crate::builtin::{self, dict, int};
use crate::format::Text;
use crate::{Args, Context, Object, Result, body, text, tuple_items};

/// `text.translate(table)`.
pub(super) fn translate(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [table] = args.rest().exactly::<1>(cx, "str.translate")?;
    let mut out = Text::new(cx);
    for character in own(&this).chars() {
        let key = cx.int(i64::from(character as u32))?;
        let found = match cx.get_item(&table, &key) {
            Ok(found) => found,
            Err(raised) if raised.is(cx, &builtin::LOOKUP_ERROR) => {
                cx.fallible(out.push_char(character))?;
                continue;
            }
            Err(raised) => return Err(raised),
        };
        if cx.is_none(&found) {
            continue;
        }
        if let Some(replacement) = text(&found) {
            cx.fallible(out.push(replacement))?;
            continue;
        }
        let Some(value) = int::value(cx, &found) else {
            return Err(cx.type_error(format_args!(
                "character mapping must return integer, None or str"
            )));
        };
        let code = value.to_i64().and_then(|value| u32::try_from(value).ok());
        match code.and_then(char::from_u32) {
            Some(character) => cx.fallible(out.push_char(character))?,
            None => {
                return Err(
                    cx.value_error(format_args!("character mapping must be in range(0x110000)"))
                );
            }
        }
    }
    out.finish(cx)
}

/// `str.maketrans(x[, y[, z]])`.
pub(super) fn maketrans(cx: &Context, args: Args<'_>) -> Result<Object> {
    let given = args.between(cx, "maketrans", 1, 3)?;
    let table = dict::new_dict(cx)?;
    let set = |key: char, value: Object| match dict::view(&table) {
        Some(body) => body.set(cx, &cx.int(i64::from(key as u32))?, value),
        None => Ok(()),
    };
    let [from, to, rest @ ..] = given else {
        fill_from_dict(cx, &given[0], &table)?;
        return Ok(table);
    };
    let Some(from_text) = text(from) else {
        return Err(cx.type_error(format_args!(
            "first maketrans argument must be a string if there is a second argument"
        )));
    };
    let to_text = wanted(cx, to, "maketrans", " 2")?;
    let delete = match rest.first() {
        Some(delete) => wanted(cx, delete, "maketrans", " 3")?,
        None => "",
    };
    let length = |object: &Object| body::<StrBody>(object).map_or(0, StrBody::len);
    if length(from) != length(to) {
        return Err(cx.value_error(format_args!(
            "the first two maketrans arguments must have equal length"
        )));
    }
    for (key, value) in from_text.chars().zip(to_text.chars()) {
        set(key, cx.int(i64::from(value as u32))?)?;
    }
    for key in delete.chars() {
        set(key, cx.none())?;
    }
    Ok(table)
}

fn fill_from_dict(cx: &Context, given: &Object, table: &Object) -> Result<()> {
    if dict::view(given).is_none() {
        return Err(cx.type_error(format_args!(
            "if you give only one argument to maketrans it must be a dict"
        )));
    }
    let items = cx.call_method(given, &cx.names().items, &[])?;
    let items = cx.collect(&items)?;
    for item in items.iter() {
        let Some([key, value]) = tuple_items(item) else {
            continue;
        };
        let key = if let Some(name) = text(key) {
            let mut characters = name.chars();
            match (characters.next(), characters.next()) {
                (Some(character), None) => cx.int(i64::from(character as u32))?,
                _ => {
                    return Err(cx.value_error(format_args!(
                        "string keys in translatetable must be of length 1"
                    )));
                }
            }
        } else if int::value(cx, key).is_some() {
            key.clone()
        } else {
            return Err(cx.type_error(format_args!(
                "keys in translate table mustbe strings or integers"
            )));
        };
        if let Some(body) = dict::view(table) {
            body.set(cx, &key, value.clone())?;
        }
    }
    Ok(())
}
