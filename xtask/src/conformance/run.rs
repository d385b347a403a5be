//! Runs the selected cases on every host and reports.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Selection;
use super::canary;
use super::case::Case;
use super::checks::Checks;
use super::gaps::{Gap, UNREVIEWED};
use super::header::Expectation;
use super::host::Host;
use super::oracle::{Oracle, Search, Series};
use super::pool::{self, Settings};
use super::report::{Counts, Outcome, Report};
use super::starve::{self, Requests};
use super::subject::{self, Build, Checker};
use super::suite::{Answers, Suite};
use super::verdict::{Verdict, judge};
use super::worker::{Answer, Subject};
use crate::problem::Stop;

/// Arguments of `cargo xtask conformance run`.
#[derive(Args, Debug, Clone, Default)]
pub struct RunArgs {
    #[command(flatten)]
    pub selection: Selection,
    /// Only this host: runtime, cpython or wheel
    #[arg(long, value_name = "NAME")]
    pub host: Option<Host>,
    /// Write the counts to this file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Build and run the runtime under a checker
    #[arg(long, value_name = "CHECKER")]
    pub under: Option<Checker>,
    /// Build the runtime with optimizations
    #[arg(long)]
    pub release: bool,
    /// Run the cases with each of the planted faults: every one must turn a case red
    #[arg(long, conflicts_with_all = ["zeal", "fail_allocation", "under"])]
    pub canary: bool,
    /// Run every case with its n-th request for memory failing, for n from A to B
    #[arg(long, value_name = "A..B", conflicts_with = "zeal")]
    pub fail_allocation: Option<Requests>,
    /// Audit the heap at allocations, collect far too often, fill what is released
    #[arg(long)]
    pub zeal: bool,
}

/// How many seconds a case may take with checks.
pub const CHECKED_SECONDS: f64 = 300.0;

/// How many seconds a case may take under valgrind, which takes a hundred times as long.
const VALGRIND_SECONDS: f64 = 900.0;

impl RunArgs {
    /// Tells whether the runtime is checked, which no other host can be.
    fn is_checked(&self) -> bool {
        self.under.is_some() || self.zeal
    }

    /// How the runtime is to be built.
    pub fn build(&self) -> Build {
        Build {
            release: self.release,
            under: self.under,
            zeal: self.zeal,
            canary: self.canary,
        }
    }
}

/// A case that failed on a host, with what to print about it.
struct Failure<'s> {
    case: &'s Case,
    host: Host,
    why: String,
}

/// The result of a run.
struct Ran<'s> {
    report: Report,
    failures: Vec<Failure<'s>>,
    /// Cases that passed although they are listed as gaps.
    stale: Vec<(&'s Case, Host)>,
    endings: Vec<String>,
}

/// Runs the suite and prints the report.
///
/// # Errors
///
/// Bad input, before anything runs; failed cases and stale gaps, after the report.
pub fn run(root: &Path, args: &RunArgs, out: &mut dyn Write) -> Result<(), Stop> {
    if args.canary {
        return canary::main(root, args, out);
    }
    if let Some(requests) = args.fail_allocation {
        return starve::main(root, args, requests, out);
    }
    let suite = Suite::load(root, &args.selection.filter)?;
    let answers = suite.answers()?;
    let ran = execute(&suite, &answers, args, out)?;
    for Failure { case, host, why } in &ran.failures {
        print(
            out,
            &format!("FAILED {} on {host} ({})", case.name, case.shown.display()),
        )?;
        for line in why.lines() {
            print(out, &format!("    {line}"))?;
        }
    }
    for (case, host) in &ran.stale {
        let name = &case.name;
        print(
            out,
            &format!("STALE  {name} on {host} passes: remove it from conformance/gaps.toml"),
        )?;
    }
    for ending in &ran.endings {
        print(out, &format!("FAILED {}", ending.trim_end()))?;
    }
    print(out, ran.report.to_text(&suite.index).trim_end())?;
    if let Some(path) = &args.json {
        let json = ran.report.to_json(&suite.index);
        std::fs::write(path, json).map_err(|error| Stop::io(path, &error))?;
    }
    if ran.report.succeeded() && ran.endings.is_empty() {
        Ok(())
    } else {
        let failed = ran.failures.len() + ran.endings.len();
        let stale = ran.stale.len();
        Err(Stop::Failed(format!(
            "conformance: {failed} failed, {stale} stale gaps"
        )))
    }
}

