//! The table: a row for each name and kind, in the order of the bytes.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::declarations::Kind;
use super::mode::{Mode, Names};
use crate::problem::{Problem, Stop};

/// How many columns follow the name and the kind.
const COLUMNS: usize = 7;

/// What the columns are called.
const HEAD: &str = "# name\tkind\tlimited\tuntil\tabi3t\tfull\theader\tinclude\tof";

/// What the first line begins with.
const MADE_FROM: &str = "# CPython ";

/// The column that says whether the full API has it.
const FULL: usize = 3;

/// The columns of one row after its name and kind.
pub type Row = [String; COLUMNS];

/// The table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    version: String,
    rows: BTreeMap<(String, String), Row>,
}

impl Table {
    /// Makes an empty table for a version of CPython.
    pub fn new(version: &str) -> Self {
        Self {
            version: version.to_string(),
            rows: BTreeMap::new(),
        }
    }

    /// Reads a table; one that is not there is empty.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or is no such table.
    pub fn load(path: &Path) -> Result<Self, Stop> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Stop::io(path, &error)),
        };
        let mut table = Self::default();
        for (index, line) in text.lines().enumerate() {
            if let Some(version) = line.strip_prefix(MADE_FROM) {
                table.version = version.to_string();
            }
            if line.starts_with('#') {
                continue;
            }
            let columns: Vec<String> = line.split('\t').map(str::to_string).collect();
            let count = columns.len();
            let mut columns = columns.into_iter();
            let key = columns.next().zip(columns.next());
            let row: Result<Row, _> = columns.collect::<Vec<_>>().try_into();
            let (Some(key), Ok(row)) = (key, row) else {
                let message = format!("{count} columns, want {}", COLUMNS + 2);
                return Err(Stop::BadInput(vec![Problem::new(path, index + 1, message)]));
            };
            table.rows.insert(key, row);
        }
        Ok(table)
    }

    /// Which CPython it is made from.
    #[cfg(test)]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The row of a name.
    #[cfg(test)]
    pub fn row(&self, name: &str, kind: &str) -> Option<Row> {
        self.rows
            .get(&(name.to_string(), kind.to_string()))
            .cloned()
    }

    /// Adds what the newest headers say, by comparing their modes.
    pub fn compare(&mut self, modes: &[(Mode, Names)]) {
        let mut keys: BTreeMap<&(String, Kind), &Names> = BTreeMap::new();
        for (_, names) in modes {
            for key in names.all.keys() {
                // The first mode is the full one, which says the most.
                keys.entry(key).or_insert(names);
            }
        }
        for (key, names) in keys {
            let has = |mode: Mode| {
                modes
                    .iter()
                    .any(|(each, names)| *each == mode && names.all.contains_key(key))
            };
            let limited: Vec<u8> = modes
                .iter()
                .filter_map(|(mode, names)| match mode {
                    Mode::Limited(minor) if names.all.contains_key(key) => Some(*minor),
                    _ => None,
                })
                .collect();
            let newest = modes.iter().filter_map(|(mode, _)| match mode {
                Mode::Limited(minor) => Some(*minor),
                _ => None,
            });
            let until = limited.last().filter(|last| Some(**last) != newest.max());
            let yes = |found: bool| if found { "yes" } else { "-" }.to_string();
            let about = &names.all[key];
            let row = [
                version(limited.first()),
                version(until),
                yes(has(Mode::Abi3t)),
                yes(has(Mode::Full)),
                about.header.clone(),
                about.include.clone(),
                about.of.clone(),
            ];
            let key = (key.0.clone(), key.1.word().to_string());
            self.rows.insert(key, row);
        }
    }

    /// Adds the names that the full headers of an older version had, and that no row has yet.
    pub fn gone(&mut self, minor: u8, names: &Names) {
        for ((name, kind), about) in &names.all {
            let key = (name.clone(), kind.word().to_string());
            self.rows.entry(key).or_insert_with(|| {
                let none = || "-".to_string();
                [
                    none(),
                    none(),
                    none(),
                    version(Some(&minor)),
                    about.header.clone(),
                    about.include.clone(),
                    about.of.clone(),
                ]
            });
        }
    }

    /// Takes over rows about gone names of versions that were not read.
    pub fn keep_gone(&mut self, before: &Table, was_read: impl Fn(u8) -> bool) {
        for (key, row) in &before.rows {
            let minor = row[FULL]
                .strip_prefix("3.")
                .and_then(|minor| minor.parse().ok());
            if minor.is_some_and(|minor| !was_read(minor)) {
                self.rows.entry(key.clone()).or_insert_with(|| row.clone());
            }
        }
    }

    /// How much is in it, in one line.
    pub fn summary(&self) -> String {
        let count =
            |test: &dyn Fn(&Row) -> bool| self.rows.values().filter(|row| test(row)).count();
        format!(
            "{} names of CPython {}, {} in the limited API, {} in abi3t, {} gone",
            self.rows.len(),
            self.version,
            count(&|row| row[0] != "-" && row[1] == "-"),
            count(&|row| row[2] == "yes"),
            count(&|row| row[FULL].starts_with('3')),
        )
    }
}

fn version(minor: Option<&u8>) -> String {
    minor.map_or("-".to_string(), |minor| format!("3.{minor}"))
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{MADE_FROM}{}", self.version)?;
        writeln!(
            f,
            "# Made by cargo xtask api. What the columns are is said in crates/check/src/api.rs."
        )?;
        writeln!(f, "{HEAD}")?;
        for ((name, kind), row) in &self.rows {
            writeln!(f, "{name}\t{kind}\t{}", row.join("\t"))?;
        }
        Ok(())
    }
}
