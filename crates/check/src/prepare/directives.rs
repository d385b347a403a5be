//! The first pass: comments and directives are blanked, and so is what the target never compiles.

use std::cell::OnceCell;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use super::condition::{Known, Value};
use super::{Include, Macro, Macros, Prepared, scan};
use crate::api::Api;
use crate::source::{Language, Source};
use crate::target::Target;

/// Whether code is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Live,
    Conditional,
    Dead,
}

/// One `#if` that is open.
struct Group {
    /// The state around it.
    outer: State,
    /// The state of the branch that is read.
    state: State,
    /// Whether a branch was surely taken, so that the following ones are dead.
    taken: bool,
    /// Whether a branch is taken by a compiler that knows no unknown macro.
    assumed: bool,
    /// The branches that stay though nobody knows whether they are compiled.
    undecided: Vec<Branch>,
    /// Where the branch begins, behind its directive.
    start: usize,
    /// The depth of brackets there.
    depth: (i32, i32),
    /// Whether a compiler that knows no unknown macro takes the branch.
    preferred: bool,
}

/// A branch that stays.
struct Branch {
    range: Range<usize>,
    /// By how much it changes the depth of braces and of parentheses.
    change: (i32, i32),
    preferred: bool,
}

struct Pass<'a> {
    path: Rc<Path>,
    bytes: &'a [u8],
    language: Language,
    api: &'a Api,
    target: Target,
    included: &'a mut dyn FnMut(&Include, &mut Macros),
    prepared: Prepared,
    groups: Vec<Group>,
    /// The depth of braces and of parentheses.
    depth: (i32, i32),
    /// Where the code that is conditional or dead began, if it is.
    since: usize,
}

/// Runs the pass.
pub fn blank(
    source: &Source,
    language: Language,
    api: &Api,
    target: Target,
    included: &mut dyn FnMut(&Include, &mut Macros),
) -> Prepared {
    let bytes = source.bytes();
    let mut pass = Pass {
        path: source.path().into(),
        bytes,
        language,
        api,
        target,
        included,
        prepared: Prepared {
            text: bytes.to_vec(),
            ..Prepared::default()
        },
        groups: Vec::new(),
        depth: (0, 0),
        since: 0,
    };
    pass.run();
    let mut prepared = pass.prepared;
    if prepared.text.starts_with(&[0xef, 0xbb, 0xbf]) {
        scan::blank(&mut prepared.text, 0..3);
    }
    if !prepared.text.is_ascii() {
        for byte in prepared.text.iter_mut().filter(|byte| !byte.is_ascii()) {
            // A letter, since a name may hold it.
            *byte = b'_';
        }
    }
    prepared
}

