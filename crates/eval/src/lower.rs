//! From text to tree: the only module that knows the parser.
//!
//! The parser's tree is turned into [`crate::tree`], and everything the evaluator does not support is
//! refused here by name, so that a program is refused before any of it runs. Annotations are set apart
//! from the statements that make them, for they are evaluated when somebody asks; those of a
//! function's own variables are dropped, since nobody can ask for them.
//!
//! **Depth.** The parser grows its own stack. Lowering counts two depths and gives up where CPython
//! gives up: constructs for which CPython's parser recurses (`not not …`, `lambda: lambda: …`) against
//! the depth of that parser, all others (`1 + 1 + …`, `x.a.a…`) against the native stack that the
//! later passes need.

mod annotations;
mod expression;
mod message;
mod nesting;
mod statement;
mod string;

use std::collections::HashSet;

use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode as ParserMode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};

use crate::code::Name;
use crate::error::CompileError;
use crate::lines::Lines;
use crate::stack::{DEPTH_LIMIT, StackMark};
use crate::tree::{Body, Identifier, Module, ScopeId, Span};
use nesting::Nesting;

/// The depth at which CPython's parser gives up.
const PARSER_DEPTH_LIMIT: u32 = 6_000;

/// What a source is compiled as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A sequence of statements.
    Exec,
    /// One expression, whose value the code returns.
    Eval,
}

type Lowered<T> = Result<T, CompileError>;

/// Parses a text whose lines end in `\n` and lowers it.
pub(crate) fn parse(lines: &Lines<'_>, mode: Mode, stack: StackMark) -> Lowered<Module> {
    let error = |span, message: &str| {
        Err(CompileError::Syntax {
            message: message.to_owned(),
            place: lines.place(span),
        })
    };
    let open = match nesting::scan(lines.text) {
        Nesting::Open(open) => open,
        Nesting::Brackets(span) => return error(span, "too many nested parentheses"),
        Nesting::Indents(span) => {
            return Err(CompileError::Indentation {
                message: "too many levels of indentation".to_owned(),
                place: lines.place(span),
            });
        }
        Nesting::Unmatched { close, open, span } => {
            let close = close as char;
            return match open {
                None => error(span, &format!("unmatched '{close}'")),
                Some(open) => {
                    let open = open as char;
                    let message = format!(
                        "closing parenthesis '{close}' does not match opening parenthesis '{open}'"
                    );
                    error(span, &message)
                }
            };
        }
    };
    let parser_mode = match mode {
        Mode::Exec => ParserMode::Module,
        Mode::Eval => ParserMode::Expression,
    };
    let options = ParseOptions::from(parser_mode).with_target_version(PythonVersion::PY315);
    // `eval` ignores leading blanks, which the parser would take for indentation.
    let parsed = parse_unchecked(lines.text, options);
    if let Some(first) = parsed
        .errors()
        .iter()
        .min_by_key(|error| error.location.start())
    {
        return Err(message::syntax_error(lines, first, open));
    }
    if let Some(first) = parsed.unsupported_syntax_errors().first() {
        return error(span(first.range()), &first.to_string());
    }
    let mut lowerer = Lowerer {
        lines,
        names: HashSet::new(),
        scope_count: 1,
        depth: 0,
        parser_depth: 0,
        stack,
        bodies: Vec::new(),
    };
    lowerer.open_body(annotations::BodyKind::Module);
    let body = match parsed.into_syntax() {
        ruff_python_ast::Mod::Module(module) => Body::Statements(lowerer.statements(&module.body)?),
        ruff_python_ast::Mod::Expression(expression) => {
            Body::Expression(Box::new(lowerer.expression(&expression.body)?))
        }
    };
    let annotations = lowerer.close_body();
    Ok(Module {
        body,
        annotations,
        scope_count: lowerer.scope_count,
    })
}

fn span(range: TextRange) -> Span {
    Span {
        start: range.start().into(),
        end: range.end().into(),
    }
}

struct Lowerer<'l> {
    lines: &'l Lines<'l>,
    names: HashSet<Name>,
    scope_count: u32,
    depth: u32,
    parser_depth: u32,
    stack: StackMark,
    /// The bodies around, the innermost last, with what they annotate.
    bodies: Vec<annotations::OpenBody>,
}

impl Lowerer<'_> {
    fn name(&mut self, text: &str) -> Name {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name: Name = text.into();
        self.names.insert(name.clone());
        name
    }

    fn identifier(&mut self, identifier: &ruff_python_ast::Identifier) -> Identifier {
        Identifier {
            span: span(identifier.range),
            name: self.name(&identifier.id),
        }
    }

    fn scope(&mut self) -> ScopeId {
        self.scope_count += 1;
        self.scope_count - 1
    }

    fn unsupported<T>(&self, range: TextRange, feature: &'static str) -> Lowered<T> {
        Err(CompileError::Unsupported {
            feature,
            place: self.lines.place(span(range)),
        })
    }

    fn syntax_error<T>(&self, range: TextRange, message: impl Into<String>) -> Lowered<T> {
        Err(CompileError::Syntax {
            message: message.into(),
            place: self.lines.place(span(range)),
        })
    }

    /// Runs a lowering one level deeper, which costs CPython's parser `weight` levels.
    fn deeper<T>(
        &mut self,
        weight: u32,
        lower: impl FnOnce(&mut Self) -> Lowered<T>,
    ) -> Lowered<T> {
        if self.parser_depth + weight > PARSER_DEPTH_LIMIT {
            return Err(CompileError::TooComplex);
        }
        if self.depth >= DEPTH_LIMIT {
            let used_kib = self.stack.used_kib();
            return Err(CompileError::Recursion { used_kib });
        }
        self.depth += 1;
        self.parser_depth += weight;
        let lowered = lower(self);
        self.depth -= 1;
        self.parser_depth -= weight;
        lowered
    }
}
