//! `cargo xtask bench`: what things cost, in instructions and in time.
//!
//! Instruction benches (`benches/instructions.rs` of a crate, run by iai-callgrind under valgrind) give the same
//! figures on every run, so they are compared with committed ones, and growth fails. Timed benches
//! (`benches/timed_*.rs`) run this project and its peers side by side in one process, interleaved, and print rows
//! of medians themselves; they are reported, for a time depends on the machine. So are the comparisons in packages of
//! their own (`peers/` of a crate), which run only when they are asked for by their crate's name: their peers are built
//! from C and C++.

mod figures;
mod instructions;
mod peers;
mod row;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use clap::Args;

use crate::problem::Stop;
use figures::Figures;
use row::Row;

/// Arguments of `cargo xtask bench`.
#[derive(Args, Debug, Default)]
pub struct BenchArgs {
    /// Only benches whose crate and name contain this, as in mem/instructions or timed_
    #[arg(default_value = "")]
    pub name: String,
    /// Write the rows to this file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Commit to the instruction counts of this run
    #[arg(long)]
    pub save: bool,
}

/// One bench target of a crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bench {
    /// The folder below `crates`.
    folder: String,
    /// The name of the target.
    name: String,
}

impl Bench {
    fn is_peers(&self) -> bool {
        self.name == "peers"
    }

    /// Whether the name asks for this bench. An empty one does not ask for peers.
    fn is_meant(&self, name: &str) -> bool {
        let full = format!("{}/{}", self.folder, self.name);
        full.contains(name) && !(self.is_peers() && name.is_empty())
    }

    fn is_instructions(&self) -> bool {
        self.name == "instructions"
    }
}

/// Runs the command.
///
/// # Errors
///
/// No such bench, a missing tool, or instruction counts that grew.
pub fn main(args: &BenchArgs) -> Result<(), Stop> {
    let root = crate::paths::root();
    let benches = discover(&root)?;
    let chosen: Vec<&Bench> = benches
        .iter()
        .filter(|bench| bench.is_meant(&args.name))
        .collect();
    if chosen.is_empty() {
        let known: Vec<String> = benches
            .iter()
            .map(|b| format!("{}/{}", b.folder, b.name))
            .collect();
        let message = format!(
            "no bench contains `{}` (known: {})",
            args.name,
            known.join(", ")
        );
        return Err(Stop::Usage(message));
    }
    if chosen.iter().any(|bench| bench.is_instructions()) {
        instructions::check_tools(&root)?;
    }
    let path = root.join("docs/performance/instructions.json");
    let mut figures = Figures::load(&path)?;
    let mut rows = Vec::new();
    for bench in chosen {
        if bench.is_instructions() {
            let counts = instructions::parse(&run(&root, bench, &["--output-format=json"])?)?;
            if args.save {
                figures.replace(&bench.folder, &counts);
            }
            rows.extend(figures.rows(&bench.folder, &counts));
        } else if bench.is_peers() {
            rows.extend(row::parse(&peers::run(&root, &bench.folder)?)?);
        } else {
            rows.extend(row::parse(&run(&root, bench, &[])?)?);
        }
    }
    for row in &rows {
        println!("{row}");
    }
    if args.save {
        figures.save(&path)?;
    }
    if let Some(path) = &args.json {
        let mut text = serde_json::to_string_pretty(&rows).unwrap_or_default();
        text.push('\n');
        std::fs::write(path, text).map_err(|error| Stop::io(path, &error))?;
    }
    let grown: Vec<&Row> = rows
        .iter()
        .filter(|row| row.unit == instructions::UNIT && !row.met)
        .collect();
    if grown.is_empty() {
        Ok(())
    } else {
        let loads: Vec<&str> = grown.iter().map(|row| row.load.as_str()).collect();
        Err(Stop::Failed(format!(
            "bench: {} instruction counts grew by more than 2 % or have no committed figure: {}",
            grown.len(),
            loads.join(", ")
        )))
    }
}

/// The benches of all crates: `benches/instructions.rs` and `benches/timed_*.rs`.
fn discover(root: &Path) -> Result<Vec<Bench>, Stop> {
    let crates = root.join("crates");
    let listing = std::fs::read_dir(&crates).map_err(|error| Stop::io(&crates, &error))?;
    let mut benches = Vec::new();
    for folder in listing.flatten() {
        if folder.path().join("peers/Cargo.toml").is_file() {
            benches.push(Bench {
                folder: folder.file_name().to_string_lossy().into_owned(),
                name: "peers".into(),
            });
        }
        let Ok(listing) = std::fs::read_dir(folder.path().join("benches")) else {
            continue;
        };
        for entry in listing.flatten() {
            let path = entry.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let rust = path.extension().is_some_and(|ending| ending == "rs");
            if rust && (name == "instructions" || name.starts_with("timed_")) {
                benches.push(Bench {
                    folder: folder.file_name().to_string_lossy().into_owned(),
                    name: name.into_owned(),
                });
            }
        }
    }
    benches.sort();
    Ok(benches)
}

/// Runs a bench and returns what it prints on standard output.
fn run(root: &Path, bench: &Bench, arguments: &[&str]) -> Result<String, Stop> {
    let Bench { folder, name } = bench;
    let mut cargo = crate::tool::cargo(root);
    cargo
        .args(["bench", "--quiet", "--manifest-path"])
        .arg(format!("crates/{folder}/Cargo.toml"))
        .args(["--bench", name, "--"])
        .args(arguments)
        .stderr(Stdio::inherit());
    let what = format!("bench {folder}/{name}");
    let output = cargo
        .output()
        .map_err(|error| Stop::Usage(format!("{what}: cannot be run: {error}")))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(Stop::Failed(format!("{what}: {}", output.status)))
    }
}
