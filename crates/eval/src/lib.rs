//! The evaluator: Python source → tree → symbol tables → bytecode, and the loop that runs it.
//!
//! A client of the runtime: it exists so that cases and users' programs are ordinary Python files.
//! `docs/eval.md` describes it. The way of a program:
//!
//! 1. [`source`] reads a file and decides that it is text.
//! 2. `lower` parses it, refuses what is not supported, and makes the tree of `tree`.
//! 3. `symbols` decides where every name lives.
//! 4. `compile` makes the [`code::Code`].
//!
//! All of it runs on a stack sized from the source, through [`compile_source`]. [`verify`] checks a
//! code object without knowing how it was made, and [`disassemble`] lists it.

#![forbid(unsafe_code)]

pub mod code;
mod compile;
pub mod disassemble;
pub mod error;
pub mod instruction;
mod lines;
mod lower;
pub mod run;
pub mod source;
mod stack;
mod symbols;
mod tree;
pub mod verify;

use std::borrow::Cow;
use std::sync::Arc;

pub use code::Code;
pub use error::CompileError;
pub use lower::Mode;
pub use run::hooks::evaluator;

/// Compiles a source text.
///
/// # Errors
///
/// What is wrong with the text, or that it needs what is not supported or too deep a stack.
pub fn compile_source(text: &str, filename: &str, mode: Mode) -> Result<Arc<Code>, CompileError> {
    if text.contains('\0') {
        return Err(CompileError::NullByte);
    }
    let mut text = match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(text),
    };
    if mode == Mode::Eval {
        // `eval` ignores leading blanks, which would be indentation; lines keep their numbers.
        let blank = text.len() - text.trim_start_matches([' ', '\t']).len();
        if blank > 0 {
            text = Cow::Owned(text[blank..].to_owned());
        }
    }
    stack::run(text.len(), |stack| {
        let lines = lines::Lines::new(filename, &text);
        let module = lower::parse(&lines, mode, stack)?;
        let table = symbols::SymbolTable::build(&lines, &module)?;
        compile::compile(&lines, &module, &table)
    })
}
