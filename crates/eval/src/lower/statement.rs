//! Statements.

use ruff_python_ast::{self as ast, Stmt};
use ruff_text_size::Ranged;

use super::annotations::BodyKind;
use super::expression::operator;
use super::{Lowered, Lowerer, span};
use crate::tree::{
    Alias, ClassDefinition, ExceptHandler, Expression, FunctionDefinition, Keyword, Statement,
    StatementKind, Try, WithItem,
};

impl Lowerer<'_> {
    pub(super) fn statements(&mut self, statements: &[Stmt]) -> Lowered<Vec<Statement>> {
        let mut lowered = Vec::with_capacity(statements.len());
        for statement in statements {
            lowered.push(self.deeper(0, |lowerer| lowerer.statement(statement))?);
        }
        Ok(lowered)
    }

    fn statement(&mut self, statement: &Stmt) -> Lowered<Statement> {
        let mut whole = span(statement.range());
        let kind = match statement {
            Stmt::FunctionDef(function) => {
                whole.start = self.behind_decorators(whole.start, &function.decorator_list);
                self.function(function)?
            }
            Stmt::ClassDef(class) => {
                whole.start = self.behind_decorators(whole.start, &class.decorator_list);
                self.class(class)?
            }
            Stmt::Return(return_) => {
                StatementKind::Return(self.optional(return_.value.as_deref())?)
            }
            Stmt::Delete(delete) => StatementKind::Delete(self.expressions(&delete.targets)?),
            Stmt::TypeAlias(alias) => return self.unsupported(alias.range, "type alias"),
            Stmt::Assign(assign) => StatementKind::Assign {
                targets: self.expressions(&assign.targets)?,
                value: self.expression(&assign.value)?,
            },
            Stmt::AugAssign(assign) => StatementKind::AugmentedAssign {
                target: self.expression(&assign.target)?,
                operator: operator(assign.op),
                value: self.expression(&assign.value)?,
            },
            Stmt::AnnAssign(assign) => self.annotated_assign(assign)?,
            Stmt::For(for_) => {
                if for_.is_async {
                    return self.unsupported(for_.range, "async for");
                }
                StatementKind::For {
                    target: self.expression(&for_.target)?,
                    iterable: self.expression(&for_.iter)?,
                    body: self.block(&for_.body)?,
                    otherwise: self.block(&for_.orelse)?,
                }
            }
            Stmt::While(while_) => StatementKind::While {
                test: self.expression(&while_.test)?,
                body: self.block(&while_.body)?,
                otherwise: self.block(&while_.orelse)?,
            },
            Stmt::If(if_) => {
                let test = self.expression(&if_.test)?;
                let mut branches = vec![(Some(test), self.block(&if_.body)?)];
                for clause in &if_.elif_else_clauses {
                    let test = self.optional(clause.test.as_ref())?;
                    branches.push((test, self.block(&clause.body)?));
                }
                StatementKind::If(branches)
            }
            Stmt::With(with) => {
                if with.is_async {
                    return self.unsupported(with.range, "async with");
                }
                let mut items = Vec::with_capacity(with.items.len());
                for item in &with.items {
                    items.push(WithItem {
                        context: self.expression(&item.context_expr)?,
                        target: self.optional(item.optional_vars.as_deref())?,
                    });
                }
                StatementKind::With {
                    items,
                    body: self.block(&with.body)?,
                }
            }
            Stmt::Match(match_) => return self.unsupported(match_.range, "match statement"),
            Stmt::Raise(raise) => StatementKind::Raise {
                exception: self.optional(raise.exc.as_deref())?,
                cause: self.optional(raise.cause.as_deref())?,
            },
            Stmt::Try(try_) => self.try_(try_)?,
            Stmt::Assert(assert) => StatementKind::Assert {
                test: self.expression(&assert.test)?,
                message: self.optional(assert.msg.as_deref())?,
            },
            Stmt::Import(import) => {
                if import.is_lazy {
                    return self.unsupported(import.range, "lazy import");
                }
                StatementKind::Import(self.aliases(&import.names))
            }
            Stmt::ImportFrom(import) => self.import_from(import)?,
            Stmt::Global(global) => StatementKind::Global(self.names(&global.names)),
            Stmt::Nonlocal(nonlocal) => StatementKind::Nonlocal(self.names(&nonlocal.names)),
            Stmt::Expr(expression) => {
                StatementKind::Expression(self.expression(&expression.value)?)
            }
            Stmt::Pass(_) => StatementKind::Pass,
            Stmt::Break(_) => StatementKind::Break,
            Stmt::Continue(_) => StatementKind::Continue,
            Stmt::IpyEscapeCommand(command) => {
                return self.syntax_error(command.range, "invalid syntax");
            }
        };
        Ok(Statement { span: whole, kind })
    }

    fn function(&mut self, function: &ast::StmtFunctionDef) -> Lowered<StatementKind> {
        if function.is_async {
            return self.unsupported(function.range, "async function");
        }
        if let Some(parameters) = &function.type_params {
            return self.unsupported(parameters.range, "type parameter list");
        }
        let scope = self.scope();
        let decorators = self.decorators(&function.decorator_list)?;
        let parameters = self.parameters(&function.parameters)?;
        let annotations = self.function_annotations(function)?;
        self.open_body(BodyKind::Function);
        let body = self.statements(&function.body)?;
        self.close_body();
        Ok(StatementKind::Function(Box::new(FunctionDefinition {
            name: self.identifier(&function.name),
            decorators,
            parameters,
            annotations,
            body,
            scope,
        })))
    }

    fn class(&mut self, class: &ast::StmtClassDef) -> Lowered<StatementKind> {
        if let Some(parameters) = &class.type_params {
            return self.unsupported(parameters.range, "type parameter list");
        }
        let scope = self.scope();
        let decorators = self.decorators(&class.decorator_list)?;
        let (bases, keywords): (Vec<Expression>, Vec<Keyword>) = match &class.arguments {
            Some(arguments) => (
                self.expressions(&arguments.args)?,
                self.keywords(&arguments.keywords)?,
            ),
            None => (Vec::new(), Vec::new()),
        };
        self.open_body(BodyKind::Class);
        let body = self.statements(&class.body)?;
        let annotations = self.close_body();
        Ok(StatementKind::Class(Box::new(ClassDefinition {
            name: self.identifier(&class.name),
            decorators,
            bases,
            keywords,
            annotations,
            body,
            scope,
        })))
    }

    fn decorators(&mut self, decorators: &[ast::Decorator]) -> Lowered<Vec<Expression>> {
        let mut lowered = Vec::with_capacity(decorators.len());
        for decorator in decorators {
            lowered.push(self.expression(&decorator.expression)?);
        }
        Ok(lowered)
    }

    /// The offset of `def` or `class`: the parser's range begins with the decorators.
    fn behind_decorators(&self, start: u32, decorators: &[ast::Decorator]) -> u32 {
        let Some(last) = decorators.last() else {
            return start;
        };
        let bytes = self.lines.text.as_bytes();
        let mut at = usize::from(last.range().end());
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'#' => {
                    while bytes.get(at).is_some_and(|byte| *byte != b'\n') {
                        at += 1;
                    }
                }
                b' ' | b'\t' | b'\n' | b'\x0c' | b'\\' | b')' => at += 1,
                _ => break,
            }
        }
        at as u32
    }

    fn try_(&mut self, try_: &ast::StmtTry) -> Lowered<StatementKind> {
        if try_.is_star {
            return self.unsupported(try_.range, "except* clause");
        }
        let body = self.block(&try_.body)?;
        let mut handlers = Vec::with_capacity(try_.handlers.len());
        for (index, handler) in try_.handlers.iter().enumerate() {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            if handler.type_.is_none() && index + 1 < try_.handlers.len() {
                return self.syntax_error(handler.range, "default 'except:' must be last");
            }
            handlers.push(ExceptHandler {
                span: span(handler.range),
                kind: self.optional(handler.type_.as_deref())?,
                name: handler.name.as_ref().map(|name| self.identifier(name)),
                body: self.block(&handler.body)?,
            });
        }
        Ok(StatementKind::Try(Box::new(Try {
            body,
            handlers,
            otherwise: self.block(&try_.orelse)?,
            finally: self.block(&try_.finalbody)?,
        })))
    }

    fn import_from(&mut self, import: &ast::StmtImportFrom) -> Lowered<StatementKind> {
        if import.is_lazy {
            return self.unsupported(import.range, "lazy import");
        }
        let star = (import.names.iter())
            .find(|alias| &*alias.name.id == "*")
            .map(|alias| span(alias.range));
        Ok(StatementKind::ImportFrom {
            module: import.module.as_ref().map(|module| self.name(&module.id)),
            names: match star {
                Some(_) => Vec::new(),
                None => self.aliases(&import.names),
            },
            star,
            level: import.level,
        })
    }

    fn aliases(&mut self, aliases: &[ast::Alias]) -> Vec<Alias> {
        let lower = |alias: &ast::Alias| Alias {
            span: span(alias.range),
            name: self.name(&alias.name.id),
            alias: (alias.asname.as_ref()).map(|name| self.name(&name.id)),
        };
        aliases.iter().map(lower).collect()
    }

    fn names(&mut self, names: &[ast::Identifier]) -> Vec<crate::code::Name> {
        names.iter().map(|name| self.name(&name.id)).collect()
    }
}
