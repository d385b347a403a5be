//! Simple statements, conditions and loops.

use super::block::Block;
use super::{Compiled, Compiler};
use crate::code::{Constant, Name};
use crate::instruction::Instruction;
use crate::tree::{Alias, Expression, ExpressionKind, Span, Statement, StatementKind};

impl<'c> Compiler<'c> {
    pub(super) fn statements(&mut self, statements: &'c [Statement]) -> Compiled {
        for statement in statements {
            self.statement(statement)?;
        }
        Ok(())
    }

    fn statement(&mut self, statement: &'c Statement) -> Compiled {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Function(function) => self.function(function, span),
            StatementKind::Class(class) => self.class(class, span),
            StatementKind::Return(value) => self.return_(value.as_ref(), span),
            StatementKind::Delete(targets) => {
                targets.iter().try_for_each(|target| self.delete(target))
            }
            StatementKind::Assign { targets, value } => {
                self.value(value)?;
                for (index, target) in targets.iter().enumerate() {
                    if index + 1 < targets.len() {
                        self.emit(Instruction::Copy(1), span);
                    }
                    self.store(target)?;
                }
                Ok(())
            }
            StatementKind::AugmentedAssign {
                target,
                operator,
                value,
            } => self.augmented(target, *operator, value, span),
            StatementKind::AnnotatedAssign {
                target,
                value,
                noted,
                ..
            } => {
                self.annotated(target, value.as_ref())?;
                if let Some(place) = noted {
                    self.note_annotation(*place, span);
                }
                Ok(())
            }
            StatementKind::For {
                target,
                iterable,
                body,
                otherwise,
            } => self.for_(target, iterable, body, otherwise, span),
            StatementKind::While {
                test,
                body,
                otherwise,
            } => self.while_(test, body, otherwise, span),
            StatementKind::If(branches) => self.if_(branches),
            StatementKind::With { items, body } => self.with(items, body, span),
            StatementKind::Raise { exception, cause } => {
                let mut operands = 0;
                for operand in [exception, cause].into_iter().flatten() {
                    self.value(operand)?;
                    operands += 1;
                }
                self.emit(Instruction::Raise(operands), span);
                Ok(())
            }
            StatementKind::Try(try_) if try_.finally.is_empty() => self.try_except(try_, span),
            StatementKind::Try(try_) => self.try_finally(try_, span),
            StatementKind::Assert { test, message } => self.assert(test, message.as_ref(), span),
            StatementKind::Import(names) => self.import(names, span),
            StatementKind::ImportFrom {
                module,
                names,
                star,
                level,
            } => {
                self.import_from(module.as_ref(), names, star.is_some(), *level, span);
                Ok(())
            }
            StatementKind::Expression(value) => {
                // A constant on its own does nothing.
                if !matches!(value.kind, ExpressionKind::Constant(_)) {
                    self.value(value)?;
                    self.emit(Instruction::PopTop, span);
                }
                Ok(())
            }
            StatementKind::Global(_) | StatementKind::Nonlocal(_) | StatementKind::Pass => Ok(()),
            StatementKind::Break => self.break_(span),
            StatementKind::Continue => self.continue_(span),
        }
    }

    fn return_(&mut self, value: Option<&'c Expression>, span: Span) -> Compiled {
        let scope = self.unit().scope;
        if !self.table.scope(scope).is_function_like() {
            return self.error(span, "'return' outside function");
        }
        let constant = match value {
            None => Some(Constant::None),
            Some(value) => match &value.kind {
                ExpressionKind::Constant(constant) => Some(constant.clone()),
                _ => {
                    self.value(value)?;
                    None
                }
            },
        };
        self.leave_and_return(constant, span)
    }

    fn annotated(&mut self, target: &'c Expression, value: Option<&'c Expression>) -> Compiled {
        if let Some(value) = value {
            self.value(value)?;
            return self.store(target);
        }
        // Without a value the parts of the target are evaluated, and nothing is stored.
        match &target.kind {
            ExpressionKind::Attribute(value, _) => {
                self.value(value)?;
                self.emit(Instruction::PopTop, target.span);
            }
            ExpressionKind::Subscript(parts) => {
                for part in [&parts.0, &parts.1] {
                    self.value(part)?;
                    self.emit(Instruction::PopTop, target.span);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn for_(
        &mut self,
        target: &'c Expression,
        iterable: &'c Expression,
        body: &'c [Statement],
        otherwise: &'c [Statement],
        span: Span,
    ) -> Compiled {
        let (start, exhausted, end) = (
            self.unit().label(),
            self.unit().label(),
            self.unit().label(),
        );
        self.value(iterable)?;
        self.push_block(Block::For { start, end }, span)?;
        self.emit(Instruction::GetIterator, iterable.span);
        self.unit().place(start);
        self.unit()
            .jump(Instruction::ForIterate, exhausted, iterable.span);
        self.store(target)?;
        self.statements(body)?;
        self.unit().jump(Instruction::Jump, start, Span::NONE);
        self.pop_block();
        self.unit().place(exhausted);
        self.statements(otherwise)?;
        self.unit().place(end);
        Ok(())
    }

    fn while_(
        &mut self,
        test: &'c Expression,
        body: &'c [Statement],
        otherwise: &'c [Statement],
        span: Span,
    ) -> Compiled {
        let (start, anchor, end) = (
            self.unit().label(),
            self.unit().label(),
            self.unit().label(),
        );
        self.unit().place(start);
        self.push_block(Block::While { start, end }, span)?;
        self.jump_if(test, anchor, false)?;
        self.statements(body)?;
        self.unit().jump(Instruction::Jump, start, Span::NONE);
        self.pop_block();
        self.unit().place(anchor);
        self.statements(otherwise)?;
        self.unit().place(end);
        Ok(())
    }

    fn if_(&mut self, branches: &'c [(Option<Expression>, Vec<Statement>)]) -> Compiled {
        let end = self.unit().label();
        for (index, (test, body)) in branches.iter().enumerate() {
            let next = self.unit().label();
            if let Some(test) = test {
                self.jump_if(test, next, false)?;
            }
            self.statements(body)?;
            if index + 1 < branches.len() {
                self.unit().jump(Instruction::Jump, end, Span::NONE);
            }
            if test.is_some() {
                self.unit().place(next);
            }
        }
        self.unit().place(end);
        Ok(())
    }

    fn assert(
        &mut self,
        test: &'c Expression,
        message: Option<&'c Expression>,
        span: Span,
    ) -> Compiled {
        let end = self.unit().label();
        self.jump_if(test, end, true)?;
        self.emit(Instruction::LoadAssertionError, span);
        if let Some(message) = message {
            self.emit(Instruction::PushNull, span);
            self.value(message)?;
            self.emit(Instruction::Call(1), span);
        }
        self.emit(Instruction::Raise(1), test.span);
        self.unit().place(end);
        Ok(())
    }

    fn import(&mut self, names: &'c [Alias], span: Span) -> Compiled {
        for alias in names {
            self.constant(Constant::Int(0), span);
            self.constant(Constant::None, span);
            let module = self.unit().names.place(&alias.name);
            self.emit(Instruction::ImportName(module), span);
            let mut components = alias.name.split('.');
            let first = components.next().unwrap_or("");
            let Some(bound) = &alias.alias else {
                self.store_name(&first.into(), span);
                continue;
            };
            // `import a.b.c as x` binds the innermost module.
            let rest: Vec<&str> = components.collect();
            for (index, component) in rest.iter().enumerate() {
                let attribute = self.unit().names.place(&(*component).into());
                self.emit(Instruction::ImportFrom(attribute), span);
                if index + 1 < rest.len() {
                    self.emit(Instruction::Swap(2), span);
                    self.emit(Instruction::PopTop, span);
                }
            }
            self.store_name(bound, span);
            if !rest.is_empty() {
                self.emit(Instruction::PopTop, span);
            }
        }
        Ok(())
    }

    fn import_from(
        &mut self,
        module: Option<&Name>,
        names: &[Alias],
        star: bool,
        level: u32,
        span: Span,
    ) {
        self.constant(Constant::Int(i64::from(level)), span);
        let listed: Vec<Constant> = if star {
            vec![Constant::Str("*".into())]
        } else {
            names
                .iter()
                .map(|alias| Constant::Str(alias.name.clone()))
                .collect()
        };
        self.constant(Constant::Tuple(listed.into()), span);
        let empty: Name = "".into();
        let module = self.unit().names.place(module.unwrap_or(&empty));
        self.emit(Instruction::ImportName(module), span);
        if star {
            self.emit(Instruction::ImportStar, span);
            return;
        }
        for alias in names {
            let attribute = self.unit().names.place(&alias.name);
            self.emit(Instruction::ImportFrom(attribute), span);
            self.store_name(alias.alias.as_ref().unwrap_or(&alias.name), span);
        }
        self.emit(Instruction::PopTop, span);
    }
}
