//! `%`: formatting by conversion specifiers.

use super::{own, push_fill};
use crate::builtin::float;
use crate::builtin::format_spec::float::{Style, write_float};
use crate::builtin::format_spec::{code_point, write_magnitude};
use crate::builtin::int::{self, Value};
use crate::format::Text;
use crate::{Args, Context, Object, Raised, Result, SlotId, builtin, text, tuple_items};
use std::fmt;
use std::str::Chars;

/// `format % arguments`.
pub(super) fn modulo(cx: &Context, args: Args<'_>) -> Result<Object> {
    match (args.receiver(), args.get(1)) {
        (template, Some(arguments)) if text(&template).is_some() => {
            expand(cx, own(&template), &arguments)
        }
        _ => Ok(cx.not_implemented()),
    }
}

/// `format % arguments` where only the arguments are known to be text.
pub(super) fn reflected_modulo(cx: &Context, args: Args<'_>) -> Result<Object> {
    match (args.receiver(), args.get(1)) {
        (arguments, Some(template)) if text(&template).is_some() => {
            expand(cx, own(&template), &arguments)
        }
        _ => Ok(cx.not_implemented()),
    }
}

/// Which argument a conversion takes, as messages name it.
#[derive(Clone, Copy)]
enum Label<'a> {
    /// The only one, which is no tuple.
    Only,
    /// One of a tuple, counted from one.
    Number(usize),
    /// The value of a key.
    Key(&'a str),
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Label::Only => formatter.write_str("format argument"),
            Label::Number(number) => write!(formatter, "format argument {number}"),
            Label::Key(key) => write!(formatter, "format argument '{key}'"),
        }
    }
}

/// A conversion specifier without its key.
#[derive(Clone, Copy, Default)]
struct Conversion {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    kind: char,
}

/// What is left of the template, and the position in it.
struct Scanner<'a> {
    rest: Chars<'a>,
    position: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        self.position += usize::from(next.is_some());
        next
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.next();
        }
        found
    }

    /// The text up to the next percent sign, which is passed too.
    fn literal(&mut self) -> (&'a str, bool) {
        let text = self.rest.as_str();
        match text.find('%') {
            Some(end) => {
                self.position += text[..end].chars().count() + 1;
                self.rest = text[end + 1..].chars();
                (&text[..end], true)
            }
            None => {
                self.rest = "".chars();
                (text, false)
            }
        }
    }

    /// A key up to the parenthesis that closes it; `None` where there is none.
    fn key(&mut self) -> Option<&'a str> {
        let start = self.rest.as_str();
        let mut depth = 1;
        loop {
            let before = self.rest.as_str().len();
            match self.next()? {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(&start[..start.len() - before]);
            }
        }
    }

    /// Digits; the error is that there are too many.
    fn number(&mut self, most: usize) -> std::result::Result<usize, ()> {
        let mut value = 0usize;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(10)) {
            self.next();
            value = value
                .checked_mul(10)
                .and_then(|value| value.checked_add(digit as usize))
                .filter(|value| *value <= most)
                .ok_or(())?;
        }
        Ok(value)
    }
}

/// The arguments, and how many are taken.
struct Values<'a> {
    cx: &'a Context,
    given: &'a Object,
    /// Whether a key can be looked up.
    mapping: bool,
    keyed: bool,
    taken: usize,
}

impl<'a> Values<'a> {
    fn count(&self) -> usize {
        tuple_items(self.given).map_or(1, <[Object]>::len)
    }

    fn next(&mut self) -> Result<(&'a Object, Label<'a>)> {
        let got = self.count();
        if self.taken >= got {
            return Err(self.cx.type_error(format_args!(
                "not enough arguments for format string (got {got})"
            )));
        }
        self.taken += 1;
        Ok(match tuple_items(self.given) {
            Some(items) => (&items[self.taken - 1], Label::Number(self.taken)),
            None => (self.given, Label::Only),
        })
    }

    /// The value of a `*`.
    fn size(&mut self) -> Result<i64> {
        let (value, label) = self.next()?;
        match int::value(self.cx, value) {
            Some(size) => size.to_i64().ok_or_else(|| {
                self.cx
                    .overflow_error(format_args!("Python int too large to convert to C ssize_t"))
            }),
            None => Err(self.cx.type_error(format_args!(
                "{label}: * requires int, not {}",
                self.cx.told_name(value)?
            ))),
        }
    }
}

