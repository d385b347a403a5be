//! Every case with its n-th request for memory failing, for one n after the other.
//!
//! Memory can run out anywhere: wherever it does, a program must end as if it had not, or with MemoryError.
//! What a case prints without a failing request is compared with what it prints with one:
//!
//! - the same output and exit status: somebody could do without the memory;
//! - otherwise MemoryError must be mentioned, each line of standard output must be one of the full output, in
//!   its order, unless an exception was ignored in a finalizer or a callback, and a program that ends early must
//!   end as CPython ends it: with a traceback of `MemoryError`, and exit status 1.
//!
//! Everything else fails: a crash, a panic, a hang, other words, an exception that hides the MemoryError.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;
use std::sync::Mutex;

use super::case::Case;
use super::checks::Checks;
use super::host::Host;
use super::pool::{self, Job, Settings};
use super::run::print;
use super::subject;
use super::suite::Suite;
use super::verdict::{Verdict, judge};
use super::worker::{Answer, Ran, Subject};
use crate::problem::Stop;

/// Requests beyond those of the program itself, for the runtime's end.
const END_REQUESTS: u64 = 200;

/// Requests that fail: from the first to the last number, both counted from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requests {
    first: u64,
    last: u64,
}

impl FromStr for Requests {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not A..B with 1 <= A <= B");
        let (first, last) = text.split_once("..").ok_or_else(wrong)?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
        let (first, last) = (number(first)?, number(last)?);
        if first == 0 || first > last {
            return Err(wrong());
        }
        Ok(Self { first, last })
    }
}

/// How a run with a failing request ended, where it ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Normal,
    MemoryError,
}

#[derive(Default)]
struct Tally {
    normal: usize,
    memory_error: usize,
    /// By case: the request that failed and what was wrong then.
    failed: BTreeMap<usize, Vec<(u64, String)>>,
}

/// Runs the selected cases and reports.
///
/// # Errors
///
/// Bad input, a build that fails, and cases that end in another way than they may.
pub fn run(
    suite: &Suite,
    requests: Requests,
    (subject, settings): (&Subject, Settings),
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let (cases, whole) = without_failures(suite, subject, settings)?;
    let mut jobs = Vec::new();
    let mut of = Vec::new();
    for (index, (case, ran)) in cases.iter().zip(&whole).enumerate() {
        let last = ran.requests.map_or(requests.last, |count| {
            requests.last.min(count + END_REQUESTS)
        });
        for request in requests.first..=last {
            let checks = Checks {
                fail_allocation: Some(request),
                ..Checks::default()
            };
            jobs.push(Job { case, checks });
            of.push((index, request));
        }
    }
    let tally = Mutex::new(Tally::default());
    let endings = pool::run_jobs(subject, &jobs, settings, "runtime", &|at, answer, _| {
        let (index, request) = of[at];
        let end = how_it_ended(&whole[index], &answer);
        let mut tally = tally.lock().unwrap_or_else(|e| e.into_inner());
        match end {
            Ok(End::Normal) => tally.normal += 1,
            Ok(End::MemoryError) => tally.memory_error += 1,
            Err(why) => tally.failed.entry(index).or_default().push((request, why)),
        }
    });
    let tally = tally.into_inner().unwrap_or_else(|e| e.into_inner());
    report(&tally, &cases, jobs.len(), &endings, out)
}

/// Runs every case as it is. Those that do not pass then are left out, and must be listed as gaps.
fn without_failures<'s>(
    suite: &'s Suite,
    subject: &Subject,
    settings: Settings,
) -> Result<(Vec<&'s Case>, Vec<Ran>), Stop> {
    let recordings = suite.answers()?;
    let cases: Vec<&Case> = suite
        .found
        .cases
        .iter()
        .filter(|case| case.header.hosts.contains(&Host::Runtime))
        .collect();
    let answered = pool::run(subject, &cases, settings, "runtime", |_| Checks::default());
    let mut kept = (Vec::new(), Vec::new());
    for (case, answer) in cases.into_iter().zip(answered.answers) {
        let recording = recordings.get(case.name.as_str()).map(|of| &of.main);
        let recordings: Vec<_> = recording.into_iter().collect();
        if judge(case, Host::Runtime, &recordings, &answer) == Verdict::Passed
            && let Answer::Ran(ran) = answer
        {
            kept.0.push(case);
            kept.1.push(ran);
        } else if !suite.gaps.lists(&case.name, Host::Runtime) {
            let name = &case.name;
            return Err(Stop::Failed(format!(
                "conformance: {name} fails without a failing request"
            )));
        }
    }
    Ok(kept)
}

