//! What the project's checks report: one line that names a file, a position and what is wrong.

use std::fmt;
use std::path::{Path, PathBuf};

/// One finding about a file, printed as `path:line: message`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the repository's root where it lies inside.
    pub path: PathBuf,
    /// The line, counted from 1; 0 where the finding is about the whole file.
    pub line: usize,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
}

impl Problem {
    /// Makes a finding about one line.
    pub fn new(path: impl AsRef<Path>, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.as_ref().to_path_buf(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        let (line, message) = (self.line, &self.message);
        if line == 0 {
            write!(f, "{path}: {message}")
        } else {
            write!(f, "{path}:{line}: {message}")
        }
    }
}

/// Why a command ended without success.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// What was asked for, or a file that it needs, is wrong: exit status 2.
    #[error("{}", lines(.0))]
    BadInput(Vec<Problem>),
    /// An argument is wrong, or a tool is missing: exit status 2.
    #[error("{0}")]
    Usage(String),
    /// The work ran and found failures: exit status 1.
    #[error("{0}")]
    Failed(String),
}

impl Stop {
    /// The process's exit status for this end.
    pub fn status(&self) -> u8 {
        match self {
            Stop::BadInput(_) | Stop::Usage(_) => 2,
            Stop::Failed(_) => 1,
        }
    }

    /// Wraps a failed access to a file.
    pub fn io(path: &Path, error: &std::io::Error) -> Self {
        Stop::Usage(format!("{}: {error}", path.display()))
    }
}

fn lines(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    lines.join("\n")
}
