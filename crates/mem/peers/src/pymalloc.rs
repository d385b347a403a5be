//! CPython's allocator, from a shared library of CPython that this process loads.

use std::ffi::{c_char, c_int, c_void};
use std::path::Path;

use libloading::{Library, Symbol};

use crate::subject::Functions;

/// Loads CPython and starts an interpreter, whose state pymalloc lives in. Gives the object domain's functions and the
/// version.
///
/// # Errors
///
/// The library cannot be loaded, or lacks a function.
pub fn load(path: &Path) -> Result<(Functions, String), libloading::Error> {
    // SAFETY: *system-allocator*: a library of CPython, which stays loaded for the rest of the process; the types are those of its headers.
    unsafe {
        let library: &'static Library = Box::leak(Box::new(Library::new(path)?));
        let start: Symbol<unsafe extern "C" fn(c_int)> = library.get(b"Py_InitializeEx")?;
        let version: Symbol<unsafe extern "C" fn() -> *const c_char> =
            library.get(b"Py_GetVersion")?;
        let malloc: Symbol<unsafe extern "C" fn(usize) -> *mut c_void> =
            library.get(b"PyObject_Malloc")?;
        let realloc: Symbol<unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void> =
            library.get(b"PyObject_Realloc")?;
        let free: Symbol<unsafe extern "C" fn(*mut c_void)> = library.get(b"PyObject_Free")?;
        start(0);
        let version = std::ffi::CStr::from_ptr(version()).to_string_lossy();
        let version = version.split(' ').next().unwrap_or_default().to_owned();
        let functions = Functions {
            malloc: *malloc,
            realloc: *realloc,
            free: *free,
            purge: None,
        };
        Ok((functions, version))
    }
}
