//! `mortice worker`: programs named on standard input, one JSON line each.
//!
//! A request is `{"path": "…"}`, an answer `{"exit": 0, "stdout": "…", "stderr": "…", "requests": 7}`
//! (requests for memory from the program's first instruction to its last). A request may say what the program is put through: `{"path": "…", "checks": {"fail_allocation": 7}}`. Each program
//! has a runtime and a thread of its own, and a panic ends that program only, with status 101.

use crate::checks::Checks;
use crate::problem::Problem;
use crate::program::Program;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Deserialize)]
struct Request {
    path: String,
    #[serde(default)]
    checks: Checks,
}

#[derive(Serialize)]
struct Answer {
    exit: i32,
    stdout: String,
    stderr: String,
    /// Requests for memory from the program's first instruction to its last.
    requests: Option<u64>,
}

/// What a program wrote to a stream.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn into_text(self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Exit status of a program that panicked.
const PANICKED: i32 = 101;

/// Answers requests until there are no more.
pub fn work(stack_bytes: usize) -> Result<i32, Problem> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(Problem::Exchange)?;
        let answer = match serde_json::from_str::<Request>(&line) {
            Ok(request) => answer(&request, stack_bytes),
            Err(error) => Answer {
                exit: 2,
                stdout: String::new(),
                stderr: format!("mortice: not a request: {error}\n"),
                requests: None,
            },
        };
        let text = serde_json::to_string(&answer)
            .map_err(|error| Problem::Exchange(std::io::Error::other(error)))?;
        writeln!(output, "{text}")
            .and_then(|()| output.flush())
            .map_err(Problem::Exchange)?;
    }
    Ok(0)
}

fn answer(request: &Request, stack_bytes: usize) -> Answer {
    let (out, error) = (Captured::default(), Captured::default());
    let result =
        Program::read(Path::new(&request.path), Vec::new(), stack_bytes).and_then(|mut program| {
            program.checks = request.checks;
            program.run(Box::new(out.clone()), Box::new(error.clone()), |_| {})
        });
    let requests = result.as_ref().ok().map(|ended| ended.requests);
    let (exit, message) = match result {
        Ok(ended) => (ended.status & 0xFF, String::new()),
        Err(problem @ Problem::Panic(_)) => (PANICKED, format!("mortice: {problem}\n")),
        Err(problem) => (2, format!("mortice: {problem}\n")),
    };
    Answer {
        exit,
        stdout: out.into_text(),
        stderr: error.into_text() + &message,
        requests,
    }
}
