//! What can go wrong before a program runs, and after.

use std::path::PathBuf;

use mortice::runtime::RuntimeError;
use mortice_eval::source::SourceError;
use mortice_profile::chart::ChartError;
use mortice_profile::score::ScoreError;
use mortice_profile::{RecordError, TraceError};

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The program's file is not a source text.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The runtime did not start.
    #[error("cannot start: {0}")]
    Start(#[from] RuntimeError),
    /// The environment names no allocator.
    #[error("MORTICE_MALLOC: {0}")]
    Allocator(#[from] mortice_mem::UnknownChoice),
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
    /// The file is not a trace.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// The program's allocations cannot be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The trace cannot be replayed.
    #[error("{}: {error}", path.display())]
    Score {
        /// The trace.
        path: PathBuf,
        /// What is missing.
        error: ScoreError,
    },
    /// A picture cannot be drawn.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// A file cannot be written.
    #[error("cannot write {}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A path leads nowhere.
    #[error("{}: {problem}", path.display())]
    Path {
        /// The path.
        path: PathBuf,
        /// What is wrong with it.
        problem: mortice_check::source::Problem,
    },
    /// The folders that were named hold no source.
    #[error("no C or C++ source there")]
    NoSource,
    /// Standard output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(std::io::Error),
}
