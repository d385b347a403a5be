//! What an attached thread may ask of the interpreter.

use super::object::Object;
use super::text::{ClassName, text_of};
use crate::memory::{collected, push, written};
use crate::world::World;
use core::ffi::CStr;
use core::fmt;
use core::ops::Deref;
use pyo3_ffi as ffi;
use std::rc::Rc;

// SAFETY: *constant*: the interpreter's own declarations, which the bindings leave out.
unsafe extern "C" {
    static mut PyMethod_Type: ffi::PyTypeObject;
    fn PyMethod_Function(method: *mut ffi::PyObject) -> *mut ffi::PyObject;
    fn PyMethod_Self(method: *mut ffi::PyObject) -> *mut ffi::PyObject;
}

/// An exception on its way.
#[derive(Debug)]
pub struct Raised(Object);

/// What an operation gives, or the exception that it raises.
pub type Result<T> = core::result::Result<T, Raised>;

impl Raised {
    /// An exception that is to be raised.
    pub fn new(exception: Object) -> Raised {
        Raised(exception)
    }

    /// The exception.
    pub fn into_exception(self) -> Object {
        self.0
    }

    /// Hands the exception to the interpreter.
    pub fn restore(self) {
        // SAFETY: *attached*, *counted*: the reference goes to the interpreter.
        unsafe { ffi::PyErr_SetRaisedException(self.0.into_ptr()) }
    }
}

/// The right to use the interpreter, with the state of the module. It lives as long as one call from
/// the interpreter.
#[derive(Clone, Copy, Debug)]
pub struct Cx<'a> {
    world: &'a Rc<World>,
}

impl Deref for Cx<'_> {
    type Target = World;

    #[inline]
    fn deref(&self) -> &World {
        self.world
    }
}

impl<'a> Cx<'a> {
    /// Takes up the right for a call from the interpreter.
    ///
    /// # Safety
    ///
    /// *attached*, for as long as the value lives.
    #[inline]
    pub unsafe fn new(world: &'a Rc<World>) -> Cx<'a> {
        Cx { world }
    }

    /// The state of the module.
    #[inline]
    pub fn world(self) -> &'a World {
        self.world
    }

    /// The state of the module, to be kept.
    pub fn shared(self) -> Rc<World> {
        Rc::clone(self.world)
    }

    /// The number of this thread, which no other gets after it.
    #[inline]
    pub fn thread(self) -> u64 {
        // SAFETY: *attached*: the thread has a state of the interpreter's.
        unsafe { ffi::PyThreadState_GetID(ffi::PyThreadState_Get()) as u64 }
    }

