//! Floats read from text and written as text.

use crate::builtin::format_spec::float_repr;
use crate::builtin::string::category::{decimal_value, is_space};
use crate::format::Text;
use crate::{Args, Context, Object, Result};
use mortice_gc::Buffer;

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
            let between = letters
                .peek()
                .is_some_and(|next| decimal_value(*next).is_some());
            if !before.is_some_and(|before: char| before.is_ascii_digit()) || !between {
                return Ok(None);
            }
            before = Some(letter);
            continue;
        }
        let ascii = match decimal_value(letter) {
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

/// `repr(value)`.
///
/// # Errors
///
/// MemoryError.
pub fn repr(cx: &Context, value: f64) -> Result<Object> {
    let mut out = Text::new(cx);
    float_repr(value, &mut out).map_err(|_| cx.out_of_memory())?;
    out.finish(cx)
}

pub(super) fn slot(cx: &Context, args: Args<'_>) -> Result<Object> {
    repr(cx, super::receiver(args))
}
