/* mortice_compat.h: today's names of CPython's C API for CPython 3.8 and newer.
 *
 * Include it after Python.h. A source that is written for the names of CPython 3.15 then compiles with older headers
 * too, for the full API and for the limited one, as C99, C11, C++11 or newer. What the headers at hand declare is left
 * alone; what they do not is defined here as a static inline function or a macro that does what the documentation of
 * the newest version says. Names that cannot be had from what an older version shows are left out, so that the
 * compiler says so:
 *
 *   limited API          PyThreadState_* and PyInterpreterState_Get before 3.9, PyFrame_* before 3.9,
 *                        PyFrame_GetGenerator, PyThreadState_GetUnchecked, Py_SET_TYPE where objects are opaque
 *   3.8, limited 3.9     PyType_GetModuleByDef: types do not know their module
 *
 * A name is there in the full API since one version, in the limited API since another. Both are said for each:
 * MORTICE_LACKS(full, limited) is true where the headers at hand, in the mode at hand, do not have it.
 */

#ifndef MORTICE_COMPAT_H
#define MORTICE_COMPAT_H

#ifndef Py_PYTHON_H
#  error "include Python.h before mortice_compat.h"
#endif
#if PY_VERSION_HEX < 0x03080000
#  error "mortice_compat.h is for CPython 3.8 and newer"
#endif

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MORTICE_NEVER 0x7fffffff
#ifdef Py_LIMITED_API
#  define MORTICE_LACKS(full, limited)                                                                                 \
      (Py_LIMITED_API + 0 < (limited) || PY_VERSION_HEX < (full) || PY_VERSION_HEX < (limited))
#else
#  define MORTICE_LACKS(full, limited) (PY_VERSION_HEX < (full))
#endif

#define MORTICE_OBJECT(ob) ((PyObject *)(ob))
/* PY_SSIZE_T_MAX is POSIX's SSIZE_MAX, which is not there where a strict C99 source includes <stdint.h> before Python.h. */
#define MORTICE_SSIZE_MAX ((Py_ssize_t)((size_t)-1 >> 1))


/* Objects ------------------------------------------------------------------------------------------------------ */

#if MORTICE_LACKS(0x03090000, 0x03020000)
static inline void mortice_set_type(PyObject *ob, PyTypeObject *type)
{
    ob->ob_type = type;
}
#  define Py_SET_TYPE(ob, type) mortice_set_type(MORTICE_OBJECT(ob), (type))

static inline void mortice_set_size(PyVarObject *ob, Py_ssize_t size)
{
    ob->ob_size = size;
}
#  define Py_SET_SIZE(ob, size) mortice_set_size((PyVarObject *)(ob), (size))

static inline void mortice_set_refcnt(PyObject *ob, Py_ssize_t count)
{
    ob->ob_refcnt = count;
}
#  define Py_SET_REFCNT(ob, count) mortice_set_refcnt(MORTICE_OBJECT(ob), (count))

#  define Py_IS_TYPE(ob, type) (Py_TYPE(ob) == (type))
#endif

#if MORTICE_LACKS(0x030a0000, 0x03020000)
#  define Py_Is(x, y) ((x) == (y))
#  define Py_IsNone(x) Py_Is((x), Py_None)
#  define Py_IsTrue(x) Py_Is((x), Py_True)
#  define Py_IsFalse(x) Py_Is((x), Py_False)

static inline PyObject *mortice_new_ref(PyObject *ob)
{
    Py_INCREF(ob);
    return ob;
}
#  define Py_NewRef(ob) mortice_new_ref(MORTICE_OBJECT(ob))

static inline PyObject *mortice_xnew_ref(PyObject *ob)
{
    Py_XINCREF(ob);
    return ob;
}
#  define Py_XNewRef(ob) mortice_xnew_ref(MORTICE_OBJECT(ob))
#endif

/* The old object is released last, when the variable does not lead to it any more. The variable may have any type
 * of pointer, so it is read and written as bytes, and its expression is evaluated once. */
#ifndef Py_SETREF
static inline PyObject *mortice_exchange(void *variable, void *value)
{
    PyObject *old;
    memcpy(&old, variable, sizeof(old));
    memcpy(variable, &value, sizeof(value));
    return old;
}
#  define Py_SETREF(variable, value)                                                                                   \
      do {                                                                                                             \
          PyObject *mortice_old = mortice_exchange(&(variable), (value));                                              \
          Py_DECREF(mortice_old);                                                                                      \
      } while (0)
#  define Py_XSETREF(variable, value)                                                                                  \
      do {                                                                                                             \
          PyObject *mortice_old = mortice_exchange(&(variable), (value));                                              \
          Py_XDECREF(mortice_old);                                                                                     \
      } while (0)
