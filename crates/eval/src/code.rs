//! A code object: what the compiler hands to the bytecode loop.
//!
//! Plain data, independent of the object model, `Send` and `Sync`. The loop turns constants and
//! names into objects when it first runs the code.
//!
//! **Slots.** A frame has one array of local slots: the variables in [`Code::variables`] (parameters
//! first), then the cell variables that are not variables too, then the free variables.
//! [`Code::slot_count`] is its length, and `LoadFast`, `LoadDeref`, `MakeCell`… index it.
//!
//! **Exceptions.** [`Code::handlers`] is sorted and does not overlap: the entry whose range holds the
//! faulting instruction says where to go, how many values stay on the stack, and whether the
//! instruction's index is pushed below the exception.

use std::sync::Arc;

use num_bigint::BigInt;

use crate::instruction::Instruction;

/// A name or other short text shared between code objects.
pub type Name = Arc<str>;

/// A constant of the source.
#[derive(Debug, Clone)]
pub enum Constant {
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// `True` or `False`.
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// Any other integer.
    BigInt(Arc<BigInt>),
    /// A floating-point number.
    Float(f64),
    /// A complex number: its real part and its imaginary one.
    Complex(f64, f64),
    /// A string.
    Str(Name),
    /// A bytes literal.
    Bytes(Arc<[u8]>),
    /// A tuple of constants.
    Tuple(Arc<[Constant]>),
    /// A frozen set, made from `in {…}`.
    FrozenSet(Arc<[Constant]>),
    /// The code of a nested function or class.
    Code(Arc<Code>),
}