    /// What the interpreter keeps for this thread, until that ends: a dict.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn of_thread(self) -> Result<Object> {
        // SAFETY: *attached*, *counted*: the interpreter keeps the dict.
        let dict = unsafe { Object::from_borrowed(ffi::PyThreadState_GetDict()) };
        dict.ok_or_else(|| self.out_of_memory())
    }

    /// `import name`.
    ///
    /// # Errors
    ///
    /// What the import raises.
    pub fn import(self, name: &CStr) -> Result<Object> {
        // SAFETY: *attached*, *counted*.
        unsafe { self.owned(ffi::PyImport_ImportModule(name.as_ptr())) }
    }

    /// The exception that the interpreter has just set.
    #[cold]
    pub fn raised(self) -> Raised {
        // SAFETY: *attached*, *counted*: the reference comes to the caller.
        let raised = unsafe { Object::from_owned(ffi::PyErr_GetRaisedException()) };
        match raised {
            Some(raised) => Raised(raised),
            None => self.error(
                Exception::System,
                format_args!("an error without exception"),
            ),
        }
    }

    /// Takes over what a call returned, or the exception that it set.
    ///
    /// # Safety
    ///
    /// *counted*: the pointer is null with an exception set, or an owned reference.
    #[inline]
    pub unsafe fn owned(self, pointer: *mut ffi::PyObject) -> Result<Object> {
        // SAFETY: *attached*, *counted*, by contract.
        match unsafe { Object::from_owned(pointer) } {
            Some(object) => Ok(object),
            None => Err(self.raised()),
        }
    }

    /// The answer of a call that returns -1 with an exception, or a number.
    #[inline]
    pub fn status(self, status: core::ffi::c_int) -> Result<core::ffi::c_int> {
        match status {
            -1 => Err(self.raised()),
            status => Ok(status),
        }
    }

    /// RuntimeError: the module has let go of its classes.
    #[cold]
    pub fn ended(self) -> Raised {
        self.error(
            Exception::Runtime,
            format_args!("the module mortice has ended"),
        )
    }

    /// MemoryError.
    #[cold]
    pub fn out_of_memory(self) -> Raised {
        // SAFETY: *attached*.
        unsafe { ffi::PyErr_NoMemory() };
        self.raised()
    }

    /// An exception of a class, with a message.
    #[cold]
    pub fn error(self, class: Exception, message: fmt::Arguments<'_>) -> Raised {
        match self.format(message) {
            // SAFETY: *attached*; exception classes of the interpreter live as long as it does.
            Ok(message) => unsafe {
                ffi::PyErr_SetObject(class.pointer(), message.as_ptr());
                self.raised()
            },
            Err(raised) => raised,
        }
    }

    /// TypeError.
    #[cold]
    pub fn type_error(self, message: fmt::Arguments<'_>) -> Raised {
        self.error(Exception::Type, message)
    }

    /// AttributeError.
    #[cold]
    pub fn attribute_error(self, message: fmt::Arguments<'_>) -> Raised {
        self.error(Exception::Attribute, message)
    }

    /// Tells whether an exception is no `Exception`.
    pub fn is_fatal(self, raised: &Raised) -> bool {
        // SAFETY: *attached*; both are objects.
        unsafe { ffi::PyErr_GivenExceptionMatches(raised.0.as_ptr(), ffi::PyExc_Exception) == 0 }
    }

    /// Tells whether an exception is a TypeError.
    pub fn is_type_error(self, raised: &Raised) -> bool {
        // SAFETY: *attached*; both are objects.
        unsafe { ffi::PyErr_GivenExceptionMatches(raised.0.as_ptr(), ffi::PyExc_TypeError) != 0 }
    }

    /// `None`.
    #[inline]
    pub fn none(self) -> Object {
        // SAFETY: *attached*; None lives as long as the interpreter.
        unsafe { Object::from_borrowed(ffi::Py_None()).unwrap_unchecked() }
    }

    /// Tells whether an object is `None`.
    #[inline]
    pub fn is_none(self, object: &Object) -> bool {
        // SAFETY: *attached*.
        object.as_ptr() == unsafe { ffi::Py_None() }
    }

    /// `True` or `False`.
    pub fn bool(self, value: bool) -> Object {
        // SAFETY: *attached*; both live as long as the interpreter.
        unsafe {
            let value = if value {
                ffi::Py_True()
            } else {
                ffi::Py_False()
            };
            Object::from_borrowed(value).unwrap_unchecked()
        }
    }

    /// An `int`.
    pub fn int(self, value: i64) -> Result<Object> {
        // SAFETY: *attached*, *counted*.
        unsafe { self.owned(ffi::PyLong_FromLongLong(value)) }
    }

    /// The value of an `int` that fits.
    pub fn int_value(self, object: &Object) -> Result<i64> {
        // SAFETY: *attached*.
        let value = unsafe { ffi::PyLong_AsLongLong(object.as_ptr()) };
        // SAFETY: *attached*.
        if value == -1 && !unsafe { ffi::PyErr_Occurred() }.is_null() {
            return Err(self.raised());
        }
        Ok(value)
    }

    /// A `str`.
    pub fn string(self, text: &str) -> Result<Object> {
        let length = text.len() as ffi::Py_ssize_t;
        // SAFETY: *attached*, *counted*; the text is UTF-8 of that length.
        unsafe {
            self.owned(ffi::PyUnicode_FromStringAndSize(
                text.as_ptr().cast(),
                length,
            ))
        }
    }

    /// An interned `str`.
    pub fn intern(self, text: &CStr) -> Result<Object> {
        // SAFETY: *attached*, *counted*; the text ends with a zero byte.
        unsafe { self.owned(ffi::PyUnicode_InternFromString(text.as_ptr())) }
    }

    /// A `str` of what is formatted.
    pub fn format(self, text: fmt::Arguments<'_>) -> Result<Object> {
        match text.as_str() {
            Some(text) => self.string(text),
            None => self.string(&written(self, |out| out.write_fmt(text))?),
        }
    }

    /// The text of a `str`; nothing for other objects and for lone surrogates.
    pub fn text(self, object: &Object) -> Option<&str> {
        text_of(object)
    }

    /// Tells whether an object is a `str`.
    #[inline]
    pub fn is_str(self, object: &Object) -> bool {
        // SAFETY: *attached*.
        unsafe { ffi::PyUnicode_Check(object.as_ptr()) != 0 }
    }

    /// Tells whether an object is a `str` and of no subclass.
    pub fn is_exact_str(self, object: &Object) -> bool {
        // SAFETY: *attached*.
        unsafe { ffi::PyUnicode_CheckExact(object.as_ptr()) != 0 }
    }

    /// A `str` of the same characters as one of a subclass.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn exact_str(self, object: &Object) -> Result<Object> {
        // SAFETY: *attached*, *counted*.
        unsafe { self.owned(ffi::PyUnicode_FromObject(object.as_ptr())) }
    }

    /// The exception with the one that is being handled as its context.
    pub fn in_context(self, exception: Object) -> Raised {
        // SAFETY: *attached*; an exception keeps its class.
        unsafe {
            ffi::PyErr_SetObject(ffi::Py_TYPE(exception.as_ptr()).cast(), exception.as_ptr());
        }
        self.raised()
    }

    /// Tells whether an object is a class.
    #[inline]
    pub fn is_class(self, object: &Object) -> bool {
        // SAFETY: *attached*.
        unsafe { ffi::PyType_Check(object.as_ptr()) != 0 }
    }

    /// Tells whether an object can be called.
    pub fn is_callable(self, object: &Object) -> bool {
        // SAFETY: *attached*.
        unsafe { ffi::PyCallable_Check(object.as_ptr()) != 0 }
    }

    /// The `__name__` of a class, as its layout holds it.
    pub fn class_name(self, class: &Object) -> ClassName {
        // SAFETY: *attached*.
        ClassName::new(unsafe { self.owned(ffi::PyType_GetName(class.as_type())) }.ok())
    }

    /// Tells whether a class is another or inherits from it.
    #[inline]
    pub fn is_subclass(self, class: &Object, of: &Object) -> bool {
        // SAFETY: *attached*; the callers pass classes.
        unsafe { ffi::PyType_IsSubtype(class.as_type(), of.as_type()) != 0 }
    }

    /// `isinstance(object, kinds)`.
    pub fn is_instance(self, object: &Object, kinds: &Object) -> Result<bool> {
        // SAFETY: *attached*.
        let status = unsafe { ffi::PyObject_IsInstance(object.as_ptr(), kinds.as_ptr()) };
        Ok(self.status(status)? != 0)
    }

    /// `one == other`, as a truth value.
    #[inline]
    pub fn equal(self, one: &Object, other: &Object) -> Result<bool> {
        // SAFETY: *attached*, *counted*: two of the same plain class are compared by its function,
        // which the interpreter's own comparison would ask first. It knows both, and runs no code of
        // a program.
        unsafe {
            let class = ffi::Py_TYPE(one.as_ptr());
            if class == ffi::Py_TYPE(other.as_ptr())
                && (class == &raw mut ffi::PyLong_Type
                    || class == &raw mut ffi::PyUnicode_Type
                    || class == &raw mut ffi::PyFloat_Type)
                && let Some(compare) = (*class).tp_richcompare
            {
                let answer = self.owned(compare(one.as_ptr(), other.as_ptr(), ffi::Py_EQ))?;
                return Ok(answer.as_ptr() == ffi::Py_True());
            }
        }
        // SAFETY: *attached*, *counted*.
        let answer = unsafe {
            self.owned(ffi::PyObject_RichCompare(
                one.as_ptr(),
                other.as_ptr(),
                ffi::Py_EQ,
            ))?
        };
        self.truth(&answer)
    }

    /// `bool(object)`.
    pub fn truth(self, object: &Object) -> Result<bool> {
        // SAFETY: *attached*.
        Ok(self.status(unsafe { ffi::PyObject_IsTrue(object.as_ptr()) })? != 0)
    }

    /// `repr(object)`.
    pub fn repr(self, object: &Object) -> Result<Object> {
        // SAFETY: *attached*, *counted*.
        unsafe { self.owned(ffi::PyObject_Repr(object.as_ptr())) }
    }

    /// Calls an object with positional arguments.
    #[inline]
    pub fn call<const N: usize>(
        self,
        callable: &Object,
        arguments: [&Object; N],
    ) -> Result<Object> {
        const { assert!(N < 4) };
        let mut array = [core::ptr::null_mut(); 4];
        for (place, argument) in array[1..].iter_mut().zip(arguments) {
            *place = argument.as_ptr();
        }
        // SAFETY: *attached*, *counted*; the arguments are alive, and the word before them is free.
        unsafe {
            let count = N | ffi::PY_VECTORCALL_ARGUMENTS_OFFSET;
            let first = array.as_ptr().add(1);
            let none = core::ptr::null_mut();
            let class = ffi::Py_TYPE(callable.as_ptr());
            if class == &raw mut ffi::PyFunction_Type {
                // A function in Python keeps to the rules, which the interpreter's own call checks.
                let place = callable.as_ptr().byte_offset((*class).tp_vectorcall_offset);
                if let Some(run) = *place.cast::<Option<ffi::vectorcallfunc>>() {
                    return self.owned(run(callable.as_ptr(), first, count, none));
                }
            }
            self.owned(ffi::PyObject_Vectorcall(
                callable.as_ptr(),
                first,
                count,
                none,
            ))
        }
    }

    /// Calls an object with a tuple and, if there is one, a dict of keywords.
    pub fn call_with(
        self,
        callable: &Object,
        args: &Object,
        keywords: Option<&Object>,
    ) -> Result<Object> {
        let keywords = keywords.map_or(core::ptr::null_mut(), Object::as_ptr);
        // SAFETY: *attached*, *counted*; the callers pass a tuple and a dict.
        unsafe {
            self.owned(ffi::PyObject_Call(
                callable.as_ptr(),
                args.as_ptr(),
                keywords,
            ))
        }
    }

    /// `getattr(object, name)`.
    pub fn attribute(self, object: &Object, name: &CStr) -> Result<Object> {
        // SAFETY: *attached*, *counted*.
        unsafe { self.owned(ffi::PyObject_GetAttrString(object.as_ptr(), name.as_ptr())) }
    }

    /// `getattr(object, name)`.
    pub fn attribute_of(self, object: &Object, name: &Object) -> Result<Object> {
        // SAFETY: *attached*, *counted*.
        unsafe { self.owned(ffi::PyObject_GetAttr(object.as_ptr(), name.as_ptr())) }
    }

    /// `setattr(object, name, value)`.
    pub fn set_attribute(self, object: &Object, name: &CStr, value: &Object) -> Result<()> {
        // SAFETY: *attached*.
        let status =
            unsafe { ffi::PyObject_SetAttrString(object.as_ptr(), name.as_ptr(), value.as_ptr()) };
        self.status(status).map(|_| ())
    }

    /// A tuple.
    pub fn tuple(self, items: &[Object]) -> Result<Object> {
        // SAFETY: *attached*, *counted*.
        let tuple = unsafe { self.owned(ffi::PyTuple_New(items.len() as ffi::Py_ssize_t))? };
        for (index, item) in items.iter().enumerate() {
            let item = item.clone().into_ptr();
            // SAFETY: *attached*, *counted*: the tuple is new and takes the reference.
            unsafe { ffi::PyTuple_SetItem(tuple.as_ptr(), index as ffi::Py_ssize_t, item) };
        }
        Ok(tuple)
    }

    /// The items of a tuple; none for other objects.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn items(self, tuple: &Object) -> Result<Option<Vec<Object>>> {
        // SAFETY: *attached*; the object is a tuple, and every place in its size holds an object.
        unsafe {
            if ffi::PyTuple_Check(tuple.as_ptr()) == 0 {
                return Ok(None);
            }
            let count = ffi::PyTuple_Size(tuple.as_ptr());
            let item = |index| Object::from_borrowed(ffi::PyTuple_GetItem(tuple.as_ptr(), index));
            collected(self, (0..count).filter_map(item)).map(Some)
        }
    }

    /// A tuple of what an object iterates over.
    pub fn sequence(self, object: &Object) -> Result<Object> {
        // SAFETY: *attached*, *counted*.
        unsafe { self.owned(ffi::PySequence_Tuple(object.as_ptr())) }
    }

    /// A list.
    pub fn list(self, items: &[Object]) -> Result<Object> {
        let tuple = self.tuple(items)?;
        // SAFETY: *attached*, *counted*.
        unsafe { self.owned(ffi::PySequence_List(tuple.as_ptr())) }
    }

    /// An empty dict.
    pub fn dict(self) -> Result<Object> {
        // SAFETY: *attached*, *counted*.
        unsafe { self.owned(ffi::PyDict_New()) }
    }

    /// Tells whether an object is a dict.
    pub fn is_dict(self, object: &Object) -> bool {
        // SAFETY: *attached*.
        unsafe { ffi::PyDict_Check(object.as_ptr()) != 0 }
    }

    /// Tells whether a dict is empty.
    pub fn is_empty_dict(self, dict: &Object) -> bool {
        // SAFETY: *attached*; the callers pass a dict.
        unsafe { ffi::PyDict_Size(dict.as_ptr()) == 0 }
    }

    /// Gives a key of a dict a value.
    pub fn dict_set(self, dict: &Object, key: &Object, value: &Object) -> Result<()> {
        // SAFETY: *attached*; the callers pass a dict.
        let status = unsafe { ffi::PyDict_SetItem(dict.as_ptr(), key.as_ptr(), value.as_ptr()) };
        self.status(status).map(|_| ())
    }

    /// Removes a key from a dict.
    pub fn dict_delete(self, dict: &Object, key: &Object) -> Result<()> {
        // SAFETY: *attached*; the callers pass a dict.
        let status = unsafe { ffi::PyDict_DelItem(dict.as_ptr(), key.as_ptr()) };
        self.status(status).map(|_| ())
    }

    /// The value of a key of a dict.
    pub fn dict_get(self, dict: &Object, key: &Object) -> Result<Option<Object>> {
        // SAFETY: *attached*, *counted*; the callers pass a dict, which keeps the value.
        let found = unsafe {
            Object::from_borrowed(ffi::PyDict_GetItemWithError(dict.as_ptr(), key.as_ptr()))
        };
        // SAFETY: *attached*.
        if found.is_none() && !unsafe { ffi::PyErr_Occurred() }.is_null() {
            return Err(self.raised());
        }
        Ok(found)
    }

    /// The keys and values of a dict, as they are now.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn entries(self, dict: &Object) -> Result<Vec<(Object, Object)>> {
        // std: nothing is allocated
        let mut entries = Vec::new();
        let mut at = 0;
        let (mut key, mut value) = (core::ptr::null_mut(), core::ptr::null_mut());
        // SAFETY: *attached*, *counted*; the callers pass a dict, and nothing changes it meanwhile.
        unsafe {
            while ffi::PyDict_Next(dict.as_ptr(), &raw mut at, &raw mut key, &raw mut value) != 0 {
                if let (Some(key), Some(value)) =
                    (Object::from_borrowed(key), Object::from_borrowed(value))
                {
                    push(self, &mut entries, (key, value))?;
                }
            }
        }
        Ok(entries)
    }

    /// A weak reference to an object.
    pub fn weak_reference(self, object: &Object) -> Result<Object> {
        let none = core::ptr::null_mut();
        // SAFETY: *attached*, *counted*.
        unsafe { self.owned(ffi::PyWeakref_NewRef(object.as_ptr(), none)) }
    }

    /// The two parts of a bound method.
    pub fn method_parts(self, object: &Object) -> Option<(Object, Object)> {
        // SAFETY: *attached*, *counted*; the object is a bound method, which keeps its parts.
        unsafe {
            if ffi::Py_TYPE(object.as_ptr()) != &raw mut PyMethod_Type {
                return None;
            }
            Some((
                Object::from_borrowed(PyMethod_Function(object.as_ptr()))?,
                Object::from_borrowed(PyMethod_Self(object.as_ptr()))?,
            ))
        }
    }

    /// Tells whether an object is a function written in Python.
    pub fn is_function(self, object: &Object) -> bool {
        // SAFETY: *attached*.
        unsafe { ffi::Py_TYPE(object.as_ptr()) == &raw mut ffi::PyFunction_Type }
    }

    /// An exception class of the module.
    pub fn new_exception(self, name: &CStr, doc: &CStr, base: Exception) -> Result<Object> {
        let none = core::ptr::null_mut();
        // SAFETY: *attached*, *counted*; the texts end with zero bytes.
        unsafe {
            self.owned(ffi::PyErr_NewExceptionWithDoc(
                name.as_ptr(),
                doc.as_ptr(),
                base.pointer(),
                none,
            ))
        }
    }
}

