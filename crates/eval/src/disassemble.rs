//! A listing of a code object.
//!
//! ```text
//! f (argument_count 1, stack 2)
//!      1  L0  LoadFast 0 (x)
//! ```
//!
//! A line number stands where it changes, a label where something jumps to.

use std::collections::BTreeMap;
use std::fmt;

use crate::code::{Code, Constant, Flags};
use crate::instruction::Instruction;

/// Lists a code object and the code nested in it.
pub struct Listing<'c>(pub &'c Code);

impl fmt::Display for Listing<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pending = vec![self.0];
        let mut first = true;
        while let Some(code) = pending.pop() {
            if !first {
                writeln!(out)?;
            }
            first = false;
            one(code, out)?;
            let nested = code.constants.iter().filter_map(|constant| match constant {
                Constant::Code(code) => Some(&**code),
                _ => None,
            });
            let from = pending.len();
            pending.extend(nested);
            pending[from..].reverse();
        }
        Ok(())
    }
}

fn one(code: &Code, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(out, "{} (stack {}", code.qualname, code.stack_size)?;
    for (flag, name) in [
        (Flags::GENERATOR, "generator"),
        (Flags::VAR_ARGUMENTS, "*"),
        (Flags::VAR_KEYWORDS, "**"),
    ] {
        if code.flags.contains(flag) {
            write!(out, ", {name}")?;
        }
    }
    writeln!(out, ")")?;
    for (what, names) in [
        ("variables", &code.variables),
        ("cells", &code.cells),
        ("free", &code.frees),
    ] {
        if !names.is_empty() {
            writeln!(out, "  {what}: {}", names.join(", "))?;
        }
    }
    let mut labels: BTreeMap<u32, usize> = BTreeMap::new();
    let targets = (code.instructions.iter().filter_map(|one| one.target()))
        .chain(code.handlers.iter().map(|handler| handler.target));
    for target in targets {
        labels.insert(target, 0);
    }
    for (number, label) in labels.values_mut().enumerate() {
        *label = number + 1;
    }
    let mut line = 0;
    for (at, instruction) in code.instructions.iter().enumerate() {
        let position = code.positions.get(at).copied().unwrap_or_default();
        if position.line != line && position.line != 0 {
            line = position.line;
            write!(out, "{line:>5}")?;
        } else {
            write!(out, "     ")?;
        }
        match labels.get(&(at as u32)) {
            Some(label) => write!(out, "  {:<4}", format!("L{label}"))?,
            None => write!(out, "      ")?,
        }
        write!(out, "{instruction:?}")?;
        if let Some(target) = instruction.target() {
            write!(out, " to L{}", labels[&target])?;
        } else if let Some(meaning) = meaning(code, *instruction) {
            write!(out, " {meaning}")?;
        }
        writeln!(out)?;
    }
    for handler in &code.handlers {
        let index = if handler.push_index { ", index" } else { "" };
        writeln!(
            out,
            "  {}..{} to L{} depth {}{index}",
            handler.start, handler.end, labels[&handler.target], handler.depth
        )?;
    }
    Ok(())
}

/// What an operand stands for.
fn meaning(code: &Code, instruction: Instruction) -> Option<String> {
    use Instruction::*;
    match instruction {
        LoadConstant(at) | MakeFunction(at) => code.constants.get(at as usize).map(constant_text),
        LoadFast(at) | LoadFastAndClear(at) | StoreFast(at) | DeleteFast(at) | MakeCell(at)
        | LoadClosure(at) | LoadDeref(at) | StoreDeref(at) | DeleteDeref(at)
        | LoadClassDeref(at) | UseNamespace(at) => code.slot_name(at).map(ToString::to_string),
        LoadName(at) | StoreName(at) | DeleteName(at) | LoadGlobal(at) | StoreGlobal(at)
        | DeleteGlobal(at) | LoadAttribute(at) | LoadMethod(at) | StoreAttribute(at)
        | DeleteAttribute(at) | ImportName(at) | ImportFrom(at) => {
            code.names.get(at as usize).map(ToString::to_string)
        }
        _ => None,
    }
}

fn constant_text(constant: &Constant) -> String {
    match constant {
        Constant::None => "None".to_owned(),
        Constant::Ellipsis => "...".to_owned(),
        Constant::Bool(true) => "True".to_owned(),
        Constant::Bool(false) => "False".to_owned(),
        Constant::Int(value) => value.to_string(),
        Constant::BigInt(value) => value.to_string(),
        Constant::Float(value) => format!("{value:?}"),
        Constant::Complex(real, imaginary) => format!("complex({real:?}, {imaginary:?})"),
        Constant::Str(text) => format!("{text:?}"),
        Constant::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Constant::Tuple(items) => format!("({})", list_text(items)),
        Constant::FrozenSet(items) => format!("frozenset({})", list_text(items)),
        Constant::Code(code) => format!("<code {}>", code.qualname),
    }
}

fn list_text(items: &[Constant]) -> String {
    let items: Vec<String> = items.iter().map(constant_text).collect();
    items.join(", ")
}
