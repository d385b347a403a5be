//! Timing subjects side by side, in turns.

use std::convert::Infallible;
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// Something to time: a name, and one round of work.
pub struct Subject<'a> {
    /// How results name it.
    pub name: &'static str,
    /// Runs one round.
    pub run: Box<dyn FnMut() + 'a>,
}

/// The nanoseconds of each subject's rounds, by what `turn` says of the subject with a number.
///
/// The subjects take turns, round by round, so that whatever disturbs the machine disturbs all of them, and each
/// is first, second and so on equally often.
///
/// # Errors
///
/// The first one of a turn.
pub fn in_turns<E>(
    subjects: usize,
    rounds: usize,
    mut turn: impl FnMut(usize) -> Result<u128, E>,
) -> Result<Vec<Vec<u128>>, E> {
    let mut times = vec![Vec::with_capacity(rounds); subjects];
    for round in 0..rounds {
        for at in 0..subjects {
            // In one direction and then in the other, so that none always follows the same one.
            let at = if round % 2 == 0 { at } else { subjects - at };
            let subject = (round + at) % subjects;
            times[subject].push(turn(subject)?);
        }
    }
    Ok(times)
}

/// The median nanoseconds of each subject's rounds. A round that nobody counts comes first.
pub fn interleave(subjects: &mut [Subject<'_>], rounds: usize) -> Vec<f64> {
    let count = subjects.len();
    let turn = |subject: usize| {
        let start = Instant::now();
        (subjects[subject].run)();
        Ok::<_, Infallible>(start.elapsed().as_nanos())
    };
    let Ok(times) = in_turns(count, rounds + 1, turn);
    let counted = times.iter().map(|times| &times[1..]);
    counted
        .map(|times| median(times.iter().map(|&time| time as f64).collect()))
        .collect()
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

/// A clock of the time that this thread runs, which other programs of the machine disturb less than the time that
/// passes.
#[derive(Clone, Copy, Debug)]
pub struct ThreadClock {
    start: i128,
}

impl ThreadClock {
    /// Starts a clock.
    pub fn start() -> ThreadClock {
        ThreadClock {
            start: ThreadClock::now(),
        }
    }

    /// The nanoseconds that the thread has run since.
    pub fn nanoseconds(self) -> u128 {
        (ThreadClock::now() - self.start).max(0) as u128
    }

    fn now() -> i128 {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec)
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
    fn a_thread_that_works_takes_time() {
        let clock = ThreadClock::start();
        let mut numbers = 0u64;
        for number in 0..1_000_000 {
            numbers = std::hint::black_box(numbers ^ number);
        }
        assert!(clock.nanoseconds() > 0);
    }

    #[test]
    fn the_first_error_ends_the_rounds() {
        let mut turns = 0;
        let turn = |subject| {
            turns += 1;
            if subject == 1 { Err("refused") } else { Ok(1) }
        };
        assert_eq!(in_turns(3, 2, turn), Err("refused"));
        assert_eq!(turns, 2);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(vec![9.0, 1.0, 5.0, 2.0]), 3.5);
        assert_eq!(median(vec![]), 0.0);
    }
}
