//! The report as a page: each source as it stands, with what was found beside its lines.
//!
//! The page needs nothing but itself. Sources are read again while it is written, one after the other, so that no
//! more than one is held.

use std::io::{self, Write};

use super::FileReport;
use crate::finding::{Finding, Rule};
use crate::source::Source;
use crate::summary::{Counts, Summary, Verdict};

const STYLE: &str = "
:root { color-scheme: light dark; --line: #8884; --mark: #e5534b44; --maybe: #c69026; --good: #2f8132; --bad: #c1352c; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 110rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } summary { cursor: pointer; padding: .35rem 0; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top; }
.count { text-align: right; } .ready { color: var(--good); } .not { color: var(--bad); }
.source { width: 100%; table-layout: fixed; font-size: 13px; border-top: 1px solid var(--line); }
.source td { padding: 0 .6rem 0 0; } .number { width: 4.5rem; text-align: right; opacity: .55; }
.code { width: 58%; } pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 12.5px/1.5 ui-monospace, monospace; }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
.found { border-left: 3px solid var(--bad); padding-left: .6rem; margin: .1rem 0; }
.found.maybe { border-color: var(--maybe); } .rule { opacity: .65; } .instead { color: var(--good); }
";

/// Writes the report.
///
/// # Errors
///
/// The writer's.
pub fn write(out: &mut impl Write, files: &[FileReport], summary: &Summary) -> io::Result<()> {
    let target = escape(&summary.target);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>mortice check: {target}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>mortice check: {target}</h1>\n"
    )?;
    write_summary(out, summary)?;
    for (number, file) in files.iter().enumerate() {
        write_file(out, file, number)?;
    }
    writeln!(out, "</body>\n</html>")
}

fn write_summary(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let counts = &summary.counts;
    let class = match summary.verdict {
        Verdict::Ready => "ready",
        _ => "not",
    };
    writeln!(
        out,
        "<p class=\"{class}\"><strong>{}</strong></p>\n<p>{} files, {} lines: {} findings, {} mechanical, {} to be \
         thought about; {} files ready, {} not read.</p>",
        summary.verdict,
        summary.files,
        summary.lines,
        counts.findings,
        counts.mechanical,
        counts.thought,
        summary.ready_files,
        summary.unread_files
    )?;
    writeln!(out, "<table>")?;
    for rule in Rule::ALL {
        if let Some(count) = counts.rules.get(rule.id()) {
            let (title, reason) = (rule.title(), escape(rule.reason()));
            writeln!(
                out,
                "<tr><td class=\"count\">{count}</td><th>{title}</th><td>{reason}</td></tr>"
            )?;
        }
    }
    writeln!(out, "</table>")
}

fn write_file(out: &mut impl Write, file: &FileReport, number: usize) -> io::Result<()> {
    let counts = Counts::of(&file.findings);
    let open = if file.findings.is_empty() {
        ""
    } else {
        " open"
    };
    writeln!(
        out,
        "<details id=\"file{number}\"{open}>\n<summary>{}: {} findings, {} mechanical</summary>",
        escape(&file.path.display().to_string()),
        counts.findings,
        counts.mechanical
    )?;
    for problem in &file.problems {
        writeln!(out, "<p class=\"not\">{}</p>", escape(&problem.to_string()))?;
    }
    match Source::read(&file.path) {
        Ok(source) => write_source(out, &source, &file.findings)?,
        // It was there when it was checked.
        Err(problem) if file.was_read() => {
            writeln!(out, "<p class=\"not\">{}</p>", escape(&problem.to_string()))?;
            for finding in &file.findings {
                write!(out, "{}: ", finding.line)?;
                write_finding(out, finding)?;
            }
        }
        Err(_) => {}
    }
    writeln!(out, "</details>")
}

fn write_source(out: &mut impl Write, source: &Source, findings: &[Finding]) -> io::Result<()> {
    writeln!(out, "<table class=\"source\">")?;
    let mut next = findings.iter().peekable();
    for line in 1..=source.line_count() as u32 {
        let mut here = Vec::new();
        while let Some(found) = next.next_if(|found| found.line <= line) {
            here.push(found);
        }
        let code = marked(source.line(line), &here, line);
        write!(
            out,
            "<tr><td class=\"number\">{line}</td><td class=\"code\"><pre>{code}</pre></td><td>"
        )?;
        for found in here {
            write_finding(out, found)?;
        }
        writeln!(out, "</td></tr>")?;
    }
    writeln!(out, "</table>")
}

fn write_finding(out: &mut impl Write, found: &Finding) -> io::Result<()> {
    let (class, maybe) = match found.conditional {
        true => ("found maybe", " (under a conditional)"),
        false => ("found", ""),
    };
    write!(
        out,
        "<div class=\"{class}\">{} <span class=\"rule\">{}{maybe}</span>",
        escape(&found.message),
        found.rule.id()
    )?;
    if let Some(replacement) = &found.replacement {
        write!(
            out,
            "<br><span class=\"instead\">→ {}</span>",
            escape(replacement)
        )?;
    }
    write!(out, "</div>")
}

/// A line with the findings that begin on it marked; one that goes on behind the line is marked to its end.
fn marked(line: &[u8], findings: &[&Finding], number: u32) -> String {
    let mut html = String::new();
    let mut at = 0;
    for found in findings.iter().filter(|found| found.line == number) {
        let start = (found.column as usize - 1).min(line.len());
        let end = match found.end_line == number {
            true => (found.end_column as usize - 1).min(line.len()),
            false => line.len(),
        };
        // Findings inside others are not marked again.
        if start < at || end <= start {
            continue;
        }
        html.push_str(&escape(&String::from_utf8_lossy(&line[at..start])));
        let inside = escape(&String::from_utf8_lossy(&line[start..end]));
        html.push_str(&format!("<mark>{inside}</mark>"));
        at = end;
    }
    html.push_str(&escape(&String::from_utf8_lossy(&line[at..])));
    html
}

fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            // Other control characters are not allowed in a page.
            '\t' => html.push('\t'),
            character if character.is_control() => html.push('\u{fffd}'),
            character => html.push(character),
        }
    }
    html
}
