//! `cargo xtask evaluate-check`: how much of what a compiler rejects `mortice check` finds, and how much of what it
//! finds is right; and what is left to do after `mortice upgrade`.
//!
//! The corpus are source distributions of real extensions. Each is compiled with the headers of CPython 3.15, in the
//! limited API and with opaque objects, and the rejected lines are compared with the findings.

mod compare;
mod compile;
mod corpus;
mod findings;
mod rejected;
mod statements;
mod upgrade;

use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::api::mode::Mode;
use crate::conformance::oracle::{Search, Series};
use crate::conformance::subject::target_folder;
use crate::headers::{Headers, MINORS};
use crate::problem::Stop;
use compare::Comparison;
use compile::Unit;
use corpus::{Corpus, Package};
use rejected::Rejected;

/// What is measured: the name for `mortice check`, and the compiler's mode.
const TARGETS: [(&str, Mode); 2] = [
    ("abi3-3.15", Mode::Limited(*MINORS.end())),
    ("abi3t", Mode::Abi3t),
];

/// Arguments of `cargo xtask evaluate-check`.
#[derive(Args, Debug, Default)]
pub struct EvaluateArgs {
    /// Only packages whose name and version contain one of these, as in bitarray or lru-dict
    names: Vec<String>,
    /// Where the source distributions are kept [default: the target folder]
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Write the rows to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The program to measure [default: the one that cargo builds]
    #[arg(long, value_name = "PATH")]
    mortice: Option<PathBuf>,
    /// Say which lines were missed and which findings are wrong
    #[arg(long, short)]
    verbose: bool,
    /// Measure `mortice upgrade` instead
    #[arg(long)]
    upgrade: bool,
    /// Only download the packages
    #[arg(long, conflicts_with = "upgrade")]
    download: bool,
}

/// One row of the result.
#[derive(Debug, Serialize)]
struct Row {
    package: String,
    target: &'static str,
    lines: usize,
    findings: usize,
    not_judged: usize,
    rejected: usize,
    found: usize,
    plain: usize,
    plain_found: usize,
    right: usize,
    judged: usize,
}

impl Row {
    fn new(package: String, target: &'static str, lines: usize, counts: &Comparison) -> Self {
        Self {
            package,
            target,
            lines,
            findings: counts.judged + counts.not_judged,
            not_judged: counts.not_judged,
            rejected: counts.rejected,
            found: counts.found,
            plain: counts.plain,
            plain_found: counts.plain_found,
            right: counts.right,
            judged: counts.judged,
        }
    }

    fn print(&self) {
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            self.package,
            self.target,
            self.lines,
            self.rejected,
            percent(self.found, self.rejected),
            self.plain,
            percent(self.plain_found, self.plain),
            self.findings,
            percent(self.right, self.judged),
        );
    }
}

fn percent(part: usize, whole: usize) -> String {
    match whole {
        0 => "-".to_string(),
        // Rounded down, so that 100 % means all.
        _ => format!("{}.{} %", part * 100 / whole, part * 1000 / whole % 10),
    }
}

/// What every part of the evaluation needs.
struct Bench {
    root: PathBuf,
    corpus: Corpus,
    search: Search,
    newest: Headers,
    mortice: PathBuf,
    scratch: PathBuf,
}

/// Runs the command.
///
/// # Errors
///
/// No CPython 3.15 with its headers, no program to measure, or no such package.
pub fn main(args: &EvaluateArgs) -> Result<(), Stop> {
    let root = crate::paths::root();
    let target = target_folder(&root);
    let folder = args.corpus.clone().unwrap_or(target.join("corpus"));
    let folder = std::path::absolute(&folder).map_err(|error| Stop::io(&folder, &error))?;
    let corpus = Corpus::load(&root, folder)?;
    let search = Search {
        given: Vec::new(),
        root: root.clone(),
    };
    let packages = fetch(&corpus, &search, &args.names)?;
    if args.download {
        return Ok(());
    }
    let Some(newest) = Headers::find(&search, *MINORS.end())? else {
        let series = Series::REFERENCE;
        return Err(Stop::Usage(format!(
            "no CPython {series} with its headers found"
        )));
    };
    let mortice = match &args.mortice {
        Some(path) => std::path::absolute(path).map_err(|error| Stop::io(path, &error))?,
        None => build(&root)?,
    };
    let scratch = target.join("evaluate");
    std::fs::create_dir_all(&scratch).map_err(|error| Stop::io(&scratch, &error))?;
    let bench = Bench {
        root,
        corpus,
        search,
        newest,
        mortice,
        scratch,
    };
    if args.upgrade {
        return upgrade::run(&bench, &packages, args.json.as_deref());
    }
    check(&bench, &packages, args)
}

