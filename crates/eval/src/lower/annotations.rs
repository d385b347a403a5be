//! Annotations, which are gathered for the body that they stand in.

use ruff_python_ast as ast;

use super::{Lowered, Lowerer, span};
use crate::tree::{
    Annotation, Annotations, ExpressionKind, Identifier, Span, Statement, StatementKind,
};

/// What kind of body statements stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyKind {
    Module,
    Class,
    Function,
}

/// A body being lowered.
pub(super) struct OpenBody {
    kind: BodyKind,
    /// Blocks within the body around the current statement.
    blocks: u32,
    annotations: Option<Annotations>,
}

impl Lowerer<'_> {
    pub(super) fn open_body(&mut self, kind: BodyKind) {
        self.bodies.push(OpenBody {
            kind,
            blocks: 0,
            annotations: None,
        });
    }

    /// Gives what the innermost body annotates.
    pub(super) fn close_body(&mut self) -> Option<Annotations> {
        self.bodies.pop().and_then(|body| body.annotations)
    }

    /// The statements of a block within a body, which may not run.
    pub(super) fn block(&mut self, statements: &[ast::Stmt]) -> Lowered<Vec<Statement>> {
        let count = |lowerer: &mut Self, change: i32| {
            if let Some(body) = lowerer.bodies.last_mut() {
                body.blocks = body.blocks.saturating_add_signed(change);
            }
        };
        count(self, 1);
        let lowered = self.statements(statements);
        count(self, -1);
        lowered
    }

    pub(super) fn annotated_assign(
        &mut self,
        assign: &ast::StmtAnnAssign,
    ) -> Lowered<StatementKind> {
        let target = self.expression(&assign.target)?;
        let value = self.optional(assign.value.as_deref())?;
        let (kind, blocks) = match self.bodies.last() {
            Some(body) => (body.kind, body.blocks),
            None => (BodyKind::Function, 0),
        };
        let mut place = None;
        if let ExpressionKind::Name(name) = &target.kind
            && assign.simple
            && kind != BodyKind::Function
        {
            let noted = kind == BodyKind::Module || blocks > 0;
            let annotation = Annotation {
                span: span(assign.range),
                name: Identifier {
                    span: target.span,
                    name: name.clone(),
                },
                value: self.expression(&assign.annotation)?,
                noted,
            };
            let scope = match self.bodies.last() {
                Some(body) if body.annotations.is_some() => 0,
                _ => self.scope(),
            };
            if let Some(body) = self.bodies.last_mut() {
                let annotations = body.annotations.get_or_insert(Annotations {
                    scope,
                    entries: Vec::new(),
                });
                place = noted.then_some(annotations.entries.len() as u32);
                annotations.entries.push(annotation);
            }
        }
        Ok(StatementKind::AnnotatedAssign {
            target,
            value,
            simple: assign.simple,
            noted: place,
        })
    }

    /// The annotations of a function's parameters and of its result, in the order of their dict.
    pub(super) fn function_annotations(
        &mut self,
        function: &ast::StmtFunctionDef,
    ) -> Lowered<Option<Annotations>> {
        let parameters = &*function.parameters;
        let named = (parameters.posonlyargs.iter())
            .chain(&parameters.args)
            .map(|parameter| &parameter.parameter)
            .chain(parameters.vararg.as_deref())
            .chain(
                parameters
                    .kwonlyargs
                    .iter()
                    .map(|parameter| &parameter.parameter),
            )
            .chain(parameters.kwarg.as_deref());
        let mut entries = Vec::new();
        for parameter in named {
            if let Some(annotation) = &parameter.annotation {
                entries.push(Annotation {
                    span: span(function.range),
                    name: self.identifier(&parameter.name),
                    value: self.expression(annotation)?,
                    noted: false,
                });
            }
        }
        if let Some(result) = &function.returns {
            entries.push(Annotation {
                span: span(function.range),
                name: Identifier {
                    span: Span::NONE,
                    name: self.name("return"),
                },
                value: self.expression(result)?,
                noted: false,
            });
        }
        if entries.is_empty() {
            return Ok(None);
        }
        let scope = self.scope();
        Ok(Some(Annotations { scope, entries }))
    }
}