/// Prints the list of gaps.
///
/// # Errors
///
/// A list that cannot be read.
pub fn list_gaps(root: &Path, args: &RunArgs, out: &mut dyn Write) -> Result<(), Stop> {
    let suite = Suite::load(root, &args.selection.filter)?;
    let listed = suite.gaps.gaps.iter().filter(|gap| {
        let host = args.host.is_none_or(|host| host == gap.host);
        host && gap.case.contains(&args.selection.filter)
    });
    let mut count = 0;
    for Gap {
        case, host, reason, ..
    } in listed
    {
        print(out, &format!("{case} on {host}: {reason}"))?;
        count += 1;
    }
    print(out, &format!("{count} gaps"))
}

/// Runs the suite and adds every failure that is not listed, for somebody to review.
///
/// # Errors
///
/// Bad input, or a list that cannot be written.
pub fn write_gaps(root: &Path, args: &RunArgs, out: &mut dyn Write) -> Result<(), Stop> {
    let mut suite = Suite::load(root, &args.selection.filter)?;
    let answers = suite.answers()?;
    let ran = execute(&suite, &answers, args, out)?;
    let missing: Vec<Gap> = ran
        .failures
        .iter()
        .map(|failure| Gap {
            case: failure.case.name.clone(),
            host: failure.host,
            reason: UNREVIEWED.to_string(),
            line: 0,
        })
        .collect();
    drop((ran, answers));
    let count = missing.len();
    suite.gaps.gaps.extend(missing);
    let path = suite.folder.join("gaps.toml");
    std::fs::write(&path, suite.gaps.to_toml()).map_err(|error| Stop::io(&path, &error))?;
    print(
        out,
        &format!("{count} gaps added with the reason \"{UNREVIEWED}\""),
    )
}

