//! The second pass: macros that are no expressions are blanked, each in the way that leaves C behind.

use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Head, Macro, Prepared, Use, scan};

/// What is done with a macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The head of an object: noted, and blanked with a semicolon behind it.
    Head { variable: bool },
    /// An attribute or a statement: blanked with its arguments, if it has any.
    Nothing,
    /// As above, but a rule has to see the name.
    Noted,
    /// As above, with a comma behind it.
    Initial,
    /// A wrapper around a type or a name, which stays.
    Wrapper,
    /// The type of a module's hook.
    Hook,
}

/// The macros of CPython's that are no expressions.
const WAYS: [(&str, Way); 36] = [
    ("PyObject_HEAD", Way::Head { variable: false }),
    ("PyObject_VAR_HEAD", Way::Head { variable: true }),
    ("PyObject_HEAD_INIT", Way::Initial),
    ("PyVarObject_HEAD_INIT", Way::Initial),
    ("PyMODINIT_FUNC", Way::Hook),
    ("PyMODEXPORT_FUNC", Way::Hook),
    ("Py_UNUSED", Way::Wrapper),
    ("PyAPI_FUNC", Way::Wrapper),
    ("PyAPI_DATA", Way::Wrapper),
    ("Py_LOCAL", Way::Wrapper),
    ("Py_LOCAL_INLINE", Way::Wrapper),
    ("Py_RVALUE", Way::Wrapper),
    ("Py_DEPRECATED", Way::Nothing),
    ("Py_GCC_ATTRIBUTE", Way::Nothing),
    ("Py_ALWAYS_INLINE", Way::Nothing),
    ("Py_NO_INLINE", Way::Nothing),
    ("Py_NO_RETURN", Way::Nothing),
    ("Py_EXPORTED_SYMBOL", Way::Nothing),
    ("Py_IMPORTED_SYMBOL", Way::Nothing),
    ("Py_LOCAL_SYMBOL", Way::Nothing),
    ("Py_ALIGNED", Way::Nothing),
    ("Py_FORMAT_PARSETUPLE", Way::Nothing),
    ("Py_BEGIN_ALLOW_THREADS", Way::Noted),
    ("Py_END_ALLOW_THREADS", Way::Noted),
    ("Py_BLOCK_THREADS", Way::Noted),
    ("Py_UNBLOCK_THREADS", Way::Noted),
    ("Py_BEGIN_CRITICAL_SECTION", Way::Noted),
    ("Py_END_CRITICAL_SECTION", Way::Noted),
    ("Py_BEGIN_CRITICAL_SECTION2", Way::Noted),
    ("Py_END_CRITICAL_SECTION2", Way::Noted),
    ("Py_TRASHCAN_BEGIN", Way::Noted),
    ("Py_TRASHCAN_END", Way::Noted),
    ("Py_TRASHCAN_SAFE_BEGIN", Way::Noted),
    ("Py_TRASHCAN_SAFE_END", Way::Noted),
    ("Py_ALLOW_RECURSION", Way::Noted),
    ("Py_END_ALLOW_RECURSION", Way::Noted),
];

/// Words that attributes and storage classes consist of.
const ATTRIBUTES: [&str; 19] = [
    "inline",
    "__inline",
    "__inline__",
    "__forceinline",
    "static",
    "extern",
    "const",
    "restrict",
    "__restrict",
    "__restrict__",
    "register",
    "volatile",
    "__cdecl",
    "__stdcall",
    "WINAPI",
    "noexcept",
    "__extension__",
    "_Noreturn",
    "Py_LOCAL_INLINE",
];

/// Runs the pass.
pub fn blank(prepared: &mut Prepared) {
    let mut ways: FxHashMap<&str, Way> = WAYS.into_iter().collect();
    let own: Vec<(Rc<str>, Way)> = prepared
        .macros
        .all()
        .filter_map(|definition| Some((definition.name.clone(), own_way(definition, &ways)?)))
        .collect();
    for (name, way) in &own {
        ways.insert(name, *way);
    }
    let mut pass = Pass {
        text: std::mem::take(&mut prepared.text),
        heads: Vec::new(),
        uses: Vec::new(),
    };
    pass.run(&ways);
    prepared.text = pass.text;
    prepared.heads = pass.heads;
    prepared.uses = pass.uses;
}

