//! `memoryview`: looks at the bytes of another object, and writes them where it may.
//!
//! Views are of one dimension and of single bytes. All views of one buffer share a *managed buffer*,
//! which holds the object; when the last of them is released, its finalizer lets the object go. A
//! class of a program lends its bytes through `__buffer__`, which answers with a view, and learns
//! from `__release_buffer__` when they are not looked at any more.

mod buffer;

use crate::builtin::bytes::{self, contents};
use crate::builtin::string::hash_bytes;
use crate::builtin::{self, sequence, slice};
use crate::layout::{Native, Storage};
use crate::native::{figures, flags};
use crate::{Args, Buffer, Context, Object, Result, SlotId, body, index, native_type};
use mortice_gc::Slot;
use std::cell::Cell;

pub use buffer::{BUFFER_WRAPPER, MANAGED_BUFFER, held_by};
use buffer::{lend, read, write};

crate::body! {
    /// The body of a view. Which bytes of the buffer it shows: `length` of them from `start` on,
    /// `step` apart.
    pub struct MemoryViewBody {
        /// The managed buffer; empty once the view is released.
        buffer: Slot,
        start: Cell<isize>,
        step: Cell<isize>,
        length: Cell<usize>,
        read_only: Cell<bool>,
    }
}

crate::body! {
    /// The body of an iterator over a view, which is let go when it ends.
    pub struct MemoryIteratorBody {
        view: Slot,
        next: Cell<usize>,
    }
}

fn view(object: &Object) -> Option<&MemoryViewBody> {
    body::<MemoryViewBody>(object)
}

fn view_of<'a>(cx: &Context, this: &'a Object) -> Result<&'a MemoryViewBody> {
    view(this).ok_or_else(|| cx.type_error(format_args!("a memoryview is required")))
}

/// The body and the managed buffer of a view that is not released.
fn parts<'a>(cx: &Context, this: &'a Object) -> Result<(&'a MemoryViewBody, Object)> {
    let body = view_of(cx, this)?;
    match body.buffer.get() {
        Some(buffer) => Ok((body, buffer)),
        None => Err(cx.value_error(format_args!(
            "operation forbidden on released memoryview object"
        ))),
    }
}

/// Makes a view of a part of a buffer.
fn make(
    cx: &Context,
    buffer: Object,
    (start, step, length): (isize, isize, usize),
    read_only: bool,
) -> Result<Object> {
    let made = cx.instance(cx.builtin_ref(&MEMORYVIEW), 0)?;
    if let Some(body) = view(&made) {
        body.buffer.set(buffer);
        body.start.set(start);
        body.step.set(step);
        body.length.set(length);
        body.read_only.set(read_only);
    }
    Ok(made)
}

/// A view like another one.
fn alike(cx: &Context, this: &Object, read_only: bool) -> Result<Object> {
    let (body, buffer) = parts(cx, this)?;
    let shape = (body.start.get(), body.step.get(), body.length.get());
    make(cx, buffer, shape, read_only || body.read_only.get())
}

/// A view of any object that holds or lends bytes.
///
/// # Errors
///
/// TypeError for an object without; what `__buffer__` raises.
pub fn new_view(cx: &Context, object: &Object) -> Result<Object> {
    if view(object).is_some() {
        return alike(cx, object, false);
    }
    match lend(cx, object)? {
        Some((buffer, shape, read_only)) => make(cx, buffer, shape, read_only),
        None => Err(cx.type_error(format_args!(
            "memoryview: a bytes-like object is required, not '{}'",
            cx.type_name(object)
        ))),
    }
}

fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    match args.rest().bind(cx, "memoryview", ["object"], 1)? {
        [Some(object)] => new_view(cx, &object),
        [None] => Err(cx.system_error(format_args!("a required argument is missing"))),
    }
}

/// Where in the buffer the `index`-th byte of a view lies.
fn place_of(body: &MemoryViewBody, index: usize) -> usize {
    (body.start.get() + index as isize * body.step.get()) as usize
}

/// A copy of the bytes that a view shows.
fn copied(cx: &Context, this: &Object) -> Result<Buffer<u8>> {
    let (body, buffer) = parts(cx, this)?;
    let mut out = cx.fallible(Buffer::with_capacity(cx.heap(), body.length.get()))?;
    for index in 0..body.length.get() {
        // A buffer that its owner let go too early may have become shorter.
        let byte = read(&buffer, place_of(body, index)).unwrap_or(0);
        cx.fallible(out.push(cx.heap(), byte))?;
    }
    Ok(out)
}

fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let released = if view_of(cx, &this)?.buffer.is_some() {
        ""
    } else {
        "released "
    };
    cx.format(format_args!("<{released}memory at {:#x}>", this.address()))
}

