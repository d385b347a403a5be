//! `tuple`; its storage is in `raw`.

use crate::layout::{Items, Native, Storage};
use crate::native::flags;
use crate::raw::TupleBody;
use crate::{Context, Object, Result, builtin, index, native_type};

/// Makes a tuple of copies of these handles.
///
/// # Errors
///
/// MemoryError.
pub fn from_slice(cx: &Context, items: &[Object]) -> Result<Object> {
    cx.tuple_of(cx.builtin_ref(&TUPLE), items.len(), items.iter().cloned())
}

const LAYOUT: Native = Native {
    name: "tuple",
    basicsize: 32,
    itemsize: 8,
    dictoffset: 0,
    weaklistoffset: 0,
    body_bytes: size_of::<TupleBody>(),
    dict: Storage::None,
    weakref: Storage::None,
    items: Some(Items {
        offset: 32,
        size: 8,
    }),
    slots_after_items: true,
};

native_type! {
    /// The built-in `tuple`.
    pub static TUPLE: "tuple" {
        index: index::TUPLE,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: TupleBody,
        flags: flags::BASE | flags::COLLECTED | flags::SEQUENCE | flags::TUPLE | flags::MATCH_SELF,
        slots {},
        methods {},
        getsets {},
    }
}
