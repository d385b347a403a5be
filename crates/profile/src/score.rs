//! Which parameters would serve a trace best.
//!
//! One parameter is changed at a time, from those of [`Parameters::default`]. Each candidate's bytes are counted
//! once; then all candidates run in turns and are timed, by what their thread works. A second copy of the default
//! runs with them: what it differs by is *noise*, and no smaller difference is believed. Where several parameters
//! ought to change, the combination is timed once more.

mod recommend;

use mortice_mem::{Domain, DomainSource, Memory, MemoryError, Slots, SystemSource};
use serde::Serialize;
use thiserror::Error;

use crate::candidate::{Account, Candidate, Parameters, measure};
use crate::replay::{Refused, Subject, replay};
use crate::rounds::{self, ThreadClock, median};
use crate::trace::Trace;

pub use recommend::Recommendation;
use recommend::{combined, decide};

/// The spacings compared with the default.
const SPACINGS: [usize; 2] = [8, 32];
/// The thresholds compared with the default.
const THRESHOLDS: [usize; 4] = [256, 1024, 2048, 4096];
/// The pool sizes compared with the default.
const POOLS: [usize; 4] = [4 << 10, 8 << 10, 32 << 10, 64 << 10];
/// The arena sizes compared with the default.
const ARENAS: [usize; 2] = [256 << 10, 2 << 20];

/// A trace could not be scored.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// There is no memory for one of its requests.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// There is no memory to compare with.
    #[error("cannot reserve memory: {0}")]
    Memory(#[from] MemoryError),
}

/// Which parameter a candidate changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// None: the default.
    Default,
    /// The distance between size classes.
    Spacing,
    /// The largest request that pools serve.
    Threshold,
    /// The size of a pool.
    Pool,
    /// The size of an arena.
    Arena,
    /// Several.
    Combination,
}

/// Times of one subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Time {
    /// The median of its rounds.
    pub ns_per_event: f64,
    /// The median of its rounds' ratios to the default's.
    pub ratio: f64,
}

/// One candidate's score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Score {
    /// What it changes.
    pub axis: Axis,
    /// Its parameters.
    pub parameters: Parameters,
    /// Its bytes.
    pub account: Account,
    /// The bytes that it takes from the system when most are alive, over the default's: in whole arenas where
    /// arenas are compared, else without free pools.
    pub bytes_ratio: f64,
    /// Its time.
    pub time: Time,
}

impl Score {
    /// What time and bytes cost together, 1 for the default: saving a tenth of one is worth a tenth of the other.
    pub fn cost(&self) -> f64 {
        self.time.ratio * self.bytes_ratio
    }
}

/// An allocator that is no candidate, run beside them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reference {
    /// What it is.
    pub name: &'static str,
    /// Its time.
    pub time: Time,
    /// The most bytes that it took at once, where it can tell.
    pub held_peak_bytes: Option<usize>,
}

/// The scores of all candidates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scores {
    /// The rounds that are counted.
    pub rounds: usize,
    /// How far the default's second copy is from the first, as a part of 1.
    pub noise: f64,
    /// The candidates, the default first.
    pub scores: Vec<Score>,
    /// The candidates left out since the trace has no request that they would serve in another way.
    pub same: Vec<Parameters>,
    /// Other allocators.
    pub references: Vec<Reference>,
    /// What follows.
    pub recommendation: Recommendation,
}

/// The candidates that change one parameter of the default.
pub fn candidates() -> Vec<(Axis, Parameters)> {
    let default = Parameters::default();
    let spacing = SPACINGS.map(|spacing_bytes| Parameters {
        spacing_bytes,
        ..default
    });
    let threshold = THRESHOLDS.map(|threshold_bytes| Parameters {
        threshold_bytes,
        ..default
    });
    let pool = POOLS.map(|pool_bytes| Parameters {
        pool_bytes,
        ..default
    });
    let arena = ARENAS.map(|arena_bytes| Parameters {
        arena_bytes,
        arena_alignment_bytes: arena_bytes,
        ..default
    });
    let mut all = vec![(Axis::Default, default)];
    all.extend(spacing.map(|parameters| (Axis::Spacing, parameters)));
    all.extend(threshold.map(|parameters| (Axis::Threshold, parameters)));
    all.extend(pool.map(|parameters| (Axis::Pool, parameters)));
    all.extend(arena.map(|parameters| (Axis::Arena, parameters)));
    all
}

