//! Running bytecode.
//!
//! A call makes a frame object, moves its arguments into the frame's slots and interprets the code
//! ([`execute`]). Values live in one array per frame: first the local slots, then the stack. Every
//! instruction takes its operands off the stack into owned handles, acts, and drops them in
//! CPython's order: the right operand before the left.
//!
//! The loop knows no built-in type: it calls type slots through the context.

pub mod arguments;
pub mod build;
pub mod code_object;
pub mod exceptions;
pub mod execute;
pub mod frame;
pub mod function;
pub mod generator;
pub mod hooks;
pub mod import;
pub mod instructions;
pub mod names;

use mortice::types::NativeType;

pub use code_object::CODE;
pub use frame::FRAME;
pub use generator::GENERATOR;

/// The evaluator's own types.
pub static TYPES: &[&NativeType] = &[&CODE, &FRAME, &GENERATOR];

/// Places of the evaluator's types in the storage.
pub mod index {
    use mortice::types::index::EVAL;

    /// Code objects.
    pub const CODE: usize = EVAL;
    /// Frames.
    pub const FRAME: usize = EVAL + 1;
    /// Generators.
    pub const GENERATOR: usize = EVAL + 2;
}