impl Pass<'_> {
    fn run(&mut self) {
        let bytes = self.bytes;
        let mut at = if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
            3
        } else {
            0
        };
        let mut line_start = true;
        while at < bytes.len() {
            match bytes[at] {
                b'\n' => {
                    line_start = true;
                    at += 1;
                }
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => at += 1,
                b'#' if line_start => at = self.directive(at),
                b'/' => match scan::comment_end(bytes, at) {
                    Some(end) => {
                        scan::blank(&mut self.prepared.text, at..end);
                        at = end;
                    }
                    None => {
                        line_start = false;
                        at += 1;
                    }
                },
                byte => {
                    line_start = false;
                    at = self.code(at, byte);
                }
            }
        }
        while let Some(group) = self.groups.pop() {
            self.close(group, bytes.len());
        }
    }

    /// Steps over one token of code.
    fn code(&mut self, at: usize, byte: u8) -> usize {
        let bytes = self.bytes;
        match byte {
            b'"' | b'\'' => {
                let before = at.checked_sub(1).map(|before| bytes[before]);
                if byte == b'"' && before == Some(b'R') && self.language == Language::Cpp {
                    return scan::raw_string_end(bytes, at);
                }
                if byte == b'\'' && before.is_some_and(|before| before.is_ascii_digit()) {
                    return at + 1;
                }
                return scan::string_end(bytes, at).max(at + 1);
            }
            b'{' => self.depth.0 += 1,
            b'}' => self.depth.0 -= 1,
            b'(' => self.depth.1 += 1,
            b')' => self.depth.1 -= 1,
            byte if scan::is_word(byte) => return scan::word_end(bytes, at),
            _ => {}
        }
        at + 1
    }

    fn state(&self) -> State {
        self.groups.last().map_or(State::Live, |group| group.state)
    }

    /// Enters a state at a byte, and notes the range of the one that is left.
    fn change(&mut self, from: State, to: State, at: usize) {
        if from == to {
            return;
        }
        let range = self.since..at;
        match from {
            State::Live => {}
            State::Conditional => self.prepared.conditional.push(range),
            State::Dead => {
                scan::blank(&mut self.prepared.text, range.clone());
                self.prepared.dead.push(range);
            }
        }
        self.since = at;
    }

    /// Reads the directive whose `#` is at a byte, and gives where its line ends.
    fn directive(&mut self, start: usize) -> usize {
        let bytes = self.bytes;
        let (end, line) = logical_line(bytes, start);
        let name_start = scan::skip_blanks(&line, 1);
        let name_end = scan::word_end(&line, name_start.min(line.len()));
        let name = line.get(name_start..name_end).unwrap_or_default();
        let rest = line.get(name_end..).unwrap_or_default();
        let argument = std::str::from_utf8(rest).unwrap_or_default();
        match name {
            b"if" => self.open(argument, end, Self::condition),
            b"ifdef" => self.open(argument, end, |pass, word, _| pass.defined(word, false)),
            b"ifndef" => self.open(argument, end, Self::not_defined),
            b"elif" => self.next(argument, start, end, Self::condition),
            b"elifdef" => self.next(argument, start, end, |pass, word, _| {
                pass.defined(word, false)
            }),
            b"elifndef" => self.next(argument, start, end, Self::not_defined),
            b"else" => self.next("", start, end, |_, _, _| Value {
                value: 1,
                sure: true,
            }),
            b"endif" => {
                if let Some(group) = self.groups.pop() {
                    self.close(group, start);
                }
            }
            _ if self.state() == State::Dead => {}
            b"define" => self.define(&line, name_end, start),
            b"undef" => {
                let conditional = self.state() == State::Conditional;
                self.prepared.macros.undefine(argument.trim(), conditional);
            }
            b"include" | b"include_next" | b"import" => self.include(argument, start, end),
            _ => {}
        }
        scan::blank(&mut self.prepared.text, start..end);
        end
    }

    fn known(&self) -> Known<'_> {
        Known {
            api: self.api,
            target: self.target,
            language: self.language,
            macros: &self.prepared.macros,
        }
    }

    fn condition(&self, expression: &str, _end: usize) -> Value {
        self.known().value(expression)
    }

    fn defined(&self, word: &str, not: bool) -> Value {
        let defined = self.known().defined(first_word(word));
        Value {
            value: i64::from((defined.value != 0) != not),
            sure: defined.sure,
        }
    }

    /// `#ifndef X`, which is sure if the next directive defines X: a guard, or a default.
    fn not_defined(&self, word: &str, end: usize) -> Value {
        let value = self.defined(word, true);
        let name = first_word(word);
        if !value.sure && value.value != 0 && next_defines(self.bytes, end, name) {
            return Value {
                value: 1,
                sure: true,
            };
        }
        value
    }

    fn open(&mut self, argument: &str, end: usize, read: impl Fn(&Self, &str, usize) -> Value) {
        let outer = self.state();
        let value = match outer {
            State::Dead => Value {
                value: 0,
                sure: true,
            },
            _ => read(self, argument, end),
        };
        let mut group = Group {
            outer,
            state: outer,
            taken: false,
            assumed: false,
            undecided: Vec::new(),
            start: end,
            depth: self.depth,
            preferred: false,
        };
        group.enter(value);
        self.change(outer, group.state, end);
        self.groups.push(group);
    }

    fn next(
        &mut self,
        argument: &str,
        start: usize,
        end: usize,
        read: impl Fn(&Self, &str, usize) -> Value,
    ) {
        let Some(mut group) = self.groups.pop() else {
            return;
        };
        self.leave(&mut group, start);
        self.change(group.state, group.outer, start);
        let value = match group.outer == State::Dead || group.taken {
            true => Value {
                value: 0,
                sure: true,
            },
            false => read(self, argument, end),
        };
        group.enter(value);
        group.start = end;
        // Each branch begins where the first one began.
        self.depth = group.depth;
        self.change(group.outer, group.state, end);
        self.groups.push(group);
    }

    /// Notes the branch that ends before a directive, and restores the depth if it does not count.
    fn leave(&mut self, group: &mut Group, at: usize) {
        match group.state {
            State::Dead => self.depth = group.depth,
            _ if group.state == group.outer && group.outer == State::Live => {}
            _ => {
                let (braces, parentheses) = group.depth;
                group.undecided.push(Branch {
                    range: group.start..at,
                    change: (self.depth.0 - braces, self.depth.1 - parentheses),
                    preferred: group.preferred,
                });
            }
        }
    }

    /// Ends a group: of branches that exclude each other, one stays.
    fn close(&mut self, mut group: Group, at: usize) {
        self.leave(&mut group, at);
        self.change(group.state, group.outer, at);
        let branches = &group.undecided;
        let text = &self.prepared.text;
        let excluding = branches.len() > 1
            && branches
                .iter()
                .any(|branch| branch.change != (0, 0) || !is_complete(&text[branch.range.clone()]));
        let kept = if excluding {
            let preferred = branches.iter().position(|branch| branch.preferred);
            let kept = preferred.unwrap_or(branches.len() - 1);
            for (number, branch) in branches.iter().enumerate() {
                if number != kept {
                    scan::blank(&mut self.prepared.text, branch.range.clone());
                }
            }
            branches.get(kept)
        } else {
            branches.first()
        };
        if let Some(kept) = kept {
            let (braces, parentheses) = group.depth;
            self.depth = (braces + kept.change.0, parentheses + kept.change.1);
        }
    }

    fn define(&mut self, line: &[u8], name_end: usize, start: usize) {
        let from = scan::skip_blanks(line, name_end);
        let to = scan::word_end(line, from.min(line.len()));
        let Some(name) = line.get(from..to).filter(|name| !name.is_empty()) else {
            return;
        };
        let (parameters, body_from) = match line.get(to) {
            Some(b'(') => match line[to..].iter().position(|&byte| byte == b')') {
                Some(close) => {
                    let list = String::from_utf8_lossy(&line[to + 1..to + close]);
                    let list = list.split(',').map(|word| Rc::from(word.trim()));
                    (Some(list.collect()), to + close + 1)
                }
                None => return,
            },
            _ => (None, to),
        };
        let name = String::from_utf8_lossy(name);
        let body = String::from_utf8(line[body_from..].iter().map(|&byte| ascii(byte)).collect());
        let definition = Rc::new(Macro {
            name: name.as_ref().into(),
            parameters,
            body: body.unwrap_or_default().into(),
            body_start: start + body_from,
            name_range: start + from..start + to,
            conditional: self.state() == State::Conditional,
            path: self.path.clone(),
            statements: OnceCell::new(),
            words: OnceCell::new(),
        });
        self.prepared.defines.push(definition.clone());
        self.prepared.macros.define(definition);
    }

    fn include(&mut self, argument: &str, start: usize, end: usize) {
        let argument = argument.trim();
        let (quoted, close) = match argument.as_bytes().first() {
            Some(b'"') => (true, '"'),
            Some(b'<') => (false, '>'),
            _ => return,
        };
        let name = argument[1..].split(close).next().unwrap_or_default();
        let include = Include {
            name: name.into(),
            quoted,
            range: start..end,
            conditional: self.state() == State::Conditional,
        };
        (self.included)(&include, &mut self.prepared.macros);
        self.prepared.includes.push(include);
    }
}

