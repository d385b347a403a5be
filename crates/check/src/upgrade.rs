//! Changes sources to newer names, in stages.
//!
//! ```text
//! text ─► parse ─► rules of stage 1 ─► edits ─► text ─► parse ─► stage 2 ─► … ─► Upgraded
//! ```
//!
//! A stage gets a [`Unit`] and a [`Rewrite`]: it adds edits, tells what it had to leave, and names what the text needs
//! from elsewhere (a header). Nothing of one stage's tree is seen by the next, which parses the text that came of it.
//! Every rule looks for something that it takes away, so that a second run finds nothing.
//!
//! What is left is told with two places, in the text as it was and in the text as it is now.

mod accessors;
mod configuration;
mod data;
mod expression;
mod frames;
mod functions;
mod includes;
mod module;
mod names;
mod new_ref;
mod places;
mod plan;
mod rest;
mod setters;
mod slots;
mod spec;
mod today;
mod trashcan;
mod types;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

pub use walk::{Parent, Rules, Site, walk};

use crate::edit::{Edits, Moves};
use crate::prepare::scan;
use crate::source::{Problem, Source};
use crate::target::Target;
use crate::unit::{Reader, Unit};

/// What sources are changed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// CPython 3.12 and newer by their full API, and older ones by `mortice_compat.h`.
    Cpython312,
    /// abi3t.
    Abi3t,
}

impl Goal {
    /// What the command offers.
    pub const ALL: [Goal; 2] = [Goal::Cpython312, Goal::Abi3t];

    /// What the sources are read for: it decides their conditionals.
    pub fn target(self) -> Target {
        match self {
            Goal::Cpython312 => Target::Full { minor: 12 },
            Goal::Abi3t => Target::Abi3t,
        }
    }

    fn stages(self) -> impl Iterator<Item = Stage> {
        let more = match self {
            Goal::Cpython312 => &[],
            Goal::Abi3t => ABI3T,
        };
        FIRST.iter().chain(more).chain(LAST).copied()
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Goal::Cpython312 => "3.12",
            Goal::Abi3t => "abi3t",
        })
    }
}

/// A name that is no goal's.
#[derive(Debug, thiserror::Error)]
#[error("no goal `{0}` (known: 3.12, abi3t)")]
pub struct UnknownGoal(String);

impl FromStr for Goal {
    type Err = UnknownGoal;

    fn from_str(name: &str) -> Result<Self, UnknownGoal> {
        let mut all = Goal::ALL.into_iter();
        all.find(|goal| goal.to_string() == name)
            .ok_or_else(|| UnknownGoal(name.to_owned()))
    }
}

/// One pass over a parsed source.
type Stage = fn(&Unit, &Reader, Goal, &mut Rewrite<'_>);

/// The stages of every goal, in order.
const FIRST: &[Stage] = &[today::stage];

/// The stages for abi3t, which follow those.
const ABI3T: &[Stage] = &[make_types, call_functions, export_module];

/// Structs and static types.
fn make_types(unit: &Unit, _: &Reader, _: Goal, rewrite: &mut Rewrite<'_>) {
    let plan = plan::Plan::new(unit);
    plan.report(rewrite);
    data::rewrite(&plan, rewrite);
    spec::rewrite(&plan, rewrite);
}

/// What the limited API has functions for.
fn call_functions(unit: &Unit, _: &Reader, _: Goal, rewrite: &mut Rewrite<'_>) {
    slots::rewrite(unit, rewrite);
    functions::rewrite(unit, rewrite);
}

/// The module's hook.
fn export_module(unit: &Unit, _: &Reader, _: Goal, rewrite: &mut Rewrite<'_>) {
    module::rewrite(unit, rewrite);
}

/// The stages of every goal that come last.
const LAST: &[Stage] = &[rest::stage];

/// What a stage does to a source.
pub struct Rewrite<'s> {
    /// The changes.
    pub edits: Edits<'s>,
    /// What had to be left: where it begins, and why.
    left: Vec<(usize, &'static str, String)>,
    /// Whether names are used that `mortice_compat.h` gives to older versions.
    compat: bool,
    /// Headers of the C library that have to be included.
    headers: BTreeSet<String>,
}

impl<'s> Rewrite<'s> {
    /// Begins with a text.
    pub fn new(text: &'s [u8]) -> Self {
        Self {
            edits: Edits::new(text),
            left: Vec::new(),
            compat: false,
            headers: BTreeSet::new(),
        }
    }

    /// Replaces an expression as a whole, with what inner rules made of its parts in the new text. One with a comment
    /// that would be lost is left.
    pub fn change(
        &mut self,
        range: Range<usize>,
        text: impl Into<String>,
        rule: &'static str,
    ) -> bool {
        let text = text.into();
        let comments = comments(&self.edits.read(range.clone()));
        if comments.iter().any(|comment| !text.contains(comment)) {
            self.leave(range.start, rule, "a comment stands inside");
            return false;
        }
        self.edits.absorb(range, text, rule)
    }

    /// Says that something at a byte of the text cannot be changed safely, and why. A place is told once for each
    /// rule.
    pub fn leave(&mut self, byte: usize, rule: &'static str, reason: impl Into<String>) {
        let known = self
            .left
            .iter()
            .any(|left| left.0 == byte && left.1 == rule);
        if !known {
            self.left.push((byte, rule, reason.into()));
        }
    }

    /// Says that the text now has names which `mortice_compat.h` gives to older versions.
    pub fn need_compat(&mut self) {
        self.compat = true;
    }

    /// Says that a header of the C library has to be included.
    pub fn need_header(&mut self, name: impl Into<String>) {
        self.headers.insert(name.into());
    }
}

/// The comments of an expression.
fn comments(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        at = match bytes[at] {
            b'"' | b'\'' => scan::string_end(bytes, at),
            b'/' => match scan::comment_end(bytes, at) {
                Some(end) => {
                    found.push(String::from_utf8_lossy(&bytes[at..end]).into_owned());
                    end
                }
                None => at + 1,
            },
            _ => at + 1,
        };
    }
    found
}

