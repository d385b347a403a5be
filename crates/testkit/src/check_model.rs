//! Sources of extensions, damaged, against what must hold of every report.
//!
//! A source is put together from pieces of real shapes and then cut, doubled and strewn with words that matter to
//! the rules. Whatever comes of it: a finding lies where its name stands, at the line and column that a naive count
//! gives; the same source one line further down has the same findings one line further down, if it can be parsed;
//! and every format can be written. Upgraded, a source that can be parsed keeps its comments and its strings, and is
//! not changed by a second run.

use std::path::Path;

use arbitrary::{Result, Unstructured};
use mortice_check::finding::{Finding, Rule};
use mortice_check::report::{FileReport, html, json, sarif, text};
use mortice_check::source::{Problem, Source};
use mortice_check::summary::Summary;
use mortice_check::target::Target;
use mortice_check::unit::Reader;
use mortice_check::upgrade::{Goal, Upgraded, upgrade_source};

/// Pieces of sources.
const PIECES: [&str; 16] = [
    "#define PY_SSIZE_T_CLEAN\n#include <Python.h>\n#include \"structmember.h\"\n",
    "typedef struct { PyObject_HEAD PyObject *dict; Py_ssize_t n; } Thing;\n",
    "struct other { struct other *next; PyTypeObject *type; int ob_type, frame; };\n",
    "static PyTypeObject T = { PyVarObject_HEAD_INIT(NULL, 0) .tp_name = \"t\", .tp_basicsize = sizeof(Thing) };\n",
    "#define COUNT(o) (((Thing *)(o))->n)\n#define TYPE(o) ((o)->ob_type)\n",
    "static PyObject *get(Thing *self, void *unused) { Py_INCREF(self->dict); return self->dict; }\n",
    "static void set(PyObject *o, PyObject **p) { Py_TYPE(o) = (*p)->ob_type; Py_SIZE(o) = Py_SIZE(*p) += 2; }\n",
    "#if PY_MAJOR_VERSION < 3\nint old(void) { return 0; }\n#else\n",
    "#endif\n",
    "#ifdef _WIN32\nint f(void) {\n#else\nint f(int a) {\n#endif\nreturn COUNT(0); }\n",
    "PyMODINIT_FUNC PyInit_t(void) { if (PyType_Ready(&T) < 0) return NULL; return PyModule_Create(&module); }\n",
    "static struct PyModuleDef module = { PyModuleDef_HEAD_INIT, \"t\", NULL, -1, methods };\n",
    "static void drop(Thing *self) { PyMem_Free(self->n); Py_TYPE(self)->tp_free((PyObject *)self); }\n",
    "/* o->ob_type */ char *s = \"o->ob_type\"; // Py_SIZE(o) = 1\n",
    "void h(PyObject *o) { Py_BEGIN_ALLOW_THREADS free(o); Py_END_ALLOW_THREADS TYPE(o); PyTuple_GET_ITEM(o, 0); }\n",
    "namespace n { struct S { PyObject ob_base; int x; }; auto f = [](PyObject *o) { return static_cast<S *>(o)->x; }; }\n",
];

/// Words that are strewn in.
const WORDS: [&str; 32] = [
    "{",
    "}",
    "(",
    ")",
    ";",
    ",",
    "->",
    "*",
    "#",
    "\n",
    "\\\n",
    "\"",
    "'",
    "/*",
    "*/",
    "//",
    "PyObject_HEAD",
    "ob_type",
    "#define A B\n#define B A\n",
    "#if 1 + (\n",
    "#else\n",
    "#endif\n",
    "Py_SIZE(x)",
    "struct s {",
    "typedef ",
    "0x",
    "\u{e9}",
    "\u{feff}",
    " = ",
    "PyVarObject_HEAD_INIT(",
    "R\"(",
    "Py_UNUSED(",
];

/// A source that follows from the choices in the data.
pub fn source(data: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    // What was chosen before the choices ended counts.
    let _ = choose(&mut Unstructured::new(data), &mut text);
    text
}

fn choose(input: &mut Unstructured<'_>, text: &mut Vec<u8>) -> Result<()> {
    let pieces = 1 + usize::from(input.arbitrary::<u8>()? % 12);
    for _ in 0..pieces {
        text.extend_from_slice(input.choose(&PIECES)?.as_bytes());
    }
    while !input.is_empty() && text.len() < 1 << 14 {
        let at = usize::from(input.arbitrary::<u16>()?) % (text.len() + 1);
        let length = usize::from(input.arbitrary::<u8>()?).min(text.len() - at);
        match input.arbitrary::<u8>()? % 4 {
            0 => {
                text.drain(at..at + length);
            }
            1 => {
                let copy = text[at..at + length].to_vec();
                text.splice(at..at, copy);
            }
            2 => {
                let word = input.choose(&WORDS)?.bytes();
                text.splice(at..at, word);
            }
            _ => {
                let byte = input.arbitrary()?;
                text.splice(at..at, [byte]);
            }
        }
    }
    Ok(())
}

/// Checks the bytes as a source for each target, and gives the number of reports.
///
/// # Errors
///
/// What does not hold.
pub fn run(bytes: &[u8]) -> std::result::Result<u64, String> {
    let mut count = 0;
    for (name, target) in ["a.c", "a.cpp", "a.h"].into_iter().zip(Target::ALL) {
        let Some((report, findings)) = check(name, target, bytes) else {
            continue;
        };
        for found in &findings {
            judge(found, bytes)?;
        }
        let moved = [b"\n", bytes].concat();
        let Some((_, below)) = check(name, target, &moved) else {
            return Err("one line further down, it is no source".to_owned());
        };
        // A mark at the start of a file is none further down, and how the parser recovers goes by lines.
        let whole = |problem: &Problem| !matches!(problem, Problem::Syntax { .. });
        if !bytes.starts_with(b"\xef\xbb\xbf") && report.problems.iter().all(whole) {
            compare(&findings, &below)?;
        }
        write(target, report)?;
        count += 1;
    }
    for (name, goal) in ["a.c", "a.cpp"].into_iter().zip(Goal::ALL) {
        count += upgrade_twice(name, goal, bytes)?;
    }
    Ok(count)
}

