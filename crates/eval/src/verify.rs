//! An independent check of a code object.
//!
//! Interprets the code abstractly, along every jump and into every handler, with nothing but stack
//! depths, and shares no table with the compiler. Having a verified code object tells you that no
//! path takes more from the stack than is there, that a point is always reached with the same depth,
//! that every operand indexes something, and that no path runs off the end.

use crate::code::{Code, Constant, Flags};
use crate::instruction::Instruction;

/// What is wrong with a code object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{qualname}: instruction {at}: {problem}")]
pub struct VerifyError {
    /// The code object's qualified name.
    pub qualname: String,
    /// The index of the instruction.
    pub at: usize,
    /// The problem.
    pub problem: Problem,
}

/// A problem with one instruction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It takes more than is there.
    #[error("takes {needed} values from a stack of {depth}")]
    Underflow {
        /// Values needed.
        needed: u32,
        /// Values there.
        depth: u32,
    },
    /// It is reached with two depths.
    #[error("is reached with {one} and with {other} values on the stack")]
    Depths {
        /// One depth.
        one: u32,
        /// The other depth.
        other: u32,
    },
    /// The stack grows beyond the declared size.
    #[error("needs a stack of {depth}, but {declared} is declared")]
    StackSize {
        /// Values on the stack.
        depth: u32,
        /// The declared size.
        declared: u32,
    },
    /// The declared stack size is never reached.
    #[error("declares a stack of {declared}, but {depth} is the most")]
    StackWaste {
        /// Values on the stack.
        depth: u32,
        /// The declared size.
        declared: u32,
    },
    /// An operand is out of range.
    #[error("operand {operand} is out of range of {what} ({count})")]
    Operand {
        /// The operand.
        operand: u32,
        /// What it indexes.
        what: &'static str,
        /// How many there are.
        count: usize,
    },
    /// A path runs off the end.
    #[error("runs off the end")]
    End,
    /// The function made is not code.
    #[error("makes a function of a constant that is not code")]
    NotCode,
    /// A handler keeps more than is there.
    #[error("has a handler that keeps {kept} of {depth} values")]
    Kept {
        /// Values kept.
        kept: u32,
        /// Values there.
        depth: u32,
    },
    /// Instructions and positions differ in number.
    #[error("has {positions} positions for {instructions} instructions")]
    Positions {
        /// Number of positions.
        positions: usize,
        /// Number of instructions.
        instructions: usize,
    },
    /// The exception table is not sorted or overlaps.
    #[error("exception table is out of order")]
    Table,
    /// The counts of parameters exceed the variables.
    #[error("has {parameters} parameters but {variables} variables")]
    Parameters {
        /// Number of parameters.
        parameters: u32,
        /// Number of variables.
        variables: usize,
    },
    /// An instruction that only functions may have.
    #[error("belongs in a generator")]
    Generator,
}

/// Checks a code object and all code within it.
///
/// # Errors
///
/// The first thing found wrong.
pub fn verify(code: &Code) -> Result<(), VerifyError> {
    let mut pending = vec![code];
    while let Some(code) = pending.pop() {
        verify_one(code).map_err(|(at, problem)| VerifyError {
            qualname: code.qualname.to_string(),
            at,
            problem,
        })?;
        for constant in &code.constants {
            if let Constant::Code(code) = constant {
                pending.push(code);
            }
        }
    }
    Ok(())
}

type Checked<T> = Result<T, (usize, Problem)>;

