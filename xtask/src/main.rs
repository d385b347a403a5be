//! The project's own commands: `cargo xtask <command>`.
//!
//! Everything that CI does is one of these commands, so that it can be run at a desk. Each has a file of its own.
//! Exit status: 0 for success, 1 for failures found, 2 for wrong input or a missing tool.

#![forbid(unsafe_code)]

mod api;
mod bench;
mod ci;
mod conformance;
mod evaluate;
mod fuzz;
mod headers;
mod paths;
mod problem;
mod test;
mod tidy;
mod tool;
mod wheel;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own commands", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run Python files on the runtime and on CPython, and compare with what CPython recorded
    Conformance(Box<conformance::ConformanceArgs>),
    /// Run every test of the workspace
    Test(test::TestArgs),
    /// Check layers, unsafe code, growing collections, docs, sizes and licences
    Tidy,
    /// Count instructions and measure times
    Bench(bench::BenchArgs),
    /// Run a fuzz target, instrumented
    Fuzz(fuzz::FuzzArgs),
    /// Build the package for a CPython, and say where it is
    Wheel(wheel::WheelArgs),
    /// Make the table of CPython's C API from an installed CPython's headers
    Api(api::ApiArgs),
    /// Measure `mortice check` and `mortice upgrade` against a compiler, on real extensions
    EvaluateCheck(evaluate::EvaluateArgs),
    /// Run everything that has to hold
    Ci,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Conformance(args) => conformance::main(*args),
        Command::Test(args) => test::main(&args),
        Command::Tidy => tidy::main(),
        Command::Bench(args) => bench::main(&args),
        Command::Fuzz(args) => fuzz::main(&args),
        Command::Wheel(args) => wheel::main(&args),
        Command::Api(args) => api::main(&args),
        Command::EvaluateCheck(args) => evaluate::main(&args),
        Command::Ci => ci::main(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("{stop}");
            ExitCode::from(stop.status())
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
