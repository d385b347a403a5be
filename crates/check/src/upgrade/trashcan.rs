//! `Py_TRASHCAN_SAFE_BEGIN(op)` … `Py_TRASHCAN_SAFE_END(op)` are `Py_TRASHCAN_BEGIN(op, dealloc)` … `Py_TRASHCAN_END`.
//!
//! The new macros have to know the function that they stand in, since only objects of the very type that has it are
//! put off.

use std::ops::Range;

use super::Rewrite;
use super::walk::{Site, function_name};
use crate::tree::{Node, Syntax};
use crate::unit::Unit;

/// The rule's name.
pub const RULE: &str = "trashcan";

const BEGIN: &str = "Py_TRASHCAN_SAFE_BEGIN";
const END: &str = "Py_TRASHCAN_SAFE_END";

/// Changes one that stands where a statement does.
pub fn call<'u>(site: &Site<'u, '_>, node: Node<'u>, rewrite: &mut Rewrite<'_>) {
    let Some((name, arguments)) = site.call(node) else {
        return;
    };
    let &[object] = &*arguments else { return };
    let range = site.range(node);
    if name == END {
        rewrite.change(range, NEW_END, RULE);
    } else if name == BEGIN {
        let function = site.function();
        let function = function.and_then(|function| function_name(site.view, function));
        let object = site.rendered(&rewrite.edits, object);
        begin(range, &object, function, rewrite);
    }
}

const NEW_END: &str = "Py_TRASHCAN_END";

fn begin(range: Range<usize>, object: &str, function: Option<&str>, rewrite: &mut Rewrite<'_>) {
    let Some(function) = function else {
        let reason = "the function that releases the object is not known here";
        rewrite.leave(range.start, RULE, reason);
        return;
    };
    let text = format!("Py_TRASHCAN_BEGIN({object}, {function})");
    rewrite.change(range, text, RULE);
}

/// Changes those that the parser does not see.
pub fn blanked(unit: &Unit, rewrite: &mut Rewrite<'_>) {
    let bytes = unit.source.bytes();
    for found in &unit.prepared.uses {
        let name = &*found.name;
        if name != BEGIN && name != END {
            continue;
        }
        // What is a call in the tree was changed there.
        let start = found.range.start;
        let seen = unit.prepared.text.get(found.range.clone()) == Some(name.as_bytes());
        let Some((argument, end)) = argument(bytes, found.range.end).filter(|_| !seen) else {
            continue;
        };
        if name == END {
            rewrite.change(start..end, NEW_END, RULE);
        } else {
            let object = rewrite.edits.rendered(argument);
            begin(start..end, &object, function_around(unit, start), rewrite);
        }
    }
}

/// The bytes between the parentheses that follow, and the byte behind them.
fn argument(bytes: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let open = at
        + bytes
            .get(at..)?
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())?;
    if bytes.get(open) != Some(&b'(') {
        return None;
    }
    let mut depth = 0_u32;
    for (number, byte) in bytes[open..].iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => {
                let close = open + number;
                return Some((open + 1..close, close + 1));
            }
            b')' => depth -= 1,
            b'"' | b'\'' | b'/' | b'#' => return None,
            _ => {}
        }
    }
    None
}

fn function_around(unit: &Unit, byte: usize) -> Option<&str> {
    let root = unit.tree.root();
    let mut node = root.descendant_for_byte_range(byte, byte)?;
    loop {
        if unit.tree.syntax(node) == Syntax::FunctionDefinition {
            return function_name(unit.view(), node);
        }
        node = node.parent()?;
    }
}
