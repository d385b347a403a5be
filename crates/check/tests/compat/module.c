/* Every name of mortice_compat.h behind a Python function of the same name. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "mortice_compat.h"

#define METHOD(name) static PyObject *m_##name(PyObject *self, PyObject *args)
#define PARSE(...)                                                                                                     \
    (void)self;                                                                                                        \
    if (!PyArg_ParseTuple(args, __VA_ARGS__)) {                                                                        \
        return NULL;                                                                                                   \
    }

/* What a function that gives 1, 0 or -1 and an object did; it is a mistake to leave an object with 0 or -1. */
static PyObject *pair(int found, PyObject *result)
{
    if ((found == 1) != (result != NULL)) {
        Py_XDECREF(result);
        PyErr_SetString(PyExc_AssertionError, "an object and a result that does not fit");
        return NULL;
    }
    if (found < 0) {
        return NULL;
    }
    return result == NULL ? Py_BuildValue("(iO)", found, Py_None) : Py_BuildValue("(iN)", found, result);
}

static PyObject *number(int found)
{
    if (found == -1 && PyErr_Occurred()) {
        return NULL;
    }
    return PyLong_FromLong(found);
}

#define POISON ((PyObject *)(void *)&PyType_Type)

#define LOOK_UP(name)                                                                                                  \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        PyObject *ob, *key, *result = POISON;                                                                          \
        int found;                                                                                                     \
        PARSE("OO", &ob, &key)                                                                                         \
        found = name(ob, key, &result);                                                                                \
        return pair(found, result);                                                                                    \
    }
#define LOOK_UP_STRING(name)                                                                                           \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        PyObject *ob, *result = POISON;                                                                                \
        const char *key;                                                                                               \
        int found;                                                                                                     \
        PARSE("Os", &ob, &key)                                                                                         \
        found = name(ob, key, &result);                                                                                \
        return pair(found, result);                                                                                    \
    }
#define ASK(name)                                                                                                      \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        PyObject *ob, *key;                                                                                            \
        PARSE("OO", &ob, &key)                                                                                         \
        return number(name(ob, key));                                                                                  \
    }
#define ASK_STRING(name)                                                                                               \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        PyObject *ob;                                                                                                  \
        const char *key;                                                                                               \
        PARSE("Os", &ob, &key)                                                                                         \
        return number(name(ob, key));                                                                                  \
    }
#define GIVE(name, type)                                                                                               \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        PyObject *ob;                                                                                                  \
        PARSE("O", &ob)                                                                                                \
        return (PyObject *)name((type *)ob);                                                                           \
    }
#define GIVE2(name)                                                                                                    \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        PyObject *ob, *other;                                                                                          \
        PARSE("OO", &ob, &other)                                                                                       \
        return name(ob, other);                                                                                        \
    }

LOOK_UP(PyObject_GetOptionalAttr)
LOOK_UP_STRING(PyObject_GetOptionalAttrString)
LOOK_UP(PyMapping_GetOptionalItem)
LOOK_UP_STRING(PyMapping_GetOptionalItemString)
LOOK_UP(PyDict_GetItemRef)
LOOK_UP_STRING(PyDict_GetItemStringRef)
LOOK_UP(PyDict_Pop)
LOOK_UP_STRING(PyDict_PopString)
ASK(PyObject_HasAttrWithError)
ASK_STRING(PyObject_HasAttrStringWithError)
ASK(PyMapping_HasKeyWithError)
ASK_STRING(PyMapping_HasKeyStringWithError)
ASK_STRING(PyDict_ContainsString)
ASK(PyList_Extend)
ASK(PyUnicode_Equal)
ASK(Py_Is)
GIVE(Py_NewRef, PyObject)
GIVE(PyObject_CallNoArgs, PyObject)
GIVE2(PyObject_CallOneArg)
GIVE2(PyObject_CallMethodNoArgs)
GIVE2(PyImport_ImportModuleAttr)
GIVE(PyType_GetName, PyTypeObject)
GIVE(PyType_GetQualName, PyTypeObject)
GIVE(PyType_GetModuleName, PyTypeObject)
GIVE(PyType_GetFullyQualifiedName, PyTypeObject)

METHOD(constants)
{
    PyObject *all;
    PARSE("")
    all = PyList_New(0);
    for (unsigned int id = 0; all != NULL && id <= Py_CONSTANT_EMPTY_TUPLE; id++) {
        PyObject *constant = Py_GetConstant(id);
        if (constant == NULL || constant != Py_GetConstantBorrowed(id) || PyList_Append(all, constant) < 0) {
            Py_CLEAR(all);
        }
        Py_XDECREF(constant);
    }
    return all;
}

