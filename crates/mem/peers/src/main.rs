//! The object domain beside pymalloc, glibc, mimalloc, jemalloc and snmalloc: time, instructions and resident memory on
//! the same loads. `cargo xtask bench mem` runs it and gives it the libraries and traces.
//!
//! Rows are printed as JSON, one a line, in the form of `docs/testing.md`.

mod contender;
mod load;
mod pymalloc;
mod resident;
mod subject;
mod threads;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};
use mortice_mem::Memory;
use mortice_profile::trace::Trace;
use serde_json::{Map, Value, json};

use contender::{Contender, Entry, Load, interleave};
use load::Order;
use subject::{Called, Functions, Inlined, Subject};

type Failure = Box<dyn std::error::Error>;

/// Compare the object domain with other allocators
#[derive(Parser)]
struct Args {
    /// A shared library of CPython, for pymalloc
    #[arg(long, global = true, value_name = "FILE")]
    libpython: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Times of all loads, the allocators in turns
    Times {
        /// Recorded allocations that are replayed
        traces: Vec<PathBuf>,
        /// Rounds of each load
        #[arg(long, default_value_t = 15)]
        rounds: usize,
    },
    /// Instructions of an allocation and its release, counted by callgrind
    Instructions,
    /// Resident bytes for each byte in use
    Resident,
    /// Times of two threads: blocks released on another one, and two memories at once
    Threads {
        /// Rounds of each load
        #[arg(long, default_value_t = 15)]
        rounds: usize,
    },
    /// One allocator's part of `instructions`
    #[command(hide = true)]
    Pairs { name: String, count: usize },
    /// One load of one allocator, for a profiler
    #[command(hide = true)]
    Alone {
        name: String,
        rounds: usize,
        trace: Option<PathBuf>,
    },
    /// One allocator's part of `resident`
    #[command(hide = true)]
    ResidentOf { name: String },
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mem peers: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Failure> {
    let python = match &args.libpython {
        Some(path) => Some(pymalloc::load(path)?),
        None => None,
    };
    match &args.what {
        What::Times { traces, rounds } => times(python, traces, *rounds),
        What::Instructions => instructions(args),
        What::Resident => resident(args),
        What::Threads { rounds } => threads(*rounds),
        What::Pairs { name, count } => with_subject(name, python, Pairs(*count)),
        What::Alone {
            name,
            rounds,
            trace,
        } => {
            let trace = trace.as_deref().map(Trace::read).transpose()?;
            let replay = trace.as_ref().map(load::Replay::new);
            with_subject(name, python, Alone(*rounds, replay))
        }
        What::ResidentOf { name } => with_subject(name, python, Residents),
    }
}

/// The peers that are C functions.
fn peers(python: Option<(Functions, String)>) -> Vec<(String, Functions)> {
    let mut peers: Vec<(String, Functions)> = (python.into_iter())
        .map(|(functions, version)| (pymalloc_name(&version), functions))
        .collect();
    peers.extend([
        ("glibc".into(), subject::glibc()),
        ("mimalloc".into(), subject::mimalloc()),
        ("jemalloc".into(), subject::jemalloc()),
        ("snmalloc".into(), subject::snmalloc()),
        ("no allocator".into(), subject::bump()),
    ]);
    peers
}

fn pymalloc_name(version: &str) -> String {
    let minor = version.rsplit_once('.').map_or(version, |(minor, _)| minor);
    format!("pymalloc {minor}")
}

fn times(
    python: Option<(Functions, String)>,
    paths: &[PathBuf],
    rounds: usize,
) -> Result<(), Failure> {
    let traces: Vec<Trace> = (paths.iter())
        .map(|path| Trace::read(path))
        .collect::<Result<_, _>>()?;
    let (called, inlined) = (Memory::new()?, Memory::new()?);
    let mut contenders: Vec<Box<dyn Contender + '_>> = vec![
        Box::new(Entry::new("ours", Called::new(&called), &traces)),
        Box::new(Entry::new("inlined", Inlined(&inlined), &traces)),
    ];
    for (name, functions) in peers(python) {
        let functions = std::hint::black_box(functions);
        contenders.push(Box::new(Entry::new(&name, functions, &traces)));
    }
    for (index, path) in paths.iter().enumerate() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.split('.').next().unwrap_or_default();
        let figures = interleave(&mut contenders, Load::Trace(index), rounds);
        row(
            &format!("mem/trace/{name}"),
            "ns",
            &contenders,
            &figures,
            0,
            0.5,
        );
    }
    let figures = interleave(&mut contenders, Load::Lifetimes, rounds);
    row("mem/random lifetimes", "ns", &contenders, &figures, 0, 0.4);
    for (name, order) in [
        ("in order", Order::Forward),
        ("reversed", Order::Reverse),
        ("at random", Order::Random),
    ] {
        let figures = interleave(&mut contenders, Load::Bulk(order), rounds);
        if matches!(order, Order::Forward) {
            row(
                "mem/a million/allocated",
                "ns",
                &contenders,
                &figures,
                0,
                0.4,
            );
        }
        row(
            &format!("mem/a million/freed {name}"),
            "ns",
            &contenders,
            &figures,
            1,
            0.6,
        );
    }
    Ok(())
}

