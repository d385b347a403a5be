//! The result of a run: counts by area and host, and how much of the index is covered.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Serialize;

use super::case::Case;
use super::header::Expectation;
use super::host::Host;
use super::index::Index;

/// How a case counts on one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed and is not listed.
    Failed,
    /// It failed and is listed.
    Gap,
    /// It passed and is listed.
    Stale,
}

/// Counts of outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Passed and not listed.
    pub passed: usize,
    /// Failed and not listed.
    pub failed: usize,
    /// Failed and listed.
    pub gap: usize,
    /// Passed and listed.
    pub stale: usize,
}

impl Counts {
    /// Counts one more case.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Gap => self.gap += 1,
            Outcome::Stale => self.stale += 1,
        }
    }
}

/// The result of a run over some hosts.
#[derive(Debug, Default)]
pub struct Report {
    /// Counts by area, then host.
    areas: BTreeMap<String, BTreeMap<Host, Counts>>,
    hosts: BTreeMap<Host, Counts>,
    /// Cases that assert for themselves, by host; they are among the counts above.
    without_oracle: BTreeMap<Host, Counts>,
    cited: BTreeSet<String>,
    passing: BTreeMap<Host, BTreeSet<String>>,
    /// The version that ran the cases as host `cpython`.
    pub oracle: Option<String>,
    /// Counts of the host `wheel` on each version of CPython, by its full number.
    pub wheel: BTreeMap<String, Counts>,
    /// Cases left out because the version of CPython that they want is not here.
    pub skipped: usize,
}

#[derive(Serialize)]
struct Json<'a> {
    hosts: BTreeMap<&'static str, Counts>,
    behaviours: JsonBehaviours,
    oracle: Option<&'a str>,
    wheel: &'a BTreeMap<String, Counts>,
}

#[derive(Serialize)]
struct JsonBehaviours {
    indexed: usize,
    cited: usize,
    passing: BTreeMap<&'static str, usize>,
}

impl Report {
    /// Starts a report on the hosts that run.
    pub fn new(hosts: impl IntoIterator<Item = Host>) -> Self {
        let mut report = Self::default();
        for host in hosts {
            report.hosts.insert(host, Counts::default());
            // What is not a slot is CPython's own on the wheel, and says nothing about this project.
            if host != Host::Wheel {
                report.passing.insert(host, BTreeSet::new());
            }
        }
        report
    }

    /// Counts what a case cites, whether it runs or not.
    pub fn cite(&mut self, case: &Case, index: &Index) {
        let cites = case.header.cites.iter();
        let behaviours = cites.filter(|id| index.behaviour(id).is_some());
        self.cited.extend(behaviours.cloned());
    }

    /// Counts one case on one host.
    pub fn add(&mut self, case: &Case, host: Host, outcome: Outcome, index: &Index) {
        let area = self.areas.entry(case.area.clone()).or_default();
        area.entry(host).or_default().add(outcome);
        self.hosts.entry(host).or_default().add(outcome);
        let own = case.header.expectation == Expectation::None;
        if own {
            self.without_oracle.entry(host).or_default().add(outcome);
        }
        if own || !matches!(outcome, Outcome::Passed | Outcome::Stale) {
            return;
        }
        let Some(passing) = self.passing.get_mut(&host) else {
            return;
        };
        for id in &case.header.cites {
            let mut deviates = case.header.deviates.iter();
            let deviates = deviates.any(|d| d.host == host && d.id == *id);
            if index.behaviour(id).is_some() && !deviates {
                passing.insert(id.clone());
            }
        }
    }

    /// Tells whether the run succeeded: nothing failed, and no gap is stale.
    pub fn succeeded(&self) -> bool {
        let mut counts = self.hosts.values();
        counts.all(|counts| counts.failed == 0 && counts.stale == 0)
    }

    /// The report for a reader.
    pub fn to_text(&self, index: &Index) -> String {
        let mut text = String::new();
        let mut line = |words: std::fmt::Arguments| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{words}");
        };
        line(format_args!(
            "{:<12} {:<8} {:>7} {:>7} {:>7} {:>7}",
            "area", "host", "passed", "failed", "gaps", "stale"
        ));
        let rows = self.areas.iter().flat_map(|(area, hosts)| {
            let hosts = hosts.iter();
            hosts.map(move |(host, counts)| (area.as_str(), *host, *counts))
        });
        let totals = self
            .hosts
            .iter()
            .map(|(host, counts)| ("all", *host, *counts));
        for (area, host, c) in rows.chain(totals) {
            let Counts {
                passed,
                failed,
                gap,
                stale,
            } = c;
            line(format_args!(
                "{area:<12} {host:<8} {passed:>7} {failed:>7} {gap:>7} {stale:>7}"
            ));
        }
        for (version, counts) in &self.wheel {
            let Counts {
                passed,
                failed,
                gap,
                ..
            } = counts;
            line(format_args!(
                "wheel on CPython {version}: {passed} passed, {failed} failed, {gap} gaps"
            ));
        }
        for (host, counts) in &self.without_oracle {
            let count = counts.passed + counts.failed + counts.gap + counts.stale;
            line(format_args!(
                "of these on {host}, {count} have no oracle and assert for themselves: {} passed",
                counts.passed + counts.stale
            ));
        }
        if self.skipped > 0 {
            line(format_args!(
                "{} cases want a CPython that is not here: skipped",
                self.skipped
            ));
        }
        line(format_args!(
            "behaviours: {} indexed, {} reachable from Python, {} cited ({} of the reachable)",
            index.behaviours_count(),
            index.reachable_count(),
            self.cited.len(),
            reachable(&self.cited, index),
        ));
        for (host, passing) in &self.passing {
            line(format_args!(
                "behaviours passing on {host}: {} ({} of the reachable)",
                passing.len(),
                reachable(passing, index)
            ));
        }
        text
    }

    /// The report for a program.
    pub fn to_json(&self, index: &Index) -> String {
        let hosts = self.hosts.iter();
        let passing = self.passing.iter();
        let json = Json {
            hosts: hosts.map(|(host, counts)| (host.name(), *counts)).collect(),
            behaviours: JsonBehaviours {
                indexed: index.behaviours_count(),
                cited: self.cited.len(),
                passing: passing
                    .map(|(host, ids)| (host.name(), ids.len()))
                    .collect(),
            },
            oracle: self.oracle.as_deref(),
            wheel: &self.wheel,
        };
        // Maps with string keys and numbers always have a JSON form.
        let mut text = serde_json::to_string_pretty(&json).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn reachable(ids: &BTreeSet<String>, index: &Index) -> usize {
    let ids = ids.iter();
    ids.filter(|id| index.behaviour(id).is_some_and(|b| b.from_python))
        .count()
}