/// Upgrades the bytes, and what came of it once more; gives the number of upgrades that were looked at.
fn upgrade_twice(name: &str, goal: Goal, bytes: &[u8]) -> std::result::Result<u64, String> {
    let Some(first) = upgrade(name, goal, bytes) else {
        return Ok(0);
    };
    // What a parser guesses in damaged text is another thing in other text.
    if !first.problems.is_empty() {
        return Ok(0);
    }
    // Types that become specifications take their strings to other places.
    if goal == Goal::Cpython312 {
        let (before, after) = (kept(bytes), kept(&first.text));
        if before != after {
            return Err(format!("for {goal}, {before:?} became {after:?}"));
        }
    }
    let Some(second) = upgrade(name, goal, &first.text) else {
        return Err(format!("for {goal}, it became no source"));
    };
    if second.problems.is_empty() && second.text != first.text {
        return Err(format!(
            "for {goal}, a second run made\n{}\nof\n{}",
            String::from_utf8_lossy(&second.text),
            String::from_utf8_lossy(&first.text)
        ));
    }
    Ok(1)
}

fn upgrade(name: &str, goal: Goal, bytes: &[u8]) -> Option<Upgraded> {
    let source = Source::new(Path::new(name), bytes.to_vec()).ok()?;
    upgrade_source(source, &Reader::new(goal.target(), Vec::new()), goal).ok()
}

/// The comments and strings of a source, one after the other, apart from the names of headers.
fn kept(text: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(&byte) = rest.first() {
        let length = match byte {
            b'#' if is_include(rest) => ends(rest, b"\n"),
            b'/' if rest.starts_with(b"//") => ends(rest, b"\n"),
            b'/' if rest.starts_with(b"/*") => 2 + ends(&rest[2..], b"*/"),
            b'"' | b'\'' => quoted(rest),
            _ => {
                rest = &rest[1..];
                continue;
            }
        };
        let (token, behind) = rest.split_at(length);
        if byte != b'#' {
            found.push(String::from_utf8_lossy(token).into_owned());
        }
        rest = behind;
    }
    found
}

fn is_include(text: &[u8]) -> bool {
    text[1..].trim_ascii_start().starts_with(b"include")
}

/// Where the first end lies behind, or the text's end.
fn ends(text: &[u8], end: &[u8]) -> usize {
    text.windows(end.len())
        .position(|window| window == end)
        .map_or(text.len(), |at| at + end.len())
}

/// The length of a literal that ends at its quote, or at the end of its line.
fn quoted(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 1,
            b'\n' => return at,
            byte if byte == text[0] => return at + 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

fn check(name: &str, target: Target, bytes: &[u8]) -> Option<(FileReport, Vec<Finding>)> {
    let source = Source::new(Path::new(name), bytes.to_vec()).ok()?;
    let reader = Reader::new(target, Vec::new());
    let report = FileReport::of_source(source, &reader, &mut Vec::new());
    let findings = report.findings.clone();
    Some((report, findings))
}

/// Tells whether a finding lies where it says.
fn judge(found: &Finding, bytes: &[u8]) -> std::result::Result<(), String> {
    let wrong = |what: &str| Err(format!("{what}: {found:?}"));
    let Some(text) = bytes.get(found.start_byte..found.end_byte) else {
        return wrong("it lies outside the source");
    };
    let before = &bytes[..found.start_byte];
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    let column = 1 + before
        .iter()
        .rev()
        .take_while(|&&byte| byte != b'\n')
        .count();
    if (found.line as usize, found.column as usize) != (line, column) {
        return wrong("it is told at another place");
    }
    if (found.end_line, found.end_column) <= (found.line, found.column) {
        return wrong("it ends before it begins");
    }
    let of_name = matches!(
        found.rule,
        Rule::ObjectField
            | Rule::TypeField
            | Rule::NotInTarget
            | Rule::Removed
            | Rule::MacroUse
            | Rule::MissingInclude
    );
    let ascii: Vec<u8> = text
        .iter()
        .map(|&byte| if byte.is_ascii() { byte } else { b'_' })
        .collect();
    let name = found.name.as_bytes();
    if of_name
        && !ascii
            .windows(name.len().max(1))
            .any(|window| window == name)
    {
        return wrong("its name does not stand there");
    }
    Ok(())
}

/// Compares findings with those of the same source one line further down.
fn compare(findings: &[Finding], below: &[Finding]) -> std::result::Result<(), String> {
    let places = |findings: &[Finding], lines: u32| -> Vec<(u32, u32, Rule)> {
        let places = findings
            .iter()
            .map(|found| (found.line + lines, found.column, found.rule));
        places.collect()
    };
    let (here, there) = (places(findings, 1), places(below, 0));
    if here != there {
        return Err(format!("one line further down, {here:?} became {there:?}"));
    }
    Ok(())
}

fn write(target: Target, report: FileReport) -> std::result::Result<(), String> {
    let reports = [report];
    let summary = Summary::of(target, &reports);
    let mut out = Vec::new();
    let written = text::write(&mut out, &reports, &summary, text::Style::COLOUR)
        .and_then(|()| html::write(&mut out, &reports, &summary))
        .and_then(|()| sarif::write(&mut out, &reports, &summary))
        .and_then(|()| json::write(&mut out, &reports, &summary));
    written.map_err(|error| error.to_string())
}
