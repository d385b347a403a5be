//! Classes with slots, as the interpreter knows them: their metaclass, `Base`, and what is read off a
//! class or asked of `type` and `object`.

use super::cx::{Cx, Result};
use super::entry::Method;
use super::native::{Visit, has_table};
use super::object::Object;
use super::storage::WORD;
use crate::class::ClassState;
use crate::memory::collected;
use core::ffi::{CStr, c_int, c_void};
use pyo3_ffi as ffi;

/// What a class with slots has beside the interpreter's own fields.
#[repr(C)]
struct Extra {
    state: *mut ClassState,
}

static META_METHODS: [Method; 1] = [Method::END];

/// The state of a class with slots; nothing for other objects.
#[inline]
pub fn state(class: &Object) -> Option<&ClassState> {
    // SAFETY: *attached*; *states*: a class of the metaclass has a place for the pointer, which is
    // null or a state that lives as long as the class.
    unsafe { extra(class.as_ptr())?.as_ref()?.state.as_ref() }
}

/// The place of the pointer to a class's state.
///
/// # Safety
///
/// *attached*; the pointer is an object.
#[inline]
unsafe fn extra(class: *mut ffi::PyObject) -> Option<*mut Extra> {
    // SAFETY: *attached*; *states*: the bytes of the metaclass lie behind those of `type`.
    unsafe {
        let meta = ffi::Py_TYPE(class);
        if !has_table(meta, META_METHODS.as_ptr().cast()) {
            return None;
        }
        let place = (ffi::PyType_Type.tp_basicsize + 15) & !15;
        Some(class.byte_offset(place).cast())
    }
}

/// The state of an object's class.
#[inline]
pub fn state_of_instance(object: &Object) -> Option<&ClassState> {
    // SAFETY: *attached*; *states*: an object keeps its class.
    unsafe {
        let class: *mut ffi::PyObject = ffi::Py_TYPE(object.as_ptr()).cast();
        extra(class)?.as_ref()?.state.as_ref()
    }
}

/// Gives a class its state.
pub(super) fn set_state(class: &Object, state: ClassState) {
    // SAFETY: *attached*; *states*: the state is set once, when the class is new.
    unsafe {
        if let Some(extra) = extra(class.as_ptr())
            && (*extra).state.is_null()
        {
            (*extra).state = Box::into_raw(Box::new(state));
        }
    }
}

unsafe extern "C" fn traverse(
    class: *mut ffi::PyObject,
    function: ffi::visitproc,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: *attached*; *states*.
    unsafe {
        let mut visit = Visit::new(function, argument);
        visit.pointer(ffi::Py_TYPE(class).cast());
        if let Some(state) = extra(class).and_then(|extra| (*extra).state.as_ref()) {
            state.visit(&mut visit);
        }
        match (visit.status(), ffi::PyType_Type.tp_traverse) {
            (0, Some(of_type)) => of_type(class, function, argument),
            (status, _) => status,
        }
    }
}

unsafe extern "C" fn clear(class: *mut ffi::PyObject) -> c_int {
    // SAFETY: *attached*; *states*.
    unsafe {
        if let Some(state) = extra(class).and_then(|extra| (*extra).state.as_ref()) {
            state.clear();
        }
        match ffi::PyType_Type.tp_clear {
            Some(of_type) => of_type(class),
            None => 0,
        }
    }
}

unsafe extern "C" fn dealloc(class: *mut ffi::PyObject) {
    // SAFETY: *attached*; *states*: nobody refers to the class, and `type` frees its memory; the state
    // ends behind it, for the descriptors of the class refer to their definitions there.
    unsafe {
        let meta = ffi::Py_TYPE(class);
        let state = extra(class).map_or(core::ptr::null_mut(), |extra| (*extra).state);
        if let Some(of_type) = ffi::PyType_Type.tp_dealloc {
            of_type(class);
        }
        if !state.is_null() {
            drop(Box::from_raw(state));
        }
        ffi::Py_DECREF(meta.cast());
    }
}

fn spec_slot(slot: c_int, pointer: *mut c_void) -> ffi::PyType_Slot {
    ffi::PyType_Slot {
        slot,
        pfunc: pointer,
    }
}

