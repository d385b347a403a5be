//! Findings against rejected lines.
//!
//! A rejected line is *found* where a finding lies in its statement, or in the statement of a line that uses the
//! macro. A finding is *right* where a run of the compiler names a line of its statement. What a compiler cannot
//! reject has a test of its own:
//!
//! - `module-hook`: the line defines a function that begins with `PyInit_`.
//! - `module-abi`: the file has `PyModExport_` and no `Py_mod_abi`.
//! - `ssize-t-clean`: the file includes `Python.h` on an earlier line.
//! - `instance-field`, `object-struct`, `opaque-size`: a struct of the package that begins with an object's head has a
//!   field of that name, or is called so. Once the struct itself is rejected, whether its uses are rejected too depends
//!   on how the compiler recovers.
//! - `static-module`, `static-type`: the compiler rejects the definition of that variable; its other declarations go
//!   with it.
//! - `macro-use`: a run names the definition of that macro, or the definition has such a field.
//!
//! *Not judged* are findings in lines that no compiled source reaches, in macros that nothing uses, and
//! `allocator-mix`, which shows at run time.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::findings::Finding;
use super::rejected::{File, Rejected};
use crate::api::tokens::{is_word, tokens};

/// What became of the findings and the rejected lines of one package.
#[derive(Debug, Default)]
pub struct Comparison {
    pub rejected: usize,
    pub found: usize,
    /// Lines that a plain run names.
    pub plain: usize,
    pub plain_found: usize,
    pub judged: usize,
    pub right: usize,
    pub not_judged: usize,
    /// Rejected lines without a finding, and findings without an error: one line each.
    pub remarks: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Right,
    Wrong,
    NotJudged,
}

impl Comparison {
    /// Compares.
    pub fn new(findings: &[Finding], rejected: &Rejected) -> Self {
        let mut all = Self::default();
        for (path, file) in &rejected.files {
            let is_found = |line: usize, uses: &BTreeSet<(PathBuf, usize)>| {
                let uses = uses.iter().map(|(path, line)| (path.as_path(), *line));
                let mut places = uses.chain([(path.as_path(), line)]);
                places.any(|(path, line)| has_finding(findings, rejected, path, line))
            };
            for (number, line) in &file.rejected {
                all.rejected += 1;
                if is_found(*number, &line.uses) {
                    all.found += 1;
                } else {
                    let (path, message) = (path.display(), &line.message);
                    all.remarks
                        .push(format!("missed: {path}:{number}: {message}"));
                }
            }
            all.plain += file.plain.len();
            let found = file
                .plain
                .iter()
                .filter(|(line, uses)| is_found(**line, uses));
            all.plain_found += found.count();
        }
        let heads = Heads::new(rejected);
        for finding in findings {
            match judge(finding, rejected, &heads) {
                Verdict::NotJudged => all.not_judged += 1,
                verdict => {
                    all.judged += 1;
                    all.right += usize::from(verdict == Verdict::Right);
                    if verdict == Verdict::Wrong {
                        let Finding {
                            path,
                            rule,
                            line,
                            message,
                            ..
                        } = finding;
                        let path = path.display();
                        all.remarks
                            .push(format!("wrong: {path}:{line}: {rule}: {message}"));
                    }
                }
            }
        }
        all
    }

    /// Adds the counts of another.
    pub fn add(&mut self, other: &Self) {
        self.rejected += other.rejected;
        self.found += other.found;
        self.plain += other.plain;
        self.plain_found += other.plain_found;
        self.judged += other.judged;
        self.right += other.right;
        self.not_judged += other.not_judged;
    }
}

/// Whether a finding lies in the statement of a line.
fn has_finding(findings: &[Finding], rejected: &Rejected, path: &Path, line: usize) -> bool {
    let Some(file) = rejected.files.get(path) else {
        return false;
    };
    let (start, end) = file.statements.extent(line);
    let touches = |each: &Finding| each.line <= end && each.end_line >= start;
    findings
        .iter()
        .any(|each| each.path == path && touches(each))
}

