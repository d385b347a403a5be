//! Macros of `pyconfig.h` that told what every compiler has, and are gone: conditionals that ask for them would take
//! the branch for compilers of before C89.

use super::Rewrite;
use crate::prepare::scan;
use crate::unit::Unit;

/// The rule's name.
pub const RULE: &str = "configuration-macro";

const ALWAYS: [&str; 2] = ["HAVE_STDARG_PROTOTYPES", "HAVE_PROTOTYPES"];

/// Changes all conditionals that ask for one.
pub fn all(unit: &Unit, rewrite: &mut Rewrite<'_>) {
    let macros = unit.declared.macros();
    let mut names = ALWAYS
        .into_iter()
        .filter(|name| macros.of(name).is_empty())
        .peekable();
    if names.peek().is_none() {
        return;
    }
    let names: Vec<&str> = names.collect();
    let bytes = unit.source.bytes();
    let mut at = 0;
    let mut line_start = true;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => {
                line_start = true;
                at += 1;
            }
            b' ' | b'\t' | b'\r' => at += 1,
            b'#' if line_start => {
                let end = scan::line_end(bytes, at);
                if !unit.prepared.is_dead(at) {
                    directive(bytes, at, end, &names, rewrite);
                }
                at = directive_end(bytes, at, end);
            }
            b'/' => match scan::comment_end(bytes, at) {
                Some(end) => at = end,
                None => at += 1,
            },
            b'"' | b'\'' => {
                line_start = false;
                let raw = bytes[at] == b'"' && at > 0 && bytes[at - 1] == b'R';
                at = match raw {
                    true => scan::raw_string_end(bytes, at),
                    false => scan::string_end(bytes, at),
                };
            }
            _ => {
                line_start = false;
                at += 1;
            }
        }
    }
}

/// The end of a directive: a comment that begins on its line belongs to it.
fn directive_end(bytes: &[u8], start: usize, end: usize) -> usize {
    let mut at = start;
    while at < end {
        match bytes[at] {
            b'/' => match scan::comment_end(bytes, at) {
                Some(comment) if comment > end => return comment,
                Some(comment) => at = comment,
                None => at += 1,
            },
            b'"' => at = scan::string_end(bytes, at),
            _ => at += 1,
        }
    }
    end
}

fn directive(bytes: &[u8], start: usize, end: usize, names: &[&str], rewrite: &mut Rewrite<'_>) {
    let word_at = scan::skip_blanks(bytes, start + 1);
    let word_end = scan::word_end(bytes, word_at.min(end));
    match bytes.get(word_at..word_end) {
        Some(word @ (b"ifdef" | b"ifndef")) => {
            let name_at = scan::skip_blanks(bytes, word_end);
            let name_end = scan::word_end(bytes, name_at.min(end));
            let name = bytes.get(name_at..name_end).unwrap_or_default();
            if names.iter().any(|known| known.as_bytes() == name) {
                let value = if word == b"ifdef" { "1" } else { "0" };
                rewrite
                    .edits
                    .replace(word_at..name_end, format!("if {value}"), RULE);
            }
        }
        Some(b"if" | b"elif") => {
            let mut at = word_end;
            while at < end {
                if bytes[at] == b'/'
                    && let Some(comment) = scan::comment_end(bytes, at)
                {
                    at = comment;
                    continue;
                }
                let stop = scan::word_end(bytes, at);
                if &bytes[at..stop] == b"defined" {
                    at = asked(bytes, at, stop, end, names, rewrite);
                }
                at = at.max(stop).max(at + 1);
            }
        }
        _ => {}
    }
}

/// `defined(NAME)` and `defined NAME`: gives the byte behind it.
fn asked(
    bytes: &[u8],
    start: usize,
    word_end: usize,
    end: usize,
    names: &[&str],
    rewrite: &mut Rewrite<'_>,
) -> usize {
    let mut at = scan::skip_blanks(bytes, word_end);
    let bracketed = bytes.get(at) == Some(&b'(');
    if bracketed {
        at = scan::skip_blanks(bytes, at + 1);
    }
    if at >= end {
        return word_end;
    }
    let name_end = scan::word_end(bytes, at);
    let known = names
        .iter()
        .any(|name| name.as_bytes() == &bytes[at..name_end]);
    let mut stop = name_end;
    if bracketed {
        stop = scan::skip_blanks(bytes, name_end);
        if bytes.get(stop) != Some(&b')') {
            return word_end;
        }
        stop += 1;
    }
    if known {
        rewrite.edits.replace(start..stop, "1", RULE);
    }
    stop
}
