//! What is measured: one round of each load on one subject, in nanoseconds a node unless said otherwise.
//!
//! Every load checks how many nodes ended, so that all subjects do the same work.

use std::io;
use std::time::Instant;

use crate::fork::{forked, resident};
use crate::graph::Graph;
use crate::subject::{Contender, Reach, Subject};

/// Young graphs in a round.
const YOUNG_GRAPHS: usize = 100;

fn nanoseconds(nodes: usize, run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_nanos() as f64 / nodes as f64
}

fn expect_ended(subject: &dyn Subject, expected: usize) {
    let ended = subject.ended();
    assert_eq!(ended, expected, "nodes that ended");
}

/// Phases of [`whole`].
pub const WHOLE: [&str; 4] = ["building", "live, first", "live", "garbage"];

/// Builds a graph, collects twice while it lives, lets go of it and collects.
pub fn whole(subject: &mut dyn Subject, graph: &Graph) -> Vec<f64> {
    let building = nanoseconds(graph.nodes, || subject.build(graph));
    let first = nanoseconds(graph.nodes, || subject.collect(Reach::Full));
    let live = nanoseconds(graph.nodes, || subject.collect(Reach::Full));
    expect_ended(subject, 0);
    let garbage = nanoseconds(graph.nodes, || {
        subject.release();
        // Who counts references has ended a chain by now.
        if subject.ended() == 0 {
            subject.collect(Reach::Full);
        }
    });
    expect_ended(subject, graph.nodes);
    vec![building, first, live, garbage]
}

/// Phases of [`young`].
pub const YOUNG: [&str; 2] = ["live", "garbage"];

/// Collects small graphs, beside an old one if there is one, once while they live and once when they are garbage.
pub fn young(subject: &mut dyn Subject, graph: &Graph, old: Option<&Graph>) -> Vec<f64> {
    if let Some(old) = old {
        subject.build(old);
        subject.collect(Reach::Full);
        subject.collect(Reach::Full);
    }
    let mut spent = [0.0, 0.0];
    let mut ended = 0;
    for _ in 0..YOUNG_GRAPHS {
        subject.build(graph);
        spent[0] += nanoseconds(graph.nodes, || subject.collect(Reach::Young));
        expect_ended(subject, ended);
        subject.release();
        subject.collect(Reach::Full);
        ended += graph.nodes;
        expect_ended(subject, ended);
        subject.build(graph);
        subject.release();
        spent[1] += nanoseconds(graph.nodes, || subject.collect(Reach::Young));
        ended += graph.nodes;
        expect_ended(subject, ended);
    }
    if let Some(old) = old {
        subject.release();
        subject.collect(Reach::Full);
        expect_ended(subject, ended + old.nodes);
    }
    spent.iter().map(|sum| sum / YOUNG_GRAPHS as f64).collect()
}

/// The bytes that a node takes of the process.
///
/// # Errors
///
/// The kernel does not tell.
pub fn bytes(contender: &Contender, graph: &Graph) -> io::Result<Vec<f64>> {
    forked(|| {
        contender.with(|subject| {
            let before = resident().map_or(f64::NAN, |now| now.bytes);
            subject.build(graph);
            let after = resident().map_or(f64::NAN, |now| now.bytes);
            vec![(after - before) / graph.nodes as f64]
        })
    })
}

/// What a full collection writes in a forked process, wherever that lies, in percent of the pages that the graph takes.
///
/// # Errors
///
/// The kernel does not tell, or no process can be made.
pub fn pages(contender: &Contender, graph: &Graph) -> io::Result<Vec<f64>> {
    forked(|| {
        contender.with(|subject| {
            let before = resident().map_or(f64::NAN, |now| now.bytes);
            subject.build(graph);
            let built = resident().map_or(f64::NAN, |now| now.bytes) - before;
            subject.collect(Reach::Full);
            subject.collect(Reach::Full);
            let written = forked(|| {
                let before = resident().map_or(f64::NAN, |now| now.written_bytes);
                subject.collect(Reach::Full);
                let after = resident().map_or(f64::NAN, |now| now.written_bytes);
                vec![after - before]
            });
            vec![written.map_or(f64::NAN, |written| written[0] / built * 100.0)]
        })
    })
}

/// Phases of [`growing`].
pub const GROWING: [&str; 2] = ["live", "garbage"];

/// A full collection of a ring of that many nodes while it lives, and one when it is garbage.
pub fn growing(subject: &mut dyn Subject, graph: &Graph) -> Vec<f64> {
    let figures = whole(subject, graph);
    vec![figures[2], figures[3]]
}

/// Full collections of a graph while it lives, and of as many that are garbage.
pub fn repeat(subject: &mut dyn Subject, graph: &Graph, rounds: usize) -> [f64; 3] {
    let mut spent = [0.0; 3];
    for _ in 0..rounds {
        spent[0] += nanoseconds(graph.nodes, || subject.build(graph));
        spent[1] += nanoseconds(graph.nodes, || subject.collect(Reach::Full));
        subject.release();
        spent[2] += nanoseconds(graph.nodes, || subject.collect(Reach::Full));
    }
    spent.map(|sum| sum / rounds as f64)
}
