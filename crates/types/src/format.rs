//! Text that grows in the heap.

use crate::{Context, Object, Result};
use mortice_gc::{Buffer, Heap, OutOfMemory};
use std::fmt;

/// A string under construction; writing fails only for want of memory.
#[derive(Debug)]
pub struct Text<'a> {
    heap: &'a Heap,
    bytes: Buffer<u8>,
}

impl<'a> Text<'a> {
    /// An empty text.
    pub fn new(cx: &'a Context) -> Text<'a> {
        Text {
            heap: cx.heap(),
            bytes: Buffer::new(),
        }
    }

    /// Appends text.
    pub fn push(&mut self, text: &str) -> std::result::Result<(), OutOfMemory> {
        self.bytes.extend_from_slice(self.heap, text.as_bytes())
    }

    /// Appends a character.
    pub fn push_char(&mut self, character: char) -> std::result::Result<(), OutOfMemory> {
        self.push(character.encode_utf8(&mut [0; 4]))
    }

    /// The text so far.
    pub fn as_str(&self) -> &str {
        // Only whole strings are appended, so the default is never used.
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Tells whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes, which are UTF-8.
    pub fn into_bytes(self) -> Buffer<u8> {
        self.bytes
    }

    /// Makes a `str` of it.
    pub fn finish(self, cx: &Context) -> Result<Object> {
        crate::builtin::string::from_utf8_buffer(cx, self.bytes)
    }
}

impl fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text).map_err(|_| fmt::Error)
    }
}

impl Context {
    /// Formats a message into a `str`.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn format(&self, message: fmt::Arguments<'_>) -> Result<Object> {
        let mut text = Text::new(self);
        fmt::Write::write_fmt(&mut text, message).map_err(|_| self.out_of_memory())?;
        text.finish(self)
    }

    /// Makes a `str`.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn string(&self, text: &str) -> Result<Object> {
        crate::builtin::string::from_str(self, text)
    }

    /// The name of an object's type, as error messages show it: with its module for a built-in
    /// type that is not in `builtins`.
    pub fn type_name(&self, object: &Object) -> TypeName {
        TypeName::of(self, &self.type_of(object))
    }

    /// The full name of an object's type, `module.qualname`, as the newer of CPython's messages show it: without
    /// the modules that need not be told, `builtins` and `__main__`.
    ///
    /// # Errors
    ///
    /// AttributeError where the class has no `__module__`; MemoryError.
    pub fn told_name(&self, object: &Object) -> crate::Result<ToldName> {
        ToldName::of(self, &self.type_of(object))
    }
}

/// A type's full name that prints itself.
#[derive(Debug)]
pub struct ToldName(Object);

impl ToldName {
    /// The full name of a type.
    ///
    /// # Errors
    ///
    /// Those of [`Context::told_name`].
    pub fn of(cx: &Context, of: &crate::Type) -> crate::Result<ToldName> {
        crate::builtin::object::told_name(cx, of).map(ToldName)
    }
}

impl fmt::Display for ToldName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(crate::text(&self.0).unwrap_or("?"))
    }
}

/// A type's `__name__` that prints itself.
#[derive(Debug)]
pub struct TypeName {
    name: Object,
    module: &'static str,
}

impl TypeName {
    /// The name of a type.
    pub fn of(cx: &Context, of: &crate::Type) -> TypeName {
        let native = of.native().filter(|_| of.is_static());
        TypeName {
            name: of.name(cx),
            module: native.map_or("builtins", |native| native.module),
        }
    }

    /// The name, without a module.
    pub fn as_str(&self) -> &str {
        crate::text(&self.name).unwrap_or("?")
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.module != "builtins" {
            write!(formatter, "{}.", self.module)?;
        }
        formatter.write_str(self.as_str())
    }
}
