//! Objects of the interpreter, owned, and places for them.

use core::cell::Cell;
use core::fmt;
use core::ptr::NonNull;
use pyo3_ffi as ffi;

/// An owned reference to an object of the interpreter. It exists only while its thread is attached
/// to the interpreter, and never leaves that thread.
#[repr(transparent)]
pub struct Object(NonNull<ffi::PyObject>);

impl Object {
    /// Takes over a reference; nothing where the pointer is null.
    ///
    /// # Safety
    ///
    /// *attached*; *counted*: the pointer is null or a reference that the caller owns.
    #[inline]
    pub unsafe fn from_owned(pointer: *mut ffi::PyObject) -> Option<Object> {
        NonNull::new(pointer).map(Object)
    }

    /// Counts a reference; nothing where the pointer is null.
    ///
    /// # Safety
    ///
    /// *attached*; *counted*: the pointer is null or an object that somebody keeps alive.
    #[inline]
    pub unsafe fn from_borrowed(pointer: *mut ffi::PyObject) -> Option<Object> {
        let pointer = NonNull::new(pointer)?;
        // SAFETY: *attached*, *counted*, by contract.
        unsafe { ffi::Py_INCREF(pointer.as_ptr()) };
        Some(Object(pointer))
    }

    /// The pointer; the object keeps its reference.
    #[inline]
    pub fn as_ptr(&self) -> *mut ffi::PyObject {
        self.0.as_ptr()
    }

    /// The object as a class; meaningful only where it is one.
    #[inline]
    pub(crate) fn as_type(&self) -> *mut ffi::PyTypeObject {
        self.0.as_ptr().cast()
    }

    /// Gives up the reference to whoever takes the pointer.
    #[inline]
    pub fn into_ptr(self) -> *mut ffi::PyObject {
        let pointer = self.0.as_ptr();
        core::mem::forget(self);
        pointer
    }

    /// Tells whether both are the same object.
    #[inline]
    pub fn is(&self, other: &Object) -> bool {
        self.0 == other.0
    }

    /// Tells whether this is the only reference.
    #[inline]
    pub fn is_unique(&self) -> bool {
        // SAFETY: *attached*, *counted*.
        unsafe { ffi::Py_REFCNT(self.as_ptr()) == 1 }
    }

    /// The object's class.
    #[inline]
    pub fn class(&self) -> Object {
        // SAFETY: *attached*, *counted*: an object keeps its class.
        unsafe {
            let class = ffi::Py_TYPE(self.as_ptr());
            ffi::Py_INCREF(class.cast());
            Object(NonNull::new_unchecked(class.cast()))
        }
    }
}

impl Clone for Object {
    #[inline]
    fn clone(&self) -> Object {
        // SAFETY: *attached*, *counted*: this reference keeps the object alive.
        unsafe { ffi::Py_INCREF(self.as_ptr()) };
        Object(self.0)
    }
}

impl Drop for Object {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: *attached*, *counted*: the reference is this one's own.
        unsafe { ffi::Py_DECREF(self.as_ptr()) }
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({:p})", self.0)
    }
}

/// A place that holds a reference or nothing.
#[derive(Default)]
pub struct Slot(Cell<Option<Object>>);

impl Slot {
    /// What the place holds.
    #[inline]
    pub fn get(&self) -> Option<Object> {
        let held = self.0.take();
        let copy = held.clone();
        self.0.set(held);
        copy
    }

    /// Replaces what the place holds.
    #[inline]
    pub fn set(&self, object: Object) {
        drop(self.0.replace(Some(object)));
    }

    /// Replaces what the place holds, perhaps by nothing.
    #[inline]
    pub fn fill(&self, object: Option<Object>) {
        drop(self.0.replace(object));
    }

    /// Empties the place.
    #[inline]
    pub fn take(&self) -> Option<Object> {
        self.0.take()
    }

    /// Tells whether the place holds this object.
    #[inline]
    pub fn holds(&self, object: &Object) -> bool {
        self.address() == object.as_ptr()
    }

    /// The address of what the place holds, or null.
    #[inline]
    pub fn address(&self) -> *mut ffi::PyObject {
        let held = self.0.take();
        let address = held.as_ref().map_or(core::ptr::null_mut(), Object::as_ptr);
        self.0.set(held);
        address
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({:p})", self.address())
    }
}
