//! Targets: binding, deleting, augmented assignment.

use super::{Compiled, Compiler};
use crate::instruction::{BinaryOperator, Instruction};
use crate::tree::{Expression, ExpressionKind, Span};

impl<'c> Compiler<'c> {
    /// Pops the top of the stack into a target.
    pub(super) fn store(&mut self, target: &'c Expression) -> Compiled {
        let span = target.span;
        match &target.kind {
            ExpressionKind::Name(name) => {
                self.store_name(name, span);
                Ok(())
            }
            ExpressionKind::Attribute(value, name) => {
                self.note_static_attribute(value, name);
                self.value(value)?;
                let span = self.attribute_span(name, span, span);
                let index = self.attribute_name(name);
                self.emit(Instruction::StoreAttribute(index), span);
                Ok(())
            }
            ExpressionKind::Subscript(parts) => {
                self.value(&parts.0)?;
                self.value(&parts.1)?;
                self.emit(Instruction::StoreSubscript, span);
                Ok(())
            }
            ExpressionKind::Tuple(targets) | ExpressionKind::List(targets) => {
                self.unpack(targets, span)
            }
            ExpressionKind::Starred(_) => {
                self.error(span, "starred assignment target must be in a list or tuple")
            }
            _ => self.error(span, "cannot assign to expression"),
        }
    }

    fn unpack(&mut self, targets: &'c [Expression], span: Span) -> Compiled {
        let is_starred = |target: &Expression| matches!(target.kind, ExpressionKind::Starred(_));
        match targets.iter().position(is_starred) {
            None => self.emit(Instruction::UnpackSequence(targets.len() as u32), span),
            Some(before) => {
                if targets[before + 1..].iter().any(is_starred) {
                    return self.error(span, "multiple starred expressions in assignment");
                }
                let Some(few) = u16::try_from(before).ok().filter(|before| *before < 256) else {
                    let message = "too many expressions in star-unpacking assignment";
                    return self.error(span, message);
                };
                let instruction = Instruction::UnpackStarred {
                    before: few,
                    after: (targets.len() - before - 1) as u32,
                };
                self.emit(instruction, span);
            }
        }
        for target in targets {
            match &target.kind {
                ExpressionKind::Starred(target) => self.store(target)?,
                _ => self.store(target)?,
            }
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, target: &'c Expression) -> Compiled {
        let span = target.span;
        match &target.kind {
            ExpressionKind::Name(name) => {
                self.delete_name(name, span);
                Ok(())
            }
            ExpressionKind::Attribute(value, name) => {
                self.value(value)?;
                let span = self.attribute_span(name, span, span);
                let index = self.attribute_name(name);
                self.emit(Instruction::DeleteAttribute(index), span);
                Ok(())
            }
            ExpressionKind::Subscript(parts) => {
                self.value(&parts.0)?;
                self.value(&parts.1)?;
                self.emit(Instruction::DeleteSubscript, span);
                Ok(())
            }
            ExpressionKind::Tuple(targets) | ExpressionKind::List(targets) => {
                targets.iter().try_for_each(|target| self.delete(target))
            }
            _ => self.error(span, "cannot delete expression"),
        }
    }

    pub(super) fn augmented(
        &mut self,
        target: &'c Expression,
        operator: BinaryOperator,
        value: &'c Expression,
        span: Span,
    ) -> Compiled {
        match &target.kind {
            ExpressionKind::Name(name) => {
                self.load_name(name, target.span);
                self.value(value)?;
                self.emit(Instruction::InPlace(operator), span);
                self.store_name(name, target.span);
                Ok(())
            }
            ExpressionKind::Attribute(object, name) => {
                self.value(object)?;
                let index = self.attribute_name(name);
                let attribute_span = self.attribute_span(name, target.span, target.span);
                self.emit(Instruction::Copy(1), attribute_span);
                self.emit(Instruction::LoadAttribute(index), attribute_span);
                self.value(value)?;
                self.emit(Instruction::InPlace(operator), span);
                self.emit(Instruction::Swap(2), attribute_span);
                self.emit(Instruction::StoreAttribute(index), attribute_span);
                Ok(())
            }
            ExpressionKind::Subscript(parts) => {
                self.value(&parts.0)?;
                self.value(&parts.1)?;
                self.emit(Instruction::Copy(2), target.span);
                self.emit(Instruction::Copy(2), target.span);
                self.emit(Instruction::LoadSubscript, target.span);
                self.value(value)?;
                self.emit(Instruction::InPlace(operator), span);
                self.emit(Instruction::Swap(3), target.span);
                self.emit(Instruction::Swap(2), target.span);
                self.emit(Instruction::StoreSubscript, target.span);
                Ok(())
            }
            _ => self.error(
                target.span,
                "'expression' is an illegal expression for augmented assignment",
            ),
        }
    }
}
