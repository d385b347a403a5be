//! Timing subjects side by side, in turns.

use std::time::Instant;

/// Something to time: a name, and one round of work.
pub struct Subject<'a> {
    /// How results name it.
    pub name: &'static str,
    /// Runs one round.
    pub run: Box<dyn FnMut() + 'a>,
}

/// The nanoseconds of each subject's rounds, in the order of the rounds. One that nobody counts comes first.
///
/// The subjects take turns, round by round, so that whatever disturbs the machine disturbs all of them, and each
/// is first, second and so on equally often. `done` is called after each turn.
pub fn times(
    subjects: &mut [Subject<'_>],
    rounds: usize,
    mut done: impl FnMut(),
) -> Vec<Vec<u128>> {
    let mut times: Vec<Vec<u128>> = subjects.iter().map(|_| Vec::new()).collect();
    for round in 0..=rounds {
        for turn in 0..subjects.len() {
            let index = (round + turn) % subjects.len();
            let start = Instant::now();
            (subjects[index].run)();
            let spent = start.elapsed().as_nanos();
            if round > 0 {
                times[index].push(spent);
            }
            done();
        }
    }
    times
}

/// The median nanoseconds of each subject's rounds. A round that nobody counts comes first.
pub fn interleave(subjects: &mut [Subject<'_>], rounds: usize) -> Vec<f64> {
    let times = times(subjects, rounds, || {});
    let figures = times
        .iter()
        .map(|times| times.iter().map(|&time| time as f64).collect());
    figures.map(median).collect()
}

/// The figure in the middle, or between the two there; 0 of none.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match &figures[..] {
        [] => 0.0,
        figures if figures.len() % 2 == 1 => figures[middle],
        figures => (figures[middle - 1] + figures[middle]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn subjects_take_turns_and_each_comes_first() {
        let log = RefCell::new(String::new());
        let subject = |name: &'static str| Subject {
            name,
            run: Box::new(|| log.borrow_mut().push_str(name)),
        };
        let figures = interleave(&mut [subject("a"), subject("b")], 3);
        assert_eq!(figures.len(), 2);
        assert_eq!(*log.borrow(), "abbaabba");
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(vec![9.0, 1.0, 5.0, 2.0]), 3.5);
        assert_eq!(median(vec![]), 0.0);
    }
}
