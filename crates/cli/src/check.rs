//! `mortice check`: what keeps the sources of a C extension from a stable ABI.

use std::io::{BufWriter, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use mortice_check::files::Files;
use mortice_check::report::{FileReport, check_files, html, json, sarif, text};
use mortice_check::summary::{Summary, Verdict};
use mortice_check::target::Target;
use mortice_check::unit::Reader;

use crate::problem::Problem;

// What is checked, and how it is told. Without a doc comment, so that the help is the command's.
#[derive(Args)]
pub struct Check {
    /// The ABI: abi3-3.12, abi3-3.15 or abi3t.
    #[arg(long, default_value = "abi3t", value_name = "ABI")]
    target: Target,
    /// How findings are written.
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: Format,
    /// When colours are used.
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    color: Colour,
    /// Files and folders.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Html,
}

/// When text is coloured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colour {
    /// Tells whether standard output is coloured.
    pub fn is_on(self) -> bool {
        match self {
            Colour::Auto => {
                let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                !refused && std::io::stdout().is_terminal()
            }
            Colour::Always => true,
            Colour::Never => false,
        }
    }
}

/// Files from which on a bar shows how far the work is.
const MANY_FILES: usize = 20;

/// Checks, and gives 0 if nothing is in the way.
pub fn check(options: &Check) -> Result<i32, Problem> {
    let files = Files::of(&options.paths);
    if files.found.is_empty() && files.problems.is_empty() {
        return Err(Problem::NoSource);
    }
    if let Some((path, problem)) = files.refused(&options.paths) {
        return Err(Problem::Path { path, problem });
    }
    let reader = Reader::new(options.target, files.folders(&options.paths));
    let bar = bar(files.found.len());
    let mut reports = check_files(&files.found, &reader, || bar.inc(1));
    bar.finish_and_clear();
    for (path, problem) in files.problems {
        reports.push(FileReport::unread(path, problem));
    }
    let summary = Summary::of(options.target, &reports);
    match write(options, &reports, &summary) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(Problem::Output(error)),
        _ => {}
    }
    Ok(i32::from(summary.verdict != Verdict::Ready))
}

/// A bar over many files, on standard error.
pub fn bar(count: usize) -> ProgressBar {
    if count < MANY_FILES {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(count as u64).with_prefix("files");
    if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}

fn write(options: &Check, reports: &[FileReport], summary: &Summary) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    match options.format {
        Format::Text => {
            let style = match options.color.is_on() {
                true => text::Style::COLOUR,
                false => text::Style::PLAIN,
            };
            text::write(&mut out, reports, summary, style)?;
        }
        Format::Json => json::write(&mut out, reports, summary)?,
        Format::Html => html::write(&mut out, reports, summary)?,
        Format::Sarif => sarif::write(&mut out, reports, summary)?,
    }
    out.flush()
}
