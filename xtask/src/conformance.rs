//! `cargo xtask conformance`: Python files whose output CPython has recorded, run on every host.
//!
//! A *case* is a file below `conformance/cases`; a *recording* is what CPython printed for it; a *host* is a
//! command line that runs cases. [`suite`] reads all three and refuses what is wrong before anything runs,
//! [`run`] compares, [`record`] is the only writer of recordings. `docs/conformance.md` is the format's contract.

pub mod canary;
pub mod case;
pub mod checks;
pub mod gaps;
pub mod header;
pub mod host;
pub mod index;
pub mod oracle;
pub mod pool;
pub mod record;
pub mod recording;
pub mod report;
pub mod run;
pub mod starve;
pub mod subject;
pub mod suite;
#[cfg(test)]
mod tests;
pub mod verdict;
pub mod worker;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::problem::Stop;
use host::Host;

/// Arguments of `cargo xtask conformance`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ConformanceArgs {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    run: run::RunArgs,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Run the cases on every host and print the report (what happens without a subcommand)
    Run(run::RunArgs),
    /// Ask CPython for the output of cases and write it to conformance/recordings
    Record(record::RecordArgs),
    /// List the cases that do not pass yet
    Gaps(GapsArgs),
}

/// Arguments of `cargo xtask conformance gaps`.
#[derive(Args, Debug)]
struct GapsArgs {
    /// Run the suite, and list every case that fails with the reason "unreviewed", which tidy refuses
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    run: run::RunArgs,
}

/// What selects cases and finds CPython, for every action.
#[derive(Args, Debug, Clone, Default)]
pub struct Selection {
    /// Only cases whose name (area/name) contains this
    #[arg(long, value_name = "SUBSTRING", default_value = "")]
    pub filter: String,
    /// A CPython to use; may be repeated to offer several versions
    #[arg(long, value_name = "PATH")]
    pub oracle: Vec<PathBuf>,
    /// How many workers run at a time on each host
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub jobs: usize,
    /// How many seconds a case may take [default: 60]
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<f64>,
    /// Use this command line as the worker of a host, instead of building or finding one
    #[arg(long, value_name = "HOST=COMMAND")]
    pub subject: Vec<String>,
}

impl Selection {
    /// The command lines given for hosts.
    ///
    /// # Errors
    ///
    /// One that is not of the form `HOST=COMMAND`.
    pub fn subjects(&self) -> Result<Vec<(Host, Vec<String>)>, Stop> {
        let parse = |text: &String| {
            let (host, command) = text
                .split_once('=')
                .ok_or_else(|| format!("subject `{text}` is not HOST=COMMAND"))?;
            let words: Vec<String> = command.split_whitespace().map(str::to_string).collect();
            if words.is_empty() {
                return Err(format!("subject `{text}` names no command"));
            }
            Ok((host.parse::<Host>()?, words))
        };
        let subjects: Result<_, String> = self.subject.iter().map(parse).collect();
        subjects.map_err(Stop::Usage)
    }

    /// How the workers are run.
    ///
    /// # Errors
    ///
    /// No workers, or a time that is none.
    pub fn settings(&self, default_seconds: f64) -> Result<pool::Settings, Stop> {
        let seconds = self.timeout.unwrap_or(default_seconds);
        let timeout = std::time::Duration::try_from_secs_f64(seconds)
            .map_err(|_| Stop::Usage(format!("`{seconds}` is no number of seconds to wait")))?;
        if self.jobs == 0 || timeout.is_zero() {
            return Err(Stop::Usage(
                "want at least one worker and some time".to_string(),
            ));
        }
        Ok(pool::Settings {
            jobs: self.jobs,
            timeout,
        })
    }
}

/// Runs the command.
///
/// # Errors
///
/// What is wrong with the input, or that cases failed.
pub fn main(args: ConformanceArgs) -> Result<(), Stop> {
    let root = crate::paths::root();
    let mut out = std::io::stdout().lock();
    match args.action {
        None => run::run(&root, &args.run, &mut out),
        Some(Action::Run(args)) => run::run(&root, &args, &mut out),
        Some(Action::Record(args)) => record::record(&root, &args, &mut out),
        Some(Action::Gaps(args)) if args.write => run::write_gaps(&root, &args.run, &mut out),
        Some(Action::Gaps(args)) => run::list_gaps(&root, &args.run, &mut out),
    }
}
