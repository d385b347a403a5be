//! The hook by which instances of a watched class are written.
//!
//! A write goes through the interpreter's general search for attributes as soon as a slot's descriptor
//! is turned. A class that is watched can answer for its slots itself: its `tp_setattro` knows which
//! definition a name leads to, as long as the class has the version that it had when the interpreter
//! was asked. All other names, and a class whose hook the interpreter replaced because of a
//! `__setattr__`, go the general way, which gives the same.

use super::class::{state, state_of_instance};
use super::descriptor::{definition_behind, definition_set, holds_already, set_place};
use super::entry::{lent, lent_or};
use super::lookup::{_PyType_Lookup, has_dict};
use super::native::{Visit, body};
use super::object::Object;
use super::storage::Place;
use crate::definition::DefinitionBody;
use core::cell::{Cell, RefCell};
use core::ffi::c_int;
use mortice_slots::{Row, SlotFlags};
use pyo3_ffi as ffi;

/// Names that are remembered for a class.
const KNOWN: usize = 32;

/// The names that instances of a class were written by, with what they led to.
#[derive(Debug, Default)]
pub struct Written {
    /// The version of the class for which they did; none is zero.
    version: Cell<u32>,
    known: RefCell<Vec<Known>>,
}

/// What a name led to.
#[derive(Debug)]
struct Known {
    name: Object,
    definition: Object,
    found: Found,
}

/// A definition, and where its slot lies in instances of the class where it is written without rules.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// The class keeps it.
    definition: *mut ffi::PyObject,
    place: Option<(Place, Row)>,
}

impl Written {
    /// Shows every reference to the collector.
    pub fn visit(&self, visit: &mut Visit) {
        if let Ok(known) = self.known.try_borrow() {
            for known in known.iter() {
                visit.object(&known.name);
                visit.object(&known.definition);
            }
        }
    }

    /// Lets go of every reference.
    pub fn clear(&self) {
        self.version.set(0);
        drop(self.known.take());
    }

    /// What a name leads to in a class, where it leads to a slot.
    ///
    /// # Safety
    ///
    /// *attached*: both are objects, and the class is the one that this belongs to.
    #[inline]
    unsafe fn find(
        &self,
        class: *mut ffi::PyTypeObject,
        name: *mut ffi::PyObject,
    ) -> Option<Found> {
        // SAFETY: *attached*, by contract.
        let version = unsafe { (*class).tp_version_tag };
        if version == self.version.get() && version != 0 {
            let known = self.known.borrow();
            let known = known.iter().find(|known| known.name.as_ptr() == name);
            if let Some(known) = known {
                return Some(known.found);
            }
        }
        // SAFETY: *attached*, by contract.
        unsafe { self.ask(class, name) }
    }

    /// Asks the interpreter, and remembers what it says.
    ///
    /// # Safety
    ///
    /// As for [`Written::find`].
    #[cold]
    unsafe fn ask(&self, class: *mut ffi::PyTypeObject, name: *mut ffi::PyObject) -> Option<Found> {
        // SAFETY: *attached*, *counted*: the class keeps what is found.
        let (definition, version, class) = unsafe {
            if ffi::PyUnicode_CheckExact(name) == 0 {
                return None;
            }
            let found = Object::from_borrowed(_PyType_Lookup(class, name))?;
            let version = (*class).tp_version_tag;
            let class = Object::from_borrowed(class.cast())?;
            (definition_behind(&found)?, version, class)
        };
        let found = Found {
            definition: definition.as_ptr(),
            place: place_in(&class, &definition),
        };
        let is_new = version != self.version.replace(version);
        let old = match is_new {
            true => self.known.take(),
            // std: nothing is allocated
            false => Vec::new(),
        };
        let mut known = self.known.borrow_mut();
        // SAFETY: *attached*, *counted*: the caller keeps the name.
        let name = unsafe { Object::from_borrowed(name) }?;
        if version != 0 && known.len() < KNOWN && known.try_reserve(1).is_ok() {
            known.push(Known {
                name,
                definition,
                found,
            });
        }
        drop(known);
        drop(old);
        Some(found)
    }
}