METHOD(Py_GetConstant)
{
    unsigned int id;
    PARSE("I", &id)
    return Py_GetConstant(id);
}

METHOD(tests)
{
    PyObject *ob;
    PARSE("O", &ob)
    return Py_BuildValue("(iiii)", Py_IsNone(ob), Py_IsTrue(ob), Py_IsFalse(ob), Py_IS_TYPE(ob, &PyLong_Type));
}

METHOD(Py_XNewRef)
{
    PyObject *ob;
    PARSE("O", &ob)
    if (Py_XNewRef(NULL) != NULL) {
        PyErr_SetString(PyExc_AssertionError, "a reference from nothing");
        return NULL;
    }
    return Py_XNewRef(ob);
}

/* Replaces the first variable's object by the second and gives what is then there. */
METHOD(Py_SETREF)
{
    PyObject *first, *second;
    PARSE("OO", &first, &second)
    Py_INCREF(first);
    Py_SETREF(first, Py_NewRef(second));
    Py_XSETREF(first, NULL);
    Py_XSETREF(first, Py_NewRef(second));
    return first;
}

METHOD(Py_SET_TYPE)
{
    PyObject *ob, *type;
    PARSE("OO", &ob, &type)
    {
        PyObject *old = (PyObject *)Py_TYPE(ob);
        Py_INCREF(type);
        Py_SET_TYPE(ob, (PyTypeObject *)type);
        Py_DECREF(old);
    }
    Py_RETURN_NONE;
}

METHOD(Py_SET_SIZE)
{
    PyObject *ob;
    Py_ssize_t size, before;
    PARSE("On", &ob, &size)
    before = Py_SIZE(ob);
    Py_SET_SIZE((PyVarObject *)ob, size);
    size = Py_SIZE(ob);
    Py_SET_SIZE((PyVarObject *)ob, before);
    return PyLong_FromSsize_t(size);
}

METHOD(Py_SET_REFCNT)
{
    PyObject *ob;
    Py_ssize_t count;
    PARSE("O", &ob)
    count = Py_REFCNT(ob);
    Py_SET_REFCNT(ob, count + 1);
    Py_DECREF(ob);
    return PyBool_FromLong(Py_REFCNT(ob) == count);
}

METHOD(PyObject_CallMethodOneArg)
{
    PyObject *ob, *name, *argument;
    PARSE("OOO", &ob, &name, &argument)
    return PyObject_CallMethodOneArg(ob, name, argument);
}

/* Calls with the items of a tuple, the last of which are named by another tuple. */
METHOD(PyObject_Vectorcall)
{
    PyObject *callable, *all, *names, *stack[9] = {NULL};
    Py_ssize_t count, named;
    PARSE("OO!O", &callable, &PyTuple_Type, &all, &names)
    count = PyTuple_Size(all);
    named = names == Py_None ? 0 : PyTuple_Size(names);
    for (Py_ssize_t i = 0; i < count && i < 8; i++) {
        stack[i + 1] = PyTuple_GetItem(all, i);
    }
    return PyObject_Vectorcall(callable, stack + 1, (size_t)(count - named) | PY_VECTORCALL_ARGUMENTS_OFFSET,
                               names == Py_None ? NULL : names);
}

METHOD(PyObject_VectorcallMethod)
{
    PyObject *name, *all, *names, *stack[9] = {NULL};
    Py_ssize_t count, named;
    PARSE("OO!O", &name, &PyTuple_Type, &all, &names)
    count = PyTuple_Size(all);
    named = names == Py_None ? 0 : PyTuple_Size(names);
    for (Py_ssize_t i = 0; i < count && i < 8; i++) {
        stack[i + 1] = PyTuple_GetItem(all, i);
    }
    return PyObject_VectorcallMethod(name, stack + 1, (size_t)(count - named) | PY_VECTORCALL_ARGUMENTS_OFFSET,
                                     names == Py_None ? NULL : names);
}

METHOD(PyObject_VectorcallDict)
{
    PyObject *callable, *argument, *keywords, *stack[2];
    PARSE("OOO", &callable, &argument, &keywords)
    stack[0] = NULL;
    stack[1] = argument;
    return PyObject_VectorcallDict(callable, stack + 1, (size_t)1 | PY_VECTORCALL_ARGUMENTS_OFFSET, keywords);
}

