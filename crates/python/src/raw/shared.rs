//! Counted references to values, made by calls that can fail.

use allocator_api2::boxed::Box;
use core::cell::Cell;
use core::ops::Deref;
use core::ptr::NonNull;

#[derive(Debug)]
struct Counted<T> {
    count: Cell<usize>,
    value: T,
}

/// A counted reference.
#[derive(Debug)]
pub struct Shared<T>(NonNull<Counted<T>>);

impl<T> Shared<T> {
    /// The first reference to a value; nothing where memory ran out.
    pub fn new(value: T) -> Option<Shared<T>> {
        let count = Cell::new(1);
        let made = Box::try_new(Counted { count, value }).ok()?;
        Some(Shared(NonNull::from(Box::leak(made))))
    }

    fn counted(&self) -> &Counted<T> {
        // SAFETY: *shared*: this is a reference.
        unsafe { self.0.as_ref() }
    }

    /// Number of references.
    pub fn count(&self) -> usize {
        self.counted().count.get()
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        let count = &self.counted().count;
        count.set(count.get() + 1);
        Shared(self.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.counted().value
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        let count = &self.counted().count;
        count.set(count.get() - 1);
        if count.get() == 0 {
            // SAFETY: *shared*: this was the last reference, and the value came from such a box.
            drop(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}
