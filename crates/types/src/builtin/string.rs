//! `str`: text in UTF-8 with its length in code points.
//!
//! Text of lone surrogates cannot be represented; see `docs/deviations.md`. The slots and methods
//! lie in files by what they do; positions in them are code points towards Python and bytes inside.

pub mod bounds;
pub mod case;
pub mod category;
pub mod escape;
pub mod format;
pub mod iterate;
mod pad;
mod percent;
mod search;
mod slots;
mod split;
mod translate;

use crate::native::{figures, flags};
use crate::raw::Utf8;
use crate::{Context, Object, Result, Type, body, index, native_type};
use mortice_gc::Buffer;
use mortice_gc::trace::Plain;
use std::cell::{Cell, OnceCell};
use std::hash::{DefaultHasher, Hasher};

pub use iterate::STR_ITERATOR;
pub(crate) use pad::push_fill;
pub(crate) use search::replace_arguments;
pub use split::join_items;
pub(crate) use split::join_operands;

crate::body! {
    /// The body of a string. Bytes are set once and stay.
    pub struct StrBody {
        bytes: Plain<OnceCell<Utf8>>,
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
        slots {
            New => slots::new,
            Repr => slots::repr,
            Str => slots::str,
            Hash => slots::hash,
            Lt => slots::lt,
            Le => slots::le,
            Eq => slots::eq,
            Ne => slots::ne,
            Gt => slots::gt,
            Ge => slots::ge,
            Len => slots::len,
            GetItem => slots::get_item,
            Contains => slots::contains,
            Iter => iterate::iter,
            Concat => slots::concat,
            Repeat => slots::repeat,
            RRepeat => slots::repeat,
            Mod => percent::modulo,
            RMod => percent::reflected_modulo,
        },
        methods {
            "join" => split::join,
            "split" => split::split,
            "rsplit" => split::rsplit,
            "splitlines" => split::splitlines,
            "partition" => split::partition,
            "rpartition" => split::rpartition,
            "startswith" => search::startswith,
            "endswith" => search::endswith,
            "find" => search::find,
            "rfind" => search::rfind,
            "index" => search::index,
            "rindex" => search::rindex,
            "count" => search::count,
            "replace" => search::replace,
            "removeprefix" => search::removeprefix,
            "removesuffix" => search::removesuffix,
            "strip" => pad::strip,
            "lstrip" => pad::lstrip,
            "rstrip" => pad::rstrip,
            "center" => pad::center,
            "ljust" => pad::ljust,
            "rjust" => pad::rjust,
            "zfill" => pad::zfill,
            "expandtabs" => pad::expandtabs,
            "upper" => case::upper,
            "lower" => case::lower,
            "title" => case::title,
            "capitalize" => case::capitalize,
            "casefold" => case::casefold,
            "swapcase" => case::swapcase,
            "isupper" => case::isupper,
            "islower" => case::islower,
            "istitle" => case::istitle,
            "isalpha" => case::isalpha,
            "isalnum" => case::isalnum,
            "isdigit" => case::isdigit,
            "isdecimal" => case::isdecimal,
            "isnumeric" => case::isnumeric,
            "isspace" => case::isspace,
            "isprintable" => case::isprintable,
            "isascii" => case::isascii,
            "isidentifier" => case::isidentifier,
            "encode" => slots::encode,
            "format" => format::format,
            "format_map" => format::format_map,
            "translate" => translate::translate,
            static "maketrans" => translate::maketrans,
            "__format__" => format::format_method,
            "__sizeof__" => slots::sizeof,
            "__getnewargs__" => slots::getnewargs,
        },
        getsets {},
    }
}

impl StrBody {
    /// The body of the shared empty text, which counts as interned.
    pub(crate) fn empty() -> StrBody {
        let body = StrBody::default();
        body.interned.set(true);
        body
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        self.bytes.0.get().map_or("", Utf8::as_str)
    }

    /// Length in code points.
    #[inline]
    pub fn len(&self) -> usize {
        self.length.get()
    }

