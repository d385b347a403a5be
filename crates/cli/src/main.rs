//! The mortice command: runs Python programs, shows how their classes lie in memory, and checks C extensions.

#![forbid(unsafe_code)]

mod check;
mod checks;
mod layout;
mod problem;
mod profile;
mod program;
mod record;
mod replace;
mod run;
mod upgrade;
mod worker;

use clap::{Args, Parser, Subcommand};
use program::Program;
use std::path::PathBuf;
use std::process::ExitCode;

/// Runs Python programs on mortice, CPython's object model in Rust.
#[derive(Parser)]
#[command(name = "mortice", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a Python program.
    ///
    /// The exit status is the program's: 0 at its end, 1 for an exception that nobody caught, what
    /// it gives to sys.exit(). It is 2 for a file that cannot be read, or a recording that cannot be written.
    Run {
        #[command(flatten)]
        options: Options,
        #[command(flatten)]
        watch: run::Watch,
        #[command(flatten)]
        checks: checks::Checks,
        /// The program.
        file: PathBuf,
        /// What the program finds in sys.argv.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run a Python program and draw the memory layout of its classes.
    ///
    /// Shows every class that the program defines at its top level, in order: the header, each
    /// base's fields, the cells of __slots__, and where dict and weak references lie.
    Layout {
        #[command(flatten)]
        options: Options,
        /// Columns of the picture.
        #[arg(long, default_value_t = 100, value_name = "COLUMNS")]
        width: usize,
        /// The program.
        file: PathBuf,
    },
    /// Show what a recorded trace of allocations says, and which parameters would serve it best.
    ///
    /// Prints how much is allocated in which sizes and for how long. Then the trace is replayed on a small pool
    /// allocator with other distances between size classes, other thresholds for what pools serve, other pools
    /// and other arenas than usual; each is scored by time and by the bytes it takes from the system, and the
    /// best is recommended if it saves enough. Times are those of this machine, relative to the usual parameters
    /// in the same run.
    ///
    /// The exit status is 2 for a file that cannot be read or is no trace.
    Profile(profile::Profile),
    /// Find what keeps the C or C++ sources of an extension from CPython's stable ABI.
    ///
    /// Reads the files, and in folders those that end in .c .h .cc .cpp .cxx .c++ .hpp .hh .hxx .h++ or .inc, without
    /// compiling them. Tells every place that the target's headers refuse, why, and what to write instead; then what
    /// can be changed by a tool, what needs thought, and a verdict.
    ///
    /// The exit status is 0 for sources that are ready, 1 for others, 2 for a path that does not exist.
    Check(check::Check),
    /// Change the C or C++ sources of an extension to newer names, or to what abi3t needs.
    ///
    /// For 3.12, fields of objects become accessor functions, what is stored into them becomes Py_SET_ functions,
    /// and old names of allocators, of the trashcan and of what CPython 3.13 took away become those of today. A
    /// header, mortice_compat.h, which gives these names to CPython 3.8 and newer, is laid beside the sources. For
    /// abi3t, types, structs and modules are changed as well.
    ///
    /// Shows the difference, or rewrites the files with --write. Comments, strings and everything else stay as they
    /// are, and a second run changes nothing. What cannot be changed safely is told on standard error with its place
    /// and the reason.
    ///
    /// The exit status is 0 if all was done, 1 if something is left, 2 for a path that does not exist.
    Upgrade(upgrade::Upgrade),
    /// Name the planted faults, one a line.
    #[cfg(feature = "canary")]
    Faults,
    /// Run programs that are named on standard input, one JSON line each.
    #[command(hide = true)]
    Worker {
        #[command(flatten)]
        options: Options,
    },
}

#[derive(Args, Clone, Copy)]
struct Options {
    /// Native stack of the program, in KiB.
    #[arg(long, default_value_t = 8_192, value_name = "N", value_parser = clap::value_parser!(u32).range(256..=16_777_216))]
    stack_kib: u32,
}

impl Options {
    fn stack_bytes(self) -> usize {
        self.stack_kib as usize * 1024
    }
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Run {
            options,
            watch,
            checks,
            file,
            arguments,
        } => {
            let program = Program::read(&file, arguments, options.stack_bytes());
            program.and_then(|program| run::run(Program { checks, ..program }, &file, watch))
        }
        Command::Layout {
            options,
            width,
            file,
        } => layout::layout(&file, width, options.stack_bytes()),
        Command::Profile(options) => profile::profile(&options),
        Command::Check(options) => check::check(&options),
        Command::Upgrade(options) => upgrade::upgrade(&options),
        #[cfg(feature = "canary")]
        Command::Faults => {
            for fault in mortice::types::gc::mem::fault::Fault::ALL {
                println!("{}", fault.name());
            }
            Ok(0)
        }
        Command::Worker { options } => worker::work(options.stack_bytes()),
    };
    match result {
        // What does not fit an exit status is cut, as the system cuts it.
        Ok(status) => ExitCode::from(status as u8),
        Err(problem) => {
            eprintln!("mortice: {problem}");
            ExitCode::from(2)
        }
    }
}
