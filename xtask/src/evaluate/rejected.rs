//! Which lines of a package the compiler rejects in a mode.
//!
//! A compiler names an unknown name once in a function and then goes on with a guess, which makes it reject lines
//! that are right. So a source is compiled three times:
//!
//! 1. As it is. What this says to be undeclared is the list of *unknown names*: those that another file than the
//!    package's own declares for the full API, or that the full API does not know either. A name of the package's own
//!    whose declaration failed is none.
//! 2. Preprocessed only, with each unknown name poisoned, so that every token that is one is an error. Conditions of the preprocessor and names behind a dot or an arrow do not count.
//! 3. With repairs: unknown types are declared without members, the macros for an object's head stand for one plain
//!    field, and those of the trashcan for braces. What is rejected now is not the consequence of these; it counts unless its statement has an
//!    unknown name, for then the second run has counted it.
//!
//! A line is *rejected* where the second or third run names it. Where the place lies in a macro of the package, the
//! macro's definition is the rejected line, and the lines that use it are noted beside. The lines of the first run are
//! counted apart, guesses and all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::compile::{Diagnostic, Place, Unit, is_own, normal};
use super::statements::Statements;
use crate::api::mode::Mode;
use crate::api::tokens::{Directive, Preprocessed, is_word, tokens};
use crate::headers::Headers;
use crate::problem::Stop;

/// What an error says before and after the name that is unknown; one of the two is enough.
const UNKNOWN: [(&str, &str); 8] = [
    ("", "' undeclared"),
    ("implicit declaration of function '", ""),
    ("unknown type name '", ""),
    ("", "' was not declared in this scope"),
    ("", "' does not name a type"),
    ("", "' has not been declared"),
    ("there are no arguments to '", ""),
    ("expected specifier-qualifier-list before '", ""),
];

/// Repairs of macros: each is a definition that compiles.
const REPAIRS: [(&str, &str); 9] = [
    ("PyObject_HEAD", "PyObject_HEAD char mortice_head;"),
    ("PyObject_VAR_HEAD", "PyObject_VAR_HEAD char mortice_head;"),
    ("PyObject_HEAD_INIT", "PyObject_HEAD_INIT(t) 0,"),
    ("PyVarObject_HEAD_INIT", "PyVarObject_HEAD_INIT(t, s) 0,"),
    ("PyModuleDef_HEAD_INIT", "PyModuleDef_HEAD_INIT 0"),
    ("Py_TRASHCAN_BEGIN", "Py_TRASHCAN_BEGIN(o, d) {"),
    ("Py_TRASHCAN_END", "Py_TRASHCAN_END }"),
    ("Py_TRASHCAN_SAFE_BEGIN", "Py_TRASHCAN_SAFE_BEGIN(o) {"),
    ("Py_TRASHCAN_SAFE_END", "Py_TRASHCAN_SAFE_END(o) }"),
];

/// One file of a package.
#[derive(Debug)]
pub struct File {
    pub text: String,
    pub statements: Statements,
    /// The lines that reached the compiler.
    pub compiled: BTreeSet<usize>,
    /// The lines that are rejected.
    pub rejected: BTreeMap<usize, Line>,
    /// Every line that any run named.
    pub named: BTreeSet<usize>,
    /// The lines that the first run named, guesses included, with the lines that use the macro.
    pub plain: BTreeMap<usize, BTreeSet<(PathBuf, usize)>>,
}

/// One rejected line.
#[derive(Debug, Default)]
pub struct Line {
    /// The first message.
    pub message: String,
    /// Where macros are used that led to it.
    pub uses: BTreeSet<(PathBuf, usize)>,
}

/// The files of a package that were compiled.
#[derive(Debug, Default)]
pub struct Rejected {
    pub files: BTreeMap<PathBuf, File>,
}