fn how_it_ended(whole: &Ran, answer: &Answer) -> Result<End, String> {
    let ran = match answer {
        Answer::Ran(ran) => ran,
        Answer::Crashed { how, stderr } => return Err(format!("{how}\n{}", tail(stderr))),
        Answer::Hung { timeout } => return Err(format!("no answer within {timeout:?}")),
        Answer::Garbled(how) => return Err(how.clone()),
    };
    let mentioned = |text: &str| text.contains("MemoryError");
    let mentions = mentioned(&ran.stderr) || mentioned(&ran.stdout);
    if ran.stdout == whole.stdout && ran.exit == whole.exit {
        if ran.stderr == whole.stderr {
            return Ok(End::Normal);
        }
        if mentions {
            return Ok(End::MemoryError);
        }
    }
    if !mentions {
        let exit = ran.exit;
        let stderr = tail(&ran.stderr);
        let odd = odd_line(whole, ran).unwrap_or("nothing odd");
        return Err(format!(
            "exit status {exit} without MemoryError; printed {odd:?}\n{stderr}"
        ));
    }
    // What a finalizer or a callback could not do is reported, and may show in what is printed later.
    let is_ignored = ran.stderr.contains("Exception ignored");
    if let Some(line) = odd_line(whole, ran)
        && !is_ignored
    {
        return Err(format!("printed {line:?}\n{}", tail(&ran.stderr)));
    }
    let ends_early = ran.exit == 1 && last_exception(&ran.stderr) == Some("MemoryError");
    if ran.exit == whole.exit || ends_early {
        Ok(End::MemoryError)
    } else {
        let exit = ran.exit;
        Err(format!("exit status {exit}\n{}", tail(&ran.stderr)))
    }
}

/// The first line that the whole output does not have at that place or later. A line may be cut off.
fn odd_line<'r>(whole: &Ran, ran: &'r Ran) -> Option<&'r str> {
    let mut expected = whole.stdout.lines();
    ran.stdout.lines().find(|line| {
        !line.contains("MemoryError") && !expected.any(|known| known.starts_with(*line))
    })
}

/// The line that names the last exception; notes may follow it. Without memory for a traceback it stands alone.
fn last_exception(stderr: &str) -> Option<&str> {
    match stderr.rsplit_once("Traceback (most recent call last):\n") {
        Some((_, last)) => last.lines().find(|line| !line.starts_with(' ')),
        None => stderr.lines().last(),
    }
}