/// Downloads the packages that are meant, and says which cannot be compiled here.
fn fetch(corpus: &Corpus, search: &Search, names: &[String]) -> Result<Vec<Package>, Stop> {
    let compiled = |package: &&Package| !package.sources.is_empty();
    let meant = |package: &&Package| {
        names.is_empty() || names.iter().any(|name| package.title().contains(name))
    };
    let chosen: Vec<&Package> = corpus
        .packages
        .iter()
        .filter(compiled)
        .filter(meant)
        .collect();
    if chosen.is_empty() {
        return Err(Stop::Usage(format!(
            "no package is called {}",
            names.join(", ")
        )));
    }
    let helpers = corpus
        .packages
        .iter()
        .filter(|each| each.sources.is_empty());
    let all: Vec<&Package> = helpers.chain(chosen).collect();
    // Packages of some age do not say how they are built in the newest interpreters.
    let mut pythons = [11, 12, 13, 10].into_iter().filter_map(|minor| {
        let found = Headers::find(search, minor).ok().flatten()?;
        Some(found.oracle.path)
    });
    let python = pythons.next().unwrap_or_else(|| PathBuf::from("python3"));
    let bar = progress(all.len(), "downloading");
    let mut ready = Vec::new();
    for package in all {
        bar.set_message(package.title());
        let fetched = match package.missing() {
            Some(missing) => Err(missing),
            None => corpus.fetch(package, &python),
        };
        match fetched {
            Ok(_) if package.sources.is_empty() => {}
            Ok(_) => ready.push(package.clone()),
            Err(why) => bar.suspend(|| eprintln!("left out: {}: {why}", package.title())),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(ready)
}

/// Builds the program to measure.
fn build(root: &Path) -> Result<PathBuf, Stop> {
    let mut cargo = crate::tool::cargo(root);
    cargo.args(["build", "--quiet", "--release", "--package", "mortice-cli"]);
    crate::tool::run(cargo, "cargo build of mortice")?;
    Ok(target_folder(root).join("release/mortice"))
}

fn progress(length: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64);
    if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    bar.set_prefix(what.to_string());
    bar
}

/// Measures `mortice check`.
fn check(bench: &Bench, packages: &[Package], args: &EvaluateArgs) -> Result<(), Stop> {
    let bar = progress(packages.len() * TARGETS.len(), "compiling");
    let mut rows = Vec::new();
    let mut remarks = Vec::new();
    for (target, mode) in TARGETS {
        let mut sum = Comparison::default();
        let mut lines = 0;
        for package in packages {
            bar.set_message(format!("{} {target}", package.title()));
            let folder = bench.corpus.unpacked(package);
            let mut rejected = Rejected::default();
            for source in package.files(&folder)? {
                let unit = Unit {
                    folder: &folder,
                    source: &source,
                    flags: &package.flags,
                };
                rejected.add(&unit, &bench.newest, mode, &bench.scratch)?;
            }
            let found = findings::find(&bench.mortice, &folder, target)?;
            let compared = Comparison::new(&found, &rejected);
            let title = package.title();
            for remark in &compared.remarks {
                remarks.push(format!("{title} {target}: {remark}"));
            }
            rows.push(Row::new(title, target, rejected.lines(), &compared));
            sum.add(&compared);
            lines += rejected.lines();
            bar.inc(1);
        }
        rows.push(Row::new("all".to_string(), target, lines, &sum));
    }
    bar.finish_and_clear();
    if args.verbose {
        remarks.iter().for_each(|remark| println!("{remark}"));
    }
    println!(
        "| package | target | lines | rejected lines | found | named in one run | found | findings | right |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    rows.iter().for_each(Row::print);
    save(args.json.as_deref(), &rows)
}

fn save(path: Option<&Path>, rows: &impl Serialize) -> Result<(), Stop> {
    let Some(path) = path else {
        return Ok(());
    };
    let mut text = serde_json::to_string_pretty(rows).unwrap_or_default();
    text.push('\n');
    std::fs::write(path, text).map_err(|error| Stop::io(path, &error))
}