fn hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    if !parts(cx, &this)?.0.read_only.get() {
        return Err(cx.value_error(format_args!("cannot hash writable memoryview object")));
    }
    let bytes = copied(cx, &this)?;
    cx.int(hash_bytes(std::iter::once(&bytes[..])))
}

/// Views compare by what they show; a released one equals only itself.
fn equals(cx: &Context, args: Args<'_>) -> Result<Option<bool>> {
    let (this, Some(other)) = (args.receiver(), args.get(1)) else {
        return Ok(None);
    };
    if this.is(&other) {
        return Ok(Some(true));
    }
    let is_released = |object: &Object| view(object).is_some_and(|body| !body.buffer.is_some());
    if is_released(&this) || is_released(&other) {
        return Ok(Some(false));
    }
    match contents(cx, &other)? {
        Some(theirs) => Ok(Some(copied(cx, &this)?[..] == theirs[..])),
        None => Ok(None),
    }
}

fn eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    let answer = equals(cx, args)?;
    Ok(answer.map_or_else(|| cx.not_implemented(), |equal| cx.bool(equal)))
}

fn ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    let answer = equals(cx, args)?;
    Ok(answer.map_or_else(|| cx.not_implemented(), |equal| cx.bool(!equal)))
}

fn len(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    cx.int(parts(cx, &this)?.0.length.get() as i64)
}

/// What a subscript selects: a place, or positions.
enum Selected {
    Byte(usize),
    Part(slice::Adjusted),
}

fn select(cx: &Context, body: &MemoryViewBody, key: &Object) -> Result<Selected> {
    match sequence::subscript(cx, key)? {
        sequence::Subscript::Index(index) => match sequence::place(index, body.length.get()) {
            Some(index) => Ok(Selected::Byte(place_of(body, index))),
            None => Err(cx.index_error(format_args!("index out of bounds on dimension 1"))),
        },
        sequence::Subscript::Slice => {
            let parts = slice::unpack(cx, key)?;
            Ok(Selected::Part(slice::fit(parts, body.length.get())))
        }
        sequence::Subscript::Other => {
            Err(cx.type_error(format_args!("memoryview: invalid slice key")))
        }
    }
}

fn get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__getitem__")?;
    let (body, buffer) = parts(cx, &this)?;
    match select(cx, body, &key)? {
        Selected::Byte(place) => cx.int(i64::from(read(&buffer, place).unwrap_or(0))),
        Selected::Part(part) => {
            let start = body.start.get() + part.start * body.step.get();
            let shape = (start, body.step.get() * part.step, part.count);
            make(cx, buffer, shape, body.read_only.get())
        }
    }
}

fn iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    parts(cx, &this)?;
    let iterator = cx.instance(cx.builtin_ref(&MEMORY_ITERATOR), 0)?;
    if let Some(body) = body::<MemoryIteratorBody>(&iterator) {
        body.view.set((*this).clone());
    }
    Ok(iterator)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(iterator) = body::<MemoryIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let Some(shown) = iterator.view.get() else {
        return Ok(cx.exhausted());
    };
    let (body, buffer) = parts(cx, &shown)?;
    let index = iterator.next.get();
    if index >= body.length.get() {
        drop(iterator.view.take());
        return Ok(cx.exhausted());
    }
    iterator.next.set(index + 1);
    cx.int(i64::from(read(&buffer, place_of(body, index)).unwrap_or(0)))
}

fn check_writable(cx: &Context, body: &MemoryViewBody) -> Result<()> {
    if body.read_only.get() {
        return Err(cx.type_error(format_args!("cannot modify read-only memory")));
    }
    Ok(())
}

fn set_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key, value] = args.exactly::<3>(cx, "__setitem__")?;
    let (body, buffer) = parts(cx, &this)?;
    check_writable(cx, body)?;
    match select(cx, body, &key)? {
        Selected::Byte(place) => {
            if !value.is_small() && cx.slot_of(&value, SlotId::Index).is_none() {
                return Err(cx.type_error(format_args!("memoryview: invalid type for format 'B'")));
            }
            let words = "memoryview: invalid value for format 'B'";
            let byte = bytes::slots::one_byte(cx, &value, words)?;
            // The conversion may have run code that released the view.
            parts(cx, &this)?;
            write(&buffer, place, byte);
        }
        Selected::Part(part) => {
            let Some(fresh) = contents(cx, &value)? else {
                return Err(cx.type_error(format_args!(
                    "a bytes-like object is required, not '{}'",
                    cx.type_name(&value)
                )));
            };
            if fresh.len() != part.count {
                return Err(cx.value_error(format_args!(
                    "memoryview assignment: lvalue and rvalue have different structures"
                )));
            }
            for (index, byte) in part.positions().zip(&fresh[..]) {
                write(&buffer, place_of(body, index), *byte);
            }
        }
    }
    Ok(cx.none())
}

