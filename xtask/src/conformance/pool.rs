//! Runs many cases on the workers of one subject.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::case::Case;
use super::checks::Checks;
use super::worker::{Answer, Subject, Worker};

/// How a subject is run.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many workers run at a time.
    pub jobs: usize,
    /// How long a case may take.
    pub timeout: Duration,
}

/// What came out of a run over many cases.
#[derive(Debug, Default)]
pub struct Answers {
    /// One answer per case, in the order of the cases.
    pub answers: Vec<Answer>,
    /// What workers said that ended badly after their last case.
    pub endings: Vec<String>,
    /// How long the slowest case took.
    pub slowest: Duration,
}

/// One question to a subject.
#[derive(Clone, Copy, Debug)]
pub struct Job<'c> {
    /// The case.
    pub case: &'c Case,
    /// What it is put through.
    pub checks: Checks,
}

/// Asks the subject for every case, with the checks that `checks` says.
pub fn run(
    subject: &Subject,
    cases: &[&Case],
    settings: Settings,
    label: &str,
    checks: impl Fn(&Case) -> Checks,
) -> Answers {
    let jobs: Vec<Job> = cases
        .iter()
        .map(|case| Job {
            case,
            checks: checks(case),
        })
        .collect();
    let started = Instant::now();
    let done = Mutex::new(vec![None; cases.len()]);
    let endings = run_jobs(subject, &jobs, settings, label, &|at, answer, taken| {
        let mut done = done.lock().unwrap_or_else(|e| e.into_inner());
        done[at] = Some((answer, taken));
    });
    let answers = done.into_inner().unwrap_or_else(|e| e.into_inner());
    let answers: Vec<(Answer, Duration)> = answers.into_iter().flatten().collect();
    let times = cases
        .iter()
        .zip(&answers)
        .map(|(case, (_, time))| (*time, &case.name));
    let slowest = times.max();
    if let Some((slowest, name)) = slowest {
        // To standard error: the report on standard output is the same for the same result.
        let (count, all) = (cases.len(), started.elapsed().as_secs_f64());
        let slowest = slowest.as_secs_f64();
        eprintln!("{label}: {count} cases in {all:.2} s, the slowest {name} in {slowest:.2} s");
    }
    let slowest_time = slowest.map_or(Duration::ZERO, |(time, _)| time);
    Answers {
        answers: answers.into_iter().map(|(answer, _)| answer).collect(),
        endings,
        slowest: slowest_time,
    }
}

/// Asks the subject many questions and hands each answer on with its number and the time it took. Shows progress
/// on standard error where that is a terminal. Returns what workers said that ended badly after their last one.
pub fn run_jobs(
    subject: &Subject,
    jobs: &[Job],
    settings: Settings,
    label: &str,
    done: &(dyn Fn(usize, Answer, Duration) + Sync),
) -> Vec<String> {
    let bar = bar(jobs.len(), label);
    let next = AtomicUsize::new(0);
    let endings = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..settings.jobs.min(jobs.len()) {
            scope.spawn(|| {
                let mut worker = Worker::new(subject, settings.timeout);
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(Job { case, checks }) = jobs.get(at) else {
                        break;
                    };
                    bar.set_message(case.name.clone());
                    let asked = Instant::now();
                    let answer = worker.ask(&case.path, case.header.process, *checks);
                    done(at, answer, asked.elapsed());
                    bar.inc(1);
                }
                if let Some((status, stderr)) = worker.finish()
                    && !status.success()
                {
                    let ending = format!("a worker ended with {status}\n{stderr}");
                    let mut endings = endings.lock().unwrap_or_else(|e| e.into_inner());
                    endings.push(ending);
                }
            });
        }
    });
    bar.finish_and_clear();
    endings.into_inner().unwrap_or_else(|e| e.into_inner())
}

fn bar(count: usize, label: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len} {msg}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let target = ProgressDrawTarget::stderr();
    let bar = ProgressBar::with_draw_target(Some(count as u64), target);
    bar.with_style(style).with_prefix(label.to_string())
}
