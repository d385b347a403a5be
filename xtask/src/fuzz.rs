//! `cargo xtask fuzz`: builds a fuzz target with coverage and AddressSanitizer, and runs it for a while.
//!
//! The harness of a target is library code in the testkit; `fuzz/targets` holds a few lines each. A run starts
//! from the corpus of earlier ones in `fuzz/corpus`. Before it, the target sees the empty input alone: a run
//! that reaches no more code than that was not instrumented, or its harness decodes nothing, and is an error.
//! Beside the corpus, each run begins with long inputs drawn at random: what only many operations reach is found
//! from there, and libFuzzer's own work, which goes by inputs, is small beside that of the harness.

mod progress;

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use clap::Args;

use crate::conformance::subject::SANITIZED_TARGET;
use crate::problem::Stop;
use progress::Progress;

/// Arguments of `cargo xtask fuzz`.
#[derive(Args, Debug)]
pub struct FuzzArgs {
    /// The target: the name of a file in fuzz/targets
    target: String,
    /// Stop after this many seconds [default: 60]
    #[arg(long, value_name = "N", conflicts_with = "operations")]
    seconds: Option<u64>,
    /// Stop after this many operations of the harness
    #[arg(long, value_name = "N")]
    operations: Option<u64>,
    /// Start the random choices from this number, so that two runs make the same ones [default: another each time]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    seed: Option<u32>,
    /// Run this one input only, such as one that a finding left in fuzz/artifacts
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seconds", "operations", "seed"])]
    input: Option<PathBuf>,
}

/// A request that is too large fails with a null pointer, as the system's allocator answers it.
const ASAN_OPTIONS: &str = "allocator_may_return_null=1:detect_leaks=0";

/// When a run ends without a finding.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// After this many seconds.
    Seconds(u64),
    /// After this many operations.
    Operations(u64),
}

/// The flags that cargo-fuzz passes: coverage of edges, AddressSanitizer, one unit per crate. Comparisons are not
/// traced: an input is a list of choices, whose bytes no code compares with anything, and the calls took half of
/// the time.
const RUSTFLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-simplifycfg-branch-fold-threshold=0 \
    -Zsanitizer=address -Ccodegen-units=1 --cfg fuzzing";

/// Runs the command.
///
/// # Errors
///
/// An unknown target, a build that fails, a finding, or coverage that does not rise.
pub fn main(args: &FuzzArgs) -> Result<(), Stop> {
    let root = crate::paths::root();
    let target = Target::build(&root, &args.target)?;
    if let Some(input) = &args.input {
        let mut command = target.command();
        command.arg(input).env("ASAN_OPTIONS", ASAN_OPTIONS);
        return crate::tool::run(command, &format!("fuzz {}", args.target));
    }
    let limit = match args.operations {
        Some(count) => Limit::Operations(count),
        None => Limit::Seconds(args.seconds.unwrap_or(60)),
    };
    println!("{}", target.run(limit, args.seed)?);
    Ok(())
}

/// The names of all targets.
///
/// # Errors
///
/// A folder that cannot be read.
pub fn targets(root: &Path) -> Result<Vec<String>, Stop> {
    let folder = root.join("fuzz/targets");
    let listing = std::fs::read_dir(&folder).map_err(|error| Stop::io(&folder, &error))?;
    let stems = listing.flatten().filter_map(|entry| {
        let path = entry.path();
        Some(path.file_stem()?.to_string_lossy().into_owned())
    });
    let mut names: Vec<String> = stems.collect();
    names.sort();
    Ok(names)
}

/// A target that was built.
pub struct Target {
    name: String,
    root: PathBuf,
    binary: PathBuf,
}

