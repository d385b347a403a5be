//! A case: one Python file below `conformance/cases/<area>/`, with its header.

use std::path::{Path, PathBuf};

use super::header::Header;
use super::index::Index;
use crate::paths::shown;
use crate::problem::{Problem, Stop};

/// One file of the suite.
#[derive(Clone, Debug)]
pub struct Case {
    /// Area and name, as in `slots/storage`.
    pub name: String,
    /// The area: the folder's name.
    pub area: String,
    /// The file.
    pub path: PathBuf,
    /// The file as messages show it.
    pub shown: PathBuf,
    /// The bytes that a recording answers for.
    pub source: String,
    /// The settings.
    pub header: Header,
}

impl Case {
    /// The file's own name, which stands for its path in what it prints.
    pub fn file_name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Makes a finding about one line of the case.
    pub fn problem(&self, line: usize, message: impl Into<String>) -> Problem {
        Problem::new(&self.shown, line, message)
    }
}

/// The cases that were found, and what is wrong with the others.
#[derive(Debug, Default)]
pub struct Found {
    /// The cases whose header is in order, by name.
    pub cases: Vec<Case>,
    /// The names of all the files, whatever is wrong with them.
    pub names: Vec<String>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Reads the cases below `cases` whose name contains `filter`.
///
/// Files and folders whose name begins with `_` are no cases: modules that cases import.
///
/// # Errors
///
/// A folder that cannot be read. What is wrong with a single case is a problem in the answer.
pub fn discover(cases: &Path, root: &Path, index: &Index, filter: &str) -> Result<Found, Stop> {
    let mut found = Found::default();
    for area in entries(cases)? {
        if !area.is_dir() {
            let message = "a case lies in a folder that is its area: cases/<area>/<name>.py";
            found
                .problems
                .push(Problem::new(shown(root, &area), 0, message));
            continue;
        }
        for path in entries(&area)? {
            let what = shown(root, &path);
            if path.is_dir() || path.extension().is_none_or(|ending| ending != "py") {
                let message = "no case: want cases/<area>/<name>.py, or a name that begins with _";
                found.problems.push(Problem::new(what, 0, message));
                continue;
            }
            let area = file_stem(&area);
            let name = format!("{area}/{}", file_stem(&path));
            found.names.push(name.clone());
            if !name.contains(filter) {
                continue;
            }
            match read(&path, what, index) {
                Ok((source, header)) => found.cases.push(Case {
                    name,
                    area,
                    shown: what.to_path_buf(),
                    path,
                    source,
                    header,
                }),
                Err(problems) => found.problems.extend(problems),
            }
        }
    }
    Ok(found)
}

fn read(path: &Path, what: &Path, index: &Index) -> Result<(String, Header), Vec<Problem>> {
    let bytes =
        std::fs::read(path).map_err(|error| vec![Problem::new(what, 0, error.to_string())])?;
    let source = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = 1 + bytes[..valid].iter().filter(|byte| **byte == b'\n').count();
        let message = format!("not UTF-8: byte 0x{:02x} at offset {valid}", bytes[valid]);
        vec![Problem::new(what, line, message)]
    })?;
    let header = Header::parse(&source, index).map_err(|findings| {
        let problems = findings.into_iter();
        problems
            .map(|(line, message)| Problem::new(what, line, message))
            .collect::<Vec<_>>()
    })?;
    Ok((source, header))
}

fn file_stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// The entries of a folder in the order of their names, without hidden ones and those that begin with `_`.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    let listing = std::fs::read_dir(folder).map_err(|error| Stop::io(folder, &error))?;
    let mut paths = Vec::new();
    for entry in listing {
        let entry = entry.map_err(|error| Stop::io(folder, &error))?;
        if !entry.file_name().to_string_lossy().starts_with(['_', '.']) {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}
