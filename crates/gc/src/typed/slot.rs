//! A place for one typed reference.

use std::fmt;
use std::marker::PhantomData;

use super::{Gc, Managed};
use crate::{Slot, Trace, Visitor};

/// A place in a value that holds a handle or nothing, and is changed through a
/// shared reference.
pub struct GcSlot<T: Managed> {
    slot: Slot,
    value: PhantomData<*const T>,
}

impl<T: Managed> GcSlot<T> {
    /// An empty slot.
    pub const fn new() -> GcSlot<T> {
        GcSlot {
            slot: Slot::new(),
            value: PhantomData,
        }
    }

    /// A handle of what the slot leads to.
    #[inline]
    pub fn get(&self) -> Option<Gc<T>> {
        let object = self.slot.get();
        // SAFETY: typed-handle: only handles of `T` are stored.
        object.map(|object| unsafe { Gc::from_object(object) })
    }

    /// Stores a handle or nothing, and drops the old one afterwards.
    #[inline]
    pub fn set(&self, handle: Option<Gc<T>>) {
        drop(self.replace(handle));
    }

    /// Stores a handle or nothing, and gives the old one.
    #[inline]
    pub fn replace(&self, handle: Option<Gc<T>>) -> Option<Gc<T>> {
        let old = self.slot.replace(handle.map(|handle| handle.object));
        // SAFETY: typed-handle: only handles of `T` are stored.
        old.map(|object| unsafe { Gc::from_object(object) })
    }

    /// Empties the slot.
    #[inline]
    pub fn take(&self) -> Option<Gc<T>> {
        self.replace(None)
    }

    /// Whether the slot holds a handle.
    #[inline]
    pub fn is_some(&self) -> bool {
        self.slot.is_some()
    }
}

impl<T: Managed> Default for GcSlot<T> {
    fn default() -> GcSlot<T> {
        GcSlot::new()
    }
}

impl<T: Managed> From<Gc<T>> for GcSlot<T> {
    fn from(handle: Gc<T>) -> GcSlot<T> {
        GcSlot {
            slot: Slot::of(handle.object),
            value: PhantomData,
        }
    }
}

impl<T: Managed> fmt::Debug for GcSlot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GcSlot").field(&self.get()).finish()
    }
}

// SAFETY: exact-traverse: one reference or none.
unsafe impl<T: Managed> Trace for GcSlot<T> {
    #[inline]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.slot.traverse(visitor);
    }

    fn clear(&self) {
        drop(self.slot.take());
    }
}