fn tail(stderr: &str) -> String {
    let lines: Vec<&str> = stderr.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

fn report(
    tally: &Tally,
    cases: &[&Case],
    runs: usize,
    endings: &[String],
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let mut failed = 0;
    for (index, failures) in &tally.failed {
        let mut failures = failures.clone();
        failures.sort();
        failed += failures.len();
        let name = &cases[*index].name;
        let count = failures.len();
        print(out, &format!("FAILED {name} with {count} failing requests"))?;
        let mut shown: Vec<&str> = Vec::new();
        for (request, why) in &failures {
            // The same failure comes again and again: one example is enough.
            if !shown.contains(&why.as_str()) && shown.len() < EXAMPLES {
                shown.push(why);
                print(out, &format!("    request {request}: {}", indented(why)))?;
            }
        }
    }
    for ending in endings {
        print(out, &format!("FAILED {}", ending.trim_end()))?;
    }
    let (normal, memory_error) = (tally.normal, tally.memory_error);
    let count = cases.len();
    let said = format!(
        "{count} cases, {runs} runs with one failing request: {normal} normal, {memory_error} with MemoryError, \
         {failed} failed"
    );
    print(out, &said)?;
    if failed == 0 && endings.is_empty() && runs > 0 {
        Ok(())
    } else {
        Err(Stop::Failed(format!("conformance: {failed} failed")))
    }
}

/// Different failures of one case that are shown.
const EXAMPLES: usize = 5;

fn indented(text: &str) -> String {
    text.trim_end().replace('\n', "\n        ")
}

/// Reads the cases and runs them.
///
/// # Errors
///
/// As for [`run`].
pub fn main(
    root: &Path,
    args: &super::run::RunArgs,
    requests: Requests,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let suite = Suite::load(root, &args.selection.filter)?;
    let settings = args.selection.settings(super::run::CHECKED_SECONDS)?;
    let mut given = args.selection.subjects()?.into_iter();
    let subject = match given.rfind(|(host, _)| *host == Host::Runtime) {
        Some((_, command)) => subject::given(command),
        None => subject::runtime(root, &args.build())?,
    };
    run(&suite, requests, (&subject, settings), out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(exit: i32, stdout: &str, stderr: &str) -> Ran {
        Ran {
            exit,
            stdout: stdout.to_string(),
            stderr: stderr.to_string(),
            requests: None,
        }
    }

    fn end(exit: i32, stdout: &str, stderr: &str) -> Result<End, String> {
        let whole = ran(0, "one\ntwo\nthree\n", "");
        how_it_ended(&whole, &Answer::Ran(ran(exit, stdout, stderr)))
    }

    #[test]
    fn a_program_ends_normally_or_with_memory_error() {
        let all = "one\ntwo\nthree\n";
        let error = "Traceback (most recent call last):\n  …\nMemoryError\n";
        assert_eq!(end(0, all, ""), Ok(End::Normal));
        assert_eq!(end(1, "one\n", error), Ok(End::MemoryError));
        assert_eq!(end(1, "one\ntw", error), Ok(End::MemoryError));
        assert_eq!(end(1, "one\nthree\n", error), Ok(End::MemoryError));
        let ignored = "Exception ignored in: …\nMemoryError\n";
        assert_eq!(end(0, "one\nthree\n", ignored), Ok(End::MemoryError));
        let alone = end(1, "one\n", "MemoryError\n");
        assert_eq!(alone, Ok(End::MemoryError), "no memory for a traceback");
        let noted = format!("{error}Error calling __set_name__\n");
        assert_eq!(end(1, "one\n", &noted), Ok(End::MemoryError));
        let counted = end(0, "one\n2 ended\n", ignored);
        assert_eq!(counted, Ok(End::MemoryError), "a finalizer that counts");
        assert_eq!(
            end(0, "one\nMemoryError\nthree\n", ""),
            Ok(End::MemoryError)
        );
    }

    #[test]
    fn anything_else_is_a_failure() {
        let error = "MemoryError\n";
        assert!(
            end(1, "one\n", "KeyError: 'x'\n").is_err(),
            "another exception"
        );
        assert!(end(0, "one\nthree\n", "").is_err(), "a silent gap");
        assert!(end(1, "one\nfour\n", error).is_err(), "other words");
        assert!(end(1, "two\none\n", error).is_err(), "another order");
        assert!(end(2, "one\n", error).is_err(), "another exit status");
        let hidden = format!("{error}\nTraceback (most recent call last):\n  …\nTypeError: x\n");
        assert!(
            end(1, "one\n", &hidden).is_err(),
            "hidden by another exception"
        );
        let crash = Answer::Crashed {
            how: "killed by SIGSEGV".to_string(),
            stderr: String::new(),
        };
        assert!(how_it_ended(&ran(0, "", ""), &crash).is_err());
    }

    #[test]
    fn ranges_are_read_strictly() {
        assert_eq!("2..5".parse(), Ok(Requests { first: 2, last: 5 }));
        for wrong in ["", "5", "0..5", "6..5", "1..x", "1..2..3"] {
            assert!(wrong.parse::<Requests>().is_err(), "{wrong}");
        }
    }
}