fn verify_one(code: &Code) -> Checked<()> {
    let count = code.instructions.len();
    if code.positions.len() != count {
        let positions = code.positions.len();
        let instructions = count;
        return Err((
            0,
            Problem::Positions {
                positions,
                instructions,
            },
        ));
    }
    if code.parameter_count() as usize > code.variables.len() {
        let parameters = code.parameter_count();
        let variables = code.variables.len();
        return Err((
            0,
            Problem::Parameters {
                parameters,
                variables,
            },
        ));
    }
    let mut end = 0;
    for handler in &code.handlers {
        let ordered = handler.start >= end && handler.end > handler.start;
        if !ordered || handler.end as usize > count || handler.target as usize >= count {
            return Err((handler.start as usize, Problem::Table));
        }
        end = handler.end;
    }

    let mut depths: Vec<Option<u32>> = vec![None; count];
    let mut pending = vec![(0usize, 0u32)];
    let mut most = 0;
    while let Some((at, depth)) = pending.pop() {
        if at >= count {
            return Err((at, Problem::End));
        }
        if let Some(known) = depths[at] {
            if known != depth {
                return Err((
                    at,
                    Problem::Depths {
                        one: known,
                        other: depth,
                    },
                ));
            }
            continue;
        }
        depths[at] = Some(depth);
        let instruction = code.instructions[at];
        operands(code, instruction).map_err(|problem| (at, problem))?;
        let step = step(instruction);
        if step.takes > depth {
            let needed = step.takes;
            return Err((at, Problem::Underflow { needed, depth }));
        }
        let mut peak = depth;
        if let Some(gives) = step.falls {
            let next = depth - step.takes + gives;
            peak = peak.max(next);
            pending.push((at + 1, next));
        }
        if let (Some(gives), Some(target)) = (step.jumps, instruction.target()) {
            let next = depth - step.takes + gives;
            peak = peak.max(next);
            pending.push((target as usize, next));
        }
        if let Some(handler) = code.handler(at as u32) {
            if handler.depth > depth {
                let kept = handler.depth;
                return Err((at, Problem::Kept { kept, depth }));
            }
            let next = handler.depth + 1 + u32::from(handler.push_index);
            peak = peak.max(next);
            pending.push((handler.target as usize, next));
        }
        if peak > code.stack_size {
            let declared = code.stack_size;
            return Err((
                at,
                Problem::StackSize {
                    depth: peak,
                    declared,
                },
            ));
        }
        most = most.max(peak);
    }
    if most < code.stack_size {
        let declared = code.stack_size;
        return Err((
            count,
            Problem::StackWaste {
                depth: most,
                declared,
            },
        ));
    }
    Ok(())
}

/// What an instruction does to the depth: it needs and removes `takes` values, then gives some back
/// on the way to the next instruction and, for a jump, on the way to its target.
struct Step {
    takes: u32,
    falls: Option<u32>,
    jumps: Option<u32>,
}

fn step(instruction: Instruction) -> Step {
    use Instruction::*;
    let plain = |takes, gives| Step {
        takes,
        falls: Some(gives),
        jumps: None,
    };
    let last = |takes| Step {
        takes,
        falls: None,
        jumps: None,
    };
    let branch = |takes, falls, jumps| Step {
        takes,
        falls: Some(falls),
        jumps: Some(jumps),
    };
    match instruction {
        Jump(_) => Step {
            takes: 0,
            falls: None,
            jumps: Some(0),
        },
        PopJumpIfTrue(_) | PopJumpIfFalse(_) => branch(1, 0, 0),
        JumpIfTrueOrPop(_) | JumpIfFalseOrPop(_) => branch(1, 0, 1),
        ForIterate(_) => branch(1, 2, 0),
        Send(_) => branch(2, 2, 2),
        Return => last(1),
        Raise(count) => last(count),
        Reraise(index) => last(1 + index),
        Copy(distance) => plain(distance, distance + 1),
        Swap(distance) => plain(distance, distance),
        PopTop => plain(1, 0),
        PushNull | LoadConstant(_) | LoadBuildClass | MakeFunction(_) => plain(0, 1),
        LoadAssertionError | LoadNotImplementedError | LoadNamespace => plain(0, 1),
        UseNamespace(_) => plain(0, 0),
        LoadFast(_) | LoadFastAndClear(_) | LoadClosure(_) | LoadDeref(_) | LoadClassDeref(_)
        | LoadName(_) | LoadGlobal(_) => plain(0, 1),
        StoreFast(_) | StoreDeref(_) | StoreName(_) | StoreGlobal(_) => plain(1, 0),
        DeleteFast(_) | DeleteDeref(_) | DeleteName(_) | DeleteGlobal(_) => plain(0, 0),
        MakeCell(_) | CopyFreeVariables(_) => plain(0, 0),
        LoadAttribute(_) => plain(1, 1),
        LoadMethod(_) | LoadSpecial(_) => plain(1, 2),
        StoreAttribute(_) => plain(2, 0),
        DeleteAttribute(_) => plain(1, 0),
        LoadSubscript => plain(2, 1),
        StoreSubscript => plain(3, 0),
        DeleteSubscript => plain(2, 0),
        Binary(_) | InPlace(_) | Compare(_) | Is(_) | Contains(_) => plain(2, 1),
        Unary(_) | Not | GetIterator | GetYieldFromIterator => plain(1, 1),
        BuildTuple(count) | BuildList(count) | BuildSet(count) | BuildString(count)
        | BuildSlice(count) => plain(count, 1),
        BuildMap(count) => plain(2 * count, 1),
        // These need the container that lies below what they take.
        ListAppend(distance) | SetAdd(distance) | ListExtend(distance) | SetUpdate(distance)
        | DictUpdate(distance) => plain(distance + 1, distance),
        DictMerge(distance) => plain(distance + 4, distance + 3),
        MapAdd(distance) => plain(distance + 2, distance),
        ListToTuple | ConvertValue(_) | FormatSimple => plain(1, 1),
        FormatWithSpec => plain(2, 1),
        UnpackSequence(count) => plain(1, count),
        UnpackStarred { before, after } => plain(1, u32::from(before) + after + 1),
        Call(count) => plain(2 + count, 1),
        CallKeyword(count) => plain(3 + count, 1),
        CallExtended => plain(4, 1),
        SetFunctionAttribute(_) => plain(2, 1),
        ReturnGenerator => plain(0, 1),
        YieldValue { delegating } => {
            let receiver = u32::from(delegating);
            plain(1 + receiver, 1 + receiver)
        }
        EndSend => plain(2, 1),
        CleanupThrow => plain(3, 2),
        StopIterationError => plain(1, 1),
        PushExceptionInfo => plain(1, 2),
        CheckExceptionMatch => plain(2, 2),
        PopException => plain(1, 0),
        WithExceptStart => plain(5, 6),
        ImportName(_) => plain(2, 1),
        ImportFrom(_) => plain(1, 2),
        ImportStar => plain(1, 0),
    }
}

