//! The parser's complaints in CPython's words, where the two agree on what is wrong.

use ruff_python_ast::Expr;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{
    InterpolatedStringErrorType as StringProblem, LexicalErrorType as Lexical, ParseError,
    ParseErrorType as Problem, parse_expression,
};

use super::span;
use crate::error::CompileError;
use crate::lines::Lines;
use crate::tree::Span;

/// Turns the first error of the parser into a compile error. `open` is the innermost bracket that
/// is open at the end of the text.
pub(super) fn syntax_error(
    lines: &Lines<'_>,
    error: &ParseError,
    open: Option<(u8, Span)>,
) -> CompileError {
    let at = span(error.location);
    if let Some((bracket, bracket_span)) = open
        && bracket_span.start < at.end
    {
        return CompileError::Syntax {
            message: format!("'{}' was never closed", bracket as char),
            place: lines.place(bracket_span),
        };
    }
    let mut place = lines.place(at);
    if place.end_line > place.line && lines.text[at.start as usize..].starts_with('\n') {
        // The end of the line stands for one character.
        place.end_line = place.line;
        place.end_column = place.column + 1;
    }
    let indentation = |message: &str| CompileError::Indentation {
        message: message.to_owned(),
        place: place.clone(),
    };
    let message = match &error.error {
        Problem::UnexpectedIndentation => return indentation("unexpected indent"),
        Problem::Lexical(Lexical::IndentationError) => {
            return indentation("unindent does not match any outer indentation level");
        }
        Problem::OtherError(message) if message.starts_with("Expected an indented block") => {
            return indentation(&expected_block(lines, at, message));
        }
        Problem::OtherError(message) if message.contains("after `try` block") => {
            "expected 'except' or 'finally' block".to_owned()
        }
        Problem::OtherError(message) if message.starts_with("Expected ") => {
            "invalid syntax".to_owned()
        }
        Problem::ExpectedToken {
            expected: TokenKind::Colon,
            ..
        } => "expected ':'".to_owned(),
        Problem::ExpectedToken { .. }
        | Problem::ExpectedExpression
        | Problem::EmptySlice
        | Problem::UnexpectedExpressionToken
        | Problem::SimpleStatementsOnSameLine
        | Problem::SimpleAndCompoundStatementOnSameLine => "invalid syntax".to_owned(),
        Problem::EmptyImportNames => "Expected one or more names after 'import'".to_owned(),
        Problem::InvalidAssignmentTarget => assignment(lines, at),
        Problem::InvalidNamedAssignmentTarget => format!(
            "cannot use assignment expressions with {}",
            described(lines, at)
        ),
        Problem::InvalidDeleteTarget => format!("cannot delete {}", described(lines, at)),
        Problem::InvalidAugmentedAssignmentTarget => {
            let what = described(lines, at);
            format!("'{what}' is an illegal expression for augmented assignment")
        }
        Problem::InvalidStarredExpressionUsage => "can't use starred expression here".to_owned(),
        Problem::PositionalAfterKeywordArgument => {
            "positional argument follows keyword argument".to_owned()
        }
        Problem::PositionalAfterKeywordUnpacking => {
            "positional argument follows keyword argument unpacking".to_owned()
        }
        Problem::InvalidArgumentUnpackingOrder => {
            "iterable argument unpacking follows keyword argument unpacking".to_owned()
        }
        Problem::UnparenthesizedGeneratorExpression => {
            "Generator expression must be parenthesized".to_owned()
        }
        Problem::NonDefaultParamAfterDefaultParam => {
            "parameter without a default follows parameter with a default".to_owned()
        }
        Problem::ParamAfterVarKeywordParam => {
            "parameters cannot follow var-keyword parameter".to_owned()
        }
        Problem::ExpectedKeywordParam => "named parameters must follow bare *".to_owned(),
        Problem::InvalidYieldExpressionUsage => {
            "assignment to yield expression not possible".to_owned()
        }
        Problem::Lexical(Lexical::UnclosedStringError) => unterminated(lines, at),
        Problem::FStringError(StringProblem::UnclosedLbrace)
        | Problem::Lexical(Lexical::FStringError(StringProblem::UnclosedLbrace)) => {
            "f-string: expecting '}'".to_owned()
        }
        Problem::FStringError(StringProblem::SingleRbrace)
        | Problem::Lexical(Lexical::FStringError(StringProblem::SingleRbrace)) => {
            "f-string: single '}' is not allowed".to_owned()
        }
        Problem::FStringError(StringProblem::UnterminatedString)
        | Problem::Lexical(Lexical::FStringError(StringProblem::UnterminatedString)) => format!(
            "unterminated f-string literal (detected at line {})",
            lines.line(at.end)
        ),
        Problem::FStringError(StringProblem::UnterminatedTripleQuotedString)
        | Problem::Lexical(Lexical::FStringError(StringProblem::UnterminatedTripleQuotedString)) => {
            format!(
                "unterminated triple-quoted f-string literal (detected at line {})",
                lines.line(at.end)
            )
        }
        Problem::Lexical(Lexical::UnrecognizedToken { tok }) if !tok.is_ascii() => {
            format!("invalid character '{tok}' (U+{:04X})", u32::from(*tok))
        }
        Problem::Lexical(Lexical::UnrecognizedToken { .. }) => "invalid syntax".to_owned(),
        Problem::Lexical(Lexical::LineContinuationError) => {
            "unexpected character after line continuation character".to_owned()
        }
        other => lower_first(&other.to_string()),
    };
    CompileError::Syntax { message, place }
}

