//! `cargo xtask ci`: everything that has to hold, in one run that ends with `N passed, N failed`.
//!
//! A step that fails does not stop the others. Tests and cases count one each, every other step counts one.

mod counted;

use std::path::Path;

use crate::bench::BenchArgs;
use crate::conformance::oracle::{Search, Series};
use crate::conformance::run::RunArgs;
use crate::conformance::subject::target_folder;
use crate::fuzz::{Limit, Target, targets};
use crate::problem::Stop;

/// How long each fuzz target runs.
const FUZZ_SECONDS: u64 = 5;

/// What the fuzz targets choose from: the same each time, so that a change fails by what it changes.
const FUZZ_SEED: u32 = 1;

/// Fuzz targets that compare with a CPython process.
const NEED_ORACLE: &[&str] = &["classes", "slots"];

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    /// Runs a step that counts one.
    fn step(&mut self, name: &str, step: impl FnOnce() -> Result<(), Stop>) {
        announce(name);
        self.count(name, step(), 1, 0);
    }

    /// Adds the counts of a step that ran; a step that failed counts at least one failure.
    fn count(&mut self, name: &str, result: Result<(), Stop>, passed: usize, failed: usize) {
        match result {
            Ok(()) => {
                self.passed += passed;
                self.failed += failed;
            }
            Err(stop) => {
                println!("{stop}\nFAILED: {name}");
                self.passed += if failed > 0 { passed } else { 0 };
                self.failed += failed.max(1);
            }
        }
    }
}

fn announce(name: &str) {
    println!("\n== {name}");
}

/// Runs every step.
///
/// # Errors
///
/// How many failed.
pub fn main() -> Result<(), Stop> {
    let root = crate::paths::root();
    let mut tally = Tally::default();
    tally.step("tidy", crate::tidy::main);
    tally.step("format", || cargo(&root, &["fmt", "--all", "--check"]));
    tally.step("format of the fuzz targets", || {
        cargo(
            &root,
            &["fmt", "--check", "--manifest-path", "fuzz/Cargo.toml"],
        )
    });
    tally.step("format of the wheel", || {
        cargo(
            &root,
            &["fmt", "--check", "--manifest-path", crate::wheel::MANIFEST],
        )
    });
    tally.step("clippy", || {
        cargo(
            &root,
            &[
                "clippy",
                "--quiet",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ],
        )
    });
    match crate::wheel::pythons(&root) {
        Ok(pythons) if pythons.is_empty() => {
            println!("\n== clippy of the wheel: skipped, there is no CPython to build it for");
        }
        Ok(pythons) => {
            for oracle in &pythons {
                let version = &oracle.version;
                tally.step(
                    &format!("clippy of the wheel for CPython {version}"),
                    || crate::wheel::clippy(&root, oracle),
                );
            }
        }
        Err(stop) => tally.count("clippy of the wheel", Err(stop), 0, 0),
    }
    tally.step("model of the inbox", || {
        // Other flags, so a folder of its own: what is built for the rest stays.
        let mut cargo = crate::tool::cargo(&root);
        cargo
            .args(["test", "-p", "mortice-mem", "--test", "loom", "--release"])
            .arg("--target-dir")
            .arg(target_folder(&root).join("loom"))
            .env("RUSTFLAGS", "--cfg loom");
        crate::tool::run(cargo, "cargo test --test loom")
    });
    announce("test");
    let (result, passed, failed) = counted::run(&root);
    tally.count("test", result, passed, failed);
    tally.step("installation of the wheel by pip", || {
        crate::wheel::suite::install(&root)
    });
    announce("conformance");
    let (result, passed, failed) = conformance(&root);
    tally.count("conformance", result, passed, failed);
    match targets(&root) {
        Ok(names) => {
            let has_oracle = matches!(
                Search {
                    given: Vec::new(),
                    root: root.clone()
                }
                .version(Series::REFERENCE),
                Ok(Some(_))
            );
            for name in names {
                if NEED_ORACLE.contains(&name.as_str()) && !has_oracle {
                    println!("\n== fuzz {name}: skipped, there is no reference CPython");
                    continue;
                }
                tally.step(&format!("fuzz {name} for {FUZZ_SECONDS} s"), || {
                    fuzz(&root, &name)
                });
            }
        }
        Err(stop) => tally.count("fuzz", Err(stop), 0, 0),
    }
    tally.step("instruction benches", || {
        crate::bench::main(&BenchArgs {
            name: "/instructions".to_string(),
            ..BenchArgs::default()
        })
    });
    let Tally { passed, failed } = tally;
    println!("\n{passed} passed, {failed} failed");
    if failed == 0 {
        Ok(())
    } else {
        Err(Stop::Failed("ci: not everything holds".to_string()))
    }
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<(), Stop> {
    let mut cargo = crate::tool::cargo(root);
    cargo.args(arguments);
    crate::tool::run(cargo, &format!("cargo {}", arguments[0]))
}

fn fuzz(root: &Path, name: &str) -> Result<(), Stop> {
    let summary = Target::build(root, name)?.run(Limit::Seconds(FUZZ_SECONDS), Some(FUZZ_SEED))?;
    println!("{summary}");
    Ok(())
}

/// Runs the suite, on the reference oracle where it is found, and counts cases over all hosts.
fn conformance(root: &Path) -> (Result<(), Stop>, usize, usize) {
    let search = Search {
        given: Vec::new(),
        root: root.to_path_buf(),
    };
    let mut args = RunArgs::default();
    args.selection.jobs = 2;
    match search.version(Series::REFERENCE) {
        Ok(Some(oracle)) => args.selection.oracle.push(oracle.path),
        Ok(None) => println!(
            "no CPython {}: going on with what is found",
            Series::REFERENCE
        ),
        Err(stop) => return (Err(stop), 0, 0),
    }
    let json = target_folder(root).join("conformance.json");
    args.json = Some(json.clone());
    // What an earlier run wrote must not be counted for this one.
    let _ = std::fs::remove_file(&json);
    let result = crate::conformance::run::run(root, &args, &mut std::io::stdout());
    let text = std::fs::read_to_string(&json).unwrap_or_default();
    let counts: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let sum = |keys: &[&str]| -> usize {
        let hosts = counts["hosts"].as_object();
        let counts = hosts.into_iter().flat_map(|hosts| hosts.values());
        let values =
            counts.flat_map(|counts| keys.iter().map(|key| counts[*key].as_u64().unwrap_or(0)));
        values.sum::<u64>().try_into().unwrap_or(usize::MAX)
    };
    let (passed, failed) = (sum(&["passed"]), sum(&["failed", "stale"]));
    (result, passed, failed)
}