METHOD(PyList_GetItemRef)
{
    PyObject *list;
    Py_ssize_t index;
    PARSE("On", &list, &index)
    return PyList_GetItemRef(list, index);
}

METHOD(PyList_Clear)
{
    PyObject *list;
    PARSE("O", &list)
    return number(PyList_Clear(list));
}

METHOD(PyDict_SetDefaultRef)
{
    PyObject *dict, *key, *value, *result = POISON;
    int found;
    PARSE("OOO", &dict, &key, &value)
    found = PyDict_SetDefaultRef(dict, key, value, &result);
    if (found < 0) {
        return result == NULL ? NULL : PyErr_Format(PyExc_AssertionError, "an object with an error");
    }
    if (PyDict_SetDefaultRef(dict, key, Py_None, NULL) != 1) {
        return NULL;
    }
    return Py_BuildValue("(iN)", found, result);
}

/* Pops without asking for the value. */
METHOD(pop_quietly)
{
    PyObject *dict, *key;
    PARSE("OO", &dict, &key)
    return number(PyDict_Pop(dict, key, NULL));
}

METHOD(PyLong_AsInt)
{
    PyObject *ob;
    int value;
    PARSE("O", &ob)
    value = PyLong_AsInt(ob);
    return number(value);
}

METHOD(integers)
{
    PARSE("")
    return Py_BuildValue("(NNNN)", PyLong_FromInt32(INT32_MIN), PyLong_FromUInt32(UINT32_MAX),
                         PyLong_FromInt64(INT64_MIN), PyLong_FromUInt64(UINT64_MAX));
}

METHOD(PyUnicode_EqualToUTF8)
{
    PyObject *text, *before;
    const char *bytes;
    Py_ssize_t size;
    int equal;
    PARSE("Oy#", &text, &bytes, &size)
    equal = PyUnicode_EqualToUTF8AndSize(text, bytes, size);
    /* What is raised stays raised. */
    PyErr_SetString(PyExc_KeyError, "kept");
    if (equal != PyUnicode_EqualToUTF8AndSize(text, bytes, size) || !PyErr_ExceptionMatches(PyExc_KeyError)) {
        return NULL;
    }
    before = PyErr_GetRaisedException();
    Py_XDECREF(before);
    return Py_BuildValue("(ii)", equal, PyUnicode_EqualToUTF8(text, bytes));
}

METHOD(PyIter_NextItem)
{
    PyObject *iterator, *item = POISON;
    int found;
    PARSE("O", &iterator)
    found = PyIter_NextItem(iterator, &item);
    return pair(found, item);
}

METHOD(PyWeakref_GetRef)
{
    PyObject *reference, *result = POISON;
    int found;
    PARSE("O", &reference)
    found = PyWeakref_GetRef(reference, &result);
    return pair(found, result);
}

METHOD(PyWeakref_IsDead)
{
    PyObject *reference;
    PARSE("O", &reference)
    return number(PyWeakref_IsDead(reference));
}

/* Adds the same object in three ways to a module. */
METHOD(add)
{
    PyObject *module, *value;
    PARSE("OO", &module, &value)
    if (PyModule_AddObjectRef(module, "borrowed", value) < 0 || PyModule_Add(module, "taken", Py_NewRef(value)) < 0) {
        return NULL;
    }
    if (PyModule_AddObjectRef(module, "nothing", NULL) != -1 || !PyErr_ExceptionMatches(PyExc_SystemError)) {
        return NULL;
    }
    PyErr_Clear();
    PyErr_SetString(PyExc_KeyError, "why");
    if (PyModule_Add(module, "nothing", NULL) != -1 || !PyErr_ExceptionMatches(PyExc_KeyError)) {
        return NULL;
    }
    PyErr_Clear();
    Py_RETURN_NONE;
}

METHOD(refused)
{
    PyObject *value;
    PARSE("O", &value)
    return number(PyModule_Add(value, "name", Py_NewRef(value)));
}

METHOD(PyModule_AddType)
{
    PyObject *module, *type;
    PARSE("OO", &module, &type)
    return number(PyModule_AddType(module, (PyTypeObject *)type));
}

METHOD(PyImport_AddModuleRef)
{
    const char *name;
    PARSE("s", &name)
    return PyImport_AddModuleRef(name);
}

