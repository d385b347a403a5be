//! CPython's collector, from a shared library of CPython that this process loads, and the node of `node.c`.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::Path;
use std::ptr::{self, NonNull};
use std::sync::OnceLock;

use libloading::{Library, Symbol};

use crate::Failure;
use crate::graph::{self, Graph, Nodes};
use crate::subject::{Reach, Subject};

/// An object of CPython's.
type Raw = c_void;

/// The interpreter that this process loaded.
static PYTHON: OnceLock<Python> = OnceLock::new();

/// The functions that are used.
pub struct Python {
    dealloc: unsafe extern "C" fn(*mut Raw),
    call: unsafe extern "C" fn(*mut Raw, *const c_char, *const c_char, ...) -> *mut Raw,
    node_new: unsafe extern "C" fn() -> *mut Raw,
    node_ended: unsafe extern "C" fn() -> usize,
    /// Where a node's first edge lies.
    edges: usize,
    /// The module `gc`.
    module: *mut Raw,
}

// SAFETY: *one-thread*: only the thread that loaded it uses it; the marker lets it be part of a contender.
unsafe impl Sync for Python {}
// SAFETY: *one-thread*: as above.
unsafe impl Send for Python {}

/// Loads CPython and the node, and starts an interpreter without automatic collections. Gives the series too, as in 3.13.
///
/// # Errors
///
/// A library cannot be loaded, or lacks a function.
pub fn load(library: &Path, node: &Path) -> Result<(&'static Python, String), Failure> {
    // SAFETY: *live-header*: a library of CPython and one compiled against its headers, which stay loaded for the rest of the process; the
    // types are those of the headers.
    unsafe {
        let library = libloading::os::unix::Library::open(
            Some(library),
            libloading::os::unix::RTLD_NOW | libloading::os::unix::RTLD_GLOBAL,
        )?;
        let library: &'static Library = Box::leak(Box::new(library.into()));
        let node: &'static Library = Box::leak(Box::new(Library::new(node)?));
        let start: Symbol<unsafe extern "C" fn(c_int)> = library.get(b"Py_InitializeEx")?;
        let version: Symbol<unsafe extern "C" fn() -> *const c_char> =
            library.get(b"Py_GetVersion")?;
        let import: Symbol<unsafe extern "C" fn(*const c_char) -> *mut Raw> =
            library.get(b"PyImport_ImportModule")?;
        start(0);
        let ready: Symbol<unsafe extern "C" fn() -> isize> = node.get(b"node_ready")?;
        let python = Python {
            dealloc: *library.get(b"_Py_Dealloc")?,
            call: *library.get(b"PyObject_CallMethod")?,
            node_new: *node.get(b"node_new")?,
            node_ended: *node.get(b"node_ended")?,
            edges: usize::try_from(ready()).map_err(|_| "the type of nodes cannot be made")?,
            module: import(c"gc".as_ptr()),
        };
        if python.module.is_null() {
            return Err("the module gc cannot be imported".into());
        }
        let python = PYTHON.get_or_init(|| python);
        python.gc(c"disable", None);
        python.gc(c"collect", None);
        python.gc(c"freeze", None);
        let version = CStr::from_ptr(version()).to_string_lossy().into_owned();
        let mut parts = version.split('.');
        let series = [
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        ]
        .join(".");
        Ok((python, series))
    }
}

impl Python {
    /// Calls a function of the module `gc`.
    fn gc(&self, name: &CStr, argument: Option<c_int>) {
        // SAFETY: *owned-reference*: the module is live, and the result is dropped.
        unsafe {
            let result = match argument {
                Some(argument) => (self.call)(self.module, name.as_ptr(), c"i".as_ptr(), argument),
                None => (self.call)(self.module, name.as_ptr(), ptr::null()),
            };
            drop(Held(
                NonNull::new(result).expect("a function of gc that does not raise"),
            ));
        }
    }
}

/// What `Py_INCREF` is in 3.12 and later: the low 32 bits count, and those of an immortal object do not change.
///
/// # Safety
///
/// - The object is live.
#[inline(always)]
unsafe fn hold(object: NonNull<Raw>) {
    // SAFETY: *live-header*: the count is an object's first word.
    unsafe {
        let count = object.cast::<u32>().as_ptr();
        if (*count).cast_signed() >= 0 {
            *count += 1;
        }
    }
}

/// What `Py_DECREF` is in 3.12 and later.
///
/// # Safety
///
/// - One reference is the caller's, who does not use it afterwards.
#[inline(always)]
unsafe fn release(object: NonNull<Raw>) {
    // SAFETY: *live-header*: the count is an object's first word.
    unsafe {
        let count = object.cast::<u32>().as_ptr();
        if (*count).cast_signed() >= 0 {
            *count -= 1;
            if *count == 0
                && let Some(python) = PYTHON.get()
            {
                (python.dealloc)(object.as_ptr());
            }
        }
    }
}

/// An owned reference to an object of the interpreter of this process.
pub struct Held(NonNull<Raw>);

impl Clone for Held {
    #[inline(always)]
    fn clone(&self) -> Held {
        // SAFETY: *owned-reference*: the handle keeps the object alive.
        unsafe { hold(self.0) };
        Held(self.0)
    }
}

impl Drop for Held {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: *owned-reference*: the handle's reference goes.
        unsafe { release(self.0) }
    }
}

impl Nodes for Python {
    type Handle = Held;

    #[inline(always)]
    fn make(&self) -> Held {
        // SAFETY: *one-thread*: the interpreter runs in this thread.
        let object = unsafe { (self.node_new)() };
        Held(NonNull::new(object).expect("memory for a node"))
    }

    #[inline(always)]
    fn link(&self, from: &Held, edge: usize, to: &Held) {
        // SAFETY: *live-header*: a node has that many edges, and this one was empty; it owns its reference.
        unsafe {
            hold(to.0);
            from.0
                .byte_add(self.edges)
                .cast::<NonNull<Raw>>()
                .add(edge)
                .write(to.0);
        }
    }
}

/// The interpreter with the graphs that are held.
pub struct Interpreter {
    held: Vec<Held>,
    python: &'static Python,
    ended_before: usize,
}

impl Interpreter {
    pub fn new(python: &'static Python) -> Interpreter {
        Interpreter {
            held: Vec::new(),
            python,
            // SAFETY: *one-thread*: it reads a counter.
            ended_before: unsafe { (python.node_ended)() },
        }
    }
}

impl Subject for Interpreter {
    fn build(&mut self, graph: &Graph) {
        self.held.push(graph::build(self.python, graph));
    }

    fn release(&mut self) {
        self.held.pop();
    }

    fn collect(&mut self, reach: Reach) {
        let generation = match reach {
            Reach::Young => 0,
            Reach::Full => 2,
        };
        self.python.gc(c"collect", Some(generation));
    }

    fn ended(&self) -> usize {
        // SAFETY: *one-thread*: it reads a counter.
        unsafe { (self.python.node_ended)() - self.ended_before }
    }
}
