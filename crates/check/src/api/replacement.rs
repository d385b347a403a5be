//! What to write instead of a name that a target does not show.

use crate::target::Target;

/// What takes the place of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What to write: a name, or a short hint.
    pub text: &'static str,
    /// Whether a tool can write it without understanding the program.
    pub mechanical: bool,
    /// The N of the CPython 3.N whose limited API has it first.
    pub since: u8,
}

/// Finds what takes the place of a name in the target.
pub fn replacement(name: &str, target: Target) -> Option<Replacement> {
    let mut rows = TABLE.iter().filter(|row| row.0 == name);
    rows.find(|row| row.3 <= target.minor())
        .map(|&(_, text, mechanical, since)| Replacement {
            text,
            mechanical,
            since,
        })
}

/// Name, replacement, whether it is mechanical, and the version that has it.
const TABLE: &[(&str, &str, bool, u8)] = &[
    // Unchecked accessors of containers.
    ("PyTuple_GET_ITEM", "PyTuple_GetItem", true, 2),
    ("PyTuple_GET_SIZE", "PyTuple_Size", true, 2),
    ("PyTuple_SET_ITEM", "PyTuple_SetItem", true, 2),
    ("PyList_GET_ITEM", "PyList_GetItem", true, 2),
    ("PyList_GET_SIZE", "PyList_Size", true, 2),
    ("PyList_SET_ITEM", "PyList_SetItem", true, 2),
    ("PyBytes_AS_STRING", "PyBytes_AsString", true, 2),
    ("PyBytes_GET_SIZE", "PyBytes_Size", true, 2),
    ("PyByteArray_AS_STRING", "PyByteArray_AsString", true, 2),
    ("PyByteArray_GET_SIZE", "PyByteArray_Size", true, 2),
    ("PySet_GET_SIZE", "PySet_Size", true, 2),
    ("PyDict_GET_SIZE", "PyDict_Size", true, 2),
    ("PyFloat_AS_DOUBLE", "PyFloat_AsDouble", true, 2),
    ("PyLong_AS_LONG", "PyLong_AsLong", true, 2),
    ("PyUnicode_GET_LENGTH", "PyUnicode_GetLength", true, 2),
    ("PyUnicode_READ_CHAR", "PyUnicode_ReadChar", true, 2),
    ("PyMemoryView_GET_BUFFER", "PyObject_GetBuffer", false, 11),
    ("PySequence_Fast_GET_SIZE", "PySequence_Size", true, 2),
    (
        "PySequence_Fast_GET_ITEM",
        "PySequence_GetItem, which returns a new reference",
        false,
        2,
    ),
    (
        "PySequence_Fast_ITEMS",
        "PySequence_GetItem in a loop",
        false,
        2,
    ),
    ("PySequence_ITEM", "PySequence_GetItem", true, 2),
    (
        "PyStructSequence_GET_ITEM",
        "PyStructSequence_GetItem",
        true,
        2,
    ),
    (
        "PyStructSequence_SET_ITEM",
        "PyStructSequence_SetItem",
        true,
        2,
    ),
    (
        "PyCFunction_GET_FUNCTION",
        "PyCFunction_GetFunction",
        true,
        2,
    ),
    ("PyCFunction_GET_SELF", "PyCFunction_GetSelf", true, 2),
    ("PyCFunction_GET_FLAGS", "PyCFunction_GetFlags", true, 2),
    (
        "PyMethod_GET_FUNCTION",
        "PyObject_GetAttrString(m, \"__func__\")",
        false,
        2,
    ),
    (
        "PyMethod_Function",
        "PyObject_GetAttrString(m, \"__func__\")",
        false,
        2,
    ),
    (
        "PyMethod_GET_SELF",
        "PyObject_GetAttrString(m, \"__self__\")",
        false,
        2,
    ),
    (
        "PyMethod_Self",
        "PyObject_GetAttrString(m, \"__self__\")",
        false,
        2,
    ),
    ("PyMethod_New", "calling types.MethodType", false, 2),
    (
        "PyMethod_Check",
        "comparing with types.MethodType",
        false,
        2,
    ),
    (
        "PyFunction_Check",
        "comparing with types.FunctionType",
        false,
        2,
    ),
    ("PyCell_Check", "comparing with types.CellType", false, 2),
    ("PyWeakref_GET_OBJECT", "PyWeakref_GetRef", false, 13),
    ("PyWeakref_GET_OBJECT", "PyWeakref_GetObject", false, 2),
    ("_PyWeakref_GET_REF", "PyWeakref_GetRef", false, 13),
    (
        "Py_SETREF",
        "a store, then Py_DECREF of the old value",
        false,
        2,
    ),
    (
        "Py_XSETREF",
        "a store, then Py_XDECREF of the old value",
        false,
        2,
    ),
    ("Py_MEMCPY", "memcpy", true, 2),
    (
        "PyUnicodeWriter_Create",
        "a list and PyUnicode_Join",
        false,
        2,
    ),
    // Private names that have public ones.
    ("_PyObject_New", "PyObject_New", false, 2),
    ("_PyObject_GetDictPtr", "PyObject_GenericGetDict", false, 10),
    ("_PyObject_CallMethodId", "PyObject_CallMethod", false, 2),
    ("_PyObject_GetAttrId", "PyObject_GetAttrString", false, 2),
    ("_PyObject_SetAttrId", "PyObject_SetAttrString", false, 2),
    ("_PyObject_LookupAttr", "PyObject_GetOptionalAttr", true, 13),
    ("_PyObject_CallNoArg", "PyObject_CallNoArgs", true, 10),
    ("_PyObject_CallNoArgs", "PyObject_CallNoArgs", true, 10),
    ("_PyObject_Vectorcall", "PyObject_Vectorcall", true, 12),
    ("_PyObject_GC_UNTRACK", "PyObject_GC_UnTrack", true, 2),
    ("_PyObject_GC_TRACK", "PyObject_GC_Track", true, 2),
    (
        "_PyObject_NextNotImplemented",
        "a null tp_iternext",
        false,
        2,
    ),
    ("_PyType_Lookup", "PyObject_GetAttr on the type", false, 2),
    ("_PyType_Name", "PyType_GetName", false, 11),
    (
        "_PyLong_Sign",
        "PyLong_AsLong or PyObject_RichCompareBool",
        false,
        2,
    ),
    (
        "PyLong_GetSign",
        "PyObject_RichCompareBool with 0",
        false,
        2,
    ),
    ("_PyLong_NumBits", "calling int.bit_length", false, 2),
    ("_PyLong_AsByteArray", "PyLong_AsNativeBytes", false, 14),
    ("_PyLong_FromByteArray", "PyLong_FromNativeBytes", false, 14),
    ("_PyLong_New", "PyLong_FromNativeBytes", false, 14),
    ("_PyLong_AsInt", "PyLong_AsInt", true, 13),
    ("_PyLong_AsInt", "PyLong_AsLong", false, 2),
    (
        "_PyDict_GetItem_KnownHash",
        "PyDict_GetItemWithError",
        false,
        2,
    ),
    ("_PyDict_SetItem_KnownHash", "PyDict_SetItem", false, 2),
    ("_PyDict_DelItem_KnownHash", "PyDict_DelItem", false, 2),
    (
        "_PyDict_GetItemStringWithError",
        "PyDict_GetItemStringRef",
        false,
        13,
    ),
    ("_PyDict_Pop", "PyDict_Pop", false, 15),
    ("_PyDict_NewPresized", "PyDict_New()", false, 2),
    ("_PyDict_Next", "PyDict_Next", false, 2),
    ("_PyUnicode_FromId", "PyUnicode_InternFromString", false, 2),
    ("_PyUnicode_Ready", "nothing: strings are ready", false, 2),
    ("PyUnicode_READY", "nothing: strings are ready", false, 2),
    ("_PyUnicode_EQ", "PyUnicode_Equal", true, 14),
    ("_PyUnicode_AsString", "PyUnicode_AsUTF8AndSize", false, 10),
    (
        "PyUnicode_AsUTF8",
        "PyUnicode_AsUTF8AndSize(s, NULL)",
        true,
        10,
    ),
    ("_PyBytes_Resize", "_PyBytes_Resize", false, 2),
    ("_PyBytes_Join", "calling bytes.join", false, 2),
    (
        "_PyErr_ChainExceptions",
        "PyErr_SetRaisedException",
        false,
        12,
    ),
    (
        "_PyErr_FormatFromCause",
        "PyErr_Format with PyException_SetCause",
        false,
        2,
    ),
    ("_PyErr_BadInternalCall", "PyErr_BadInternalCall", true, 2),
    ("_PyThreadState_Current", "PyThreadState_Get()", false, 2),
    ("_PyThreadState_GET", "PyThreadState_Get", true, 2),
    ("_PyThreadState_UncheckedGet", "PyThreadState_Get", false, 2),
    ("PyThreadState_GetUnchecked", "PyThreadState_Get", false, 2),
    ("PyThreadState_GET", "PyThreadState_Get", true, 2),
    ("_PyInterpreterState_Get", "PyInterpreterState_Get", true, 9),
    (
        "PyInterpreterState_Main",
        "PyInterpreterState_Get",
        false,
        9,
    ),
    ("_PyModule_GetState", "PyModule_GetState", true, 2),
    ("_PyModule_GetDict", "PyModule_GetDict", true, 2),
    (
        "_PyImport_GetModuleAttrString",
        "PyImport_ImportModule with PyObject_GetAttrString",
        false,
        2,
    ),
    (
        "_PyArg_ParseStackAndKeywords",
        "PyArg_ParseTupleAndKeywords",
        false,
        2,
    ),
    (
        "_PyArg_UnpackKeywords",
        "PyArg_ParseTupleAndKeywords",
        false,
        2,
    ),
    (
        "_PyArg_CheckPositional",
        "comparing the count of arguments",
        false,
        2,
    ),
    ("_PyArg_NoKeywords", "a check of kwargs", false, 2),
    ("_Py_IDENTIFIER", "PyUnicode_InternFromString", false, 2),
    ("_Py_SET_REFCNT", "Py_SET_REFCNT", true, 15),
    ("_Py_NewReference", "PyObject_Init", false, 2),
    ("_Py_HashDouble", "PyObject_Hash of a float", false, 2),
    ("_Py_HashPointer", "Py_HashPointer", false, 15),
    ("_Py_HashBytes", "PyObject_Hash of bytes", false, 2),
    ("_Py_HashSecret", "PyObject_Hash", false, 2),
    ("_Py_CAST", "a cast", false, 2),
    (
        "_Py_c_sum",
        "arithmetic on real and imaginary part",
        false,
        2,
    ),
    ("_Py_bytes_isdigit", "isdigit", false, 2),
    ("_PyTime_GetSystemClock", "time()", false, 2),
    // Calls.
    (
        "PyObject_CallOneArg",
        "PyObject_CallFunctionObjArgs(f, x, NULL)",
        true,
        2,
    ),
    (
        "PyObject_CallMethodNoArgs",
        "PyObject_CallMethodObjArgs(o, name, NULL)",
        true,
        2,
    ),
    (
        "PyObject_CallMethodOneArg",
        "PyObject_CallMethodObjArgs(o, name, x, NULL)",
        true,
        2,
    ),
    ("PyObject_VectorcallDict", "PyObject_Call", false, 2),
    ("PyVectorcall_NARGS", "PyVectorcall_NARGS", false, 12),
    ("PyVectorcall_Function", "PyObject_Vectorcall", false, 12),
    (
        "PyObject_GetOptionalAttr",
        "PyObject_GetAttr with PyErr_ExceptionMatches",
        false,
        2,
    ),
    (
        "PyObject_GetOptionalAttrString",
        "PyObject_GetAttrString with PyErr_ExceptionMatches",
        false,
        2,
    ),
    ("PyObject_HasAttrWithError", "PyObject_GetAttr", false, 2),
    (
        "PyObject_HasAttrStringWithError",
        "PyObject_GetAttrString",
        false,
        2,
    ),
    (
        "PyMapping_GetOptionalItem",
        "PyObject_GetItem with PyErr_ExceptionMatches",
        false,
        2,
    ),
    (
        "PyDict_GetItemRef",
        "PyDict_GetItemWithError and Py_XNewRef",
        false,
        10,
    ),
    ("PyDict_GetItemStringRef", "PyDict_GetItemString", false, 2),
    ("PyDict_SetDefaultRef", "PyDict_SetDefaultRef", false, 15),
    ("PyDict_SetDefault", "PyDict_SetDefaultRef", false, 15),
    (
        "PyDict_SetDefault",
        "PyDict_GetItemWithError with PyDict_SetItem",
        false,
        2,
    ),
    (
        "PyDict_Pop",
        "PyDict_GetItemWithError with PyDict_DelItem",
        false,
        2,
    ),
    ("PyDict_ContainsString", "PyDict_GetItemString", false, 2),
    (
        "PyList_GetItemRef",
        "PyList_GetItem and Py_XNewRef",
        false,
        10,
    ),
    ("PyList_Extend", "PySequence_InPlaceConcat", false, 2),
    (
        "PyList_Clear",
        "PyList_SetSlice(l, 0, PY_SSIZE_T_MAX, NULL)",
        true,
        2,
    ),
    ("PyList_Extend", "PyList_SetSlice", false, 2),
    ("PyModule_Add", "PyModule_AddObjectRef", false, 10),
    ("PyImport_AddModuleRef", "PyImport_AddModule", false, 2),
    ("PyWeakref_GetRef", "PyWeakref_GetObject", false, 2),
    ("PyLong_AsInt", "PyLong_AsLong", false, 2),
    (
        "PyUnicode_EqualToUTF8",
        "PyUnicode_CompareWithASCIIString",
        false,
        2,
    ),
    (
        "PyType_GetModuleByDef",
        "PyType_GetModuleByToken",
        false,
        15,
    ),
    (
        "PyType_GetModuleByDef",
        "PyType_GetModule with the defining class",
        false,
        10,
    ),
    (
        "PyType_GetDict",
        "PyObject_GetAttrString(type, \"__dict__\")",
        false,
        2,
    ),
    ("PyType_HasFeature", "PyType_GetFlags", false, 2),
    (
        "PyType_IS_GC",
        "PyType_HasFeature(t, Py_TPFLAGS_HAVE_GC)",
        true,
        2,
    ),
    ("PyObject_IS_GC", "PyObject_GC_IsTracked", false, 9),
    ("PyObject_GetItemData", "PyObject_GetTypeData", false, 12),
    ("PyObject_CheckBuffer", "PyObject_GetBuffer", false, 11),
    (
        "Py_SET_TYPE",
        "making the object by its type's tp_alloc",
        false,
        2,
    ),
    ("Py_SET_SIZE", "Py_SET_SIZE", false, 15),
    ("PyObject_LengthHint", "PyObject_Size", false, 2),
    (
        "PyUnicode_DATA",
        "PyUnicode_AsUTF8AndSize or PyUnicode_ReadChar",
        false,
        10,
    ),
    ("PyUnicode_1BYTE_DATA", "PyUnicode_AsUTF8AndSize", false, 10),
    (
        "PyUnicode_2BYTE_DATA",
        "PyUnicode_AsWideCharString",
        false,
        2,
    ),
    ("PyUnicode_4BYTE_DATA", "PyUnicode_AsUCS4Copy", false, 2),
    ("PyUnicode_KIND", "PyUnicode_ReadChar", false, 2),
    ("PyUnicode_READ", "PyUnicode_ReadChar", false, 2),
    ("PyUnicode_WRITE", "PyUnicode_WriteChar", false, 2),
    (
        "PyUnicode_New",
        "PyUnicode_FromKindAndData or PyUnicode_FromStringAndSize",
        false,
        2,
    ),
    (
        "PyUnicode_FromKindAndData",
        "PyUnicode_DecodeUTF8 or PyUnicode_FromWideChar",
        false,
        2,
    ),
    (
        "PyUnicode_MAX_CHAR_VALUE",
        "a loop over PyUnicode_ReadChar",
        false,
        2,
    ),
    ("PyUnicode_IS_ASCII", "PyUnicode_AsUTF8AndSize", false, 10),
    (
        "PyUnicode_IS_COMPACT_ASCII",
        "PyUnicode_AsUTF8AndSize",
        false,
        10,
    ),
    (
        "PyUnicode_CopyCharacters",
        "PyUnicode_Substring with PyUnicode_Concat",
        false,
        2,
    ),
    (
        "PyComplex_AsCComplex",
        "PyComplex_RealAsDouble and PyComplex_ImagAsDouble",
        false,
        2,
    ),
    ("PyComplex_FromCComplex", "PyComplex_FromDoubles", false, 2),
    // Memory.
    ("PyObject_NEW", "PyObject_New", true, 2),
    ("PyObject_NEW_VAR", "PyObject_NewVar", true, 2),
    ("PyObject_DEL", "PyObject_Free", true, 2),
    ("PyObject_Del", "PyObject_Free", true, 2),
    ("PyObject_MALLOC", "PyObject_Malloc", true, 2),
    ("PyObject_REALLOC", "PyObject_Realloc", true, 2),
    ("PyObject_FREE", "PyObject_Free", true, 2),
    ("PyMem_MALLOC", "PyMem_Malloc", true, 2),
    ("PyMem_REALLOC", "PyMem_Realloc", true, 2),
    ("PyMem_FREE", "PyMem_Free", true, 2),
    ("PyMem_Del", "PyMem_Free", true, 2),
    ("PyMem_DEL", "PyMem_Free", true, 2),
    ("PyMem_NEW", "PyMem_New", true, 2),
    ("PyMem_RESIZE", "PyMem_Resize", true, 2),
    ("PyMem_RawMalloc", "PyMem_RawMalloc", false, 13),
    ("PyMem_RawMalloc", "malloc", false, 2),
    ("PyMem_RawFree", "free", false, 2),
    ("PyMem_RawRealloc", "realloc", false, 2),
    ("PyMem_RawCalloc", "calloc", false, 2),
    // Heads and types.
    (
        "PyObject_HEAD",
        "a struct without it, behind PyObject_GetTypeData",
        true,
        12,
    ),
    (
        "PyObject_VAR_HEAD",
        "a struct without it, behind PyObject_GetTypeData",
        false,
        12,
    ),
    ("PyObject_HEAD_INIT", "PyType_FromModuleAndSpec", false, 9),
    ("PyVarObject_HEAD_INIT", "PyType_FromModuleAndSpec", true, 9),
    (
        "PyModuleDef_HEAD_INIT",
        "an array of PySlot, from PyModExport_",
        true,
        15,
    ),
    (
        "PyModule_Create",
        "an array of PySlot, from PyModExport_",
        true,
        15,
    ),
    (
        "PyModule_Create2",
        "an array of PySlot, from PyModExport_",
        true,
        15,
    ),
    (
        "PyModuleDef_Init",
        "an array of PySlot, from PyModExport_",
        true,
        15,
    ),
    (
        "PyState_FindModule",
        "PyModule_GetState of the module that a method gets",
        false,
        10,
    ),
    (
        "Py_TRASHCAN_BEGIN",
        "nothing: tp_dealloc is guarded by the interpreter where it can be",
        true,
        2,
    ),
    (
        "Py_TRASHCAN_END",
        "nothing: tp_dealloc is guarded by the interpreter where it can be",
        true,
        2,
    ),
    (
        "Py_TRASHCAN_SAFE_BEGIN",
        "Py_TRASHCAN_BEGIN, or nothing in the limited API",
        true,
        2,
    ),
    (
        "Py_TRASHCAN_SAFE_END",
        "Py_TRASHCAN_END, or nothing in the limited API",
        true,
        2,
    ),
    ("PyObject_CheckReadBuffer", "PyObject_GetBuffer", false, 11),
    ("PyObject_AsReadBuffer", "PyObject_GetBuffer", false, 11),
    ("PyObject_AsWriteBuffer", "PyObject_GetBuffer", false, 11),
    ("PyObject_AsCharBuffer", "PyObject_GetBuffer", false, 11),
    ("Py_UNICODE", "wchar_t or Py_UCS4", false, 2),
    (
        "PyUnicode_AS_UNICODE",
        "PyUnicode_AsWideCharString",
        false,
        2,
    ),
    (
        "PyUnicode_AsUnicode",
        "PyUnicode_AsWideCharString",
        false,
        2,
    ),
    ("PyUnicode_GET_SIZE", "PyUnicode_GetLength", true, 2),
    ("PyUnicode_GetSize", "PyUnicode_GetLength", true, 2),
    ("PyUnicode_GET_DATA_SIZE", "PyUnicode_GetLength", false, 2),
    ("PyUnicode_FromUnicode", "PyUnicode_FromWideChar", false, 2),
    ("PyEval_CallObject", "PyObject_CallObject", true, 2),
    ("PyEval_CallObjectWithKeywords", "PyObject_Call", false, 2),
    ("PyEval_CallFunction", "PyObject_CallFunction", true, 2),
    ("PyEval_CallMethod", "PyObject_CallMethod", true, 2),
    ("PyEval_InitThreads", "nothing: threads are ready", true, 2),
    ("PyEval_ThreadsInitialized", "1", true, 2),
    ("PyCFunction_Call", "PyObject_Call", true, 2),
    ("PyOS_AfterFork", "PyOS_AfterFork_Child", true, 7),
    ("PyNumber_Int", "PyNumber_Long", true, 2),
    ("PyInt_FromLong", "PyLong_FromLong", true, 2),
    ("PyInt_AsLong", "PyLong_AsLong", true, 2),
    ("PyInt_AS_LONG", "PyLong_AsLong", true, 2),
    ("PyInt_Check", "PyLong_Check", true, 2),
    (
        "PyString_FromString",
        "PyUnicode_FromString or PyBytes_FromString",
        false,
        2,
    ),
    (
        "PyString_AsString",
        "PyUnicode_AsUTF8AndSize or PyBytes_AsString",
        false,
        2,
    ),
    (
        "PyString_Check",
        "PyUnicode_Check or PyBytes_Check",
        false,
        2,
    ),
    ("Py_InitModule", "PyModule_Create", false, 2),
    ("Py_InitModule3", "PyModule_Create", false, 2),
    ("Py_FindMethod", "tp_methods", false, 2),
    // Frames, code, the run time.
    ("PyFrame_GetBack", "calling sys._getframe", false, 2),
    ("PyFrame_GetLocals", "PyEval_GetFrameLocals", false, 15),
    ("PyCode_New", "calling types.CodeType", false, 2),
    ("PyCode_NewEmpty", "calling compile", false, 2),
    ("PyFrame_New", "no counterpart", false, 2),
    ("PyTraceBack_Here", "PyTraceBack_Here", false, 2),
    (
        "PyRun_String",
        "Py_CompileString with PyEval_EvalCode",
        false,
        2,
    ),
    (
        "PyRun_StringFlags",
        "Py_CompileString with PyEval_EvalCode",
        false,
        2,
    ),
    (
        "PyRun_SimpleString",
        "Py_CompileString with PyEval_EvalCode",
        false,
        2,
    ),
    ("PySys_GetObject", "PySys_GetAttr", false, 15),
    (
        "PyDateTime_IMPORT",
        "PyImport_ImportModule(\"datetime\")",
        false,
        2,
    ),
    (
        "PyDateTime_Check",
        "PyObject_IsInstance with datetime.datetime",
        false,
        2,
    ),
    (
        "PyDateTime_CheckExact",
        "comparing with datetime.datetime",
        false,
        2,
    ),
    (
        "PyDate_Check",
        "PyObject_IsInstance with datetime.date",
        false,
        2,
    ),
    (
        "PyDate_CheckExact",
        "comparing with datetime.date",
        false,
        2,
    ),
    (
        "PyTime_Check",
        "PyObject_IsInstance with datetime.time",
        false,
        2,
    ),
    (
        "PyDelta_Check",
        "PyObject_IsInstance with datetime.timedelta",
        false,
        2,
    ),
    (
        "PyMarshal_WriteObjectToString",
        "calling marshal.dumps",
        false,
        2,
    ),
    (
        "PyMarshal_ReadObjectFromString",
        "calling marshal.loads",
        false,
        2,
    ),
    ("PyFile_GetLine", "calling readline", false, 2),
    ("_Py_fopen_obj", "Py_fopen", false, 14),
    (
        "PyMutex",
        "PyThread_type_lock, or Py_BEGIN_CRITICAL_SECTION",
        false,
        15,
    ),
    (
        "PyMutex_Lock",
        "PyThread_acquire_lock, or Py_BEGIN_CRITICAL_SECTION",
        false,
        15,
    ),
    (
        "PyMutex_Unlock",
        "PyThread_release_lock, or Py_END_CRITICAL_SECTION",
        false,
        15,
    ),
    ("PyUnstable_Module_SetGIL", "the slot Py_mod_gil", false, 13),
    (
        "PyUnstable_Type_AssignVersionTag",
        "no counterpart",
        false,
        2,
    ),
    (
        "PySequence_InPlaceConcat",
        "PySequence_InPlaceConcat",
        false,
        2,
    ),
    ("PyBuffer_IsContiguous", "PyBuffer_IsContiguous", false, 11),
    ("PyBuffer_Release", "PyBuffer_Release", false, 11),
    ("PyObject_GetBuffer", "PyObject_GetBuffer", false, 11),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Api;

    /// What is named as mechanical has to be there.
    #[test]
    fn mechanical_replacements_are_visible_where_they_are_offered() {
        let api = Api::new();
        for &(name, text, mechanical, since) in TABLE {
            let word: String = text
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let target = Target::Abi3 {
                minor: since.max(12),
            };
            if mechanical && word.starts_with("Py") && api.visible(&word, target) != Some(true) {
                // The trashcan's own replacement is for the full API.
                assert!(word.starts_with("Py_TRASHCAN"), "{name}: {text}");
            }
        }
    }

    #[test]
    fn a_replacement_is_one_that_the_target_has() {
        let old = Target::Abi3 { minor: 12 };
        let text = |name, target| replacement(name, target).map(|found| found.text);
        assert_eq!(
            text("PyWeakref_GET_OBJECT", old),
            Some("PyWeakref_GetObject")
        );
        assert_eq!(
            text("PyWeakref_GET_OBJECT", Target::Abi3t),
            Some("PyWeakref_GetRef")
        );
        assert_eq!(text("PyUnicode_Concat", old), None);
    }
}