fn threads(rounds: usize) -> Result<(), Failure> {
    let memory = Memory::new()?;
    let peers: Vec<_> = (peers(None).into_iter())
        .filter(|(name, _)| name != "no allocator")
        .collect();
    let names = || std::iter::once("ours").chain(peers.iter().map(|(name, _)| name.as_str()));
    // A column a contender: passed on, alone, at once.
    let mut figures = vec![[const { Vec::new() }; 3]; peers.len() + 1];
    for round in 0..=rounds {
        for (index, figures) in figures.iter_mut().enumerate() {
            let (passed, [alone, at_once]) = match index.checked_sub(1) {
                None => (threads::ours_passed_on(&memory), threads::ours_at_once()?),
                Some(peer) => {
                    let functions = std::hint::black_box(peers[peer].1);
                    (threads::passed_on(functions), threads::at_once(functions))
                }
            };
            // The first round fills caches and grows heaps.
            if round > 0 {
                for (figures, figure) in figures.iter_mut().zip([passed, alone, at_once]) {
                    figures.push(figure);
                }
            }
        }
    }
    memory.collect_remote();
    memory.check()?;
    let medians: Vec<[f64; 3]> = (figures.into_iter())
        .map(|figures| figures.map(contender::median))
        .collect();
    let rows: [(&str, &str, fn(&[f64; 3]) -> f64); 3] = [
        ("mem/two threads/released on the other", "ns", |f| f[0]),
        ("mem/two threads/lifetimes at once", "ns", |f| f[2]),
        ("mem/two threads/at once beside alone", "times", |f| {
            f[2] / f[1]
        }),
    ];
    for (load, unit, figure) in rows {
        let figures: Vec<_> = names().zip(medians.iter().map(figure)).collect();
        print_row(load, unit, &figures, None);
    }
    Ok(())
}

/// Prints a row of one phase.
fn row(
    load: &str,
    unit: &str,
    contenders: &[Box<dyn Contender + '_>],
    figures: &[Vec<f64>],
    phase: usize,
    goal: f64,
) {
    let figures: Vec<(&str, f64)> = (contenders.iter().zip(figures))
        .map(|(contender, medians)| (contender.name(), medians[phase]))
        .collect();
    print_row(load, unit, &figures, Some(goal));
}

/// Prints a row: the first figure is ours, and it is held against pymalloc's.
fn print_row(load: &str, unit: &str, figures: &[(&str, f64)], goal: Option<f64>) {
    let round = |value: f64| (value * 1000.0).round() / 1000.0;
    let ours = figures[0].1;
    let others: Map<String, Value> = (figures[1..].iter())
        .map(|&(name, value)| (name.into(), json!(round(value))))
        .collect();
    let against = figures
        .iter()
        .find(|(name, _)| name.starts_with("pymalloc"));
    let ratio = against.map(|(_, theirs)| round(ours / theirs));
    let met = goal.is_none_or(|goal| ratio.is_none_or(|ratio| ratio <= goal));
    let row = json!({
        "load": load, "unit": unit, "ours": round(ours), "peers": others, "ratio": ratio,
        "against": against.map(|(name, _)| name), "goal": goal, "met": met,
    });
    println!("{row}");
}

/// What is done with a subject chosen by name.
trait Task {
    fn run<S: Subject>(self, subject: &S) -> Result<(), Failure>;
}

struct Pairs(usize);

impl Task for Pairs {
    fn run<S: Subject>(self, subject: &S) -> Result<(), Failure> {
        load::pairs(subject, self.0, 64);
        Ok(())
    }
}

struct Alone(usize, Option<load::Replay>);

impl Task for Alone {
    fn run<S: Subject>(self, subject: &S) -> Result<(), Failure> {
        let Alone(rounds, mut replay) = self;
        let mut lifetimes = load::Lifetimes::new(subject, contender::SLOTS);
        for _ in 0..rounds {
            let start = std::time::Instant::now();
            let count = match &mut replay {
                Some(replay) => {
                    replay.run(subject);
                    replay.len()
                }
                None => {
                    lifetimes.run(subject, contender::EXCHANGES);
                    contender::EXCHANGES
                }
            };
            println!("{:.2} ns", start.elapsed().as_nanos() as f64 / count as f64);
        }
        Ok(())
    }
}

struct Residents;

impl Task for Residents {
    fn run<S: Subject>(self, subject: &S) -> Result<(), Failure> {
        let found = resident::measure(subject);
        println!("{} {} {}", found.full, found.sparse, found.purged);
        Ok(())
    }
}

fn with_subject(
    name: &str,
    python: Option<(Functions, String)>,
    task: impl Task,
) -> Result<(), Failure> {
    let memory = Memory::new()?;
    match name {
        "ours" => task.run(&Called::new(&memory)),
        "inlined" => task.run(&Inlined(&memory)),
        _ => {
            let found = peers(python)
                .into_iter()
                .find(|(peer, _)| peer.starts_with(name));
            let (_, functions) = found.ok_or_else(|| format!("no allocator is called {name}"))?;
            task.run(&std::hint::black_box(functions))
        }
    }
}

/// The names of all subjects; pymalloc only with a library.
fn names(libpython: Option<&Path>) -> Vec<&'static str> {
    let mut names = vec!["ours", "inlined"];
    if libpython.is_some() {
        names.push("pymalloc");
    }
    names.extend(["glibc", "mimalloc", "jemalloc", "snmalloc"]);
    names
}

