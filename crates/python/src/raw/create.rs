//! How instances are made without a tuple, a dict and a look-up for each: by `tp_vectorcall` of their
//! class.
//!
//! A class may change under way, so every call asks again whether `__new__` is still that of `Base`,
//! and which `__init__` there is. What is not ordinary goes the way of `type.__call__`.

use super::class::{PlainNew, plain_new, state};
use super::cx::{Cx, Raised, Result};
use super::entry::{lent, lent_or};
use super::object::Object;
use crate::class::{ClassState, seal_by_instance};
use core::slice;
use pyo3_ffi as ffi;
use std::rc::Rc;

/// The arguments of a call, as the interpreter passes them.
#[derive(Clone, Copy)]
struct Call {
    args: *const *mut ffi::PyObject,
    count: usize,
    names: *mut ffi::PyObject,
}

/// Lets the class be called this way.
pub fn make_quickly(class: &Object) {
    // SAFETY: *attached*.
    unsafe { (*class.as_type()).tp_vectorcall = Some(make) };
}

unsafe extern "C" fn make(
    callable: *mut ffi::PyObject,
    args: *const *mut ffi::PyObject,
    flagged: usize,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: *attached*, *borrowed*: the interpreter calls.
    unsafe {
        let call = Call {
            args,
            count: ffi::PyVectorcall_NARGS(flagged) as usize,
            names,
        };
        let class = lent(&callable);
        let Some(own) = state(class) else {
            return slowly(callable, call);
        };
        let world = Rc::clone(own.world());
        let cx = Cx::new(&world);
        match quickly(cx, class, own, call) {
            Ok(Some(made)) => made.into_ptr(),
            Ok(None) => slowly(callable, call),
            Err(raised) => {
                raised.restore();
                core::ptr::null_mut()
            }
        }
    }
}

/// Makes an instance; nothing where the class is not ordinary.
///
/// # Safety
///
/// *attached*, *borrowed*: the call is one of the interpreter's.
unsafe fn quickly(
    cx: Cx<'_>,
    class: &Object,
    own: &ClassState,
    call: Call,
) -> Result<Option<Object>> {
    let Some(root) = cx.base.get() else {
        return Ok(None);
    };
    if !own.is_plainly_made() {
        return Ok(None);
    }
    // SAFETY: *attached*, *borrowed*, *counted*, by contract; the class is kept by the caller.
    unsafe {
        let of = class.as_type();
        let by_base = address((*of).tp_new) == address((*root.as_type()).tp_new);
        if !by_base || (*of).tp_flags & ffi::Py_TPFLAGS_IS_ABSTRACT != 0 {
            return Ok(None);
        }
        if address((*of).tp_init) == address((*root.as_type()).tp_init) {
            if call.count != 0 {
                return Ok(None);
            }
            seal_by_instance(cx, class, own)?;
            let made = match plain_new(cx, class)? {
                PlainNew::Made(made) => made,
                PlainNew::Unfit => return Ok(None),
            };
            own.fill(&made);
            if let Some(names) = lent_or(&call.names) {
                let count = ffi::PyTuple_Size(names.as_ptr()) as usize;
                let values: &[Object] = slice::from_raw_parts(call.args.cast(), count);
                crate::base::fill_keywords(cx, &made, class, own, names, values)?;
            }
            return Ok(Some(made));
        }
        let Some(function) = init_function(cx, class)? else {
            return Ok(None);
        };
        seal_by_instance(cx, class, own)?;
        let made = match plain_new(cx, class)? {
            PlainNew::Made(made) => made,
            PlainNew::Unfit => return Ok(None),
        };
        own.fill(&made);
        init(cx, class, &function, &made, call)?;
        Ok(Some(made))
    }
}

/// The class's `__init__`, where it is a function in Python.
fn init_function(cx: Cx<'_>, class: &Object) -> Result<Option<Object>> {
    let Some(name) = cx.init_name.get() else {
        return Ok(None);
    };
    let found = cx.attribute_of(class, &name)?;
    Ok(cx.is_function(&found).then_some(found))
}

