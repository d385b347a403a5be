//! Upper, lower and title case, and the questions about kinds of characters.

use super::category::{self, is_title};
use super::{StrBody, own};
use crate::format::Text;
use crate::{Args, Context, Object, OutOfMemory, Result, body};

type Written = std::result::Result<(), OutOfMemory>;

/// Tells whether a character has case.
fn is_cased(character: char) -> bool {
    character.is_lowercase() || character.is_uppercase() || is_title(character)
}

/// Lower-case characters of a text in step with it: a capital sigma's depends on its neighbours.
struct Lowered<'a> {
    /// The whole text's lower case, where it has a capital sigma.
    sigma: Option<&'a str>,
}

impl<'a> Lowered<'a> {
    fn push(&mut self, out: &mut Text<'_>, character: char, wanted: bool) -> Written {
        for lower in character.to_lowercase() {
            let lower = match &mut self.sigma {
                Some(rest) => {
                    let mut characters = rest.chars();
                    let found = characters.next().unwrap_or(lower);
                    *rest = characters.as_str();
                    found
                }
                None => lower,
            };
            if wanted {
                out.push_char(lower)?;
            }
        }
        Ok(())
    }
}

fn push_title(out: &mut Text<'_>, character: char) -> Written {
    match category::title(character) {
        Some(title) => out.push(title),
        None if category::is_georgian(character) => out.push_char(character),
        None => character
            .to_uppercase()
            .try_for_each(|upper| out.push_char(upper)),
    }
}

/// Writes a text with some characters in other case; `choose` says which case each one gets.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    Upper,
    Lower,
    Title,
    Same,
}

fn write_cases(cx: &Context, text: &str, mut choose: impl FnMut(char) -> Case) -> Result<Object> {
    let mut out = Text::new(cx);
    let whole = text
        .contains('Σ')
        .then(|| lower_text(cx, text))
        .transpose()?;
    let mut lowered = Lowered {
        sigma: whole.as_ref().map(Text::as_str),
    };
    for character in text.chars() {
        let case = choose(character);
        cx.fallible(lowered.push(&mut out, character, case == Case::Lower))?;
        cx.fallible(match case {
            Case::Upper => character
                .to_uppercase()
                .try_for_each(|upper| out.push_char(upper)),
            Case::Title => push_title(&mut out, character),
            Case::Same => out.push_char(character),
            Case::Lower => Ok(()),
        })?;
    }
    out.finish(cx)
}

/// The lower case of a text that may hold a capital sigma.
fn lower_text<'a>(cx: &'a Context, text: &str) -> Result<Text<'a>> {
    let mut out = Text::new(cx);
    let mut start = 0;
    // std: the standard library alone knows where a sigma ends a word; a word is short.
    for (at, character) in text.char_indices() {
        if category::is_space(character) {
            cx.fallible(out.push(&text[start..at].to_lowercase()))?;
            cx.fallible(out.push_char(character))?;
            start = at + character.len_utf8();
        }
    }
    cx.fallible(out.push(&text[start..].to_lowercase()))?;
    Ok(out)
}

pub(super) fn upper(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.upper")?;
    write_cases(cx, own(&this), |_| Case::Upper)
}

pub(super) fn lower(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.lower")?;
    write_cases(cx, own(&this), |_| Case::Lower)
}

pub(super) fn title(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.title")?;
    let mut inside = false;
    write_cases(cx, own(&this), |character| {
        let case = if inside { Case::Lower } else { Case::Title };
        inside = is_cased(character);
        case
    })
}

pub(super) fn capitalize(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.capitalize")?;
    let mut first = true;
    write_cases(cx, own(&this), |_| {
        if std::mem::take(&mut first) {
            Case::Title
        } else {
            Case::Lower
        }
    })
}

pub(super) fn swapcase(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.swapcase")?;
    write_cases(cx, own(&this), |character| {
        if character.is_uppercase() {
            Case::Lower
        } else if character.is_lowercase() {
            Case::Upper
        } else {
            Case::Same
        }
    })
}

pub(super) fn casefold(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.casefold")?;
    let mut out = Text::new(cx);
    for character in own(&this).chars() {
        cx.fallible(match category::fold(character) {
            Some(folded) => out.push(folded),
            None => match category::fold_cherokee(character) {
                Some(folded) => out.push_char(folded),
                None => character
                    .to_lowercase()
                    .try_for_each(|lower| out.push_char(lower)),
            },
        })?;
    }
    out.finish(cx)
}

macro_rules! questions {
    ($($name:ident $text:literal $test:expr,)*) => {
        $(
            pub(super) fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
                let this = args.receiver();
                args.rest().exactly::<0>(cx, $text)?;
                let text = own(&this);
                Ok(cx.bool(!text.is_empty() && text.chars().all($test)))
            }
        )*
    };
}

questions! {
    isalpha "str.isalpha" category::is_letter,
    isalnum "str.isalnum" |character| {
        category::is_letter(character) || category::is_numeric(character)
    },
    isdigit "str.isdigit" category::is_digit,
    isdecimal "str.isdecimal" category::is_decimal,
    isnumeric "str.isnumeric" category::is_numeric,
    isspace "str.isspace" category::is_space,
}

pub(super) fn isprintable(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.isprintable")?;
    Ok(cx.bool(own(&this).chars().all(category::is_printable)))
}

pub(super) fn isascii(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.isascii")?;
    Ok(cx.bool(body::<StrBody>(&this).is_none_or(StrBody::is_ascii)))
}

/// Tells whether a text is an identifier (keywords are).
pub fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first))
        && characters.all(unicode_ident::is_xid_continue)
}

pub(super) fn isidentifier(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.isidentifier")?;
    Ok(cx.bool(is_identifier(own(&this))))
}

pub(super) fn isupper(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.isupper")?;
    let text = own(&this);
    let other = |character: char| character.is_lowercase() || is_title(character);
    Ok(cx.bool(!text.contains(other) && text.contains(char::is_uppercase)))
}

pub(super) fn islower(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.islower")?;
    let text = own(&this);
    let other = |character: char| character.is_uppercase() || is_title(character);
    Ok(cx.bool(!text.contains(other) && text.contains(char::is_lowercase)))
}

pub(super) fn istitle(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "str.istitle")?;
    let (mut found, mut inside) = (false, false);
    for character in own(&this).chars() {
        let starts = character.is_uppercase() || is_title(character);
        if starts && inside || character.is_lowercase() && !inside {
            return Ok(cx.bool(false));
        }
        inside = starts || character.is_lowercase();
        found |= inside;
    }
    Ok(cx.bool(found))
}
