//! Runs many cases on the workers of one subject.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::case::Case;
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
}

/// Asks the subject for every case. Shows progress on standard error where that is a terminal.
pub fn run(subject: &Subject, cases: &[&Case], settings: Settings, label: &str) -> Answers {
    let bar = bar(cases.len(), label);
    let next = AtomicUsize::new(0);
    let done = Mutex::new((vec![None; cases.len()], Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..settings.jobs.min(cases.len()) {
            scope.spawn(|| {
                let mut worker = Worker::new(subject, settings.timeout);
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(at) else { break };
                    bar.set_message(case.name.clone());
                    let answer = worker.ask(&case.path, case.header.process);
                    let mut done = done.lock().unwrap_or_else(|e| e.into_inner());
                    done.0[at] = Some(answer);
                    bar.inc(1);
                }
                if let Some((status, stderr)) = worker.finish()
                    && !status.success()
                {
                    let ending = format!("a worker ended with {status}\n{stderr}");
                    let mut done = done.lock().unwrap_or_else(|e| e.into_inner());
                    done.1.push(ending);
                }
            });
        }
    });
    bar.finish_and_clear();
    let (answers, endings) = done.into_inner().unwrap_or_else(|e| e.into_inner());
    Answers {
        answers: answers.into_iter().flatten().collect(),
        endings,
    }
}

fn bar(count: usize, label: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len} {msg}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let target = ProgressDrawTarget::stderr();
    let bar = ProgressBar::with_draw_target(Some(count as u64), target);
    bar.with_style(style).with_prefix(label.to_string())
}