/// Where the slot of a definition lies in instances of a class, where it is written without rules.
fn place_in(class: &Object, definition: &Object) -> Option<(Place, Row)> {
    let name = body::<DefinitionBody>(definition)?.number()?;
    let state = state(class)?;
    let (_, row) = state.parts().find(name, usize::MAX)?;
    let asks = SlotFlags::RULES
        .with(SlotFlags::CARRIER)
        .with(SlotFlags::DELEGATED);
    match row.flags.has(asks) || row.place == Row::NO_PLACE {
        true => None,
        false => Some((state.storage().place(row.place)?, row)),
    }
}

unsafe extern "C" fn set_attribute(
    object: *mut ffi::PyObject,
    name: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: *attached*, *borrowed*: the interpreter calls; *words*: the place is the class's.
    unsafe {
        if let Some(state) = state_of_instance(lent(&object))
            && let Some(found) = state.written().find(ffi::Py_TYPE(object), name)
        {
            if let Some((place, row)) = found.place
                && let Some(value) = lent_or(&value)
            {
                let companion = place.companion(object);
                if companion.is_null() {
                    if state.world().engine.is_unnoted(row.name) {
                        place.write(object, value);
                        return 0;
                    }
                } else if holds_already(state.world(), companion, object, place, row, value) {
                    return 0;
                }
            }
            return set_found(object, found, value);
        }
        set_generally(object, name, value)
    }
}

/// Writes a slot that somebody may hear, or deletes it.
///
/// # Safety
///
/// *attached*, *borrowed*: the interpreter calls; what was found is of the object's class.
#[inline(never)]
unsafe fn set_found(object: *mut ffi::PyObject, found: Found, value: *mut ffi::PyObject) -> c_int {
    // SAFETY: *attached*, *counted*: the class keeps the definition until code of a program runs, and it is
    // counted before that or not needed again.
    unsafe {
        if let Some((place, row)) = found.place
            && let Some(value) = lent_or(&value)
            && let Some(status) = set_place(found.definition, object, place, row, value)
        {
            return status;
        }
        match Object::from_borrowed(found.definition) {
            Some(definition) => definition_set(definition.as_ptr(), object, value),
            None => 0,
        }
    }
}

const HOOK: ffi::setattrofunc = set_attribute;
const GENERAL: ffi::setattrofunc = ffi::PyObject_GenericSetAttr;

/// Tells whether the instances of a class are written by a function.
///
/// # Safety
///
/// *attached*; the pointer is a class.
unsafe fn writes_by(class: *mut ffi::PyTypeObject, function: ffi::setattrofunc) -> bool {
    // SAFETY: *attached*, by contract.
    let set = unsafe { (*class).tp_setattro };
    set.is_some_and(|set| core::ptr::fn_addr_eq(set, function))
}

/// Writes the general way. The interpreter's messages go by the function of the class, which is the
/// general one meanwhile.
///
/// # Safety
///
/// *attached*, *borrowed*: the interpreter calls.
unsafe fn set_generally(
    object: *mut ffi::PyObject,
    name: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: *attached*, *counted*: what is written may put another class under the object.
    unsafe {
        let class = lent(&object).class();
        let fields = class.as_type();
        let is_hooked = writes_by(fields, HOOK);
        if is_hooked {
            (*fields).tp_setattro = Some(GENERAL);
        }
        let status = GENERAL(object, name, value);
        if is_hooked && writes_by(fields, GENERAL) {
            (*fields).tp_setattro = Some(HOOK);
        }
        status
    }
}

/// Lets a class's instances be written by the hook, where nothing else is in its place. Before 3.13
/// the interpreter refuses `object.__setattr__` for such a class, so there is none.
pub fn hook(class: &Object) {
    // SAFETY: *attached*: the class is one. The hook does what the interpreter's function does.
    unsafe {
        let fields = class.as_type();
        if cfg!(Py_3_13) && writes_by(fields, GENERAL) && !has_dict(fields) {
            (*fields).tp_setattro = Some(HOOK);
        }
    }
}
