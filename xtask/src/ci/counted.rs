//! Runs the README's test command and counts the tests.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::problem::Stop;

/// Runs `cargo xtask test`'s own command; returns how many tests passed and failed.
pub fn run(root: &Path) -> (Result<(), Stop>, usize, usize) {
    let mut cargo = crate::tool::cargo(root);
    cargo
        .args(["xtask", "test", "--no-fail-fast"])
        .stdout(Stdio::piped());
    let mut child = match cargo.spawn() {
        Ok(child) => child,
        Err(error) => {
            return (
                Err(Stop::Usage(format!("cargo: cannot be run: {error}"))),
                0,
                0,
            );
        }
    };
    let (mut passed, mut failed) = (0, 0);
    for line in child
        .stdout
        .take()
        .into_iter()
        .flat_map(|out| BufReader::new(out).lines())
    {
        let Ok(line) = line else { break };
        if let Some((p, f)) = counts(&line) {
            (passed, failed) = (passed + p, failed + f);
        }
        println!("{line}");
    }
    let result = match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Stop::Failed(format!("cargo xtask test: {status}"))),
        Err(error) => Err(Stop::Usage(format!("cargo xtask test: {error}"))),
    };
    (result, passed, failed)
}

/// The counts in a line `test result: ok. 3 passed; 0 failed; …`.
fn counts(line: &str) -> Option<(usize, usize)> {
    let (_, rest) = line.split_once("test result: ")?;
    let number = |what: &str| -> Option<usize> {
        let (before, _) = rest.split_once(what)?;
        before.split_whitespace().next_back()?.parse().ok()
    };
    Some((number(" passed")?, number(" failed")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harness_says_how_many() {
        let line =
            "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(counts(line), Some((12, 3)));
        assert_eq!(counts("running 3 tests"), None);
    }
}