fn expand(cx: &Context, template: &str, arguments: &Object) -> Result<Object> {
    let mut out = Text::new(cx);
    let mut scanner = Scanner {
        rest: template.chars(),
        position: 0,
    };
    let mut values = Values {
        cx,
        given: arguments,
        mapping: tuple_items(arguments).is_none()
            && text(arguments).is_none()
            && cx.slot_of(arguments, SlotId::GetItem).is_some(),
        keyed: false,
        taken: 0,
    };
    loop {
        let (literal, more) = scanner.literal();
        cx.fallible(out.push(literal))?;
        if !more {
            break;
        }
        if scanner.take('%') {
            cx.fallible(out.push("%"))?;
            continue;
        }
        convert_next(cx, &mut out, &mut scanner, &mut values)?;
    }
    let (required, got) = (values.taken, values.count());
    if required < got && !values.mapping {
        return Err(cx.type_error(format_args!(
            "not all arguments converted during string formatting (required {required}, got {got})"
        )));
    }
    out.finish(cx)
}

/// Reads one conversion behind its percent sign and writes its argument.
fn convert_next(
    cx: &Context,
    out: &mut Text<'_>,
    scanner: &mut Scanner<'_>,
    values: &mut Values<'_>,
) -> Result<()> {
    let start = scanner.position - 1;
    let mut looked_up = None;
    if scanner.take('(') {
        if !values.mapping {
            return Err(cx.type_error(format_args!(
                "format requires a mapping, not {}",
                cx.told_name(values.given)?
            )));
        }
        let Some(key) = scanner.key() else {
            return Err(cx.value_error(format_args!(
                "stray % or incomplete format key at position {start}"
            )));
        };
        values.keyed = true;
        values.taken = values.count();
        looked_up = Some((cx.get_item(values.given, &cx.string(key)?)?, key));
    }
    let mut conversion = Conversion::default();
    loop {
        let flag = match scanner.peek() {
            Some('-') => &mut conversion.left,
            Some('+') => &mut conversion.plus,
            Some(' ') => &mut conversion.space,
            Some('#') => &mut conversion.alternate,
            Some('0') => &mut conversion.zero,
            _ => break,
        };
        *flag = true;
        scanner.next();
    }
    let star_with_key = |scanner: &Scanner<'_>| {
        if looked_up.is_some() && scanner.peek() == Some('*') {
            return Err(cx.value_error(format_args!(
                "* cannot be used with a parenthesised mapping key at position {start}"
            )));
        }
        Ok(())
    };
    star_with_key(scanner)?;
    if scanner.take('*') {
        let width = values.size()?;
        conversion.left |= width < 0;
        conversion.width = width.unsigned_abs() as usize;
    } else {
        conversion.width = scanner
            .number(i64::MAX as usize)
            .map_err(|()| cx.value_error(format_args!("width too big at position {start}")))?;
    }
    if scanner.take('.') {
        star_with_key(scanner)?;
        conversion.precision = Some(if scanner.take('*') {
            usize::try_from(values.size()?).unwrap_or(0)
        } else {
            scanner.number(i32::MAX as usize).map_err(|()| {
                cx.value_error(format_args!("precision too big at position {start}"))
            })?
        });
    }
    if matches!(scanner.peek(), Some('h' | 'l' | 'L')) {
        scanner.next();
    }
    let Some(kind) = scanner.next() else {
        return Err(cx.value_error(format_args!("stray % at position {start}")));
    };
    conversion.kind = kind;
    let unsupported = || unsupported(cx, kind, start, scanner.position - 1);
    let known = matches!(
        kind,
        's' | 'r'
            | 'a'
            | 'd'
            | 'i'
            | 'u'
            | 'x'
            | 'X'
            | 'o'
            | 'c'
            | 'e'
            | 'E'
            | 'f'
            | 'F'
            | 'g'
            | 'G'
    );
    if let Some((value, key)) = &looked_up {
        if !known {
            return Err(unsupported());
        }
        return convert(cx, out, &conversion, value, Label::Key(key));
    }
    if values.keyed {
        return Err(cx.value_error(format_args!(
            "format requires a parenthesised mapping key at position {start}"
        )));
    }
    let (value, label) = values.next()?;
    if !known {
        return Err(unsupported());
    }
    convert(cx, out, &conversion, value, label)
}