    /// Tells whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.length.get() == 0
    }

    /// Tells whether all code points are ASCII, so that byte and code point offsets agree.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.length.get() == self.as_str().len()
    }

    /// Tells whether the string is interned.
    pub fn is_interned(&self) -> bool {
        self.interned.get()
    }

    /// The hash; computed once.
    #[inline]
    pub fn hash(&self) -> i64 {
        let cached = self.hash.get();
        if cached != 0 {
            return cached;
        }
        let computed = hash_text(self.as_str());
        // The empty text hashes to zero: it is shared by all threads, and nothing is written to it.
        if computed != 0 {
            self.hash.set(computed);
        }
        computed
    }
}

/// The hash of bytes: SipHash-1-3 with the key zero, which is CPython's under `PYTHONHASHSEED=0`.
pub fn hash_bytes(chunks: impl Iterator<Item = impl AsRef<[u8]>>) -> i64 {
    let mut hasher = DefaultHasher::new();
    let mut empty = true;
    for chunk in chunks {
        empty = empty && chunk.as_ref().is_empty();
        hasher.write(chunk.as_ref());
    }
    if empty {
        return 0;
    }
    match hasher.finish() as i64 {
        -1 => -2,
        hash => hash,
    }
}

/// The hash of a text: that of its code points in one, two or four bytes each, whichever holds the
/// largest.
pub fn hash_text(text: &str) -> i64 {
    if text.is_ascii() {
        return hash_bytes(std::iter::once(text.as_bytes()));
    }
    let codes = || text.chars().map(|character| character as u32);
    match codes().max().unwrap_or(0) {
        0..=0xff => hash_bytes(codes().map(|code| [code as u8])),
        0x100..=0xffff => hash_bytes(codes().map(|code| (code as u16).to_le_bytes())),
        _ => hash_bytes(codes().map(u32::to_le_bytes)),
    }
}

/// The text of a `str` or an instance of a subclass.
#[inline]
pub fn text(object: &Object) -> Option<&str> {
    body::<StrBody>(object).map(StrBody::as_str)
}

/// The text of a receiver that a descriptor has checked.
#[inline]
pub(crate) fn own(object: &Object) -> &str {
    text(object).unwrap_or_default()
}

/// Makes a `str`.
pub fn from_str(cx: &Context, text: &str) -> Result<Object> {
    let bytes = cx.fallible(Buffer::copied(cx.heap(), text.as_bytes()))?;
    from_utf8_buffer(cx, bytes)
}

/// Makes a `str` of a part of another one; the empty text and single characters of Latin-1 are
/// shared, as in CPython.
pub(crate) fn piece(cx: &Context, text: &str) -> Result<Object> {
    match text.as_bytes() {
        [] => Ok(cx.names().empty.clone()),
        [_] | [0xc2 | 0xc3, _] => cx.intern(text),
        _ => from_str(cx, text),
    }
}

/// The receiver itself where it is an exact `str`, otherwise a `str` of its text.
pub(crate) fn exact(cx: &Context, object: &Object) -> Result<Object> {
    if cx.is_exactly(object, &STR) {
        Ok(object.clone())
    } else {
        piece(cx, own(object))
    }
}

/// Makes a `str` of bytes that are UTF-8.
pub fn from_utf8_buffer(cx: &Context, bytes: Buffer<u8>) -> Result<Object> {
    new_instance(cx, cx.builtin_ref(&STR), bytes)
}

/// Makes an instance of `str` or a subclass of bytes that are UTF-8.
pub fn new_instance(cx: &Context, of: &Type, bytes: Buffer<u8>) -> Result<Object> {
    if bytes.is_empty() && of.is(cx.builtin_ref(&STR)) {
        return Ok(cx.empty_text());
    }
    let Ok(text) = Utf8::check(bytes) else {
        return Err(cx.system_error(format_args!("text is not UTF-8")));
    };
    let object = cx.instance(of, 0)?;
    if let Some(body) = body::<StrBody>(&object) {
        body.length.set(text.as_str().chars().count());
        let _ = body.bytes.0.set(text);
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
        if text.is_empty() {
            return Some(self.empty_text());
        }
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
