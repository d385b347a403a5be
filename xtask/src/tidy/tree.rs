//! The files of the repository, read once for all rules.

use std::path::{Path, PathBuf};

use super::rust_source::{self, Line};
use crate::paths::shown;
use crate::problem::Stop;

/// Folders that are no part of the source: built, generated or kept by tools.
const SKIPPED: [&str; 8] = [
    "target",
    ".git",
    "corpus",
    "artifacts",
    "coverage",
    "__pycache__",
    "node_modules",
    ".venv",
];

/// One text file.
#[derive(Debug)]
pub struct File {
    /// The path from the root, with slashes.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// The lines of a Rust file, split into code and comment; empty for other files.
    pub lines: Vec<Line>,
}

impl File {
    fn new(path: String, text: String) -> Self {
        let lines = if path.ends_with(".rs") {
            let mut lines = rust_source::split(&text);
            if is_test_file(&path) {
                lines.iter_mut().for_each(|line| line.test = true);
            }
            lines
        } else {
            Vec::new()
        };
        Self { path, text, lines }
    }
}

/// Whether a whole Rust file is test code: tests, benches, and modules called `tests`.
fn is_test_file(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.any(|part| matches!(part, "tests" | "benches" | "tests.rs"))
}

/// Every text file of the repository.
#[derive(Debug, Default)]
pub struct Tree {
    /// The files, in the order of their paths.
    pub files: Vec<File>,
    /// Every path from the root: files of any kind, and folders.
    pub paths: std::collections::BTreeSet<String>,
}

impl Tree {
    /// Reads the tree below `root`.
    ///
    /// # Errors
    ///
    /// A folder or file that cannot be read.
    pub fn read(root: &Path) -> Result<Self, Stop> {
        let mut tree = Self::default();
        tree.add(root, root)?;
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    fn add(&mut self, root: &Path, folder: &Path) -> Result<(), Stop> {
        let listing = std::fs::read_dir(folder).map_err(|error| Stop::io(folder, &error))?;
        for entry in listing {
            let entry = entry.map_err(|error| Stop::io(folder, &error))?;
            let path: PathBuf = entry.path();
            if SKIPPED.contains(&&*entry.file_name().to_string_lossy()) {
                continue;
            }
            let name = shown(root, &path).to_string_lossy().into_owned();
            self.paths.insert(name.clone());
            if path.is_dir() {
                self.add(root, &path)?;
                continue;
            }
            let bytes = std::fs::read(&path).map_err(|error| Stop::io(&path, &error))?;
            // What is not UTF-8 is data, and no rule reads it.
            if let Ok(text) = String::from_utf8(bytes) {
                self.files.push(File::new(name, text));
            }
        }
        Ok(())
    }

    /// Makes a tree of some files, for tests.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            let parts: Vec<&str> = path.split('/').collect();
            for end in 1..=parts.len() {
                tree.paths.insert(parts[..end].join("/"));
            }
            let file = File::new((*path).to_string(), (*text).to_string());
            tree.files.push(file);
        }
        tree
    }

    /// The Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        let files = self.files.iter();
        files.filter(|file| file.path.ends_with(".rs"))
    }

    /// The file of that path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}