#[cold]
fn unsupported(cx: &Context, kind: char, start: usize, at: usize) -> Raised {
    let code = kind as u32;
    if kind.is_ascii_alphabetic() {
        cx.value_error(format_args!(
            "unsupported format %{kind} at position {start}"
        ))
    } else if matches!(kind, ' '..='~') {
        cx.value_error(format_args!(
            "stray % at position {start} or unexpected format character '{kind}' at position {at}"
        ))
    } else if super::category::is_printable(kind) {
        cx.value_error(format_args!(
            "stray % at position {start} or unexpected format character '{kind}' (U+{code:04X}) \
             at position {at}"
        ))
    } else {
        cx.value_error(format_args!(
            "stray % at position {start} or unexpected format character U+{code:04X} at position \
             {at}"
        ))
    }
}

fn convert(
    cx: &Context,
    out: &mut Text<'_>,
    conversion: &Conversion,
    value: &Object,
    label: Label<'_>,
) -> Result<()> {
    match conversion.kind {
        's' | 'r' | 'a' => {
            let shown = match conversion.kind {
                's' => cx.str(value)?,
                'r' => cx.repr(value)?,
                _ => cx.ascii(value)?,
            };
            write_text(cx, out, conversion, own(&shown))
        }
        'c' => {
            let character = character(cx, value, label)?;
            let plain = Conversion {
                precision: None,
                ..*conversion
            };
            write_text(cx, out, &plain, character.encode_utf8(&mut [0; 4]))
        }
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => write_integer(cx, out, conversion, value, label),
        _ => write_real(cx, out, conversion, value, label),
    }
}

fn write_text(cx: &Context, out: &mut Text<'_>, conversion: &Conversion, text: &str) -> Result<()> {
    let text = match conversion.precision {
        Some(precision) => text
            .char_indices()
            .nth(precision)
            .map_or(text, |(end, _)| &text[..end]),
        None => text,
    };
    if conversion.width == 0 {
        return cx.fallible(out.push(text));
    }
    let margin = conversion.width.saturating_sub(text.chars().count());
    if !conversion.left {
        push_fill(cx, out, ' ', margin)?;
    }
    cx.fallible(out.push(text))?;
    if conversion.left {
        push_fill(cx, out, ' ', margin)?;
    }
    Ok(())
}

fn character(cx: &Context, value: &Object, label: Label<'_>) -> Result<char> {
    let words = "%c requires an integer or a unicode character, not";
    if let Some(text) = text(value) {
        let mut characters = text.chars();
        return match (characters.next(), characters.next()) {
            (Some(character), None) => Ok(character),
            _ => {
                let length = text.chars().count();
                Err(cx.type_error(format_args!("{label}: {words} a string of length {length}")))
            }
        };
    }
    let Some(index) = integral(cx, value)? else {
        let name = cx.told_name(value)?;
        return Err(cx.type_error(format_args!("{label}: {words} {name}")));
    };
    int::value(cx, &index)
        .and_then(|value| code_point(&value))
        .ok_or_else(|| {
            cx.overflow_error(format_args!("{label}: %c argument not in range(0x110000)"))
        })
}

/// The value as an `int` through `__index__`; `None` where it has none.
fn integral(cx: &Context, value: &Object) -> Result<Option<Object>> {
    if int::value(cx, value).is_some() || cx.slot_of(value, SlotId::Index).is_some() {
        return cx.index(value).map(Some);
    }
    Ok(None)
}

/// The value as an `int` through `__int__` too, as `%d` takes it.
fn truncated(cx: &Context, value: &Object) -> Result<Option<Object>> {
    if let Some(index) = integral(cx, value)? {
        return Ok(Some(index));
    }
    match cx.unary(value, SlotId::Int) {
        Some(Ok(made)) if int::value(cx, &made).is_some() => Ok(Some(made)),
        Some(Ok(_)) | None => Ok(None),
        Some(Err(raised)) if raised.is(cx, &builtin::TYPE_ERROR) => Ok(None),
        Some(Err(raised)) => Err(raised),
    }
}