#endif


/* Exceptions --------------------------------------------------------------------------------------------------- */

#if MORTICE_LACKS(0x030c0000, 0x03020000)
/* Gives the exception that is set as a new reference, and clears it; NULL where none is set. */
static inline PyObject *PyErr_GetRaisedException(void)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (type == NULL) {
        return NULL;
    }
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL && value != NULL) {
        PyException_SetTraceback(value, traceback);
    }
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
}

/* Sets the exception and takes the reference; NULL clears. */
static inline void PyErr_SetRaisedException(PyObject *exception)
{
    if (exception == NULL) {
        PyErr_Restore(NULL, NULL, NULL);
        return;
    }
    PyErr_Restore(Py_NewRef(MORTICE_OBJECT(Py_TYPE(exception))), exception, PyException_GetTraceback(exception));
}

static inline PyObject *PyException_GetArgs(PyObject *exception)
{
    return PyObject_GetAttrString(exception, "args");
}

static inline void PyException_SetArgs(PyObject *exception, PyObject *args)
{
    if (PyObject_SetAttrString(exception, "args", args) < 0) {
        PyErr_WriteUnraisable(exception);
    }
}
#endif

#if MORTICE_LACKS(0x030b0000, 0x030b0000)
/* Gives the exception that is being handled as a new reference; NULL where none is. */
static inline PyObject *PyErr_GetHandledException(void)
{
    PyObject *type, *value, *traceback;
    PyErr_GetExcInfo(&type, &value, &traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    if (value == Py_None) {
        Py_DECREF(value);
        return NULL;
    }
    return value;
}

/* Makes this the exception that is being handled; NULL and None mean that none is. */
static inline void PyErr_SetHandledException(PyObject *exception)
{
    if (exception == NULL || exception == Py_None) {
        PyErr_SetExcInfo(NULL, NULL, NULL);
        return;
    }
    PyErr_SetExcInfo(Py_NewRef(MORTICE_OBJECT(Py_TYPE(exception))), Py_NewRef(exception), PyException_GetTraceback(exception));
}
#endif


/* Calls -------------------------------------------------------------------------------------------------------- */

#if MORTICE_LACKS(0x03090000, 0x03090000)
static inline PyObject *PyObject_CallNoArgs(PyObject *callable)
{
    return PyObject_CallObject(callable, NULL);
}
#endif

#if MORTICE_LACKS(0x03090000, MORTICE_NEVER)
static inline PyObject *PyObject_CallOneArg(PyObject *callable, PyObject *argument)
{
    return PyObject_CallFunctionObjArgs(callable, argument, NULL);
}

static inline PyObject *PyObject_CallMethodNoArgs(PyObject *self, PyObject *name)
{
    return PyObject_CallMethodObjArgs(self, name, NULL);
}

static inline PyObject *PyObject_CallMethodOneArg(PyObject *self, PyObject *name, PyObject *argument)
{
    return PyObject_CallMethodObjArgs(self, name, argument, NULL);
}
#endif

#ifndef PY_VECTORCALL_ARGUMENTS_OFFSET
#  define PY_VECTORCALL_ARGUMENTS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1))
#endif

/* Calls with `count` positional arguments, then those that `names` names, then those of `keywords`. */
static inline PyObject *mortice_call(PyObject *callable, PyObject *const *arguments, Py_ssize_t count, PyObject *names,
                                     PyObject *keywords)
{
    PyObject *result = NULL;
    PyObject *all = NULL;
    PyObject *positional = PyTuple_New(count);
    Py_ssize_t named = names == NULL ? 0 : PyTuple_Size(names);
    if (positional == NULL || named < 0) {
        goto done;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_INCREF(arguments[i]);
        PyTuple_SetItem(positional, i, arguments[i]);
    }
    if (named > 0) {
        all = PyDict_New();
        if (all == NULL) {
            goto done;
        }
        for (Py_ssize_t i = 0; i < named; i++) {
            PyObject *name = PyTuple_GetItem(names, i);
            if (name == NULL || PyDict_SetItem(all, name, arguments[count + i]) < 0) {
                goto done;
            }
        }
    } else if (keywords != NULL) {
        all = Py_NewRef(keywords);
    }
    result = PyObject_Call(callable, positional, all);
done:
    Py_XDECREF(positional);
    Py_XDECREF(all);
    return result;
}

#define MORTICE_COUNT(arguments_flags) ((Py_ssize_t)((arguments_flags) & ~PY_VECTORCALL_ARGUMENTS_OFFSET))

#if MORTICE_LACKS(0x03090000, 0x030c0000)
static inline PyObject *PyObject_Vectorcall(PyObject *callable, PyObject *const *arguments, size_t flags,
                                            PyObject *names)
{
    return mortice_call(callable, arguments, MORTICE_COUNT(flags), names, NULL);
}

/* The first argument is the object whose method is called. */
static inline PyObject *PyObject_VectorcallMethod(PyObject *name, PyObject *const *arguments, size_t flags,
                                                  PyObject *names)
{
    PyObject *result;
    PyObject *method = PyObject_GetAttr(arguments[0], name);
    if (method == NULL) {
        return NULL;
    }
    result = mortice_call(method, arguments + 1, MORTICE_COUNT(flags) - 1, names, NULL);
    Py_DECREF(method);
    return result;
}
#endif

#if MORTICE_LACKS(0x03090000, MORTICE_NEVER)
static inline PyObject *PyObject_VectorcallDict(PyObject *callable, PyObject *const *arguments, size_t flags,
                                                PyObject *keywords)
{
    return mortice_call(callable, arguments, MORTICE_COUNT(flags), NULL, keywords);
}
#endif


/* Attributes and items ----------------------------------------------------------------------------------------- */

#if MORTICE_LACKS(0x030d0000, 0x030d0000)
/* For a look-up that failed: 0 where the exception is the one that says "not there", which is cleared; else -1. */
static inline int mortice_absent(PyObject *exception)
{
    if (!PyErr_ExceptionMatches(exception)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

/* 1 with a new reference, 0 with NULL where there is no such attribute, -1 with NULL and an exception. */
static inline int PyObject_GetOptionalAttr(PyObject *ob, PyObject *name, PyObject **result)
{
    *result = PyObject_GetAttr(ob, name);
    return *result != NULL ? 1 : mortice_absent(PyExc_AttributeError);
}

static inline int PyObject_GetOptionalAttrString(PyObject *ob, const char *name, PyObject **result)
{
    *result = PyObject_GetAttrString(ob, name);
    return *result != NULL ? 1 : mortice_absent(PyExc_AttributeError);
}

static inline int PyObject_HasAttrWithError(PyObject *ob, PyObject *name)
{
    PyObject *result;
    int found = PyObject_GetOptionalAttr(ob, name, &result);
    Py_XDECREF(result);
    return found;
}

static inline int PyObject_HasAttrStringWithError(PyObject *ob, const char *name)
{
    PyObject *result;
    int found = PyObject_GetOptionalAttrString(ob, name, &result);
    Py_XDECREF(result);
    return found;
}

static inline int PyMapping_GetOptionalItem(PyObject *ob, PyObject *key, PyObject **result)
{
    *result = PyObject_GetItem(ob, key);
    return *result != NULL ? 1 : mortice_absent(PyExc_KeyError);
}

static inline int PyMapping_GetOptionalItemString(PyObject *ob, const char *key, PyObject **result)
{
    *result = PyMapping_GetItemString(ob, key);
    return *result != NULL ? 1 : mortice_absent(PyExc_KeyError);
}
#endif

#if MORTICE_LACKS(0x030d0000, 0x03020000)
static inline int PyMapping_HasKeyWithError(PyObject *ob, PyObject *key)
{
    PyObject *result;
    int found = PyMapping_GetOptionalItem(ob, key, &result);
    Py_XDECREF(result);
    return found;
}

static inline int PyMapping_HasKeyStringWithError(PyObject *ob, const char *key)
{
    PyObject *result;
    int found = PyMapping_GetOptionalItemString(ob, key, &result);
    Py_XDECREF(result);
    return found;
}
#endif


/* Lists and dictionaries --------------------------------------------------------------------------------------- */

#if MORTICE_LACKS(0x030d0000, 0x030d0000)
static inline PyObject *PyList_GetItemRef(PyObject *list, Py_ssize_t index)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "expected a list");
        return NULL;
    }
    return Py_XNewRef(PyList_GetItem(list, index));
}

