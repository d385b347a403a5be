//! `mortice run`.

use crate::problem::Problem;
use crate::program::Program;
use crate::record;
use clap::Args;
use mortice::Context;
use mortice::state::Sink;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Standard output: by lines to a terminal, by blocks to anything else.
pub fn standard_output() -> Sink {
    let stdout = std::io::stdout();
    if stdout.is_terminal() {
        Box::new(stdout)
    } else {
        Box::new(BufWriter::with_capacity(1 << 16, stdout))
    }
}

// How a program's memory is watched. Without a doc comment, so that the help is the command's.
#[derive(Args)]
pub struct Watch {
    /// Record every request for memory in a trace, for `mortice profile`.
    ///
    /// From right before the program is compiled until the runtime has ended, its last collection and finalizers
    /// included. What is allocated is said on standard error at the end. A trace that cannot be written is reported
    /// before the program runs if that can be known, and else after it, with the exit status 2.
    #[arg(long, value_name = "OUT")]
    record_allocations: Option<PathBuf>,
    /// Print what the program's memory holds, by domain and size, on standard error when the program ends.
    ///
    /// Before its runtime ends: what the program still has is counted.
    #[arg(long)]
    memory_statistics: bool,
}

/// Runs a program from the file `path` and gives its exit status.
pub fn run(mut program: Program, path: &Path, watch: Watch) -> Result<i32, Problem> {
    if let Some(out) = watch.record_allocations {
        program.recorder = Some(record::begin(out, path)?);
    }
    let afterwards = move |cx: &Context| {
        if watch.memory_statistics {
            // Where nobody reads, there is nobody to tell.
            let _ = write!(std::io::stderr(), "{}", cx.heap().memory().statistics());
        }
    };
    let ended = program.run(standard_output(), Box::new(std::io::stderr()), afterwards)?;
    if let Some(observer) = ended.observer {
        record::finish(observer)?;
    }
    Ok(ended.status)
}
