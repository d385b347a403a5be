//! The ways from the interpreter into the crate: one generic C function for each shape of call.
//!
//! A safe function is turned into a C function by naming its type: a function item has no bytes, so
//! the generic entry can call it without being given it.

use super::cx::{Cx, Result};
use super::native::{Body, body};
use super::object::Object;
use crate::memory::collected;
use crate::world::World;
use core::ffi::{CStr, c_int, c_void};
use core::mem::MaybeUninit;
use pyo3_ffi as ffi;
use std::rc::Rc;

/// An entry of a table of methods, which ends with [`Method::END`].
#[repr(transparent)]
pub struct Method(ffi::PyMethodDef);

/// An entry of a table of computed attributes, which ends with [`GetSet::END`].
#[repr(transparent)]
pub struct GetSet(ffi::PyGetSetDef);

// SAFETY: *constant*: the entries are never written.
unsafe impl Sync for Method {}
// SAFETY: *constant*: the entries are never written.
unsafe impl Sync for GetSet {}

/// The arguments of a call.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    positional: &'a [Object],
    values: &'a [Object],
    names: Option<&'a Object>,
}

impl<'a> Args<'a> {
    /// The positional ones.
    pub fn positional(&self) -> &'a [Object] {
        self.positional
    }

    /// The keywords.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn keywords(&self, cx: Cx<'_>) -> Result<Vec<(Object, Object)>> {
        let names = match self.names {
            Some(names) => cx.items(names)?.unwrap_or_default(),
            None => return collected(cx, []),
        };
        collected(cx, names.into_iter().zip(self.values.iter().cloned()))
    }
}

/// Calls a function item of which only the type is known.
#[inline(always)]
fn item<F: Copy + 'static>() -> F {
    const { assert!(size_of::<F>() == 0, "only function items have entries") };
    // SAFETY: *items*: the type has no bytes, and there was a value when the table was written.
    unsafe { MaybeUninit::<F>::zeroed().assume_init() }
}

/// Hands an answer to the interpreter.
#[inline]
fn answer(result: Result<Object>) -> *mut ffi::PyObject {
    match result {
        Ok(object) => object.into_ptr(),
        Err(raised) => {
            raised.restore();
            core::ptr::null_mut()
        }
    }
}

pub(super) fn status(result: Result<()>) -> c_int {
    match result {
        Ok(()) => 0,
        Err(raised) => {
            raised.restore();
            -1
        }
    }
}

/// An object of which the caller keeps a reference for as long as the call lasts.
///
/// # Safety
///
/// *attached*; *borrowed*: the pointer is no null pointer, and lives as long as the answer.
#[inline]
pub(super) unsafe fn lent(pointer: &*mut ffi::PyObject) -> &Object {
    // SAFETY: *borrowed*: an object is a pointer, and a shared reference never drops it.
    unsafe { &*core::ptr::from_ref(pointer).cast::<Object>() }
}

/// As [`lent`], for a pointer that may be null.
///
/// # Safety
///
/// As for [`lent`].
pub(super) unsafe fn lent_or(pointer: &*mut ffi::PyObject) -> Option<&Object> {
    // SAFETY: *borrowed*, by contract.
    (!pointer.is_null()).then(|| unsafe { lent(pointer) })
}

/// # Safety
///
/// *attached*; *borrowed*: the pointers are those that the interpreter passes to a vectorcall.
unsafe fn arguments<'a>(
    first: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    names: &'a *mut ffi::PyObject,
) -> Args<'a> {
    // SAFETY: *borrowed*: `count` references at `first`, and one behind them for each name.
    unsafe {
        let names = lent_or(names);
        let keywords = names.map_or(0, |names| ffi::PyTuple_Size(names.as_ptr()));
        let all: &[Object] = match first.is_null() {
            true => &[],
            false => core::slice::from_raw_parts(first.cast(), (count + keywords) as usize),
        };
        let (positional, values) = all.split_at(count as usize);
        Args {
            positional,
            values,
            names,
        }
    }
}

