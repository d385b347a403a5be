//! The ids that cases may cite: documented behaviours of CPython, rules of the observable slots, and seeds.
//!
//! The index is part of the repository (`conformance/behaviours.tsv`, `slots.tsv`, `seeds.tsv`), so that a
//! clone needs nothing beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::problem::{Problem, Stop};

/// One documented behaviour of CPython.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// The part of the object model that it belongs to.
    pub area: String,
    /// Whether a Python program can see it (`py`, `both`, `py-proc`) or only a C program.
    pub from_python: bool,
}

/// Everything that a header can name.
#[derive(Clone, Debug, Default)]
pub struct Index {
    behaviours: BTreeMap<String, Behaviour>,
    slots: BTreeSet<String>,
    seeds: BTreeSet<String>,
}

impl Index {
    /// Reads the index in the folder `conformance`.
    ///
    /// # Errors
    ///
    /// A missing file, or a line with the wrong number of columns.
    pub fn load(conformance: &Path) -> Result<Self, Stop> {
        let mut index = Self::default();
        for row in rows(&conformance.join("behaviours.tsv"), 7)? {
            let [id, area, reach] = [&row[0], &row[1], &row[2]];
            let behaviour = Behaviour {
                area: area.clone(),
                from_python: matches!(reach.as_str(), "py" | "both" | "py-proc"),
            };
            index.behaviours.insert(id.clone(), behaviour);
        }
        for row in rows(&conformance.join("slots.tsv"), 3)? {
            index.slots.insert(row[0].clone());
        }
        for row in rows(&conformance.join("seeds.tsv"), 2)? {
            index.seeds.insert(row[0].clone());
        }
        Ok(index)
    }

    /// Makes an index of the given ids, for tests.
    #[cfg(test)]
    pub fn of(ids: &[&str], seeds: &[&str]) -> Self {
        let mut index = Self::default();
        for id in ids {
            if id.starts_with('B') {
                let behaviour = Behaviour {
                    area: "objects".to_string(),
                    from_python: true,
                };
                index.behaviours.insert((*id).to_string(), behaviour);
            } else {
                index.slots.insert((*id).to_string());
            }
        }
        index.seeds = seeds.iter().map(|seed| (*seed).to_string()).collect();
        index
    }

    /// Tells whether a case may cite the id.
    pub fn has(&self, id: &str) -> bool {
        self.behaviours.contains_key(id) || self.slots.contains(id)
    }

    /// Tells whether the id is that of a rule of the observable slots.
    pub fn has_rule(&self, id: &str) -> bool {
        self.slots.contains(id)
    }

    /// Tells whether the file is one of the seeds.
    pub fn has_seed(&self, file: &str) -> bool {
        self.seeds.contains(file)
    }

    /// The behaviour of that id; `None` for a rule of the slots.
    pub fn behaviour(&self, id: &str) -> Option<&Behaviour> {
        self.behaviours.get(id)
    }

    /// How many behaviours there are.
    pub fn behaviours_count(&self) -> usize {
        self.behaviours.len()
    }

    /// How many behaviours a Python program can see.
    pub fn reachable_count(&self) -> usize {
        let seen = self.behaviours.values().filter(|b| b.from_python);
        seen.count()
    }
}

fn rows(path: &Path, columns: usize) -> Result<Vec<Vec<String>>, Stop> {
    let text = std::fs::read_to_string(path).map_err(|error| Stop::io(path, &error))?;
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        let row: Vec<String> = line.split('\t').map(str::to_string).collect();
        if row.len() != columns {
            let message = format!("{} columns, want {columns}", row.len());
            return Err(Stop::BadInput(vec![Problem::new(path, at + 1, message)]));
        }
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_index_holds_502_behaviours_of_which_python_sees_318() {
        let folder = crate::paths::root().join("conformance");
        let index = Index::load(&folder).unwrap();
        assert_eq!(index.behaviours_count(), 502);
        assert_eq!(index.reachable_count(), 318);
        assert!(index.has("B001") && index.has("S054") && !index.has("B000"));
        assert!(index.has_seed("002_7df99f4b5bfce3cb.txt"));
    }
}
