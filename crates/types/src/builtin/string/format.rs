//! `format()`, `str.format` and `str.format_map`.

use super::category::decimal_value;
use super::{STR, exact, own};
use crate::builtin::format_spec;
use crate::format::Text;
use crate::{Args, Context, Object, Result, builtin, text};

impl Context {
    /// `format(object, spec)`: the type's `__format__`.
    ///
    /// # Errors
    ///
    /// TypeError where the result is no `str`, and what `__format__` raises.
    pub fn format_value(&self, object: &Object, spec: &Object) -> Result<Object> {
        if text(spec) == Some("") {
            if self.is_exactly(object, &STR) {
                return Ok(object.clone());
            }
            if self.is_exactly(object, &builtin::INT) {
                return self.str(object);
            }
        }
        let of = self.type_of(object);
        let Some(method) = of.lookup(self, &self.names().format)? else {
            return Err(self.type_error(format_args!(
                "Type {} doesn't define __format__",
                self.type_name(object)
            )));
        };
        let made = self.call_unbound(&method, &of, Args::new(&Context::pair(object, spec)))?;
        if text(&made).is_none() {
            return Err(self.wrong_result(object, "__format__", "a str", &made));
        }
        Ok(made)
    }
}

/// `text.__format__(spec)`.
pub(super) fn format_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [spec] = args.rest().exactly::<1>(cx, "str.__format__")?;
    let spec = super::search::wanted(cx, &spec, "__format__", "")?;
    if spec.is_empty() {
        return if cx.is_exactly(&this, &STR) {
            exact(cx, &this)
        } else {
            cx.str(&this)
        };
    }
    format_spec::format_str(cx, &this, spec, cx.type_name(&this).as_str())
}

/// `template.format(*args, **kwargs)`.
pub(super) fn format(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let mut fields = Fields {
        cx,
        source: Source::Arguments(args.rest()),
        numbering: Numbering::Unknown,
    };
    let mut out = Text::new(cx);
    fields.expand(&mut out, own(&this), 2)?;
    out.finish(cx)
}

/// `template.format_map(mapping)`.
pub(super) fn format_map(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [mapping] = args.rest().exactly::<1>(cx, "str.format_map")?;
    let mut fields = Fields {
        cx,
        source: Source::Mapping(&mapping),
        numbering: Numbering::Unknown,
    };
    let mut out = Text::new(cx);
    fields.expand(&mut out, own(&this), 2)?;
    out.finish(cx)
}

enum Source<'a> {
    Arguments(Args<'a>),
    Mapping(&'a Object),
}

/// How the fields without a name are counted: a template does it one way throughout.
enum Numbering {
    Unknown,
    Manual,
    /// The number of the next field.
    Automatic(usize),
}

struct Fields<'a> {
    cx: &'a Context,
    source: Source<'a>,
    numbering: Numbering,
}

/// A replacement field, taken apart.
struct Field<'a> {
    name: &'a str,
    conversion: Option<char>,
    spec: &'a str,
}

/// Parses the field behind its opening brace; gives the field and what follows it.
fn parse_field<'a>(text: &'a str) -> std::result::Result<(Field<'a>, &'a str), &'static str> {
    let mut characters = text.char_indices();
    let mut mark = None;
    while let Some((at, character)) = characters.next() {
        match character {
            '{' => return Err("unexpected '{' in field name"),
            '[' => {
                // Everything up to the closing bracket belongs to the index.
                let rest = characters.as_str();
                let Some(skipped) = rest.find(']') else {
                    return Err("expected '}' before end of string");
                };
                characters = text.char_indices();
                let until = at + 1 + skipped;
                while characters.offset() < until {
                    characters.next();
                }
            }
            '}' | ':' | '!' => {
                mark = Some((at, character));
                break;
            }
            _ => {}
        }
    }
    let Some((end, mark)) = mark else {
        return Err("expected '}' before end of string");
    };
    let mut field = Field {
        name: &text[..end],
        conversion: None,
        spec: "",
    };
    if mark == '}' {
        return Ok((field, characters.as_str()));
    }
    if mark == '!' {
        let Some((_, conversion)) = characters.next() else {
            return Err("end of string while looking for conversion specifier");
        };
        field.conversion = Some(conversion);
        match characters.next() {
            Some((_, '}')) => return Ok((field, characters.as_str())),
            Some((_, ':')) | None => {}
            Some(_) => return Err("expected ':' after conversion specifier"),
        }
    }
    let rest = characters.as_str();
    let mut depth = 1;
    for (at, character) in rest.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            field.spec = &rest[..at];
            return Ok((field, &rest[at + 1..]));
        }
    }
    Err("unmatched '{' in format spec")
}

