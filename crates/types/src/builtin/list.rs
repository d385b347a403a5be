//! `list`.

use crate::native::{figures, flags};
use crate::{Buffer, Context, Object, Result, body, builtin, index, native_type, tuple_items};
use mortice_gc::Items;

crate::body! {
    /// The body of a list.
    pub struct ListBody {
        /// The items.
        pub items: Items<Object>,
    }
}

/// The body of a list or an instance of a subclass.
#[inline]
pub fn view(object: &Object) -> Option<&ListBody> {
    body::<ListBody>(object)
}

/// Makes a list of these items.
///
/// # Errors
///
/// MemoryError.
pub fn from_buffer(cx: &Context, items: Buffer<Object>) -> Result<Object> {
    let list = cx.instance(cx.builtin_ref(&LIST), 0)?;
    if let Some(body) = view(&list) {
        drop(body.items.replace(items));
    }
    Ok(list)
}

/// Makes a list of copies of these handles.
///
/// # Errors
///
/// MemoryError.
pub fn from_slice(cx: &Context, items: &[Object]) -> Result<Object> {
    from_buffer(cx, cx.fallible(Buffer::copied(cx.heap(), items))?)
}

/// The items of a list or tuple at this moment.
///
/// # Errors
///
/// MemoryError; TypeError for anything else.
pub fn sequence_snapshot(cx: &Context, object: &Object) -> Result<Buffer<Object>> {
    if let Some(items) = tuple_items(object) {
        return cx.fallible(Buffer::copied(cx.heap(), items));
    }
    match view(object) {
        Some(body) => cx.fallible(body.items.snapshot(cx.heap())),
        None => Err(cx.type_error(format_args!("expected a list or a tuple"))),
    }
}

native_type! {
    /// The built-in `list`.
    pub static LIST: "list" {
        index: index::LIST,
        base: &builtin::OBJECT,
        layout: figures("list", 40, size_of::<ListBody>()),
        body: ListBody,
        flags: flags::BASE | flags::COLLECTED | flags::SEQUENCE | flags::LIST | flags::MATCH_SELF,
        slots {},
        methods {},
        getsets {},
    }
}
