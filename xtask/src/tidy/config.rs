//! `xtask/tidy.toml`: where rules apply, and the exceptions to them, each with a reason.

use std::path::Path;

use serde::Deserialize;

use super::tree::Tree;
use crate::problem::{Problem, Stop};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where std's growing collections are refused.
    #[serde(default)]
    pub growth: Section,
    /// How long files may be.
    #[serde(default)]
    pub size: Section,
}

/// The settings of one rule.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The folders or files that the rule holds for, where it does not hold everywhere.
    #[serde(default)]
    pub paths: Vec<String>,
    /// The files that it does not hold for.
    #[serde(default)]
    pub allow: Vec<Allowance>,
}

/// One exception.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// The file.
    pub path: String,
    /// Why it is excepted.
    pub reason: String,
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// A file that is missing or says something unknown.
    pub fn load(path: &Path) -> Result<Self, Stop> {
        let text = std::fs::read_to_string(path).map_err(|error| Stop::io(path, &error))?;
        toml::from_str(&text).map_err(|error| {
            let line = error
                .span()
                .map_or(0, |span| 1 + text[..span.start].matches('\n').count());
            Stop::BadInput(vec![Problem::new("xtask/tidy.toml", line, error.message())])
        })
    }
}

impl Section {
    /// Tells whether the rule holds for the file, exceptions aside.
    pub fn covers(&self, path: &str) -> bool {
        let mut paths = self.paths.iter();
        paths.any(|prefix| {
            let rest = path.strip_prefix(prefix.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Tells whether the file is excepted.
    pub fn allows(&self, path: &str) -> bool {
        self.allow.iter().any(|allowance| allowance.path == path)
    }

    /// Finds exceptions without a reason, and those for files that do not need them.
    pub fn stale(&self, rule: &str, tree: &Tree, needs: impl Fn(&str) -> bool) -> Vec<Problem> {
        let mut problems = Vec::new();
        for Allowance { path, reason } in &self.allow {
            let message = if reason.trim().is_empty() {
                format!("{rule}: `{path}` is excepted without a reason")
            } else if tree.file(path).is_none() {
                format!("{rule}: `{path}` is excepted and does not exist")
            } else if !needs(path) {
                format!("{rule}: `{path}` does not need its exception any more")
            } else {
                continue;
            };
            problems.push(Problem::new("xtask/tidy.toml", 0, message));
        }
        problems
    }
}
