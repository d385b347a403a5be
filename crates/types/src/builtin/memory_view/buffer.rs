//! The managed buffer that the views of one buffer share.

use super::{alike, parts, view};
use crate::builtin::{self, bytearray, bytes};
use crate::native::{figures, flags};
use crate::{Args, Buffer, Context, Object, Result, body, index, native_type, text};
use mortice_gc::Slot;

crate::body! {
    /// The body of a managed buffer.
    pub struct ManagedBufferBody {
        /// The `bytes` or `bytearray` that holds the bytes.
        source: Slot,
        /// What lent them, as `memoryview.obj` shows it.
        object: Slot,
    }
}

crate::body! {
    /// The body of what stands for an object of a program's class that lent its bytes.
    pub struct WrapperBody {
        object: Slot,
        /// The view that the object's `__buffer__` answered with.
        answer: Slot,
    }
}

/// First byte, step and number of bytes.
type Shape = (isize, isize, usize);

/// What CPython asks a `__buffer__` method for: everything, and reading will do.
const FULL_READ_ONLY: i64 = 0x11c;

pub(super) fn object_of(buffer: &Object) -> Option<Object> {
    body::<ManagedBufferBody>(buffer)?.object.get()
}

pub(super) fn read(buffer: &Object, place: usize) -> Option<u8> {
    let source = body::<ManagedBufferBody>(buffer)?.source.get()?;
    match bytearray::view(&source) {
        Some(array) => array.at(place),
        None => bytes::view(&source)?.get(place).copied(),
    }
}

pub(super) fn write(buffer: &Object, place: usize, byte: u8) {
    let source = body::<ManagedBufferBody>(buffer).and_then(|body| body.source.get());
    if let Some(array) = source.as_ref().and_then(bytearray::view) {
        array.put(place, byte);
    }
}

fn make(cx: &Context, source: Object, object: &Object) -> Result<Object> {
    let made = cx.instance(cx.builtin_ref(&MANAGED_BUFFER), 0)?;
    if let Some(body) = body::<ManagedBufferBody>(&made) {
        // Counted here and nowhere else, so that the finalizer's count matches.
        if let Some(array) = bytearray::view(&source) {
            array.export();
        }
        body.source.set(source);
        body.object.set(object.clone());
    }
    Ok(made)
}

/// A managed buffer of an object's bytes, their shape, and whether they are read-only; `None` for
/// an object without.
pub(super) fn lend(cx: &Context, object: &Object) -> Result<Option<(Object, Shape, bool)>> {
    if let Some(held) = bytes::view(object) {
        let shape = (0, 1, held.len());
        return Ok(Some((make(cx, object.clone(), object)?, shape, true)));
    }
    if let Some(array) = bytearray::view(object) {
        let shape = (0, 1, array.len());
        let made = make(cx, object.clone(), object)?;
        return Ok(Some((made, shape, false)));
    }
    let Some(answer) = ask(cx, object)? else {
        return Ok(None);
    };
    // A view of one's own, so that releasing the answer early changes nothing here.
    let own = alike(cx, &answer, false)?;
    let (body, inner) = parts(cx, &own)?;
    let shape = (body.start.get(), body.step.get(), body.length.get());
    let source = self::body::<ManagedBufferBody>(&inner).and_then(|body| body.source.get());
    let Some(source) = source else {
        return Ok(None);
    };
    let wrapper = cx.instance(cx.builtin_ref(&BUFFER_WRAPPER), 0)?;
    if let Some(body) = self::body::<WrapperBody>(&wrapper) {
        body.object.set(object.clone());
        body.answer.set(answer);
    }
    let made = make(cx, source, &wrapper)?;
    Ok(Some((made, shape, body.read_only.get())))
}

/// What `__buffer__` of a program's class answers.
fn ask(cx: &Context, object: &Object) -> Result<Option<Object>> {
    let flags = cx.int(FULL_READ_ONLY)?;
    let name = cx.intern("__buffer__")?;
    let Some(answer) = cx.call_special(object, &name, &[flags.borrow()])? else {
        return Ok(None);
    };
    if view(&answer).is_none() {
        return Err(cx.wrong_result(object, "__buffer__", "a memoryview", &answer));
    }
    Ok(Some(answer))
}

/// A copy of the bytes that a view shows, or that a program's class lends; `None` for other objects.
///
/// # Errors
///
/// ValueError for a released view, and what `__buffer__` raises.
pub fn held_by(cx: &Context, object: &Object) -> Result<Option<Buffer<u8>>> {
    if view(object).is_some() {
        return super::copied(cx, object).map(Some);
    }
    // Only classes of a program lend by a method.
    if cx.type_of(object).is_static() {
        return Ok(None);
    }
    match lend(cx, object)? {
        Some((buffer, shape, read_only)) => {
            let lent = super::make(cx, buffer, shape, read_only)?;
            super::copied(cx, &lent).map(Some)
        }
        None => Ok(None),
    }
}

/// The last view is released: lets the object go.
fn finalize(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<ManagedBufferBody>(&this) else {
        return Ok(cx.none());
    };
    if let Some(array) = body.source.take().as_ref().and_then(bytearray::view) {
        array.release();
    }
    let wrapper = body.object.take();
    let parts = wrapper
        .as_ref()
        .and_then(self::body::<WrapperBody>)
        .and_then(|wrapper| Some((wrapper.object.take()?, wrapper.answer.take()?)));
    let Some((object, answer)) = parts else {
        return Ok(cx.none());
    };
    let name = cx.intern("__release_buffer__")?;
    if let Err(raised) = cx.call_special(&object, &name, &[answer.borrow()]) {
        let doing = cx.format(format_args!(
            "Exception ignored in __release_buffer__ of {}",
            cx.type_name(&object)
        ))?;
        cx.report_unraisable(raised, text(&doing).unwrap_or_default(), None);
    }
    Ok(cx.none())
}

native_type! {
    /// The type of managed buffers, which no program sees.
    pub static MANAGED_BUFFER: "managedbuffer" {
        index: index::MANAGED_BUFFER,
        base: &builtin::OBJECT,
        layout: figures("managedbuffer", 136, size_of::<ManagedBufferBody>()),
        body: ManagedBufferBody,
        flags: flags::COLLECTED,
        slots { Del => finalize, },
        methods {},
        getsets {},
    }
}

native_type! {
    /// The type of what `memoryview.obj` shows for an object that lends by a method.
    pub static BUFFER_WRAPPER: "_buffer_wrapper" {
        index: index::BUFFER_WRAPPER,
        base: &builtin::OBJECT,
        layout: figures("_buffer_wrapper", 32, size_of::<WrapperBody>()),
        body: WrapperBody,
        flags: flags::COLLECTED,
        slots {},
        methods {},
        getsets {},
    }
}
