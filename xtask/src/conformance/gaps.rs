//! The list of cases that do not pass yet. It only shrinks: a listed case that passes fails the run.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::case::Found;
use super::host::Host;
use crate::problem::{Problem, Stop};

/// The reason that `gaps --write` gives, which `tidy` refuses.
pub const UNREVIEWED: &str = "unreviewed";

/// One listed case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The case's name.
    pub case: String,
    /// The host on which it does not pass.
    pub host: Host,
    /// Why not.
    pub reason: String,
    /// The line in the file.
    pub line: usize,
}

/// The listed cases.
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    /// The gaps in the order of the file.
    pub gaps: Vec<Gap>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    gap: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    case: String,
    host: String,
    reason: String,
}

impl Gaps {
    /// Reads the list; a file that is missing lists nothing.
    ///
    /// # Errors
    ///
    /// An entry that is no gap, names an unknown host, gives no reason or comes twice.
    pub fn load(path: &Path, shown: &Path) -> Result<Self, Stop> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(Stop::io(path, &error)),
        };
        let line_at = |offset: usize| 1 + text[..offset].matches('\n').count();
        let file: File = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_at(span.start));
            Stop::BadInput(vec![Problem::new(shown, line, error.message())])
        })?;
        let mut gaps = Vec::new();
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        for entry in file.gap {
            let line = line_at(entry.span().start);
            let Entry { case, host, reason } = entry.into_inner();
            let mut wrong = |message: String| problems.push(Problem::new(shown, line, message));
            match host.parse() {
                Err(message) => wrong(message),
                Ok(_) if reason.trim().is_empty() => {
                    wrong(format!("gap `{case}` without a reason"))
                }
                Ok(host) if !seen.insert((case.clone(), host)) => {
                    wrong(format!("gap `{case}` on {host} listed twice"));
                }
                Ok(host) => gaps.push(Gap {
                    case,
                    host,
                    reason,
                    line,
                }),
            }
        }
        if problems.is_empty() {
            Ok(Self { gaps })
        } else {
            Err(Stop::BadInput(problems))
        }
    }

    /// Tells whether the case is listed for the host.
    pub fn lists(&self, case: &str, host: Host) -> bool {
        let mut gaps = self.gaps.iter();
        gaps.any(|gap| gap.case == case && gap.host == host)
    }

    /// Finds the entries that name no case, or one that does not run on that host.
    pub fn problems(&self, found: &Found, shown: &Path) -> Vec<Problem> {
        let mut problems = Vec::new();
        for gap in &self.gaps {
            let Gap { case, host, .. } = gap;
            if !found.names.contains(case) {
                let message = format!("gap names no case: `{case}`");
                problems.push(Problem::new(shown, gap.line, message));
            } else if let Some(found) = found.cases.iter().find(|found| found.name == *case)
                && !found.header.hosts.contains(host)
            {
                let message = format!("gap for `{case}`, which does not run on {host}");
                problems.push(Problem::new(shown, gap.line, message));
            }
        }
        problems
    }

    /// The list as the text of its file.
    pub fn to_toml(&self) -> String {
        let mut gaps = self.gaps.clone();
        gaps.sort();
        let mut text = String::from(
            "# Cases that do not pass yet. A listed case that passes is a stale gap and fails the run.\n",
        );
        for Gap {
            case, host, reason, ..
        } in &gaps
        {
            let reason = toml::Value::String(reason.clone());
            text.push_str(&format!(
                "\n[[gap]]\ncase = \"{case}\"\nhost = \"{host}\"\nreason = {reason}\n"
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Gaps, Stop> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gaps.toml");
        std::fs::write(&path, text).unwrap();
        Gaps::load(&path, Path::new("gaps.toml"))
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = "[[gap]]\ncase = \"a/b\"\nhost = \"runtime\"\nreason = \"says \\\"no\\\"\"\n";
        let gaps = load(text).unwrap();
        assert!(gaps.lists("a/b", Host::Runtime) && !gaps.lists("a/b", Host::Cpython));
        let again = load(&gaps.to_toml()).unwrap();
        assert_eq!(again.gaps[0].reason, "says \"no\"");
    }

    #[test]
    fn faults_name_their_line() {
        let one = "[[gap]]\ncase = \"a/b\"\nhost = \"runtime\"\nreason = \"r\"\n";
        let faults = [
            (
                format!("{one}{one}"),
                "gaps.toml:5: gap `a/b` on runtime listed twice",
            ),
            (
                one.replace("runtime", "pypy"),
                "gaps.toml:1: unknown host `pypy` (known: runtime, cpython, wheel)",
            ),
            (
                one.replace("\"r\"", "\" \""),
                "gaps.toml:1: gap `a/b` without a reason",
            ),
        ];
        for (text, message) in faults {
            assert_eq!(load(&text).unwrap_err().to_string(), message);
        }
        let stop = load(&one.replace("reason", "because"))
            .unwrap_err()
            .to_string();
        assert!(stop.starts_with("gaps.toml:4: unknown field"), "{stop}");
    }
}
