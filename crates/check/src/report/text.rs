//! The report as text: a line for each finding, like a compiler's, with what to write instead below it.

use std::io::{self, Write};

use super::FileReport;
use crate::finding::{Finding, Rule};
use crate::summary::{Counts, Summary};

/// How parts of the text are marked: what is written before and behind each.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    place: [&'static str; 2],
    rule: [&'static str; 2],
    good: [&'static str; 2],
    quiet: [&'static str; 2],
}

impl Style {
    /// Without marks.
    pub const PLAIN: Self = Self {
        place: [""; 2],
        rule: [""; 2],
        good: [""; 2],
        quiet: [""; 2],
    };

    /// With a terminal's colours.
    pub const COLOUR: Self = Self {
        place: ["\u{1b}[1m", "\u{1b}[0m"],
        rule: ["\u{1b}[31m", "\u{1b}[0m"],
        good: ["\u{1b}[32m", "\u{1b}[0m"],
        quiet: ["\u{1b}[2m", "\u{1b}[0m"],
    };
}

fn marked(text: impl std::fmt::Display, [before, behind]: [&str; 2]) -> String {
    format!("{before}{text}{behind}")
}

/// Writes the report.
///
/// # Errors
///
/// The writer's.
pub fn write(
    out: &mut impl Write,
    files: &[FileReport],
    summary: &Summary,
    style: Style,
) -> io::Result<()> {
    for file in files {
        write_file(out, file, style)?;
    }
    let with: Vec<&FileReport> = files
        .iter()
        .filter(|file| !file.findings.is_empty())
        .collect();
    if with.len() > 1 {
        write_table(out, &with)?;
    }
    write_summary(out, summary, style)
}

fn write_file(out: &mut impl Write, file: &FileReport, style: Style) -> io::Result<()> {
    let path = file.path.display();
    for problem in &file.problems {
        writeln!(out, "{}: {problem}", marked(&path, style.place))?;
    }
    for finding in &file.findings {
        let Finding {
            line,
            column,
            message,
            ..
        } = finding;
        let place = marked(format_args!("{path}:{line}:{column}:"), style.place);
        let rule = marked(format_args!("[{}]", finding.rule.id()), style.rule);
        let maybe = match finding.conditional {
            true => marked(" (under a conditional)", style.quiet),
            false => String::new(),
        };
        writeln!(out, "{place} {message} {rule}{maybe}")?;
        if let Some(replacement) = &finding.replacement {
            let arrow = marked("→", style.good);
            writeln!(out, "    {arrow} {replacement}")?;
        }
    }
    if !file.findings.is_empty() || !file.problems.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

fn write_table(out: &mut impl Write, files: &[&FileReport]) -> io::Result<()> {
    writeln!(
        out,
        "{:>9} {:>11} {:>8}  file",
        "findings", "mechanical", "thought"
    )?;
    for file in files {
        let counts = Counts::of(&file.findings);
        writeln!(
            out,
            "{:>9} {:>11} {:>8}  {}",
            counts.findings,
            counts.mechanical,
            counts.thought,
            file.path.display()
        )?;
    }
    writeln!(out)
}

fn write_summary(out: &mut impl Write, summary: &Summary, style: Style) -> io::Result<()> {
    let counts = &summary.counts;
    for rule in Rule::ALL {
        let Some(count) = counts.rules.get(rule.id()) else {
            continue;
        };
        let reason = marked(rule.reason(), style.quiet);
        writeln!(out, "{count:>9}  {:<20} {reason}", rule.id())?;
    }
    if !counts.rules.is_empty() {
        writeln!(out)?;
    }
    let files = plural(summary.files, "file");
    let lines = plural(summary.lines, "line");
    let findings = plural(counts.findings, "finding");
    writeln!(
        out,
        "{files}, {lines}: {findings}, {} mechanical, {} to be thought about{}",
        counts.mechanical,
        counts.thought,
        match summary.unread_files {
            0 => String::new(),
            unread => format!("; {} not read", plural(unread, "file")),
        }
    )?;
    let colour = match counts.rules.is_empty() {
        true => style.good,
        false => style.rule,
    };
    let verdict = marked(summary.verdict, colour);
    writeln!(out, "{}: {verdict}", summary.target)
}

/// A number of things, in words.
pub fn plural(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
