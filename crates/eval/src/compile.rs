//! From tree to bytecode.
//!
//! One [`unit::Unit`] is open for each code object being made, innermost last. The code generated for
//! a construct, the blocks it keeps and what lies on the stack at each point follow CPython 3.15
//! instruction by instruction where the order of evaluation or of dropping values can be seen.

mod annotations;
mod assign;
mod block;
mod call;
mod class;
mod comprehension;
mod expression;
mod function;
mod jump;
mod names;
mod statement;
mod string;
mod try_;
mod unit;

use std::sync::Arc;

use crate::code::{Code, Constant, Flags, Name};
use crate::error::CompileError;
use crate::instruction::Instruction;
use crate::lines::Lines;
use crate::symbols::SymbolTable;
use crate::tree::{Body, Expression, ExpressionKind, Module, Span, Statement, StatementKind};
use unit::{Unit, UnitKind};

type Compiled = Result<(), CompileError>;

/// Compiles a module, given its symbol tables.
pub(crate) fn compile<'c>(
    lines: &'c Lines<'c>,
    module: &'c Module,
    table: &'c SymbolTable,
) -> Result<Arc<Code>, CompileError> {
    let mut compiler = Compiler {
        lines,
        table,
        filename: lines.file.into(),
        units: Vec::new(),
    };
    let module_unit = Unit::new(UnitKind::Module, 0, "<module>".into(), "<module>".into());
    compiler.units.push(module_unit);
    compiler.unit().first_line = 1;
    match &module.body {
        Body::Statements(statements) => {
            compiler.future_imports(statements)?;
            let rest = match docstring(statements) {
                Some((text, span)) => {
                    compiler.constant(Constant::Str(clean_docstring(text)), span);
                    compiler.store_plain("__doc__", span);
                    &statements[1..]
                }
                None => statements,
            };
            let first = statements.first().map_or(Span::NONE, |first| first.span);
            compiler.module_annotations(module.annotations.as_ref(), first)?;
            compiler.statements(rest)?;
            compiler.constant(Constant::None, Span::NONE);
        }
        Body::Expression(expression) => compiler.value(expression)?,
    }
    compiler.emit(Instruction::Return, Span::NONE);
    Ok(compiler.finish_unit(None))
}

struct Compiler<'c> {
    lines: &'c Lines<'c>,
    table: &'c SymbolTable,
    filename: Name,
    units: Vec<Unit<'c>>,
}

impl<'c> Compiler<'c> {
    fn unit(&mut self) -> &mut Unit<'c> {
        self.units
            .last_mut()
            .expect("a unit is open while compiling")
    }

    fn emit(&mut self, instruction: Instruction, span: Span) {
        self.unit().emit(instruction, span);
    }

    /// Pushes a constant. What cannot be reached leaves none behind.
    fn constant(&mut self, constant: Constant, span: Span) {
        if !self.unit().is_reachable() {
            return;
        }
        let index = self.unit().constant(constant);
        self.emit(Instruction::LoadConstant(index), span);
    }

    fn error<T>(&self, span: Span, message: impl Into<String>) -> Result<T, CompileError> {
        Err(CompileError::Syntax {
            message: message.into(),
            place: self.lines.place(span),
        })
    }

    /// Closes the innermost unit.
    fn finish_unit(&mut self, docstring: Option<Name>) -> Arc<Code> {
        let unit = self
            .units
            .pop()
            .expect("the unit that was opened is still open");
        let mut flags = Flags::default();
        if self.table.scope(unit.scope).is_function_like() {
            flags.insert(Flags::OPTIMIZED);
            flags.insert(Flags::NEW_LOCALS);
            if self.table.scope(unit.scope).is_generator {
                flags.insert(Flags::GENERATOR);
            }
            if self
                .units
                .iter()
                .any(|unit| self.table.scope(unit.scope).is_function_like())
            {
                flags.insert(Flags::NESTED);
            }
            if matches!(unit.kind, UnitKind::Function | UnitKind::Lambda)
                && self
                    .units
                    .last()
                    .is_some_and(|unit| unit.kind == UnitKind::Class)
            {
                flags.insert(Flags::METHOD);
            }
        }
        if docstring.is_some() {
            flags.insert(Flags::HAS_DOCSTRING);
        }
        let scope = self.table.scope(unit.scope);
        let code = unit.assemble(self.lines, scope, &self.filename, flags, docstring);
        Arc::new(code)
    }

    /// Checks `from __future__` statements, which must come first.
    fn future_imports(&self, statements: &[Statement]) -> Compiled {
        const FEATURES: [&str; 10] = [
            "nested_scopes",
            "generators",
            "division",
            "absolute_import",
            "with_statement",
            "print_function",
            "unicode_literals",
            "barry_as_FLUFL",
            "generator_stop",
            "annotations",
        ];
        let mut at_start = true;
        for (index, statement) in statements.iter().enumerate() {
            let is_future = matches!(
                &statement.kind,
                StatementKind::ImportFrom { module: Some(module), level: 0, .. }
                    if &**module == "__future__"
            );
            if !is_future {
                at_start &= index == 0 && docstring(statements).is_some();
                continue;
            }
            if !at_start {
                let message = "from __future__ imports must occur at the beginning of the file";
                return self.error(statement.span, message);
            }
            if let StatementKind::ImportFrom { names, .. } = &statement.kind {
                for alias in names {
                    if !FEATURES.contains(&&*alias.name) {
                        let message = format!("future feature {} is not defined", alias.name);
                        return self.error(alias.span, message);
                    }
                }
            }
        }
        Ok(())
    }
}

/// The docstring at the head of a body.
fn docstring(statements: &[Statement]) -> Option<(&str, Span)> {
    match &statements.first()?.kind {
        StatementKind::Expression(Expression {
            kind: ExpressionKind::Constant(Constant::Str(text)),
            span,
        }) => Some((text, *span)),
        _ => None,
    }
}

/// Removes the common indentation of a docstring's lines, as CPython does since 3.13.
fn clean_docstring(text: &str) -> Name {
    let text = expand_tabs(text);
    let margin = (text.split('\n').skip(1))
        .filter(|line| !line.trim_start_matches(' ').is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let mut lines = text.split('\n');
    let mut cleaned = lines
        .next()
        .unwrap_or("")
        .trim_start_matches(' ')
        .to_owned();
    for line in lines {
        cleaned.push('\n');
        let indent = line.len() - line.trim_start_matches(' ').len();
        cleaned.push_str(&line[indent.min(margin)..]);
    }
    cleaned.into()
}

fn expand_tabs(text: &str) -> String {
    let mut expanded = String::with_capacity(text.len());
    let mut column = 0;
    for letter in text.chars() {
        match letter {
            '\t' => {
                let width = 8 - column % 8;
                expanded.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            '\n' | '\r' => {
                expanded.push(letter);
                column = 0;
            }
            _ => {
                expanded.push(letter);
                column += 1;
            }
        }
    }
    expanded
}
