//! `mortice upgrade`: changes the sources of a C extension to newer names, or to abi3t.

use std::collections::BTreeMap;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use mortice_check::diff;
use mortice_check::files::Files;
use mortice_check::report::text::plural;
use mortice_check::source::{Problem as SourceProblem, Source};
use mortice_check::upgrade::{COMPAT_NAME, COMPAT_TEXT, FileUpgrade, Goal, upgrade_files};

use crate::check::{Colour, bar};
use crate::problem::Problem;
use crate::replace::replace;

// What is changed, and where to. Without a doc comment, so that the help is the command's.
#[derive(Args)]
pub struct Upgrade {
    /// What for: 3.12 (its names, in the full API) or abi3t.
    #[arg(long, value_name = "GOAL")]
    to: Goal,
    /// Rewrite the files instead of showing what would change.
    #[arg(long)]
    write: bool,
    /// When colours are used.
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    color: Colour,
    /// Files and folders.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Changes, and gives 0 if nothing is left to do.
pub fn upgrade(options: &Upgrade) -> Result<i32, Problem> {
    let files = Files::of(&options.paths);
    if files.found.is_empty() && files.problems.is_empty() {
        return Err(Problem::NoSource);
    }
    if let Some((path, problem)) = files.refused(&options.paths) {
        return Err(Problem::Path { path, problem });
    }
    let bar = bar(files.found.len());
    let folders = files.folders(&options.paths);
    let changed = upgrade_files(&files.found, folders, options.to, || bar.inc(1));
    bar.finish_and_clear();
    let mut told = Told::default();
    for (path, problem) in &files.problems {
        told.problem(path, problem);
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    match write(options, &changed, &mut told, &mut out) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(Problem::Output(error)),
        _ => {}
    }
    drop(out);
    told.finish(options);
    Ok(i32::from(told.left > 0))
}

/// What is told on standard error.
#[derive(Default)]
struct Told {
    lines: Vec<String>,
    /// Files that differ.
    files: usize,
    counts: BTreeMap<&'static str, usize>,
    /// Places and files that were left.
    left: usize,
}

impl Told {
    fn problem(&mut self, path: &Path, problem: &SourceProblem) {
        self.lines.push(format!("{}: {problem}", path.display()));
        self.left += usize::from(!problem.is_readable());
    }

    fn finish(&self, options: &Upgrade) {
        for line in &self.lines {
            eprintln!("{line}");
        }
        let changes: usize = self.counts.values().sum();
        let rules: Vec<String> = self
            .counts
            .iter()
            .map(|(rule, count)| format!("{count} {rule}"))
            .collect();
        let rules = match rules.is_empty() {
            true => String::new(),
            false => format!(" ({})", rules.join(", ")),
        };
        let done = if options.write { "made" } else { "to be made" };
        eprintln!(
            "{} {done} in {}{rules}, {} left",
            plural(changes, "change"),
            plural(self.files, "file"),
            plural(self.left, "place")
        );
    }
}

fn write(
    options: &Upgrade,
    changed: &[FileUpgrade],
    told: &mut Told,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let style = match options.color.is_on() {
        true => diff::Style::COLOUR,
        false => diff::Style::PLAIN,
    };
    for file in changed {
        let path = &file.path;
        let result = match &file.result {
            Ok(result) => result,
            Err(problem) => {
                told.problem(path, problem);
                continue;
            }
        };
        for problem in &result.problems {
            told.problem(path, problem);
        }
        for left in &result.remaining {
            let (line, column) = match options.write {
                true => left.after,
                false => left.before,
            };
            let (rule, reason) = (left.rule, &left.reason);
            let place = format!("{}:{line}:{column}", path.display());
            told.lines.push(format!("{place}: {reason} [{rule}]"));
            told.left += 1;
        }
        if result.text != file.before {
            told.files += 1;
            for (rule, count) in &result.counts {
                *told.counts.entry(rule).or_default() += count;
            }
            if options.write {
                if let Err(error) = replace(path, &result.text) {
                    told.lines
                        .push(format!("{}: cannot be written: {error}", path.display()));
                    told.left += 1;
                    continue;
                }
            } else {
                diff::write(out, path, &file.before, &result.text, style)?;
            }
        }
        if result.compat && options.write {
            put_compat(path, told);
        }
    }
    out.flush()
}

/// Lays the header beside a source that includes it. One that somebody changed is replaced by ours, which is newer.
fn put_compat(source: &Path, told: &mut Told) {
    let path = source.with_file_name(COMPAT_NAME);
    let there = Source::read(&path).ok();
    if there.is_some_and(|there| there.bytes() == COMPAT_TEXT.as_bytes()) {
        return;
    }
    if let Err(error) = replace(&path, COMPAT_TEXT.as_bytes()) {
        told.lines
            .push(format!("{}: cannot be written: {error}", path.display()));
        told.left += 1;
    }
}