impl Constant {
    /// Tells whether two constants may share one place in a pool: same type, same value, same sign.
    #[must_use]
    pub fn same(&self, other: &Constant) -> bool {
        match (self, other) {
            (Constant::None, Constant::None) | (Constant::Ellipsis, Constant::Ellipsis) => true,
            (Constant::Bool(a), Constant::Bool(b)) => a == b,
            (Constant::Int(a), Constant::Int(b)) => a == b,
            (Constant::BigInt(a), Constant::BigInt(b)) => a == b,
            (Constant::Float(a), Constant::Float(b)) => a.to_bits() == b.to_bits(),
            (Constant::Complex(a, b), Constant::Complex(c, d)) => {
                a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits()
            }
            (Constant::Str(a), Constant::Str(b)) => a == b,
            (Constant::Bytes(a), Constant::Bytes(b)) => a == b,
            (Constant::Tuple(a), Constant::Tuple(b))
            | (Constant::FrozenSet(a), Constant::FrozenSet(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.same(b))
            }
            (Constant::Code(a), Constant::Code(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// Where an instruction comes from in the source.
///
/// Lines count from 1, with 0 for "nowhere". Columns count from 0 in bytes of UTF-8, as
/// `co_positions()` counts them, so that a caret needs the text of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// Column of the first byte.
    pub column: u32,
    /// Column behind the last byte.
    pub end_column: u32,
}

impl Position {
    /// Synthesised code that belongs to no line.
    pub const NONE: Position = Position {
        line: 0,
        end_line: 0,
        column: 0,
        end_column: 0,
    };
}

/// One entry of the exception table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handler {
    /// First instruction covered.
    pub start: u32,
    /// Instruction behind the last one covered.
    pub end: u32,
    /// Where to go.
    pub target: u32,
    /// How many values stay on the stack.
    pub depth: u32,
    /// Whether the index of the faulting instruction is pushed below the exception.
    pub push_index: bool,
}

/// The flags of a code object, with CPython's values of `co_flags`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(pub u32);

impl Flags {
    /// Locals live in slots: a function.
    pub const OPTIMIZED: Flags = Flags(0x1);
    /// A call makes a new local namespace.
    pub const NEW_LOCALS: Flags = Flags(0x2);
    /// Has `*args`.
    pub const VAR_ARGUMENTS: Flags = Flags(0x4);
    /// Has `**kwargs`.
    pub const VAR_KEYWORDS: Flags = Flags(0x8);
    /// Made inside a function.
    pub const NESTED: Flags = Flags(0x10);
    /// A call makes a generator.
    pub const GENERATOR: Flags = Flags(0x20);
    /// The first constant is a docstring.
    pub const HAS_DOCSTRING: Flags = Flags(0x0400_0000);
    /// A function defined in a class body.
    pub const METHOD: Flags = Flags(0x0800_0000);

    /// Tells whether every flag of `other` is set.
    #[must_use]
    pub fn contains(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Sets every flag of `other`.
    pub fn insert(&mut self, other: Flags) {
        self.0 |= other.0;
    }
}

/// The compiled form of a module, class body, function or expression.
#[derive(Debug)]
pub struct Code {
    /// Its name: `f`, `<lambda>`, `<module>`.
    pub name: Name,
    /// Its dotted name: `C.f.<locals>.g`.
    pub qualname: Name,
    /// The file it was compiled from.
    pub filename: Name,
    /// The line of its first decorator, else of its `def`.
    pub first_line: u32,
    /// Flags.
    pub flags: Flags,
    /// Number of positional parameters, positional-only ones included.
    pub argument_count: u32,
    /// Number of positional-only parameters.
    pub positional_only_count: u32,
    /// Number of keyword-only parameters.
    pub keyword_only_count: u32,
    /// The instructions.
    pub instructions: Vec<Instruction>,
    /// One position for each instruction.
    pub positions: Vec<Position>,
    /// The exception table, sorted by `start`, without overlap.
    pub handlers: Vec<Handler>,
    /// The constants.
    pub constants: Vec<Constant>,
    /// Names of globals, attributes and modules.
    pub names: Vec<Name>,
    /// Names of the parameters and other local variables.
    pub variables: Vec<Name>,
    /// Names of the variables that live in cells, some of which may be in `variables` too.
    pub cells: Vec<Name>,
    /// Names of the variables that come from enclosing functions.
    pub frees: Vec<Name>,
    /// The greatest number of values on the stack.
    pub stack_size: u32,
    /// The docstring of a function.
    pub docstring: Option<Name>,
}

impl Code {
    /// The number of parameters, `*args` and `**kwargs` included: the slots that a call fills.
    #[must_use]
    pub fn parameter_count(&self) -> u32 {
        self.argument_count
            + self.keyword_only_count
            + u32::from(self.flags.contains(Flags::VAR_ARGUMENTS))
            + u32::from(self.flags.contains(Flags::VAR_KEYWORDS))
    }

    /// The number of local slots.
    #[must_use]
    pub fn slot_count(&self) -> usize {
        let own = (self.cells.iter())
            .filter(|cell| !self.variables.contains(cell))
            .count();
        self.variables.len() + own + self.frees.len()
    }

    /// The name of the variable in a slot.
    #[must_use]
    pub fn slot_name(&self, slot: u32) -> Option<&Name> {
        (self.variables.iter())
            .chain(
                self.cells
                    .iter()
                    .filter(|cell| !self.variables.contains(cell)),
            )
            .chain(&self.frees)
            .nth(slot as usize)
    }

    /// The slot of the first free variable.
    #[must_use]
    pub fn first_free_slot(&self) -> usize {
        self.slot_count() - self.frees.len()
    }

    /// The exception table's entry for an instruction.
    #[must_use]
    pub fn handler(&self, instruction: u32) -> Option<&Handler> {
        let after = self
            .handlers
            .partition_point(|handler| handler.start <= instruction);
        let handler = &self.handlers[after.checked_sub(1)?];
        (instruction < handler.end).then_some(handler)
    }
}

/// Code nests as deep as lambdas do, so dropping it must not recurse.
impl Drop for Code {
    fn drop(&mut self) {
        let mut pending = std::mem::take(&mut self.constants);
        while let Some(constant) = pending.pop() {
            if let Constant::Code(code) = constant
                && let Some(mut code) = Arc::into_inner(code)
            {
                pending.append(&mut code.constants);
            }
        }
    }
}
