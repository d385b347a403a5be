//! The collector beside CPython's and those of other crates, on the same graphs: time, memory, and pages written after a
//! fork. `cargo xtask bench gc` runs it and gives it the libraries.
//!
//! Rows are printed as JSON, one a line, in the form of `docs/testing.md`. Each round of a load runs in a process of its own.

mod arena;
mod fork;
mod graph;
mod load;
mod ours;
mod python;
mod rust;
mod subject;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_json::{Map, Value, json};

use graph::{Graph, Shape};
use subject::{Contender, Subject};

type Failure = Box<dyn std::error::Error>;

/// Compare the collector with others
#[derive(Parser)]
struct Args {
    /// A shared library of CPython
    #[arg(long, global = true, value_name = "FILE", requires = "node")]
    libpython: Option<PathBuf>,
    /// The node's type, compiled for it from node.c
    #[arg(long, global = true, value_name = "FILE")]
    node: Option<PathBuf>,
    /// Leave the collectors of other crates out
    #[arg(long, global = true)]
    no_crates: bool,
    /// Rounds of each load
    #[arg(long, global = true, default_value_t = 5)]
    rounds: usize,
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Copy, Subcommand)]
enum What {
    /// A binary tree of depth 18 with parent pointers
    Tree,
    /// The same tree, children made before their parents
    Leaves,
    /// A ring of a million nodes
    Ring,
    /// A random graph of 500,000 nodes
    Random,
    /// A chain of a million nodes, which ends by counts
    Chain,
    /// Young collections of 2,000 nodes
    Young,
    /// Bytes a node, and pages that a collection writes after a fork
    Memory,
    /// Rings from ten thousand nodes to ten million
    Growth,
    /// Collections of a small tree of ours again and again, for a profiler
    #[command(hide = true)]
    Alone,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gc peers: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Failure> {
    let contenders = contenders(args)?;
    let rounds = args.rounds;
    match args.what {
        What::Tree => whole(&contenders, Shape::Tree, (1 << 19) - 1, rounds),
        What::Leaves => whole(&contenders, Shape::Leaves, (1 << 19) - 1, rounds),
        What::Ring => whole(&contenders, Shape::Ring, 1_000_000, rounds),
        What::Random => whole(&contenders, Shape::Random, 500_000, rounds),
        What::Chain => whole(&contenders, Shape::Chain, 1_000_000, rounds),
        What::Young => young(&contenders, rounds),
        What::Memory => memory(&contenders),
        What::Growth => growth(&contenders, rounds),
        What::Alone => {
            let graph = Graph::new(Shape::Tree, 10_000);
            let figures = contenders[0].with(|subject| load::repeat(subject, &graph, rounds));
            println!("{figures:.1?} ns to build, collect live, collect garbage");
            Ok(())
        }
    }
}

fn contender<S: Subject + 'static>(
    name: &str,
    is_deep: bool,
    make: impl Fn() -> S + Sync + 'static,
) -> Contender {
    Contender {
        name: name.into(),
        is_deep,
        has_generations: false,
        make: Box::new(move || Box::new(make())),
    }
}

/// All subjects; ours is the first.
fn contenders(args: &Args) -> Result<Vec<Contender>, Failure> {
    let mut all = vec![contender("ours", false, || ours::Ours::new(true))];
    if let (Some(library), Some(node)) = (&args.libpython, &args.node) {
        let (python, series) = python::load(library, node)?;
        let name = format!("CPython {series}");
        all.push(contender(&name, false, || python::Interpreter::new(python)));
    }
    // What it costs to be asked for references, instead of telling where they lie.
    all.push(contender("ours by traverse", false, || {
        ours::Ours::new(false)
    }));
    for contender in &mut all {
        contender.has_generations = true;
    }
    if !args.no_crates {
        all.extend([
            contender(
                "dumpster",
                true,
                rust::Crate::<rust::dumpster::Dumpster>::new,
            ),
            contender("gc", true, rust::Crate::<rust::gc::Roots>::new),
            contender("rust-cc", true, rust::Crate::<rust::rust_cc::RustCc>::new),
            contender(
                "bacon_rajan_cc",
                true,
                rust::Crate::<rust::bacon::BaconRajan>::new,
            ),
            contender("gc-arena", false, arena::GcArena::new),
        ]);
    }
    Ok(all)
}

/// Runs a load on the subjects in turns, each time in a process of its own, so that no round finds the memory that
/// another one left. Gives the medians of each one's figures.
fn interleave(
    contenders: &[&Contender],
    rounds: usize,
    load: impl Fn(&mut dyn Subject) -> Vec<f64> + Sync,
) -> Result<Vec<Vec<f64>>, Failure> {
    let mut figures: Vec<Vec<Vec<f64>>> = contenders.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds {
        for turn in 0..contenders.len() {
            let index = (round + turn) % contenders.len();
            figures[index].push(fork::forked(|| contenders[index].with(&load))?);
        }
    }
    Ok(figures.into_iter().map(medians).collect())
}

fn medians(rounds: Vec<Vec<f64>>) -> Vec<f64> {
    let phases = rounds.first().map_or(0, Vec::len);
    (0..phases)
        .map(|phase| {
            let mut values: Vec<f64> = rounds.iter().map(|round| round[phase]).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        })
        .collect()
}