METHOD(PyImport_ImportModuleAttrString)
{
    const char *module, *name;
    PARSE("ss", &module, &name)
    return PyImport_ImportModuleAttrString(module, name);
}

/* Calls, and gives what is raised with what it is raised from. */
METHOD(raised)
{
    PyObject *callable, *result, *exception;
    PARSE("O", &callable)
    if (PyErr_GetRaisedException() != NULL) {
        return NULL;
    }
    result = PyObject_CallNoArgs(callable);
    Py_XDECREF(result);
    exception = PyErr_GetRaisedException();
    if (PyErr_Occurred()) {
        return NULL;
    }
    return exception == NULL ? Py_NewRef(Py_None) : exception;
}

METHOD(PyErr_SetRaisedException)
{
    PyObject *exception;
    PARSE("O", &exception)
    PyErr_SetString(PyExc_KeyError, "replaced");
    PyErr_SetRaisedException(NULL);
    if (PyErr_Occurred()) {
        return NULL;
    }
    PyErr_SetRaisedException(Py_NewRef(exception));
    return NULL;
}

METHOD(PyErr_GetHandledException)
{
    PyObject *exception;
    PARSE("")
    exception = PyErr_GetHandledException();
    return exception == NULL ? Py_NewRef(Py_None) : exception;
}

METHOD(PyErr_SetHandledException)
{
    PyObject *exception;
    PARSE("O", &exception)
    PyErr_SetHandledException(exception);
    Py_RETURN_NONE;
}

METHOD(arguments)
{
    PyObject *exception, *args_;
    PARSE("OO", &exception, &args_)
    PyException_SetArgs(exception, args_);
    return PyException_GetArgs(exception);
}

METHOD(sections)
{
    PyObject *first, *second;
    int count = 0;
    PARSE("OO", &first, &second)
    Py_BEGIN_CRITICAL_SECTION(first);
    count++;
    Py_END_CRITICAL_SECTION();
    Py_BEGIN_CRITICAL_SECTION2(first, second);
    count++;
    Py_END_CRITICAL_SECTION2();
    return PyLong_FromLong(count);
}

#if !defined(Py_LIMITED_API) || PY_VERSION_HEX >= 0x03090000
GIVE(PyFrame_GetCode, PyFrameObject)
GIVE(PyFrame_GetLocals, PyFrameObject)
GIVE(PyFrame_GetGlobals, PyFrameObject)
GIVE(PyFrame_GetBuiltins, PyFrameObject)

METHOD(PyFrame_GetBack)
{
    PyObject *frame;
    PARSE("O", &frame)
    frame = (PyObject *)PyFrame_GetBack((PyFrameObject *)frame);
    return frame == NULL && !PyErr_Occurred() ? Py_NewRef(Py_None) : frame;
}

METHOD(PyFrame_GetLasti)
{
    PyObject *frame;
    PARSE("O", &frame)
    return PyLong_FromLong(PyFrame_GetLasti((PyFrameObject *)frame));
}

METHOD(PyFrame_GetVar)
{
    PyObject *frame, *name;
    PARSE("OO", &frame, &name)
    return PyFrame_GetVar((PyFrameObject *)frame, name);
}

METHOD(PyFrame_GetVarString)
{
    PyObject *frame;
    const char *name;
    PARSE("Os", &frame, &name)
    return PyFrame_GetVarString((PyFrameObject *)frame, name);
}
#  define FRAMES                                                                                                       \
      ROW(PyFrame_GetCode), ROW(PyFrame_GetLocals), ROW(PyFrame_GetGlobals), ROW(PyFrame_GetBuiltins),                 \
          ROW(PyFrame_GetBack), ROW(PyFrame_GetLasti), ROW(PyFrame_GetVar), ROW(PyFrame_GetVarString),
#else
#  define FRAMES
#endif

#ifndef Py_LIMITED_API
METHOD(PyFrame_GetGenerator)
{
    PyObject *frame;
    PARSE("O", &frame)
    frame = PyFrame_GetGenerator((PyFrameObject *)frame);
    return frame == NULL ? Py_NewRef(Py_None) : frame;
}

METHOD(threads)
{
    PyThreadState *thread = PyThreadState_GetUnchecked();
    PARSE("")
    if (thread != PyThreadState_Get() || PyThreadState_GetInterpreter(thread) != PyInterpreterState_Get() ||
        PyThreadState_GetID(thread) == 0) {
        PyErr_SetString(PyExc_AssertionError, "threads");
        return NULL;
    }
    return (PyObject *)PyThreadState_GetFrame(thread);
}
#  define FULL_ONLY ROW(PyFrame_GetGenerator), ROW(threads),
#else
#  define FULL_ONLY
#endif

