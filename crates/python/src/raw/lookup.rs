//! What a name leads to in a class, asked without running code of a program.

use super::object::Object;
use pyo3_ffi as ffi;

// SAFETY: *constant*: the interpreter's own declaration, which the bindings leave out.
unsafe extern "C" {
    pub(super) fn _PyType_Lookup(
        class: *mut ffi::PyTypeObject,
        name: *mut ffi::PyObject,
    ) -> *mut ffi::PyObject;
}

/// The function that a method of this name binds, where that is one in Python and nothing else of the
/// object can have the name: reading the attribute runs no code then.
pub fn plain_method(object: &Object, name: &Object) -> Option<Object> {
    // SAFETY: *attached*, *counted*: the class keeps what is found.
    unsafe {
        let class = ffi::Py_TYPE(object.as_ptr());
        let get = (*class).tp_getattro?;
        if !core::ptr::fn_addr_eq(get, ffi::PyObject_GenericGetAttr as ffi::getattrofunc)
            || has_dict(class)
        {
            return None;
        }
        let found = Object::from_borrowed(_PyType_Lookup(class, name.as_ptr()))?;
        let is_function = ffi::Py_TYPE(found.as_ptr()) == &raw mut ffi::PyFunction_Type;
        is_function.then_some(found)
    }
}

/// Tells whether the instances of a class have a dict.
///
/// # Safety
///
/// *attached*; the pointer is a class.
pub(super) unsafe fn has_dict(class: *mut ffi::PyTypeObject) -> bool {
    // SAFETY: *attached*, by contract.
    unsafe { (*class).tp_dictoffset != 0 || (*class).tp_flags & ffi::Py_TPFLAGS_MANAGED_DICT != 0 }
}
