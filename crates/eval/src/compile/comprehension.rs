//! Comprehensions and generator expressions.
//!
//! List, set and dict comprehensions run in the frame around them. What their variables' slots held
//! before is kept on the stack meanwhile, and put back whether or not an exception ends the loop.

use super::function::Pushed;
use super::unit::{Unit, UnitKind};
use super::{Compiled, Compiler};
use crate::code::{Constant, Name};
use crate::instruction::Instruction;
use crate::symbols::Access;
use crate::tree::{Comprehension, ComprehensionKind, ForClause, Span};

impl<'c> Compiler<'c> {
    pub(super) fn comprehension(
        &mut self,
        comprehension: &'c Comprehension,
        span: Span,
    ) -> Compiled {
        let Some(first) = comprehension.clauses.first() else {
            return Ok(());
        };
        if comprehension.kind == ComprehensionKind::Generator {
            return self.generator(comprehension, first, span);
        }
        self.value(&first.iterable)?;
        let outer = self.unit().current_scope;
        let names: Vec<Name> = self.table.own_names(comprehension.scope).cloned().collect();
        self.unit().current_scope = comprehension.scope;
        for name in &names {
            self.save_variable(name, span);
        }
        let saved = names.len() as u32;
        if saved > 0 {
            self.emit(Instruction::Swap(saved + 1), span);
        }
        let restore = self.unit().label();
        let end = self.unit().label();
        if saved > 0 {
            self.unit().enter_handler(restore, false, 0);
        }
        let build = match comprehension.kind {
            ComprehensionKind::Set => Instruction::BuildSet(0),
            ComprehensionKind::Dict => Instruction::BuildMap(0),
            _ => Instruction::BuildList(0),
        };
        self.emit(build, span);
        self.emit(Instruction::Swap(2), span);
        self.emit(Instruction::GetIterator, first.iterable.span);
        self.clauses(comprehension, &comprehension.clauses, 1)?;
        if saved > 0 {
            self.unit().leave_handler();
            self.restore_variables(&names, span);
            self.unit().jump(Instruction::Jump, end, Span::NONE);
            self.unit().place(restore);
            // The unfinished result lies below the exception.
            self.emit(Instruction::Swap(2), Span::NONE);
            self.emit(Instruction::PopTop, Span::NONE);
            self.restore_variables(&names, Span::NONE);
            self.emit(Instruction::Reraise(0), Span::NONE);
            self.unit().place(end);
        }
        self.unit().current_scope = outer;
        Ok(())
    }

    /// Moves what a variable's slot holds to the stack.
    fn save_variable(&mut self, name: &Name, span: Span) {
        let scope = self.unit().current_scope;
        let slot = self.unit().variables.place(name);
        self.emit(Instruction::LoadFastAndClear(slot), span);
        if self.table.access(scope, name) == Access::Cell {
            self.emit(Instruction::MakeCell(slot), span);
        }
    }

    /// Puts the saved values back, from below the top of the stack.
    fn restore_variables(&mut self, names: &[Name], span: Span) {
        self.emit(Instruction::Swap(names.len() as u32 + 1), span);
        for name in names.iter().rev() {
            let slot = self.unit().variables.place(name);
            self.emit(Instruction::StoreFast(slot), span);
        }
    }

    /// Compiles `for` clauses, the first of whose iterators is on the stack, `depth` values above the
    /// result.
    fn clauses(
        &mut self,
        comprehension: &'c Comprehension,
        clauses: &'c [ForClause],
        depth: u32,
    ) -> Compiled {
        let Some((clause, inner)) = clauses.split_first() else {
            return Ok(());
        };
        let (start, exhausted) = (self.unit().label(), self.unit().label());
        self.unit().place(start);
        self.unit()
            .jump(Instruction::ForIterate, exhausted, clause.iterable.span);
        self.store(&clause.target)?;
        for condition in &clause.conditions {
            self.jump_if(condition, start, false)?;
        }
        match inner.first() {
            Some(next) => {
                self.value(&next.iterable)?;
                self.emit(Instruction::GetIterator, next.iterable.span);
                self.clauses(comprehension, inner, depth + 1)?;
            }
            None => self.element(comprehension, depth)?,
        }
        self.unit().jump(Instruction::Jump, start, Span::NONE);
        self.unit().place(exhausted);
        Ok(())
    }

    fn element(&mut self, comprehension: &'c Comprehension, depth: u32) -> Compiled {
        let element = &comprehension.element;
        self.value(element)?;
        let mut span = element.span;
        match comprehension.kind {
            ComprehensionKind::Generator => {
                self.emit(Instruction::YieldValue { delegating: false }, span);
                self.emit(Instruction::PopTop, span);
            }
            ComprehensionKind::List => self.emit(Instruction::ListAppend(depth + 1), span),
            ComprehensionKind::Set => self.emit(Instruction::SetAdd(depth + 1), span),
            ComprehensionKind::Dict => {
                if let Some(value) = &comprehension.value {
                    self.value(value)?;
                    span = span.to(value.span);
                }
                self.emit(Instruction::MapAdd(depth + 1), span);
            }
        }
        Ok(())
    }

    /// A generator expression: a generator function that is called with the first iterable.
    fn generator(
        &mut self,
        comprehension: &'c Comprehension,
        first: &'c ForClause,
        span: Span,
    ) -> Compiled {
        let name: Name = "<genexpr>".into();
        let qualname = self.qualname(UnitKind::Generator, &name);
        let mut unit = Unit::new(UnitKind::Generator, comprehension.scope, name, qualname);
        unit.first_line = self.lines.line(span.start);
        unit.argument_count = 1;
        let argument = unit.variables.place(&".0".into());
        self.units.push(unit);
        self.emit(Instruction::LoadFast(argument), first.iterable.span);
        self.emit(Instruction::GetIterator, first.iterable.span);
        self.generator_body(comprehension.scope, |compiler| {
            compiler.clauses(comprehension, &comprehension.clauses, 1)
        })?;
        let code = Constant::Code(self.finish_unit(None));
        self.make_function(code, comprehension.scope, Pushed::default(), span);
        // The iterable stands where the self of a method would.
        self.value(&first.iterable)?;
        self.emit(Instruction::Call(0), span);
        Ok(())
    }
}
