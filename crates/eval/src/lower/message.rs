//! The parser's complaints in CPython's words, where the two agree on what is wrong.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{
    InterpolatedStringErrorType as StringProblem, LexicalErrorType as Lexical, ParseError,
    ParseErrorType as Problem,
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
    let place = lines.place(at);
    let indentation = |message: &str| CompileError::Indentation {
        message: message.to_owned(),
        place: place.clone(),
    };
    let message = match &error.error {
        Problem::UnexpectedIndentation => return indentation("unexpected indent"),
        Problem::Lexical(Lexical::IndentationError) => {
            return indentation("unindent does not match any outer indentation level");
        }
        Problem::ExpectedToken {
            expected: TokenKind::Indent,
            ..
        } => return indentation("expected an indented block"),
        Problem::OtherError(message) if message.starts_with("Expected an indented block") => {
            return indentation(&lower_first(message));
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
        Problem::InvalidAssignmentTarget | Problem::InvalidNamedAssignmentTarget => {
            format!("cannot assign to {} here", described(lines, at))
        }
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

/// Names the kind of a wrong target from its text; only what can be told without a parser.
fn described(lines: &Lines<'_>, at: Span) -> &'static str {
    let text = &lines.text[at.start as usize..at.end as usize];
    let first = text.chars().next().unwrap_or(' ');
    match text {
        "None" => "None",
        "True" => "True",
        "False" => "False",
        "..." => "ellipsis",
        _ if first.is_ascii_digit() && text.chars().all(|c| c.is_ascii_alphanumeric()) => "literal",
        _ if text.starts_with("lambda") => "lambda",
        _ if text.ends_with(')') && (first.is_alphabetic() || first == '_') => "function call",
        _ if first == '(' && text.ends_with(')') => "tuple",
        _ if first == '[' && text.ends_with(']') => "list",
        _ if first == '*' => "starred",
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
