//! Tuples: the only native type whose items are objects inside the instance.
//!
//! Items are written once, before anything else sees the tuple, and stay until it ends; so a slice
//! of them may be handed out for as long as the tuple is borrowed.

use super::type_body::Type;
use crate::native::flags;
use crate::{Context, Object, Result, index};
use mortice_gc::{Heap, Pointer, Slot};
use std::cell::Cell;

crate::body! {
    /// The body of a tuple; the items follow.
    pub struct TupleBody {
        length: Cell<usize>,
        /// The hash, once asked for; −1 before.
        pub hash_cache: Cell<i64>,
    }
}

impl TupleBody {
    /// The body of the shared empty tuple, whose hash is never kept.
    pub(super) fn empty() -> TupleBody {
        TupleBody {
            length: Cell::new(0),
            hash_cache: Cell::new(-1),
        }
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.length.get()
    }

    /// Tells whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.length.get() == 0
    }
}

/// The items as cells.
///
/// # Safety
///
/// - `pointer` is the address of an instance of tuple or a subclass.
pub(super) unsafe fn items_at<'a>(pointer: Pointer) -> &'a [Slot] {
    // SAFETY: section-in-place: the items follow the body.
    unsafe {
        let length = (*pointer.as_ptr().cast::<TupleBody>()).len();
        let start = pointer.as_ptr().add(size_of::<TupleBody>()).cast::<Slot>();
        std::slice::from_raw_parts(start, length)
    }
}

/// The items of a tuple or an instance of a subclass; `None` for anything else.
#[inline]
pub fn tuple_items(object: &Object) -> Option<&[Object]> {
    let pointer = object.pointer()?;
    let kind = object.kind()?;
    // SAFETY: type-object; filled-tuple: every item of a tuple that a handle refers to is set, and
    // a set cell and a handle are the same word.
    unsafe {
        if (*kind.cast::<super::TypeBody>()).flags() & flags::TUPLE == 0 {
            return None;
        }
        let cells = items_at(pointer);
        Some(&*(std::ptr::from_ref(cells) as *const [Object]))
    }
}

impl Context {
    /// Makes a tuple of exactly `count` items, which must be what the iterator yields.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn tuple_of(
        &self,
        of: &Type,
        count: usize,
        items: impl Iterator<Item = Object>,
    ) -> Result<Object> {
        assert!(of.has(flags::TUPLE), "only tuples have object items");
        if count == 0 && of.is(self.type_at(index::TUPLE)) {
            return Ok(self.empty_tuple());
        }
        let tuple = self.allocate(of, count, false)?;
        if let Some(pointer) = tuple.pointer() {
            // SAFETY: section-in-place, filled-tuple: the length counts items that are set, so
            // that an iterator that ends early or unwinds leaves a shorter tuple.
            unsafe {
                let body = &*pointer.as_ptr().cast::<TupleBody>();
                body.hash_cache.set(-1);
                let start = pointer.as_ptr().add(size_of::<TupleBody>()).cast::<Slot>();
                for (index, item) in items.take(count).enumerate() {
                    (*start.add(index)).set(item);
                    body.length.set(index + 1);
                }
            }
        }
        if !of.is_static() || self.may_cycle(&tuple) {
            self.heap().track(&tuple);
        }
        Ok(tuple)
    }

    /// Tells whether an item of a tuple is of a kind that can be part of a cycle. A tuple without
    /// such items needs no tracking, now or later.
    fn may_cycle(&self, tuple: &Object) -> bool {
        let items = tuple_items(tuple).unwrap_or_default();
        items
            .iter()
            .any(|item| self.flags_of(item) & flags::COLLECTED != 0)
    }
}

/// Tells that no item of a tuple can be part of a cycle, so that it needs no tracking.
///
/// # Safety
///
/// - `pointer` is the address of a live instance of tuple or a subclass.
pub(super) unsafe fn tuple_settled(pointer: Pointer) -> bool {
    // SAFETY: type-object, section-in-place: only the built-in type's kind carries this function.
    unsafe {
        items_at(pointer).iter().all(|cell| {
            cell.get().is_none_or(|item| match Heap::of_object(&item) {
                Some(heap) => !heap.is_tracked(&item) && !may_be_tracked(&item),
                None => true,
            })
        })
    }
}

fn may_be_tracked(item: &Object) -> bool {
    // An untracked tuple proved atomic; any other collected object may be tracked later.
    item.kind().is_some_and(|kind| {
        // SAFETY: type-object: the item keeps its type alive.
        let type_body = unsafe { &*kind.cast::<super::TypeBody>() };
        type_body.flags() & flags::COLLECTED != 0 && type_body.flags() & flags::TUPLE == 0
    })
}