/// What is done with a macro of the source's own; nothing if it may be an expression or a type.
fn own_way(definition: &Macro, ways: &FxHashMap<&str, Way>) -> Option<Way> {
    let body = definition.body.trim();
    if definition.name.starts_with("Py") && ways.contains_key(&*definition.name) {
        return None;
    }
    let first = &body[..scan::word_end(body.as_bytes(), 0)];
    if let Some(Way::Head { variable }) = ways.get(first)
        && definition.parameters.is_none()
    {
        return Some(Way::Head {
            variable: *variable,
        });
    }
    if body.is_empty() {
        // With parameters, it may stand where a statement or an argument does; blank is what a compiler sees.
        return definition.parameters.is_none().then_some(Way::Nothing);
    }
    if definition.parameters.is_some() {
        return None;
    }
    if first == "PyMODINIT_FUNC" && first == body {
        return Some(Way::Hook);
    }
    is_attribute(body).then_some(Way::Nothing)
}

/// Tells whether a macro's body consists of attributes and storage classes.
fn is_attribute(body: &str) -> bool {
    let text = body.as_bytes();
    let mut at = 0;
    while at < text.len() {
        let end = scan::word_end(text, at);
        let word = &body[at..end];
        let bracketed = [
            "__attribute__",
            "__declspec",
            "__attribute",
            "_Alignas",
            "alignas",
        ];
        if bracketed.contains(&word) {
            let list = scan::skip_blanks(text, end);
            match scan::list_end(text, list) {
                Some(end) if text.get(list) == Some(&b'(') => at = end,
                _ => return false,
            }
        } else if ATTRIBUTES.contains(&word) {
            at = end;
        } else if word.is_empty() && body[at..].starts_with("\"C\"") {
            at += 3;
        } else {
            return false;
        }
        at = scan::skip_blanks(text, at);
    }
    true
}

struct Pass {
    text: Vec<u8>,
    heads: Vec<Head>,
    uses: Vec<Use>,
}

impl Pass {
    fn run(&mut self, ways: &FxHashMap<&str, Way>) {
        let mut at = 0;
        while at < self.text.len() {
            let byte = self.text[at];
            if byte == b'"' || byte == b'\'' {
                let before = at.checked_sub(1).map(|before| self.text[before]);
                at = if byte == b'\'' && before.is_some_and(|before| before.is_ascii_digit()) {
                    at + 1
                } else if byte == b'"' && before == Some(b'R') {
                    scan::raw_string_end(&self.text, at)
                } else {
                    scan::string_end(&self.text, at).max(at + 1)
                };
                continue;
            }
            if !scan::is_word(byte) {
                at += 1;
                continue;
            }
            let end = scan::word_end(&self.text, at);
            let word = std::str::from_utf8(&self.text[at..end]).unwrap_or_default();
            if let Some((&name, &way)) = ways.get_key_value(word) {
                self.apply(name, way, at..end);
            }
            at = end;
        }
    }

    fn apply(&mut self, name: &str, way: Way, range: Range<usize>) {
        let next = scan::skip_blanks(&self.text, range.end);
        let list = match self.text.get(next) {
            Some(b'(') => scan::list_end(&self.text, next).map(|end| next..end),
            _ => None,
        };
        let end = list.clone().map_or(range.end, |list| list.end);
        match way {
            Way::Head { variable } => {
                let end = match self.text.get(next) {
                    Some(b';') => next + 1,
                    _ => range.end,
                };
                scan::blank(&mut self.text, range.start..end);
                let own = (!name.starts_with("PyObject_")).then(|| name.into());
                self.heads.push(Head {
                    range: range.start..end,
                    variable,
                    own,
                });
            }
            Way::Nothing => scan::blank(&mut self.text, range.start..end),
            Way::Noted => self.note(name, range, end),
            Way::Initial => {
                let comma = scan::skip_blanks(&self.text, end);
                let end = match self.text.get(comma) {
                    Some(b',') => comma + 1,
                    _ => end,
                };
                self.note(name, range, end);
            }
            Way::Wrapper => {
                if let Some(list) = list {
                    scan::blank(&mut self.text, range.start..list.start + 1);
                    scan::blank(&mut self.text, list.end - 1..list.end);
                }
            }
            Way::Hook => {
                let hook = b"PyObject *";
                scan::blank(&mut self.text, range.clone());
                if range.len() >= hook.len() {
                    self.text[range.start..range.start + hook.len()].copy_from_slice(hook);
                }
            }
        }
    }

    fn note(&mut self, name: &str, range: Range<usize>, end: usize) {
        let whole = range.start..end;
        scan::blank(&mut self.text, whole.clone());
        self.uses.push(Use {
            name: name.into(),
            range,
            whole,
        });
    }
}
