//! Floats read from text and written as text.

use crate::format::Text;
use crate::{Args, Context, Object, Result};
use mortice_gc::Buffer;
use std::fmt::Write;

/// Tells whether a character is whitespace to `int` and `float`.
pub fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
}

/// The value of a decimal digit of any script.
pub fn decimal(character: char) -> Option<u32> {
    if character.is_ascii() {
        return character.to_digit(10);
    }
    /// The zeros of the scripts that have decimal digits; the nine others follow each.
    const ZEROS: [u32; 76] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
        0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
        0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
        0xff10, 0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450,
        0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50,
        0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0,
        0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950,
        0x1fbf0,
    ];
    let code = u32::from(character);
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let digit = code - ZEROS.get(after.checked_sub(1)?)?;
    (digit < 10).then_some(digit)
}

/// Reads a float: whitespace around it, a sign, digits of any script with single underscores
/// between them, a point and an exponent; or `inf`, `infinity` and `nan`. `None` for other text.
///
/// # Errors
///
/// MemoryError.
pub fn parse(cx: &Context, text: &str) -> Result<Option<f64>> {
    let text = text.trim_matches(is_space);
    let mut clean = Buffer::<u8>::new();
    let mut before = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '_' {
            let between = letters.peek().is_some_and(|next| decimal(*next).is_some());
            if !before.is_some_and(|before: char| before.is_ascii_digit()) || !between {
                return Ok(None);
            }
            before = Some(letter);
            continue;
        }
        let ascii = match decimal(letter) {
            Some(digit) => char::from(b'0' + digit as u8),
            None if letter.is_ascii() => letter,
            None => return Ok(None),
        };
        cx.fallible(clean.push(cx.heap(), ascii as u8))?;
        before = Some(ascii);
    }
    let Ok(clean) = std::str::from_utf8(&clean) else {
        return Ok(None);
    };
    // Rust reads the same grammar, to the nearest float.
    Ok(clean.parse().ok())
}

/// Appends the shortest text that reads as the same float, as `repr` writes it.
pub fn write_repr(out: &mut Text<'_>, value: f64) -> std::fmt::Result {
    if value.is_nan() {
        return out.write_str("nan");
    }
    if value.is_infinite() {
        return out.write_str(if value < 0.0 { "-inf" } else { "inf" });
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        return write_scientific(out, value);
    }
    write!(out, "{value:?}")
}

/// The shortest digits, with an exponent that has a sign and at least two digits.
fn write_scientific(out: &mut Text<'_>, value: f64) -> std::fmt::Result {
    // 17 digits, sign, point and exponent fit.
    let mut short = Short([0; 32], 0);
    write!(short, "{value:e}")?;
    let text = std::str::from_utf8(&short.0[..short.1]).unwrap_or_default();
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    write!(out, "{digits}e{sign}{exponent:0>2}")
}

/// A short text on the stack.
struct Short([u8; 32], usize);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.1 + text.len();
        let room = self.0.get_mut(self.1..end).ok_or(std::fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.1 = end;
        Ok(())
    }
}

/// `repr(value)`.
///
/// # Errors
///
/// MemoryError.
pub fn repr(cx: &Context, value: f64) -> Result<Object> {
    let mut out = Text::new(cx);
    write_repr(&mut out, value).map_err(|_| cx.out_of_memory())?;
    out.finish(cx)
}

pub(super) fn float_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    repr(cx, super::receiver(args))
}