/* 1 with a new reference, 0 with NULL where there is no such key, -1 with NULL and an exception. */
static inline int PyDict_GetItemRef(PyObject *dict, PyObject *key, PyObject **result)
{
    *result = Py_XNewRef(PyDict_GetItemWithError(dict, key));
    if (*result != NULL) {
        return 1;
    }
    return PyErr_Occurred() ? -1 : 0;
}

static inline int PyDict_GetItemStringRef(PyObject *dict, const char *key, PyObject **result)
{
    int found;
    PyObject *name = PyUnicode_FromString(key);
    if (name == NULL) {
        *result = NULL;
        return -1;
    }
    found = PyDict_GetItemRef(dict, name, result);
    Py_DECREF(name);
    return found;
}
#endif

#if MORTICE_LACKS(0x030d0000, 0x030f0000)
/* 1 where the key is there, 0 where it was added, -1 on error; the value that is then there is a new reference. */
static inline int PyDict_SetDefaultRef(PyObject *dict, PyObject *key, PyObject *value, PyObject **result)
{
    PyObject *there;
    int found = PyDict_GetItemRef(dict, key, &there);
    if (found == 0) {
        if (PyDict_SetItem(dict, key, value) < 0) {
            found = -1;
        } else {
            there = Py_NewRef(value);
        }
    }
    if (result != NULL) {
        *result = there;
    } else {
        Py_XDECREF(there);
    }
    return found;
}
#endif

