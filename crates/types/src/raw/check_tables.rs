//! Whether tables of native types agree with themselves.
//!
//! A [`NativeType`] is plain data that any crate may write. Before the first type object is made of
//! a table, everything is checked that memory safety needs of it; the macro that writes most of
//! them checks the same figures when it is compiled.

use super::TypeBody;
use super::body::section_offset;
use super::storage::MAX_STATIC_TYPES;
use super::tuple::TupleBody;
use crate::builtin;
use crate::native::{NativeType, flags};
use mortice_gc::Slot;
use mortice_gc::header::HEADER_BYTES;

/// Asserts that the tables can be installed.
pub(super) fn check(tables: &[&[&'static NativeType]]) {
    let own = tables.first().copied().unwrap_or_default();
    let all = || tables.iter().copied().flatten().copied();
    let same = builtin::TYPES.len() <= own.len()
        && builtin::TYPES
            .iter()
            .zip(own)
            .all(|(wanted, given)| std::ptr::eq(*wanted, *given));
    assert!(same, "the first table is the one of the built-in types");
    for (place, native) in all().enumerate() {
        check_one(native, &mut all().take(place));
    }
}

fn check_one(native: &'static NativeType, before: &mut dyn Iterator<Item = &'static NativeType>) {
    let name = native.name;
    assert!(
        native.index < MAX_STATIC_TYPES,
        "{name}: type index {} exceeds the storage of {MAX_STATIC_TYPES}",
        native.index
    );
    let mut bases_missing = native.base.iter().chain(&native.also).count();
    for other in before {
        assert!(
            other.index != native.index,
            "{name}: {} has the index {} already",
            other.name,
            native.index
        );
        let is_other = |base: &&&'static NativeType| std::ptr::eq(**base, other);
        bases_missing -= native
            .base
            .iter()
            .chain(&native.also)
            .filter(is_other)
            .count();
    }
    assert!(
        bases_missing == 0,
        "{name}: its bases stand before the type"
    );
    let start = section_offset(native);
    let bytes = native.body.as_ref().map_or(0, |body| body.bytes);
    let align = native.body.as_ref().map_or(1, |body| body.align);
    assert!(
        native.layout.body_bytes == bytes && native.layout.fits(start + HEADER_BYTES),
        "{name}: a body of {bytes} bytes does not fit its layout"
    );
    assert!(
        start.is_multiple_of(align),
        "{name}: a body at offset {start} is not aligned to {align} bytes"
    );
    let kinship = kinship(native);
    assert!(
        kinship & flags::TYPE == 0 || begins_with::<TypeBody>(native),
        "{name}: instances are no type objects"
    );
    assert!(
        kinship & flags::TUPLE == 0 || holds_objects(native),
        "{name}: instances do not hold items as tuples do"
    );
}

/// The flags of a type and its bases.
fn kinship(native: &'static NativeType) -> u64 {
    let mut found = 0;
    let mut at = Some(native);
    while let Some(class) = at {
        found |= class.flags;
        at = class.base;
    }
    found & flags::KINSHIP
}

/// Tells whether instances of a type begin with a section of type `T`.
pub(super) fn begins_with<T: 'static>(native: &'static NativeType) -> bool {
    let mut at = Some(native);
    while let Some(class) = at {
        if section_offset(class) == 0 && class.body.as_ref().is_some_and(|body| body.is_of::<T>()) {
            return true;
        }
        at = class.base;
    }
    false
}

/// Tells whether the items of instances lie directly behind a tuple's body, and nothing else does.
fn holds_objects(native: &'static NativeType) -> bool {
    let behind = HEADER_BYTES + size_of::<TupleBody>();
    let items = native
        .layout
        .items
        .is_some_and(|items| items.offset == behind && items.size == size_of::<Slot>());
    begins_with::<TupleBody>(native) && items && native.layout.basicsize == behind
}
