//! The texts of strings, lent by the interpreter.

use super::object::Object;
use core::fmt;
use core::ops::Deref;
use pyo3_ffi as ffi;

/// The `__name__` of a class, to be written.
#[derive(Debug)]
pub struct ClassName(Option<Object>);

impl ClassName {
    /// The name in a `str`; a question mark where there was no memory for it.
    pub(super) fn new(name: Option<Object>) -> ClassName {
        ClassName(name)
    }
}

impl Deref for ClassName {
    type Target = str;

    fn deref(&self) -> &str {
        self.0.as_ref().and_then(text_of).unwrap_or("?")
    }
}

impl fmt::Display for ClassName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// The text of a `str`; nothing for other objects and for lone surrogates.
pub(super) fn text_of(object: &Object) -> Option<&str> {
    let mut length = 0;
    // SAFETY: *attached*; the object is a str, and the text lives as long as it does.
    unsafe {
        if ffi::PyUnicode_Check(object.as_ptr()) == 0 {
            return None;
        }
        let text = ffi::PyUnicode_AsUTF8AndSize(object.as_ptr(), &raw mut length);
        if text.is_null() {
            ffi::PyErr_Clear();
            return None;
        }
        let bytes = core::slice::from_raw_parts(text.cast::<u8>(), length as usize);
        Some(core::str::from_utf8_unchecked(bytes))
    }
}