#if MORTICE_LACKS(0x030d0000, MORTICE_NEVER)
static inline int PyList_Extend(PyObject *list, PyObject *iterable)
{
    Py_ssize_t size;
    if (!PyList_Check(list)) {
        PyErr_BadInternalCall();
        return -1;
    }
    size = PyList_Size(list);
    return PyList_SetSlice(list, size, MORTICE_SSIZE_MAX, iterable);
}

static inline int PyList_Clear(PyObject *list)
{
    if (!PyList_Check(list)) {
        PyErr_BadInternalCall();
        return -1;
    }
    return PyList_SetSlice(list, 0, MORTICE_SSIZE_MAX, NULL);
}

/* 1 where the key was there, 0 where not, -1 on error. `result` may be NULL, else it takes the value or NULL. A key
 * is not hashed where the dictionary is empty. */
static inline int PyDict_Pop(PyObject *dict, PyObject *key, PyObject **result)
{
    PyObject *value = NULL;
    int found;
    if (result != NULL) {
        *result = NULL;
    }
    if (!PyDict_Check(dict)) {
        PyErr_BadInternalCall();
        return -1;
    }
    if (PyDict_Size(dict) == 0) {
        return 0;
    }
    found = PyDict_GetItemRef(dict, key, &value);
    if (found > 0 && PyDict_DelItem(dict, key) < 0) {
        Py_CLEAR(value);
        found = -1;
    }
    if (result != NULL) {
        *result = value;
    } else {
        Py_XDECREF(value);
    }
    return found;
}

static inline int PyDict_PopString(PyObject *dict, const char *key, PyObject **result)
{
    int found;
    PyObject *name = PyUnicode_FromString(key);
    if (name == NULL) {
        if (result != NULL) {
            *result = NULL;
        }
        return -1;
    }
    found = PyDict_Pop(dict, name, result);
    Py_DECREF(name);
    return found;
}

static inline int PyDict_ContainsString(PyObject *dict, const char *key)
{
    int found;
    PyObject *name = PyUnicode_FromString(key);
    if (name == NULL) {
        return -1;
    }
    found = PyDict_Contains(dict, name);
    Py_DECREF(name);
    return found;
}
#endif


/* Integers ----------------------------------------------------------------------------------------------------- */

#if MORTICE_LACKS(0x030d0000, 0x030d0000)
static inline int PyLong_AsInt(PyObject *ob)
{
    int overflow;
    long value = PyLong_AsLongAndOverflow(ob, &overflow);
    if (overflow != 0 || value > INT_MAX || value < INT_MIN) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
        return -1;
    }
    return (int)value;
}
#endif

#if MORTICE_LACKS(0x030e0000, 0x030e0000)
static inline PyObject *PyLong_FromInt32(int32_t value)
{
    return PyLong_FromLong(value);
}

static inline PyObject *PyLong_FromUInt32(uint32_t value)
{
    return PyLong_FromUnsignedLong(value);
}

static inline PyObject *PyLong_FromInt64(int64_t value)
{
    return PyLong_FromLongLong(value);
}

static inline PyObject *PyLong_FromUInt64(uint64_t value)
{
    return PyLong_FromUnsignedLongLong(value);
}
#endif


/* Text --------------------------------------------------------------------------------------------------------- */

#if MORTICE_LACKS(0x030d0000, 0x030d0000)
/* 1 where the text is the same as these bytes of UTF-8, else 0. It neither raises nor touches what is raised. */
static inline int PyUnicode_EqualToUTF8AndSize(PyObject *text, const char *bytes, Py_ssize_t size)
{
    PyObject *type, *value, *traceback;
    PyObject *encoded;
    int equal = 0;
    PyErr_Fetch(&type, &value, &traceback);
    encoded = PyUnicode_AsUTF8String(text);
    if (encoded != NULL) {
        equal = PyBytes_Size(encoded) == size && memcmp(PyBytes_AsString(encoded), bytes, (size_t)size) == 0;
        Py_DECREF(encoded);
    }
    PyErr_Restore(type, value, traceback);
    return equal;
}

static inline int PyUnicode_EqualToUTF8(PyObject *text, const char *bytes)
{
    return PyUnicode_EqualToUTF8AndSize(text, bytes, (Py_ssize_t)strlen(bytes));
}
#endif