/// Scores all candidates on a trace, in `rounds` rounds. `progress` gets the turns done and those to do. Without
/// rounds nothing is timed, and bytes decide.
///
/// # Errors
///
/// There is no memory for the trace.
pub fn score(
    trace: &Trace,
    rounds: usize,
    mut progress: impl FnMut(usize, usize),
) -> Result<Scores, ScoreError> {
    let candidates = candidates();
    // A turn of each candidate, the copy and the two references in each round, and one that counts bytes.
    let per_round = candidates.len() + 3;
    let mut to_do = candidates.len() + rounds * per_round;
    let mut done = 0;
    let mut turn = |to_do| {
        done += 1;
        progress(done.min(to_do), to_do);
    };

    let mut scores = Vec::new();
    let mut same = Vec::new();
    let base = measure(trace, Parameters::default())?;
    for (axis, parameters) in candidates {
        let account = match axis {
            Axis::Default => base,
            _ => measure(trace, parameters)?,
        };
        turn(to_do);
        if axis == Axis::Threshold && account == base {
            same.push(parameters);
            to_do -= rounds;
            continue;
        }
        scores.push(unmeasured(axis, parameters, account, &base));
    }

    let (noise, references) = enter_times(trace, rounds, &mut scores, || turn(to_do))?;
    if let Some(parameters) = combined(&scores, noise) {
        let account = measure(trace, parameters)?;
        let combination = unmeasured(Axis::Combination, parameters, account, &base);
        let mut pair = [scores[0], combination];
        to_do += rounds * 5;
        enter_times(trace, rounds, &mut pair, || turn(to_do))?;
        scores.push(pair[1]);
    }
    progress(to_do, to_do);
    let recommendation = decide(&scores, noise);
    Ok(Scores {
        rounds,
        noise,
        scores,
        same,
        references,
        recommendation,
    })
}

/// A score without its time.
fn unmeasured(axis: Axis, parameters: Parameters, account: Account, base: &Account) -> Score {
    let same_arenas = parameters.arena_bytes == Parameters::default().arena_bytes;
    let bytes = |account: &Account| match same_arenas {
        true => account.peak.pooled_bytes(),
        false => account.peak.held_bytes(),
    };
    let bytes_ratio = match bytes(base) {
        0 => 1.0,
        base => bytes(&account) as f64 / base as f64,
    };
    Score {
        axis,
        parameters,
        account,
        bytes_ratio,
        time: Time {
            ns_per_event: 0.0,
            ratio: 1.0,
        },
    }
}

/// Times the candidates, and gives the noise and the references. Does nothing without rounds.
fn enter_times(
    trace: &Trace,
    rounds: usize,
    scores: &mut [Score],
    mut done: impl FnMut(),
) -> Result<(f64, Vec<Reference>), ScoreError> {
    if rounds == 0 {
        return Ok((0.0, Vec::new()));
    }
    let slots = trace.slot_count();
    let mut parameters: Vec<Parameters> = scores.iter().map(|score| score.parameters).collect();
    parameters.push(Parameters::default());
    let (ours, systems) = (parameters.len(), parameters.len() + 1);
    let mut peak_bytes = 0;
    let times = rounds::in_turns(systems + 1, rounds, |subject| {
        done();
        if let Some(&parameters) = parameters.get(subject) {
            return Ok(turn(trace, Candidate::new(parameters, slots))?);
        }
        if subject == systems {
            return Ok(turn(trace, Slots::new(SystemSource, slots))?);
        }
        let memory = Memory::new()?;
        let source = DomainSource::new(&memory, Domain::Object);
        let spent = turn(trace, Slots::new(source, slots))?;
        peak_bytes = memory.statistics().peak_bytes();
        Ok::<_, ScoreError>(spent)
    })?;
    let base = &times[0];
    let events = trace.len().max(1) as f64;
    for (score, rounds) in scores.iter_mut().zip(&times) {
        score.time = summary(rounds, base, events);
    }
    let reference = |name, subject: usize, held_peak_bytes| Reference {
        name,
        time: summary(&times[subject], base, events),
        held_peak_bytes,
    };
    let references = vec![
        reference("mortice-mem, object domain", ours, Some(peak_bytes)),
        reference("system allocator", systems, None),
    ];
    Ok((noise(base, &times[scores.len()]), references))
}

