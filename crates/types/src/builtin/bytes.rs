//! `bytes`: an immutable array of bytes.

pub(super) mod make;
pub(super) mod methods;
pub(super) mod slots;

use crate::builtin::{bytearray, memory_view};
use crate::layout::Native;
use crate::native::{figures, flags};
use crate::{Buffer, Context, Object, Result, Type, body, builtin, index, native_type};
use mortice_gc::trace::Plain;
use mortice_gc::{Frozen, Slot};
use std::cell::{Cell, OnceCell};

crate::body! {
    /// The body of a bytes object. Bytes are set once and stay.
    pub struct BytesBody {
        bytes: Plain<OnceCell<Frozen<u8>>>,
    }
}

crate::body! {
    /// The body of an iterator over bytes. Empty once it is exhausted.
    pub struct BytesIteratorBody {
        bytes: Slot,
        next: Cell<usize>,
    }
}

/// The bytes of a `bytes` object or an instance of a subclass.
#[inline]
pub fn view(object: &Object) -> Option<&[u8]> {
    let body = body::<BytesBody>(object)?;
    Some(body.bytes.0.get().map_or(&[][..], |bytes| bytes))
}

/// The bytes of a `bytes` receiver that a descriptor has checked.
fn own_bytes(object: &Object) -> &[u8] {
    view(object).unwrap_or_default()
}

/// What an object holds: lent where it cannot change, otherwise copied, for a program may change
/// it while the bytes are looked at.
#[derive(Debug)]
pub enum Contents<'a> {
    /// The bytes of a `bytes`.
    Lent(&'a [u8]),
    /// A copy of what a `bytearray` held, or another object lent.
    Copied(Buffer<u8>),
}

impl std::ops::Deref for Contents<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Contents::Lent(bytes) => bytes,
            Contents::Copied(bytes) => bytes,
        }
    }
}

/// The bytes of anything that holds bytes; `None` for other objects.
///
/// # Errors
///
/// MemoryError.
pub fn contents<'a>(cx: &Context, object: &'a Object) -> Result<Option<Contents<'a>>> {
    if let Some(bytes) = view(object) {
        return Ok(Some(Contents::Lent(bytes)));
    }
    if let Some(body) = bytearray::view(object) {
        return Ok(Some(Contents::Copied(body.snapshot(cx)?)));
    }
    Ok(memory_view::held_by(cx, object)?.map(Contents::Copied))
}

/// The bytes of a receiver that a descriptor has checked, of either type.
fn own<'a>(cx: &Context, object: &'a Object) -> Result<Contents<'a>> {
    Ok(contents(cx, object)?.unwrap_or(Contents::Lent(&[])))
}

/// A copy of the bytes of anything that holds bytes; `None` for other objects.
///
/// # Errors
///
/// MemoryError.
pub fn snapshot(cx: &Context, object: &Object) -> Result<Option<Buffer<u8>>> {
    match contents(cx, object)? {
        Some(Contents::Lent(bytes)) => Ok(Some(cx.fallible(Buffer::copied(cx.heap(), bytes))?)),
        Some(Contents::Copied(bytes)) => Ok(Some(bytes)),
        None => Ok(None),
    }
}

/// The name of the receiver's type, `bytes` or `bytearray`, for messages.
fn kind(object: &Object) -> &'static str {
    if view(object).is_some() {
        "bytes"
    } else {
        "bytearray"
    }
}

/// Makes a `bytes` or a `bytearray`, whichever the receiver is.
fn like(cx: &Context, this: &Object, bytes: &[u8]) -> Result<Object> {
    like_buffer(cx, this, cx.fallible(Buffer::copied(cx.heap(), bytes))?)
}

/// As [`like`], of a buffer.
fn like_buffer(cx: &Context, this: &Object, bytes: Buffer<u8>) -> Result<Object> {
    if view(this).is_some() {
        from_buffer(cx, bytes)
    } else {
        bytearray::from_buffer(cx, bytes)
    }
}

