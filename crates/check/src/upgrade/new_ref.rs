//! `Py_INCREF(x); return x;` is `return Py_NewRef(x);`, and `Py_INCREF(x); y = x;` is `y = Py_NewRef(x);`.
//!
//! Only two statements of one block with nothing but space between them are one, and only where the types are known
//! to be `PyObject *`, since that is what `Py_NewRef` returns.

use super::Rewrite;
use super::walk::{Site, function_name};
use crate::tree::{Node, Syntax, named_children};

/// The rule's name.
pub const RULE: &str = "new-reference";

/// The objects that have a statement of their own.
const SINGLETONS: [(&str, &str); 4] = [
    ("Py_None", "Py_RETURN_NONE"),
    ("Py_True", "Py_RETURN_TRUE"),
    ("Py_False", "Py_RETURN_FALSE"),
    ("Py_NotImplemented", "Py_RETURN_NOTIMPLEMENTED"),
];

/// Looks at the statements of a block.
pub fn block<'u>(site: &Site<'u, '_>, node: Node<'u>, rewrite: &mut Rewrite<'_>) {
    if site.definition.is_some() {
        return;
    }
    let tree = site.view.tree;
    let mut before: Option<Node<'u>> = None;
    for statement in named_children(node) {
        let counted = before.and_then(|before| counted(site, before).map(|found| (before, found)));
        before = Some(statement);
        let Some((first, (maker, object))) = counted else {
            continue;
        };
        let whole = first.start_byte()..statement.end_byte();
        let is_plain = site.unit.source.bytes().get(whole.clone())
            == site.unit.prepared.text.get(whole.clone());
        if !is_plain {
            // A comment or a directive would be lost.
            continue;
        }
        let text = match tree.syntax(statement) {
            Syntax::Return => returned(site, statement, object, maker, rewrite),
            Syntax::ExpressionStatement => assigned(site, statement, object, maker, rewrite),
            _ => None,
        };
        let Some((text, compat)) = text else { continue };
        if rewrite.edits.absorb(whole, text, RULE) {
            before = None;
            if compat {
                rewrite.need_compat();
            }
        }
    }
}

/// For `Py_INCREF(x);`: what makes a reference in an expression, and x.
fn counted<'u>(site: &Site<'u, '_>, statement: Node<'u>) -> Option<(&'static str, Node<'u>)> {
    if site.view.tree.syntax(statement) != Syntax::ExpressionStatement {
        return None;
    }
    let (name, arguments) = site.call(named_children(statement).next()?)?;
    let maker = match name {
        "Py_INCREF" => "Py_NewRef",
        "Py_XINCREF" => "Py_XNewRef",
        _ => return None,
    };
    let [object] = *arguments else { return None };
    let object = plain(site, object);
    (site.is_api(name) && site.is_api(maker) && site.is_pure(object)).then_some((maker, object))
}

/// An expression without parentheses and casts.
fn plain<'u>(site: &Site<'u, '_>, node: Node<'u>) -> Node<'u> {
    let mut node = site.bare(node);
    while site.view.tree.syntax(node) == Syntax::Cast {
        match site.view.tree.value(node) {
            Some(inner) => node = site.bare(inner),
            None => break,
        }
    }
    node
}

fn is_same<'u>(site: &Site<'u, '_>, one: Node<'u>, other: Node<'u>) -> bool {
    let words = |node: Node<'u>| site.text(node).split_whitespace();
    words(one).eq(words(other))
}

fn is_object<'u>(site: &Site<'u, '_>, node: Node<'u>) -> bool {
    site.type_of(node).is("PyObject", 1)
}

fn returned<'u>(
    site: &Site<'u, '_>,
    statement: Node<'u>,
    object: Node<'u>,
    maker: &str,
    rewrite: &Rewrite<'_>,
) -> Option<(String, bool)> {
    let value = named_children(statement).next()?;
    if !is_same(site, plain(site, value), object) || !is_object(site, value) {
        return None;
    }
    let name = function_around(site)?;
    if !site.declared().function(name)?.is("PyObject", 1) {
        return None;
    }
    let text = site.text(object);
    let mut singletons = SINGLETONS.iter();
    if let Some((_, returns)) = singletons.find(|(name, _)| *name == text) {
        return Some((format!("{returns};"), false));
    }
    let value = site.rendered(&rewrite.edits, site.bare(value));
    Some((format!("return {maker}({value});"), true))
}

fn assigned<'u>(
    site: &Site<'u, '_>,
    statement: Node<'u>,
    object: Node<'u>,
    maker: &str,
    rewrite: &Rewrite<'_>,
) -> Option<(String, bool)> {
    let tree = site.view.tree;
    let assignment = named_children(statement).next()?;
    if tree.syntax(assignment) != Syntax::Assignment || site.operator(assignment) != "=" {
        return None;
    }
    let (left, right) = (tree.left(assignment)?, tree.right(assignment)?);
    let fits = is_same(site, plain(site, right), object)
        && is_object(site, right)
        && is_object(site, left)
        && site.is_pure(left);
    if !fits {
        return None;
    }
    let left = site.rendered(&rewrite.edits, left);
    let right = site.rendered(&rewrite.edits, site.bare(right));
    Some((format!("{left} = {maker}({right});"), true))
}

fn function_around<'u>(site: &Site<'u, '_>) -> Option<&'u str> {
    // A lambda returns something else.
    if site.above.iter().any(|above| above.kind == Syntax::Lambda) {
        return None;
    }
    function_name(site.view, site.function()?)
}