/// This program, with the library of its own call.
fn again(args: &Args, program: Option<&[&str]>) -> Result<Command, Failure> {
    let itself = std::env::current_exe()?;
    let mut command = match program {
        Some([program, options @ ..]) => {
            let mut command = Command::new(program);
            command.args(options).arg(itself);
            command
        }
        _ => Command::new(itself),
    };
    if let Some(library) = &args.libpython {
        command.arg("--libpython").arg(library);
    }
    Ok(command)
}

fn instructions(args: &Args) -> Result<(), Failure> {
    const FEW: usize = 1_000;
    const MANY: usize = 101_000;
    let valgrind = [
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
    ];
    let mut figures = Vec::new();
    for name in names(args.libpython.as_deref()) {
        // snmalloc reserves more addresses than valgrind has.
        if name == "snmalloc" {
            continue;
        }
        let mut counts = Vec::new();
        for count in [FEW, MANY] {
            let output = again(args, Some(&valgrind))?
                .args(["pairs", name, &count.to_string()])
                .output()
                .map_err(|error| format!("valgrind: {error}"))?;
            let text = String::from_utf8_lossy(&output.stderr);
            let total = (text.lines())
                .find_map(|line| line.split_once("Collected :"))
                .and_then(|(_, count)| count.trim().parse::<f64>().ok())
                .ok_or_else(|| format!("callgrind counted nothing for {name}: {text}"))?;
            counts.push(total);
        }
        figures.push((name, (counts[1] - counts[0]) / (MANY - FEW) as f64));
    }
    print_row(
        "mem/instructions a pair",
        "instructions",
        &figures,
        Some(0.45),
    );
    figures.remove(0);
    print_row(
        "mem/instructions a pair, inlined",
        "instructions",
        &figures,
        Some(0.30),
    );
    Ok(())
}

fn resident(args: &Args) -> Result<(), Failure> {
    let mut columns: [Vec<(&str, f64)>; 3] = Default::default();
    for name in names(args.libpython.as_deref()) {
        if name == "inlined" {
            continue;
        }
        let output = again(args, None)?.args(["resident-of", name]).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let values: Vec<f64> = text
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect();
        let [full, sparse, purged] = values[..] else {
            let errors = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{name} was not measured: {errors}").into());
        };
        columns[0].push((name, full));
        columns[1].push((name, sparse));
        columns[2].push((name, purged));
    }
    // These goals are of our own figure, not of a peer's.
    for (load, column, goal) in [
        ("mem/resident/full", &columns[0], Some(1.07)),
        ("mem/resident/after freeing 90 % in runs", &columns[1], None),
        ("mem/resident/after purging", &columns[2], Some(3.0)),
    ] {
        let peers: Map<String, Value> = (column[1..].iter())
            .map(|&(name, value)| (name.into(), json!(value)))
            .collect();
        let ours = column[0].1;
        let met = goal.is_none_or(|goal| ours <= goal);
        let row = json!({
            "load": load, "unit": "bytes a byte", "ours": ours, "peers": peers, "ratio": goal.map(|_| ours),
            "against": goal.map(|_| "bytes in use"), "goal": goal, "met": met,
        });
        println!("{row}");
    }
    Ok(())
}
