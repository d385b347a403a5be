//! The committed instruction counts, `docs/performance/instructions.json`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::instructions::{Counts, UNIT};
use super::row::Row;
use crate::problem::Stop;

/// How much a count may grow.
const GOAL: f64 = 1.02;

/// Counts by crate and load.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// The compiler whose code was counted.
    rustc: String,
    instructions: BTreeMap<String, Counts>,
}

impl Figures {
    /// Reads the file; one that is missing holds nothing.
    ///
    /// # Errors
    ///
    /// A file of another shape.
    pub fn load(path: &Path) -> Result<Self, Stop> {
        match std::fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|error| Stop::Usage(format!("{}: {error}", path.display()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Stop::io(path, &error)),
        }
    }

    /// Writes the file, with the compiler that is used now.
    ///
    /// # Errors
    ///
    /// A file that cannot be written.
    pub fn save(&mut self, path: &Path) -> Result<(), Stop> {
        self.rustc = rustc();
        let mut text = serde_json::to_string_pretty(&self).unwrap_or_default();
        text.push('\n');
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Stop::io(folder, &error))?;
        }
        std::fs::write(path, text).map_err(|error| Stop::io(path, &error))
    }

    /// Commits to the counts of one crate.
    pub fn replace(&mut self, folder: &str, counts: &Counts) {
        self.instructions.insert(folder.to_string(), counts.clone());
    }

    /// Holds counts against the committed ones. A load that has none does not meet the goal: nothing would
    /// notice its growth. A committed load that is gone does not either.
    pub fn rows(&self, folder: &str, counts: &Counts) -> Vec<Row> {
        let none = Counts::new();
        let committed = self.instructions.get(folder).unwrap_or(&none);
        let gone = committed.keys().filter(|load| !counts.contains_key(*load));
        let loads = counts.keys().chain(gone);
        loads
            .map(|load| {
                let (ours, committed) = (counts.get(load), committed.get(load));
                let ratio = ours
                    .zip(committed)
                    .map(|(ours, committed)| *ours as f64 / *committed as f64);
                let peers = committed.map(|count| ("committed".to_string(), *count as f64));
                Row {
                    load: format!("{folder}/{load}"),
                    unit: UNIT.to_string(),
                    ours: ours.map_or(0.0, |count| *count as f64),
                    peers: peers.into_iter().collect(),
                    ratio,
                    against: ratio.map(|_| "committed".to_string()),
                    goal: Some(GOAL),
                    met: ratio.is_some_and(|ratio| ratio <= GOAL),
                }
            })
            .collect()
    }
}

fn rustc() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let text = text.unwrap_or_default();
    text.split_whitespace()
        .nth(1)
        .unwrap_or("unknown")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(pairs: &[(&str, u64)]) -> Counts {
        pairs
            .iter()
            .map(|(load, count)| ((*load).to_string(), *count))
            .collect()
    }

    #[test]
    fn growth_above_two_percent_and_loads_on_one_side_only_miss_the_goal() {
        let mut figures = Figures::default();
        figures.replace("mem", &counts(&[("a", 1000), ("b", 1000), ("gone", 5)]));
        let rows = figures.rows("mem", &counts(&[("a", 1020), ("b", 1021), ("new", 5)]));
        let met: Vec<(&str, bool)> = rows
            .iter()
            .map(|row| (row.load.as_str(), row.met))
            .collect();
        let want = [
            ("mem/a", true),
            ("mem/b", false),
            ("mem/new", false),
            ("mem/gone", false),
        ];
        assert_eq!(met, want);
        assert_eq!(rows[0].ratio, Some(1.02));
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("performance/instructions.json");
        let mut figures = Figures::load(&path).unwrap();
        figures.replace("mem", &counts(&[("a", 1)]));
        figures.save(&path).unwrap();
        let loaded = Figures::load(&path).unwrap();
        assert_eq!(loaded.instructions, figures.instructions);
        std::fs::write(&path, "{}").unwrap();
        assert!(Figures::load(&path).is_err());
    }
}
