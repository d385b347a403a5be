//! The storage of the instances of one class: where each slot lies, and the words themselves.

use super::class::state_of_instance;
use super::cx::{Cx, Result};
use super::object::Object;
use core::cell::{Cell, RefCell};
use core::ffi::c_void;
use pyo3_ffi as ffi;

// SAFETY: *constant*: the interpreter's own declaration, which the bindings leave out.
unsafe extern "C" {
    pub(super) fn PyObject_GetItemData(object: *mut ffi::PyObject) -> *mut c_void;
}

/// Bytes of a word.
pub(super) const WORD: isize = size_of::<*mut ffi::PyObject>() as isize;

/// Words that a class has in reserve for slots that are added later.
pub const SPARE_WORDS: usize = 32;

/// The storage of a class's instances.
#[derive(Debug, Default)]
pub struct Storage {
    /// The place of the companion.
    pub(super) companion: Cell<isize>,
    /// The place of each slot, by its place in storage order.
    offsets: RefCell<Vec<isize>>,
    /// The first of the class's own words.
    pub(super) first: Cell<isize>,
    /// The class's own words, those in reserve included.
    pub(super) words: Cell<usize>,
    /// The place of the first word among the interpreter's member definitions.
    pub(super) member: Cell<usize>,
    /// The size of an instance.
    pub(super) size: Cell<isize>,
    /// Bytes that the class adds beside its slots.
    pub(super) plain: Cell<isize>,
}

unsafe extern "C" fn free_of_open(object: *mut c_void) {
    // SAFETY: *attached*; the object is one of the collector's, and nobody refers to it.
    unsafe { ffi::PyObject_GC_Del(object) }
}

impl Storage {
    /// Lays the class's slots out: those that its primary base has lie there, the others in words of
    /// its own, in this order. False where there are not enough words.
    ///
    /// The class has no instances yet.
    pub fn lay_out(&self, class: &Object, places: &[Option<isize>]) -> bool {
        let own = places.iter().filter(|place| place.is_none()).count();
        if own > self.words.get() {
            return false;
        }
        let mut next = self.first.get();
        let offsets = places.iter().map(|place| {
            place.unwrap_or_else(|| {
                next += WORD;
                next - WORD
            })
        });
        let offsets = offsets.collect();
        // SAFETY: *attached*; *words*: a word is a member of the interpreter's exactly while it lies
        // in the instances.
        unsafe {
            let members = PyObject_GetItemData(class.as_ptr()).cast::<ffi::PyMemberDef>();
            for index in 0..self.words.get() {
                let member = &mut *members.add(self.member.get() + index);
                member.type_code = match index < own {
                    true => ffi::Py_T_OBJECT_EX,
                    false => ffi::Py_T_INT,
                };
            }
            let size = self.first.get() + own as isize * WORD;
            self.size.set(size);
            (*class.as_type()).tp_basicsize = size;
        }
        *self.offsets.borrow_mut() = offsets;
        true
    }

    /// Where a slot lies in the instances.
    pub fn offset(&self, place: u16) -> Option<isize> {
        self.offsets.borrow().get(usize::from(place)).copied()
    }

    /// Bytes of an instance that lie before its slots.
    pub fn before(&self) -> isize {
        let first = self.offsets.borrow().iter().min().copied();
        first.unwrap_or(self.size.get())
    }

    /// Keeps objects of other classes out while slots can be added to the class: the interpreter
    /// refuses `__class__` between classes that free their instances by different functions.
    pub fn open(&self, class: &Object) {
        // SAFETY: *attached*; the function frees as the other one does.
        unsafe { (*class.as_type()).tp_free = Some(free_of_open) };
    }