impl Rejected {
    /// Compiles one more source of the package.
    ///
    /// # Errors
    ///
    /// A compiler that cannot be run, or a folder for preludes that cannot be written.
    pub fn add(
        &mut self,
        unit: &Unit<'_>,
        headers: &Headers,
        mode: Mode,
        scratch: &Path,
    ) -> Result<(), Stop> {
        self.read_lines(unit, &unit.preprocess(headers, mode)?);
        let plain = unit.errors(headers, mode, None)?;
        for error in &plain {
            let mut places = error.own();
            let Some(first) = places.next() else {
                continue;
            };
            let uses: Vec<_> = places.map(|use_| (use_.path.clone(), use_.line)).collect();
            error.own().for_each(|place| self.name(place));
            if let Some(file) = self.files.get_mut(&first.path) {
                file.plain.entry(first.line).or_default().extend(uses);
            }
        }
        let known = Known::new(unit, headers)?;
        let mut unknown = known.unknown(&plain);
        let mut types: BTreeSet<String> = plain.iter().filter_map(unknown_type).collect();
        // A function whose parameters have unknown types is not read at all, so repairs show more unknown names.
        let repaired = loop {
            let prelude = write(scratch, "repairs.h", &repairs(&unknown, &types))?;
            let repaired = unit.errors(headers, mode, Some(&prelude))?;
            let before = unknown.len();
            unknown.append(&mut known.unknown(&repaired));
            types.extend(repaired.iter().filter_map(unknown_type));
            if unknown.len() == before {
                break repaired;
            }
        };
        if !unknown.is_empty() {
            let names: Vec<&str> = unknown.iter().map(String::as_str).collect();
            let text = format!("#pragma GCC poison {}\n", names.join(" "));
            let prelude = write(scratch, "poison.h", &text)?;
            for error in unit.poisoned(headers, mode, &prelude)? {
                self.poisoned(&error);
            }
        }
        for error in repaired {
            self.repaired(&error, &unknown);
        }
        Ok(())
    }

    /// How many lines the compiled files have.
    pub fn lines(&self) -> usize {
        self.files
            .values()
            .map(|file| file.text.lines().count())
            .sum()
    }

    /// Notes which lines of the package's files the preprocessor lets through.
    fn read_lines(&mut self, unit: &Unit<'_>, text: &str) {
        let mut path = PathBuf::new();
        let mut number = 0usize;
        for line in text.lines() {
            if let Some(marker) = line.strip_prefix("# ") {
                let mut parts = marker.split('"');
                let start = parts.next().and_then(|number| number.trim().parse().ok());
                if let (Some(start), Some(name)) = (start, parts.next()) {
                    (number, path) = (start, normal(Path::new(name)));
                    continue;
                }
            }
            if !line.trim().is_empty() && is_own(&path) {
                self.file(unit.folder, &path).compiled.insert(number);
            }
            number += 1;
        }
    }

    fn file(&mut self, folder: &Path, path: &Path) -> &mut File {
        self.files.entry(path.to_path_buf()).or_insert_with(|| {
            let bytes = std::fs::read(folder.join(path)).unwrap_or_default();
            // A byte a character keeps the columns.
            let text: String = bytes.into_iter().map(char::from).collect();
            File {
                statements: Statements::new(&text),
                text,
                compiled: BTreeSet::new(),
                rejected: BTreeMap::new(),
                named: BTreeSet::new(),
                plain: BTreeMap::new(),
            }
        })
    }

    fn name(&mut self, place: &Place) {
        if let Some(file) = self.files.get_mut(&place.path) {
            file.named.insert(place.line);
        }
    }

    /// Takes an error of the run with poisoned names.
    fn poisoned(&mut self, error: &Diagnostic) {
        let Some(place) = error.own().next().cloned() else {
            return;
        };
        let Some(file) = self.files.get_mut(&place.path) else {
            return;
        };
        let line = file.text.lines().nth(place.line - 1).unwrap_or_default();
        let before = line.get(..place.column - 1).unwrap_or_default().trim_end();
        if before.ends_with('.') || before.ends_with("->") {
            return;
        }
        file.named.insert(place.line);
        // A macro that nothing uses is not rejected, so a definition waits for the third run.
        if !file.statements.is_directive(place.line) {
            self.reject(error, &place);
        }
    }

