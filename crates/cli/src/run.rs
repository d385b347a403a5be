//! `mortice run`.

use crate::checks::Checks;
use crate::problem::Problem;
use crate::program::Program;
use mortice::state::Sink;
use std::io::{BufWriter, IsTerminal};
use std::path::Path;

/// Standard output: by lines to a terminal, by blocks to anything else.
pub fn standard_output() -> Sink {
    let stdout = std::io::stdout();
    if stdout.is_terminal() {
        Box::new(stdout)
    } else {
        Box::new(BufWriter::with_capacity(1 << 16, stdout))
    }
}

/// Runs a program and gives its exit status.
pub fn run(
    path: &Path,
    arguments: Vec<String>,
    stack_bytes: usize,
    checks: Checks,
) -> Result<i32, Problem> {
    let mut program = Program::read(path, arguments, stack_bytes)?;
    program.checks = checks;
    let ended = program.run(standard_output(), Box::new(std::io::stderr()), |_| {})?;
    Ok(ended.status)
}
