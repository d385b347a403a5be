//! What stores into an accessor or a head's field: `Py_TYPE(x) = y`, `Py_SIZE(x) += n`, `x->ob_refcnt++`.
//!
//! A setter is a call without a value. Where the value of an assignment is used, the object is read again behind the
//! setter, which is only done for an object that may be evaluated twice.

use super::accessors::{Access, HeadField};
use super::walk::Site;
use super::{Goal, Rewrite};
use crate::tree::{Node, Syntax};

/// The rule's name.
pub const RULE: &str = "setter";

const TWICE: &str = "the object would be evaluated twice";

/// Changes an assignment, with those that it is a chain of.
pub fn assignment<'u>(site: &Site<'u, '_>, node: Node<'u>, goal: Goal, rewrite: &mut Rewrite<'_>) {
    let tree = site.view.tree;
    let Some((access, mut right)) = stored(site, node) else {
        return;
    };
    let start = site.range(node).start;
    let operator = site.operator(node);
    let used = site.is_value_used(node);
    let address = access.address(site, rewrite, goal);
    let reader = format!("{}({address})", access.field.reader());
    if operator != "=" {
        let Some(binary) = operator.strip_suffix('=') else {
            return;
        };
        if !access.is_pure(site) {
            rewrite.leave(start, RULE, TWICE);
            return;
        }
        let given = site.rendered(&rewrite.edits, right);
        let value = match site.is_tight(right) {
            true => format!("{reader} {binary} {given}"),
            false => format!("{reader} {binary} ({given})"),
        };
        let mut parts = vec![setter(&access, &address, &value)];
        parts.extend(used.then_some(reader));
        finish(site, node, parts, rewrite);
        return;
    }
    if is_chained(site, node) {
        // The outermost one changes them all.
        return;
    }
    let mut targets = vec![access];
    let mut last = node;
    while tree.syntax(right) == Syntax::Assignment && site.operator(right) == "=" {
        let Some((access, inner)) = stored(site, right) else {
            break;
        };
        targets.push(access);
        (last, right) = (right, inner);
    }
    let mut value = given(site, last, right, rewrite);
    let plain = matches!(tree.syntax(right), Syntax::Identifier | Syntax::Number);
    let plain = plain && site.is_pure(right);
    let mut parts = Vec::new();
    let count = targets.len();
    for (at, access) in targets.iter().rev().enumerate() {
        let address = access.address(site, rewrite, goal);
        parts.push(setter(access, &address, &value));
        let again = at + 1 < count || used;
        if again && !plain {
            if !access.is_pure(site) {
                rewrite.leave(start, RULE, TWICE);
                return;
            }
            value = format!("{}({address})", access.field.reader());
        }
    }
    parts.extend(used.then_some(value));
    finish(site, node, parts, rewrite);
}

/// The text of what is stored, with comments before it.
fn given<'u>(
    site: &Site<'u, '_>,
    node: Node<'u>,
    right: Node<'u>,
    rewrite: &Rewrite<'_>,
) -> String {
    let operator = site.view.tree.operator(node);
    let range = site.range(right);
    let from = operator.map_or(range.start, |operator| site.range(operator).end);
    match site.definition {
        None => rewrite
            .edits
            .rendered(from..range.end)
            .trim_start()
            .to_owned(),
        Some(_) => rewrite.edits.rendered(range),
    }
}

/// What an assignment stores into, if it is a head's field, and what it stores.
fn stored<'u>(site: &Site<'u, '_>, node: Node<'u>) -> Option<(Access<'u>, Node<'u>)> {
    let tree = site.view.tree;
    let access = Access::of(site, site.bare(tree.left(node)?))?;
    Some((access, tree.right(node)?))
}

/// Tells whether an assignment's value is stored into another head's field right away.
fn is_chained<'u>(site: &Site<'u, '_>, node: Node<'u>) -> bool {
    let Some(parent) = site
        .parent()
        .filter(|parent| parent.kind == Syntax::Assignment)
    else {
        return false;
    };
    site.operator(parent.node) == "="
        && stored(site, parent.node).is_some_and(|(_, right)| right == node)
}

/// Changes `++` and `--`.
pub fn update<'u>(site: &Site<'u, '_>, node: Node<'u>, goal: Goal, rewrite: &mut Rewrite<'_>) {
    let Some(argument) = site.view.tree.argument(node) else {
        return;
    };
    let Some(access) = Access::of(site, site.bare(argument)) else {
        return;
    };
    let operator = site.operator(node);
    let (sign, back) = match operator {
        "++" => ('+', '-'),
        "--" => ('-', '+'),
        _ => return,
    };
    let address = access.address(site, rewrite, goal);
    let used = site.is_value_used(node);
    // An object that lives for ever is not counted.
    if access.field == HeadField::Count && sign == '+' && !used {
        let text = format!("Py_INCREF({address})");
        rewrite.change(site.range(node), text, RULE);
        return;
    }
    if !access.is_pure(site) {
        rewrite.leave(site.range(node).start, RULE, TWICE);
        return;
    }
    let reader = format!("{}({address})", access.field.reader());
    let mut parts = vec![setter(&access, &address, &format!("{reader} {sign} 1"))];
    if used {
        let prefix = node.start_byte() < argument.start_byte();
        parts.push(match prefix {
            true => reader,
            false => format!("{reader} {back} 1"),
        });
    }
    finish(site, node, parts, rewrite);
}

fn setter(access: &Access<'_>, address: &str, value: &str) -> String {
    format!("{}({address}, {value})", access.field.writer())
}

fn finish<'u>(site: &Site<'u, '_>, node: Node<'u>, parts: Vec<String>, rewrite: &mut Rewrite<'_>) {
    let used = site.is_value_used(node);
    let alone = parts.len() == 1;
    let mut above = site.above.iter().rev();
    let statement = above.next().map(|above| above.kind) == Some(Syntax::ExpressionStatement);
    let block = above.next().map(|above| above.kind) == Some(Syntax::Compound);
    let text = match statement && block && site.definition.is_none() {
        true => parts.join("; "),
        false => parts.join(", "),
    };
    let parent = site.parent().map(|parent| parent.kind);
    let bare = alone || (!used && parent == Some(Syntax::ExpressionStatement));
    let bracketed = parent == Some(Syntax::Parenthesized);
    let text = match bare || bracketed {
        true => text,
        false => format!("({text})"),
    };
    if rewrite.change(site.range(node), text, RULE) {
        rewrite.need_compat();
    }
}
