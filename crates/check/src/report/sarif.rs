//! The report in SARIF 2.1.0, which code hosts and editors read.

use serde_json::{Value, json};

use super::FileReport;
use crate::finding::{Finding, Rule};
use crate::summary::Summary;

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
    let rules: Vec<Value> = Rule::ALL
        .into_iter()
        .map(|rule| {
            json!({
                "id": rule.id(),
                "shortDescription": { "text": rule.title() },
                "fullDescription": { "text": rule.reason() },
            })
        })
        .collect();
    let results: Vec<Value> = files
        .iter()
        .flat_map(|file| {
            file.findings
                .iter()
                .map(move |finding| result(file, finding))
        })
        .collect();
    let notifications: Vec<Value> = files.iter().flat_map(notifications).collect();
    let report = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "mortice check",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "utf16CodeUnits",
            "properties": { "target": summary.target },
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn result(file: &FileReport, finding: &Finding) -> Value {
    let text = match &finding.replacement {
        Some(replacement) => format!("{}; instead: {replacement}", finding.message),
        None => finding.message.clone(),
    };
    json!({
        "ruleId": finding.rule.id(),
        "ruleIndex": Rule::ALL.iter().position(|&rule| rule == finding.rule),
        "level": if finding.conditional { "warning" } else { "error" },
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": {
                "startLine": finding.line,
                "startColumn": finding.column,
                "endLine": finding.end_line,
                "endColumn": finding.end_column,
            },
        } }],
        "properties": { "mechanical": finding.mechanical, "name": finding.name },
    })
}

fn notifications(file: &FileReport) -> Vec<Value> {
    let problems = file.problems.iter();
    problems
        .map(|problem| {
            json!({
                "level": if problem.is_readable() { "note" } else { "error" },
                "message": { "text": problem.to_string() },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(file) } } }],
            })
        })
        .collect()
}

/// The path as a reference: what a URI cannot hold is written by its bytes.
fn uri(file: &FileReport) -> String {
    let path = file.path.to_string_lossy().replace('\\', "/");
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' | b'+' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
