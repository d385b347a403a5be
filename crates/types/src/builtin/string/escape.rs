//! The quoting of `repr` and `ascii`, for text and bytes.

use super::category::is_printable;
use crate::format::Text;
use crate::{Context, Object, OutOfMemory, Result, text};

type Written = std::result::Result<(), OutOfMemory>;

/// The quote of a literal: double where the content has single ones only.
fn quote(content: &[u8]) -> char {
    if content.contains(&b'\'') && !content.contains(&b'"') {
        '"'
    } else {
        '\''
    }
}

fn hex(out: &mut Text<'_>, code: u32, digits: u32) -> Written {
    for at in (0..digits).rev() {
        out.push_char(char::from_digit(code >> (4 * at) & 15, 16).unwrap_or('0'))?;
    }
    Ok(())
}

/// Writes `\xNN`, `\uNNNN` or `\UNNNNNNNN`, whichever holds the character.
pub fn write_code(out: &mut Text<'_>, code: u32) -> Written {
    let (prefix, digits) = match code {
        0..=0xff => ("\\x", 2),
        0x100..=0xffff => ("\\u", 4),
        _ => ("\\U", 8),
    };
    out.push(prefix)?;
    hex(out, code, digits)
}

fn write_char(out: &mut Text<'_>, character: char, quote: char, shown: bool) -> Written {
    match character {
        '\\' => out.push("\\\\"),
        '\n' => out.push("\\n"),
        '\r' => out.push("\\r"),
        '\t' => out.push("\\t"),
        _ if character == quote => {
            out.push("\\")?;
            out.push_char(character)
        }
        _ if shown => out.push_char(character),
        _ => write_code(out, character as u32),
    }
}

/// Writes the repr of a text.
pub fn write_str(out: &mut Text<'_>, text: &str) -> Written {
    let quote = quote(text.as_bytes());
    out.push_char(quote)?;
    let special =
        |character: char| character == '\\' || character == quote || !is_printable(character);
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        let (plain, tail) = rest.split_at(at);
        out.push(plain)?;
        let mut characters = tail.chars();
        if let Some(character) = characters.next() {
            write_char(out, character, quote, false)?;
        }
        rest = characters.as_str();
    }
    out.push(rest)?;
    out.push_char(quote)
}

/// Writes the repr of bytes, with the `b`.
pub fn write_bytes(out: &mut Text<'_>, bytes: &[u8]) -> Written {
    let quote = quote(bytes);
    out.push("b")?;
    out.push_char(quote)?;
    for byte in bytes {
        let shown = matches!(byte, b' '..=b'~');
        write_char(out, char::from(*byte), quote, shown)?;
    }
    out.push_char(quote)
}

/// `repr()` of a text.
///
/// # Errors
///
/// MemoryError.
pub fn repr(cx: &Context, text: &str) -> Result<Object> {
    let mut out = Text::new(cx);
    cx.fallible(write_str(&mut out, text))?;
    out.finish(cx)
}

impl Context {
    /// `ascii(a)`: the repr with everything beyond ASCII escaped.
    ///
    /// # Errors
    ///
    /// What `__repr__` raises.
    pub fn ascii(&self, object: &Object) -> Result<Object> {
        let repr = self.repr(object)?;
        let shown = text(&repr).unwrap_or_default();
        if shown.is_ascii() {
            return Ok(repr);
        }
        let mut out = Text::new(self);
        for character in shown.chars() {
            let written = if character.is_ascii() {
                out.push_char(character)
            } else {
                write_code(&mut out, character as u32)
            };
            self.fallible(written)?;
        }
        out.finish(self)
    }
}