fn delete_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, _] = args.exactly::<2>(cx, "__delitem__")?;
    check_writable(cx, parts(cx, &this)?.0)?;
    Err(cx.type_error(format_args!("cannot delete memory")))
}

fn release(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "memoryview", "release", 0, 0)?;
    drop(view_of(cx, &this)?.buffer.take());
    Ok(cx.none())
}

fn enter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "memoryview", "__enter__", 0, 0)?;
    parts(cx, &this)?;
    Ok((*this).clone())
}

fn exit(cx: &Context, args: Args<'_>) -> Result<Object> {
    drop(view_of(cx, &args.receiver())?.buffer.take());
    Ok(cx.none())
}

fn tobytes(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().bind(cx, "tobytes", ["order"], 0)?;
    bytes::from_buffer(cx, copied(cx, &this)?)
}

fn tolist(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "memoryview", "tolist", 0, 0)?;
    let mut items = Buffer::new();
    for byte in copied(cx, &this)?.iter() {
        cx.fallible(items.push(cx.heap(), cx.int(i64::from(*byte))?))?;
    }
    builtin::list::from_buffer(cx, items)
}

fn hex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let all = bytes::from_buffer(cx, copied(cx, &args.receiver())?)?;
    cx.with_receiver(args, all.borrow(), bytes::make::hex)
}

fn toreadonly(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "memoryview", "toreadonly", 0, 0)?;
    alike(cx, &this, true)
}

fn obj(cx: &Context, object: &Object) -> Result<Object> {
    let (_, buffer) = parts(cx, object)?;
    Ok(buffer::object_of(&buffer).unwrap_or_else(|| cx.none()))
}

fn nbytes(cx: &Context, object: &Object) -> Result<Object> {
    cx.int(parts(cx, object)?.0.length.get() as i64)
}

fn read_only(cx: &Context, object: &Object) -> Result<Object> {
    Ok(cx.bool(parts(cx, object)?.0.read_only.get()))
}

fn one(cx: &Context, object: &Object) -> Result<Object> {
    parts(cx, object)?;
    cx.int(1)
}

fn format(cx: &Context, object: &Object) -> Result<Object> {
    parts(cx, object)?;
    cx.intern("B")
}

fn shape(cx: &Context, object: &Object) -> Result<Object> {
    builtin::tuple::from_slice(cx, &[nbytes(cx, object)?])
}

fn strides(cx: &Context, object: &Object) -> Result<Object> {
    let step = cx.int(parts(cx, object)?.0.step.get() as i64)?;
    builtin::tuple::from_slice(cx, &[step])
}

fn suboffsets(cx: &Context, object: &Object) -> Result<Object> {
    parts(cx, object)?;
    Ok(cx.empty_tuple())
}

fn contiguous(cx: &Context, object: &Object) -> Result<Object> {
    let (body, _) = parts(cx, object)?;
    Ok(cx.bool(body.step.get() == 1 || body.length.get() <= 1))
}

const LAYOUT: Native = Native {
    itemsize: 8,
    weaklistoffset: 136,
    weakref: Storage::Managed,
    ..figures("memoryview", 144, size_of::<MemoryViewBody>())
};

native_type! {
    /// The built-in `memoryview`.
    pub static MEMORYVIEW: "memoryview" {
        index: index::MEMORYVIEW,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: MemoryViewBody,
        flags: flags::COLLECTED | flags::SEQUENCE,
        doc: "A view of the bytes of another object.",
        slots {
            New => new,
            Repr => repr,
            Hash => hash,
            Eq => eq,
            Ne => ne,
            Iter => iter,
            Len => len,
            GetItem => get_item,
            SetItem => set_item,
            DelItem => delete_item,
        },
        methods {
            "release" => release,
            "tobytes" => tobytes,
            "hex" => hex,
            "tolist" => tolist,
            "toreadonly" => toreadonly,
            "__enter__" => enter,
            "__exit__" => exit,
        },
        getsets {
            "obj" => obj;
            "nbytes" => nbytes;
            "readonly" => read_only;
            "itemsize" => one;
            "format" => format;
            "ndim" => one;
            "shape" => shape;
            "strides" => strides;
            "suboffsets" => suboffsets;
            "c_contiguous" => contiguous;
            "f_contiguous" => contiguous;
            "contiguous" => contiguous;
        },
    }
}

native_type! {
    /// The type of iterators over views.
    pub static MEMORY_ITERATOR: "memory_iterator" {
        index: index::MEMORY_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("memory_iterator", 48, size_of::<MemoryIteratorBody>()),
        body: MemoryIteratorBody,
        flags: flags::COLLECTED,
        slots { Iter => builtin::iterator::iter_self, Next => next, },
        methods {},
        getsets {},
    }
}
