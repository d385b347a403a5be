//! The syntax tree: what of a parsed program the compiler needs, and nothing it does not support.
//!
//! Every node that opens a scope carries the number of its scope, so that the symbol tables need no
//! addresses of nodes. Lambdas, functions, classes and comprehensions are numbered in the order in
//! which they are lowered; number 0 is the module.

use crate::code::{Constant, Name};
use crate::instruction::{BinaryOperator, Comparison, Conversion, UnaryOperator};

/// A range of byte offsets in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    /// The span of code that belongs to no text.
    pub(crate) const NONE: Span = Span {
        start: u32::MAX,
        end: u32::MAX,
    };

    /// From the start of one span to the end of another.
    pub(crate) fn to(self, other: Span) -> Span {
        Span {
            start: self.start,
            end: other.end,
        }
    }
}

/// The number of a scope.
pub(crate) type ScopeId = u32;

pub(crate) struct Identifier {
    pub(crate) span: Span,
    pub(crate) name: Name,
}

pub(crate) struct Module {
    pub(crate) body: Body,
    pub(crate) annotations: Option<Annotations>,
    pub(crate) scope_count: u32,
}

pub(crate) enum Body {
    Statements(Vec<Statement>),
    Expression(Box<Expression>),
}

pub(crate) struct Statement {
    pub(crate) span: Span,
    pub(crate) kind: StatementKind,
}

pub(crate) enum StatementKind {
    Function(Box<FunctionDefinition>),
    Class(Box<ClassDefinition>),
    Return(Option<Expression>),
    Delete(Vec<Expression>),
    Assign {
        targets: Vec<Expression>,
        value: Expression,
    },
    AugmentedAssign {
        target: Expression,
        operator: BinaryOperator,
        value: Expression,
    },
    AnnotatedAssign {
        target: Expression,
        value: Option<Expression>,
        simple: bool,
        /// The place among the annotations, where the statement notes that it ran.
        noted: Option<u32>,
    },
    For {
        target: Expression,
        iterable: Expression,
        body: Vec<Statement>,
        otherwise: Vec<Statement>,
    },
    While {
        test: Expression,
        body: Vec<Statement>,
        otherwise: Vec<Statement>,
    },
    /// `if`, `elif`… and, without a test, `else`.
    If(Vec<(Option<Expression>, Vec<Statement>)>),
    With {
        items: Vec<WithItem>,
        body: Vec<Statement>,
    },
    Raise {
        exception: Option<Expression>,
        cause: Option<Expression>,
    },
    Try(Box<Try>),
    Assert {
        test: Expression,
        message: Option<Expression>,
    },
    Import(Vec<Alias>),
    ImportFrom {
        module: Option<Name>,
        /// Empty for `*`.
        names: Vec<Alias>,
        star: Option<Span>,
        level: u32,
    },
    Global(Vec<Name>),
    Nonlocal(Vec<Name>),
    Expression(Expression),
    Pass,
    Break,
    Continue,
}

pub(crate) struct FunctionDefinition {
    pub(crate) name: Identifier,
    pub(crate) decorators: Vec<Expression>,
    pub(crate) parameters: Parameters,
    pub(crate) annotations: Option<Annotations>,
    pub(crate) body: Vec<Statement>,
    pub(crate) scope: ScopeId,
}

/// What a function, class body or module annotates. The expressions have a scope of their own: they
/// are compiled to a function that makes the dict of annotations when somebody asks for it.
pub(crate) struct Annotations {
    pub(crate) scope: ScopeId,
    pub(crate) entries: Vec<Annotation>,
}

impl Annotations {
    /// Tells whether some of the statements may not have run.
    pub(crate) fn has_noted(&self) -> bool {
        self.entries.iter().any(|annotation| annotation.noted)
    }
}

pub(crate) struct Annotation {
    /// Of the statement, or of a function's whole definition.
    pub(crate) span: Span,
    pub(crate) name: Identifier,
    pub(crate) value: Expression,
    /// Whether the statement notes that it ran: it stands in a block, or in a module.
    pub(crate) noted: bool,
}

pub(crate) struct ClassDefinition {
    pub(crate) name: Identifier,
    pub(crate) decorators: Vec<Expression>,
    pub(crate) bases: Vec<Expression>,
    pub(crate) keywords: Vec<Keyword>,
    pub(crate) annotations: Option<Annotations>,
    pub(crate) body: Vec<Statement>,
    pub(crate) scope: ScopeId,
}

