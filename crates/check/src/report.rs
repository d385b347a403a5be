//! The result of checking files, and the formats that it is written in.

pub mod html;
pub mod json;
pub mod sarif;
pub mod text;

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::check::{Elsewhere, arrange, check_all};
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
    fn of_file(path: &Path, reader: &Reader, elsewhere: &mut Vec<Elsewhere>) -> Self {
        match Source::read(path) {
            Ok(source) => Self::of_source(source, reader, elsewhere),
            Err(problem) => Self::unread(path.to_owned(), problem),
        }
    }

    /// Checks a source. What lies in macros of other files is added to `elsewhere`.
    pub fn of_source(source: Source, reader: &Reader, elsewhere: &mut Vec<Elsewhere>) -> Self {
        let path = source.path().to_owned();
        let lines = source.line_count();
        match reader.open(source) {
            Ok(unit) => {
                let (findings, other) = check_all(&unit, reader);
                elsewhere.extend(other);
                Self {
                    findings,
                    problems: unit.problems,
                    path,
                    lines,
                }
            }
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

/// Checks files, and gives the reports in their order; `done` is called after each file.
///
/// Headers come last, so that what the sources that include them declare is known.
pub fn check_files(paths: &[PathBuf], reader: &Reader, mut done: impl FnMut()) -> Vec<FileReport> {
    let mut order: Vec<usize> = (0..paths.len()).collect();
    order.sort_by_key(|&at| is_header(&paths[at]));
    let mut reports = vec![FileReport::default(); paths.len()];
    let mut elsewhere = Vec::new();
    for at in order {
        reports[at] = FileReport::of_file(&paths[at], reader, &mut elsewhere);
        done();
    }
    place(elsewhere, &mut reports);
    reports
}

/// Adds what lies in macros of other files to the reports of those.
fn place(elsewhere: Vec<Elsewhere>, reports: &mut [FileReport]) {
    if elsewhere.is_empty() {
        return;
    }
    let mut known = FxHashMap::default();
    for (at, report) in reports.iter().enumerate() {
        if let Ok(path) = report.path.canonicalize() {
            known.insert(path, at);
        }
    }
    let mut sources: FxHashMap<PathBuf, Option<(usize, Source)>> = FxHashMap::default();
    for found in elsewhere {
        let source = sources.entry(found.path.clone()).or_insert_with(|| {
            let at = known.get(&found.path.canonicalize().ok()?)?;
            Some((*at, Source::read(&found.path).ok()?))
        });
        if let Some((at, source)) = source {
            reports[*at].findings.extend(found.finding(source));
        }
    }
    for (at, _) in sources.into_values().flatten() {
        arrange(&mut reports[at].findings);
    }
}

/// Tells whether a file is a header by its ending.
pub(crate) fn is_header(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ending.starts_with(['h', 'H']) || ending == "inc")
}