    /// Takes an error of the run with repairs.
    fn repaired(&mut self, error: &Diagnostic, unknown: &BTreeSet<String>) {
        for place in error.own() {
            self.name(place);
        }
        let Some(place) = error.own().next().cloned() else {
            return;
        };
        let Some(file) = self.files.get(&place.path) else {
            return;
        };
        let (start, end) = file.statements.extent(place.line);
        let is_counted = !file.statements.is_directive(place.line)
            && file.rejected.range(start..=end).next().is_some()
            && file
                .text
                .lines()
                .skip(start - 1)
                .take(end + 1 - start)
                .any(|line| has_word(line, unknown));
        if !is_counted {
            self.reject(error, &place);
        }
    }

    fn reject(&mut self, error: &Diagnostic, place: &Place) {
        let uses = error.own().skip(1);
        let uses: Vec<_> = uses.map(|use_| (use_.path.clone(), use_.line)).collect();
        let Some(file) = self.files.get_mut(&place.path) else {
            return;
        };
        let line = file.rejected.entry(place.line).or_default();
        if line.message.is_empty() {
            line.message.clone_from(&error.message);
        }
        line.uses.extend(uses);
    }
}

/// The names that other files than the package's own have, and those that no header has.
struct Known {
    others: BTreeSet<String>,
    never: BTreeSet<String>,
}

impl Known {
    fn new(unit: &Unit<'_>, headers: &Headers) -> Result<Self, Stop> {
        let text = unit.preprocess(headers, Mode::Full)?;
        let read = Preprocessed::new(&text);
        let is_other = |from: usize| {
            let path = read.froms.get(from).map(|from| Path::new(from.path));
            path.is_some_and(|path| !is_own(path.strip_prefix(".").unwrap_or(path)))
        };
        let words = read.tokens.iter().map(|token| (token.from, token.text));
        let macros = read.directives.iter().filter_map(|(from, directive)| {
            let Directive::Define { name, .. } = directive else {
                return None;
            };
            Some((*from, *name))
        });
        let all = words.chain(macros).filter(|(from, _)| is_other(*from));
        let full = unit.errors(headers, Mode::Full, None)?;
        Ok(Self {
            others: all.map(|(_, name)| name.to_string()).collect(),
            never: full.iter().filter_map(unknown_name).collect(),
        })
    }

    /// The unknown names that these errors say.
    fn unknown(&self, errors: &[Diagnostic]) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = errors.iter().filter_map(unknown_name).collect();
        names.retain(|name| self.others.contains(name) || self.never.contains(name));
        names
    }
}

/// Declarations with which less is rejected.
fn repairs(unknown: &BTreeSet<String>, types: &BTreeSet<String>) -> String {
    let mut text = String::new();
    for name in unknown {
        match REPAIRS.iter().find(|(each, _)| each == name) {
            Some((_, definition)) => text.push_str(&format!("#define {definition}\n")),
            None if types.contains(name) => {
                text.push_str(&format!("typedef struct mortice_{name} {name};\n"));
            }
            None => {}
        }
    }
    text
}

fn has_word(line: &str, words: &BTreeSet<String>) -> bool {
    let mut found = false;
    tokens(line, |text| found |= is_word(text) && words.contains(text));
    found
}

/// The name that an error says to be unknown.
fn unknown_name(error: &Diagnostic) -> Option<String> {
    let message = error.message.as_str();
    let found = UNKNOWN.iter().any(|(before, after)| {
        if before.is_empty() {
            message.starts_with('\'') && message.contains(after)
        } else {
            message.starts_with(before)
        }
    });
    let name = error.quoted().next().filter(|_| found)?;
    is_word(name).then(|| name.to_string())
}

/// The name that an error says to be wanted as a type.
fn unknown_type(error: &Diagnostic) -> Option<String> {
    let message = error.message.as_str();
    let is_type =
        message.starts_with("unknown type name") || message.contains("does not name a type");
    unknown_name(error).filter(|_| is_type)
}

fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, Stop> {
    let path = folder.join(name);
    std::fs::write(&path, text).map_err(|error| Stop::io(&path, &error))?;
    Ok(path)
}
