//! An allocator in a comparison: what one round of each load takes it.

use std::time::Instant;

use mortice_profile::trace::Trace;

use crate::load::{self, Lifetimes, Order, Replay};
use crate::subject::Subject;

/// Slots of the load with random lifetimes.
pub const SLOTS: usize = 100_000;
/// Exchanges in one of its rounds.
pub const EXCHANGES: usize = 1_000_000;
/// Blocks of the bulk loads.
pub const BULK: usize = 1_000_000;
const BULK_BYTES: usize = 64;

/// One load.
#[derive(Clone, Copy)]
pub enum Load {
    Trace(usize),
    Lifetimes,
    Bulk(Order),
}

/// What can be timed.
pub trait Contender {
    fn name(&self) -> &str;
    /// Runs a load once and gives nanoseconds: an operation, or an allocation and a release.
    fn round(&mut self, load: Load) -> Vec<f64>;
}

/// A subject with the state of its loads.
pub struct Entry<S> {
    name: String,
    subject: S,
    replays: Vec<Replay>,
    lifetimes: Option<Lifetimes>,
    blocks: Vec<*mut u8>,
}

impl<S: Subject> Entry<S> {
    pub fn new(name: &str, subject: S, traces: &[Trace]) -> Entry<S> {
        Entry {
            name: name.into(),
            subject,
            replays: traces.iter().map(Replay::new).collect(),
            lifetimes: None,
            blocks: Vec::with_capacity(BULK),
        }
    }
}

impl<S: Subject> Contender for Entry<S> {
    fn name(&self) -> &str {
        &self.name
    }

    fn round(&mut self, load: Load) -> Vec<f64> {
        let subject = &self.subject;
        match load {
            Load::Trace(index) => {
                let replay = &mut self.replays[index];
                let start = Instant::now();
                replay.run(subject);
                vec![nanoseconds(start, replay.len())]
            }
            Load::Lifetimes => {
                let lifetimes = self
                    .lifetimes
                    .get_or_insert_with(|| Lifetimes::new(subject, SLOTS));
                let start = Instant::now();
                lifetimes.run(subject, EXCHANGES);
                vec![nanoseconds(start, EXCHANGES)]
            }
            Load::Bulk(order) => {
                let start = Instant::now();
                load::fill(subject, &mut self.blocks, BULK, BULK_BYTES);
                let allocated = nanoseconds(start, BULK);
                load::arrange(&mut self.blocks, order);
                let start = Instant::now();
                load::clear(subject, &self.blocks);
                vec![allocated, nanoseconds(start, BULK)]
            }
        }
    }
}

fn nanoseconds(start: Instant, operations: usize) -> f64 {
    start.elapsed().as_nanos() as f64 / operations as f64
}

/// Runs a load in turns and gives each contender's medians.
pub fn interleave(
    contenders: &mut [Box<dyn Contender + '_>],
    load: Load,
    rounds: usize,
) -> Vec<Vec<f64>> {
    let mut figures: Vec<Vec<Vec<f64>>> = contenders.iter().map(|_| Vec::new()).collect();
    for round in 0..=rounds {
        for turn in 0..contenders.len() {
            let index = (round + turn) % contenders.len();
            let spent = contenders[index].round(load);
            // The first round fills caches and grows heaps.
            if round > 0 {
                figures[index].push(spent);
            }
        }
    }
    figures.into_iter().map(medians).collect()
}

fn medians(rounds: Vec<Vec<f64>>) -> Vec<f64> {
    let phases = rounds.first().map_or(0, Vec::len);
    (0..phases)
        .map(|phase| {
            let values: Vec<f64> = rounds.iter().map(|round| round[phase]).collect();
            median(values)
        })
        .collect()
}

/// The value in the middle, or none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
