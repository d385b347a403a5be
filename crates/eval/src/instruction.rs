//! The instruction set.
//!
//! A stack machine in the manner of CPython 3.15: names, meanings and the order in which values are
//! dropped are those of CPython's instructions, without its specialised and merged forms. No
//! instruction knows a built-in type. In the descriptions the top of the stack is on the right, and
//! `null` is the empty value that `PushNull` pushes.

/// An operator with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `@`
    MatrixMultiply,
    /// `/`
    TrueDivide,
    /// `//`
    FloorDivide,
    /// `%`
    Remainder,
    /// `**`
    Power,
    /// `<<`
    LeftShift,
    /// `>>`
    RightShift,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
}

impl BinaryOperator {
    /// The operator as it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Multiply => "*",
            BinaryOperator::MatrixMultiply => "@",
            BinaryOperator::TrueDivide => "/",
            BinaryOperator::FloorDivide => "//",
            BinaryOperator::Remainder => "%",
            BinaryOperator::Power => "**",
            BinaryOperator::LeftShift => "<<",
            BinaryOperator::RightShift => ">>",
            BinaryOperator::And => "&",
            BinaryOperator::Or => "|",
            BinaryOperator::Xor => "^",
        }
    }
}

/// An operator with one operand, `not` apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negative,
    /// `+`
    Positive,
    /// `~`
    Invert,
}

/// A rich comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

/// How an f-string turns a value into a string first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

/// What `SetFunctionAttribute` sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionAttribute {
    /// The tuple of defaults of positional parameters.
    Defaults,
    /// The dict of defaults of keyword-only parameters.
    KeywordDefaults,
    /// The tuple of cells for the free variables.
    Closure,
    /// The function that makes the annotations.
    Annotate,
}

/// A method that a statement looks up on the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialMethod {
    /// `__enter__`
    Enter,
    /// `__exit__`
    Exit,
}

