//! What can go wrong before a program runs.

use mortice::runtime::RuntimeError;
use mortice_eval::source::SourceError;

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The program's file is not a source text.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The runtime did not start.
    #[error("cannot start: {0}")]
    Start(#[from] RuntimeError),
    /// The thread did not start.
    #[error("cannot start a thread with a stack of {stack_bytes} bytes: {error}")]
    Thread {
        /// The stack that was asked for.
        stack_bytes: usize,
        /// What the system says.
        error: std::io::Error,
    },
    /// The program's thread panicked.
    #[error("internal error: {0}")]
    Panic(String),
    /// Requests or answers cannot be read or written.
    #[error("cannot exchange requests: {0}")]
    Exchange(std::io::Error),
}
