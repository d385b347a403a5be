//! The descriptors that the interpreter reads slots through.
//!
//! While nobody needs to know of a slot's reads and writes, its descriptor is CPython's own for
//! `__slots__` members, which the interpreter specializes. Such a descriptor checks the class alone, so
//! it is wrong for a class in which the slot lies elsewhere, and it tells nobody of a write. Before
//! either can happen it is *turned*, in place: its class becomes `slot_descriptor`, which asks the
//! engine. Turning is for good. What was saved of the old one, a bound `__get__` for instance, finds a
//! class without instances in it and refuses every object.

use super::class;
use super::cx::{Cx, Result};
use super::entry::{GetSet, descr_get_entry, descr_set_entry, lent, lent_or, status};
use super::native::Body;
use super::native::known_body;
use super::object::Object;
use super::reach::{follow, link_of};
use super::storage::{Place, companion_of};
use crate::companion::CompanionBody;
use crate::definition::{self, DefinitionBody};
use crate::world::World;
use core::ffi::{CStr, c_int, c_void};
use mortice_slots::{Compare, Name, Row};
use pyo3_ffi as ffi;
use std::ffi::CString;
use std::rc::Rc;

/// The interpreter's definition of a member, with the texts that it points to.
pub struct Member {
    definition: Box<ffi::PyMemberDef>,
    _name: CString,
    _doc: Option<CString>,
}

impl core::fmt::Debug for Member {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Member(+{})", self.definition.offset)
    }
}

/// Makes the interpreter's own descriptor for a slot of a class that lies there. The member must be
/// kept as long as the class.
pub fn member_descriptor(
    cx: Cx<'_>,
    class: &Object,
    name: &str,
    doc: Option<&str>,
    offset: isize,
) -> Result<Option<(Object, Member)>> {
    let (Ok(name), Ok(doc)) = (CString::new(name), doc.map(CString::new).transpose()) else {
        return Ok(None);
    };
    let mut member = Member {
        definition: Box::new(ffi::PyMemberDef {
            name: name.as_ptr(),
            type_code: ffi::Py_T_OBJECT_EX,
            offset,
            flags: 0,
            doc: doc.as_ref().map_or(core::ptr::null(), |doc| doc.as_ptr()),
        }),
        _name: name,
        _doc: doc,
    };
    // SAFETY: *attached*, *counted*; *words*: the class's instances hold an object or null there, and
    // the definition outlives the descriptor, which keeps the class until it is turned.
    let descriptor = unsafe {
        cx.owned(ffi::PyDescr_NewMember(
            class.as_type(),
            &raw mut *member.definition,
        ))?
    };
    Ok(Some((descriptor, member)))
}

/// Lets a member descriptor ask the engine from now on, by a definition.
pub fn turn(cx: Cx<'_>, descriptor: &Object, definition: &Object) {
    let (Some(turned), Some(nobody)) = (cx.turned.get(), cx.nobody.get()) else {
        return;
    };
    // SAFETY: *attached*, *counted*; *turned*: both classes lay their instances out alike, and the old
    // class of a member descriptor is not counted.
    unsafe {
        if ffi::Py_TYPE(descriptor.as_ptr()) != &raw mut ffi::PyMemberDescr_Type {
            return;
        }
        let fields = descriptor.as_ptr().cast::<ffi::PyMemberDescrObject>();
        let common = &mut (*fields).d_common;
        let class = core::mem::replace(&mut common.d_type, nobody.into_ptr().cast());
        let old = core::mem::replace(&mut common.d_qualname, definition.clone().into_ptr());
        (*descriptor.as_ptr()).ob_type = turned.into_ptr().cast();
        drop(Object::from_owned(old));
        drop(Object::from_owned(class.cast()));
    }
}

/// # Safety
///
/// *attached*; *turned*: the object is a turned descriptor.
unsafe fn definition_of(this: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: *turned*, by contract.
    unsafe {
        (*this.cast::<ffi::PyMemberDescrObject>())
            .d_common
            .d_qualname
    }
}

