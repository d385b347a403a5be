//! Timing subjects side by side.
//!
//! The subjects take turns, round by round, so that whatever disturbs the machine disturbs all of
//! them; the median of a subject's rounds is its figure. The result is printed as one JSON row, in
//! the form that `docs/testing.md` gives.

use std::fmt::Write as _;
use std::time::Instant;

/// Something to time: a name, and one round of work.
pub struct Subject<'a> {
    /// How the row names it.
    pub name: &'static str,
    /// Runs one round.
    pub run: Box<dyn FnMut() + 'a>,
}

/// The median nanoseconds of each subject's rounds. A round that nobody counts comes first.
pub fn interleave(subjects: &mut [Subject<'_>], rounds: usize) -> Vec<f64> {
    let mut times: Vec<Vec<u128>> = subjects.iter().map(|_| Vec::new()).collect();
    for round in 0..=rounds {
        // Each subject is first, second and so on equally often.
        for turn in 0..subjects.len() {
            let index = (round + turn) % subjects.len();
            let start = Instant::now();
            (subjects[index].run)();
            let spent = start.elapsed().as_nanos();
            if round > 0 {
                times[index].push(spent);
            }
        }
    }
    times.iter_mut().map(|times| median(times)).collect()
}

fn median(times: &mut [u128]) -> f64 {
    times.sort_unstable();
    let middle = times.len() / 2;
    match times {
        [] => 0.0,
        times if times.len() % 2 == 1 => times[middle] as f64,
        times => (times[middle - 1] + times[middle]) as f64 / 2.0,
    }
}

/// One row: the first figure is ours, and it is held against the second.
pub fn row(load: &str, unit: &str, figures: &[(&str, f64)]) -> String {
    let [(_, ours), peers @ ..] = figures else {
        return String::new();
    };
    let mut listed = String::new();
    for (index, (name, value)) in peers.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(listed, "{comma}\"{name}\":{value:.3}");
    }
    let (ratio, against) = match peers.first() {
        Some((name, value)) => (format!("{:.4}", ours / value), format!("\"{name}\"")),
        None => ("null".to_owned(), "null".to_owned()),
    };
    format!(
        "{{\"load\":\"{load}\",\"unit\":\"{unit}\",\"ours\":{ours:.3},\"peers\":{{{listed}}},\
         \"ratio\":{ratio},\"against\":{against},\"goal\":null,\"met\":true}}"
    )
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
        assert_eq!(median(&mut [9, 1, 5]), 5.0);
        assert_eq!(median(&mut [9, 1, 5, 2]), 3.5);
        assert_eq!(median(&mut []), 0.0);
    }

    #[test]
    fn rows_name_the_peer_that_they_are_held_against() {
        assert_eq!(
            row("t", "ns", &[("ours", 2.0), ("malloc", 4.0), ("other", 1.0)]),
            r#"{"load":"t","unit":"ns","ours":2.000,"peers":{"malloc":4.000,"other":1.000},"ratio":0.5000,"against":"malloc","goal":null,"met":true}"#
        );
        assert!(row("t", "ns", &[("ours", 2.0)]).contains(r#""ratio":null"#));
    }
}