fn execute<'s>(
    suite: &'s Suite,
    answers: &BTreeMap<&str, Answers>,
    args: &RunArgs,
    out: &mut dyn Write,
) -> Result<Ran<'s>, Stop> {
    let given: BTreeMap<Host, Vec<String>> = args.selection.subjects()?.into_iter().collect();
    let seconds = match args.under {
        Some(Checker::Valgrind) => VALGRIND_SECONDS,
        _ if args.is_checked() => CHECKED_SECONDS,
        _ => 60.0,
    };
    let asking = Asking {
        suite,
        answers,
        settings: args.selection.settings(seconds)?,
    };
    let wanted = Host::ALL.into_iter();
    let mut hosts: Vec<Host> = wanted
        .filter(|host| args.host.is_none_or(|only| only == *host))
        .filter(|host| !args.is_checked() || *host == Host::Runtime)
        .collect();
    let search = Search {
        given: args.selection.oracle.clone(),
        root: suite.root.clone(),
    };
    let mut oracle = None;
    if hosts.contains(&Host::Cpython) {
        oracle = search.any()?;
        match &oracle {
            Some(oracle) => print(out, &format!("oracle: CPython {}", oracle.version))?,
            None => {
                let oldest = Series::OLDEST;
                print(
                    out,
                    &format!(
                        "oracle: none found (want CPython {oldest} or newer on PATH, or --oracle PATH)"
                    ),
                )?;
                hosts.retain(|host| *host != Host::Cpython);
            }
        }
    }
    let mut hosting = Vec::new();
    if hosts.contains(&Host::Wheel) && !given.contains_key(&Host::Wheel) {
        hosting = search.recorded()?;
        let versions: Vec<String> = hosting.iter().map(|o| o.version.to_string()).collect();
        if hosting.is_empty() {
            let wanted = Series::RECORDED.map(|series| series.to_string()).join(", ");
            let line =
                format!("wheel: no CPython found (want one of {wanted} on PATH, or --oracle PATH)");
            print(out, &line)?;
            hosts.retain(|host| *host != Host::Wheel);
        } else {
            print(out, &format!("wheel: CPython {}", versions.join(", ")))?;
        }
    }
    let mut ran = Ran {
        report: Report::new(hosts.iter().copied()),
        failures: Vec::new(),
        stale: Vec::new(),
        endings: Vec::new(),
    };
    ran.report.oracle = oracle.as_ref().map(|oracle| oracle.version.to_string());
    for case in &suite.found.cases {
        ran.report.cite(case, &suite.index);
    }
    for host in hosts {
        let cases: Vec<&Case> = suite
            .found
            .cases
            .iter()
            .filter(|case| case.header.hosts.contains(&host))
            .collect();
        let plain = |_: &Case| Checks::default();
        match (host, given.get(&host), &oracle) {
            (Host::Cpython, given, Some(oracle)) => {
                for (oracle, cases) in by_version(&search, oracle, cases, &mut ran.report)? {
                    let subject = match given {
                        Some(command) => subject::given(command.clone()),
                        None => subject::cpython(&suite.root, &oracle),
                    };
                    let on = (host, Some(oracle.version.series()), host.name());
                    let verdicts = asking.ask(on, &subject, &cases, &plain, &mut ran);
                    ran.count(suite, host, &cases, verdicts);
                }
            }
            (Host::Wheel, None, _) => {
                on_the_wheel(&asking, &hosting, &cases, args.release, &mut ran)?;
            }
            (_, given, _) => {
                let subject = match given {
                    Some(command) => subject::given(command.clone()),
                    None => subject::runtime(&suite.root, &args.build())?,
                };
                let checks = |case: &Case| match args.zeal {
                    true => Checks::zeal(case),
                    false => Checks::default(),
                };
                let on = (host, None, host.name());
                let verdicts = asking.ask(on, &subject, &cases, &checks, &mut ran);
                ran.count(suite, host, &cases, verdicts);
            }
        }
    }
    Ok(ran)
}

/// Runs the cases on the wheel under each CPython. A case passes when it passes under each of them.
fn on_the_wheel<'s>(
    asking: &Asking<'s, '_>,
    hosting: &[Oracle],
    cases: &[&'s Case],
    release: bool,
    ran: &mut Ran<'s>,
) -> Result<(), Stop> {
    let host = Host::Wheel;
    let mut together: BTreeMap<&str, Verdict> = BTreeMap::new();
    for oracle in hosting {
        let Oracle { version, .. } = oracle;
        let runs = |case: &&&Case| match case.header.expectation {
            Expectation::Version(series) => series == version.series(),
            Expectation::Reference | Expectation::None => true,
        };
        let cases: Vec<&Case> = cases.iter().filter(runs).copied().collect();
        if cases.is_empty() {
            continue;
        }
        let subject = subject::wheel(&asking.suite.root, oracle, release)?;
        let label = format!("{host} on CPython {version}");
        let on = (host, Some(version.series()), label.as_str());
        let verdicts = asking.ask(on, &subject, &cases, &|_| Checks::default(), ran);
        let mut counts = Counts::default();
        for (case, verdict) in cases.iter().zip(verdicts) {
            let listed = asking.suite.gaps.lists(&case.name, host);
            counts.add(match &verdict {
                Verdict::Passed => Outcome::Passed,
                Verdict::Failed(_) if listed => Outcome::Gap,
                Verdict::Failed(_) => Outcome::Failed,
            });
            let whole = together.entry(&case.name).or_insert(Verdict::Passed);
            whole.join(&label, verdict);
        }
        ran.report.wheel.insert(version.to_string(), counts);
    }
    let (asked, verdicts): (Vec<&Case>, Vec<Verdict>) = cases
        .iter()
        .filter_map(|case| Some((*case, together.remove(case.name.as_str())?)))
        .unzip();
    ran.report.skipped += cases.len() - asked.len();
    ran.count(asking.suite, host, &asked, verdicts);
    Ok(())
}