/// The row's figures of one phase.
fn phase<'c>(
    contenders: &[&'c Contender],
    figures: &[Vec<f64>],
    phase: usize,
) -> Vec<(&'c str, f64)> {
    (contenders.iter().zip(figures))
        .map(|(contender, figures)| (contender.name.as_str(), figures[phase]))
        .collect()
}

fn whole(
    contenders: &[Contender],
    shape: Shape,
    nodes: usize,
    rounds: usize,
) -> Result<(), Failure> {
    let graph = Graph::new(shape, nodes);
    let contenders: Vec<&Contender> = contenders.iter().collect();
    let figures = interleave(&contenders, rounds, |subject| load::whole(subject, &graph))?;
    for (index, name) in load::WHOLE.into_iter().enumerate() {
        let (name, goal) = match (name, shape) {
            (_, Shape::Leaves) => (name, None),
            ("building", _) => (name, Some(0.6)),
            ("live", _) => (name, Some(0.3)),
            ("garbage", Shape::Chain) => ("released by count", Some(0.6)),
            ("garbage", _) => (name, Some(0.2)),
            _ => (name, None),
        };
        let load = format!("gc/{}/{name}", shape.name());
        print_row(&load, "ns", &phase(&contenders, &figures, index), goal);
    }
    Ok(())
}

fn young(contenders: &[Contender], rounds: usize) -> Result<(), Failure> {
    let graph = Graph::new(Shape::Tree, 2000);
    let old = Graph::new(Shape::Ring, 1_000_000);
    let all: Vec<&Contender> = contenders.iter().collect();
    let generational: Vec<&Contender> = (contenders.iter())
        .filter(|contender| contender.has_generations)
        .collect();
    for (name, contenders, old) in [
        ("young", &all, None),
        ("young beside a million", &generational, Some(&old)),
    ] {
        let figures = interleave(contenders, rounds, |subject| {
            load::young(subject, &graph, old)
        })?;
        for (index, (part, goal)) in load::YOUNG.into_iter().zip([0.6, 0.2]).enumerate() {
            let row = phase(contenders, &figures, index);
            print_row(&format!("gc/{name}/{part}"), "ns", &row, Some(goal));
        }
    }
    Ok(())
}

fn memory(contenders: &[Contender]) -> Result<(), Failure> {
    let ring = Graph::new(Shape::Ring, 1_000_000);
    let mut bytes = Vec::new();
    let mut pages = Vec::new();
    for contender in contenders {
        bytes.push((contender.name.as_str(), load::bytes(contender, &ring)?[0]));
        if contender.has_generations {
            pages.push((contender.name.as_str(), load::pages(contender, &ring)?[0]));
        }
    }
    print_row("gc/bytes of a node", "bytes", &bytes, Some(0.76));
    // The goal is a share of the pages, whatever others write.
    let share = thousandths(pages[0].1 / 100.0);
    let mut row = row("gc/pages written after a fork", "%", &pages, None);
    row["ratio"] = json!(share);
    row["against"] = json!("the graph's pages");
    row["goal"] = json!(0.05);
    row["met"] = json!(share <= 0.05);
    println!("{row}");
    Ok(())
}

fn growth(contenders: &[Contender], rounds: usize) -> Result<(), Failure> {
    let contenders: Vec<&Contender> = (contenders.iter())
        .filter(|contender| contender.has_generations)
        .collect();
    let mut smaller: Option<Vec<Vec<f64>>> = None;
    for (nodes, rounds) in [
        (10_000, rounds * 20),
        (100_000, rounds * 4),
        (1_000_000, rounds),
        (10_000_000, rounds.min(3)),
    ] {
        let graph = Graph::new(Shape::Ring, nodes);
        let figures = interleave(&contenders, rounds, |subject| {
            load::growing(subject, &graph)
        })?;
        for (index, part) in load::GROWING.into_iter().enumerate() {
            let figures_here = phase(&contenders, &figures, index);
            let mut row = row(
                &format!("gc/ring of {nodes}/{part}"),
                "ns",
                &figures_here,
                None,
            );
            // Beyond the caches, ten times the nodes may cost no more than half as much again each.
            if nodes == 10_000_000
                && let Some(smaller) = &smaller
            {
                let ratio = thousandths(figures[0][index] / smaller[0][index]);
                row["ratio"] = json!(ratio);
                row["against"] = json!("a million of ours");
                row["goal"] = json!(1.5);
                row["met"] = json!(ratio <= 1.5);
            }
            println!("{row}");
        }
        smaller = Some(figures);
    }
    Ok(())
}

fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Prints a row: the first figure is ours, and it is held against CPython's.
fn print_row(load: &str, unit: &str, figures: &[(&str, f64)], goal: Option<f64>) {
    println!("{}", row(load, unit, figures, goal));
}

fn row(load: &str, unit: &str, figures: &[(&str, f64)], goal: Option<f64>) -> Value {
    let ours = figures[0].1;
    let others: Map<String, Value> = (figures[1..].iter())
        .map(|&(name, value)| (name.into(), json!(thousandths(value))))
        .collect();
    let against = figures.iter().find(|(name, _)| name.starts_with("CPython"));
    let ratio = against.map(|(_, theirs)| thousandths(ours / theirs));
    let met = goal.is_none_or(|goal| ratio.is_none_or(|ratio| ratio <= goal));
    json!({
        "load": load, "unit": unit, "ours": thousandths(ours), "peers": others, "ratio": ratio,
        "against": against.map(|(name, _)| name), "goal": goal, "met": met,
    })
}
