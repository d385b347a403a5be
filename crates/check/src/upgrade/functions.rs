//! Macros of the full API that a function of the limited one stands for.
//!
//! The macros take any pointer, the functions an object, so an argument of another type gets a cast. The functions
//! check their arguments, and report a wrong one as an exception instead of reading from it.

use std::collections::BTreeSet;

use super::Rewrite;
use super::places::{Place, walk};
use crate::declared::Layout;
use crate::target::Target;
use crate::tree::{Node, Syntax, named_children};
use crate::unit::Unit;

/// The rule.
pub const RULE: &str = "limited-function";

/// The macros, each with its function, which takes the same arguments.
const FUNCTIONS: [(&str, &str); 22] = [
    ("PyTuple_GET_ITEM", "PyTuple_GetItem"),
    ("PyTuple_SET_ITEM", "PyTuple_SetItem"),
    ("PyTuple_GET_SIZE", "PyTuple_Size"),
    ("PyList_GET_ITEM", "PyList_GetItem"),
    ("PyList_SET_ITEM", "PyList_SetItem"),
    ("PyList_GET_SIZE", "PyList_Size"),
    ("PyDict_GET_SIZE", "PyDict_Size"),
    ("PySet_GET_SIZE", "PySet_Size"),
    ("PyBytes_AS_STRING", "PyBytes_AsString"),
    ("PyBytes_GET_SIZE", "PyBytes_Size"),
    ("PyByteArray_AS_STRING", "PyByteArray_AsString"),
    ("PyByteArray_GET_SIZE", "PyByteArray_Size"),
    ("PyUnicode_GET_LENGTH", "PyUnicode_GetLength"),
    ("PyUnicode_READ_CHAR", "PyUnicode_ReadChar"),
    ("PyFloat_AS_DOUBLE", "PyFloat_AsDouble"),
    ("PySequence_Fast_GET_SIZE", "PySequence_Size"),
    ("PySequence_ITEM", "PySequence_GetItem"),
    ("PyCFunction_GET_FUNCTION", "PyCFunction_GetFunction"),
    ("PyCFunction_GET_SELF", "PyCFunction_GetSelf"),
    ("PyCFunction_GET_FLAGS", "PyCFunction_GetFlags"),
    ("PyWeakref_GET_OBJECT", "PyWeakref_GetObject"),
    ("PyCell_GET", "PyCell_Get"),
];

/// Functions whose macros take any pointer in the full API.
const CASTING: [&str; 13] = [
    "Py_INCREF",
    "Py_XINCREF",
    "Py_DECREF",
    "Py_XDECREF",
    "Py_NewRef",
    "Py_XNewRef",
    "Py_TYPE",
    "Py_SIZE",
    "Py_REFCNT",
    "Py_IS_TYPE",
    "PyObject_TypeCheck",
    "PyObject_GC_Track",
    "PyObject_GC_UnTrack",
];

/// Changes the calls of a source.
pub fn rewrite(unit: &Unit, rewrite: &mut Rewrite<'_>) {
    let mut seen = BTreeSet::new();
    walk(unit, &mut |place| {
        if place.kind == Syntax::Call && !place.is_elsewhere() {
            call(place, &mut seen, rewrite);
        }
    });
}

fn call<'u>(place: &Place<'_, 'u>, seen: &mut BTreeSet<usize>, rewrite: &mut Rewrite<'_>) {
    let tree = place.view.tree;
    let Some(function) = tree.function(place.node) else {
        return;
    };
    let name = place.text(function);
    let new = FUNCTIONS.iter().find(|(old, _)| *old == name);
    let own = place.unit.declared.declares(name);
    let itself = place.definition.is_some_and(|macro_| *macro_.name == *name);
    if own && !itself || new.is_none() && !CASTING.contains(&name) {
        return;
    }
    let api = place.unit.declared.api();
    if let Some((_, new)) = new {
        let there = api.visible(name, Target::Abi3t) == Some(true);
        if there || is_place(place) || api.visible(new, Target::Abi3t) != Some(true) {
            return;
        }
        let range = place.range(function);
        if seen.insert(range.start) {
            rewrite.edits.replace(range, *new, RULE);
        }
    }
    let first = tree.arguments(place.node);
    let Some(first) = first.and_then(|list| named_children(list).next()) else {
        return;
    };
    // These take any pointer.
    if name.starts_with("PyObject_GC_") {
        return;
    }
    let kind = place.type_of(first);
    let layout = place.unit.declared.layout(&kind);
    let object = kind.is("PyObject", 1);
    let foreign = kind.pointers == 1
        && !object
        && matches!(
            layout,
            Layout::Object | Layout::TypeObject | Layout::Instance(_)
        );
    let range = place.range(first);
    if foreign && seen.insert(range.start) {
        let (before, behind) = match is_tight(place, first) {
            true => ("(PyObject *)", ""),
            false => ("(PyObject *)(", ")"),
        };
        rewrite.edits.insert(range.start, before, RULE);
        if !behind.is_empty() {
            rewrite.edits.insert(range.end, behind, RULE);
        }
    }
}

/// Tells whether the macro's result is a place that is stored to.
fn is_place(place: &Place<'_, '_>) -> bool {
    let tree = place.view.tree;
    let Some(parent) = place.parent() else {
        return false;
    };
    match parent.kind {
        Syntax::Assignment => {
            let left = tree.left(parent.node);
            left.is_some_and(|left| place.bare(left) == place.node)
        }
        Syntax::Pointer => {
            let sign = tree.operator(parent.node);
            sign.map(|sign| place.text(sign)) == Some("&")
        }
        Syntax::Update => true,
        _ => false,
    }
}

/// Tells whether a cast before the expression is one of all of it.
fn is_tight(place: &Place<'_, '_>, node: Node<'_>) -> bool {
    matches!(
        place.view.tree.syntax(node),
        Syntax::Identifier
            | Syntax::Field
            | Syntax::Call
            | Syntax::Parenthesized
            | Syntax::Subscript
            | Syntax::Pointer
            | Syntax::Cast
    )
}

#[cfg(test)]
mod tests {
    use super::super::Goal;
    use super::super::tests::upgraded;

    fn run(text: &str) -> (String, Vec<String>) {
        upgraded("a.c", text, Goal::Abi3t)
    }

    #[test]
    fn macros_become_functions_and_arguments_objects() {
        let (text, _) = run(
            "PyObject *f(PyObject *t, PyTypeObject *k) {\n    Py_INCREF(k);\n    return PyTuple_GET_ITEM(t, 0);\n}\n",
        );
        assert!(
            text.contains("Py_INCREF((PyObject *)k);\n    return PyTuple_GetItem(t, 0);"),
            "{text}"
        );
    }

    #[test]
    fn places_and_names_of_the_source_stay() {
        let text = "void f(PyObject *t) { PyTuple_GET_ITEM(t, 0) = 0; PyObject **p = &PyTuple_GET_ITEM(t, 0); }\n\
                    static int PyList_GET_SIZE(PyObject *x) { return 0; }\n\
                    int g(PyObject *x) { return PyList_GET_SIZE(x); }\n";
        assert_eq!(run(text).0, text);
    }
}
