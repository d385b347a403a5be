//! From scores to a recommendation.

use std::fmt;

use serde::Serialize;

use super::{Axis, Score};
use crate::candidate::Parameters;

/// A change has to save at least this part of time × bytes, or twice the noise if that is more: small gains are
/// those of one machine.
pub const LEAST_GAIN: f64 = 0.05;
/// Arenas are compared only if a program takes so many of the default's: with fewer, the last one decides.
pub const LEAST_ARENAS: usize = 8;

/// What to choose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Recommendation {
    /// The best parameters, the default if no change is worth it.
    pub parameters: Parameters,
    /// Whether time was taken; bytes alone decide otherwise.
    pub timed: bool,
    /// Their time over the default's, 1 if it was not taken.
    pub time_ratio: f64,
    /// Their bytes over the default's.
    pub bytes_ratio: f64,
    /// What a change has to save of time × bytes.
    pub least_gain: f64,
    /// The best of the changes, whether or not it is worth it, and its cost.
    pub nearest: Option<(Parameters, f64)>,
    /// Whether the program takes enough arenas to compare their sizes.
    pub arenas_compared: bool,
}

/// What a change has to save.
fn least_gain(noise: f64) -> f64 {
    LEAST_GAIN.max(2.0 * noise)
}

fn arenas_compared(scores: &[Score]) -> bool {
    scores.first().is_some_and(|default| {
        default.account.held_peak_bytes >= LEAST_ARENAS * default.parameters.arena_bytes
    })
}

/// The scores that may be chosen from.
fn comparable(scores: &[Score]) -> impl Iterator<Item = &Score> {
    let arenas = arenas_compared(scores);
    scores
        .iter()
        .filter(move |score| score.axis != Axis::Default && (score.axis != Axis::Arena || arenas))
}

fn best<'s>(scores: impl Iterator<Item = &'s Score>) -> Option<&'s Score> {
    scores.min_by(|a, b| a.cost().total_cmp(&b.cost()))
}

/// The combination of the best change of each parameter, if more than one is worth it.
pub fn combined(scores: &[Score], noise: f64) -> Option<Parameters> {
    let mut parameters = scores.first()?.parameters;
    let mut changes = 0;
    for axis in [Axis::Spacing, Axis::Threshold, Axis::Pool, Axis::Arena] {
        let best = best(comparable(scores).filter(|score| score.axis == axis));
        let Some(best) = best.filter(|best| best.cost() < 1.0 - least_gain(noise)) else {
            continue;
        };
        changes += 1;
        let changed = best.parameters;
        match axis {
            Axis::Spacing => parameters.spacing_bytes = changed.spacing_bytes,
            Axis::Threshold => parameters.threshold_bytes = changed.threshold_bytes,
            Axis::Pool => parameters.pool_bytes = changed.pool_bytes,
            _ => {
                parameters.arena_bytes = changed.arena_bytes;
                parameters.arena_alignment_bytes = changed.arena_alignment_bytes;
            }
        }
    }
    parameters.check().ok().filter(|_| changes > 1)
}

/// The candidate that costs least, if it saves enough.
pub fn decide(scores: &[Score], noise: f64) -> Recommendation {
    let least_gain = least_gain(noise);
    let nearest = best(comparable(scores));
    let chosen = nearest.filter(|best| best.cost() < 1.0 - least_gain);
    Recommendation {
        parameters: chosen.map_or_else(Parameters::default, |best| best.parameters),
        timed: scores
            .first()
            .is_some_and(|default| default.time.ns_per_event > 0.0),
        time_ratio: chosen.map_or(1.0, |best| best.time.ratio),
        bytes_ratio: chosen.map_or(1.0, |best| best.bytes_ratio),
        least_gain,
        nearest: nearest.map(|best| (best.parameters, best.cost())),
        arenas_compared: arenas_compared(scores),
    }
}

impl fmt::Display for Recommendation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |part: f64| part * 100.0;
        if self.parameters == Parameters::default() {
            write!(
                f,
                "keep {}\nno change saves {:.1} % of {}",
                self.parameters,
                percent(self.least_gain),
                if self.timed {
                    "time x bytes"
                } else {
                    "the bytes"
                }
            )?;
            if let Some((parameters, cost)) = self.nearest {
                let change = Change(parameters);
                write!(
                    f,
                    "; the nearest is {change}, at {cost:.3} of the default's"
                )?;
            }
        } else {
            let change = Change(self.parameters);
            let bytes_ratio = self.bytes_ratio;
            write!(
                f,
                "choose {change}: {bytes_ratio:.3} of the default's bytes"
            )?;
            if self.timed {
                write!(f, ", {:.3} of its time", self.time_ratio)?;
            }
        }
        if !self.arenas_compared {
            write!(
                f,
                "\narenas are not compared: the program takes fewer than {LEAST_ARENAS} of them"
            )?;
        }
        Ok(())
    }
}