/// `definition.__get__`: the value in the object's own place where nothing else is to be asked, else
/// what the engine says.
unsafe extern "C" fn definition_get(
    this: *mut ffi::PyObject,
    object: *mut ffi::PyObject,
    owner: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: *attached*, *borrowed*, *bodies*: the interpreter calls a definition. Nothing of a
    // program runs before the quick answer is there.
    unsafe {
        if !object.is_null() {
            let body = known_body::<DefinitionBody>(this);
            if let Some((place, row)) = body.place_of(lent(&object)) {
                let companion = place.companion(object);
                let link = match companion.is_null() {
                    true => None,
                    false => link_of(companion, row.name),
                };
                let value = match link {
                    None => place.value(object),
                    Some(link) => linked_value(link, body),
                };
                if let Some(value) = Object::from_borrowed(value) {
                    return value.into_ptr();
                }
            }
        }
        get_further(this, object, owner)
    }
}

/// As [`definition_get`], for what takes longer.
///
/// # Safety
///
/// As for that.
#[inline(never)]
unsafe extern "C" fn get_further(
    this: *mut ffi::PyObject,
    object: *mut ffi::PyObject,
    owner: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: *attached*, *borrowed*, *bodies*, by contract.
    unsafe {
        if !object.is_null() {
            let body = known_body::<DefinitionBody>(this);
            let object = lent(&object);
            if let Some((name, row)) = body.place_in(object) {
                if let Some(companion) = companion_of(object)
                    && let Some(link) = link_of(companion, name)
                    && let Some(value) = Object::from_borrowed(linked_value(link, body))
                {
                    return value.into_ptr();
                }
                let cx = Cx::new(body.world());
                if let Some(value) = cx.engine.quick_value(cx, object, name, row) {
                    return value.into_ptr();
                }
            }
        }
        descr_get_entry(definition::get)(this, object, owner)
    }
}

/// The value at the end of a slot's delegation, or null where that is not to be told at once.
///
/// # Safety
///
/// *attached*; the delegation was found just now.
#[inline]
unsafe fn linked_value(
    link: (*mut ffi::PyObject, Name),
    body: &DefinitionBody,
) -> *mut ffi::PyObject {
    // SAFETY: *attached*, by contract; *words*: the end's place is its own.
    unsafe {
        match follow(link, body.reach()) {
            Some(end) => end.place.value(end.object),
            None => core::ptr::null_mut(),
        }
    }
}

/// The definition that a descriptor asks: itself, or the one that it was turned to.
pub(super) fn definition_behind(descriptor: &Object) -> Option<Object> {
    // SAFETY: *attached*, *counted*; *turned*, *bodies*: the function tells what it is for. A class
    // that inherits from the definition's may have another one.
    unsafe {
        let set = (*ffi::Py_TYPE(descriptor.as_ptr())).tp_descr_set?;
        if core::ptr::fn_addr_eq(set, turned_set as ffi::descrsetfunc) {
            return Object::from_borrowed(definition_of(descriptor.as_ptr()));
        }
        let is_definition = core::ptr::fn_addr_eq(set, definition_set as ffi::descrsetfunc);
        is_definition.then(|| descriptor.clone())
    }
}

/// `definition.__set__` and `definition.__delete__`.
///
/// # Safety
///
/// *attached*, *bodies*: the first object is a definition.
pub(super) unsafe extern "C" fn definition_set(
    this: *mut ffi::PyObject,
    object: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: *attached*, *borrowed*, *bodies*: the interpreter calls a definition.
    unsafe {
        let body = known_body::<DefinitionBody>(this);
        let receiver = lent(&object);
        if let Some((place, row)) = body.place_of(receiver)
            && let Some(value) = lent_or(&value)
            && let Some(status) = set_place(this, object, place, row, value)
        {
            return status;
        }
        if let Some((name, row)) = body.place_in(receiver) {
            let world = Rc::clone(body.world());
            let cx = Cx::new(&world);
            return status(cx.engine.set(cx, receiver, name, row, lent_or(&value)));
        }
        descr_set_entry(definition::set)(this, object, value)
    }
}