    /// Ends [`Storage::open`]. What the interpreter knows of the class's `__slots__` is cut to those
    /// that lie in the instances, so that its own comparison of storages is right.
    pub fn close(&self, cx: Cx<'_>, class: &Object) -> Result<()> {
        let own = (self.size.get() - self.first.get()) / WORD;
        let spare = self.words.get() as isize - own;
        // SAFETY: *attached*, *counted*; the class keeps its tuple of names, which the definitions of
        // its members point into: those of the words in reserve are given another text.
        unsafe {
            let heap = class.as_ptr().cast::<ffi::PyHeapTypeObject>();
            if let Some(names) = Object::from_borrowed((*heap).ht_slots) {
                let count = ffi::PyTuple_Size(names.as_ptr());
                let kept = ffi::PyTuple_GetSlice(names.as_ptr(), 0, count - spare);
                let kept = cx.owned(kept)?;
                let members = PyObject_GetItemData(class.as_ptr()).cast::<ffi::PyMemberDef>();
                for index in own as usize..self.words.get() {
                    (*members.add(self.member.get() + index)).name = c"".as_ptr();
                }
                drop(Object::from_owned(core::mem::replace(
                    &mut (*heap).ht_slots,
                    kept.into_ptr(),
                )));
                // The interpreter walks over as many members when an instance ends or is visited.
                let own = (self.member.get() + own as usize) as ffi::Py_ssize_t;
                (*class.as_ptr().cast::<ffi::PyVarObject>()).ob_size = own;
            }
            (*class.as_type()).tp_free = Some(ffi::PyObject_GC_Del);
        }
        Ok(())
    }

    /// The word of a slot in an instance of the class.
    #[inline]
    fn word(&self, object: &Object, place: u16) -> Option<*mut *mut ffi::PyObject> {
        let offset = self.offset(place)?;
        // SAFETY: *words*: the instance is that large, and holds an object or null there.
        Some(unsafe { object.as_ptr().byte_offset(offset).cast() })
    }
}

/// Where a slot and the companion lie in the instances of one class.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    word: u32,
    companion: u32,
}

impl Place {
    /// What the slot's word holds: an object or null.
    ///
    /// # Safety
    ///
    /// *attached*, *words*: the object is an instance of the very class, or of one that is laid out as
    /// that is.
    #[inline]
    pub(super) unsafe fn value(self, object: *mut ffi::PyObject) -> *mut ffi::PyObject {
        // SAFETY: *words*, by contract.
        unsafe { *object.byte_add(self.word as usize).cast() }
    }

    /// The companion of an instance, or null.
    ///
    /// # Safety
    ///
    /// As for [`Place::value`].
    #[inline]
    pub(super) unsafe fn companion(self, object: *mut ffi::PyObject) -> *mut ffi::PyObject {
        // SAFETY: *words*, by contract.
        unsafe { *object.byte_add(self.companion as usize).cast() }
    }

    /// Writes the slot.
    ///
    /// # Safety
    ///
    /// As for [`Place::value`].
    #[inline]
    pub(super) unsafe fn write(self, object: *mut ffi::PyObject, value: &Object) {
        // SAFETY: *attached*, *counted*, *words*, by contract: the old reference comes out, the new one
        // goes in.
        unsafe {
            let word = object
                .byte_add(self.word as usize)
                .cast::<*mut ffi::PyObject>();
            let old = core::ptr::replace(word, value.clone().into_ptr());
            drop(Object::from_owned(old));
        }
    }
}

impl Storage {
    /// Where a slot and the companion lie in instances of the class.
    #[inline]
    pub fn place(&self, place: u16) -> Option<Place> {
        Some(Place {
            word: self.offset(place)?.try_into().ok()?,
            companion: self.companion.get().try_into().ok()?,
        })
    }
}

/// The value in a place of an instance.
#[inline]
pub fn load(object: &Object, place: u16) -> Option<Object> {
    let word = state_of_instance(object)?.storage().word(object, place)?;
    // SAFETY: *attached*, *counted*; *words*: the instance keeps what its word holds.
    unsafe { Object::from_borrowed(*word) }
}

/// Tells whether a place of an instance holds a value; nothing where it is empty.
#[inline]
pub fn holds(object: &Object, place: u16, value: &Object) -> Option<bool> {
    let word = state_of_instance(object)?.storage().word(object, place)?;
    // SAFETY: *attached*; *words*.
    let held = unsafe { *word };
    (!held.is_null()).then_some(held == value.as_ptr())
}