/// Makes the metaclass in two layers: one that classes can be made of by the C API, and `BaseMeta`,
/// whose calls make classes with slots.
pub fn make_metaclass(
    cx: Cx<'_>,
    module: &Object,
    entries: &[(c_int, *mut c_void)],
) -> Result<(Object, Object)> {
    let flags = ffi::Py_TPFLAGS_DEFAULT
        | ffi::Py_TPFLAGS_BASETYPE
        | ffi::Py_TPFLAGS_HAVE_GC
        | ffi::Py_TPFLAGS_IMMUTABLETYPE;
    let mut lower = [
        spec_slot(ffi::Py_tp_traverse, traverse as *mut c_void),
        spec_slot(ffi::Py_tp_clear, clear as *mut c_void),
        spec_slot(ffi::Py_tp_dealloc, dealloc as *mut c_void),
        spec_slot(ffi::Py_tp_methods, META_METHODS.as_ptr().cast_mut().cast()),
        spec_slot(0, core::ptr::null_mut()),
    ];
    let mut upper = lower[..4].to_vec();
    upper.extend(
        entries
            .iter()
            .map(|(slot, pointer)| spec_slot(*slot, *pointer)),
    );
    upper.push(spec_slot(0, core::ptr::null_mut()));
    let make = |name: &'static CStr, basicsize: c_int, slots: *mut ffi::PyType_Slot, base| {
        let mut spec = ffi::PyType_Spec {
            name: name.as_ptr(),
            basicsize,
            itemsize: 0,
            flags: flags as core::ffi::c_uint,
            slots,
        };
        let none = core::ptr::null_mut();
        // SAFETY: *attached*, *counted*; the spec has the form that the call reads, and a negative
        // size asks for bytes behind those of the base.
        unsafe {
            cx.owned(ffi::PyType_FromMetaclass(
                none,
                module.as_ptr(),
                &raw mut spec,
                base,
            ))
        }
    };
    let bytes = size_of::<Extra>() as c_int;
    let of_type = (&raw mut ffi::PyType_Type).cast();
    let lower = make(c"mortice.MetaStorage", -bytes, lower.as_mut_ptr(), of_type)?;
    let upper = make(c"mortice.BaseMeta", 0, upper.as_mut_ptr(), lower.as_ptr())?;
    Ok((lower, upper))
}

unsafe extern "C" fn base_traverse(
    this: *mut ffi::PyObject,
    function: ffi::visitproc,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: *attached*; *words*: every instance behind `Base` has the word of the companion.
    unsafe {
        let mut visit = Visit::new(function, argument);
        visit.pointer(ffi::Py_TYPE(this).cast());
        visit.pointer(*base_word(this));
        visit.status()
    }
}

unsafe extern "C" fn base_clear(this: *mut ffi::PyObject) -> c_int {
    // SAFETY: *attached*; *words*.
    unsafe {
        drop(Object::from_owned(
            core::mem::take(&mut *base_word(this).cast::<usize>()) as *mut _,
        ));
    }
    0
}

unsafe extern "C" fn base_dealloc(this: *mut ffi::PyObject) {
    // SAFETY: *attached*; *words*: nobody refers to the instance.
    unsafe {
        let class = ffi::Py_TYPE(this);
        ffi::PyObject_GC_UnTrack(this.cast());
        base_clear(this);
        if let Some(free) = (*class).tp_free {
            free(this.cast());
        }
        ffi::Py_DECREF(class.cast());
    }
}

/// The companion's word of an instance that is laid out behind `Base`.
///
/// # Safety
///
/// *words*: the object is one.
unsafe fn base_word(this: *mut ffi::PyObject) -> *mut *mut ffi::PyObject {
    // SAFETY: *words*, by contract.
    unsafe { this.byte_offset(size_of::<ffi::PyObject>() as isize).cast() }
}