fn unterminated(lines: &Lines<'_>, at: Span) -> String {
    let text = &lines.text[at.start as usize..at.end as usize];
    let body = text.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let kind = if body.starts_with("'''") || body.starts_with("\"\"\"") {
        "unterminated triple-quoted string literal"
    } else {
        "unterminated string literal"
    };
    format!("{kind} (detected at line {})", lines.line(at.end))
}

/// The message for a target that cannot be assigned to. CPython asks about `==` when the wrong target
/// opens its statement.
fn assignment(lines: &Lines<'_>, at: Span) -> String {
    let what = described(lines, at);
    let position = lines.position(at);
    let text = lines.text_of(position.line);
    let opens = (text.get(..position.column as usize)).is_some_and(|text| text.trim().is_empty());
    let rest = lines.text[at.end as usize..].trim_start_matches([' ', ')']);
    let constant = matches!(what, "None" | "True" | "False" | "list" | "tuple");
    if opens && !constant && rest.starts_with('=') {
        format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?")
    } else {
        format!("cannot assign to {what}")
    }
}

/// The message for a missing block, which names the line of the statement.
fn expected_block(lines: &Lines<'_>, at: Span, message: &str) -> String {
    let message = lower_first(&message.replace('`', "'"));
    let keyword = match message.split('\'').nth(1) {
        Some(keyword) => keyword,
        None if message.contains("class") => "class",
        None if message.contains("function") => "def",
        None => "",
    };
    let header = (1..=lines.line(at.start)).rev().find(|line| {
        let text = lines.text_of(*line).trim_start();
        text.starts_with(keyword) && !text.is_empty()
    });
    let message = message.replace("'class' definition", "class definition");
    match header {
        Some(line) => format!("{message} on line {line}"),
        None => message,
    }
}

/// Names the kind of expression that was found where a target should be.
fn described(lines: &Lines<'_>, at: Span) -> &'static str {
    let text = &lines.text[at.start as usize..at.end as usize];
    let Ok(parsed) = parse_expression(text) else {
        return if text.starts_with('*') {
            "starred"
        } else {
            "expression"
        };
    };
    match parsed.expr() {
        Expr::Attribute(_) => "attribute",
        Expr::Subscript(_) => "subscript",
        Expr::Starred(_) => "starred",
        Expr::Name(_) => "name",
        Expr::List(_) => "list",
        Expr::Tuple(_) => "tuple",
        Expr::Lambda(_) => "lambda",
        Expr::Call(_) => "function call",
        Expr::Generator(_) => "generator expression",
        Expr::Yield(_) | Expr::YieldFrom(_) => "yield expression",
        Expr::Await(_) => "await expression",
        Expr::ListComp(_) => "list comprehension",
        Expr::SetComp(_) => "set comprehension",
        Expr::DictComp(_) => "dict comprehension",
        Expr::Dict(_) => "dict literal",
        Expr::Set(_) => "set display",
        Expr::FString(_) => "f-string expression",
        Expr::TString(_) => "t-string expression",
        Expr::NoneLiteral(_) => "None",
        Expr::BooleanLiteral(literal) if literal.value => "True",
        Expr::BooleanLiteral(_) => "False",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_) => "literal",
        Expr::Compare(_) => "comparison",
        Expr::If(_) => "conditional expression",
        Expr::Named(_) => "named expression",
        _ => "expression",
    }
}

fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
