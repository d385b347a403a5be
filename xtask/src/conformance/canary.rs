//! The suite against planted faults: each must turn at least one case red.
//!
//! The runtime is built with the Cargo feature `canary`, whose faults are listed in `crates/mem/src/fault.rs`; a
//! variable of the environment chooses one. What passes without a fault is run again with each.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::case::Case;
use super::checks::Checks;
use super::host::Host;
use super::pool::{self, Answers, Settings};
use super::run::{CHECKED_SECONDS, RunArgs, print};
use super::subject;
use super::suite::Suite;
use super::verdict::{Verdict, judge};
use super::worker::Subject;
use crate::problem::Stop;

/// The variable that chooses a fault.
const VARIABLE: &str = "MORTICE_FAULT";

/// How many seconds a case may take with a fault beyond three times what the slowest takes without one: a fault
/// may make it hang, and the next case has to come.
const SECONDS: f64 = 5.0;

/// Cases that are named of those that noticed a fault.
const NAMED: usize = 4;

/// Builds the runtime with faults and runs the selected cases with each.
///
/// # Errors
///
/// Bad input, a build that fails, a case that fails without a fault, and a fault that no case notices.
pub fn main(root: &Path, args: &RunArgs, out: &mut dyn Write) -> Result<(), Stop> {
    let suite = Suite::load(root, &args.selection.filter)?;
    let settings = args.selection.settings(CHECKED_SECONDS)?;
    let mut given = args.selection.subjects()?.into_iter();
    let subject = match given.rfind(|(host, _)| *host == Host::Runtime) {
        Some((_, command)) => subject::given(command),
        None => subject::runtime(root, &args.build())?,
    };
    let faults = faults(&subject)?;
    let is_limited = args.selection.timeout.is_some();
    run(&suite, &faults, &subject, (settings, is_limited), out)
}

/// The names of all faults, as the subject lists them.
fn faults(subject: &Subject) -> Result<Vec<String>, Stop> {
    let program = &subject.command[0];
    let output = Command::new(program)
        .arg("faults")
        .output()
        .map_err(|error| Stop::Usage(format!("`{program} faults` cannot be run: {error}")))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let names: Vec<String> = text.lines().map(str::to_string).collect();
    if !output.status.success() || names.is_empty() {
        return Err(Stop::Usage(format!("`{program} faults` lists no faults")));
    }
    Ok(names)
}

fn run(
    suite: &Suite,
    faults: &[String],
    subject: &Subject,
    (mut settings, is_limited): (Settings, bool),
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let all: Vec<&Case> = suite
        .found
        .cases
        .iter()
        .filter(|case| case.header.hosts.contains(&Host::Runtime))
        .collect();
    let (red, answered) = red_cases(suite, subject, &all, settings, "no fault")?;
    if let Some(ending) = answered.endings.first() {
        return Err(Stop::Failed(format!("canary: without a fault, {ending}")));
    }
    if !is_limited {
        settings.timeout = answered.slowest * 3 + Duration::from_secs_f64(SECONDS);
    }
    let unlisted = |case: &&&Case| !suite.gaps.lists(&case.name, Host::Runtime);
    if let Some(case) = red.iter().find(unlisted) {
        let name = &case.name;
        return Err(Stop::Failed(format!(
            "canary: {name} fails without a fault"
        )));
    }
    let is_red = |case: &&Case| red.iter().any(|red| red.name == case.name);
    let green: Vec<&Case> = all.into_iter().filter(|case| !is_red(case)).collect();
    let mut unnoticed = Vec::new();
    for fault in faults {
        let mut subject = subject.clone();
        subject
            .environment
            .push((VARIABLE.to_string(), fault.clone()));
        let (red, _) = red_cases(suite, &subject, &green, settings, fault)?;
        let names: Vec<&str> = red.iter().map(|case| case.name.as_str()).collect();
        let line = match names.len() {
            0 => {
                unnoticed.push(fault.as_str());
                format!("{fault}: no case noticed")
            }
            1 => format!("{fault}: 1 case: {}", names[0]),
            count if count <= NAMED => format!("{fault}: {count} cases: {}", names.join(", ")),
            count => format!("{fault}: {count} cases: {}, …", names[..NAMED].join(", ")),
        };
        print(out, &line)?;
    }
    let (planted, noticed) = (faults.len(), faults.len() - unnoticed.len());
    print(out, &format!("{planted} faults planted, {noticed} noticed"))?;
    if unnoticed.is_empty() {
        Ok(())
    } else {
        let names = unnoticed.join(", ");
        Err(Stop::Failed(format!("canary: nobody noticed {names}")))
    }
}

/// The cases that do not pass, and what all answered.
fn red_cases<'s>(
    suite: &Suite,
    subject: &Subject,
    cases: &[&'s Case],
    settings: Settings,
    label: &str,
) -> Result<(Vec<&'s Case>, Answers), Stop> {
    let recordings = suite.answers()?;
    let answered = pool::run(subject, cases, settings, label, |_| Checks::default());
    let judged = cases
        .iter()
        .zip(&answered.answers)
        .filter(|(case, answer)| {
            let recording = recordings.get(case.name.as_str()).map(|of| &of.main);
            let recordings: Vec<_> = recording.into_iter().collect();
            judge(case, Host::Runtime, &recordings, answer) != Verdict::Passed
        });
    let red = judged.map(|(case, _)| *case).collect();
    Ok((red, answered))
}