/// Makes `Base`, whose instances have a companion and nothing else.
pub fn make_base(
    cx: Cx<'_>,
    module: &Object,
    metaclasses: (&Object, &Object),
    attributes: &'static [super::entry::GetSet],
    entries: &[(c_int, *mut c_void)],
    state: ClassState,
) -> Result<Object> {
    let (lower, upper) = metaclasses;
    let mut slots = vec![
        spec_slot(ffi::Py_tp_traverse, base_traverse as *mut c_void),
        spec_slot(ffi::Py_tp_clear, base_clear as *mut c_void),
        spec_slot(ffi::Py_tp_dealloc, base_dealloc as *mut c_void),
        spec_slot(ffi::Py_tp_getset, attributes.as_ptr().cast_mut().cast()),
        spec_slot(
            ffi::Py_tp_doc,
            c"The base of classes with observable slots."
                .as_ptr()
                .cast_mut()
                .cast(),
        ),
    ];
    slots.extend(
        entries
            .iter()
            .map(|(slot, pointer)| spec_slot(*slot, *pointer)),
    );
    slots.push(spec_slot(0, core::ptr::null_mut()));
    let head = size_of::<ffi::PyObject>() as isize;
    let flags = ffi::Py_TPFLAGS_DEFAULT
        | ffi::Py_TPFLAGS_BASETYPE
        | ffi::Py_TPFLAGS_HAVE_GC
        | ffi::Py_TPFLAGS_IMMUTABLETYPE;
    let mut spec = ffi::PyType_Spec {
        name: c"mortice.Base".as_ptr(),
        basicsize: (head + WORD) as c_int,
        itemsize: 0,
        flags: flags as core::ffi::c_uint,
        slots: slots.as_mut_ptr(),
    };
    let none = core::ptr::null_mut();
    // SAFETY: *attached*, *counted*; *states*: the lower metaclass has the same bytes as the upper one,
    // which refuses to be called by the C API for having its own `__new__`.
    let base = unsafe {
        let base = cx.owned(ffi::PyType_FromMetaclass(
            lower.as_type(),
            module.as_ptr(),
            &raw mut spec,
            none,
        ))?;
        ffi::Py_INCREF(upper.as_ptr());
        (*base.as_ptr()).ob_type = upper.as_type();
        ffi::Py_DECREF(lower.as_ptr());
        base
    };
    let storage = state.storage();
    storage.companion.set(head);
    storage.first.set(head + WORD);
    storage.size.set(head + WORD);
    set_state(&base, state);
    Ok(base)
}

/// The class's base.
pub fn type_base(class: &Object) -> Option<Object> {
    // SAFETY: *attached*, *counted*: a class keeps its base.
    unsafe { Object::from_borrowed((*class.as_type()).tp_base.cast()) }
}

/// The class's MRO.
///
/// # Errors
///
/// MemoryError.
pub fn type_mro(cx: Cx<'_>, class: &Object) -> Result<Vec<Object>> {
    // SAFETY: *attached*, *counted*: a class keeps its MRO.
    let mro = unsafe { Object::from_borrowed((*class.as_type()).tp_mro) };
    match mro {
        Some(mro) => Ok(cx.items(&mro)?.unwrap_or_default()),
        None => collected(cx, []),
    }
}

/// The class at a place of a class's MRO.
#[inline]
pub fn in_mro(class: &Object, index: usize) -> Option<Object> {
    // SAFETY: *attached*, *counted*: a class keeps its MRO, a tuple.
    unsafe {
        let mro = (*class.as_type()).tp_mro;
        if mro.is_null() || index as ffi::Py_ssize_t >= ffi::PyTuple_GET_SIZE(mro) {
            return None;
        }
        Object::from_borrowed(ffi::PyTuple_GET_ITEM(mro, index as ffi::Py_ssize_t))
    }
}

/// The class's bases.
///
/// # Errors
///
/// MemoryError.
pub fn type_bases(cx: Cx<'_>, class: &Object) -> Result<Vec<Object>> {
    // SAFETY: *attached*, *counted*: a class keeps its bases.
    let bases = unsafe { Object::from_borrowed((*class.as_type()).tp_bases) };
    match bases {
        Some(bases) => Ok(cx.items(&bases)?.unwrap_or_default()),
        None => collected(cx, []),
    }
}

/// Tells whether instances of a class store items inside themselves.
pub fn has_items(class: &Object) -> bool {
    // SAFETY: *attached*: the callers pass classes.
    unsafe { (*class.as_type()).tp_itemsize != 0 }
}

/// Tells whether instances of a class have a `__dict__`.
pub fn has_dict(class: &Object) -> bool {
    // SAFETY: *attached*: the callers pass classes.
    unsafe {
        let class = class.as_type();
        (*class).tp_dictoffset != 0 || (*class).tp_flags & ffi::Py_TPFLAGS_MANAGED_DICT != 0
    }
}

/// The namespace of a class, to be read and written.
pub fn namespace(cx: Cx<'_>, class: &Object) -> Result<Object> {
    // SAFETY: *attached*, *counted*.
    unsafe { cx.owned(ffi::PyType_GetDict(class.as_type())) }
}

/// Tells the interpreter that the namespace of a class changed.
pub fn modified(class: &Object) {
    // SAFETY: *attached*.
    unsafe { ffi::PyType_Modified(class.as_type()) }
}

