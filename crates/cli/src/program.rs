//! A program in a runtime of its own, on a thread with a stack of the asked size.

use crate::checks::Checks;
use crate::problem::Problem;
use crate::record;
use mortice::state::Sink;
use mortice::{Context, Runtime};
use mortice_mem::{Config, Observer};
use mortice_profile::Recorder;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A program to run.
pub struct Program {
    /// Its file, as the user wrote it.
    pub path: String,
    /// Its text.
    pub source: String,
    /// What follows it in `sys.argv`.
    pub arguments: Vec<String>,
    /// Bytes of native stack.
    pub stack_bytes: usize,
    /// What it is put through.
    pub checks: Checks,
    /// What records its requests for memory.
    pub recorder: Option<Recorder>,
}

/// A program that ran to its end.
pub struct Ended {
    /// Its exit status.
    pub status: i32,
    /// Requests for memory from its first instruction to its last.
    pub requests: u64,
    /// What watched its memory until the runtime's end.
    pub observer: Option<Box<dyn Observer>>,
}

impl Program {
    /// Reads a program.
    pub fn read(
        path: &Path,
        arguments: Vec<String>,
        stack_bytes: usize,
    ) -> Result<Program, Problem> {
        Ok(Program {
            path: path.to_string_lossy().into_owned(),
            source: mortice_eval::source::read(path)?,
            arguments,
            stack_bytes,
            checks: Checks::default(),
            recorder: None,
        })
    }

    /// Runs the program, then `afterwards` in its runtime, then ends the runtime.
    pub fn run(
        self,
        out: Sink,
        error: Sink,
        afterwards: impl FnOnce(&Context) + Send + 'static,
    ) -> Result<Ended, Problem> {
        let stack_bytes = self.stack_bytes;
        let thread = std::thread::Builder::new()
            .name("program".to_owned())
            .stack_size(stack_bytes)
            .spawn(move || {
                let run = AssertUnwindSafe(|| self.run_here(out, error, afterwards));
                match catch_unwind(run) {
                    Ok(result) => result,
                    Err(panic) => Err(Problem::Panic(panic_text(&*panic))),
                }
            });
        match thread {
            Ok(thread) => match thread.join() {
                Ok(result) => result,
                Err(panic) => Err(Problem::Panic(panic_text(&*panic))),
            },
            Err(error) => Err(Problem::Thread { stack_bytes, error }),
        }
    }

    fn run_here(
        self,
        out: Sink,
        error: Sink,
        afterwards: impl FnOnce(&Context) + Send,
    ) -> Result<Ended, Problem> {
        let mut runtime = Runtime::builder()
            .evaluator(mortice_eval::evaluator())
            .stack_bytes(self.stack_bytes)
            .memory(Config::from_environment()?)
            .stdout(out)
            .stderr(error)
            .build()?;
        let (status, requests) = runtime.enter(move |cx| {
            if let Some(recorder) = self.recorder {
                record::watch(cx, recorder);
            }
            let (path, source, arguments) = (&self.path, &self.source, &self.arguments);
            let count = || cx.heap().memory().allocation_count();
            let mut before = count();
            let first = |cx: &Context| {
                before = count();
                self.checks.start(cx);
            };
            let status = mortice::program::run_after(cx, path, source, arguments, first);
            let requests = count() - before;
            afterwards(cx);
            (status, requests)
        });
        let observer = runtime.end_with(record::unwatch);
        Ok(Ended {
            status,
            requests,
            observer,
        })
    }
}

/// The message of a panic.
fn panic_text(panic: &(dyn Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "a panic without a message".to_owned(),
    }
}
