//! Which headers a source includes, and where others are added.
//!
//! What is added stands on the line behind `#include <Python.h>`, never before: macros that have to be defined first
//! stay first. A source that gets `Python.h` from a header of its package has it behind the last include of those.

use super::{COMPAT_NAME, OTHER_COMPAT_NAME, Rewrite};
use crate::prepare::Include;
use crate::unit::{Reader, Unit};

/// The rule's name.
pub const RULE: &str = "include";

/// Headers that newer versions do not have, since `Python.h` brings what was in them, and the first such version.
const GONE: [(&str, u32); 9] = [
    ("longintrepr.h", 11),
    ("code.h", 11),
    ("eval.h", 11),
    ("cellobject.h", 11),
    ("classobject.h", 11),
    ("funcobject.h", 11),
    ("genobject.h", 11),
    ("pyarena.h", 10),
    ("pyfpe.h", 11),
];

/// Keeps headers that are gone for the versions that have them.
pub fn gone(unit: &Unit, rewrite: &mut Rewrite<'_>) {
    for include in &unit.prepared.includes {
        let mut gone = GONE.iter();
        let Some((_, minor)) = gone.find(|(name, _)| **name == *include.name) else {
            continue;
        };
        // One of the package's own may be called so.
        if !unit.system_headers.contains(&*include.name) {
            continue;
        }
        let end = line_end(unit.source.bytes(), include.range.end);
        let line = line_start(unit.source.bytes(), include.range.start)..end;
        let break_ = line_break(unit.source.bytes());
        let text = rewrite.edits.rendered(line.clone());
        let text = format!(
            "#if PY_VERSION_HEX < {:#010X}{break_}{text}{break_}#endif",
            0x0300_0000 | minor << 16
        )
        .replace("0X", "0x");
        rewrite.edits.absorb(line, text, RULE);
    }
}

/// Adds what is needed and not included yet.
pub fn add(unit: &Unit, reader: &Reader, rewrite: &mut Rewrite<'_>) {
    let includes = &unit.prepared.includes;
    let has = |name: &str| includes.iter().any(|include| &*include.name == name);
    let mut lines = Vec::new();
    // A header is included by sources of the package, which have the other one before it.
    let other = unit.includes(OTHER_COMPAT_NAME)
        || (unit.source.is_header() && reader.knows_header(OTHER_COMPAT_NAME));
    if rewrite.compat && !has(COMPAT_NAME) && !other {
        lines.push(format!("#include \"{COMPAT_NAME}\""));
    }
    let wanted = rewrite.headers.iter().filter(|name| !has(name));
    lines.extend(wanted.map(|name| format!("#include <{name}>")));
    if lines.is_empty() {
        return;
    }
    let Some(after) = place(unit) else {
        let reason = format!(
            "`{}` has to stand where Python.h is included",
            lines.join("`, `")
        );
        rewrite.leave(0, RULE, reason);
        return;
    };
    let bytes = unit.source.bytes();
    let break_ = line_break(bytes);
    let end = line_end(bytes, after.range.end);
    let text: String = lines.iter().flat_map(|line| [break_, line]).collect();
    rewrite.edits.insert(end, text, RULE);
}

/// The include behind which others are added.
fn place(unit: &Unit) -> Option<&Include> {
    let includes = &unit.prepared.includes;
    let python = includes.iter().find(|include| &*include.name == "Python.h");
    python.or_else(|| {
        let quoted = |include: &&Include| include.quoted && !include.conditional;
        let brings = unit.system_headers.contains("Python.h") || unit.foreign_headers;
        includes.iter().rfind(quoted).filter(|_| brings)
    })
}

/// The end of the line, behind a comment that begins on it.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => {
                let carriage = at > 0 && bytes[at - 1] == b'\r';
                return at - usize::from(carriage);
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let rest = &bytes[at + 2..];
                let close = rest.windows(2).position(|pair| pair == b"*/");
                at = close.map_or(bytes.len(), |close| at + close + 4);
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    let before = bytes[..at].iter().rposition(|&byte| byte == b'\n');
    before.map_or(0, |end| end + 1)
}

fn line_break(bytes: &[u8]) -> &'static str {
    let first = bytes.iter().position(|&byte| byte == b'\n');
    match first {
        Some(at) if at > 0 && bytes[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}
