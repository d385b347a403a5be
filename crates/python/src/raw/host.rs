//! A program of its own: a Python that has AddressSanitizer's runtime, for a wheel that is built with the sanitizer.
//!
//! The interpreter is the library that `MORTICE_LIBPYTHON` names. What it and the wheel ask of the C library goes to the
//! sanitizer, since a program's own symbols come first: it must be linked so that they are exported, which `build.rs`
//! sees to.

#![no_main]

use core::ffi::{CStr, c_char, c_int, c_void};

// SAFETY: *library*.
unsafe extern "C" {
    fn getenv(name: *const c_char) -> *const c_char;
    fn dlopen(name: *const c_char, mode: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    fn dlerror() -> *const c_char;
}

/// Symbols are bound at once, and modules find those of the interpreter.
const MODE: c_int = 0x102;

type Main = unsafe extern "C" fn(c_int, *mut *mut c_char) -> c_int;

/// Runs the interpreter with the program's arguments.
///
/// # Safety
///
/// *library*: it is called once, with these.
// SAFETY: *library*: no other function has this name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn main(count: c_int, words: *mut *mut c_char) -> c_int {
    // SAFETY: *library*: the texts end with a zero byte, the arguments are the program's own, and a library that does not
    // open, or has no such function, leaves words behind. Without a name the program itself is opened.
    unsafe {
        let library = dlopen(getenv(c"MORTICE_LIBPYTHON".as_ptr()), MODE);
        let main = match library.is_null() {
            true => library,
            false => dlsym(library, c"Py_BytesMain".as_ptr()),
        };
        if main.is_null() {
            eprintln!("{}", CStr::from_ptr(dlerror()).to_string_lossy());
            return 1;
        }
        core::mem::transmute::<*mut c_void, Main>(main)(count, words)
    }
}
