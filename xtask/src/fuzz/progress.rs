//! What a run of libFuzzer says about itself on standard error.

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The edges reached.
    pub coverage: u64,
    /// The inputs run.
    pub inputs: u64,
    /// The operations that the harness counted.
    pub operations: u64,
}

impl Progress {
    /// Takes in one line.
    pub fn read(&mut self, line: &str) {
        if let Some(count) = number_after(line, "operations: ") {
            self.operations = count;
        }
        if let Some(edges) = number_after(line, " cov: ") {
            self.coverage = self.coverage.max(edges);
            let inputs = line
                .strip_prefix('#')
                .and_then(|rest| number_after(rest, ""));
            self.inputs = self.inputs.max(inputs.unwrap_or(0));
        }
        if let Some(count) = number_after(line, "stat::number_of_executed_units: ") {
            self.inputs = count;
        }
    }
}

fn number_after(line: &str, what: &str) -> Option<u64> {
    let (_, rest) = line.split_once(what)?;
    let rest = rest.trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_run_are_understood() {
        let mut progress = Progress::default();
        for line in [
            "INFO: Running with entropic power schedule (0xFF, 100).",
            "#2\tINITED cov: 312 ft: 313 corp: 1/1b exec/s: 0 rss: 40Mb",
            "operations: 4099",
            "#1024\tNEW    cov: 987 ft: 1400 corp: 20/2Kb lim: 14 exec/s: 512 rss: 60Mb",
        ] {
            progress.read(line);
        }
        let want = Progress {
            coverage: 987,
            inputs: 1024,
            operations: 4099,
        };
        assert_eq!(progress, want);
        progress.read("stat::number_of_executed_units: 2048");
        assert_eq!(progress.inputs, 2048);
    }
}