fn write_integer(
    cx: &Context,
    out: &mut Text<'_>,
    conversion: &Conversion,
    value: &Object,
    label: Label<'_>,
) -> Result<()> {
    let kind = conversion.kind;
    let (base, prefix, wanted) = match kind {
        'x' => (16, "0x", "an integer"),
        'X' => (16, "0X", "an integer"),
        'o' => (8, "0o", "an integer"),
        _ => (10, "", "a real number"),
    };
    let made = if base == 10 {
        truncated(cx, value)?
    } else {
        integral(cx, value)?
    };
    let Some(made) = made else {
        return Err(cx.type_error(format_args!(
            "{label}: %{kind} requires {wanted}, not {}",
            cx.told_name(value)?
        )));
    };
    let number = int::value(cx, &made).unwrap_or(Value::Small(0));
    let mut digits = Text::new(cx);
    write_magnitude(cx, &mut digits, &number, base, kind == 'X')?;
    let zeros = conversion
        .precision
        .unwrap_or(0)
        .saturating_sub(digits.len());
    let prefix = if conversion.alternate { prefix } else { "" };
    write_number(
        cx,
        out,
        conversion,
        number.is_negative(),
        prefix,
        zeros,
        digits.as_str(),
    )
}

/// Writes a number's sign, prefix and digits in the width.
fn write_number(
    cx: &Context,
    out: &mut Text<'_>,
    conversion: &Conversion,
    negative: bool,
    prefix: &str,
    zeros: usize,
    digits: &str,
) -> Result<()> {
    let sign = if negative {
        "-"
    } else if conversion.plus {
        "+"
    } else if conversion.space {
        " "
    } else {
        ""
    };
    let length = sign.len() + prefix.len() + zeros + digits.len();
    let margin = conversion.width.saturating_sub(length);
    let fills_zeros = conversion.zero && !conversion.left;
    if !conversion.left && !fills_zeros {
        push_fill(cx, out, ' ', margin)?;
    }
    cx.fallible(out.push(sign))?;
    cx.fallible(out.push(prefix))?;
    push_fill(cx, out, '0', zeros + if fills_zeros { margin } else { 0 })?;
    cx.fallible(out.push(digits))?;
    if conversion.left {
        push_fill(cx, out, ' ', margin)?;
    }
    Ok(())
}

/// The value as a float; `None` where it is no number.
fn real(cx: &Context, value: &Object) -> Result<Option<f64>> {
    if let Some(value) = float::value(value) {
        return Ok(Some(value));
    }
    if let Some(value) = int::value(cx, value) {
        return int::to_f64(cx, &value).map(Some);
    }
    match cx.unary(value, SlotId::Float) {
        Some(Ok(made)) => return Ok(float::value(&made)),
        Some(Err(raised)) if raised.is(cx, &builtin::TYPE_ERROR) => return Ok(None),
        Some(Err(raised)) => return Err(raised),
        None => {}
    }
    match integral(cx, value)? {
        Some(index) => match int::value(cx, &index) {
            Some(value) => int::to_f64(cx, &value).map(Some),
            None => Ok(None),
        },
        None => Ok(None),
    }
}

fn write_real(
    cx: &Context,
    out: &mut Text<'_>,
    conversion: &Conversion,
    value: &Object,
    label: Label<'_>,
) -> Result<()> {
    let kind = conversion.kind;
    let Some(number) = real(cx, value)? else {
        return Err(cx.type_error(format_args!(
            "{label}: %{kind} requires a real number, not {}",
            cx.told_name(value)?
        )));
    };
    let mut digits = Text::new(cx);
    let style = Style {
        kind,
        precision: conversion.precision.unwrap_or(6),
        alternate: conversion.alternate,
        point_zero: false,
    };
    write_float(&mut digits, number, style).map_err(|_| cx.out_of_memory())?;
    let negative = number.is_sign_negative() && !number.is_nan();
    write_number(cx, out, conversion, negative, "", 0, digits.as_str())
}
