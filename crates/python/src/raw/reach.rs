//! Where delegations lead: the slot of another object, found without the engine.
//!
//! Where an object's slot is delegated to can change at any time, so it is searched in the object's
//! companion whenever it is asked. What the target's class says of its slot is remembered by the
//! definition that was asked, for the version that the interpreter has given the class: no two classes
//! ever have the same, and a class with instances changes no slot.

use super::class::state_of_instance;
use super::entry::lent;
use super::native::known_body;
use super::object::Object;
use super::storage::Place;
use crate::companion::CompanionBody;
use core::cell::Cell;
use core::ffi::c_int;
use mortice_slots::{Name, Row, SlotFlags};
use pyo3_ffi as ffi;

// SAFETY: *constant*: the interpreter's own declaration, which the bindings leave out.
unsafe extern "C" {
    fn PyUnstable_Type_AssignVersionTag(class: *mut ffi::PyTypeObject) -> c_int;
}

/// What a class says of the slot that a delegation led to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reach {
    /// The version of the class.
    version: u32,
    /// Nothing for version 0, which no class has.
    found: Option<(Place, Row)>,
}

/// The slot at the end of one delegation, which is delegated no further.
#[derive(Clone, Copy)]
pub(super) struct End {
    /// The object, which the delegation keeps.
    pub(super) object: *mut ffi::PyObject,
    /// Its companion, or null.
    pub(super) companion: *mut ffi::PyObject,
    pub(super) place: Place,
    pub(super) row: Row,
}

/// Where a slot of the object with this companion is delegated to, if it is.
///
/// # Safety
///
/// *bodies*: the pointer is a companion.
#[inline]
pub(super) unsafe fn link_of(
    companion: *mut ffi::PyObject,
    name: Name,
) -> Option<(*mut ffi::PyObject, Name)> {
    // SAFETY: *bodies*, by contract.
    unsafe { known_body::<CompanionBody>(companion).link(name) }
}

/// Follows a delegation; nothing where it does not end at an ordinary slot of the target.
///
/// # Safety
///
/// *attached*; the delegation was found just now.
#[inline(always)]
pub(super) unsafe fn follow(
    (object, other): (*mut ffi::PyObject, Name),
    known: &Cell<Reach>,
) -> Option<End> {
    // SAFETY: *attached*, *bodies*, by contract; *words*: what is known is of the target's class.
    unsafe {
        let version = (*ffi::Py_TYPE(object)).tp_version_tag;
        let reach = known.get();
        let (place, row) = match reach.found {
            Some(found) if reach.version == version && found.1.name == other => found,
            _ => ask(object, other, known)?,
        };
        let companion = place.companion(object);
        let leads_on =
            !companion.is_null() && known_body::<CompanionBody>(companion).link(other).is_some();
        (!leads_on).then_some(End {
            object,
            companion,
            place,
            row,
        })
    }
}

/// Asks the class of a target, and remembers what it says.
///
/// # Safety
///
/// *attached*; the pointer is an object.
#[inline(never)]
unsafe fn ask(object: *mut ffi::PyObject, name: Name, known: &Cell<Reach>) -> Option<(Place, Row)> {
    // SAFETY: *attached*, by contract.
    unsafe {
        let object = lent(&object);
        let state = state_of_instance(object)?;
        let (_, row) = state.parts().find(name, usize::MAX)?;
        if row.flags.has(SlotFlags::DELEGATED) || row.place == Row::NO_PLACE {
            return None;
        }
        let class: Object = object.class();
        let found = (state.storage().place(row.place)?, row);
        if (*class.as_type()).tp_version_tag == 0 {
            PyUnstable_Type_AssignVersionTag(class.as_type());
        }
        let version = (*class.as_type()).tp_version_tag;
        if version != 0 {
            let found = Some(found);
            known.set(Reach { version, found });
        }
        Some(found)
    }
}
