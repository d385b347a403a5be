//! Names that were deprecated or are gone, and have another one that does the same.

use super::Rewrite;
use super::walk::Site;
use crate::tree::{Node, Syntax};

/// The rule's name for the functions of the allocators.
pub const ALLOCATION: &str = "allocation-name";

/// The rule's name for others.
pub const RULE: &str = "removed-name";

/// Old macros around an allocator's functions. Those of one family stay in it.
const ALLOCATORS: [(&str, &str); 14] = [
    ("PyObject_NEW", "PyObject_New"),
    ("PyObject_NEW_VAR", "PyObject_NewVar"),
    ("PyObject_DEL", "PyObject_Free"),
    ("PyObject_MALLOC", "PyObject_Malloc"),
    ("PyObject_REALLOC", "PyObject_Realloc"),
    ("PyObject_FREE", "PyObject_Free"),
    ("PyMem_NEW", "PyMem_New"),
    ("PyMem_RESIZE", "PyMem_Resize"),
    ("PyMem_MALLOC", "PyMem_Malloc"),
    ("PyMem_REALLOC", "PyMem_Realloc"),
    ("PyMem_FREE", "PyMem_Free"),
    ("PyMem_DEL", "PyMem_Free"),
    ("_PyObject_GC_TRACK", "PyObject_GC_Track"),
    ("_PyObject_GC_UNTRACK", "PyObject_GC_UnTrack"),
];

/// Old name, new name, and whether CPython 3.8 lacks the new one. Both take the same arguments and do the same.
const NAMES: [(&str, &str, bool); 21] = [
    ("PyCFunction_Call", "PyObject_Call", false),
    ("PyEval_CallFunction", "PyObject_CallFunction", false),
    ("PyEval_CallMethod", "PyObject_CallMethod", false),
    ("PyEval_CallObject", "PyObject_CallObject", false),
    ("PyUnicode_InternImmortal", "PyUnicode_InternInPlace", false),
    ("_PyDict_GetItemWithError", "PyDict_GetItemWithError", false),
    ("_PyImport_SetModule", "PyImport_SetModule", false),
    ("_PyInterpreterState_Get", "PyInterpreterState_Get", true),
    ("_PyLong_AsInt", "PyLong_AsInt", true),
    ("_PyLong_Format", "PyNumber_ToBase", false),
    ("_PyObject_CallNoArg", "PyObject_CallNoArgs", true),
    ("_PyObject_CallOneArg", "PyObject_CallOneArg", true),
    (
        "_PyObject_CallMethodNoArgs",
        "PyObject_CallMethodNoArgs",
        true,
    ),
    (
        "_PyObject_CallMethodOneArg",
        "PyObject_CallMethodOneArg",
        true,
    ),
    ("_PyObject_FastCallDict", "PyObject_VectorcallDict", true),
    ("_PyObject_Vectorcall", "PyObject_Vectorcall", true),
    (
        "_PyObject_VectorcallMethod",
        "PyObject_VectorcallMethod",
        true,
    ),
    ("_PyObject_LookupAttr", "PyObject_GetOptionalAttr", true),
    (
        "_PyThreadState_UncheckedGet",
        "PyThreadState_GetUnchecked",
        true,
    ),
    (
        "_PyErr_GetHandledException",
        "PyErr_GetHandledException",
        true,
    ),
    (
        "_PyErr_SetHandledException",
        "PyErr_SetHandledException",
        true,
    ),
];

/// Changes a name.
pub fn name<'u>(site: &Site<'u, '_>, node: Node<'u>, rewrite: &mut Rewrite<'_>) {
    let name = site.text(node);
    if !name.starts_with(['P', '_']) || !site.is_api(name) {
        return;
    }
    if let Some((_, new)) = ALLOCATORS.iter().find(|(old, _)| *old == name) {
        rewrite.edits.replace(site.range(node), *new, ALLOCATION);
    } else if let Some((_, new, compat)) = NAMES.iter().find(|(old, _, _)| *old == name) {
        let replaced = rewrite.edits.replace(site.range(node), *new, RULE);
        if replaced && *compat {
            rewrite.need_compat();
        }
    }
}

/// Changes a call whose arguments change as well.
pub fn call<'u>(site: &Site<'u, '_>, node: Node<'u>, rewrite: &mut Rewrite<'_>) {
    let Some((name, arguments)) = site.call(node) else {
        return;
    };
    if !site.is_api(name) {
        return;
    }
    match (name, &*arguments) {
        ("PyEval_CallObjectWithKeywords", &[function, given, keywords]) => {
            let tree = site.view.tree;
            let null = |node| tree.syntax(site.bare(node)) == Syntax::Null;
            let function = site.rendered(&rewrite.edits, function);
            let given_text = site.rendered(&rewrite.edits, given);
            if null(keywords) {
                let text = format!("PyObject_CallObject({function}, {given_text})");
                rewrite.change(site.range(node), text, RULE);
            } else {
                // Unlike the new one, the old one took NULL for no arguments.
                let reason = "PyObject_Call does not take NULL for no positional arguments";
                rewrite.leave(site.range(node).start, RULE, reason);
            }
        }
        ("_PyObject_FastCall", &[function, given, count]) => {
            let [function, given, count] =
                [function, given, count].map(|node| site.rendered(&rewrite.edits, node));
            let text = format!("PyObject_Vectorcall({function}, {given}, {count}, NULL)");
            if rewrite.change(site.range(node), text, RULE) {
                rewrite.need_compat();
            }
        }
        _ => {}
    }
}