/// Checks that operands index something.
fn operands(code: &Code, instruction: Instruction) -> Result<(), Problem> {
    use Instruction::*;
    let within = |operand: u32, what: &'static str, count: usize| {
        if (operand as usize) < count {
            Ok(())
        } else {
            Err(Problem::Operand {
                operand,
                what,
                count,
            })
        }
    };
    match instruction {
        LoadConstant(at) => within(at, "constants", code.constants.len()),
        MakeFunction(at) => {
            within(at, "constants", code.constants.len())?;
            match &code.constants[at as usize] {
                Constant::Code(_) => Ok(()),
                _ => Err(Problem::NotCode),
            }
        }
        LoadFast(at) | LoadFastAndClear(at) | StoreFast(at) | DeleteFast(at) => {
            within(at, "variables", code.variables.len())
        }
        MakeCell(at) => within(at, "cells", code.slot_count() - code.frees.len()),
        LoadClosure(at) | LoadDeref(at) | StoreDeref(at) | DeleteDeref(at) | LoadClassDeref(at)
        | UseNamespace(at) => {
            within(at, "slots", code.slot_count())?;
            let is_free = at as usize >= code.first_free_slot();
            let is_cell = code
                .slot_name(at)
                .is_some_and(|name| code.cells.contains(name));
            if is_free || is_cell {
                Ok(())
            } else {
                let (operand, count) = (at, code.cells.len());
                Err(Problem::Operand {
                    operand,
                    what: "cells",
                    count,
                })
            }
        }
        CopyFreeVariables(count) => within(count, "free variables", code.frees.len() + 1),
        LoadName(at) | StoreName(at) | DeleteName(at) | LoadGlobal(at) | StoreGlobal(at)
        | DeleteGlobal(at) | LoadAttribute(at) | LoadMethod(at) | StoreAttribute(at)
        | DeleteAttribute(at) | ImportName(at) | ImportFrom(at) => {
            within(at, "names", code.names.len())
        }
        BuildSlice(count) if !(2..=3).contains(&count) => Err(Problem::Operand {
            operand: count,
            what: "slice parts",
            count: 4,
        }),
        Raise(count) => within(count, "exceptions", 3),
        Copy(0) | Swap(0..=1) => Err(Problem::Operand {
            operand: 0,
            what: "stack",
            count: 0,
        }),
        ReturnGenerator | YieldValue { .. } | StopIterationError
            if !code.flags.contains(Flags::GENERATOR) =>
        {
            Err(Problem::Generator)
        }
        _ => Ok(()),
    }
}
