//! `cargo xtask test`: every test of the workspace, and those of the wheel.

use clap::Args;

use crate::problem::Stop;

/// Goes on with the other tests after one that fails.
const NO_FAIL_FAST: &str = "--no-fail-fast";

/// Arguments of `cargo xtask test`.
#[derive(Args, Debug, Default)]
pub struct TestArgs {
    /// Only the tests of the wheel; what follows is passed to pytest, as in `cargo xtask test --wheel -k traps`
    #[arg(long)]
    wheel: bool,
    /// Those under AddressSanitizer, on each CPython that is a shared library
    #[arg(long, requires = "wheel")]
    asan: bool,
    /// What follows is passed to cargo test, as in `cargo xtask test -p mortice-mem -- pools`
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENT"
    )]
    arguments: Vec<String>,
}

/// Runs the command. Snapshots are compared, never written, whatever the environment says.
///
/// # Errors
///
/// Tests that fail.
pub fn main(args: &TestArgs) -> Result<(), Stop> {
    let root = crate::paths::root();
    if args.wheel {
        return crate::wheel::suite::run(&root, &args.arguments, args.asan);
    }
    let mut cargo = crate::tool::cargo(&root);
    cargo.args(["test", "--quiet"]);
    let selects = |word: &String| matches!(word.as_str(), "-p" | "--package" | "--workspace");
    if !args.arguments.iter().any(selects) {
        cargo.arg("--workspace");
    }
    cargo.args(&args.arguments).env("INSTA_UPDATE", "no");
    let tested = crate::tool::run(cargo, "cargo test");
    // Arguments choose among the tests of the workspace.
    let is_all = args.arguments.iter().all(|word| word == NO_FAIL_FAST);
    if !is_all || (tested.is_err() && args.arguments.is_empty()) {
        return tested;
    }
    let wheel = crate::wheel::suite::run(&root, &[], false);
    match (tested, wheel) {
        (Err(Stop::Failed(one)), Err(Stop::Failed(other))) => {
            Err(Stop::Failed(format!("{one}\n{other}")))
        }
        (tested, wheel) => tested.and(wheel),
    }
}
