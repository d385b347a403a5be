//! What can be wrong with a program before it runs.

use std::fmt;

/// Where in a source a problem lies. Lines and columns count from 1, columns in characters, as
/// `SyntaxError` counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's name as the user gave it.
    pub file: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last character.
    pub end_column: u32,
    /// The text of the first line, without its end.
    pub text: String,
}

/// Why a source does not compile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The source is not Python: `SyntaxError`.
    #[error("{}", Report { place, kind: "SyntaxError", message })]
    Syntax {
        /// The message.
        message: String,
        /// Where.
        place: Box<Place>,
    },
    /// The indentation is wrong: `IndentationError`.
    #[error("{}", Report { place, kind: "IndentationError", message })]
    Indentation {
        /// The message.
        message: String,
        /// Where.
        place: Box<Place>,
    },
    /// Tabs and spaces are mixed: `TabError`.
    #[error("{}", Report { place, kind: "TabError", message })]
    Tab {
        /// The message.
        message: String,
        /// Where.
        place: Box<Place>,
    },
    /// The source is Python that the evaluator does not support.
    #[error("{feature} is not supported ({}, line {}, column {})", place.file, place.line, place.column)]
    Unsupported {
        /// The feature's name.
        feature: &'static str,
        /// Where.
        place: Box<Place>,
    },
    /// The source holds a NUL character: `SyntaxError` without a place.
    #[error("source code string cannot contain null bytes")]
    NullByte,
    /// Expressions nest too deeply: `RecursionError`.
    #[error("Stack overflow (used {used_kib} kB) during compilation")]
    Recursion {
        /// Native stack in use when compilation gave up, in KiB.
        used_kib: usize,
    },
    /// Too complex for a parser: `MemoryError`.
    #[error("Parser stack overflowed - Python source too complex to parse")]
    TooComplex,
    /// No thread for the compiler could be made: `MemoryError`.
    #[error("no memory for a stack of {stack_bytes} bytes to compile on")]
    NoStack {
        /// The size asked for.
        stack_bytes: usize,
    },
}

impl CompileError {
    /// Where the problem lies, if it lies in one place.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            CompileError::Syntax { place, .. }
            | CompileError::Indentation { place, .. }
            | CompileError::Tab { place, .. }
            | CompileError::Unsupported { place, .. } => Some(place),
            _ => None,
        }
    }

    /// The message without place and kind: `args[0]` of the exception.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            CompileError::Syntax { message, .. }
            | CompileError::Indentation { message, .. }
            | CompileError::Tab { message, .. } => message.clone(),
            CompileError::Unsupported { feature, .. } => format!("{feature} is not supported"),
            other => other.to_string(),
        }
    }
}

/// A report in the form that CPython prints for an uncaught `SyntaxError`.
struct Report<'a> {
    place: &'a Place,
    kind: &'a str,
    message: &'a str,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place;
        writeln!(out, "  File \"{}\", line {}", place.file, place.line)?;
        let text = place.text.trim_start();
        let indent = place.text.chars().count() - text.chars().count();
        let text = text.trim_end();
        if !text.is_empty() {
            writeln!(out, "    {text}")?;
            let length = text.chars().count();
            let start = (place.column as usize)
                .saturating_sub(1 + indent)
                .min(length);
            let end = if place.end_line > place.line {
                length
            } else {
                (place.end_column as usize).saturating_sub(1 + indent)
            };
            let width = end.max(start + 1) - start;
            writeln!(out, "    {}{}", " ".repeat(start), "^".repeat(width))?;
        }
        write!(out, "{}: {}", self.kind, self.message)
    }
}