/// Tells whether a tuple is one of these two objects.
pub fn is_pair_of(tuple: &Object, one: &Object, other: &Object) -> bool {
    // SAFETY: *attached*; the object is a tuple, whose size is asked.
    unsafe {
        ffi::PyTuple_GET_SIZE(tuple.as_ptr()) == 2
            && ffi::PyTuple_GET_ITEM(tuple.as_ptr(), 0) == one.as_ptr()
            && ffi::PyTuple_GET_ITEM(tuple.as_ptr(), 1) == other.as_ptr()
    }
}

/// What a weak reference refers to, while that lives.
pub fn target_of(reference: &Object) -> Option<Object> {
    // SAFETY: *attached*, *counted*; the object is a weak reference.
    unsafe {
        if ffi::PyWeakref_CheckRef(reference.as_ptr()) == 0 {
            return None;
        }
        #[cfg(Py_3_13)]
        {
            let mut target = core::ptr::null_mut();
            ffi::PyWeakref_GetRef(reference.as_ptr(), &raw mut target);
            Object::from_owned(target)
        }
        #[cfg(not(Py_3_13))]
        {
            let target = ffi::PyWeakref_GetObject(reference.as_ptr());
            Object::from_borrowed(target).filter(|object| object.as_ptr() != ffi::Py_None())
        }
    }
}

/// An exception class of the interpreter.
#[derive(Clone, Copy, Debug)]
pub enum Exception {
    /// AttributeError.
    Attribute,
    /// RuntimeError.
    Runtime,
    /// SystemError.
    System,
    /// TypeError.
    Type,
    /// ValueError.
    Value,
}

impl Exception {
    fn pointer(self) -> *mut ffi::PyObject {
        // SAFETY: *attached*; the interpreter sets these before any module is loaded.
        unsafe {
            match self {
                Exception::Attribute => ffi::PyExc_AttributeError,
                Exception::Runtime => ffi::PyExc_RuntimeError,
                Exception::System => ffi::PyExc_SystemError,
                Exception::Type => ffi::PyExc_TypeError,
                Exception::Value => ffi::PyExc_ValueError,
            }
        }
    }
}

/// The exception that the interpreter has set, taken without the state of a module.
#[cold]
pub(super) fn taken() -> Raised {
    // SAFETY: *attached*, *counted*: every caller has just seen an exception set.
    unsafe { Raised(Object::from_owned(ffi::PyErr_GetRaisedException()).unwrap_unchecked()) }
}