#if MORTICE_LACKS(0x030e0000, 0x030e0000)
/* 1 or 0; -1 and TypeError where one of the two is no str. */
static inline int PyUnicode_Equal(PyObject *left, PyObject *right)
{
    int order;
    if (!PyUnicode_Check(left) || !PyUnicode_Check(right)) {
        int first = !PyUnicode_Check(left);
        PyErr_Format(PyExc_TypeError, "%s argument must be str, not %R", first ? "first" : "second",
                     MORTICE_OBJECT(Py_TYPE(first ? left : right)));
        return -1;
    }
    order = PyUnicode_Compare(left, right);
    return order == -1 && PyErr_Occurred() ? -1 : order == 0;
}
#endif


/* Iterators, weak references ----------------------------------------------------------------------------------- */

#if MORTICE_LACKS(0x030e0000, 0x030e0000)
/* 1 with a new reference, 0 with NULL at the end, -1 with NULL and an exception. */
static inline int PyIter_NextItem(PyObject *iterator, PyObject **item)
{
    if (!PyIter_Check(iterator)) {
        *item = NULL;
        PyErr_Format(PyExc_TypeError, "expected an iterator, got %R", MORTICE_OBJECT(Py_TYPE(iterator)));
        return -1;
    }
    *item = PyIter_Next(iterator);
    if (*item != NULL) {
        return 1;
    }
    return PyErr_Occurred() ? -1 : 0;
}
#endif

#if MORTICE_LACKS(0x030d0000, 0x030d0000)
#  if PY_VERSION_HEX >= 0x030f0000
/* In the stable ABI for good, and in no header any more. */
PyAPI_FUNC(PyObject *) PyWeakref_GetObject(PyObject *reference);
#  elif PY_VERSION_HEX >= 0x030d0000 && defined(__GNUC__)
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#    define MORTICE_POP
#  endif

/* 1 with a new reference, 0 with NULL where the object is gone, -1 with NULL and an exception. */
static inline int PyWeakref_GetRef(PyObject *reference, PyObject **result)
{
    PyObject *ob;
    *result = NULL;
    if (reference == NULL) {
        PyErr_BadInternalCall();
        return -1;
    }
    if (!PyWeakref_Check(reference)) {
        PyErr_SetString(PyExc_TypeError, "expected a weakref");
        return -1;
    }
    ob = PyWeakref_GetObject(reference);
    if (ob == NULL) {
        return -1;
    }
    if (ob == Py_None) {
        return 0;
    }
    *result = Py_NewRef(ob);
    return 1;
}
#  ifdef MORTICE_POP
#    pragma GCC diagnostic pop
#    undef MORTICE_POP
#  endif
#endif

#if MORTICE_LACKS(0x030e0000, MORTICE_NEVER)
static inline int PyWeakref_IsDead(PyObject *reference)
{
    PyObject *ob;
    int found = PyWeakref_GetRef(reference, &ob);
    Py_XDECREF(ob);
    return found < 0 ? -1 : found == 0;
}
#endif


/* Modules and types -------------------------------------------------------------------------------------------- */

/* The headers of 3.10 show it whatever version of the limited API is asked for. */
#if MORTICE_LACKS(0x030a0000, 0x030a0000) && PY_VERSION_HEX >> 16 != 0x030a
/* Does not take the reference. NULL is allowed where an exception says why there is no value. */
static inline int PyModule_AddObjectRef(PyObject *module, const char *name, PyObject *value)
{
    if (value == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_SystemError,
                            "PyModule_AddObjectRef() must be called with an exception raised if value is NULL");
        }
        return -1;
    }
    Py_INCREF(value);
    if (PyModule_AddObject(module, name, value) < 0) {
        Py_DECREF(value);
        return -1;
    }
    return 0;
}
#endif

#if MORTICE_LACKS(0x030d0000, 0x030d0000)
/* Takes the reference, whether it succeeds or not. */
static inline int PyModule_Add(PyObject *module, const char *name, PyObject *value)
{
    int result = PyModule_AddObjectRef(module, name, value);
    Py_XDECREF(value);
    return result;
}
#endif

#if MORTICE_LACKS(0x03090000, 0x03090000)
/* Makes the type ready and adds it under the last part of its name. */
static inline int PyModule_AddType(PyObject *module, PyTypeObject *type)
{
    PyObject *name, *bytes;
    int result = -1;
    if (PyType_Ready(type) < 0) {
        return -1;
    }
    name = PyObject_GetAttrString(MORTICE_OBJECT(type), "__name__");
    bytes = name == NULL ? NULL : PyUnicode_AsUTF8String(name);
    if (bytes != NULL) {
        result = PyModule_AddObjectRef(module, PyBytes_AsString(bytes), MORTICE_OBJECT(type));
    }
    Py_XDECREF(bytes);
    Py_XDECREF(name);
    return result;
}
#endif