impl Target {
    /// Builds the target of that name.
    ///
    /// # Errors
    ///
    /// No such target, or a build that fails.
    pub fn build(root: &Path, name: &str) -> Result<Self, Stop> {
        let names = targets(root)?;
        if !names.iter().any(|known| known == name) {
            let known = names.join(", ");
            return Err(Stop::Usage(format!(
                "no fuzz target `{name}` (known: {known})"
            )));
        }
        let folder = root.join("fuzz/target");
        let mut cargo = crate::tool::nightly_cargo(root);
        cargo
            .args([
                "build",
                "--quiet",
                "--release",
                "--manifest-path",
                "fuzz/Cargo.toml",
            ])
            .args(["--target", SANITIZED_TARGET, "--bin", name, "--target-dir"])
            .arg(&folder)
            .env("RUSTFLAGS", RUSTFLAGS);
        crate::tool::run(cargo, &format!("nightly build of the fuzz target `{name}`"))?;
        Ok(Self {
            name: name.to_string(),
            root: root.to_path_buf(),
            binary: folder.join(SANITIZED_TARGET).join("release").join(name),
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .current_dir(&self.root)
            // The leak detector does not look into the heap's reserved range, so it is off; a million operations
            // that leaked would run into the memory limit.
            .args([
                "-detect_leaks=0",
                "-timeout=60",
                "-rss_limit_mb=4096",
                "-print_final_stats=1",
            ])
            // Long inputs from the start: an operation that needs many before it is what short ones never reach.
            .args(["-max_len=4096", "-len_control=0"])
            // Weighing inputs by how rare their features are costs more than a long input itself.
            .arg("-entropic=0")
            .arg(format!("-artifact_prefix=fuzz/artifacts/{}/", self.name))
            // The stacks of all requests that were ever made are kept; with `--input` they are told whole.
            .env(
                "ASAN_OPTIONS",
                format!("{ASAN_OPTIONS}:malloc_context_size=3"),
            )
            // What a finding says is shown, and libFuzzer adds the stack.
            .env("RUST_BACKTRACE", "0");
        command
    }

    /// Runs the target until the limit; returns a line that says what was done.
    ///
    /// # Errors
    ///
    /// A finding, a run that could not start, or coverage that does not rise.
    pub fn run(&self, limit: Limit, seed: Option<u32>) -> Result<String, Stop> {
        for folder in ["corpus", "artifacts"] {
            let folder = self.root.join("fuzz").join(folder).join(&self.name);
            std::fs::create_dir_all(&folder).map_err(|error| Stop::io(&folder, &error))?;
        }
        let started = Instant::now();
        let mut empty = self.command();
        empty.arg("-runs=1");
        let baseline = self.follow(empty, None)?;
        let mut command = self.command();
        command.arg(format!("fuzz/corpus/{}", self.name));
        let long = self.root.join("fuzz/target/long");
        write_long_inputs(&long, seed.unwrap_or_else(std::process::id))?;
        command.arg(&long);
        if let Some(seed) = seed {
            command.arg(format!("-seed={seed}"));
        }
        let stop_at = match limit {
            Limit::Seconds(seconds) => {
                command.arg(format!("-max_total_time={seconds}"));
                None
            }
            Limit::Operations(count) => Some(count),
        };
        let progress = self.follow(command, stop_at)?;
        let (from, to) = (baseline.coverage, progress.coverage);
        if to <= from {
            let name = &self.name;
            return Err(Stop::Failed(format!(
                "fuzz {name}: coverage does not rise ({from} edges on the empty input, {to} at the end)"
            )));
        }
        let Progress {
            operations, inputs, ..
        } = progress;
        let seconds = started.elapsed().as_secs_f64();
        Ok(format!(
            "fuzz {}: no finding in {operations} operations ({inputs} inputs, {seconds:.0} s), \
             coverage {from} -> {to} edges",
            self.name
        ))
    }

    /// Reads what the run says, and ends it after the operations that were asked for.
    fn follow(&self, mut command: Command, stop_at: Option<u64>) -> Result<Progress, Stop> {
        let name = &self.name;
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Stop::Usage(format!("fuzz {name}: cannot be run: {error}")))?;
        let spinner = indicatif::ProgressBar::new_spinner().with_prefix(format!("fuzz {name}"));
        let mut progress = Progress::default();
        let mut last: VecDeque<String> = VecDeque::new();
        let mut ended = false;
        let stderr = child.stderr.take().ok_or_else(no_stderr)?;
        for line in BufReader::new(stderr).split(b'\n') {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line).into_owned();
            progress.read(&line);
            spinner.set_message(format!(
                "{} operations, {} edges",
                progress.operations, progress.coverage
            ));
            spinner.tick();
            if !is_status(&line) {
                if last.len() == LAST_LINES {
                    last.pop_front();
                }
                last.push_back(line);
            }
            if stop_at.is_some_and(|count| progress.operations >= count) && !ended {
                ended = true;
                terminate(&child);
            }
        }
        spinner.finish_and_clear();
        let status = child
            .wait()
            .map_err(|error| Stop::Usage(format!("fuzz {name}: {error}")))?;
        if status.success() || (ended && status.code() == Some(INTERRUPTED)) {
            return Ok(progress);
        }
        let lines: Vec<String> = last.into();
        Err(Stop::Failed(format!(
            "{}\nfuzz {name}: finding ({status}); run it again with cargo xtask fuzz {name} --input FILE",
            lines.join("\n")
        )))
    }
}