/// One instruction. `name` operands index [`crate::code::Code::names`], `slot` the frame's local
/// slots, `constant` [`crate::code::Code::constants`]; targets are indices of instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instruction {
    // The stack.
    /// Drops the top.
    PopTop,
    /// Pushes the value `n` places down, the top being 1.
    Copy(u32),
    /// Exchanges the top with the value `n` places down.
    Swap(u32),
    /// Pushes null.
    PushNull,
    /// Pushes a constant.
    LoadConstant(u32),

    // Variables in slots.
    /// Pushes a local; `UnboundLocalError` when the slot is empty.
    LoadFast(u32),
    /// Moves whatever the slot holds to the stack, null when it is empty.
    LoadFastAndClear(u32),
    /// Pops into a slot, null included, and drops what it held.
    StoreFast(u32),
    /// Empties a slot; `UnboundLocalError` when it is empty.
    DeleteFast(u32),
    /// Replaces what the slot holds, or nothing, by a new cell that holds it.
    MakeCell(u32),
    /// Copies the function's closure, of `n` cells, into the last `n` slots.
    CopyFreeVariables(u32),
    /// Pushes the cell itself.
    LoadClosure(u32),
    /// Pushes a cell's content; `UnboundLocalError` or, for a free variable, `NameError`.
    LoadDeref(u32),
    /// Pops into a cell.
    StoreDeref(u32),
    /// Empties a cell; fails as `LoadDeref` does.
    DeleteDeref(u32),
    /// Pushes the frame's namespace entry for the slot's name, else the cell's content: a free
    /// variable read in a class body.
    LoadClassDeref(u32),

    // Variables in namespaces.
    /// Looks in the frame's namespace, globals and built-ins; `NameError`.
    LoadName(u32),
    /// Pops into the frame's namespace.
    StoreName(u32),
    /// Deletes from the frame's namespace; `NameError`.
    DeleteName(u32),
    /// Looks in globals and built-ins; `NameError`.
    LoadGlobal(u32),
    /// Pops into the globals.
    StoreGlobal(u32),
    /// Deletes from the globals; `NameError`.
    DeleteGlobal(u32),

    /// Pushes the frame's namespace.
    LoadNamespace,
    /// The cell's content becomes the frame's namespace: annotations in a class body see its names.
    UseNamespace(u32),

    // Attributes and items.
    /// `object → attribute`
    LoadAttribute(u32),
    /// `object → function, object` when the attribute is a method, else `attribute, null`.
    LoadMethod(u32),
    /// `value, object →`
    StoreAttribute(u32),
    /// `object →`
    DeleteAttribute(u32),
    /// `object → method, self or null`, looked up on the type.
    LoadSpecial(SpecialMethod),
    /// `container, key → item`
    LoadSubscript,
    /// `value, container, key →`
    StoreSubscript,
    /// `container, key →`
    DeleteSubscript,

    // Operators.
    /// `left, right → result`
    Binary(BinaryOperator),
    /// `left, right → result`, in place where the left operand can.
    InPlace(BinaryOperator),
    /// `operand → result`
    Unary(UnaryOperator),
    /// `operand → bool`: the negated truth value.
    Not,
    /// `left, right → result`
    Compare(Comparison),
    /// `left, right → bool`: identity, negated on request.
    Is(bool),
    /// `item, container → bool`: membership, negated on request.
    Contains(bool),

    // Building.
    /// Makes a tuple of the top `n` values.
    BuildTuple(u32),
    /// Makes a list of the top `n` values.
    BuildList(u32),
    /// Makes a set of the top `n` values.
    BuildSet(u32),
    /// Makes a dict of the top `2 n` values, `key, value` each.
    BuildMap(u32),
    /// Joins the top `n` strings.
    BuildString(u32),
    /// Makes a slice of the top 2 or 3 values.
    BuildSlice(u32),
    /// `value →`; appends to the list `n` places down after the pop.
    ListAppend(u32),
    /// `value →`; adds to the set `n` places down after the pop.
    SetAdd(u32),
    /// `key, value →`; stores into the dict `n` places down after the pops.
    MapAdd(u32),
    /// `iterable →`; extends the list `n` places down after the pop.
    ListExtend(u32),
    /// `iterable →`; updates the set `n` places down after the pop.
    SetUpdate(u32),
    /// `mapping →`; updates the dict `n` places down after the pop.
    DictUpdate(u32),
    /// As `DictUpdate`, but a repeated or non-string key is a `TypeError` that names the function,
    /// which lies `n + 3` places down after the pop.
    DictMerge(u32),
    /// `list → tuple`
    ListToTuple,
    /// `value → string`
    ConvertValue(Conversion),
    /// `value → string`, formatted with an empty specification.
    FormatSimple,
    /// `value, specification → string`
    FormatWithSpec,
    /// `iterable → item n, …, item 1`: the first item ends on top.
    UnpackSequence(u32),
    /// `iterable → after…, list, before…`: as `UnpackSequence` with a starred target.
    UnpackStarred {
        /// Targets before the starred one.
        before: u16,
        /// Targets after it.
        after: u32,
    },

    // Calls and functions.
    /// `callable, self or null, argument × n → result`
    Call(u32),
    /// `callable, self or null, argument × n, names → result`: the last arguments are keywords,
    /// named by the tuple on top.
    CallKeyword(u32),
    /// `callable, null, iterable, dict or null → result`; anything but a tuple is made one first.
    CallExtended,
    /// Pushes a function made from the code constant.
    MakeFunction(u32),
    /// `value, function → function`
    SetFunctionAttribute(FunctionAttribute),
    /// Pushes `__build_class__` of the built-ins.
    LoadBuildClass,
    /// `value →`, and leaves the frame.
    Return,

    // Jumps and loops.
    /// Goes to the target.
    Jump(u32),
    /// `value →`; goes to the target when the value is true.
    PopJumpIfTrue(u32),
    /// `value →`; goes to the target when the value is false.
    PopJumpIfFalse(u32),
    /// Goes to the target with the value kept when it is true, else drops it.
    JumpIfTrueOrPop(u32),
    /// Goes to the target with the value kept when it is false, else drops it.
    JumpIfFalseOrPop(u32),
    /// `iterable → iterator`
    GetIterator,
    /// `iterator → iterator, item`; drops the exhausted iterator and goes to the target.
    ForIterate(u32),

    // Generators.
    /// Makes a generator of the frame and returns it. Resuming for the first time pushes `None`.
    ReturnGenerator,
    /// `value → sent`: suspends. Resuming pushes what was sent; throwing into the generator pushes
    /// `None` and raises here. `delegating` marks the suspension inside a `yield from`, where the
    /// receiver is on the top of the suspended stack.
    YieldValue {
        /// Inside a `yield from`.
        delegating: bool,
    },
    /// `iterable → iterator`; a generator stays itself.
    GetYieldFromIterator,
    /// `receiver, value → receiver, yielded`; goes to the target with `receiver, returned` when the
    /// receiver is finished.
    Send(u32),
    /// `receiver, value → value`
    EndSend,
    /// `receiver, value, exception → null, value of the StopIteration`, else raises the exception
    /// again. Entered through the exception table from the suspension inside a `yield from`.
    CleanupThrow,
    /// `exception → exception`: a `StopIteration` becomes a `RuntimeError` caused by it.
    StopIterationError,

    // Exceptions.
    /// `exception → previous, exception`: the exception becomes the handled one.
    PushExceptionInfo,
    /// `exception, type → exception, bool`
    CheckExceptionMatch,
    /// `previous →`: the previous exception becomes the handled one again.
    PopException,
    /// `exception →`: raises it again without a traceback entry. With `n` above 0 the index of the
    /// instruction that first raised lies `n` places down after the pop, and becomes the frame's.
    Reraise(u32),
    /// Raises: 0 operands the handled exception, 1 an exception, 2 an exception and its cause.
    Raise(u32),
    /// Pushes `AssertionError` of the built-ins.
    LoadAssertionError,
    /// Pushes `NotImplementedError` of the built-ins.
    LoadNotImplementedError,
    /// `exit, self or null, index, previous, exception → …, result`: calls `exit` with the
    /// exception's type, value and traceback.
    WithExceptStart,

    // Modules.
    /// `level, names → module`
    ImportName(u32),
    /// `module → module, attribute`
    ImportFrom(u32),
    /// `module →`: binds its public names in the frame's namespace.
    ImportStar,
}

impl Instruction {
    /// The target of a jump.
    #[must_use]
    pub fn target(self) -> Option<u32> {
        match self {
            Instruction::Jump(target)
            | Instruction::PopJumpIfTrue(target)
            | Instruction::PopJumpIfFalse(target)
            | Instruction::JumpIfTrueOrPop(target)
            | Instruction::JumpIfFalseOrPop(target)
            | Instruction::ForIterate(target)
            | Instruction::Send(target) => Some(target),
            _ => None,
        }
    }

    /// Tells whether the next instruction is never reached from this one.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(
            self,
            Instruction::Jump(_)
                | Instruction::Return
                | Instruction::Raise(_)
                | Instruction::Reraise(_)
        )
    }
}