/// Something that was left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// The line and the column in the text as it was, both from 1; columns count bytes.
    pub before: (u32, u32),
    /// The same in the text as it is now.
    pub after: (u32, u32),
    /// The rule that would have changed it.
    pub rule: &'static str,
    /// Why it did not.
    pub reason: String,
}

/// A source after all stages.
#[derive(Clone, Debug)]
pub struct Upgraded {
    /// The text.
    pub text: Vec<u8>,
    /// How many changes each rule made.
    pub counts: BTreeMap<&'static str, usize>,
    /// What was left, in the order of the text.
    pub remaining: Vec<Remaining>,
    /// Whether the text includes `mortice_compat.h`, which has to lie beside it.
    pub compat: bool,
    /// What was wrong with the text, though it was read.
    pub problems: Vec<Problem>,
}

/// The header that gives today's names to older versions: its name.
pub const COMPAT_NAME: &str = "mortice_compat.h";

/// A header of others that gives the same names. Where a source has it, ours would define them twice.
pub const OTHER_COMPAT_NAME: &str = "pythoncapi_compat.h";

/// The header that gives today's names to older versions: its text.
pub const COMPAT_TEXT: &str = include_str!("../compat/mortice_compat.h");

/// A file and what came of it.
#[derive(Debug)]
pub struct FileUpgrade {
    /// The file, as it was named.
    pub path: PathBuf,
    /// Its text as it was; nothing if it could not be read.
    pub before: Vec<u8>,
    /// What came of it.
    pub result: Result<Upgraded, Problem>,
}

/// Changes the texts of files, and gives them in their order; `done` is called after each. Nothing is written.
///
/// Headers come last, so that what the sources that include them declare is known. The headers for older versions stay as
/// they are.
pub fn upgrade_files(
    paths: &[PathBuf],
    folders: Vec<PathBuf>,
    goal: Goal,
    mut done: impl FnMut(),
) -> Vec<FileUpgrade> {
    let reader = Reader::new(goal.target(), folders);
    let mut order: Vec<usize> = (0..paths.len()).collect();
    order.retain(|&at| {
        let name = paths[at].file_name();
        name.is_none_or(|name| name != COMPAT_NAME && name != OTHER_COMPAT_NAME)
    });
    order.sort_by_key(|&at| crate::report::is_header(&paths[at]));
    let mut results: Vec<(usize, FileUpgrade)> = Vec::new();
    for at in order {
        let path = paths[at].clone();
        let source = Source::read(&path);
        let before = source
            .as_ref()
            .map_or_else(|_| Vec::new(), |source| source.bytes().to_vec());
        let result = source.and_then(|source| upgrade_source(source, &reader, goal));
        let file = FileUpgrade {
            path,
            before,
            result,
        };
        results.push((at, file));
        done();
    }
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, file)| file).collect()
}

/// Changes a source. The reader has to be for the goal's target.
///
/// # Errors
///
/// The parser does not get through.
pub fn upgrade_source(source: Source, reader: &Reader, goal: Goal) -> Result<Upgraded, Problem> {
    let path = source.path().to_owned();
    let original = source.clone();
    let mut unit = reader.open(source)?;
    let problems = unit.problems.clone();
    let mut counts = BTreeMap::new();
    // Places: in the first text, and in the newest one.
    let mut places: Vec<(usize, usize, &'static str, String)> = Vec::new();
    let mut done: Vec<Moves> = Vec::new();
    for stage in goal.stages() {
        let text = unit.source.bytes().to_vec();
        let mut rewrite = Rewrite::new(&text);
        stage(&unit, reader, goal, &mut rewrite);
        includes::add(&unit, reader, &mut rewrite);
        let moves = rewrite.edits.moves();
        for place in &mut places {
            place.1 = moves.moved(place.1);
        }
        for (byte, rule, reason) in rewrite.left {
            let first = done
                .iter()
                .rev()
                .fold(byte, |byte, moves| moves.origin(byte));
            places.push((first, moves.moved(byte), rule, reason));
        }
        rewrite.edits.count(&mut counts);
        if !rewrite.edits.is_empty() {
            unit = reader.open(Source::new(&path, rewrite.edits.apply())?)?;
        }
        done.push(moves);
    }
    let changed = &unit.source;
    let mut remaining: Vec<Remaining> = places
        .into_iter()
        .map(|(before, after, rule, reason)| Remaining {
            before: original.position(before),
            after: changed.position(after),
            rule,
            reason,
        })
        .collect();
    remaining.sort_by(|a, b| (a.before, a.rule).cmp(&(b.before, b.rule)));
    let compat = unit
        .prepared
        .includes
        .iter()
        .any(|include| &*include.name == COMPAT_NAME);
    Ok(Upgraded {
        text: changed.bytes().to_vec(),
        counts,
        remaining,
        compat,
        problems,
    })
}

#[cfg(test)]
mod tests;