/// The nanoseconds of the second of two runs. Each turn has an allocator of its own, since it matters where the
/// system happens to place its pages: a median over the turns is less a matter of luck.
fn turn<A: Subject>(trace: &Trace, mut allocator: A) -> Result<u128, Refused> {
    let first = replay(trace, &mut allocator)?;
    let clock = ThreadClock::start();
    let second = replay(trace, &mut allocator)?;
    let spent = clock.nanoseconds();
    debug_assert_eq!(first, second);
    Ok(spent)
}

fn ratios(rounds: &[u128], base: &[u128]) -> Vec<f64> {
    let pairs = rounds.iter().zip(base);
    pairs
        .map(|(&time, &base)| time as f64 / base.max(1) as f64)
        .collect()
}

fn summary(rounds: &[u128], base: &[u128], events: f64) -> Time {
    let nanoseconds = rounds.iter().map(|&time| time as f64 / events).collect();
    Time {
        ns_per_event: median(nanoseconds),
        ratio: median(ratios(rounds, base)),
    }
}

/// How far the copy's median ratio is from 1, or the typical error of a median of so many rounds if that is more.
fn noise(base: &[u128], copy: &[u128]) -> f64 {
    let ratios = ratios(copy, base);
    let rounds = ratios.len().max(1) as f64;
    let middle = median(ratios.clone());
    let spread = median(ratios.iter().map(|ratio| (ratio - middle).abs()).collect());
    (middle - 1.0).abs().max(spread / rounds.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Event;

    #[test]
    fn noise_is_what_a_copy_differs_by() {
        assert_eq!(noise(&[100; 4], &[100; 4]), 0.0);
        assert!((noise(&[100; 4], &[105; 4]) - 0.05).abs() < 1e-9);
        // A copy that is right in the middle but far off in each round.
        let spread = noise(&[100; 4], &[80, 100, 100, 120]);
        assert!(spread < 0.1, "{spread}");
        assert!(noise(&[100; 4], &[80, 80, 120, 120]) > 0.05);
    }

    #[test]
    fn every_candidate_is_an_allocator() {
        for (_, parameters) in candidates() {
            assert_eq!(parameters.check(), Ok(parameters));
        }
    }

    #[test]
    fn thresholds_that_change_nothing_are_left_out() {
        let mut events = Vec::new();
        for (slot, bytes) in [300, 600, 40].into_iter().enumerate() {
            let slot = slot as u32;
            events.push(Event::Allocate {
                slot,
                bytes,
                domain: None,
            });
        }
        events.extend((0..3).map(|slot| Event::Release { slot }));
        let trace = Trace::of_events(&events).unwrap();
        let mut last = (0, 0);
        let scores = score(&trace, 1, |done, to_do| last = (done, to_do)).unwrap();
        assert_eq!(last.0, last.1);
        // 1,024 serves the 600 bytes from a pool, and so do those above, but not in the same way as 512.
        assert!(scores.same.is_empty(), "{:?}", scores.same);
        let small = Trace::of_events(
            &events[..1]
                .iter()
                .chain(&events[3..4])
                .copied()
                .collect::<Vec<_>>(),
        );
        let scores = score(&small.unwrap(), 1, |_, _| {}).unwrap();
        let same: Vec<usize> = scores.same.iter().map(|p| p.threshold_bytes).collect();
        assert_eq!(same, [1024, 2048, 4096]);
        assert_eq!(scores.scores[0].axis, Axis::Default);
        assert_eq!(scores.scores[0].bytes_ratio, 1.0);
        assert_eq!(scores.references.len(), 2);
    }

    #[test]
    fn a_trace_without_events_has_scores_too() {
        let scores = score(&Trace::of_events(&[]).unwrap(), 1, |_, _| {}).unwrap();
        assert!(scores.scores.iter().all(|score| score.bytes_ratio == 1.0));
    }
}
