//! The two tables: a row for each name and kind, in the order of the bytes.
//!
//! The first has the names of the newest headers, the second those that only older ones had.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::declarations::Kind;
use super::mode::{About, Mode, Names};
use crate::problem::{Problem, Stop};

/// What the first line begins with.
const MADE_FROM: &str = "# CPython ";

/// The columns of one row after its name and kind.
pub type Row = Vec<String>;

/// One table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    version: String,
    /// The names of the columns after the kind.
    columns: &'static [&'static str],
    rows: BTreeMap<(String, String), Row>,
}

impl Table {
    /// An empty table of the names of one version of CPython.
    pub fn api(version: &str) -> Self {
        Self {
            version: version.to_string(),
            columns: &["limited", "abi3t", "header", "type", "full", "include"],
            rows: BTreeMap::new(),
        }
    }

    /// An empty table of the names that this version does not have any more.
    pub fn gone(version: &str) -> Self {
        Self {
            columns: &["last", "header", "type", "include"],
            ..Self::api(version)
        }
    }

    /// Reads the rows of a file into an empty table; one that is not there has none.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or is no such table.
    pub fn load(mut self, path: &Path) -> Result<Self, Stop> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Stop::io(path, &error)),
        };
        for (index, line) in text.lines().enumerate() {
            if let Some(version) = line.strip_prefix(MADE_FROM) {
                self.version = version.to_string();
            }
            let columns: Vec<String> = line.split('\t').map(str::to_string).collect();
            if line.starts_with('#') || columns[0] == "name" {
                continue;
            }
            let (count, wanted) = (columns.len(), self.columns.len() + 2);
            let mut columns = columns.into_iter();
            let (Some(name), Some(kind), true) = (columns.next(), columns.next(), count == wanted)
            else {
                let message = format!("{count} columns, want {wanted}");
                return Err(Stop::BadInput(vec![Problem::new(path, index + 1, message)]));
            };
            self.rows.insert((name, kind), columns.collect());
        }
        Ok(self)
    }

    /// Which CPython it is made from.
    #[cfg(test)]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The row of a name.
    #[cfg(test)]
    pub fn row(&self, name: &str, kind: &str) -> Option<Row> {
        let key = (name.to_string(), kind.to_string());
        self.rows.get(&key).cloned()
    }

    fn add(&mut self, name: &str, kind: Kind, row: impl IntoIterator<Item = String>) {
        let key = (name.to_string(), kind.word().to_string());
        let row = || row.into_iter().collect();
        self.rows.entry(key).or_insert_with(row);
    }

    /// Adds what the newest headers say, by comparing their modes.
    pub fn compare(&mut self, modes: &[(Mode, Names)]) {
        let mut all: BTreeMap<&(String, Kind), &About> = BTreeMap::new();
        for (_, names) in modes {
            for (key, about) in &names.all {
                // The first mode is the full one, which says the most.
                all.entry(key).or_insert(about);
            }
        }
        for (key, about) in all {
            let has = |mode: Mode| {
                let found = modes.iter().find(|(each, _)| *each == mode);
                let yes = found.is_some_and(|(_, names)| names.all.contains_key(key));
                if yes { "yes" } else { "-" }.to_string()
            };
            let limited = modes.iter().filter_map(|(mode, names)| match mode {
                Mode::Limited(minor) => Some((*minor, names.all.contains_key(key))),
                _ => None,
            });
            let row = [
                versions(&limited.collect::<Vec<_>>()),
                has(Mode::Abi3t),
                about.header.clone(),
                about.of.clone(),
                has(Mode::Full),
                about.include.clone(),
            ];
            self.add(&key.0, key.1, row);
        }
    }

    /// Adds the names that an older version had and `newest` has not, where no row has them yet.
    pub fn add_gone(&mut self, minor: u8, names: &Names, newest: &Table) {
        for ((name, kind), about) in &names.all {
            // A function that became a macro is still there.
            if !newest.has(name) {
                let row = [
                    format!("3.{minor}"),
                    about.header.clone(),
                    about.of.clone(),
                    about.include.clone(),
                ];
                self.add(name, *kind, row);
            }
        }
    }

    fn has(&self, name: &str) -> bool {
        let from = (name.to_string(), String::new());
        self.rows
            .range(from..)
            .next()
            .is_some_and(|((found, _), _)| found == name)
    }

    /// Takes over the rows about versions that were not read.
    pub fn keep(&mut self, before: &Table, was_read: impl Fn(u8) -> bool) {
        for (key, row) in &before.rows {
            let minor = row[0]
                .strip_prefix("3.")
                .and_then(|minor| minor.parse().ok());
            if minor.is_some_and(|minor| !was_read(minor)) {
                self.rows.entry(key.clone()).or_insert_with(|| row.clone());
            }
        }
    }

    /// How many rows have this in a column.
    pub fn count(&self, column: &str, test: impl Fn(&str) -> bool) -> usize {
        let Some(at) = self.columns.iter().position(|each| *each == column) else {
            return 0;
        };
        self.rows.values().filter(|row| test(&row[at])).count()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

/// The versions of the limited API that have a name: `-`, `3.2`, or `3.2-3.10` where newer ones have it not.
fn versions(all: &[(u8, bool)]) -> String {
    let has = |(minor, has): &(u8, bool)| has.then_some(*minor);
    let Some(first) = all.iter().find_map(has) else {
        return "-".to_string();
    };
    match all.iter().rev().find_map(has) {
        Some(last) if Some(last) != all.last().map(|(minor, _)| *minor) => {
            format!("3.{first}-3.{last}")
        }
        _ => format!("3.{first}"),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{MADE_FROM}{}", self.version)?;
        writeln!(f, "# Made by cargo xtask api.")?;
        writeln!(f, "name\tkind\t{}", self.columns.join("\t"))?;
        for ((name, kind), row) in &self.rows {
            writeln!(f, "{name}\t{kind}\t{}", row.join("\t"))?;
        }
        Ok(())
    }
}
