//! `Py_TRASHCAN_SAFE_BEGIN(op)` … `Py_TRASHCAN_SAFE_END(op)` are `Py_TRASHCAN_BEGIN(op, dealloc)` … `Py_TRASHCAN_END`.
//!
//! The new macros have to know the function that they stand in, since only objects of the very type that has it are
//! put off.

use super::Rewrite;
use super::walk::function_name;
use crate::tree::Syntax;
use crate::unit::Unit;

/// The rule's name.
pub const RULE: &str = "trashcan";

/// Changes all of a source.
pub fn all(unit: &Unit, rewrite: &mut Rewrite<'_>) {
    let bytes = unit.source.bytes();
    for found in &unit.prepared.uses {
        let begins = match &*found.name {
            "Py_TRASHCAN_SAFE_BEGIN" => true,
            "Py_TRASHCAN_SAFE_END" => false,
            _ => continue,
        };
        let start = found.range.start;
        let Some((argument, end)) = argument(bytes, found.range.end) else {
            rewrite.leave(start, RULE, format!("`{}` has no argument", found.name));
            continue;
        };
        let text = match begins {
            false => "Py_TRASHCAN_END".to_owned(),
            true => {
                let Some(function) = function_around(unit, start) else {
                    let reason = "the function that releases the object is not known here";
                    rewrite.leave(start, RULE, reason);
                    continue;
                };
                let argument = rewrite.edits.rendered(argument);
                format!("Py_TRASHCAN_BEGIN({argument}, {function})")
            }
        };
        rewrite.edits.absorb(start..end, text, RULE);
    }
}

/// The bytes between the parentheses that follow, and the byte behind them.
fn argument(bytes: &[u8], at: usize) -> Option<(std::ops::Range<usize>, usize)> {
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