/// Long inputs at the start of a run, and the bytes of each.
const LONG_INPUTS: usize = 64;
const LONG_BYTES: usize = 2_048;

/// Fills a folder with random inputs; the same ones for the same seed.
fn write_long_inputs(folder: &Path, seed: u32) -> Result<(), Stop> {
    std::fs::create_dir_all(folder).map_err(|error| Stop::io(folder, &error))?;
    for (number, bytes) in long_inputs(seed).enumerate() {
        let file = folder.join(number.to_string());
        std::fs::write(&file, bytes).map_err(|error| Stop::io(&file, &error))?;
    }
    Ok(())
}

fn long_inputs(seed: u32) -> impl Iterator<Item = Vec<u8>> {
    // xorshift, from a state that is not zero.
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    std::iter::repeat_with(move || std::iter::repeat_with(&mut draw).take(LONG_BYTES).collect())
        .take(LONG_INPUTS)
}

/// Tells whether the line says how far the run is, and nothing about a finding.
fn is_status(line: &str) -> bool {
    let line = line.trim_start();
    ["#", "INFO:", "NEW_FUNC", "operations:"]
        .iter()
        .any(|start| line.starts_with(start) && !is_frame(line))
}

/// Tells whether the line is one of a sanitizer's stack trace, as in `#0 0x55… in malloc`.
fn is_frame(line: &str) -> bool {
    line.starts_with('#') && line.contains(" 0x")
}

/// How much of what a failed run said is shown.
const LAST_LINES: usize = 80;

/// The exit status of a libFuzzer that was asked to end.
const INTERRUPTED: i32 = 72;

fn terminate(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // The child was not waited for yet, so the number is still its own.
        let _ = kill_process(pid, Signal::TERM);
    }
}

fn no_stderr() -> Stop {
    Stop::Usage("standard error of the fuzz target cannot be read".to_string())
}

#[cfg(test)]
mod tests {
    use super::{LONG_BYTES, LONG_INPUTS, long_inputs};

    #[test]
    fn long_inputs_follow_from_the_seed_alone() {
        let first: Vec<Vec<u8>> = long_inputs(1).collect();
        assert_eq!(first.len(), LONG_INPUTS);
        assert!(first.iter().all(|input| input.len() == LONG_BYTES));
        assert_eq!(first, long_inputs(1).collect::<Vec<_>>());
        assert_ne!(first, long_inputs(2).collect::<Vec<_>>());
        assert_ne!(first[0], first[1]);
    }
}
