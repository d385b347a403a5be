//! Encodings: UTF-8, ASCII and Latin-1, and what to do about what they cannot hold.

use super::exception::unicode;
use super::string::{escape, own};
use crate::format::Text;
use crate::{Args, Borrowed, Buffer, Context, Object, Raised, Result, builtin, text};
use std::fmt::Write;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Ascii,
    Latin1,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errors {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    XmlReplace,
    /// A handler of another name, which only counts once there is something to handle.
    Unknown,
}

impl Errors {
    fn find(name: &str) -> Errors {
        match name {
            "strict" | "surrogateescape" | "surrogatepass" => Errors::Strict,
            "ignore" => Errors::Ignore,
            "replace" => Errors::Replace,
            "backslashreplace" => Errors::BackslashReplace,
            "xmlcharrefreplace" => Errors::XmlReplace,
            _ => Errors::Unknown,
        }
    }
}

/// The encoding of a name: letters in any case, any mark between its parts.
fn find(cx: &Context, name: &str) -> Result<Encoding> {
    let mut room = [0u8; 24];
    let mut length = 0;
    for byte in name.bytes() {
        let byte = match byte {
            b'-' | b' ' | b'.' => b'_',
            byte => byte.to_ascii_lowercase(),
        };
        if length == room.len() {
            length = 0;
            break;
        }
        room[length] = byte;
        length += 1;
    }
    match std::str::from_utf8(&room[..length]).unwrap_or_default() {
        "utf_8" | "utf8" | "u8" | "utf" | "cp65001" => Ok(Encoding::Utf8),
        "ascii" | "us_ascii" | "646" | "ansi_x3_4_1968" => Ok(Encoding::Ascii),
        "latin_1" | "latin1" | "latin" | "l1" | "iso_8859_1" | "iso8859_1" | "iso8859" | "8859"
        | "cp819" => Ok(Encoding::Latin1),
        _ => Err(cx.error(
            &builtin::LOOKUP_ERROR,
            format_args!("unknown encoding: {name}"),
        )),
    }
}

/// `encoding` and `errors` of a call to `encode` or `decode`.
pub(crate) fn names<'a>(
    cx: &Context,
    args: Args<'a>,
    function: &str,
) -> Result<(Option<Borrowed<'a>>, Option<Borrowed<'a>>)> {
    let names = ["encoding", "errors"];
    let bound = args.bind(cx, function, names, 0)?;
    for (name, value) in names.iter().zip(&bound) {
        if let Some(value) = value
            && text(value).is_none()
        {
            return Err(cx.type_error(format_args!(
                "{function}() argument '{name}' must be str, not {}",
                cx.type_name(value)
            )));
        }
    }
    let [encoding, errors] = bound;
    Ok((encoding, errors))
}

fn unknown_handler(cx: &Context, errors: &str) -> Raised {
    cx.error(
        &builtin::LOOKUP_ERROR,
        format_args!("unknown error handler name '{errors}'"),
    )
}

/// Encodes a `str` to `bytes`.
///
/// # Errors
///
/// UnicodeEncodeError, and LookupError for an unknown encoding.
pub fn encode(cx: &Context, string: &Object, encoding: &str, errors: &str) -> Result<Object> {
    let source = own(string);
    let (name, limit) = match find(cx, encoding)? {
        Encoding::Utf8 => return builtin::bytes::from_slice(cx, source.as_bytes()),
        Encoding::Ascii => ("ascii", 0x80),
        Encoding::Latin1 => ("latin-1", 0x100),
    };
    let handler = Errors::find(errors);
    let mut bytes = Buffer::new();
    let mut characters = source.chars().enumerate().peekable();
    while let Some((at, character)) = characters.next() {
        let code = character as u32;
        if code < limit {
            cx.fallible(bytes.push(cx.heap(), code as u8))?;
            continue;
        }
        let mut out = Text::new(cx);
        let written = match handler {
            Errors::Ignore => Ok(()),
            Errors::Replace => out.push("?"),
            Errors::BackslashReplace => escape::write_code(&mut out, code),
            Errors::XmlReplace => write!(out, "&#{code};").map_err(|_| crate::OutOfMemory),
            Errors::Unknown => return Err(unknown_handler(cx, errors)),
            Errors::Strict => {
                let mut end = at + 1;
                while characters
                    .next_if(|(_, character)| *character as u32 >= limit)
                    .is_some()
                {
                    end += 1;
                }
                let reason = if limit == 0x80 {
                    "ordinal not in range(128)"
                } else {
                    "ordinal not in range(256)"
                };
                return Err(unicode::encode_error(cx, name, string, at..end, reason));
            }
        };
        cx.fallible(written)?;
        cx.fallible(bytes.extend_from_slice(cx.heap(), out.as_str().as_bytes()))?;
    }
    builtin::bytes::from_buffer(cx, bytes)
}

/// Decodes bytes to a `str`.
///
/// # Errors
///
/// UnicodeDecodeError, and LookupError for an unknown encoding.
pub fn decode(cx: &Context, bytes: &[u8], encoding: &str, errors: &str) -> Result<Object> {
    let handler = Errors::find(errors);
    let mut out = Text::new(cx);
    let mut at = 0;
    let encoding = find(cx, encoding)?;
    if encoding == Encoding::Latin1 {
        for byte in bytes {
            cx.fallible(out.push_char(char::from(*byte)))?;
        }
        return out.finish(cx);
    }
    while at < bytes.len() {
        let (valid, bad, reason) = match encoding {
            Encoding::Ascii => next_ascii(&bytes[at..]),
            _ => next_utf8(&bytes[at..]),
        };
        cx.fallible(out.push(valid))?;
        at += valid.len();
        if bad == 0 {
            break;
        }
        let end = at + bad;
        let written = match handler {
            Errors::Ignore => Ok(()),
            Errors::Replace => out.push_char(char::REPLACEMENT_CHARACTER),
            Errors::BackslashReplace => bytes[at..end]
                .iter()
                .try_for_each(|byte| escape::write_code(&mut out, u32::from(*byte))),
            Errors::Strict => {
                let name = if encoding == Encoding::Ascii {
                    "ascii"
                } else {
                    "utf-8"
                };
                let object = builtin::bytes::from_slice(cx, bytes)?;
                return Err(unicode::decode_error(cx, name, &object, at..end, reason));
            }
            Errors::XmlReplace => {
                return Err(cx.type_error(format_args!(
                    "don't know how to handle UnicodeDecodeError in error callback"
                )));
            }
            Errors::Unknown => return Err(unknown_handler(cx, errors)),
        };
        cx.fallible(written)?;
        at = end;
    }
    out.finish(cx)
}

/// The valid start of bytes, how many after it are wrong, and why.
fn next_utf8(bytes: &[u8]) -> (&str, usize, &'static str) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text, 0, ""),
        Err(error) => {
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            let valid = std::str::from_utf8(valid).unwrap_or_default();
            match (error.error_len(), rest.first()) {
                (None, _) => (valid, rest.len(), "unexpected end of data"),
                (Some(bad), Some(0xc2..=0xf4)) => (valid, bad, "invalid continuation byte"),
                (Some(bad), _) => (valid, bad, "invalid start byte"),
            }
        }
    }
}

fn next_ascii(bytes: &[u8]) -> (&str, usize, &'static str) {
    let end = bytes.iter().position(|byte| !byte.is_ascii());
    let valid = std::str::from_utf8(&bytes[..end.unwrap_or(bytes.len())]).unwrap_or_default();
    (
        valid,
        usize::from(end.is_some()),
        "ordinal not in range(128)",
    )
}
