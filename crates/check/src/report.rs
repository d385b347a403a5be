//! The result of checking files, and the formats that it is written in.

pub mod html;
pub mod json;
pub mod sarif;
pub mod text;

use std::path::PathBuf;

use crate::check::check;
use crate::finding::Finding;
use crate::source::{Problem, Source};
use crate::unit::Reader;

/// What was found in one file.
#[derive(Clone, Debug, Default)]
pub struct FileReport {
    /// The file, as it was named.
    pub path: PathBuf,
    /// Its lines.
    pub lines: usize,
    /// What is in the way, in the order of the text.
    pub findings: Vec<Finding>,
    /// What was wrong with the file.
    pub problems: Vec<Problem>,
}

impl FileReport {
    /// Reads a file and checks it.
    pub fn of_file(path: &std::path::Path, reader: &Reader) -> Self {
        match Source::read(path) {
            Ok(source) => Self::of_source(source, reader),
            Err(problem) => Self::unread(path.to_owned(), problem),
        }
    }

    /// Checks a source.
    pub fn of_source(source: Source, reader: &Reader) -> Self {
        let path = source.path().to_owned();
        let lines = source.line_count();
        match reader.open(source) {
            Ok(unit) => Self {
                findings: check(&unit, reader),
                problems: unit.problems,
                path,
                lines,
            },
            Err(problem) => Self {
                lines,
                ..Self::unread(path, problem)
            },
        }
    }

    /// A file that was not read.
    pub fn unread(path: PathBuf, problem: Problem) -> Self {
        Self {
            path,
            problems: vec![problem],
            ..Self::default()
        }
    }

    /// Tells whether the file was read.
    pub fn was_read(&self) -> bool {
        self.problems.iter().all(Problem::is_readable)
    }
}