/// Exchanges the value in a place of an instance.
#[inline]
pub fn store(object: &Object, place: u16, value: Option<Object>) -> Option<Object> {
    let word = state_of_instance(object)?.storage().word(object, place)?;
    let value = value.map_or(core::ptr::null_mut(), Object::into_ptr);
    // SAFETY: *attached*, *counted*; *words*: the old reference comes out, the new one goes in.
    unsafe { Object::from_owned(core::ptr::replace(word, value)) }
}

/// Gives places of an instance values, where they are empty.
#[inline]
pub fn fill(object: &Object, values: &[(u16, Object)]) {
    let Some(state) = state_of_instance(object) else {
        return;
    };
    for (place, value) in values {
        let Some(word) = state.storage().word(object, *place) else {
            continue;
        };
        // SAFETY: *attached*, *counted*; *words*: the word takes the reference.
        unsafe {
            if (*word).is_null() {
                *word = value.clone().into_ptr();
            }
        }
    }
}

/// Gives places of an instance values.
#[inline]
pub fn store_all(object: &Object, places: &[u16], values: &[Object]) {
    let Some(state) = state_of_instance(object) else {
        return;
    };
    for (place, value) in places.iter().zip(values) {
        let Some(word) = state.storage().word(object, *place) else {
            continue;
        };
        let value = value.clone().into_ptr();
        // SAFETY: *attached*, *counted*; *words*: the old reference comes out, the new one goes in.
        drop(unsafe { Object::from_owned(core::ptr::replace(word, value)) });
    }
}

/// The address of what stands in the companion's word of an instance.
#[inline]
pub(super) fn companion_of(object: &Object) -> Option<*mut ffi::PyObject> {
    let state = state_of_instance(object)?;
    // SAFETY: *attached*; *words*.
    let companion = unsafe {
        let word = object.as_ptr().byte_offset(state.storage().companion.get());
        *word.cast::<*mut ffi::PyObject>()
    };
    (!companion.is_null()).then_some(companion)
}

/// What stands in the companion's word of an instance.
#[inline]
pub fn companion(object: &Object) -> Option<Object> {
    let state = state_of_instance(object)?;
    // SAFETY: *attached*, *counted*; *words*.
    unsafe {
        let word = object.as_ptr().byte_offset(state.storage().companion.get());
        Object::from_borrowed(*word.cast::<*mut ffi::PyObject>())
    }
}

/// Gives an instance a companion, where it has none.
pub fn set_companion(object: &Object, made: Object) {
    let Some(state) = state_of_instance(object) else {
        return;
    };
    // SAFETY: *attached*, *counted*; *words*: the word takes the reference.
    unsafe {
        let word = object.as_ptr().byte_offset(state.storage().companion.get());
        let word = word.cast::<*mut ffi::PyObject>();
        if (*word).is_null() {
            *word = made.into_ptr();
        }
    }
}

/// Who an address belongs to, while that object lives: its count is zero from the moment that its
/// end begins.
///
/// # Safety
///
/// *attached*; *owners*: the address is null, or that of an object whose memory is still its own.
pub(super) unsafe fn living(address: *mut ffi::PyObject) -> Option<Object> {
    // SAFETY: *owners*, by contract.
    unsafe {
        if address.is_null() || ffi::Py_REFCNT(address) <= 0 {
            return None;
        }
        Object::from_borrowed(address)
    }
}

/// The address of an instance that is not kept: what its companion knows of it.
#[derive(Debug)]
pub struct Owner(Cell<*mut ffi::PyObject>);

impl Owner {
    /// Knows an instance, which must call [`Owner::part`] before its memory ends: the companion in
    /// its word does, and is cleared before that.
    pub fn of(object: &Object) -> Owner {
        Owner(Cell::new(object.as_ptr()))
    }

    /// The instance, while it lives.
    pub fn get(&self) -> Option<Object> {
        // SAFETY: *attached*; *owners*: the companion parts from its owner before the memory ends.
        unsafe { living(self.0.get()) }
    }

    /// Forgets the instance.
    pub fn part(&self) {
        self.0.set(core::ptr::null_mut());
    }
}