/// Finds the body and the state of the module for a call on a native object.
///
/// # Safety
///
/// *attached*.
#[inline]
unsafe fn on_body<T: Body, R>(
    this: &Object,
    act: impl FnOnce(Cx<'_>, &T) -> Result<R>,
) -> Result<R> {
    match body::<T>(this) {
        Some(body) => {
            let world = Rc::clone(body.world());
            // SAFETY: *attached*, by contract.
            act(unsafe { Cx::new(&world) }, body)
        }
        None => {
            // SAFETY: *attached*: the interpreter's own words for the wrong receiver.
            unsafe { ffi::PyErr_BadInternalCall() };
            Err(super::cx::taken())
        }
    }
}

unsafe extern "C" fn method_entry<T: Body, F>(
    this: *mut ffi::PyObject,
    first: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject
where
    F: Fn(Cx<'_>, &Object, &T, Args<'_>) -> Result<Object> + Copy + 'static,
{
    // SAFETY: *attached*, *borrowed*: the interpreter calls.
    unsafe {
        let (this, args) = (lent(&this), arguments(first, count, &names));
        answer(on_body(this, |cx, body| item::<F>()(cx, this, body, args)))
    }
}

impl Method {
    /// The end of a table.
    pub const END: Method = Method(ffi::PyMethodDef::zeroed());

    /// `__class_getitem__`, for annotations such as `Change[int]`.
    pub const GENERIC: Method = Method(ffi::PyMethodDef {
        ml_name: c"__class_getitem__".as_ptr(),
        ml_meth: ffi::PyMethodDefPointer {
            PyCFunction: ffi::Py_GenericAlias,
        },
        ml_flags: ffi::METH_O | ffi::METH_CLASS,
        ml_doc: c"The class with type arguments, which mean nothing when a program runs.".as_ptr(),
    });

    /// A method of a native class.
    pub const fn new<T: Body, F>(name: &'static CStr, function: F, doc: &'static CStr) -> Method
    where
        F: Fn(Cx<'_>, &Object, &T, Args<'_>) -> Result<Object> + Copy + 'static,
    {
        let _ = function;
        Method::fast(name, method_entry::<T, F>, doc)
    }

    /// A function of the module.
    pub const fn function<F>(name: &'static CStr, function: F, doc: &'static CStr) -> Method
    where
        F: Fn(Cx<'_>, Args<'_>) -> Result<Object> + Copy + 'static,
    {
        let _ = function;
        Method::fast(name, function_entry::<F>, doc)
    }

    const fn fast(
        name: &'static CStr,
        function: ffi::PyCFunctionFastWithKeywords,
        doc: &'static CStr,
    ) -> Method {
        Method(ffi::PyMethodDef {
            ml_name: name.as_ptr(),
            ml_meth: ffi::PyMethodDefPointer {
                PyCFunctionFastWithKeywords: function,
            },
            ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS,
            ml_doc: doc.as_ptr(),
        })
    }
}

unsafe extern "C" fn function_entry<F>(
    module: *mut ffi::PyObject,
    first: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject
where
    F: Fn(Cx<'_>, Args<'_>) -> Result<Object> + Copy + 'static,
{
    // SAFETY: *attached*, *borrowed*: the interpreter calls.
    unsafe {
        let Some(world) = world_of_module(module) else {
            return core::ptr::null_mut();
        };
        let args = arguments(first, count, &names);
        answer(item::<F>()(Cx::new(&world), args))
    }
}

/// Calls with the state of the module that made an instance's class.
///
/// # Safety
///
/// *attached*.
#[inline]
pub(super) unsafe fn with_class_world<R>(
    this: &Object,
    act: impl FnOnce(Cx<'_>) -> Result<R>,
) -> Result<R> {
    let class = this.class();
    match crate::class::state(&class) {
        Some(state) => {
            let world = Rc::clone(state.world());
            // SAFETY: *attached*, by contract.
            act(unsafe { Cx::new(&world) })
        }
        None => {
            // SAFETY: *attached*.
            unsafe { ffi::PyErr_BadInternalCall() };
            Err(super::cx::taken())
        }
    }
}

unsafe extern "C" fn get_entry<T: Body, F>(
    this: *mut ffi::PyObject,
    _: *mut c_void,
) -> *mut ffi::PyObject
where
    F: Fn(Cx<'_>, &Object, &T) -> Result<Object> + Copy + 'static,
{
    // SAFETY: *attached*, *borrowed*: the interpreter calls.
    unsafe {
        let this = lent(&this);
        answer(on_body(this, |cx, body| item::<F>()(cx, this, body)))
    }
}

unsafe extern "C" fn base_get_entry<F>(
    this: *mut ffi::PyObject,
    _: *mut c_void,
) -> *mut ffi::PyObject
where
    F: Fn(Cx<'_>, &Object) -> Result<Object> + Copy + 'static,
{
    // SAFETY: *attached*, *borrowed*: the interpreter calls.
    unsafe {
        let this = lent(&this);
        answer(with_class_world(this, |cx| item::<F>()(cx, this)))
    }
}

unsafe extern "C" fn base_set_entry<F>(
    this: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
    _: *mut c_void,
) -> c_int
where
    F: Fn(Cx<'_>, &Object, Option<&Object>) -> Result<()> + Copy + 'static,
{
    // SAFETY: *attached*, *borrowed*: the interpreter calls.
    unsafe {
        let (this, value) = (lent(&this), lent_or(&value));
        status(with_class_world(this, |cx| item::<F>()(cx, this, value)))
    }
}

unsafe extern "C" fn refuse_write(
    _: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
    _: *mut c_void,
) -> c_int {
    // SAFETY: *attached*: the interpreter calls.
    unsafe {
        ffi::PyErr_SetString(ffi::PyExc_AttributeError, c"readonly attribute".as_ptr());
    }
    -1
}

impl GetSet {
    /// The end of a table.
    pub const END: GetSet = GetSet(ffi::PyGetSetDef {
        name: core::ptr::null(),
        get: None,
        set: None,
        doc: core::ptr::null(),
        closure: core::ptr::null_mut(),
    });

    /// An attribute of a native class that can be read.
    pub const fn get<T: Body, F>(name: &'static CStr, function: F) -> GetSet
    where
        F: Fn(Cx<'_>, &Object, &T) -> Result<Object> + Copy + 'static,
    {
        let _ = function;
        GetSet(ffi::PyGetSetDef {
            name: name.as_ptr(),
            get: Some(get_entry::<T, F>),
            set: None,
            doc: core::ptr::null(),
            closure: core::ptr::null_mut(),
        })
    }

    /// An attribute that can be read, and says so where it is written.
    pub const fn readonly<T: Body, F>(name: &'static CStr, function: F) -> GetSet
    where
        F: Fn(Cx<'_>, &Object, &T) -> Result<Object> + Copy + 'static,
    {
        let mut entry = GetSet::get(name, function);
        entry.0.set = Some(refuse_write);
        entry
    }

    /// An attribute that is read by a function of the interpreter's form.
    pub(super) const fn native(name: &'static CStr, get: ffi::getter) -> GetSet {
        GetSet(ffi::PyGetSetDef {
            name: name.as_ptr(),
            get: Some(get),
            set: None,
            doc: core::ptr::null(),
            closure: core::ptr::null_mut(),
        })
    }

    /// An attribute of `Base`.
    pub const fn of_base<G, S>(name: &'static CStr, get: G, set: S) -> GetSet
    where
        G: Fn(Cx<'_>, &Object) -> Result<Object> + Copy + 'static,
        S: Fn(Cx<'_>, &Object, Option<&Object>) -> Result<()> + Copy + 'static,
    {
        let _ = get;
        let _ = set;
        GetSet(ffi::PyGetSetDef {
            name: name.as_ptr(),
            get: Some(base_get_entry::<G>),
            set: Some(base_set_entry::<S>),
            doc: core::ptr::null(),
            closure: core::ptr::null_mut(),
        })
    }
}

unsafe extern "C" fn repr_entry<T: Body, F>(this: *mut ffi::PyObject) -> *mut ffi::PyObject
where
    F: Fn(Cx<'_>, &Object, &T) -> Result<Object> + Copy + 'static,
{
    // SAFETY: *attached*, *borrowed*: the interpreter calls.
    unsafe {
        let this = lent(&this);
        answer(on_body(this, |cx, body| item::<F>()(cx, this, body)))
    }
}

/// `tp_repr`.
pub fn repr_slot<T: Body, F>(_: F) -> (c_int, *mut c_void)
where
    F: Fn(Cx<'_>, &Object, &T) -> Result<Object> + Copy + 'static,
{
    (ffi::Py_tp_repr, repr_entry::<T, F> as *mut c_void)
}

/// The C function of a `__get__`.
pub(super) fn descr_get_entry<T: Body, F>(_: F) -> ffi::descrgetfunc
where
    F: Fn(Cx<'_>, &Object, &T, Option<&Object>, Option<&Object>) -> Result<Object> + Copy + 'static,
{
    unsafe extern "C" fn entry<T: Body, F>(
        this: *mut ffi::PyObject,
        object: *mut ffi::PyObject,
        owner: *mut ffi::PyObject,
    ) -> *mut ffi::PyObject
    where
        F: Fn(Cx<'_>, &Object, &T, Option<&Object>, Option<&Object>) -> Result<Object>
            + Copy
            + 'static,
    {
        // SAFETY: *attached*, *borrowed*: the interpreter calls.
        unsafe {
            let (this, object, owner) = (lent(&this), lent_or(&object), lent_or(&owner));
            answer(on_body(this, |cx, body| {
                item::<F>()(cx, this, body, object, owner)
            }))
        }
    }
    entry::<T, F>
}

/// The C function of a `__set__`.
pub(super) fn descr_set_entry<T: Body, F>(_: F) -> ffi::descrsetfunc
where
    F: Fn(Cx<'_>, &Object, &T, &Object, Option<&Object>) -> Result<()> + Copy + 'static,
{
    unsafe extern "C" fn entry<T: Body, F>(
        this: *mut ffi::PyObject,
        object: *mut ffi::PyObject,
        value: *mut ffi::PyObject,
    ) -> c_int
    where
        F: Fn(Cx<'_>, &Object, &T, &Object, Option<&Object>) -> Result<()> + Copy + 'static,
    {
        // SAFETY: *attached*, *borrowed*: the interpreter calls.
        unsafe {
            let (this, object, value) = (lent(&this), lent(&object), lent_or(&value));
            status(on_body(this, |cx, body| {
                item::<F>()(cx, this, body, object, value)
            }))
        }
    }
    entry::<T, F>
}

unsafe extern "C" fn new_entry<F>(
    class: *mut ffi::PyTypeObject,
    args: *mut ffi::PyObject,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject
where
    F: Fn(Cx<'_>, &Object, &Object, Option<&Object>) -> Result<Object> + Copy + 'static,
{
    // SAFETY: *attached*, *borrowed*: the interpreter calls, and the class is one of the module's.
    unsafe {
        let class = class.cast::<ffi::PyObject>();
        let (class, args, keywords) = (lent(&class), lent(&args), lent_or(&keywords));
        let Some(world) = world_of_class(class) else {
            return core::ptr::null_mut();
        };
        answer(item::<F>()(Cx::new(&world), class, args, keywords))
    }
}

/// `tp_new`, called with the class, a tuple and a dict.
pub fn new_slot<F>(_: F) -> (c_int, *mut c_void)
where
    F: Fn(Cx<'_>, &Object, &Object, Option<&Object>) -> Result<Object> + Copy + 'static,
{
    (ffi::Py_tp_new, new_entry::<F> as *mut c_void)
}

unsafe extern "C" fn init_entry<F>(
    this: *mut ffi::PyObject,
    args: *mut ffi::PyObject,
    keywords: *mut ffi::PyObject,
) -> c_int
where
    F: Fn(Cx<'_>, &Object, &Object, Option<&Object>) -> Result<()> + Copy + 'static,
{
    // SAFETY: *attached*, *borrowed*: the interpreter calls.
    unsafe {
        let (this, args, keywords) = (lent(&this), lent(&args), lent_or(&keywords));
        status(with_class_world(this, |cx| {
            item::<F>()(cx, this, args, keywords)
        }))
    }
}

/// `tp_init`, called with the object, a tuple and a dict.
pub fn init_slot<F>(_: F) -> (c_int, *mut c_void)
where
    F: Fn(Cx<'_>, &Object, &Object, Option<&Object>) -> Result<()> + Copy + 'static,
{
    (ffi::Py_tp_init, init_entry::<F> as *mut c_void)
}

unsafe extern "C" fn class_set_entry<F>(
    class: *mut ffi::PyObject,
    name: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int
where
    F: Fn(Cx<'_>, &Object, &Object, Option<&Object>) -> Result<()> + Copy + 'static,
{
    // SAFETY: *attached*, *borrowed*: the interpreter calls.
    unsafe {
        let (class, name, value) = (lent(&class), lent(&name), lent_or(&value));
        let Some(world) = world_of_class(class) else {
            return -1;
        };
        status(item::<F>()(Cx::new(&world), class, name, value))
    }
}

/// `tp_setattro` of a metaclass.
pub fn class_set_slot<F>(_: F) -> (c_int, *mut c_void)
where
    F: Fn(Cx<'_>, &Object, &Object, Option<&Object>) -> Result<()> + Copy + 'static,
{
    (ffi::Py_tp_setattro, class_set_entry::<F> as *mut c_void)
}

/// The state of a module; nothing, with an exception, where it has ended.
///
/// # Safety
///
/// *attached*; the pointer is a module of this crate.
pub(super) unsafe fn world_of_module(module: *mut ffi::PyObject) -> Option<Rc<World>> {
    // SAFETY: *attached*; *state*: the module's state is a place for the world.
    unsafe {
        let state = ffi::PyModule_GetState(module).cast::<Option<Rc<World>>>();
        let world = state.as_ref().and_then(Option::clone);
        if world.is_none() && ffi::PyErr_Occurred().is_null() {
            ffi::PyErr_SetString(
                ffi::PyExc_RuntimeError,
                c"the module mortice has ended".as_ptr(),
            );
        }
        world
    }
}

/// The state of the module that a class or a metaclass belongs to.
///
/// # Safety
///
/// *attached*.
unsafe fn world_of_class(class: &Object) -> Option<Rc<World>> {
    if let Some(state) = crate::class::state(class) {
        return Some(Rc::clone(state.world()));
    }
    // SAFETY: *attached*; a definition of the module is found along the bases.
    unsafe {
        let module =
            ffi::PyType_GetModuleByDef(class.as_ptr().cast(), crate::definition_of_module());
        match module.is_null() {
            true => None,
            false => world_of_module(module),
        }
    }
}

/// Binds the arguments of a `tp_new` to names; those behind the first `required` may be missing.
///
/// # Errors
///
/// TypeError for arguments that do not fit.
pub fn bind(
    cx: Cx<'_>,
    function: &str,
    names: &[&str],
    required: usize,
    args: &Object,
    keywords: Option<&Object>,
) -> Result<Vec<Option<Object>>> {
    let given = cx.items(args)?.unwrap_or_default();
    if given.len() > names.len() {
        return Err(cx.type_error(format_args!(
            "{function}() takes {} positional arguments but {} were given",
            names.len(),
            given.len()
        )));
    }
    let missing = core::iter::repeat_with(|| None).take(names.len() - given.len());
    let mut bound = collected(cx, given.into_iter().map(Some).chain(missing))?;
    let keywords = keywords.map(|keywords| cx.entries(keywords));
    for (name, value) in keywords.transpose()?.unwrap_or_default() {
        let text = cx.text(&name).unwrap_or("?");
        match names.iter().position(|known| *known == text) {
            Some(index) if bound[index].is_none() => bound[index] = Some(value),
            Some(_) => {
                return Err(cx.type_error(format_args!(
                    "{function}() got multiple values for argument '{text}'"
                )));
            }
            None => {
                return Err(cx.type_error(format_args!(
                    "{function}() got an unexpected keyword argument '{text}'"
                )));
            }
        }
    }
    if let Some(missing) = bound[..required].iter().position(Option::is_none) {
        return Err(cx.type_error(format_args!(
            "{function}() missing required argument '{}' (pos {})",
            names[missing],
            missing + 1
        )));
    }
    Ok(bound)
}
