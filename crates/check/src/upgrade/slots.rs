//! The functions of types, which are fields of an opaque struct, are asked for by their slots.
//!
//! `t->tp_alloc(t, 0)` becomes `((allocfunc)PyType_GetSlot(t, Py_tp_alloc))(t, 0)`, and
//! `t->tp_as_mapping->mp_length` becomes `((lenfunc)PyType_GetSlot(t, Py_mp_length))`. `PyType_GetSlot` asks static
//! types as well as those made at run time since CPython 3.10.

use std::collections::BTreeSet;

use super::Rewrite;
use super::places::{Place, walk};
use super::types::{Way, function_type, type_field};
use crate::declared::Layout;
use crate::tree::{Node, Syntax};
use crate::unit::Unit;

/// The rule.
pub const RULE: &str = "type-slot";

/// Changes what reads a function of a type.
pub fn rewrite(unit: &Unit, rewrite: &mut Rewrite<'_>) {
    let mut seen = BTreeSet::new();
    walk(unit, &mut |place| {
        if place.kind == Syntax::Field && !place.is_elsewhere() {
            let range = place.range(place.node);
            if seen.insert((range.start, range.end)) && !read(place, rewrite) {
                // Another use of the macro may tell the type.
                seen.remove(&(range.start, range.end));
            }
        }
    });
}

/// Changes a field that is read; gives false if it is none of a type's.
fn read(place: &Place<'_, '_>, rewrite: &mut Rewrite<'_>) -> bool {
    let tree = place.view.tree;
    let (Some(field), Some(argument)) = (tree.field(place.node), tree.argument(place.node)) else {
        return false;
    };
    let name = place.text(field);
    let suite = name.split('_').next().unwrap_or_default();
    let inner = place.bare(argument);
    let owner = match suite {
        "tp" => argument,
        "nb" | "sq" | "mp" | "am" | "bf" if tree.syntax(inner) == Syntax::Field => {
            let between = tree.field(inner).map_or("", |field| place.text(field));
            let is_suite = matches!(type_field(between), Some((_, Way::Suite(_))));
            match tree.argument(inner).filter(|_| is_suite) {
                Some(owner) => owner,
                None => return false,
            }
        }
        _ => return false,
    };
    let kind = place.type_of(owner);
    let is_type =
        kind.pointers == 1 && matches!(place.unit.declared.layout(&kind), Layout::TypeObject);
    if !is_type || is_changed(place) {
        return false;
    }
    let (owner, whole) = (place.range(owner), place.range(place.node));
    let edits = &mut rewrite.edits;
    if name == "tp_flags" {
        edits.insert(owner.start, "PyType_GetFlags(", RULE);
        return edits.replace(owner.end..whole.end, ")", RULE);
    }
    let Some(kind) = function_type(name) else {
        return false;
    };
    edits.insert(owner.start, format!("(({kind})PyType_GetSlot("), RULE);
    edits.replace(owner.end..whole.end, format!(", Py_{name}))"), RULE)
}

/// Tells whether something is stored there, or its address is taken.
fn is_changed(place: &Place<'_, '_>) -> bool {
    let tree = place.view.tree;
    let Some(parent) = place.parent() else {
        return false;
    };
    let is_left = |left: Option<Node<'_>>| left.is_some_and(|left| place.bare(left) == place.node);
    match parent.kind {
        Syntax::Assignment => is_left(tree.left(parent.node)),
        Syntax::Update => true,
        Syntax::Pointer => {
            let sign = tree.operator(parent.node);
            sign.map(|sign| place.text(sign)) == Some("&")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Goal;
    use super::super::tests::upgraded;

    fn run(text: &str) -> (String, Vec<String>) {
        upgraded("a.c", text, Goal::Abi3t)
    }

    #[test]
    fn functions_of_types_are_asked_for() {
        let (text, left) = run(
            "#define GET(d, k) Py_TYPE(d)->tp_as_mapping->mp_subscript((d), (k))\n\
             PyObject *f(PyTypeObject *t) { return t->tp_alloc(t, 0); }\n\
             int g(PyTypeObject *t) { return (t->tp_flags & 1) || t->tp_as_number->nb_bool; }\n",
        );
        assert_eq!(left, Vec::<String>::new());
        let wanted = [
            "((binaryfunc)PyType_GetSlot(Py_TYPE(d), Py_mp_subscript))((d), (k))",
            "return ((allocfunc)PyType_GetSlot(t, Py_tp_alloc))(t, 0);",
            "(PyType_GetFlags(t) & 1) || ((inquiry)PyType_GetSlot(t, Py_nb_bool));",
        ];
        for wanted in wanted {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
    }

    #[test]
    fn what_is_stored_or_of_others_stays() {
        let text = "struct own { int tp_alloc; };\n\
                    void f(PyTypeObject *t, struct own *o) { t->tp_alloc = 0; o->tp_alloc; t->tp_name; &t->tp_init; }\n";
        assert_eq!(run(text).0, text);
    }
}