impl Fields<'_> {
    fn expand(&mut self, out: &mut Text<'_>, template: &str, levels: usize) -> Result<()> {
        let cx = self.cx;
        if levels == 0 {
            return Err(cx.value_error(format_args!("Max string recursion exceeded")));
        }
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            cx.fallible(out.push(&rest[..at]))?;
            let brace = &rest[at..=at];
            let tail = &rest[at + 1..];
            if let Some(tail) = tail.strip_prefix(brace) {
                cx.fallible(out.push(brace))?;
                rest = tail;
                continue;
            }
            if brace == "}" || tail.is_empty() {
                return Err(cx.value_error(format_args!(
                    "Single '{brace}' encountered in format string"
                )));
            }
            let (field, tail) =
                parse_field(tail).map_err(|words| cx.value_error(format_args!("{words}")))?;
            self.write_field(out, &field, levels)?;
            rest = tail;
        }
        cx.fallible(out.push(rest))
    }

    fn write_field(&mut self, out: &mut Text<'_>, field: &Field<'_>, levels: usize) -> Result<()> {
        let cx = self.cx;
        let mut value = self.find(field.name)?;
        if let Some(conversion) = field.conversion {
            value = match conversion {
                'r' => cx.repr(&value)?,
                's' => cx.str(&value)?,
                'a' => cx.ascii(&value)?,
                '!'..='~' => {
                    return Err(
                        cx.value_error(format_args!("Unknown conversion specifier {conversion}"))
                    );
                }
                _ => {
                    let code = conversion as u32;
                    return Err(
                        cx.value_error(format_args!("Unknown conversion specifier \\x{code:x}"))
                    );
                }
            };
        }
        let spec = if field.spec.contains(['{', '}']) {
            let mut spec = Text::new(cx);
            self.expand(&mut spec, field.spec, levels - 1)?;
            spec.finish(cx)?
        } else {
            super::piece(cx, field.spec)?
        };
        let made = cx.format_value(&value, &spec)?;
        cx.fallible(out.push(own(&made)))
    }

    /// The object that a field name leads to.
    fn find(&mut self, name: &str) -> Result<Object> {
        let cx = self.cx;
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut rest) = name.split_at(end);
        let mut value = self.first(first)?;
        while !rest.is_empty() {
            if let Some(tail) = rest.strip_prefix('.') {
                let end = tail.find(['.', '[']).unwrap_or(tail.len());
                let (name, tail) = tail.split_at(end);
                self.not_empty(name)?;
                value = cx.get_attribute(&value, &cx.string(name)?)?;
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix('[') {
                let Some((key, tail)) = tail.split_once(']') else {
                    return Err(cx.value_error(format_args!("Missing ']' in format string")));
                };
                self.not_empty(key)?;
                let key = match number(cx, key)? {
                    Some(index) => cx.int(index as i64)?,
                    None => cx.string(key)?,
                };
                value = cx.get_item(&value, &key)?;
                rest = tail;
            } else {
                return Err(cx.value_error(format_args!(
                    "Only '.' or '[' may follow ']' in format field specifier"
                )));
            }
        }
        Ok(value)
    }

    fn not_empty(&self, name: &str) -> Result<()> {
        if name.is_empty() {
            return Err(self
                .cx
                .value_error(format_args!("Empty attribute in format string")));
        }
        Ok(())
    }

    /// The argument that the first part of a field name names.
    fn first(&mut self, name: &str) -> Result<Object> {
        let cx = self.cx;
        let index = match (number(cx, name)?, &self.numbering) {
            (Some(_), Numbering::Automatic(_)) => {
                return Err(cx.value_error(format_args!(
                    "cannot switch from automatic field numbering to manual field specification"
                )));
            }
            (Some(index), _) => {
                self.numbering = Numbering::Manual;
                index
            }
            (None, _) if !name.is_empty() => return self.keyword(name),
            (None, Numbering::Manual) => {
                return Err(cx.value_error(format_args!(
                    "cannot switch from manual field specification to automatic field numbering"
                )));
            }
            (None, Numbering::Automatic(next)) => {
                let index = *next;
                self.numbering = Numbering::Automatic(index + 1);
                index
            }
            (None, Numbering::Unknown) => {
                self.numbering = Numbering::Automatic(1);
                0
            }
        };
        match &self.source {
            Source::Mapping(_) => {
                Err(cx.value_error(format_args!("Format string contains positional fields")))
            }
            Source::Arguments(args) => match args.get(index) {
                Some(value) => Ok((*value).clone()),
                None => Err(cx.index_error(format_args!(
                    "Replacement index {index} out of range for positional args tuple"
                ))),
            },
        }
    }

    fn keyword(&self, name: &str) -> Result<Object> {
        let cx = self.cx;
        match &self.source {
            Source::Mapping(mapping) => cx.get_item(mapping, &cx.string(name)?),
            Source::Arguments(args) => match args.keyword(name) {
                Some(value) => Ok((*value).clone()),
                None => Err(cx.key_error(&cx.string(name)?)),
            },
        }
    }
}

/// A name that is a number; `None` where it is empty or has anything but digits.
fn number(cx: &Context, name: &str) -> Result<Option<usize>> {
    let mut value = None;
    for character in name.chars() {
        let Some(digit) = decimal_value(character) else {
            return Ok(None);
        };
        value = value
            .unwrap_or(0usize)
            .checked_mul(10)
            .and_then(|value| value.checked_add(digit as usize))
            .filter(|value| *value <= i64::MAX as usize);
        if value.is_none() {
            return Err(cx.value_error(format_args!("Too many decimal digits in format string")));
        }
    }
    Ok(value)
}
