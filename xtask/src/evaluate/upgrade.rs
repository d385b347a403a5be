//! What is left to do after `mortice upgrade`.
//!
//! A copy of each package is upgraded in place and compiled before and after: for 3.12 with the headers of 3.11 and
//! 3.13, for abi3t with those of 3.15. Errors are counted as a compiler prints them, its mistaken ones included. A
//! second upgrade of the copy must change nothing. Packages with tests are built and tested: as they come, with the
//! newest interpreter that they still compile for, and upgraded.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde::Serialize;

use super::compile::Unit;
use super::corpus::{Package, Tests, unpack};
use super::{Bench, progress, save};
use crate::api::mode::Mode;
use crate::conformance::worker::clean_environment;
use crate::headers::{Headers, compiler};
use crate::problem::Stop;

/// The targets, and the minor versions and modes that sources are compiled for.
const TARGETS: [(&str, &[(u8, Mode)]); 2] = [
    ("3.12", &[(11, Mode::Full), (13, Mode::Full)]),
    ("abi3t", &[(15, Mode::Abi3t)]),
];

/// Versions that older packages were written for, newest first.
const OLDER: std::ops::RangeInclusive<u8> = 8..=10;

/// The version that upgraded sources are tested with.
const TESTED: u8 = 11;

/// One row of the result.
#[derive(Debug, Serialize)]
struct Row {
    package: String,
    to: &'static str,
    /// For each way of compiling: its name, and the errors before and after.
    errors: Vec<(String, usize, usize)>,
    /// How many lines differ.
    changed: usize,
    /// Whether a second upgrade changes something.
    is_stable: bool,
    tests_before: Option<String>,
    tests_after: Option<String>,
}

impl Row {
    fn print(&self) {
        let errors: Vec<String> = self
            .errors
            .iter()
            .map(|(name, before, after)| format!("{name}: {before} → {after}"))
            .collect();
        let tests = |tests: &Option<String>| tests.clone().unwrap_or("-".to_string());
        println!(
            "| {} | {} | {} | {} | {} | {} | {} |",
            self.package,
            self.to,
            errors.join(", "),
            self.changed,
            if self.is_stable { "yes" } else { "no" },
            tests(&self.tests_before),
            tests(&self.tests_after),
        );
    }
}

/// Measures `mortice upgrade`.
///
/// # Errors
///
/// A program that cannot be run, or an upgrade that fails.
pub fn run(bench: &Bench, packages: &[Package], json: Option<&Path>) -> Result<(), Stop> {
    let bar = progress(packages.len() * TARGETS.len(), "upgrading");
    let mut rows = Vec::new();
    for (to, compiled) in TARGETS {
        for package in packages {
            bar.set_message(format!("{} to {to}", package.title()));
            rows.push(measure(bench, package, to, compiled)?);
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    println!(
        "| package | to | errors | changed lines | second run changes nothing | tests before | tests after |"
    );
    println!("|---|---|---|---|---|---|---|");
    rows.iter().for_each(Row::print);
    save(json, &rows)
}

fn measure(
    bench: &Bench,
    package: &Package,
    to: &'static str,
    compiled: &[(u8, Mode)],
) -> Result<Row, Stop> {
    let before = bench.corpus.unpacked(package);
    let after = copy(bench, package, to)?;
    upgrade(bench, &after, to)?;
    let once = sources(&after)?;
    upgrade(bench, &after, to)?;
    let is_stable = sources(&after)? == once;
    let mut errors = Vec::new();
    for (minor, mode) in compiled {
        let Some(headers) = Headers::find(&bench.search, *minor)? else {
            continue;
        };
        let count = |folder: &Path| count_errors(bench, package, folder, &headers, *mode);
        let name = match mode {
            Mode::Full => format!("3.{minor}"),
            _ => mode.to_string(),
        };
        errors.push((name, count(&before)?, count(&after)?));
    }
    let tests = package.tests.as_ref().filter(|tests| tests.to == to);
    let (mut tests_before, mut tests_after) = (None, None);
    if let Some(tests) = tests {
        for minor in OLDER.rev() {
            let Some(headers) = Headers::find(&bench.search, minor)? else {
                continue;
            };
            if count_errors(bench, package, &before, &headers, Mode::Full)? == 0 {
                let fresh = copy(bench, package, "before")?;
                tests_before = Some(test(package, tests, Mode::Full, &fresh, &headers));
                break;
            }
        }
        let headers = match tests.module {
            Some(_) => Some(bench.newest.clone()),
            None => Headers::find(&bench.search, TESTED)?,
        };
        tests_after = headers.map(|headers| test(package, tests, Mode::Abi3t, &after, &headers));
    }
    let originals = sources(&before)?;
    let changed = once
        .iter()
        .map(|(path, text)| {
            let original = originals.iter().find(|(each, _)| each == path);
            changed_lines(original.map_or("", |(_, text)| text), text)
        })
        .sum();
    Ok(Row {
        package: package.title(),
        to,
        errors,
        changed,
        is_stable,
        tests_before,
        tests_after,
    })
}

/// A fresh copy of a package, beside what others need of its neighbours.
fn copy(bench: &Bench, package: &Package, what: &str) -> Result<PathBuf, Stop> {
    let into = bench.scratch.join(format!("to-{what}"));
    let folder = into.join(package.stem());
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Stop::io(&folder, &error));
        }
        _ => {}
    }
    let helpers = bench
        .corpus
        .packages
        .iter()
        .filter(|each| each.sources.is_empty());
    for each in helpers.chain([package]) {
        let archive = bench.corpus.archive(each);
        if archive.is_file() && !into.join(each.stem()).is_dir() {
            unpack(&archive, &into).map_err(Stop::Failed)?;
        }
    }
    Ok(folder)
}

