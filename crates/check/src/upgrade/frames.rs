//! Fields of frames and thread states, which became opaque one after another.
//!
//! The functions that read them return new references where the fields were borrowed; `mortice_compat.h` has what
//! gives a borrowed one, which the frame keeps alive as it did before.

use super::walk::Site;
use super::{Goal, OTHER_COMPAT_NAME, Rewrite};
use crate::declared::Type;
use crate::tree::{Node, Syntax};

/// The rule's name.
pub const RULE: &str = "frame-field";

/// The struct, the field, and what reads it.
const FIELDS: [(&str, &str, &str); 10] = [
    ("PyFrameObject", "f_code", "MORTICE_FRAME_CODE"),
    ("PyFrameObject", "f_back", "MORTICE_FRAME_BACK"),
    ("PyFrameObject", "f_globals", "MORTICE_FRAME_GLOBALS"),
    ("PyFrameObject", "f_builtins", "MORTICE_FRAME_BUILTINS"),
    ("PyFrameObject", "f_lineno", "PyFrame_GetLineNumber"),
    ("PyFrameObject", "f_lasti", "PyFrame_GetLasti"),
    ("PyThreadState", "interp", "PyThreadState_GetInterpreter"),
    ("PyThreadState", "id", "PyThreadState_GetID"),
    ("PyThreadState", "frame", "MORTICE_THREAD_FRAME"),
    ("PyInterpreterState", "id", "PyInterpreterState_GetID"),
];

/// Structs whose fields are told if they are gone.
const OPAQUE: [&str; 6] = [
    "PyFrameObject",
    "PyThreadState",
    "PyInterpreterState",
    "PyCodeObject",
    "PyGenObject",
    "PyUnicodeObject",
];

/// Changes a field that is read.
pub fn field<'u>(site: &Site<'u, '_>, node: Node<'u>, goal: Goal, rewrite: &mut Rewrite<'_>) {
    let tree = site.view.tree;
    let (Some(argument), Some(field)) = (tree.argument(node), tree.field(node)) else {
        return;
    };
    let owner = owner(site, argument, 0);
    let Some(name) = owner.name.as_deref() else {
        return;
    };
    if owner.function || !OPAQUE.contains(&name) || site.declared().struct_named(name).is_some() {
        return;
    }
    let field = site.text(field);
    let start = site.range(node).start;
    let mut known = FIELDS.iter();
    let found = known.find(|row| row.0 == name && row.1 == field);
    let Some((_, _, reader)) = found else {
        if goal == Goal::Cpython312 && site.declared().api().member(name, field).is_none() {
            rewrite.leave(start, RULE, format!("`{field}` of {name} is gone"));
        }
        return;
    };
    // The borrowing ones are not for the limited API, and check says what to do there.
    let borrows = reader.starts_with("MORTICE_") || *reader == "PyFrame_GetLasti";
    if goal == Goal::Abi3t && borrows {
        return;
    }
    if reader.starts_with("MORTICE_") && site.unit.includes(OTHER_COMPAT_NAME) {
        let reason = format!("{OTHER_COMPAT_NAME} has no `{reader}`");
        rewrite.leave(start, RULE, reason);
        return;
    }
    if owner.pointers != 1 || site.operator(node) != "->" {
        return;
    }
    if let Some(reason) = stored(site, node) {
        rewrite.leave(start, RULE, format!("`{field}` of {name} {reason}"));
        return;
    }
    let bare = site.bare(argument);
    let argument = match tree.syntax(bare) {
        Syntax::Comma => argument,
        _ => bare,
    };
    let text = format!("{reader}({})", site.rendered(&rewrite.edits, argument));
    if rewrite.change(site.range(node), text, RULE) {
        rewrite.need_compat();
    }
}

/// The type of an expression. Fields that are gone are not known to anybody else.
fn owner<'u>(site: &Site<'u, '_>, node: Node<'u>, depth: u32) -> Type {
    let known = site.type_of(node);
    let tree = site.view.tree;
    let node = site.bare(node);
    if !known.is_unknown() || depth > MOST_DEPTH || tree.syntax(node) != Syntax::Field {
        return known;
    }
    let (Some(argument), Some(field)) = (tree.argument(node), tree.field(node)) else {
        return known;
    };
    let outer = owner(site, argument, depth + 1);
    match (outer.name.as_deref(), site.text(field)) {
        (Some("PyFrameObject"), "f_back") | (Some("PyThreadState"), "frame") => {
            Type::named("PyFrameObject", 1)
        }
        (Some("PyFrameObject"), "f_code") => Type::named("PyCodeObject", 1),
        _ => known,
    }
}

/// How many frames are followed.
const MOST_DEPTH: u32 = 20;

/// Why a field is no value.
fn stored<'u>(site: &Site<'u, '_>, node: Node<'u>) -> Option<&'static str> {
    let tree = site.view.tree;
    let mut inner = node;
    for above in site.above.iter().rev() {
        match above.kind {
            Syntax::Parenthesized => inner = above.node,
            Syntax::Assignment if tree.left(above.node).is_some_and(|left| left == inner) => {
                return Some("is stored into");
            }
            Syntax::Update => return Some("is stored into"),
            Syntax::Pointer if site.operator(above.node) == "&" => {
                return Some("has its address taken");
            }
            _ => return None,
        }
    }
    None
}