/// Makes a `bytes` of these bytes.
///
/// # Errors
///
/// MemoryError.
pub fn from_slice(cx: &Context, bytes: &[u8]) -> Result<Object> {
    from_buffer(cx, cx.fallible(Buffer::copied(cx.heap(), bytes))?)
}

/// Makes a `bytes` of a buffer.
///
/// # Errors
///
/// MemoryError.
pub fn from_buffer(cx: &Context, bytes: Buffer<u8>) -> Result<Object> {
    new_instance(cx, cx.builtin_ref(&BYTES), bytes)
}

/// Makes an instance of `bytes` or a subclass.
///
/// # Errors
///
/// MemoryError.
pub fn new_instance(cx: &Context, of: &Type, bytes: Buffer<u8>) -> Result<Object> {
    if bytes.is_empty() && of.is(cx.builtin_ref(&BYTES)) {
        return Ok(cx.empty_bytes());
    }
    let object = cx.instance(of, 0)?;
    if let Some(body) = body::<BytesBody>(&object) {
        let _ = body.bytes.0.set(Frozen::of(bytes));
    }
    Ok(object)
}

/// The receiver itself where it is an exact `bytes`, otherwise a copy of its kind.
fn exact(cx: &Context, object: &Object) -> Result<Object> {
    if cx.is_exactly(object, &BYTES) {
        Ok(object.clone())
    } else {
        like(cx, object, &own(cx, object)?)
    }
}

/// Bytes `count` times.
///
/// # Errors
///
/// MemoryError.
pub(crate) fn repeated(cx: &Context, bytes: &[u8], count: usize) -> Result<Buffer<u8>> {
    let Some(all) = bytes.len().checked_mul(count) else {
        return Err(cx.out_of_memory());
    };
    let mut out = cx.fallible(Buffer::with_capacity(cx.heap(), all))?;
    for _ in 0..count {
        cx.fallible(out.extend_from_slice(cx.heap(), bytes))?;
    }
    Ok(out)
}

native_type! {
    /// The built-in `bytes`.
    pub static BYTES: "bytes" {
        index: index::BYTES,
        base: &builtin::OBJECT,
        layout: Native { itemsize: 1, ..figures("bytes", 33, size_of::<BytesBody>()) },
        body: BytesBody,
        flags: flags::BASE | flags::BYTES | flags::MATCH_SELF,
        doc: "An immutable sequence of bytes.",
        slots {
            New => make::new,
            Repr => slots::repr,
            Str => slots::repr,
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
            Iter => slots::iter,
            Concat => slots::concat,
            Repeat => slots::repeat,
            RRepeat => slots::repeat,
        },
        methods {
            "decode" => methods::decode,
            "join" => methods::join,
            "split" => methods::split,
            "partition" => methods::partition,
            "rpartition" => methods::rpartition,
            "startswith" => methods::startswith,
            "endswith" => methods::endswith,
            "find" => methods::find,
            "rfind" => methods::rfind,
            "index" => methods::index,
            "rindex" => methods::rindex,
            "count" => methods::count,
            "replace" => methods::replace,
            "strip" => methods::strip,
            "lstrip" => methods::lstrip,
            "rstrip" => methods::rstrip,
            "upper" => methods::upper,
            "lower" => methods::lower,
            "isascii" => methods::isascii,
            "isdigit" => methods::isdigit,
            "isalpha" => methods::isalpha,
            "isalnum" => methods::isalnum,
            "isspace" => methods::isspace,
            "hex" => make::hex,
            class "fromhex" => make::fromhex,
            "__bytes__" => slots::bytes_method,
            "__getnewargs__" => slots::getnewargs,
            "__sizeof__" => slots::sizeof,
        },
        getsets {},
    }
}

native_type! {
    /// The type of iterators over bytes.
    pub static BYTES_ITERATOR: "bytes_iterator" {
        index: index::BYTES_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("bytes_iterator", 32, size_of::<BytesIteratorBody>()),
        body: BytesIteratorBody,
        flags: flags::COLLECTED,
        slots { Iter => builtin::iterator::iter_self, Next => slots::next, },
        methods { "__length_hint__" => slots::length_hint, },
        getsets {},
    }
}
