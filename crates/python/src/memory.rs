//! Lists and texts that grow by calls which can fail.

use crate::raw::{Cx, Result};
use core::fmt::{self, Write};

/// Appends an item to a list.
///
/// # Errors
///
/// MemoryError.
pub fn push<T>(cx: Cx<'_>, list: &mut Vec<T>, item: T) -> Result<()> {
    list.try_reserve(1).map_err(|_| cx.out_of_memory())?;
    list.push(item);
    Ok(())
}

/// A list of some items.
///
/// # Errors
///
/// MemoryError.
pub fn collected<T>(cx: Cx<'_>, items: impl IntoIterator<Item = T>) -> Result<Vec<T>> {
    // std: nothing is allocated
    let mut list = Vec::new();
    let mut items = items.into_iter();
    let known = items.size_hint().0;
    list.try_reserve_exact(known)
        .map_err(|_| cx.out_of_memory())?;
    items.try_for_each(|item| push(cx, &mut list, item))?;
    Ok(list)
}

/// A list of what some items give.
///
/// # Errors
///
/// The first error among them; MemoryError.
pub fn all_of<T>(cx: Cx<'_>, items: impl IntoIterator<Item = Result<T>>) -> Result<Vec<T>> {
    // std: nothing is allocated
    let mut list = Vec::new();
    items
        .into_iter()
        .try_for_each(|item| push(cx, &mut list, item?))?;
    Ok(list)
}

/// A text that grows as far as there is memory.
struct Text {
    text: String,
    is_cut: bool,
}

impl Write for Text {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        self.is_cut |= self.text.try_reserve(more.len()).is_err();
        if self.is_cut {
            return Err(fmt::Error);
        }
        self.text.push_str(more);
        Ok(())
    }
}

/// A text of what `write` writes.
///
/// # Errors
///
/// MemoryError.
pub fn written(cx: Cx<'_>, write: impl FnOnce(&mut dyn Write) -> fmt::Result) -> Result<String> {
    let mut text = Text {
        // std: nothing is allocated
        text: String::new(),
        is_cut: false,
    };
    // Writing fails where the text is cut, and nowhere else.
    let _ = write(&mut text);
    match text.is_cut {
        true => Err(cx.out_of_memory()),
        false => Ok(text.text),
    }
}
