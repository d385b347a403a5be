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

/// The counts in a line `test result: ok. 3 passed; 0 failed; …` of cargo, or `1 failed, 3 passed in 0.50s` of
/// pytest.
fn counts(line: &str) -> Option<(usize, usize)> {
    let Some((_, rest)) = line.split_once("test result: ") else {
        return pytest_counts(line);
    };
    let number = |what: &str| -> Option<usize> {
        let (before, _) = rest.split_once(what)?;
        before.split_whitespace().next_back()?.parse().ok()
    };
    Some((number(" passed")?, number(" failed")?))
}

fn pytest_counts(line: &str) -> Option<(usize, usize)> {
    let (counted, time) = line.rsplit_once(" in ")?;
    let (seconds, _) = time.split_once('s')?;
    seconds.parse::<f64>().ok()?;
    let (mut passed, mut failed) = (0, 0);
    for part in counted.split(", ") {
        let (number, what) = part.split_once(' ')?;
        let number: usize = number.parse().ok()?;
        match what {
            "passed" | "xfailed" => passed += number,
            "failed" | "error" | "errors" | "xpassed" => failed += number,
            "skipped" | "deselected" | "warning" | "warnings" => {}
            _ => return None,
        }
    }
    Some((passed, failed))
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
        assert_eq!(
            counts("3 failed, 67 passed, 1 skipped in 8.67s"),
            Some((67, 3))
        );
        assert_eq!(
            counts("2 passed, 1 warning in 61.20s (0:01:01)"),
            Some((2, 0))
        );
        assert_eq!(counts("2 errors in 0.10s"), Some((0, 2)));
        assert_eq!(counts("cases in 8.52 s, the slowest"), None);
    }
}