fn judge(finding: &Finding, rejected: &Rejected, heads: &Heads) -> Verdict {
    let Some(file) = rejected.files.get(&finding.path) else {
        return Verdict::NotJudged;
    };
    let (start, _) = file.statements.extent(finding.line);
    let (_, end) = file.statements.extent(finding.end_line);
    if file.compiled.range(start..=end).next().is_none() {
        return Verdict::NotJudged;
    }
    let line = file.text.lines().nth(finding.line - 1).unwrap_or_default();
    let holds = match finding.rule.as_str() {
        "allocator-mix" => return Verdict::NotJudged,
        "module-hook" => line.contains("PyInit_"),
        "module-abi" => file.text.contains("PyModExport_") && !file.text.contains("Py_mod_abi"),
        "ssize-t-clean" => {
            let before = file.text.lines().take(finding.line - 1);
            let mut includes = before.filter(|line| line.trim_start().starts_with('#'));
            includes.any(|line| line.contains("include") && line.contains("Python.h"))
        }
        "instance-field" => heads.fields.contains(&finding.name),
        "object-struct" | "opaque-size" => heads.names.contains(&finding.name),
        "static-module" | "static-type" => rejected
            .files
            .values()
            .any(|file| defines(file, &finding.name)),
        "macro-use" => rejected.files.values().any(|file| {
            definition(file, &finding.name)
                .is_some_and(|line| is_named(file, line) || heads.has_field(file, line))
        }),
        _ => false,
    };
    if holds || file.named.range(start..=end).next().is_some() {
        return Verdict::Right;
    }
    if file.statements.is_directive(finding.line) {
        let name = line
            .trim_start()
            .trim_start_matches('#')
            .trim_start()
            .strip_prefix("define");
        let name = name.map(first_word).unwrap_or_default();
        if !is_used(rejected, name) {
            return Verdict::NotJudged;
        }
    }
    Verdict::Wrong
}

