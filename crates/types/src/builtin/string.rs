//! `str`: text in UTF-8 with its length in code points.
//!
//! Text of lone surrogates cannot be represented; see `docs/deviations.md`.

use crate::native::{figures, flags};
use crate::{Context, Object, Result, Type, body, index, native_type};
use mortice_gc::Buffer;
use mortice_gc::trace::Plain;
use std::cell::{Cell, OnceCell};
use std::hash::Hasher;

crate::body! {
    /// The body of a string. Bytes are set once and stay.
    pub struct StrBody {
        bytes: Plain<OnceCell<Buffer<u8>>>,
        /// Code points.
        length: Cell<usize>,
        hash: Cell<i64>,
        interned: Cell<bool>,
    }
}

native_type! {
    /// The built-in `str`.
    pub static STR: "str" {
        index: index::STR,
        base: &super::object::OBJECT,
        layout: figures("str", 64, size_of::<StrBody>()),
        body: StrBody,
        flags: flags::BASE | flags::STR | flags::MATCH_SELF,
        doc: "Text: a sequence of Unicode code points.",
        slots {},
        methods {},
        getsets {},
    }
}

impl StrBody {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self.bytes.0.get() {
            // Bytes are checked when they are set, so the default is never used.
            Some(bytes) => std::str::from_utf8(bytes).unwrap_or_default(),
            None => "",
        }
    }

    /// Length in code points.
    pub fn len(&self) -> usize {
        self.length.get()
    }

    /// Tells whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.length.get() == 0
    }

    /// Tells whether all code points are ASCII, so that byte and code point offsets agree.
    pub fn is_ascii(&self) -> bool {
        self.length.get() == self.bytes.0.get().map_or(0, |bytes| bytes.len())
    }

    /// Tells whether the string is interned.
    pub fn is_interned(&self) -> bool {
        self.interned.get()
    }

    /// The hash; computed once.
    pub fn hash(&self) -> i64 {
        let cached = self.hash.get();
        if cached != 0 {
            return cached;
        }
        let computed = hash_text(self.as_str());
        self.hash.set(computed);
        computed
    }
}

/// The hash of a text: SipHash-1-3, as CPython uses it; never 0 or −1.
pub fn hash_text(text: &str) -> i64 {
    #[expect(deprecated, reason = "the named hash, with a fixed key")]
    let mut hasher = std::hash::SipHasher::new_with_keys(0, 0);
    hasher.write(text.as_bytes());
    match hasher.finish() as i64 {
        0 => 1,
        -1 => -2,
        hash => hash,
    }
}

/// The text of a `str` or an instance of a subclass.
#[inline]
pub fn text(object: &Object) -> Option<&str> {
    body::<StrBody>(object).map(StrBody::as_str)
}

/// Makes a `str`.
pub fn from_str(cx: &Context, text: &str) -> Result<Object> {
    let bytes = cx.fallible(Buffer::copied(cx.heap(), text.as_bytes()))?;
    from_utf8_buffer(cx, bytes)
}

/// Makes a `str` of bytes that are UTF-8.
pub fn from_utf8_buffer(cx: &Context, bytes: Buffer<u8>) -> Result<Object> {
    new_instance(cx, cx.builtin_ref(&STR), bytes)
}

/// Makes an instance of `str` or a subclass of bytes that are UTF-8.
pub fn new_instance(cx: &Context, of: &Type, bytes: Buffer<u8>) -> Result<Object> {
    let length = match std::str::from_utf8(&bytes) {
        Ok(text) => text.chars().count(),
        Err(_) => return Err(cx.system_error(format_args!("text is not UTF-8"))),
    };
    let object = cx.instance(of, 0)?;
    if let Some(body) = body::<StrBody>(&object) {
        body.length.set(length);
        let _ = body.bytes.0.set(bytes);
    }
    Ok(object)
}

impl Context {
    /// The interned string of this text; it lives as long as the context.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn intern(&self, text: &str) -> Result<Object> {
        if let Some(found) = self.find_interned(text) {
            return Ok(found);
        }
        let object = self.string(text)?;
        self.intern_object(&object)
    }

    /// The interned string of this text, where there is one.
    pub fn find_interned(&self, text: &str) -> Option<Object> {
        let hash = hash_text(text) as u64;
        let interned = self.interned.borrow();
        interned
            .find(hash, |known| self::text(known) == Some(text))
            .cloned()
    }

    /// The interned string equal to an exact `str`; the object itself becomes it where none is.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn intern_object(&self, object: &Object) -> Result<Object> {
        let Some(body) = body::<StrBody>(object) else {
            return Ok(object.clone());
        };
        if body.interned.get() || !self.is_exactly(object, &STR) {
            return Ok(object.clone());
        }
        if let Some(found) = self.find_interned(body.as_str()) {
            return Ok(found);
        }
        let hash = body.hash() as u64;
        let mut interned = self.interned.borrow_mut();
        let rehash = |known: &Object| hash_text(self::text(known).unwrap_or_default()) as u64;
        if interned.try_reserve(1, rehash).is_err() {
            drop(interned);
            return Err(self.out_of_memory());
        }
        body.interned.set(true);
        interned.insert_unique(hash, object.clone(), rehash);
        Ok(object.clone())
    }
}
