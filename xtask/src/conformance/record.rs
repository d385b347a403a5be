//! Asks CPython what the cases print, and writes it down. Nothing else writes a recording.
//!
//! Every case runs twice: output that differs between two runs (an address, an order that nothing fixes) cannot
//! be an expectation.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use clap::Args;

use super::Selection;
use super::case::Case;
use super::checks::Checks;
use super::header::Expectation;
use super::host::Host;
use super::oracle::{Oracle, Search, Series};
use super::pool;
use super::recording::{Output, Recording};
use super::run::print;
use super::subject;
use super::suite::{Suite, faults};
use super::verdict::{difference, output};
use super::worker::Answer;
use crate::paths::shown;
use crate::problem::Stop;

/// Arguments of `cargo xtask conformance record`.
#[derive(Args, Debug, Clone, Default)]
pub struct RecordArgs {
    #[command(flatten)]
    pub selection: Selection,
}

/// One answer to ask for: the case, and the version if it is one that differs.
type Wanted<'s> = (&'s Case, Option<Series>);

/// Records the selected cases, and removes recordings that belong to none.
///
/// # Errors
///
/// Bad input; a version that is not here; cases whose answer cannot be recorded.
pub fn record(root: &Path, args: &RecordArgs, out: &mut dyn Write) -> Result<(), Stop> {
    let suite = Suite::load(root, &args.selection.filter)?;
    let search = Search {
        given: args.selection.oracle.clone(),
        root: root.to_path_buf(),
    };
    let mut tally = Tally::default();
    for (series, wanted) in by_version(&suite) {
        match search.version(series)? {
            Some(oracle) => {
                print(out, &format!("oracle: CPython {}", oracle.version))?;
                batch(&suite, args, &oracle, &wanted, &mut tally, out)?;
            }
            None => {
                for (case, _) in wanted {
                    let message =
                        format!("no CPython {series} found to record it: try --oracle PATH");
                    tally.fail(case, &message, out)?;
                }
            }
        }
    }
    for path in suite.orphans()? {
        std::fs::remove_file(&path).map_err(|error| Stop::io(&path, &error))?;
        print(out, &format!("removed {}", shown(root, &path).display()))?;
    }
    let Tally {
        written,
        unchanged,
        failed,
    } = tally;
    print(
        out,
        &format!("{written} recorded, {unchanged} unchanged, {failed} failed"),
    )?;
    if failed == 0 {
        Ok(())
    } else {
        Err(Stop::Failed(format!("conformance record: {failed} failed")))
    }
}

#[derive(Default)]
struct Tally {
    written: usize,
    unchanged: usize,
    failed: usize,
}

impl Tally {
    fn fail(&mut self, case: &Case, why: &str, out: &mut dyn Write) -> Result<(), Stop> {
        self.failed += 1;
        print(
            out,
            &format!("FAILED {} ({})", case.name, case.shown.display()),
        )?;
        for line in why.lines() {
            print(out, &format!("    {line}"))?;
        }
        Ok(())
    }
}

fn by_version(suite: &Suite) -> BTreeMap<Series, Vec<Wanted<'_>>> {
    let mut wanted: BTreeMap<Series, Vec<Wanted>> = BTreeMap::new();
    for case in &suite.found.cases {
        let main = match case.header.expectation {
            Expectation::Reference => Series::REFERENCE,
            Expectation::Version(series) => series,
            Expectation::None => continue,
        };
        wanted.entry(main).or_default().push((case, None));
        for differs in &case.header.differs {
            let series = differs.series;
            wanted.entry(series).or_default().push((case, Some(series)));
        }
    }
    wanted
}

fn batch(
    suite: &Suite,
    args: &RecordArgs,
    oracle: &Oracle,
    wanted: &[Wanted],
    tally: &mut Tally,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let given = args.selection.subjects()?.into_iter();
    let mut given = given.filter(|(host, _)| *host == Host::Cpython);
    let subject = match given.next() {
        Some((_, command)) => subject::given(command),
        None => subject::cpython(&suite.root, oracle),
    };
    let settings = args.selection.settings(60.0)?;
    let cases: Vec<&Case> = wanted.iter().map(|(case, _)| *case).collect();
    let label = format!("CPython {}", oracle.version);
    let first = pool::run(&subject, &cases, settings, &label, |_| Checks::default()).answers;
    let second = pool::run(&subject, &cases, settings, &label, |_| Checks::default()).answers;
    for (at, (case, differing)) in wanted.iter().enumerate() {
        let output = match recordable(case, *differing, &first[at], &second[at]) {
            Ok(output) => output,
            Err(why) => {
                tally.fail(case, &why, out)?;
                continue;
            }
        };
        let path = suite.recording_path(case, *differing);
        let recording = Recording::of(case, &oracle.version, &output);
        let old = Recording::read(&path, case);
        if old.is_ok_and(|old| old.same_answer(&recording)) {
            tally.unchanged += 1;
        } else {
            recording.write(&path, case)?;
            tally.written += 1;
        }
    }
    Ok(())
}

/// The answer that two runs agree on, if it is one that the header allows.
fn recordable(
    case: &Case,
    differing: Option<Series>,
    first: &Answer,
    second: &Answer,
) -> Result<Output, String> {
    let (first, stderr) = output(case, first)?;
    let (second, _) = output(case, second)?;
    if first != second {
        let exits = (first.exit, second.exit);
        let difference = difference(&first.text(), &second.text(), exits);
        return Err(format!("two runs differ\n{difference}"));
    }
    let faults = faults(case, differing, &first.text(), first.exit);
    if faults.is_empty() {
        return Ok(first);
    }
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Err(format!("{}\n{}", faults.join("\n"), stderr.trim_end()))
}