#if MORTICE_LACKS(0x030d0000, 0x030d0000)
static inline PyObject *PyImport_AddModuleRef(const char *name)
{
    return Py_XNewRef(PyImport_AddModule(name));
}
#endif

#if MORTICE_LACKS(0x030e0000, MORTICE_NEVER)
static inline PyObject *PyImport_ImportModuleAttr(PyObject *module_name, PyObject *name)
{
    PyObject *result;
    PyObject *module = PyImport_Import(module_name);
    if (module == NULL) {
        return NULL;
    }
    result = PyObject_GetAttr(module, name);
    Py_DECREF(module);
    return result;
}

static inline PyObject *PyImport_ImportModuleAttrString(const char *module_name, const char *name)
{
    PyObject *result = NULL;
    PyObject *module = PyUnicode_FromString(module_name);
    PyObject *attribute = module == NULL ? NULL : PyUnicode_FromString(name);
    if (attribute != NULL) {
        result = PyImport_ImportModuleAttr(module, attribute);
    }
    Py_XDECREF(attribute);
    Py_XDECREF(module);
    return result;
}
#endif

#if MORTICE_LACKS(0x030b0000, 0x030b0000)
static inline PyObject *PyType_GetName(PyTypeObject *type)
{
    return PyObject_GetAttrString(MORTICE_OBJECT(type), "__name__");
}

static inline PyObject *PyType_GetQualName(PyTypeObject *type)
{
    return PyObject_GetAttrString(MORTICE_OBJECT(type), "__qualname__");
}
#endif

#if MORTICE_LACKS(0x030d0000, 0x030d0000)
static inline PyObject *PyType_GetModuleName(PyTypeObject *type)
{
    return PyObject_GetAttrString(MORTICE_OBJECT(type), "__module__");
}

/* The module's name and the qualified name, or the latter alone for builtins, for __main__, and where the module's
 * name is no str. */
static inline PyObject *PyType_GetFullyQualifiedName(PyTypeObject *type)
{
    PyObject *result = NULL;
    PyObject *module;
    PyObject *name = PyType_GetQualName(type);
    if (name == NULL) {
        return NULL;
    }
    module = PyType_GetModuleName(type);
    if (module != NULL) {
        if (PyUnicode_Check(module) && PyUnicode_CompareWithASCIIString(module, "builtins") != 0 &&
            PyUnicode_CompareWithASCIIString(module, "__main__") != 0) {
            result = PyUnicode_FromFormat("%U.%U", module, name);
        } else {
            result = Py_NewRef(name);
        }
        Py_DECREF(module);
    }
    Py_DECREF(name);
    return result;
}
#endif

#if MORTICE_LACKS(0x030b0000, 0x030d0000) && !MORTICE_LACKS(0x03090000, 0x030a0000)
/* Gives a borrowed reference to the module of the first class of the method resolution order that was made from the
 * definition. */
static inline PyObject *PyType_GetModuleByDef(PyTypeObject *type, PyModuleDef *definition)
{
    PyObject *found = NULL;
    PyObject *order = PyObject_GetAttrString(MORTICE_OBJECT(type), "__mro__");
    Py_ssize_t count = order == NULL ? 0 : PyTuple_Size(order);
    for (Py_ssize_t i = 0; i < count && found == NULL; i++) {
        PyTypeObject *each = (PyTypeObject *)PyTuple_GetItem(order, i);
        if ((PyType_GetFlags(each) & Py_TPFLAGS_HEAPTYPE) == 0) {
            continue;
        }
        found = PyType_GetModule(each);
        if (found == NULL) {
            PyErr_Clear();
        } else if (PyModule_GetDef(found) != definition) {
            PyErr_Clear();
            found = NULL;
        }
    }
    if (order != NULL && found == NULL) {
        PyErr_Format(PyExc_TypeError, "no class of the resolution order of %R has the given module",
                     MORTICE_OBJECT(type));
    }
    Py_XDECREF(order);
    return found;
}
#endif


/* Constants ---------------------------------------------------------------------------------------------------- */

#ifndef Py_CONSTANT_NONE
#  define Py_CONSTANT_NONE 0
#  define Py_CONSTANT_FALSE 1
#  define Py_CONSTANT_TRUE 2
#  define Py_CONSTANT_ELLIPSIS 3
#  define Py_CONSTANT_NOT_IMPLEMENTED 4
#  define Py_CONSTANT_ZERO 5
#  define Py_CONSTANT_ONE 6
#  define Py_CONSTANT_EMPTY_STR 7
#  define Py_CONSTANT_EMPTY_BYTES 8
#  define Py_CONSTANT_EMPTY_TUPLE 9
#endif

