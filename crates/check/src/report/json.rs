//! The report as JSON, for other programs. Its fields stay; `version` grows when one changes its meaning.

use serde::Serialize;

use super::FileReport;
use crate::finding::Finding;
use crate::summary::{Counts, Summary};

/// The version of the format.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'r> {
    version: u32,
    target: &'r str,
    files: Vec<File<'r>>,
    summary: &'r Summary,
}

#[derive(Serialize)]
struct File<'r> {
    path: String,
    lines: usize,
    findings: Vec<Told<'r>>,
    problems: Vec<String>,
    counts: Counts,
}

#[derive(Serialize)]
struct Told<'r> {
    #[serde(flatten)]
    finding: &'r Finding,
    reason: &'static str,
}

/// Writes the report.
///
/// # Errors
///
/// The writer's.
pub fn write(
    out: &mut impl std::io::Write,
    files: &[FileReport],
    summary: &Summary,
) -> std::io::Result<()> {
    fn told(finding: &Finding) -> Told<'_> {
        Told {
            finding,
            reason: finding.rule.reason(),
        }
    }
    let files = files.iter().map(|file| File {
        path: file.path.display().to_string(),
        lines: file.lines,
        findings: file.findings.iter().map(told).collect(),
        problems: file.problems.iter().map(ToString::to_string).collect(),
        counts: Counts::of(&file.findings),
    });
    let report = Report {
        version: VERSION,
        target: &summary.target,
        files: files.collect(),
        summary,
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}