/// `type.__new__`.
pub fn type_new(
    cx: Cx<'_>,
    metaclass: &Object,
    args: &Object,
    keywords: Option<&Object>,
) -> Result<Object> {
    let keywords = keywords.map_or(core::ptr::null_mut(), Object::as_ptr);
    // SAFETY: *attached*, *counted*.
    unsafe {
        match ffi::PyType_Type.tp_new {
            Some(new) => cx.owned(new(metaclass.as_type(), args.as_ptr(), keywords)),
            None => Err(cx.out_of_memory()),
        }
    }
}

/// The metaclass of a class with these bases, where a metaclass was called for it: the most derived of
/// all; nothing where there is none.
pub fn winning_metaclass(cx: Cx<'_>, called: &Object, bases: &[Object]) -> Option<Object> {
    let mut winner = called.clone();
    for base in bases {
        let metaclass = base.class();
        if cx.is_subclass(&winner, &metaclass) {
            continue;
        }
        if !cx.is_subclass(&metaclass, &winner) {
            return None;
        }
        winner = metaclass;
    }
    Some(winner)
}

/// The class with a `__new__` that comes after `BaseMeta` along the MRO of a metaclass, `type` aside.
///
/// # Errors
///
/// MemoryError.
pub fn next_meta_new(cx: Cx<'_>, metaclass: &Object) -> Result<Option<Object>> {
    let key = cx.intern(c"__new__")?;
    let mro = type_mro(cx, metaclass)?;
    let own = mro.iter().position(|class| cx.metaclass.holds(class));
    for class in mro.iter().skip(own.map_or(0, |own| own + 1)) {
        if class.as_type() == &raw mut ffi::PyType_Type {
            break;
        }
        if cx.dict_get(&namespace(cx, class)?, &key)?.is_some() {
            return Ok(Some(class.clone()));
        }
    }
    Ok(None)
}

/// `type.__setattr__`, or `type.__delattr__` where no value is given.
pub fn type_set(cx: Cx<'_>, class: &Object, name: &Object, value: Option<&Object>) -> Result<()> {
    let value = value.map_or(core::ptr::null_mut(), Object::as_ptr);
    // SAFETY: *attached*.
    unsafe {
        match ffi::PyType_Type.tp_setattro {
            Some(set) => cx
                .status(set(class.as_ptr(), name.as_ptr(), value))
                .map(|_| ()),
            None => Ok(()),
        }
    }
}

/// Calls the `tp_new` of the first native base of a class for a new instance.
pub fn native_new(
    cx: Cx<'_>,
    native: &Object,
    class: &Object,
    args: &Object,
    keywords: Option<&Object>,
) -> Result<Object> {
    let keywords = keywords.map_or(core::ptr::null_mut(), Object::as_ptr);
    // SAFETY: *attached*, *counted*: the class inherits from the native one, and is laid out behind it.
    unsafe {
        match (*native.as_type()).tp_new {
            Some(new) => cx.owned(new(class.as_type(), args.as_ptr(), keywords)),
            None => Err(cx.type_error(format_args!(
                "cannot create '{}' instances",
                cx.class_name(class)
            ))),
        }
    }
}

/// Lets a class make its instances by the function of another, which it inherits from.
pub fn take_new(class: &Object, from: &Object) {
    // SAFETY: *attached*.
    unsafe { (*class.as_type()).tp_new = (*from.as_type()).tp_new };
}

/// Tells whether a class refuses to be changed.
pub fn is_immutable(class: &Object) -> bool {
    // SAFETY: *attached*: the callers pass classes.
    unsafe { (*class.as_type()).tp_flags & ffi::Py_TPFLAGS_IMMUTABLETYPE != 0 }
}

/// The object to which a builtin function is bound.
pub fn builtin_self(object: &Object) -> Option<Object> {
    // SAFETY: *attached*, *counted*: a builtin function keeps what it is bound to.
    unsafe {
        if ffi::PyCFunction_Check(object.as_ptr()) == 0 {
            return None;
        }
        Object::from_borrowed(ffi::PyCFunction_GetSelf(object.as_ptr()))
    }
}

/// `object.__class__ = class`, by the interpreter's own rules.
pub fn set_class(cx: Cx<'_>, object: &Object, class: Option<&Object>) -> Result<()> {
    // SAFETY: *attached*: `object` lives as long as the interpreter.
    let root = unsafe { Object::from_borrowed((&raw mut ffi::PyBaseObject_Type).cast()) };
    let Some(root) = root else { return Ok(()) };
    let own = namespace(cx, &root)?;
    let name = cx.intern(c"__class__")?;
    let Some(setter) = cx.dict_get(&own, &name)? else {
        return Ok(());
    };
    match class {
        Some(class) => {
            let set = cx.attribute(&setter, c"__set__")?;
            cx.call(&set, [object, class]).map(|_| ())
        }
        None => {
            let delete = cx.attribute(&setter, c"__delete__")?;
            cx.call(&delete, [object]).map(|_| ())
        }
    }
}