#if MORTICE_LACKS(0x030d0000, 0x030d0000)
static inline PyObject *Py_GetConstant(unsigned int id)
{
    switch (id) {
    case Py_CONSTANT_NONE:
        return Py_NewRef(Py_None);
    case Py_CONSTANT_FALSE:
        return Py_NewRef(Py_False);
    case Py_CONSTANT_TRUE:
        return Py_NewRef(Py_True);
    case Py_CONSTANT_ELLIPSIS:
        return Py_NewRef(Py_Ellipsis);
    case Py_CONSTANT_NOT_IMPLEMENTED:
        return Py_NewRef(Py_NotImplemented);
    case Py_CONSTANT_ZERO:
        return PyLong_FromLong(0);
    case Py_CONSTANT_ONE:
        return PyLong_FromLong(1);
    case Py_CONSTANT_EMPTY_STR:
        return PyUnicode_FromStringAndSize(NULL, 0);
    case Py_CONSTANT_EMPTY_BYTES:
        return PyBytes_FromStringAndSize(NULL, 0);
    case Py_CONSTANT_EMPTY_TUPLE:
        return PyTuple_New(0);
    default:
        PyErr_BadInternalCall();
        return NULL;
    }
}

/* Each of these objects lives as long as its interpreter, which keeps a reference of its own. */
static inline PyObject *Py_GetConstantBorrowed(unsigned int id)
{
    PyObject *constant = Py_GetConstant(id);
    Py_XDECREF(constant);
    return constant;
}
#endif

#if PY_VERSION_HEX < 0x030c0000
#  include <structmember.h>
#  define Py_T_SHORT T_SHORT
#  define Py_T_INT T_INT
#  define Py_T_LONG T_LONG
#  define Py_T_FLOAT T_FLOAT
#  define Py_T_DOUBLE T_DOUBLE
#  define Py_T_STRING T_STRING
#  define Py_T_CHAR T_CHAR
#  define Py_T_BYTE T_BYTE
#  define Py_T_UBYTE T_UBYTE
#  define Py_T_USHORT T_USHORT
#  define Py_T_UINT T_UINT
#  define Py_T_ULONG T_ULONG
#  define Py_T_STRING_INPLACE T_STRING_INPLACE
#  define Py_T_BOOL T_BOOL
#  define Py_T_OBJECT_EX T_OBJECT_EX
#  define Py_T_LONGLONG T_LONGLONG
#  define Py_T_ULONGLONG T_ULONGLONG
#  define Py_T_PYSSIZET T_PYSSIZET
#  define Py_READONLY READONLY
#endif


/* Frames and threads ------------------------------------------------------------------------------------------- */

#ifndef Py_LIMITED_API
#  if PY_VERSION_HEX < 0x030b0000
#    include <frameobject.h>
#  endif
#  if PY_VERSION_HEX < 0x03090000
static inline PyCodeObject *PyFrame_GetCode(PyFrameObject *frame)
{
    return (PyCodeObject *)Py_NewRef(frame->f_code);
}

static inline PyInterpreterState *PyThreadState_GetInterpreter(PyThreadState *thread)
{
    return thread->interp;
}

static inline uint64_t PyThreadState_GetID(PyThreadState *thread)
{
    return thread->id;
}

static inline PyFrameObject *PyThreadState_GetFrame(PyThreadState *thread)
{
    return (PyFrameObject *)Py_XNewRef(thread->frame);
}

static inline PyInterpreterState *PyInterpreterState_Get(void)
{
    return PyThreadState_Get()->interp;
}
#  endif
#  if PY_VERSION_HEX < 0x030b0000
static inline PyObject *PyFrame_GetGenerator(PyFrameObject *frame)
{
    return Py_XNewRef(frame->f_gen);
}
#  endif
#  if PY_VERSION_HEX < 0x030d0000
static inline PyThreadState *PyThreadState_GetUnchecked(void)
{
    return _PyThreadState_UncheckedGet();
}
#  endif
#endif

#if !defined(Py_LIMITED_API) || PY_VERSION_HEX >= 0x03090000
#  if MORTICE_LACKS(0x03090000, MORTICE_NEVER)
/* Gives the frame that called as a new reference; NULL for the outermost one. */
static inline PyFrameObject *PyFrame_GetBack(PyFrameObject *frame)
{
    PyObject *back = PyObject_GetAttrString(MORTICE_OBJECT(frame), "f_back");
    if (back == Py_None) {
        Py_DECREF(back);
        return NULL;
    }
    return (PyFrameObject *)back;
}
#  endif

