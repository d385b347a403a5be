//! `bytearray`: an array of bytes that can change.
//!
//! Its bytes are never lent out: what looks at them copies them first, since a program may change
//! the array meanwhile. Searching, splitting and the like are the functions of `bytes`, which take
//! either type; here stands what changes the array.

mod change;
mod iterator;
mod slots;

use super::bytes::{make as bytes_make, methods, slots as bytes_slots};
use crate::native::{figures, flags};
use crate::{Buffer, Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Items;
use mortice_gc::trace::Plain;
use std::cell::Cell;

pub use iterator::BYTEARRAY_ITERATOR;

crate::body! {
    /// The body of a bytearray.
    pub struct ByteArrayBody {
        bytes: Plain<Items<u8>>,
        /// Bytes of room that CPython would have; what is shown by `__sizeof__` follows from it.
        room: Cell<usize>,
        /// Views that look at the bytes; the length cannot change while there are some.
        exports: Cell<usize>,
    }
}

/// Bytes that CPython takes for an array's room beside the room: it keeps the data in a `bytes`.
const ROOM_HEAD_BYTES: usize = 33;

/// The body of a bytearray or an instance of a subclass.
#[inline]
pub fn view(object: &Object) -> Option<&ByteArrayBody> {
    body::<ByteArrayBody>(object)
}

impl ByteArrayBody {
    /// Number of bytes.
    pub fn len(&self) -> usize {
        self.bytes.0.len()
    }

    /// Tells whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The byte at a place.
    pub fn at(&self, place: usize) -> Option<u8> {
        self.bytes.0.value(place)
    }

    /// Changes the byte at a place; false where there is none.
    pub fn put(&self, place: usize, byte: u8) -> bool {
        self.bytes.0.exchange(place, byte).is_ok()
    }

    /// A copy of the bytes.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn snapshot(&self, cx: &Context) -> Result<Buffer<u8>> {
        cx.fallible(self.bytes.0.snapshot(cx.heap()))
    }

    /// Counts a view that looks at the bytes.
    pub fn export(&self) {
        self.exports.set(self.exports.get() + 1);
    }

    /// Counts a view less.
    pub fn release(&self) {
        self.exports.set(self.exports.get().saturating_sub(1));
    }

    /// Refuses to change the length while a view looks at the bytes.
    fn check_resizable(&self, cx: &Context) -> Result<()> {
        if self.exports.get() == 0 {
            return Ok(());
        }
        Err(cx.error(
            &builtin::BUFFER_ERROR,
            format_args!("Existing exports of data: object cannot be re-sized"),
        ))
    }

    /// Replaces `count` bytes from `start` on.
    fn splice(&self, cx: &Context, start: usize, count: usize, fresh: &[u8]) -> Result<()> {
        if count != fresh.len() {
            self.check_resizable(cx)?;
        }
        let done = self.bytes.0.with(|bytes| {
            let length = bytes.len() - count + fresh.len();
            if length > bytes.capacity() {
                bytes.reserve(cx.heap(), length - bytes.len())?;
            }
            let kept = count.min(fresh.len());
            bytes[start..start + kept].copy_from_slice(&fresh[..kept]);
            if fresh.len() > count {
                let added = fresh.len() - count;
                bytes.extend_from_slice(cx.heap(), &fresh[kept..])?;
                bytes[start + kept..].rotate_right(added);
            } else {
                bytes[start + kept..].rotate_left(count - kept);
                bytes.truncate(length);
            }
            Ok(())
        });
        cx.fallible(done)?;
        self.resized();
        Ok(())
    }

    /// Keeps CPython's figure of the room up with a new length: an eighth more for a small step
    /// upwards, exactly what is needed for a large one, and less where less than half is used.
    fn resized(&self) {
        let (length, room) = (self.len(), self.room.get());
        let small_step = room + (room >> 3);
        self.room.set(match length {
            0 => 0,
            length if length <= room && length >= room / 2 => room,
            length if length > room && length <= small_step => {
                length + (length >> 3) + if length < 9 { 3 } else { 6 }
            }
            length => length,
        });
    }

    /// Bytes of CPython's room, as `__alloc__` shows it.
    fn allocated_bytes(&self) -> usize {
        match self.room.get() {
            0 => 0,
            room => room + ROOM_HEAD_BYTES,
        }
    }
}

/// Makes a `bytearray` of a buffer.
///
/// # Errors
///
/// MemoryError.
pub fn from_buffer(cx: &Context, bytes: Buffer<u8>) -> Result<Object> {
    let object = cx.instance(cx.builtin_ref(&BYTEARRAY), 0)?;
    if let Some(body) = view(&object) {
        drop(body.bytes.0.replace(bytes));
        body.resized();
    }
    Ok(object)
}

native_type! {
    /// The built-in `bytearray`.
    pub static BYTEARRAY: "bytearray" {
        index: index::BYTEARRAY,
        base: &builtin::OBJECT,
        layout: figures("bytearray", 64, size_of::<ByteArrayBody>()),
        body: ByteArrayBody,
        flags: flags::BASE | flags::MATCH_SELF,
        doc: "A sequence of bytes that can change.",
        slots {
            New => slots::new,
            Init => slots::init,
            Repr => slots::repr,
            Str => slots::repr,
            Lt => bytes_slots::lt,
            Le => bytes_slots::le,
            Eq => bytes_slots::eq,
            Ne => bytes_slots::ne,
            Gt => bytes_slots::gt,
            Ge => bytes_slots::ge,
            Iter => iterator::iter,
            Len => slots::len,
            GetItem => slots::get_item,
            SetItem => slots::set_item,
            DelItem => slots::delete_item,
            Concat => bytes_slots::concat,
            Repeat => bytes_slots::repeat,
            RRepeat => bytes_slots::repeat,
            Contains => bytes_slots::contains,
            IConcat => slots::concat_in_place,
            IRepeat => slots::repeat_in_place,
        },
        methods {
            "__alloc__" => slots::alloc,
            "__reduce__" => slots::reduce,
            "__reduce_ex__" => slots::reduce_ex,
            "__sizeof__" => slots::sizeof,
            "append" => change::append,
            "clear" => change::clear,
            "copy" => change::copy,
            "count" => methods::count,
            "decode" => methods::decode,
            "endswith" => methods::endswith,
            "extend" => change::extend,
            "find" => methods::find,
            class "fromhex" => bytes_make::fromhex,
            "hex" => bytes_make::hex,
            "index" => methods::index,
            "insert" => change::insert,
            "isalnum" => methods::isalnum,
            "isalpha" => methods::isalpha,
            "isascii" => methods::isascii,
            "isdigit" => methods::isdigit,
            "isspace" => methods::isspace,
            "join" => methods::join,
            "lower" => methods::lower,
            "lstrip" => methods::lstrip,
            "partition" => methods::partition,
            "pop" => change::pop,
            "remove" => change::remove,
            "replace" => methods::replace,
            "resize" => change::resize,
            "reverse" => change::reverse,
            "rfind" => methods::rfind,
            "rindex" => methods::rindex,
            "rpartition" => methods::rpartition,
            "rstrip" => methods::rstrip,
            "split" => methods::split,
            "startswith" => methods::startswith,
            "strip" => methods::strip,
            "take_bytes" => change::take_bytes,
            "upper" => methods::upper,
        },
        getsets {},
    }
}