/// Tells whether a `mro` is that of `type`.
pub fn is_standard_mro(cx: Cx<'_>, metaclass: &Object) -> Result<bool> {
    // SAFETY: *attached*: `type` lives as long as the interpreter.
    let of_type = unsafe { Object::from_borrowed((&raw mut ffi::PyType_Type).cast()) };
    let Some(of_type) = of_type else {
        return Ok(true);
    };
    Ok(cx
        .attribute(metaclass, c"mro")?
        .is(&cx.attribute(&of_type, c"mro")?))
}

/// The name of the module in which the program that calls runs.
pub fn caller_module(cx: Cx<'_>) -> Option<Object> {
    // SAFETY: *attached*, *counted*: a frame keeps its globals, a dict.
    let globals = unsafe { Object::from_borrowed(ffi::PyEval_GetGlobals())? };
    let name = cx.intern(c"__name__").ok()?;
    cx.dict_get(&globals, &name).ok().flatten()
}

/// `cls.__subclasses__()`.
///
/// # Errors
///
/// MemoryError.
pub fn subclasses(cx: Cx<'_>, class: &Object) -> Result<Object> {
    // SAFETY: *attached*: `type` lives as long as the interpreter.
    let of_type = unsafe { Object::from_borrowed((&raw mut ffi::PyType_Type).cast()) };
    match of_type {
        Some(of_type) => cx.call(&cx.attribute(&of_type, c"__subclasses__")?, [class]),
        None => cx.tuple(&[]),
    }
}

/// `object.__new__(class)`, without further arguments.
///
/// # Errors
///
/// MemoryError; TypeError for an abstract class.
pub fn object_new(cx: Cx<'_>, class: &Object) -> Result<Object> {
    let args = cx.tuple(&[])?;
    // SAFETY: *attached*: `object` lives as long as the interpreter.
    let root = unsafe { Object::from_borrowed((&raw mut ffi::PyBaseObject_Type).cast()) };
    match root {
        Some(root) => native_new(cx, &root, class, &args, None),
        None => Err(cx.out_of_memory()),
    }
}

/// Tells whether a class is `object`.
pub fn is_object_class(class: &Object) -> bool {
    class.as_type() == &raw mut ffi::PyBaseObject_Type
}

/// The function of a static method, or the object itself.
///
/// # Errors
///
/// MemoryError.
pub fn unwrapped(cx: Cx<'_>, object: &Object) -> Result<Object> {
    // SAFETY: *attached*.
    let is_static = unsafe { ffi::Py_TYPE(object.as_ptr()) == &raw mut ffi::PyStaticMethod_Type };
    match is_static {
        true => cx.attribute(object, c"__func__"),
        false => Ok(object.clone()),
    }
}

/// Lets the interpreter's words name a class without its module, as they do for classes in Python.
pub fn shorten_name(class: &Object) {
    // SAFETY: *attached*; the name of a class ends with a zero byte, and is kept elsewhere.
    unsafe {
        let class = class.as_type();
        let name = CStr::from_ptr((*class).tp_name);
        if let Some(dot) = name.to_bytes().iter().rposition(|byte| *byte == b'.') {
            (*class).tp_name = (*class).tp_name.add(dot + 1);
        }
    }
}

/// What [`plain_new`] gives.
pub(super) enum PlainNew {
    /// A new instance.
    Made(Object),
    /// The interpreter's own `object.__new__` has more to do.
    Unfit,
}

/// Allocates an instance of a class that nothing but `Base` and `object` makes.
#[inline]
pub(super) fn plain_new(cx: Cx<'_>, class: &Object) -> Result<PlainNew> {
    // SAFETY: *attached*, *counted*: the class allocates its own instances.
    unsafe {
        let of = class.as_type();
        let has_more = cfg!(not(Py_3_13)) && (*of).tp_flags & ffi::Py_TPFLAGS_MANAGED_DICT != 0;
        match (*of).tp_alloc {
            Some(allocate) if !has_more => Ok(PlainNew::Made(cx.owned(allocate(of, 0))?)),
            _ => Ok(PlainNew::Unfit),
        }
    }
}
