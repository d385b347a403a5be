//! Running other programs: cargo, and whatever a command needs.

use std::path::Path;
use std::process::Command;

use crate::problem::Stop;

/// The cargo that runs this program, started in the repository.
pub fn cargo(root: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root);
    command
}

/// The nightly toolchain's cargo, which knows sanitizers and coverage passes.
pub fn nightly_cargo(root: &Path) -> Command {
    let mut command = Command::new("rustup");
    command
        .args(["run", "nightly", "cargo"])
        .env_remove("CARGO")
        .env_remove("RUSTC")
        .env_remove("RUSTUP_TOOLCHAIN")
        .current_dir(root);
    command
}

/// Runs a program to its end, with this process's own streams.
///
/// # Errors
///
/// A program that cannot be started (exit status 2) or that fails (1); `what` names it.
pub fn run(mut command: Command, what: &str) -> Result<(), Stop> {
    let status = command
        .status()
        .map_err(|error| Stop::Usage(format!("{what}: cannot be run: {error}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Stop::Failed(format!("{what}: {status}")))
    }
}
