//! A place in a body that may hold a reference.

use crate::{Object, Pointer};
use std::cell::Cell;
use std::fmt;
use std::ptr;

/// A word in a body: empty, or owning one reference. Zero bytes are an empty slot.
///
/// What is replaced is returned, so that the caller drops it after the place holds its new value:
/// a finalizer then finds the object in a valid state.
#[repr(transparent)]
#[derive(Default)]
pub struct Slot {
    word: Cell<*mut u8>,
}

impl Slot {
    /// An empty slot.
    pub const fn new() -> Slot {
        Slot {
            word: Cell::new(ptr::null_mut()),
        }
    }

    /// A filled slot.
    pub fn of(object: Object) -> Slot {
        Slot {
            word: Cell::new(object.into_word().as_ptr()),
        }
    }

    /// A new reference to the content.
    #[inline(always)]
    pub fn get(&self) -> Option<Object> {
        // SAFETY: owned-reference: a filled slot owns a count, so the object lives.
        Pointer::new(self.word.get()).map(|word| unsafe { Object::from_borrowed(word) })
    }

    /// Stores `object` and drops the old content afterwards.
    #[inline(always)]
    pub fn set(&self, object: Object) {
        drop(self.replace(Some(object)));
    }

    /// Stores or empties, and returns the old content.
    #[inline(always)]
    pub fn replace(&self, object: Option<Object>) -> Option<Object> {
        let new = object.map_or(ptr::null_mut(), |object| object.into_word().as_ptr());
        // SAFETY: owned-reference: the slot's count passes to the handle.
        Pointer::new(self.word.replace(new)).map(|word| unsafe { Object::from_owned(word) })
    }

    /// Empties the slot.
    #[inline(always)]
    pub fn take(&self) -> Option<Object> {
        self.replace(None)
    }

    /// Tells whether the slot holds something.
    #[inline(always)]
    pub fn is_some(&self) -> bool {
        !self.word.get().is_null()
    }

    /// Tells whether the slot holds this very object.
    #[inline(always)]
    pub fn holds(&self, object: &Object) -> bool {
        self.word.get() as usize == object.address()
    }

    /// The word, for the collector.
    #[inline(always)]
    pub(crate) fn word(&self) -> *mut u8 {
        self.word.get()
    }
}

impl Drop for Slot {
    #[inline(always)]
    fn drop(&mut self) {
        // The place is not emptied: whoever drops a slot is its last user.
        if let Some(word) = Pointer::new(*self.word.get_mut()) {
            // SAFETY: owned-reference: the slot's count passes to the handle.
            drop(unsafe { Object::from_owned(word) });
        }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.get() {
            Some(object) => write!(formatter, "Slot({object:?})"),
            None => formatter.write_str("Slot(empty)"),
        }
    }
}