impl Group {
    fn enter(&mut self, value: Value) {
        let is_true = value.value != 0;
        self.preferred = is_true && !self.assumed;
        self.assumed |= is_true;
        self.state = match (self.outer, self.taken) {
            (State::Dead, _) | (_, true) => State::Dead,
            (outer, _) => match (value.sure, is_true) {
                (true, false) => State::Dead,
                // A sure branch behind unsure ones is taken or not as those are.
                (true, true) if !self.undecided.is_empty() => State::Conditional,
                (true, true) => outer,
                (false, _) => State::Conditional,
            },
        };
        self.taken |= value.sure && is_true;
    }
}

/// The logical line from a byte on: where it ends, and its text, of the same length, in which comments and the ends
/// of lines are blank.
fn logical_line(bytes: &[u8], start: usize) -> (usize, Vec<u8>) {
    let mut line = Vec::new();
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => break,
            b'\\' if matches!(bytes.get(at + 1), Some(b'\n')) => {
                line.extend_from_slice(b"  ");
                at += 2;
            }
            b'\\' if bytes.get(at + 1) == Some(&b'\r') && bytes.get(at + 2) == Some(&b'\n') => {
                line.extend_from_slice(b"   ");
                at += 3;
            }
            b'/' => match scan::comment_end(bytes, at) {
                Some(end) => {
                    line.resize(line.len() + end - at, b' ');
                    at = end;
                }
                None => {
                    line.push(b'/');
                    at += 1;
                }
            },
            b'"' | b'\'' => {
                let end = scan::string_end(bytes, at).max(at + 1);
                let string = bytes[at..end].iter();
                line.extend(string.map(|&byte| if byte == b'\n' { b' ' } else { byte }));
                at = end;
            }
            byte => {
                line.push(byte);
                at += 1;
            }
        }
    }
    (at, line)
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn ascii(byte: u8) -> u8 {
    if byte.is_ascii() { byte } else { b'_' }
}

/// Tells whether the next directive behind a byte defines the name.
fn next_defines(bytes: &[u8], end: usize, name: &str) -> bool {
    let mut at = scan::skip_blanks(bytes, end);
    while let Some(next) = scan::comment_end(bytes, at) {
        at = scan::skip_blanks(bytes, next);
    }
    if bytes.get(at) != Some(&b'#') {
        return false;
    }
    let (_, line) = logical_line(bytes, at);
    let line = String::from_utf8_lossy(&line);
    let rest = line[1..].trim_start().strip_prefix("define");
    rest.is_some_and(|rest| {
        let word = rest.trim_start();
        let end = scan::word_end(word.as_bytes(), 0);
        &word[..end] == name
    })
}

/// Tells whether code can stand beside another branch: it ends a statement, a declaration or an item of a list.
fn is_complete(code: &[u8]) -> bool {
    let last = code.trim_ascii_end().last();
    let begins = code.trim_ascii_start();
    !begins.starts_with(b"else") && matches!(last, None | Some(b';' | b'}' | b',' | b':'))
}