/// Writes a slot without rules, which lies there in the object's class; nothing where more is to be
/// asked.
///
/// # Safety
///
/// *attached*, *words*; *bodies*: the first object is a definition, that of the slot. It is not asked again
/// once code of a program ran.
#[inline(always)]
pub(super) unsafe fn set_place(
    definition: *mut ffi::PyObject,
    object: *mut ffi::PyObject,
    place: Place,
    row: Row,
    value: &Object,
) -> Option<c_int> {
    // SAFETY: *attached*, *words*, *bodies*, by contract.
    unsafe {
        let body = known_body::<DefinitionBody>(definition);
        let companion = place.companion(object);
        if companion.is_null() {
            if body.world().engine.is_unnoted(row.name) {
                place.write(object, value);
                return Some(0);
            }
        } else if holds_already(body.world(), companion, object, place, row, value) {
            return Some(0);
        } else if let Some(link) = link_of(companion, row.name) {
            let end = follow(link, body.reach())?;
            let target = Object::from_borrowed(end.object)?;
            return set_end(body, &target, end.companion, end.row, value);
        }
        set_end(body, lent(&object), companion, row, value)
    }
}

/// Tells whether the slot of an instance holds a value already, and nothing but one observer hangs on the
/// instance, whose companion this is: then to write it again changes nothing for anybody.
///
/// # Safety
///
/// *attached*, *words*, *bodies*.
#[inline]
pub(super) unsafe fn holds_already(
    world: &World,
    companion: *mut ffi::PyObject,
    object: *mut ffi::PyObject,
    place: Place,
    row: Row,
    value: &Object,
) -> bool {
    // SAFETY: *attached*, *words*, *bodies*, by contract.
    unsafe {
        place.value(object) == value.as_ptr()
            && known_body::<CompanionBody>(companion).is_solo()
            && row.compare != Compare::Always
            && !world.engine.is_holding()
    }
}

/// Writes a slot without rules of an object with this companion or none, which is not delegated; nothing
/// where more is to be asked.
///
/// # Safety
///
/// *attached*; the pointer is null, or the object's companion.
#[inline(always)]
unsafe fn set_end(
    body: &DefinitionBody,
    object: &Object,
    companion: *mut ffi::PyObject,
    row: Row,
    value: &Object,
) -> Option<c_int> {
    let world = Rc::clone(body.world());
    // SAFETY: *attached*, *counted*, by contract.
    unsafe {
        let cx = Cx::new(&world);
        let companion = Object::from_borrowed(companion);
        let engine = &cx.engine;
        let done = engine.quick_set_here(cx, object, row, companion.as_ref(), value)?;
        Some(status(done))
    }
}

/// The slots by which a definition is a descriptor.
pub fn definition_slots() -> [(c_int, *mut c_void); 2] {
    [
        (ffi::Py_tp_descr_get, definition_get as *mut c_void),
        (ffi::Py_tp_descr_set, definition_set as *mut c_void),
    ]
}

unsafe extern "C" fn turned_get(
    this: *mut ffi::PyObject,
    object: *mut ffi::PyObject,
    owner: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: *attached*; *turned*: what is called is a definition.
    unsafe {
        if object.is_null() {
            ffi::Py_INCREF(this);
            return this;
        }
        definition_get(definition_of(this), object, owner)
    }
}

unsafe extern "C" fn turned_set(
    this: *mut ffi::PyObject,
    object: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: *attached*; *turned*: what is called is a definition.
    unsafe { definition_set(definition_of(this), object, value) }
}

unsafe extern "C" fn turned_attribute(
    this: *mut ffi::PyObject,
    name: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: *attached*; *turned*: what the descriptor itself has not is the definition's.
    unsafe {
        let found = ffi::PyObject_GenericGetAttr(this, name);
        if !found.is_null() || ffi::PyErr_ExceptionMatches(ffi::PyExc_AttributeError) == 0 {
            return found;
        }
        ffi::PyErr_Clear();
        ffi::PyObject_GetAttr(definition_of(this), name)
    }
}

/// `__doc__` is an attribute of the class, so that it is found by `object.__getattribute__` too, which is
/// how `help` looks for it.
static TURNED_ATTRIBUTES: [GetSet; 2] = [GetSet::native(c"__doc__", turned_doc), GetSet::END];

unsafe extern "C" fn turned_doc(this: *mut ffi::PyObject, _: *mut c_void) -> *mut ffi::PyObject {
    // SAFETY: *attached*; *turned*.
    unsafe { ffi::PyObject_GetAttrString(definition_of(this), c"__doc__".as_ptr()) }
}

unsafe extern "C" fn turned_repr(this: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: *attached*; *turned*.
    unsafe { ffi::PyObject_Repr(definition_of(this)) }
}