/// Splits the cases by the CPython that must run them: most by the one found, some by a version they name.
fn by_version<'c>(
    search: &Search,
    found: &Oracle,
    cases: Vec<&'c Case>,
    report: &mut Report,
) -> Result<Vec<(Oracle, Vec<&'c Case>)>, Stop> {
    let mut batches: BTreeMap<Option<Series>, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        let named = match case.header.expectation {
            Expectation::Version(series) => Some(series),
            Expectation::Reference | Expectation::None => None,
        };
        batches.entry(named).or_default().push(case);
    }
    let mut split = Vec::new();
    for (named, cases) in batches {
        let oracle = match named {
            None => Some(found.clone()),
            Some(series) => search.version(series)?,
        };
        match oracle {
            Some(oracle) => split.push((oracle, cases)),
            None => report.skipped += cases.len(),
        }
    }
    Ok(split)
}

/// What every question to a subject needs.
struct Asking<'s, 'a> {
    suite: &'s Suite,
    answers: &'a BTreeMap<&'a str, Answers>,
    settings: Settings,
}

impl<'s> Asking<'s, '_> {
    /// Asks the subject for the cases and judges each answer by the recordings of that version.
    fn ask(
        &self,
        (host, version, label): (Host, Option<Series>, &str),
        subject: &Subject,
        cases: &[&'s Case],
        checks: &(dyn Fn(&Case) -> Checks + Sync),
        ran: &mut Ran<'s>,
    ) -> Vec<Verdict> {
        let answered = pool::run(subject, cases, self.settings, label, checks);
        let endings = answered.endings.into_iter();
        ran.endings
            .extend(endings.map(|ending| format!("{label}: {ending}")));
        let judged = cases.iter().zip(&answered.answers).map(|(case, answer)| {
            let answers = self.answers.get(case.name.as_str());
            verdict(case, host, version, answers, answer)
        });
        judged.collect()
    }
}

impl<'s> Ran<'s> {
    /// Counts what came of the cases on a host.
    fn count(&mut self, suite: &Suite, host: Host, cases: &[&'s Case], verdicts: Vec<Verdict>) {
        for (&case, verdict) in cases.iter().zip(verdicts) {
            let listed = suite.gaps.lists(&case.name, host);
            let outcome = match (verdict, listed) {
                (Verdict::Passed, false) => Outcome::Passed,
                (Verdict::Passed, true) => {
                    self.stale.push((case, host));
                    Outcome::Stale
                }
                (Verdict::Failed(_), true) => Outcome::Gap,
                (Verdict::Failed(why), false) => {
                    self.failures.push(Failure { case, host, why });
                    Outcome::Failed
                }
            };
            self.report.add(case, host, outcome, &suite.index);
        }
    }
}

fn verdict(
    case: &Case,
    host: Host,
    version: Option<Series>,
    answers: Option<&Answers>,
    answer: &Answer,
) -> Verdict {
    let recordings = match (answers, version) {
        (None, _) => Vec::new(),
        (Some(answers), Some(version)) => answers.of(version),
        (Some(answers), None) => vec![&answers.main],
    };
    judge(case, host, &recordings, answer)
}

/// Prints one line, or several.
pub fn print(out: &mut dyn Write, line: &str) -> Result<(), Stop> {
    writeln!(out, "{line}").map_err(|error| Stop::Usage(format!("standard output: {error}")))
}
