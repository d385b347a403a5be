//! Reads what iai-callgrind says, and checks that its tools are there.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::problem::Stop;

/// The unit of the rows.
pub const UNIT: &str = "instructions";

/// Instruction counts by load.
pub type Counts = BTreeMap<String, u64>;

/// Reads the counts from iai-callgrind's JSON, one benchmark a line.
///
/// # Errors
///
/// A line of another shape.
pub fn parse(text: &str) -> Result<Counts, Stop> {
    let lines = text.lines().filter(|line| line.starts_with('{'));
    let counts: Option<Counts> = lines.map(count).collect();
    match counts {
        Some(counts) if !counts.is_empty() => Ok(counts),
        _ => Err(Stop::Failed(
            "bench: iai-callgrind's output has another shape than expected".to_string(),
        )),
    }
}

fn count(line: &str) -> Option<(String, u64)> {
    let summary: Value = serde_json::from_str(line).ok()?;
    let path = summary.get("module_path")?.as_str()?;
    let (_, path) = path.split_once("::")?;
    let load = match summary.get("id").and_then(Value::as_str) {
        Some(id) => format!("{}.{id}", path.replace("::", "/")),
        None => path.replace("::", "/"),
    };
    let profiles = summary.get("profiles")?.as_array()?;
    let metrics = profiles
        .iter()
        .find_map(|profile| profile.pointer("/summaries/total/summary/Callgrind/Ir/metrics"))?;
    // `Left` without an earlier run to compare with, `Both` with one.
    let new = metrics
        .get("Left")
        .or_else(|| metrics.get("Both")?.get(0))?;
    Some((load, new.get("Int")?.as_u64()?))
}

/// Checks that valgrind and the matching runner are installed.
///
/// # Errors
///
/// Which is missing, and how to get it.
pub fn check_tools(root: &Path) -> Result<(), Stop> {
    let missing = |what: String| Err(Stop::Usage(format!("bench: {what}")));
    if version("valgrind").is_none() {
        return missing("valgrind is not installed".to_string());
    }
    let lock = root.join("Cargo.lock");
    let text = std::fs::read_to_string(&lock).map_err(|error| Stop::io(&lock, &error))?;
    let Some(want) = locked(&text, "iai-callgrind") else {
        return missing("Cargo.lock does not name iai-callgrind".to_string());
    };
    // The runner refuses to be started by hand, and names its version while doing so.
    match version("iai-callgrind-runner") {
        Some(said) if said.contains(&format!("({want})")) => Ok(()),
        _ => missing(format!(
            "iai-callgrind-runner {want} is not installed: cargo install iai-callgrind-runner --version {want}"
        )),
    }
}

/// What a program says when it is asked for its version.
fn version(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let said = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&said).into_owned())
}

/// The version of a package in the lock file.
fn locked(lock: &str, package: &str) -> Option<String> {
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    rest.split_once('"').map(|(version, _)| version.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_with_and_without_an_earlier_run() {
        let line = |metrics: &str| {
            format!(
                "{{\"module_path\":\"instructions::pairs::blocks\",\"id\":\"raw\",\"profiles\":[{{\"summaries\":\
                 {{\"total\":{{\"summary\":{{\"Callgrind\":{{\"Ir\":{{\"metrics\":{metrics}}}}}}}}}}}}}]}}\n"
            )
        };
        let want = Counts::from([("pairs/blocks.raw".to_string(), 12)]);
        assert_eq!(parse(&line("{\"Left\":{\"Int\":12}}")).unwrap(), want);
        let both = line("{\"Both\":[{\"Int\":12},{\"Int\":9}]}");
        assert_eq!(parse(&both).unwrap(), want);
        assert!(parse(&line("{\"Right\":{\"Int\":12}}")).is_err());
        assert!(parse("").is_err());
    }

    #[test]
    fn the_locked_version_is_that_of_the_very_package() {
        let lock = "name = \"iai-callgrind-macros\"\nversion = \"0.6.1\"\n\nname = \"iai-callgrind\"\nversion = \"0.16.1\"\n";
        assert_eq!(locked(lock, "iai-callgrind").as_deref(), Some("0.16.1"));
    }
}
