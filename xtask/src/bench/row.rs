//! One line of a bench's result.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::problem::Stop;

/// What one load costs here and elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What is done.
    pub load: String,
    /// What the figures count.
    pub unit: String,
    /// Our figure.
    pub ours: f64,
    /// The figures of others.
    pub peers: BTreeMap<String, f64>,
    /// Our figure divided by that of the peer it is held against.
    pub ratio: Option<f64>,
    /// That peer.
    pub against: Option<String>,
    /// The most that the ratio should be.
    pub goal: Option<f64>,
    /// Whether it is not more.
    pub met: bool,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row {
            load, unit, ours, ..
        } = self;
        write!(f, "{load:<56} {ours:>14.1} {unit}")?;
        for (peer, value) in &self.peers {
            write!(f, ", {peer} {value:.1}")?;
        }
        if let (Some(ratio), Some(against)) = (self.ratio, &self.against) {
            write!(f, "; {ratio:.3} of {against}")?;
        }
        if let Some(goal) = self.goal {
            let met = if self.met { "met" } else { "MISSED" };
            write!(f, ", goal {goal}: {met}")?;
        }
        Ok(())
    }
}

/// Reads the rows that a timed bench prints, one JSON object a line.
///
/// # Errors
///
/// A line that is no row.
pub fn parse(text: &str) -> Result<Vec<Row>, Stop> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let rows: Result<Vec<Row>, Stop> = lines
        .map(|line| {
            serde_json::from_str(line).map_err(|error| {
                Stop::Failed(format!("bench printed `{line}`, which is no row: {error}"))
            })
        })
        .collect();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_shown() {
        let line = r#"{"load":"trace","unit":"ms","ours":2.0,"peers":{"system":4.0},"ratio":0.5,"against":"system","goal":0.6,"met":true}"#;
        let rows = parse(&format!("{line}\n\n")).unwrap();
        let shown = rows[0].to_string();
        assert!(
            shown.ends_with("2.0 ms, system 4.0; 0.500 of system, goal 0.6: met"),
            "{shown}"
        );
        assert_eq!(serde_json::to_string(&rows[0]).unwrap(), line);
        assert!(parse("words\n").is_err());
    }
}
