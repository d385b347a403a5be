//! `cargo xtask test`: every test of the workspace.

use clap::Args;

use crate::problem::Stop;

/// Arguments of `cargo xtask test`.
#[derive(Args, Debug, Default)]
pub struct TestArgs {
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
    let mut cargo = crate::tool::cargo(&root);
    cargo.args(["test", "--quiet"]);
    let selects = |word: &String| matches!(word.as_str(), "-p" | "--package" | "--workspace");
    if !args.arguments.iter().any(selects) {
        cargo.arg("--workspace");
    }
    cargo.args(&args.arguments).env("INSTA_UPDATE", "no");
    crate::tool::run(cargo, "cargo test")
}
