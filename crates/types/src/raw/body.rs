//! Sections of an instance: the Rust values behind the header.
//!
//! Every native type in an instance's chain of bases has one section, at the offset where its
//! base's basicsize ends. A section is a Rust value that knows how to start empty, to report its
//! references and to drop.

use super::type_body::TypeBody;
use crate::native::NativeType;
use mortice_gc::{Object, Trace, Visitor};
use std::any::TypeId;

/// The functions of a body type, erased.
#[derive(Clone, Copy, Debug)]
pub struct BodyTable {
    identity: fn() -> TypeId,
    /// Bytes of the section.
    pub(crate) bytes: usize,
    /// What the section's offset is a multiple of.
    pub(crate) align: usize,
    pub(crate) start: unsafe fn(*mut u8),
    pub(crate) drop: unsafe fn(*mut u8),
    pub(crate) traverse: unsafe fn(*const u8, &mut Visitor<'_>),
    pub(crate) clear: unsafe fn(*const u8),
}

impl BodyTable {
    /// The functions of `T`.
    pub const fn of<T: Trace + Default + 'static>() -> BodyTable {
        const { assert!(align_of::<T>() <= 16) };
        BodyTable {
            identity: TypeId::of::<T>,
            bytes: size_of::<T>(),
            align: align_of::<T>(),
            start: start::<T>,
            drop: drop_body::<T>,
            traverse: traverse::<T>,
            clear: clear::<T>,
        }
    }
}

impl BodyTable {
    /// Tells whether these are the functions of `T`.
    pub(crate) fn is_of<T: 'static>(&self) -> bool {
        (self.identity)() == TypeId::of::<T>()
    }
}

/// # Safety
///
/// - `place` has room for a `T` and is aligned for it.
unsafe fn start<T: Default>(place: *mut u8) {
    // SAFETY: section-in-place: the layout gives each section its room.
    unsafe { place.cast::<T>().write(T::default()) }
}

/// # Safety
///
/// - `place` holds a `T` that nobody uses any more.
unsafe fn drop_body<T>(place: *mut u8) {
    // SAFETY: section-in-place: the section was started and is dropped once.
    unsafe { place.cast::<T>().drop_in_place() }
}

/// # Safety
///
/// - `place` holds a `T`.
unsafe fn traverse<T: Trace>(place: *const u8, visitor: &mut Visitor<'_>) {
    // SAFETY: section-in-place.
    unsafe { &*place.cast::<T>() }.traverse(visitor);
}

/// # Safety
///
/// - `place` holds a `T`.
unsafe fn clear<T: Trace>(place: *const u8) {
    // SAFETY: section-in-place.
    unsafe { &*place.cast::<T>() }.clear();
}

/// Where the section of `native` begins, counted from the object's address.
#[inline]
pub(crate) fn section_offset(native: &NativeType) -> usize {
    match native.base {
        Some(base) => base.layout.basicsize - mortice_gc::header::HEADER_BYTES,
        None => 0,
    }
}

/// The section of type `T` in an instance; `None` where the object's type has none.
#[inline]
pub fn body<T: Trace + Default + 'static>(object: &Object) -> Option<&T> {
    let pointer = object.pointer()?;
    let kind = object.kind()?;
    // SAFETY: type-object: every kind in this crate begins a TypeBody, and the object keeps its
    // type alive.
    let mut native = unsafe { (*kind.cast::<TypeBody>()).native.get() };
    while let Some(at) = native {
        if let Some(table) = &at.body
            && table.is_of::<T>()
        {
            let offset = section_offset(at);
            // SAFETY: section-in-place: the instance of a type with this section was started with
            // a `T` at this offset, and the object lives as long as the borrow.
            return Some(unsafe { &*pointer.as_ptr().add(offset).cast::<T>() });
        }
        native = at.base;
    }
    None
}

/// Defines a body: a struct whose fields report their own references.
///
/// Each field's type implements [`Trace`]; wrap what owns no reference in
/// [`Plain`](mortice_gc::trace::Plain). For use in this crate; other crates use
/// [`body_outside!`](crate::body_outside), which a crate that forbids unsafe code may expand.
#[macro_export]
macro_rules! body {
    ($($body:tt)*) => {
        $crate::body_parts! {
            [#[allow(unsafe_code, reason = "each field is reported exactly once, by construction")]]
            $($body)*
        }
    };
}

/// Defines a body in another crate; see [`body!`](crate::body).
#[macro_export]
macro_rules! body_outside {
    ($($body:tt)*) => {
        $crate::body_parts! { [] $($body)* }
    };
}

/// What [`body!`](crate::body) and [`body_outside!`](crate::body_outside) expand to.
#[doc(hidden)]
#[macro_export]
macro_rules! body_parts {
    (
        [$(#[$lint:meta])*]
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $($(#[$field_attribute:meta])* $field_visibility:vis $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Default)]
        $visibility struct $name {
            $($(#[$field_attribute])* $field_visibility $field: $type,)*
        }

        $(#[$lint])*
        // SAFETY: exact-traverse: every field reports what it owns, once.
        unsafe impl $crate::gc::Trace for $name {
            fn traverse(&self, visitor: &mut $crate::gc::Visitor<'_>) {
                let _ = &visitor;
                $($crate::gc::Trace::traverse(&self.$field, visitor);)*
            }

            fn clear(&self) {
                $($crate::gc::Trace::clear(&self.$field);)*
            }
        }
    };
}