#  if MORTICE_LACKS(0x030b0000, MORTICE_NEVER)
static inline PyObject *PyFrame_GetLocals(PyFrameObject *frame)
{
    return PyObject_GetAttrString(MORTICE_OBJECT(frame), "f_locals");
}

static inline PyObject *PyFrame_GetGlobals(PyFrameObject *frame)
{
    return PyObject_GetAttrString(MORTICE_OBJECT(frame), "f_globals");
}

static inline PyObject *PyFrame_GetBuiltins(PyFrameObject *frame)
{
    return PyObject_GetAttrString(MORTICE_OBJECT(frame), "f_builtins");
}

/* The offset in bytes of the instruction that ran last; -1 where the frame has not started. */
static inline int PyFrame_GetLasti(PyFrameObject *frame)
{
    int last = -1;
    PyObject *offset = PyObject_GetAttrString(MORTICE_OBJECT(frame), "f_lasti");
    if (offset != NULL) {
        last = PyLong_AsInt(offset);
        Py_DECREF(offset);
    }
    return last;
}
#  endif

#  if MORTICE_LACKS(0x030c0000, MORTICE_NEVER)
/* Gives the value of a local variable as a new reference; NameError where it has none. */
static inline PyObject *PyFrame_GetVar(PyFrameObject *frame, PyObject *name)
{
    PyObject *value = NULL;
    PyObject *locals = PyFrame_GetLocals(frame);
    if (locals == NULL) {
        return NULL;
    }
    if (PyMapping_GetOptionalItem(locals, name, &value) == 0) {
        PyErr_Format(PyExc_NameError, "variable %R does not exist", name);
    }
    Py_DECREF(locals);
    return value;
}

static inline PyObject *PyFrame_GetVarString(PyFrameObject *frame, const char *name)
{
    PyObject *value;
    PyObject *key = PyUnicode_FromString(name);
    if (key == NULL) {
        return NULL;
    }
    value = PyFrame_GetVar(frame, key);
    Py_DECREF(key);
    return value;
}
#  endif
#endif

/* What the fields of frames and thread states gave: borrowed references, which the frame keeps alive. */
#ifndef Py_LIMITED_API
static inline PyObject *mortice_borrow(PyObject *ob)
{
    Py_XDECREF(ob);
    return ob;
}
#  define MORTICE_FRAME_CODE(frame) ((PyCodeObject *)mortice_borrow(MORTICE_OBJECT(PyFrame_GetCode(frame))))
#  define MORTICE_FRAME_BACK(frame) ((PyFrameObject *)mortice_borrow(MORTICE_OBJECT(PyFrame_GetBack(frame))))
#  define MORTICE_FRAME_GLOBALS(frame) mortice_borrow(PyFrame_GetGlobals(frame))
#  define MORTICE_FRAME_BUILTINS(frame) mortice_borrow(PyFrame_GetBuiltins(frame))
#  define MORTICE_THREAD_FRAME(thread) ((PyFrameObject *)mortice_borrow(MORTICE_OBJECT(PyThreadState_GetFrame(thread))))
#endif


/* Deep structures ---------------------------------------------------------------------------------------------- */

/* Since 3.14 the interpreter itself keeps releases from nesting too deep, and the macros are empty. The limited API has
 * never had them. */
#if defined(Py_LIMITED_API) && !defined(Py_TRASHCAN_BEGIN)
#  define Py_TRASHCAN_BEGIN(ob, dealloc)
#  define Py_TRASHCAN_END
#endif


/* Free threading ----------------------------------------------------------------------------------------------- */

/* With a global lock a critical section is a block. */
#ifndef Py_BEGIN_CRITICAL_SECTION
#  define Py_BEGIN_CRITICAL_SECTION(ob) {
#  define Py_END_CRITICAL_SECTION() }
#  define Py_BEGIN_CRITICAL_SECTION2(first, second) {
#  define Py_END_CRITICAL_SECTION2() }
#endif

/* Entries for a module's slots that older versions would refuse: MORTICE_MOD_GIL_NOT_USED is the whole entry with its
 * comma, or nothing. */
#if defined(Py_mod_gil) && !MORTICE_LACKS(0x030d0000, 0x030d0000)
#  define MORTICE_MOD_GIL_NOT_USED {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#else
#  define MORTICE_MOD_GIL_NOT_USED
#endif
#if defined(Py_mod_multiple_interpreters) && !MORTICE_LACKS(0x030c0000, 0x030c0000)
#  define MORTICE_MOD_PER_INTERPRETER_GIL {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#else
#  define MORTICE_MOD_PER_INTERPRETER_GIL
#endif

#ifdef __cplusplus
}
#endif

#endif /* MORTICE_COMPAT_H */
