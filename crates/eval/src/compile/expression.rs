//! Expressions that leave a value on the stack.

use super::{Compiled, Compiler};
use crate::code::{Constant, Name};
use crate::instruction::Instruction;
use crate::tree::{CompareOperator, Expression, ExpressionKind, Span};

/// Displays and calls with more parts than this are built piece by piece, to bound the stack.
pub(super) const STACK_USE: usize = 30;

/// What a display builds, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Display {
    List,
    Tuple,
    Set,
}

/// The constant that an expression is, tuples of constants included.
pub(super) fn constant_of(expression: &Expression) -> Option<Constant> {
    match &expression.kind {
        ExpressionKind::Constant(constant) => Some(constant.clone()),
        ExpressionKind::Tuple(items) => {
            let items: Option<Vec<Constant>> = items.iter().map(constant_of).collect();
            items.map(|items| Constant::Tuple(items.into()))
        }
        _ => None,
    }
}

impl<'c> Compiler<'c> {
    /// Pushes the value of an expression.
    pub(super) fn value(&mut self, expression: &'c Expression) -> Compiled {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Constant(constant) => self.constant(constant.clone(), span),
            ExpressionKind::Name(name) if &**name == "__debug__" => {
                self.constant(Constant::Bool(true), span);
            }
            ExpressionKind::Name(name) => self.load_name(name, span),
            ExpressionKind::Boolean(and, values) => {
                let make = if *and {
                    Instruction::JumpIfFalseOrPop
                } else {
                    Instruction::JumpIfTrueOrPop
                };
                let end = self.unit().label();
                for (index, value) in values.iter().enumerate() {
                    self.value(value)?;
                    if index + 1 < values.len() {
                        self.unit().jump(make, end, span);
                    }
                }
                self.unit().place(end);
            }
            ExpressionKind::Named(named) => {
                self.value(&named.1)?;
                self.emit(Instruction::Copy(1), span);
                self.store_name(&named.0.name, named.0.span);
            }
            ExpressionKind::Binary(operator, operands) => {
                self.value(&operands.0)?;
                self.value(&operands.1)?;
                self.emit(Instruction::Binary(*operator), span);
            }
            ExpressionKind::Unary(operator, operand) => {
                self.value(operand)?;
                self.emit(Instruction::Unary(*operator), span);
            }
            ExpressionKind::Not(operand) => {
                self.value(operand)?;
                self.emit(Instruction::Not, span);
            }
            ExpressionKind::Lambda(lambda) => self.lambda(lambda, span)?,
            ExpressionKind::Conditional(conditional) => {
                let (otherwise, end) = (self.unit().label(), self.unit().label());
                self.jump_if(&conditional.test, otherwise, false)?;
                self.value(&conditional.body)?;
                self.unit().jump(Instruction::Jump, end, Span::NONE);
                self.unit().place(otherwise);
                self.value(&conditional.otherwise)?;
                self.unit().place(end);
            }
            ExpressionKind::Dict(items) => self.dict(items, span)?,
            ExpressionKind::Set(items) => self.display(Display::Set, items, 0, span)?,
            ExpressionKind::List(items) => self.display(Display::List, items, 0, span)?,
            ExpressionKind::Tuple(items) => match constant_of(expression) {
                Some(constant) => self.constant(constant, span),
                None => self.display(Display::Tuple, items, 0, span)?,
            },
            ExpressionKind::Comprehension(comprehension) => {
                self.comprehension(comprehension, span)?;
            }
            ExpressionKind::Yield(value) => {
                self.check_yield(span)?;
                match value {
                    Some(value) => self.value(value)?,
                    None => self.constant(Constant::None, span),
                }
                self.emit(Instruction::YieldValue { delegating: false }, span);
            }
            ExpressionKind::YieldFrom(iterable) => self.yield_from(iterable, span)?,
            ExpressionKind::Compare(left, rest) => self.compare(left, rest, span)?,
            ExpressionKind::Call(call) => self.call(call, span)?,
            ExpressionKind::JoinedString(parts) => self.joined_string(parts, span)?,
            ExpressionKind::Attribute(value, name) => {
                self.check_super_argument(value);
                self.value(value)?;
                let span = self.attribute_span(name, span, span);
                let index = self.attribute_name(name);
                self.emit(Instruction::LoadAttribute(index), span);
            }
            ExpressionKind::Subscript(parts) => {
                self.value(&parts.0)?;
                self.value(&parts.1)?;
                self.emit(Instruction::LoadSubscript, span);
            }
            ExpressionKind::Slice(bounds) => {
                let [lower, upper, step] = &**bounds;
                for bound in [lower, upper] {
                    match bound {
                        Some(bound) => self.value(bound)?,
                        None => self.constant(Constant::None, span),
                    }
                }
                match step {
                    Some(step) => {
                        self.value(step)?;
                        self.emit(Instruction::BuildSlice(3), span);
                    }
                    None => self.emit(Instruction::BuildSlice(2), span),
                }
            }
            ExpressionKind::Starred(_) => {
                return self.error(span, "can't use starred expression here");
            }
        }
        Ok(())
    }

    /// The operand for an attribute's name.
    pub(super) fn attribute_name(&mut self, name: &Name) -> u32 {
        let name = self.mangled(name);
        self.unit().names.place(&name)
    }

    /// The span of an attribute access: when the object is on an earlier line, only the name, so
    /// that a traceback shows the line of the name. `whole` is the span to narrow.
    pub(super) fn attribute_span(&self, name: &str, attribute: Span, whole: Span) -> Span {
        if self.lines.line(whole.start) == self.lines.line(attribute.end) {
            return whole;
        }
        Span {
            start: attribute.end.saturating_sub(name.len() as u32),
            end: whole.end,
        }
    }

    fn dict(&mut self, items: &'c [(Option<Expression>, Expression)], span: Span) -> Compiled {
        let mut built = false;
        let mut rest = items;
        while let Some((key, value)) = rest.first() {
            if key.is_none() {
                if !built {
                    self.emit(Instruction::BuildMap(0), span);
                    built = true;
                }
                self.value(value)?;
                self.emit(Instruction::DictUpdate(1), span);
                rest = &rest[1..];
                continue;
            }
            let plain = rest.iter().take_while(|(key, _)| key.is_some()).count();
            let (now, later) = rest.split_at(plain.min(STACK_USE / 2 + 2));
            self.plain_dict(now, span)?;
            if built {
                self.emit(Instruction::DictUpdate(1), span);
            }
            built = true;
            rest = later;
        }
        if !built {
            self.emit(Instruction::BuildMap(0), span);
        }
        Ok(())
    }

    fn plain_dict(
        &mut self,
        items: &'c [(Option<Expression>, Expression)],
        span: Span,
    ) -> Compiled {
        let large = items.len() * 2 > STACK_USE;
        if large {
            self.emit(Instruction::BuildMap(0), span);
        }
        for (key, value) in items {
            if let Some(key) = key {
                self.value(key)?;
            }
            self.value(value)?;
            if large {
                self.emit(Instruction::MapAdd(1), span);
            }
        }
        if !large {
            self.emit(Instruction::BuildMap(items.len() as u32), span);
        }
        Ok(())
    }

    /// Builds a list, tuple or set, of which `pushed` items are on the stack already.
    pub(super) fn display(
        &mut self,
        display: Display,
        items: &'c [Expression],
        pushed: u32,
        span: Span,
    ) -> Compiled {
        let (build, add, extend): (fn(u32) -> Instruction, _, _) = match display {
            Display::List | Display::Tuple => (
                Instruction::BuildList,
                Instruction::ListAppend(1),
                Instruction::ListExtend(1),
            ),
            Display::Set => (
                Instruction::BuildSet,
                Instruction::SetAdd(1),
                Instruction::SetUpdate(1),
            ),
        };
        if pushed == 0 && items.len() > 2 && display != Display::Tuple {
            let constants: Option<Vec<Constant>> = items.iter().map(constant_of).collect();
            if let Some(constants) = constants {
                self.emit(build(0), span);
                self.constant(Constant::Tuple(constants.into()), span);
                self.emit(extend, span);
                return Ok(());
            }
        }
        let is_starred = |item: &Expression| matches!(item.kind, ExpressionKind::Starred(_));
        let large = items.len() + pushed as usize > STACK_USE;
        if !large && !items.iter().any(is_starred) {
            for item in items {
                self.value(item)?;
            }
            let count = items.len() as u32 + pushed;
            let instruction = match display {
                Display::Tuple => Instruction::BuildTuple(count),
                _ => build(count),
            };
            self.emit(instruction, span);
            return Ok(());
        }
        let mut built = large;
        if large {
            self.emit(build(pushed), span);
        }
        for (index, item) in items.iter().enumerate() {
            match &item.kind {
                ExpressionKind::Starred(value) => {
                    if !built {
                        self.emit(build(index as u32 + pushed), span);
                        built = true;
                    }
                    self.value(value)?;
                    self.emit(extend, span);
                }
                _ => {
                    self.value(item)?;
                    if built {
                        self.emit(add, span);
                    }
                }
            }
        }
        if display == Display::Tuple {
            self.emit(Instruction::ListToTuple, span);
        }
        Ok(())
    }

    pub(super) fn comparison(&mut self, operator: CompareOperator, span: Span) {
        let instruction = match operator {
            CompareOperator::Rich(comparison) => Instruction::Compare(comparison),
            CompareOperator::Is => Instruction::Is(false),
            CompareOperator::IsNot => Instruction::Is(true),
            CompareOperator::In => Instruction::Contains(false),
            CompareOperator::NotIn => Instruction::Contains(true),
        };
        self.emit(instruction, span);
    }

    fn compare(
        &mut self,
        left: &'c Expression,
        rest: &'c [(CompareOperator, Expression)],
        span: Span,
    ) -> Compiled {
        self.value(left)?;
        let Some(((operator, last), first)) = rest.split_last() else {
            return Ok(());
        };
        if first.is_empty() {
            self.operand(*operator, last)?;
            self.comparison(*operator, span);
            return Ok(());
        }
        let (cleanup, end) = (self.unit().label(), self.unit().label());
        for (operator, right) in first {
            self.value(right)?;
            self.emit(Instruction::Swap(2), span);
            self.emit(Instruction::Copy(2), span);
            self.comparison(*operator, span);
            self.unit()
                .jump(Instruction::JumpIfFalseOrPop, cleanup, span);
        }
        self.value(last)?;
        self.comparison(*operator, span);
        self.unit().jump(Instruction::Jump, end, Span::NONE);
        self.unit().place(cleanup);
        self.emit(Instruction::Swap(2), Span::NONE);
        self.emit(Instruction::PopTop, Span::NONE);
        self.unit().place(end);
        Ok(())
    }

    /// The right operand of a comparison: a display of constants after `in` is made only once.
    fn operand(&mut self, operator: CompareOperator, right: &'c Expression) -> Compiled {
        if matches!(operator, CompareOperator::In | CompareOperator::NotIn) {
            let constants = |items: &[Expression]| -> Option<std::sync::Arc<[Constant]>> {
                items.iter().map(constant_of).collect()
            };
            let folded = match &right.kind {
                ExpressionKind::List(items) => constants(items).map(Constant::Tuple),
                ExpressionKind::Set(items) => constants(items).map(Constant::FrozenSet),
                _ => None,
            };
            if let Some(constant) = folded {
                self.constant(constant, right.span);
                return Ok(());
            }
        }
        self.value(right)
    }

    fn check_yield(&mut self, span: Span) -> Compiled {
        let scope = self.unit().scope;
        if self.table.scope(scope).is_function_like() {
            return Ok(());
        }
        self.error(span, "'yield' outside function")
    }

    fn yield_from(&mut self, iterable: &'c Expression, span: Span) -> Compiled {
        if self.check_yield(span).is_err() {
            return self.error(span, "'yield from' outside function");
        }
        self.value(iterable)?;
        self.emit(Instruction::GetYieldFromIterator, span);
        self.constant(Constant::None, span);
        let (send, fail, exit) = (
            self.unit().label(),
            self.unit().label(),
            self.unit().label(),
        );
        self.unit().place(send);
        self.unit().jump(Instruction::Send, exit, span);
        self.unit().enter_handler(fail, false, 0);
        self.emit(Instruction::YieldValue { delegating: true }, span);
        self.unit().leave_handler();
        self.unit().jump(Instruction::Jump, send, span);
        self.unit().place(fail);
        self.emit(Instruction::CleanupThrow, span);
        self.unit().place(exit);
        self.emit(Instruction::EndSend, span);
        Ok(())
    }
}
