//! The files that are checked: what was named, and the sources in the folders that were named.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::source::{Problem, language};

/// The files, and the names that lead to none.
#[derive(Debug, Default)]
pub struct Files {
    /// The sources, by name within their folder, in the order in which they were named.
    pub found: Vec<PathBuf>,
    /// What cannot be looked into.
    pub problems: Vec<(PathBuf, Problem)>,
    /// The folders that were seen, with all links followed, so that circles end.
    seen: HashSet<PathBuf>,
}

/// How deep folders are entered.
const MOST_DEPTH: u32 = 64;

impl Files {
    /// Finds the sources. A file that is named is taken whatever its ending; in a folder, the endings of C and C++
    /// count, and what begins with a dot does not.
    pub fn of(paths: &[PathBuf]) -> Self {
        let mut files = Self::default();
        for path in paths {
            match std::fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => files.enter(path, 0),
                Ok(_) => files.found.push(path.clone()),
                Err(error) => files.refuse(path, &error),
            }
        }
        let mut known = HashSet::new();
        files.found.retain(|path| known.insert(path.clone()));
        files
    }

    /// The first of the named paths that cannot be read, and why. What a folder holds that cannot be read is none.
    pub fn refused(&self, paths: &[PathBuf]) -> Option<(PathBuf, Problem)> {
        let refused = |path| self.problems.iter().find(|(refused, _)| refused == path);
        paths.iter().find_map(refused).cloned()
    }

    /// The folders in which the headers of a package may lie: those that hold a source, and those above them.
    pub fn folders(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> = Vec::new();
        let named = paths.iter().filter(|path| path.is_dir());
        folders.extend(named.cloned());
        for folder in self.found.iter().filter_map(|path| path.parent()) {
            if folders.last().map(PathBuf::as_path) != Some(folder) {
                folders.push(folder.to_owned());
            }
        }
        let mut known = HashSet::new();
        folders.retain(|folder| known.insert(folder.clone()));
        folders
    }

    fn refuse(&mut self, path: &Path, error: &std::io::Error) {
        let problem = Problem::Unreadable(error.to_string());
        self.problems.push((path.to_owned(), problem));
    }

    fn enter(&mut self, folder: &Path, depth: u32) {
        let real = match folder.canonicalize() {
            Ok(real) => real,
            Err(error) => return self.refuse(folder, &error),
        };
        if depth > MOST_DEPTH || !self.seen.insert(real) {
            return;
        }
        let listing = match std::fs::read_dir(folder) {
            Ok(listing) => listing,
            Err(error) => return self.refuse(folder, &error),
        };
        let mut paths: Vec<PathBuf> = listing.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default();
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            match std::fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => self.enter(&path, depth + 1),
                Ok(_) if language(&path).is_some() => self.found.push(path),
                Ok(_) => {}
                // A link that leads nowhere, or to itself, matters if it is called like a source.
                Err(error) if language(&path).is_some() => self.refuse(&path, &error),
                Err(_) => {}
            }
        }
    }
}