fn upgrade(bench: &Bench, folder: &Path, to: &str) -> Result<(), Stop> {
    let what = format!("mortice upgrade --to {to} in {}", folder.display());
    let output = Command::new(&bench.mortice)
        .args(["upgrade", "--to", to, "--write", "."])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Stop::Usage(format!("{what}: cannot be run: {error}")))?;
    // Status 1 says that something is left to do.
    if matches!(output.status.code(), Some(0 | 1)) {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().next().unwrap_or_default();
    Err(Stop::Failed(format!("{what}: {}: {line}", output.status)))
}

fn count_errors(
    bench: &Bench,
    package: &Package,
    folder: &Path,
    headers: &Headers,
    mode: Mode,
) -> Result<usize, Stop> {
    let mut flags = package.flags.clone();
    flags.push(format!(
        "-I{}",
        bench.root.join("crates/check/compat").display()
    ));
    let mut count = 0;
    for source in package.files(folder)? {
        let unit = Unit {
            folder,
            source: &source,
            flags: &flags,
        };
        count += unit.errors(headers, mode, None)?.len();
    }
    Ok(count)
}

/// The C and C++ files below a folder, with their texts.
fn sources(folder: &Path) -> Result<Vec<(PathBuf, String)>, Stop> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(each) = folders.pop() {
        let listing = std::fs::read_dir(&each).map_err(|error| Stop::io(&each, &error))?;
        for entry in listing.flatten() {
            let path = entry.path();
            let ending = path.extension().unwrap_or_default().to_string_lossy();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if ["c", "h", "cpp", "hpp", "cc"].contains(&&*ending) {
                let bytes = std::fs::read(&path).map_err(|error| Stop::io(&path, &error))?;
                let below = crate::paths::shown(folder, &path).to_path_buf();
                all.push((below, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    all.sort();
    Ok(all)
}

fn changed_lines(before: &str, after: &str) -> usize {
    if before == after {
        return 0;
    }
    let difference = similar::TextDiff::from_lines(before, after);
    let changes = difference.iter_all_changes();
    changes
        .filter(|change| change.tag() == similar::ChangeTag::Insert)
        .count()
}

/// Builds a package and runs its tests; says how many passed, or why there are none. The mode is for what the compiler
/// alone makes.
fn test(package: &Package, tests: &Tests, mode: Mode, folder: &Path, headers: &Headers) -> String {
    let python = &headers.oracle.path;
    let version = &headers.oracle.version;
    let result = build(package, tests, mode, folder, headers).and_then(|()| {
        let mut command = Command::new(python);
        clean_environment(&mut command);
        command
            .args(&tests.run)
            .current_dir(folder)
            .env("PYTHONPATH", folder.join(&tests.path));
        command.output().map_err(|error| error.to_string())
    });
    match result.and_then(|output| counts(&output)) {
        Ok(Counts { ran, bad, skipped }) => {
            let passed = ran.saturating_sub(bad + skipped);
            let skipped = match skipped {
                0 => String::new(),
                _ => format!(", {skipped} skipped,"),
            };
            format!("{passed} of {ran}{skipped} on {version}")
        }
        Err(why) => format!("none on {version}: {why}"),
    }
}

fn build(
    package: &Package,
    tests: &Tests,
    mode: Mode,
    folder: &Path,
    headers: &Headers,
) -> Result<(), String> {
    let mut command = match &tests.module {
        Some(module) => {
            let mut command = compiler();
            let module = match mode {
                Mode::Full => module.replace(".abi3t.", "."),
                _ => module.clone(),
            };
            command
                .args(["-shared", "-fPIC", "-O2", "-w"])
                .args(headers.flags())
                .args(mode.flag())
                .args(&package.flags)
                .args(&package.sources)
                .args(["-o", &module]);
            command
        }
        None => {
            let mut command = Command::new(&headers.oracle.path);
            clean_environment(&mut command);
            command.args(["setup.py", "--quiet", "build_ext", "--inplace"]);
            command
        }
    };
    let output = command
        .current_dir(folder)
        .output()
        .map_err(|error| format!("the build cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find(|line| line.contains("rror"));
    Err(format!("the build: {}", line.unwrap_or("fails").trim()))
}

/// How many tests ran, and what became of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counts {
    ran: usize,
    /// Failures and errors.
    bad: usize,
    skipped: usize,
}

/// Reads what unittest prints at the end.
fn counts(output: &Output) -> Result<Counts, String> {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    let number = |word: &str| {
        word.trim_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .ok()
    };
    let ran: Option<usize> = text
        .lines()
        .rev()
        .find_map(|line| number(line.strip_prefix("Ran ")?.split(' ').next()?));
    let Some(ran) = ran else {
        let last = text.lines().rfind(|line| !line.trim().is_empty());
        return Err(format!(
            "{}: {}",
            output.status,
            last.unwrap_or("nothing printed")
        ));
    };
    let end = text
        .lines()
        .rfind(|line| line.starts_with("FAILED") || line.starts_with("OK"));
    let end = end.ok_or("the tests do not end")?;
    let sum = |words: &[&str]| -> usize {
        end.split(['(', ',', ')'])
            .filter_map(|part| part.trim().split_once('='))
            .filter(|(word, _)| words.contains(word))
            .filter_map(|(_, count)| count.parse::<usize>().ok())
            .sum()
    };
    Ok(Counts {
        ran,
        bad: sum(&["failures", "errors"]),
        skipped: sum(&["skipped"]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unittest_prints_is_counted() {
        let output = |text: &str| Output {
            status: Default::default(),
            stdout: Vec::new(),
            stderr: text.as_bytes().to_vec(),
        };
        let all = |ran, bad, skipped| Ok(Counts { ran, bad, skipped });
        assert_eq!(
            counts(&output("Ran 26 tests in 0.1s\n\nOK\n")),
            all(26, 0, 0)
        );
        let text = "Ran 257 tests in 1.5s\n\nFAILED (failures=1, errors=27)\n";
        assert_eq!(counts(&output(text)), all(257, 28, 0));
        let text = "Ran 51 tests in 0.1s\n\nOK (skipped=2)\n";
        assert_eq!(counts(&output(text)), all(51, 0, 2));
        assert!(
            counts(&output("ImportError: no\n"))
                .unwrap_err()
                .contains("ImportError")
        );
    }

    #[test]
    fn an_inserted_line_is_a_changed_line() {
        assert_eq!(changed_lines("a\nb\n", "a\nc\nd\n"), 2);
        assert_eq!(changed_lines("a\n", "a\n"), 0);
    }
}