#define ROW(name) {#name, m_##name, METH_VARARGS, NULL}
static PyMethodDef methods[] = {
    FRAMES FULL_ONLY ROW(PyObject_GetOptionalAttr),
    ROW(PyObject_GetOptionalAttrString),
    ROW(PyMapping_GetOptionalItem),
    ROW(PyMapping_GetOptionalItemString),
    ROW(PyDict_GetItemRef),
    ROW(PyDict_GetItemStringRef),
    ROW(PyDict_Pop),
    ROW(PyDict_PopString),
    ROW(PyObject_HasAttrWithError),
    ROW(PyObject_HasAttrStringWithError),
    ROW(PyMapping_HasKeyWithError),
    ROW(PyMapping_HasKeyStringWithError),
    ROW(PyDict_ContainsString),
    ROW(PyList_Extend),
    ROW(PyUnicode_Equal),
    ROW(Py_Is),
    ROW(Py_NewRef),
    ROW(PyObject_CallNoArgs),
    ROW(PyObject_CallOneArg),
    ROW(PyObject_CallMethodNoArgs),
    ROW(PyImport_ImportModuleAttr),
    ROW(PyType_GetName),
    ROW(PyType_GetQualName),
    ROW(PyType_GetModuleName),
    ROW(PyType_GetFullyQualifiedName),
    ROW(constants),
    ROW(Py_GetConstant),
    ROW(tests),
    ROW(Py_XNewRef),
    ROW(Py_SETREF),
    ROW(Py_SET_TYPE),
    ROW(Py_SET_SIZE),
    ROW(Py_SET_REFCNT),
    ROW(PyObject_CallMethodOneArg),
    ROW(PyObject_Vectorcall),
    ROW(PyObject_VectorcallMethod),
    ROW(PyObject_VectorcallDict),
    ROW(PyList_GetItemRef),
    ROW(PyList_Clear),
    ROW(PyDict_SetDefaultRef),
    ROW(pop_quietly),
    ROW(PyLong_AsInt),
    ROW(integers),
    ROW(PyUnicode_EqualToUTF8),
    ROW(PyIter_NextItem),
    ROW(PyWeakref_GetRef),
    ROW(PyWeakref_IsDead),
    ROW(add),
    ROW(refused),
    ROW(PyModule_AddType),
    ROW(PyImport_AddModuleRef),
    ROW(PyImport_ImportModuleAttrString),
    ROW(raised),
    ROW(PyErr_SetRaisedException),
    ROW(PyErr_GetHandledException),
    ROW(PyErr_SetHandledException),
    ROW(arguments),
    ROW(sections),
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"count", Py_T_INT, sizeof(PyObject), Py_READONLY, NULL},
    {NULL, Py_T_INT, 0, 0, NULL},
};

static PyObject *made(PyObject *self, PyObject *args);
static PyMethodDef type_methods[] = {{"module", made, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot type_slots[] = {{Py_tp_members, members}, {Py_tp_methods, type_methods}, {0, NULL}};
static PyType_Spec type_spec = {"compat.Made", (int)(sizeof(PyObject) + sizeof(long)), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, type_slots};

static int fill(PyObject *module)
{
#if !MORTICE_LACKS(0x03090000, 0x030a0000)
    PyObject *type = PyType_FromModuleAndSpec(module, &type_spec, NULL);
#else
    PyObject *type = PyType_FromSpec(&type_spec);
#endif
    return PyModule_Add(module, "Made", type);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)fill},
    MORTICE_MOD_PER_INTERPRETER_GIL MORTICE_MOD_GIL_NOT_USED{0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "compat", NULL, 0, methods, slots, NULL, NULL, NULL};

/* The module that the type was made for, where types know it. */
static PyObject *made(PyObject *self, PyObject *args)
{
    (void)args;
#if !MORTICE_LACKS(0x03090000, 0x030a0000)
    return Py_XNewRef(PyType_GetModuleByDef(Py_TYPE(self), &definition));
#else
    (void)self;
    return Py_NewRef(Py_None);
#endif
}

PyMODINIT_FUNC PyInit_compat(void)
{
    return PyModuleDef_Init(&definition);
}