/// Parameters by what they change of the default.
struct Change(Parameters);

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (default, changed) = (Parameters::default(), self.0);
        let mut parts = Vec::new();
        if changed.spacing_bytes != default.spacing_bytes {
            parts.push(format!("{}-byte spacing", changed.spacing_bytes));
        }
        if changed.threshold_bytes != default.threshold_bytes {
            parts.push(format!("a threshold of {} bytes", changed.threshold_bytes));
        }
        if changed.pool_bytes != default.pool_bytes {
            parts.push(format!("pools of {} KiB", changed.pool_bytes >> 10));
        }
        if changed.arena_bytes != default.arena_bytes {
            parts.push(format!("arenas of {} KiB", changed.arena_bytes >> 10));
        }
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Time, candidates};
    use super::*;
    use crate::candidate::Account;

    /// Scores of which the one with these parameters has this time and these bytes, and all others 1.
    fn scores(special: &[(Axis, usize, f64, f64)], held_peak_bytes: usize) -> Vec<Score> {
        let score = |(axis, parameters): (Axis, Parameters)| {
            let value = match axis {
                Axis::Spacing => parameters.spacing_bytes,
                Axis::Threshold => parameters.threshold_bytes,
                Axis::Pool => parameters.pool_bytes,
                _ => parameters.arena_bytes,
            };
            let special = special.iter().find(|s| (s.0, s.1) == (axis, value));
            Score {
                axis,
                parameters,
                account: Account {
                    held_peak_bytes,
                    ..Account::default()
                },
                bytes_ratio: special.map_or(1.0, |special| special.3),
                time: Time {
                    ns_per_event: 10.0,
                    ratio: special.map_or(1.0, |special| special.2),
                },
            }
        };
        candidates().into_iter().map(score).collect()
    }

    #[test]
    fn small_gains_change_nothing() {
        let scores = scores(&[(Axis::Spacing, 8, 1.02, 0.94)], 1 << 30);
        assert_eq!(combined(&scores, 0.0), None);
        let keep = decide(&scores, 0.0);
        assert_eq!(keep.parameters, Parameters::default());
        assert_eq!(
            keep.to_string(),
            "keep 16-byte spacing, threshold of 512 bytes, 16 KiB pools, 1024 KiB arenas\n\
             no change saves 5.0 % of time x bytes; the nearest is 8-byte spacing, at 0.959 of the default's"
        );
    }

    #[test]
    fn noise_asks_for_larger_gains() {
        let scores = scores(&[(Axis::Pool, 64 << 10, 0.94, 1.0)], 1 << 30);
        let change = decide(&scores, 0.01);
        assert_eq!(change.parameters.pool_bytes, 64 << 10);
        assert_eq!(
            change.to_string(),
            "choose pools of 64 KiB: 1.000 of the default's bytes, 0.940 of its time"
        );
        assert_eq!(decide(&scores, 0.04).parameters, Parameters::default());
    }

    #[test]
    fn changes_are_combined_if_more_than_one_is_worth_it() {
        let special = [
            (Axis::Spacing, 8, 1.0, 0.9),
            (Axis::Threshold, 1024, 0.8, 1.1),
            (Axis::Threshold, 2048, 0.8, 1.0),
            (Axis::Pool, 4 << 10, 1.1, 1.0),
        ];
        let found = combined(&scores(&special, 1 << 30), 0.0).unwrap();
        let wanted = Parameters {
            spacing_bytes: 8,
            threshold_bytes: 2048,
            ..Parameters::default()
        };
        assert_eq!(found, wanted);
        assert_eq!(combined(&scores(&special[..1], 1 << 30), 0.0), None);
    }

    #[test]
    fn few_arenas_are_not_compared() {
        let special = [(Axis::Arena, 256 << 10, 1.0, 0.5)];
        let few = decide(&scores(&special, 4 << 20), 0.0);
        assert_eq!(few.parameters, Parameters::default());
        assert!(few.to_string().ends_with("fewer than 8 of them"), "{few}");
        let many = decide(&scores(&special, 64 << 20), 0.0);
        assert_eq!(many.parameters.arena_bytes, 256 << 10);
    }
}
