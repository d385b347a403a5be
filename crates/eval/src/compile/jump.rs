//! Conditions that only decide where to go.

use super::unit::Label;
use super::{Compiled, Compiler};
use crate::code::Constant;
use crate::instruction::Instruction;
use crate::tree::{Expression, ExpressionKind, Span};

/// The truth value of an expression that is known before the program runs.
fn known_truth(expression: &Expression) -> Option<bool> {
    match &expression.kind {
        ExpressionKind::Constant(constant) => Some(match constant {
            Constant::None => false,
            Constant::Bool(value) => *value,
            Constant::Int(value) => *value != 0,
            Constant::Float(value) => *value != 0.0,
            Constant::Complex(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
            Constant::Str(text) => !text.is_empty(),
            Constant::Bytes(bytes) => !bytes.is_empty(),
            _ => true,
        }),
        ExpressionKind::Name(name) if &**name == "__debug__" => Some(true),
        _ => None,
    }
}

impl<'c> Compiler<'c> {
    /// Goes to the label when the truth of the expression is `condition`.
    pub(super) fn jump_if(
        &mut self,
        expression: &'c Expression,
        to: Label,
        condition: bool,
    ) -> Compiled {
        if let Some(truth) = known_truth(expression) {
            if truth == condition {
                self.unit().jump(Instruction::Jump, to, expression.span);
            }
            return Ok(());
        }
        match &expression.kind {
            ExpressionKind::Not(operand) => self.jump_if(operand, to, !condition),
            ExpressionKind::Boolean(and, values) => {
                let Some((last, first)) = values.split_last() else {
                    return Ok(());
                };
                // `and` is decided by a false value, `or` by a true one.
                let deciding = !*and;
                let end = self.unit().label();
                let decided = if deciding == condition { to } else { end };
                for value in first {
                    self.jump_if(value, decided, deciding)?;
                }
                self.jump_if(last, to, condition)?;
                self.unit().place(end);
                Ok(())
            }
            ExpressionKind::Conditional(conditional) => {
                let (otherwise, end) = (self.unit().label(), self.unit().label());
                self.jump_if(&conditional.test, otherwise, false)?;
                self.jump_if(&conditional.body, to, condition)?;
                self.unit().jump(Instruction::Jump, end, Span::NONE);
                self.unit().place(otherwise);
                self.jump_if(&conditional.otherwise, to, condition)?;
                self.unit().place(end);
                Ok(())
            }
            ExpressionKind::Compare(left, rest) if rest.len() > 1 => {
                let Some(((operator, last), first)) = rest.split_last() else {
                    return Ok(());
                };
                let (cleanup, end) = (self.unit().label(), self.unit().label());
                self.value(left)?;
                for (operator, right) in first {
                    self.value(right)?;
                    self.emit(Instruction::Swap(2), expression.span);
                    self.emit(Instruction::Copy(2), expression.span);
                    self.comparison(*operator, expression.span);
                    self.unit()
                        .jump(Instruction::PopJumpIfFalse, cleanup, expression.span);
                }
                self.value(last)?;
                self.comparison(*operator, expression.span);
                self.conditional_jump(to, condition, expression.span);
                self.unit().jump(Instruction::Jump, end, Span::NONE);
                self.unit().place(cleanup);
                self.emit(Instruction::PopTop, Span::NONE);
                if !condition {
                    self.unit().jump(Instruction::Jump, to, Span::NONE);
                }
                self.unit().place(end);
                Ok(())
            }
            _ => {
                self.value(expression)?;
                self.conditional_jump(to, condition, expression.span);
                Ok(())
            }
        }
    }

    fn conditional_jump(&mut self, to: Label, condition: bool, span: Span) {
        let make = if condition {
            Instruction::PopJumpIfTrue
        } else {
            Instruction::PopJumpIfFalse
        };
        self.unit().jump(make, to, span);
    }
}
