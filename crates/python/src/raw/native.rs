//! Classes of the module whose instances carry a Rust value behind the object's header.
//!
//! A class is known by its table of methods, which every [`Body`] has as a static of its own: the
//! interpreter keeps the table's address in the class, and no class of somebody else has it.

use super::cx::{Cx, Result};
use super::entry::{GetSet, Method};
use super::object::{Object, Slot};
use crate::items::Items;
use crate::world::World;
use core::ffi::{CStr, c_int, c_void};
use core::mem::{ManuallyDrop, size_of};
use pyo3_ffi as ffi;
use std::rc::Rc;

/// What an instance of a native class carries.
pub trait Body: Sized + 'static {
    /// The table that tells the class from all others.
    fn methods() -> &'static [Method];
    /// The state of the module that made the class.
    fn world(&self) -> &Rc<World>;
    /// Shows every reference to the collector.
    fn visit(&self, visit: &mut Visit);
    /// Lets go of every reference that could be part of a cycle.
    fn clear(&self);
    /// Called before the instance ends.
    fn end(&self) {}
    /// Other classes inherit from it.
    const IS_BASE: bool = false;
}

/// An instance, as it lies in memory.
#[repr(C)]
struct Instance<T> {
    head: ffi::PyObject,
    body: ManuallyDrop<T>,
}

/// The collector's visit.
pub struct Visit {
    function: ffi::visitproc,
    argument: *mut c_void,
    status: c_int,
}

impl Visit {
    pub(super) fn new(function: ffi::visitproc, argument: *mut c_void) -> Visit {
        Visit {
            function,
            argument,
            status: 0,
        }
    }

    pub(super) fn status(&self) -> c_int {
        self.status
    }

    pub(super) fn pointer(&mut self, object: *mut ffi::PyObject) {
        if self.status == 0 && !object.is_null() {
            // SAFETY: *attached*: the collector gave the function for this.
            self.status = unsafe { (self.function)(object, self.argument) };
        }
    }

    /// Shows a reference.
    pub fn object(&mut self, object: &Object) {
        self.pointer(object.as_ptr());
    }

    /// Shows what a place holds.
    pub fn slot(&mut self, slot: &Slot) {
        self.pointer(slot.address());
    }

    /// Shows the references of a list.
    pub fn cells(&mut self, cells: &Items<Option<Object>>) {
        cells.visit(&mut |cell| {
            if let Some(object) = cell {
                self.pointer(object.as_ptr());
            }
        });
    }

    /// Shows the references of a list.
    pub fn objects(&mut self, objects: &Items<Object>) {
        objects.visit(&mut |object| self.pointer(object.as_ptr()));
    }
}

/// How a native class is made.
pub struct NativeSpec<'a> {
    /// Its name, with the module's.
    pub name: &'static CStr,
    /// Its docstring.
    pub doc: &'static CStr,
    /// Its computed attributes.
    pub attributes: &'static [GetSet],
    /// Further slots.
    pub slots: &'a [(c_int, *mut c_void)],
    /// Python may inherit from it.
    pub is_base: bool,
    /// It can be called by Python code.
    pub is_callable: bool,
    /// Its instances can be referred to weakly.
    pub has_weak_references: bool,
}

/// Tells whether a class is the native one with this table.
///
/// # Safety
///
/// *attached*; the pointer is a class.
#[inline]
pub(super) unsafe fn has_table(
    class: *mut ffi::PyTypeObject,
    table: *const ffi::PyMethodDef,
) -> bool {
    let mut class = class;
    while !class.is_null() {
        // SAFETY: *attached*: a class keeps its bases.
        unsafe {
            if (*class).tp_methods.cast_const() == table {
                return true;
            }
            class = (*class).tp_base;
        }
    }
    false
}

/// The Rust value of an object of a native class; nothing for other objects.
#[inline]
pub fn body<T: Body>(object: &Object) -> Option<&T> {
    // SAFETY: *attached*; *bodies*: an instance of the class carries the value.
    unsafe {
        let class = ffi::Py_TYPE(object.as_ptr());
        let table = T::methods().as_ptr().cast();
        let is_it = match T::IS_BASE {
            true => has_table(class, table),
            false => (*class).tp_methods.cast_const() == table,
        };
        if !is_it {
            return None;
        }
        Some(&(*object.as_ptr().cast::<Instance<T>>()).body)
    }
}

/// The Rust value of an object that is known to be of the native class.
///
/// # Safety
///
/// *attached*; *bodies*: the object is one, and lives as long as the answer.
#[inline]
pub(super) unsafe fn known_body<'a, T: Body>(object: *mut ffi::PyObject) -> &'a T {
    // SAFETY: *bodies*, by contract.
    unsafe { &(*object.cast::<Instance<T>>()).body }
}