/// Whether a run names a line of the statement.
fn is_named(file: &File, line: usize) -> bool {
    let (start, end) = file.statements.extent(line);
    file.named.range(start..=end).next().is_some()
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The line that defines a macro.
fn definition(file: &File, name: &str) -> Option<usize> {
    let is = |line: &str| {
        let directive = line.trim_start().strip_prefix('#').map(str::trim_start);
        directive
            .and_then(|rest| rest.strip_prefix("define"))
            .is_some_and(|rest| first_word(rest) == name)
    };
    file.text.lines().position(is).map(|at| at + 1)
}

/// Whether compiled code that is no directive has this word.
fn is_used(rejected: &Rejected, name: &str) -> bool {
    rejected.files.values().any(|file| {
        file.text.lines().enumerate().any(|(at, line)| {
            let mut found = false;
            if file.compiled.contains(&(at + 1)) && !file.statements.is_directive(at + 1) {
                tokens(line, |text| found |= text == name);
            }
            found
        })
    })
}

/// Whether the file has a rejected definition of a variable: a line with its name and a value.
fn defines(file: &File, name: &str) -> bool {
    file.rejected.keys().any(|line| {
        let (start, _) = file.statements.extent(*line);
        let mut words = Vec::new();
        for line in file.text.lines().skip(start - 1).take(2) {
            tokens(line, |text| words.push(text));
        }
        let at = words.iter().position(|text| *text == name);
        at.is_some_and(|at| words.get(at + 1) == Some(&"="))
    })
}

/// The structs of a package that begin with an object's head, or with another of these.
#[derive(Debug, Default)]
struct Heads {
    /// Their tags and types.
    names: BTreeSet<String>,
    fields: BTreeSet<String>,
}

impl Heads {
    fn new(rejected: &Rejected) -> Self {
        let mut all = Self::default();
        let words: Vec<Vec<String>> = rejected.files.values().map(words).collect();
        loop {
            let before = all.names.len();
            words.iter().for_each(|words| all.read(words));
            if all.names.len() == before {
                return all;
            }
        }
    }

    fn read(&mut self, words: &[String]) {
        for (open, _) in words.iter().enumerate().filter(|(_, text)| *text == "{") {
            let tag = open
                .checked_sub(1)
                .map(|at| words[at].as_str())
                .unwrap_or_default();
            let is_struct = |at: usize| words.get(at).is_some_and(|text| text == "struct");
            let tag = match open {
                2.. if is_struct(open - 2) => Some(tag),
                1.. if is_struct(open - 1) => None,
                _ => continue,
            };
            let body = &words[open + 1..];
            let is_head = match (body.first(), body.get(1)) {
                (Some(first), second) => {
                    ["PyObject_HEAD", "PyObject_VAR_HEAD"].contains(&first.as_str())
                        || second.is_some_and(|second| second == "ob_base")
                        || self.names.contains(first)
                }
                _ => false,
            };
            if is_head {
                self.names.extend(tag.map(str::to_string));
                self.read_fields(body);
            }
        }
    }

    /// Reads fields up to the brace that closes the struct, and the type's name behind it.
    fn read_fields(&mut self, body: &[String]) {
        let mut depth = 0usize;
        for (at, text) in body.iter().enumerate() {
            match text.as_str() {
                "{" => depth += 1,
                "}" if depth == 0 => {
                    let name = body.get(at + 1).filter(|name| is_word(name));
                    self.names.extend(name.cloned());
                    return;
                }
                "}" => depth -= 1,
                ";" | "," | "[" | ":" | ")" => {
                    let field = at.checked_sub(1).map(|at| &body[at]);
                    self.fields
                        .extend(field.filter(|field| is_word(field)).cloned());
                }
                _ => {}
            }
        }
    }

    /// Whether the statement of a line has the name of a field.
    fn has_field(&self, file: &File, line: usize) -> bool {
        let (start, end) = file.statements.extent(line);
        let mut found = false;
        for line in file.text.lines().skip(start - 1).take(end + 1 - start) {
            tokens(line, |text| found |= self.fields.contains(text));
        }
        found
    }
}

/// The tokens of a file without comments and directives.
fn words(file: &File) -> Vec<String> {
    let mut words = Vec::new();
    let mut in_comment = false;
    for (at, line) in file.text.lines().enumerate() {
        if file.statements.is_directive(at + 1) {
            continue;
        }
        let mut last = "";
        let mut rest = false;
        tokens(line, |text| {
            match (last, text) {
                ("/", "*") if !in_comment => {
                    in_comment = true;
                    words.pop();
                }
                ("/", "/") if !in_comment => rest = true,
                ("*", "/") if in_comment => in_comment = false,
                _ if !in_comment && !rest => words.push(text.to_string()),
                _ => {}
            }
            last = text;
        });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_with_a_head_and_those_that_hold_one_are_known() {
        let text = "typedef struct { /* int no; */ Spec spec; long kept; } Derived;\n\
            typedef struct tag {\n PyObject_HEAD\n int a, *b; // c;\n} Spec;\n\
            struct other { int free; };\n";
        let file = File {
            text: text.to_string(),
            statements: super::super::statements::Statements::new(text),
            compiled: BTreeSet::new(),
            rejected: Default::default(),
            named: BTreeSet::new(),
            plain: Default::default(),
        };
        let mut rejected = Rejected::default();
        rejected.files.insert("a.h".into(), file);
        let heads = Heads::new(&rejected);
        let names: Vec<&str> = heads.names.iter().map(String::as_str).collect();
        assert_eq!(names, ["Derived", "Spec", "tag"]);
        let fields: Vec<&str> = heads.fields.iter().map(String::as_str).collect();
        assert_eq!(fields, ["a", "b", "kept", "spec"]);
    }
}