unsafe extern "C" fn turned_traverse(
    this: *mut ffi::PyObject,
    visit: ffi::visitproc,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: *attached*; *turned*.
    unsafe {
        let fields = this.cast::<ffi::PyMemberDescrObject>();
        let common = &(*fields).d_common;
        for object in [
            ffi::Py_TYPE(this).cast(),
            common.d_type.cast(),
            common.d_qualname,
        ] {
            match visit(object, argument) {
                0 => {}
                status => return status,
            }
        }
        0
    }
}

unsafe extern "C" fn turned_dealloc(this: *mut ffi::PyObject) {
    // SAFETY: *attached*; *turned*: nobody refers to the descriptor, whose own class frees it; the
    // class that it was given counts its instances.
    unsafe {
        let class = ffi::Py_TYPE(this);
        if let Some(of_member) = ffi::PyMemberDescr_Type.tp_dealloc {
            of_member(this);
        }
        ffi::Py_DECREF(class.cast());
    }
}

/// Makes the class of turned descriptors, and the class that has no instances.
pub fn make_turned(cx: Cx<'_>, module: &Object) -> Result<(Object, Object)> {
    let slot = |slot: c_int, pointer: *mut c_void| ffi::PyType_Slot {
        slot,
        pfunc: pointer,
    };
    let make = |name: &'static CStr, basicsize: c_int, gc: bool, slots: &mut [ffi::PyType_Slot]| {
        let mut flags = ffi::Py_TPFLAGS_DEFAULT
            | ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION
            | ffi::Py_TPFLAGS_IMMUTABLETYPE;
        if gc {
            flags |= ffi::Py_TPFLAGS_HAVE_GC;
        }
        let mut spec = ffi::PyType_Spec {
            name: name.as_ptr(),
            basicsize,
            itemsize: 0,
            flags: flags as core::ffi::c_uint,
            slots: slots.as_mut_ptr(),
        };
        let none = core::ptr::null_mut();
        // SAFETY: *attached*, *counted*; the spec has the form that the call reads.
        unsafe {
            cx.owned(ffi::PyType_FromModuleAndSpec(
                module.as_ptr(),
                &raw mut spec,
                none,
            ))
        }
    };
    let size = size_of::<ffi::PyMemberDescrObject>() as c_int;
    let turned = make(
        c"mortice.slot_descriptor",
        size,
        true,
        &mut [
            slot(ffi::Py_tp_descr_get, turned_get as *mut c_void),
            slot(ffi::Py_tp_descr_set, turned_set as *mut c_void),
            slot(ffi::Py_tp_getattro, turned_attribute as *mut c_void),
            slot(
                ffi::Py_tp_getset,
                TURNED_ATTRIBUTES.as_ptr().cast_mut().cast(),
            ),
            slot(ffi::Py_tp_repr, turned_repr as *mut c_void),
            slot(ffi::Py_tp_traverse, turned_traverse as *mut c_void),
            slot(ffi::Py_tp_dealloc, turned_dealloc as *mut c_void),
            slot(0, core::ptr::null_mut()),
        ],
    )?;
    let head = size_of::<ffi::PyObject>() as c_int;
    let nobody = make(
        c"mortice.nobody",
        head,
        false,
        &mut [slot(0, core::ptr::null_mut())],
    )?;
    Ok((turned, nobody))
}

/// Tells whether a descriptor is the interpreter's own.
pub fn is_member(descriptor: &Object) -> bool {
    // SAFETY: *attached*.
    unsafe { ffi::Py_TYPE(descriptor.as_ptr()) == &raw mut ffi::PyMemberDescr_Type }
}

/// Tells whether an object's class is the one at an address.
#[inline]
pub fn is_of(object: &Object, class: *mut ffi::PyObject) -> bool {
    // SAFETY: *attached*.
    unsafe { ffi::Py_TYPE(object.as_ptr()) == class.cast() }
}

/// Tells whether an object's class is another, or inherits from it; the address is that of a class or
/// null.
#[inline]
pub fn fits(object: &Object, owner: *mut ffi::PyObject) -> bool {
    if owner.is_null() {
        return false;
    }
    // SAFETY: *attached*: the owner of a definition is a class.
    unsafe {
        let of = ffi::Py_TYPE(object.as_ptr());
        of == owner.cast()
            || (class::state_of_instance(object).is_some()
                && ffi::PyType_IsSubtype(of, owner.cast()) != 0)
    }
}
