//! The module object: how the interpreter finds it, executes it and ends it.

use super::cx::Cx;
use super::native::Visit;
use super::object::Object;
use crate::world::World;
use core::cell::UnsafeCell;
use core::ffi::{c_int, c_void};
use pyo3_ffi as ffi;
use std::rc::Rc;

/// A place that the interpreter alone writes.
#[repr(transparent)]
struct Definition(UnsafeCell<ffi::PyModuleDef>);

// SAFETY: *attached*: only attached threads reach the definition, through the interpreter.
unsafe impl Sync for Definition {}

#[repr(transparent)]
struct Slots<const N: usize>(UnsafeCell<[ffi::PyModuleDef_Slot; N]>);

// SAFETY: *constant*: the entries are never written.
unsafe impl<const N: usize> Sync for Slots<N> {}

static SLOTS: Slots<3> = Slots(UnsafeCell::new([
    ffi::PyModuleDef_Slot {
        slot: ffi::Py_mod_exec,
        value: execute as *mut c_void,
    },
    ffi::PyModuleDef_Slot {
        slot: ffi::Py_mod_multiple_interpreters,
        value: ffi::Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED,
    },
    ffi::PyModuleDef_Slot {
        slot: 0,
        value: core::ptr::null_mut(),
    },
]));

static DEFINITION: Definition = Definition(UnsafeCell::new(ffi::PyModuleDef {
    m_base: ffi::PyModuleDef_HEAD_INIT,
    m_name: c"mortice._mortice".as_ptr(),
    m_doc: c"The native half of mortice.".as_ptr(),
    m_size: size_of::<Option<Rc<World>>>() as ffi::Py_ssize_t,
    m_methods: crate::module::FUNCTIONS.as_ptr().cast_mut().cast(),
    m_slots: SLOTS.0.get().cast(),
    m_traverse: Some(traverse),
    m_clear: Some(clear),
    m_free: Some(free),
}));

/// The definition by which the interpreter knows the module.
pub fn definition_of_module() -> *mut ffi::PyModuleDef {
    DEFINITION.0.get()
}

/// # Safety
///
/// *attached*, *state*: the pointer is a module of this definition.
unsafe fn world<'a>(module: *mut ffi::PyObject) -> Option<&'a mut Option<Rc<World>>> {
    // SAFETY: *state*, by contract.
    unsafe {
        ffi::PyModule_GetState(module)
            .cast::<Option<Rc<World>>>()
            .as_mut()
    }
}

unsafe extern "C" fn execute(module: *mut ffi::PyObject) -> c_int {
    // SAFETY: *attached*, *state*: the interpreter executes a module once; its state is zeros, which
    // are nothing.
    unsafe {
        let Some(place) = world(module) else {
            return -1;
        };
        let made = Rc::new(World::default());
        *place = Some(Rc::clone(&made));
        let Some(module) = Object::from_borrowed(module) else {
            return -1;
        };
        match crate::module::fill(Cx::new(&made), &module) {
            Ok(()) => 0,
            Err(raised) => {
                raised.restore();
                -1
            }
        }
    }
}

unsafe extern "C" fn traverse(
    module: *mut ffi::PyObject,
    function: ffi::visitproc,
    argument: *mut c_void,
) -> c_int {
    let mut visit = Visit::new(function, argument);
    // SAFETY: *attached*, *state*.
    if let Some(Some(world)) = unsafe { world(module) } {
        world.visit(&mut visit);
    }
    visit.status()
}

unsafe extern "C" fn clear(module: *mut ffi::PyObject) -> c_int {
    // SAFETY: *attached*, *state*.
    if let Some(Some(world)) = unsafe { world(module) } {
        let world = Rc::clone(world);
        world.end();
    }
    0
}

unsafe extern "C" fn free(module: *mut c_void) {
    // SAFETY: *attached*, *state*.
    unsafe {
        clear(module.cast());
        if let Some(place) = world(module.cast()) {
            drop(place.take());
        }
    }
}

/// Called by the interpreter when the module is imported.
///
/// # Safety
///
/// *attached*.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInit__mortice() -> *mut ffi::PyObject {
    // SAFETY: *attached*.
    unsafe { ffi::PyModuleDef_Init(definition_of_module()) }
}