/// Makes an instance of a native class, or of a class that inherits from it.
pub fn new_native<T: Body>(cx: Cx<'_>, class: &Object, value: T) -> Result<Object> {
    let class = class.as_type();
    // SAFETY: *attached*, *counted*; *bodies*: the class is the native one of the body, the memory is
    // large enough and new, and the collector sees it only once the value is there.
    unsafe {
        if !has_table(class, T::methods().as_ptr().cast()) {
            return Err(cx.type_error(format_args!("a class of the module is required")));
        }
        let Some(allocate) = (*class).tp_alloc else {
            return Err(cx.out_of_memory());
        };
        let made = cx.owned(allocate(class, 0))?;
        let instance = made.as_ptr().cast::<Instance<T>>();
        (&raw mut (*instance).body).write(ManuallyDrop::new(value));
        Ok(made)
    }
}

unsafe extern "C" fn traverse<T: Body>(
    this: *mut ffi::PyObject,
    function: ffi::visitproc,
    argument: *mut c_void,
) -> c_int {
    let mut visit = Visit::new(function, argument);
    // SAFETY: *attached*; *bodies*.
    unsafe {
        visit.pointer(ffi::Py_TYPE(this).cast());
        (*this.cast::<Instance<T>>()).body.visit(&mut visit);
    }
    visit.status()
}

unsafe extern "C" fn clear<T: Body>(this: *mut ffi::PyObject) -> c_int {
    // SAFETY: *attached*; *bodies*.
    unsafe { (*this.cast::<Instance<T>>()).body.clear() };
    0
}

unsafe extern "C" fn dealloc<T: Body>(this: *mut ffi::PyObject) {
    // SAFETY: *attached*; *bodies*: the value is dropped once, and nobody refers to the object.
    unsafe {
        let class = ffi::Py_TYPE(this);
        ffi::PyObject_GC_UnTrack(this.cast());
        let instance = this.cast::<Instance<T>>();
        (*instance).body.end();
        if (*class).tp_flags & ffi::Py_TPFLAGS_MANAGED_WEAKREF != 0 {
            ffi::PyObject_ClearWeakRefs(this);
        }
        ManuallyDrop::drop(&mut (*instance).body);
        if let Some(free) = (*class).tp_free {
            free(this.cast());
        }
        ffi::Py_DECREF(class.cast());
    }
}

/// Makes a native class.
pub fn native_class<T: Body>(cx: Cx<'_>, module: &Object, spec: &NativeSpec<'_>) -> Result<Object> {
    let slot = |slot: c_int, pointer: *mut c_void| ffi::PyType_Slot {
        slot,
        pfunc: pointer,
    };
    let mut slots = vec![
        slot(ffi::Py_tp_traverse, traverse::<T> as *mut c_void),
        slot(ffi::Py_tp_clear, clear::<T> as *mut c_void),
        slot(ffi::Py_tp_dealloc, dealloc::<T> as *mut c_void),
        slot(ffi::Py_tp_doc, spec.doc.as_ptr().cast_mut().cast()),
        slot(ffi::Py_tp_methods, T::methods().as_ptr().cast_mut().cast()),
        slot(
            ffi::Py_tp_getset,
            spec.attributes.as_ptr().cast_mut().cast(),
        ),
    ];
    slots.extend(spec.slots.iter().map(|(id, pointer)| slot(*id, *pointer)));
    slots.push(slot(0, core::ptr::null_mut()));
    let mut flags =
        ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_HAVE_GC | ffi::Py_TPFLAGS_IMMUTABLETYPE;
    if spec.is_base {
        flags |= ffi::Py_TPFLAGS_BASETYPE;
    }
    if !spec.is_callable {
        flags |= ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION;
    }
    if spec.has_weak_references {
        flags |= ffi::Py_TPFLAGS_MANAGED_WEAKREF;
    }
    let mut type_spec = ffi::PyType_Spec {
        name: spec.name.as_ptr(),
        basicsize: size_of::<Instance<T>>() as c_int,
        itemsize: 0,
        flags: flags as core::ffi::c_uint,
        slots: slots.as_mut_ptr(),
    };
    let none = core::ptr::null_mut();
    // SAFETY: *attached*, *counted*; the spec and the tables have the form that the call reads.
    unsafe {
        cx.owned(ffi::PyType_FromModuleAndSpec(
            module.as_ptr(),
            &raw mut type_spec,
            none,
        ))
    }
}
