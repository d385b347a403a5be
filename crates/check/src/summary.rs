//! Counts of findings, by file and in all, and the verdict.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::finding::{Finding, Rule};
use crate::report::FileReport;

/// What follows from the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing is in the way.
    Ready,
    /// Everything that is in the way can be changed by a tool.
    Mechanical,
    /// Something needs thought.
    Thought,
}

/// Counts of findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All findings; uses of macros whose definition is told are not among them.
    pub findings: usize,
    /// Those that can be changed without understanding the program.
    pub mechanical: usize,
    /// Those that need thought.
    pub thought: usize,
    /// Those that lie under a conditional that cannot be decided.
    pub conditional: usize,
    /// By the rule's name.
    pub rules: BTreeMap<&'static str, usize>,
}

impl Counts {
    /// Counts findings.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut counts = Counts::default();
        for finding in findings {
            *counts.rules.entry(finding.rule.id()).or_default() += 1;
            if finding.rule == Rule::MacroUse {
                continue;
            }
            counts.findings += 1;
            counts.conditional += usize::from(finding.conditional);
            match finding.mechanical {
                true => counts.mechanical += 1,
                false => counts.thought += 1,
            }
        }
        counts
    }

    /// What follows from them. A use of a macro that is defined elsewhere is in the way as well.
    pub fn verdict(&self) -> Verdict {
        match (self.rules.is_empty(), self.thought) {
            (true, _) => Verdict::Ready,
            (false, 0) if self.findings > 0 => Verdict::Mechanical,
            _ => Verdict::Thought,
        }
    }
}

/// All files together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The target.
    pub target: String,
    /// The files that were read.
    pub files: usize,
    /// Their lines.
    pub lines: usize,
    /// The files that nothing was found in.
    pub ready_files: usize,
    /// The files that could not be read.
    pub unread_files: usize,
    /// The counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// What follows.
    pub verdict: Verdict,
}

impl Summary {
    /// Sums up.
    pub fn of(target: impl fmt::Display, files: &[FileReport]) -> Self {
        let counts = Counts::of(files.iter().flat_map(|file| &file.findings));
        let read = files.iter().filter(|file| file.was_read());
        let ready = read.clone().filter(|file| file.findings.is_empty());
        let unread_files = files.len() - read.clone().count();
        let verdict = match (counts.verdict(), unread_files) {
            // Nobody knows what a file says that was not read.
            (Verdict::Ready, 1..) => Verdict::Thought,
            (verdict, _) => verdict,
        };
        Self {
            target: target.to_string(),
            files: files.len(),
            lines: files.iter().map(|file| file.lines).sum(),
            ready_files: ready.count(),
            unread_files,
            verdict,
            counts,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Ready => "ready",
            Verdict::Mechanical => "not ready; everything can be changed by a tool",
            Verdict::Thought => "not ready; some of it needs thought",
        })
    }
}
