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
    /// A statement: it gets its semicolon, or is blanked if it has no arguments, and a rule has to see the name.
    Noted,
    /// As above, with a comma behind it.
    Initial,
    /// A wrapper around a type or a name, which stays.
    Wrapper,
    /// The type of a module's hook.
    Hook,
    /// One of the source's own that may be an expression, or stand for a statement.
    Own {
        /// Whether it takes arguments.
        arguments: bool,
    },
}

/// The macros of CPython's that are no expressions.
const WAYS: [(&str, Way); 37] = [
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
    ("_Atomic", Way::Wrapper),
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

/// Words that begin a statement, and nothing that a type may stand before.
const STATEMENTS: [&str; 10] = [
    "if", "for", "while", "do", "switch", "return", "goto", "break", "continue", "case",
];

/// Words that begin a declaration at the top of a file.
const BEGINNINGS: [&str; 13] = [
    "static",
    "typedef",
    "struct",
    "enum",
    "union",
    "extern",
    "const",
    "void",
    "int",
    "char",
    "PyObject",
    "PyMODINIT_FUNC",
    "unsigned",
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
        .names()
        .map(|(name, definitions)| (name.clone(), own_way(definitions, &ways)))
        .collect();
    for (name, way) in &own {
        if !ways.contains_key(&**name) {
            ways.insert(name, *way);
        }
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

/// What is done with a macro of the source's own that has these definitions.
fn own_way(definitions: &[Rc<Macro>], ways: &FxHashMap<&str, Way>) -> Way {
    let arguments = definitions.iter().any(|one| one.parameters.is_some());
    let mut found = definitions.iter().map(|one| definition_way(one, ways));
    let first = found.next().flatten();
    match first {
        Some(way) if found.all(|other| other == Some(way)) => way,
        _ => Way::Own { arguments },
    }
}

/// What is done with one definition; nothing if it may be an expression or a type.
fn definition_way(definition: &Macro, ways: &FxHashMap<&str, Way>) -> Option<Way> {
    let body = definition.body.trim();
    let first = &body[..scan::word_end(body.as_bytes(), 0)];
    if body.is_empty() {
        return Some(Way::Nothing);
    }
    if let Some(Way::Head { variable }) = ways.get(first) {
        return Some(Way::Head {
            variable: *variable,
        });
    }
    if definition.parameters.is_some() {
        return None;
    }
    match ways.get(first) {
        Some(Way::Hook) if first == body => return Some(Way::Hook),
        _ => {}
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
        let mut depth = 0_u32;
        // Whether a statement or a declaration may begin here.
        let mut begins = true;
        while at < self.text.len() {
            let byte = self.text[at];
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
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
                if !byte.is_ascii_whitespace() {
                    begins = matches!(byte, b';' | b'{' | b'}' | b')' | b':');
                }
                at += 1;
                continue;
            }
            let end = scan::word_end(&self.text, at);
            let word = std::str::from_utf8(&self.text[at..end]).unwrap_or_default();
            let keyword = matches!(word, "else" | "do");
            match ways.get_key_value(word) {
                Some((_, &Way::Own { arguments })) => {
                    if begins {
                        self.end_statement(at..end, arguments, depth > 0, ways);
                    }
                    begins = false;
                }
                // What is blank leaves the place as it was.
                Some((&name, &way)) => self.apply(name, way, at..end),
                None => begins = keyword,
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
                let arguments = list.clone().map(|list| list.start + 1..list.end - 1);
                let arguments = arguments.map_or_else(Vec::new, |list| {
                    let text = String::from_utf8_lossy(&self.text[list]).into_owned();
                    text.split(',').map(str::to_owned).collect()
                });
                let next = scan::skip_blanks(&self.text, end);
                let end = match self.text.get(next) {
                    Some(b';') => next + 1,
                    _ => end,
                };
                scan::blank(&mut self.text, range.start..end);
                let own = (!name.starts_with("PyObject_")).then(|| name.into());
                self.heads.push(Head {
                    range: range.start..end,
                    variable,
                    own,
                    arguments,
                });
            }
            Way::Nothing => scan::blank(&mut self.text, range.start..end),
            Way::Noted => match list {
                // Its arguments are code.
                Some(list) => self.put_semicolon(list.end),
                None => self.note(name, range, end),
            },
            Way::Own { .. } => {}
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
                let hook = b"void *";
                scan::blank(&mut self.text, range.clone());
                if range.len() >= hook.len() {
                    self.text[range.start..range.start + hook.len()].copy_from_slice(hook);
                }
            }
        }
    }

    /// Puts a semicolon behind a macro that stands for a statement or a declaration, and has none.
    fn end_statement(
        &mut self,
        range: Range<usize>,
        arguments: bool,
        inside: bool,
        ways: &FxHashMap<&str, Way>,
    ) {
        let mut end = range.end;
        if arguments {
            let list = scan::skip_blanks(&self.text, end);
            if self.text.get(list) != Some(&b'(') {
                return;
            }
            match scan::list_end(&self.text, list) {
                Some(list) => end = list,
                None => return,
            }
        }
        let next = scan::skip_blanks(&self.text, end);
        if next == end {
            return;
        }
        let word = &self.text[next..scan::word_end(&self.text, next.min(self.text.len()))];
        let word = std::str::from_utf8(word).unwrap_or_default();
        let another = match self.text.get(next) {
            Some(b'}') => inside,
            Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => match arguments {
                // A macro without arguments may be a type before a name.
                true => inside || BEGINNINGS.contains(&word) || ways.contains_key(word),
                false => inside && STATEMENTS.contains(&word),
            },
            _ => false,
        };
        if another {
            self.text[end] = b';';
        }
    }

    /// Puts a semicolon behind a statement that has none.
    fn put_semicolon(&mut self, end: usize) {
        let next = scan::skip_blanks(&self.text, end);
        if next > end && self.text.get(next) != Some(&b';') {
            self.text[end] = b';';
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