pub(crate) struct Try {
    pub(crate) body: Vec<Statement>,
    pub(crate) handlers: Vec<ExceptHandler>,
    pub(crate) otherwise: Vec<Statement>,
    pub(crate) finally: Vec<Statement>,
}

pub(crate) struct ExceptHandler {
    pub(crate) span: Span,
    pub(crate) kind: Option<Expression>,
    pub(crate) name: Option<Identifier>,
    pub(crate) body: Vec<Statement>,
}

pub(crate) struct WithItem {
    pub(crate) context: Expression,
    pub(crate) target: Option<Expression>,
}

pub(crate) struct Alias {
    pub(crate) span: Span,
    pub(crate) name: Name,
    pub(crate) alias: Option<Name>,
}

#[derive(Default)]
pub(crate) struct Parameters {
    pub(crate) positional_only: Vec<Parameter>,
    pub(crate) positional: Vec<Parameter>,
    pub(crate) var_positional: Option<Identifier>,
    pub(crate) keyword_only: Vec<Parameter>,
    pub(crate) var_keyword: Option<Identifier>,
}

impl Parameters {
    /// The parameters in the order of their slots.
    pub(crate) fn in_slot_order(&self) -> impl Iterator<Item = &Identifier> {
        (self.positional_only.iter())
            .chain(&self.positional)
            .chain(&self.keyword_only)
            .map(|parameter| &parameter.name)
            .chain(&self.var_positional)
            .chain(&self.var_keyword)
    }
}

pub(crate) struct Parameter {
    pub(crate) name: Identifier,
    pub(crate) default: Option<Expression>,
}

pub(crate) struct Keyword {
    pub(crate) span: Span,
    /// `None` for `**mapping`.
    pub(crate) name: Option<Name>,
    pub(crate) value: Expression,
}

pub(crate) struct Expression {
    pub(crate) span: Span,
    pub(crate) kind: ExpressionKind,
}

pub(crate) enum ExpressionKind {
    Constant(Constant),
    Name(Name),
    /// `and` when the flag is set, else `or`.
    Boolean(bool, Vec<Expression>),
    Named(Box<(Identifier, Expression)>),
    Binary(BinaryOperator, Box<(Expression, Expression)>),
    Unary(UnaryOperator, Box<Expression>),
    Not(Box<Expression>),
    Lambda(Box<Lambda>),
    Conditional(Box<Conditional>),
    Dict(Vec<(Option<Expression>, Expression)>),
    Set(Vec<Expression>),
    List(Vec<Expression>),
    Tuple(Vec<Expression>),
    Comprehension(Box<Comprehension>),
    Yield(Option<Box<Expression>>),
    YieldFrom(Box<Expression>),
    Compare(Box<Expression>, Vec<(CompareOperator, Expression)>),
    Call(Box<Call>),
    JoinedString(Vec<StringPart>),
    Attribute(Box<Expression>, Name),
    Subscript(Box<(Expression, Expression)>),
    Starred(Box<Expression>),
    Slice(Box<[Option<Expression>; 3]>),
}

pub(crate) struct Lambda {
    pub(crate) parameters: Parameters,
    pub(crate) body: Expression,
    pub(crate) scope: ScopeId,
}

pub(crate) struct Conditional {
    pub(crate) test: Expression,
    pub(crate) body: Expression,
    pub(crate) otherwise: Expression,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

pub(crate) struct Comprehension {
    pub(crate) kind: ComprehensionKind,
    /// The element, or the key of a dict comprehension.
    pub(crate) element: Expression,
    pub(crate) value: Option<Expression>,
    pub(crate) clauses: Vec<ForClause>,
    pub(crate) scope: ScopeId,
}

pub(crate) struct ForClause {
    pub(crate) target: Expression,
    pub(crate) iterable: Expression,
    pub(crate) conditions: Vec<Expression>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompareOperator {
    Rich(Comparison),
    Is,
    IsNot,
    In,
    NotIn,
}

pub(crate) struct Call {
    pub(crate) function: Expression,
    pub(crate) arguments: Vec<Expression>,
    pub(crate) keywords: Vec<Keyword>,
}

pub(crate) enum StringPart {
    Text(Span, String),
    Value {
        span: Span,
        value: Expression,
        conversion: Option<Conversion>,
        specification: Option<Vec<StringPart>>,
    },
}