/// Calls `__init__` with the arguments as they are, behind the instance.
///
/// # Safety
///
/// *attached*, *borrowed*: the call is one of the interpreter's.
unsafe fn init(
    cx: Cx<'_>,
    class: &Object,
    function: &Object,
    made: &Object,
    call: Call,
) -> Result<()> {
    // SAFETY: *attached*, *borrowed*, *counted*, by contract.
    let answer = unsafe {
        let keywords = match call.names.is_null() {
            true => 0,
            false => ffi::PyTuple_Size(call.names) as usize,
        };
        let given = match call.args.is_null() {
            true => &[],
            false => slice::from_raw_parts(call.args, call.count + keywords),
        };
        let mut near = [core::ptr::null_mut(); 10];
        // std: nothing is allocated
        let mut far = Vec::new();
        let all: &mut [*mut ffi::PyObject] = if given.len() + 2 <= near.len() {
            &mut near[..given.len() + 2]
        } else {
            far.try_reserve_exact(given.len() + 2)
                .map_err(|_| cx.out_of_memory())?;
            far.resize(given.len() + 2, core::ptr::null_mut());
            &mut far
        };
        all[1] = made.as_ptr();
        all[2..].copy_from_slice(given);
        let count = (call.count + 1) | ffi::PY_VECTORCALL_ARGUMENTS_OFFSET;
        let first = all.as_ptr().add(1);
        cx.owned(ffi::PyObject_Vectorcall(
            function.as_ptr(),
            first,
            count,
            call.names,
        ))?
    };
    match cx.is_none(&answer) {
        true => Ok(()),
        false => Err(not_none(cx, class, &answer)),
    }
}

#[cold]
fn not_none(cx: Cx<'_>, _: &Object, answer: &Object) -> Raised {
    cx.type_error(format_args!(
        "__init__() should return None, not '{}'",
        cx.class_name(&answer.class())
    ))
}

/// `type.__call__`.
///
/// # Safety
///
/// *attached*, *borrowed*: the call is one of the interpreter's.
unsafe fn slowly(callable: *mut ffi::PyObject, call: Call) -> *mut ffi::PyObject {
    // SAFETY: *attached*, *borrowed*, *counted*, by contract: what is made here is released here.
    unsafe {
        let Some(of_type) = ffi::PyType_Type.tp_call else {
            return core::ptr::null_mut();
        };
        let args = ffi::PyTuple_New(call.count as ffi::Py_ssize_t);
        let Some(args) = Object::from_owned(args) else {
            return core::ptr::null_mut();
        };
        for index in 0..call.count {
            let argument = *call.args.add(index);
            ffi::Py_INCREF(argument);
            ffi::PyTuple_SetItem(args.as_ptr(), index as ffi::Py_ssize_t, argument);
        }
        let mut keywords = None;
        if !call.names.is_null() {
            let Some(dict) = Object::from_owned(ffi::PyDict_New()) else {
                return core::ptr::null_mut();
            };
            for index in 0..ffi::PyTuple_Size(call.names) {
                let name = ffi::PyTuple_GetItem(call.names, index);
                let value = *call.args.add(call.count + index as usize);
                if ffi::PyDict_SetItem(dict.as_ptr(), name, value) < 0 {
                    return core::ptr::null_mut();
                }
            }
            keywords = Some(dict);
        }
        let dict = keywords
            .as_ref()
            .map_or(core::ptr::null_mut(), Object::as_ptr);
        of_type(callable, args.as_ptr(), dict)
    }
}

/// The address of a function that the interpreter holds.
#[inline]
fn address<F: Copy>(function: Option<F>) -> usize {
    const { assert!(size_of::<Option<F>>() == size_of::<usize>()) };
    // SAFETY: *items*: the interpreter's function pointers have the size of a word.
    unsafe { core::mem::transmute_copy(&function) }
}
