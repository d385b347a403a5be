//! What `mortice check` finds in a package.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::problem::Stop;

#[derive(Debug, Deserialize)]
struct Report {
    files: Vec<FileReport>,
}

#[derive(Debug, Deserialize)]
struct FileReport {
    path: PathBuf,
    #[serde(default)]
    findings: Vec<JsonFinding>,
}

#[derive(Debug, Deserialize)]
struct JsonFinding {
    rule: String,
    line: usize,
    end_line: usize,
    name: String,
    message: String,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Below the package's folder.
    pub path: PathBuf,
    pub rule: String,
    pub line: usize,
    pub end_line: usize,
    pub name: String,
    pub message: String,
}

/// Runs the command on a package's folder.
///
/// # Errors
///
/// A program that cannot be run, that fails, or whose report is no such JSON.
pub fn find(mortice: &Path, folder: &Path, target: &str) -> Result<Vec<Finding>, Stop> {
    let what = format!("mortice check --target {target} in {}", folder.display());
    let output = Command::new(mortice)
        .args(["check", "--format", "json", "--target", target, "."])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Stop::Usage(format!("{what}: cannot be run: {error}")))?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        let text = String::from_utf8_lossy(&output.stderr);
        let line = text.lines().next().unwrap_or_default();
        return Err(Stop::Failed(format!("{what}: {}: {line}", output.status)));
    }
    parse(&String::from_utf8_lossy(&output.stdout))
        .map_err(|error| Stop::Failed(format!("{what}: {error}")))
}

fn parse(text: &str) -> Result<Vec<Finding>, serde_json::Error> {
    let report: Report = serde_json::from_str(text)?;
    let mut all = Vec::new();
    for file in report.files {
        let path = file.path.strip_prefix(".").unwrap_or(&file.path);
        all.extend(file.findings.into_iter().map(|found| Finding {
            path: path.to_path_buf(),
            rule: found.rule,
            line: found.line,
            end_line: found.end_line.max(found.line),
            name: found.name,
            message: found.message,
        }));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_report_is_read() {
        let text = r#"{"version": 1, "files": [{"path": "./a.c", "findings": [
            {"rule": "type-field", "line": 3, "column": 5, "end_line": 3, "end_column": 9,
             "name": "tp_name", "message": "m", "mechanical": true}]}], "summary": {}}"#;
        let found = super::parse(text).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].path.to_str(), found[0].line), (Some("a.c"), 3));
    }
}
