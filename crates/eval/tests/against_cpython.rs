//! Code objects compared with those that CPython 3.15 makes of the same files: names, counts and
//! flags exactly, and the positions of every instruction that can raise.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mortice_eval::code::{Code, Constant, Flags, Name};
use mortice_eval::instruction::Instruction;
use mortice_eval::{Mode, compile_source, source};
use mortice_testkit::oracle;

/// Reads paths from standard input, and describes the code of each file a line per fact.
const SCRIPT: &str = r#"
import dis, sys, types
KINDS = {
    'CALL': 'call', 'CALL_KW': 'call', 'CALL_FUNCTION_EX': 'call',
    'LOAD_ATTR': 'attribute', 'STORE_ATTR': 'store attribute', 'DELETE_ATTR': 'delete attribute',
    'LOAD_GLOBAL': 'global', 'LOAD_NAME': 'name',
    'LOAD_FROM_DICT_OR_GLOBALS': 'name', 'STORE_SUBSCR': 'store item',
    'DELETE_SUBSCR': 'delete item', 'COMPARE_OP': 'compare', 'CONTAINS_OP': 'contains',
    'RAISE_VARARGS': 'raise', 'IMPORT_NAME': 'import', 'IMPORT_FROM': 'import from',
    'LOAD_SUPER_ATTR': 'attribute', 'STORE_SLICE': 'store item', 'FOR_ITER': 'for', 'UNPACK_EX': 'unpack', 'LOAD_DEREF': 'cell', 'YIELD_VALUE': 'yield',
}
# Every class with a function has one there, and a module with annotations; here where it is used.
HIDDEN = {'__classdict__', '__conditional_annotations__'}
INLINED = {b'all(', b'any(', b'list(', b'set(', b'tuple('}
MASK = 0xC00003F
def describe(code, lines, out):
    names = [','.join(n for n in getattr(code, field) if n not in HIDDEN)
             for field in ('co_varnames', 'co_cellvars', 'co_freevars')]
    key = f'{code.co_qualname}:{code.co_firstlineno}'
    out(f'{key} code {code.co_argcount} {code.co_posonlyargcount} {code.co_kwonlyargcount} '
        f'{code.co_flags & MASK:x} {names[0]}|{names[1]}|{names[2]}')
    for i in dis.get_instructions(code):
        kind = KINDS.get(i.opname)
        p = i.positions
        if kind is None or p.lineno is None:
            continue
        name = i.argval if kind in ('attribute', 'global', 'name', 'cell', 'import',
            'import from', 'store attribute', 'delete attribute') else ''
        if name == '__classdict__' and 'attribute' not in kind:
            continue
        source = lines[p.lineno - 1][p.col_offset:]
        if kind == 'for' and source[:p.end_col_offset - p.col_offset + 1] in INLINED:
            continue  # any(… for …) and the like are loops there
        if i.opname == 'LOAD_SUPER_ATTR':
            out(f'{key} merged {p.lineno}')
        if i.opname == 'LOAD_DEREF' and source.startswith(b'super()'):
            continue
        out(f'{key} {kind} {name} {p.lineno}:{p.col_offset}-{p.end_lineno}:{p.end_col_offset}')
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            describe(constant, lines, out)
for path in sys.stdin.read().splitlines():
    print('file', path)
    try:
        with open(path, encoding='utf-8') as file:
            text = file.read()
        code = compile(text, path, 'exec', dont_inherit=True)
    except (SyntaxError, ValueError):
        print('refused')
        continue
    facts = set()
    describe(code, text.encode().split(b'\n'), facts.add)
    for fact in sorted(facts):
        print(fact)
"#;

fn kind(instruction: Instruction) -> Option<(&'static str, Option<u32>)> {
    use Instruction as I;
    Some(match instruction {
        I::Call(_) | I::CallKeyword(_) | I::CallExtended => ("call", None),
        I::LoadAttribute(name) | I::LoadMethod(name) => ("attribute", Some(name)),
        I::StoreAttribute(name) => ("store attribute", Some(name)),
        I::DeleteAttribute(name) => ("delete attribute", Some(name)),
        I::LoadGlobal(name) => ("global", Some(name)),
        I::LoadName(name) => ("name", Some(name)),
        I::StoreSubscript => ("store item", None),
        I::DeleteSubscript => ("delete item", None),
        I::Compare(_) => ("compare", None),
        I::Contains(_) => ("contains", None),
        I::Raise(_) => ("raise", None),
        I::ImportName(name) => ("import", Some(name)),
        I::ImportFrom(name) => ("import from", Some(name)),
        I::ForIterate(_) => ("for", None),
        I::UnpackStarred { .. } => ("unpack", None),
        I::YieldValue { .. } => ("yield", None),
        _ => return None,
    })
}

/// Names without the cells that fewer classes and modules have here.
fn shown(names: &[Name]) -> String {
    let names: Vec<&str> = (names.iter())
        .map(|name| &**name)
        .filter(|name| !["__classdict__", "__conditional_annotations__"].contains(name))
        .collect();
    names.join(",")
}

fn describe(code: &Code, facts: &mut BTreeSet<String>) {
    const MASK: u32 = Flags::OPTIMIZED.0
        | Flags::NEW_LOCALS.0
        | Flags::VAR_ARGUMENTS.0
        | Flags::VAR_KEYWORDS.0
        | Flags::NESTED.0
        | Flags::GENERATOR.0
        | Flags::HAS_DOCSTRING.0
        | Flags::METHOD.0;
    let key = format!("{}:{}", code.qualname, code.first_line);
    facts.insert(format!(
        "{key} code {} {} {} {:x} {}|{}|{}",
        code.argument_count,
        code.positional_only_count,
        code.keyword_only_count,
        code.flags.0 & MASK,
        code.variables.join(","),
        shown(&code.cells),
        shown(&code.frees)
    ));
    for (instruction, position) in code.instructions.iter().zip(&code.positions) {
        if position.line == 0 {
            continue;
        }
        let (kind, name) = match (kind(*instruction), instruction) {
            (Some((kind, name)), _) => {
                (kind, name.map(|name| code.names[name as usize].to_string()))
            }
            (None, Instruction::LoadDeref(slot)) => {
                let name = code.slot_name(*slot).map(ToString::to_string);
                ("cell", name)
            }
            _ => continue,
        };
        let mut fact = format!("{key} {kind} {} ", name.unwrap_or_default());
        let _ = write!(
            fact,
            "{}:{}-{}:{}",
            position.line, position.column, position.end_line, position.end_column
        );
        facts.insert(fact);
    }
    for constant in &code.constants {
        if let Constant::Code(code) = constant {
            describe(code, facts);
        }
    }
}

/// The folder of a CPython's standard library.
fn library(python: &Path) -> PathBuf {
    let script = "import sysconfig; print(sysconfig.get_path('stdlib'))";
    let output = Command::new(python)
        .args(["-I", "-c", script])
        .output()
        .expect("the oracle starts");
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

#[test]
fn code_agrees_with_cpython() {
    let Some(python) = oracle::python() else {
        return;
    };
    let folder = library(&python);
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("the library can be read") {
        let path = entry.expect("the library can be listed").path();
        if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
    for name in [
        "test_class",
        "test_descr",
        "test_generators",
        "test_scope",
        "test_with",
    ] {
        files.push(folder.join("test").join(name).with_extension("py"));
    }
    files.sort();
    let compiled: Vec<(String, BTreeSet<String>)> = (files.iter())
        .filter_map(|path| {
            let text = source::read(path).ok()?;
            let name = path.display().to_string();
            let code = compile_source(&text, &name, Mode::Exec).ok()?;
            let mut facts = BTreeSet::new();
            describe(&code, &mut facts);
            Some((name, facts))
        })
        .collect();
    let mut child = Command::new(python)
        .args(["-I", "-W", "ignore", "-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the oracle starts");
    let names: Vec<&str> = compiled.iter().map(|(name, _)| name.as_str()).collect();
    let mut input = child.stdin.take().expect("standard input is a pipe");
    input
        .write_all(names.join("\n").as_bytes())
        .expect("the oracle reads");
    drop(input);
    let output = child.wait_with_output().expect("the oracle ends");
    let output = String::from_utf8(output.stdout).expect("the oracle writes UTF-8");

    let mut expected: Vec<(&str, BTreeSet<String>)> = Vec::new();
    for line in output.lines() {
        match (line.strip_prefix("file "), expected.last_mut()) {
            (Some(name), _) => expected.push((name, BTreeSet::new())),
            (None, Some((_, facts))) => {
                facts.insert(line.to_owned());
            }
            (None, None) => panic!("no file before {line}"),
        }
    }
    assert_eq!(compiled.len(), expected.len());
    assert!(compiled.len() > 20, "a library has files");
    let (mut facts, mut different) = (0, Vec::new());
    for ((name, ours), (_, theirs)) in compiled.iter().zip(&expected) {
        facts += theirs.len();
        let (merged, theirs): (Vec<&String>, Vec<&String>) =
            theirs.iter().partition(|fact| fact.contains(" merged "));
        let merged: BTreeSet<String> = merged.into_iter().cloned().collect();
        let theirs: BTreeSet<String> = theirs.into_iter().cloned().collect();
        // CPython loads an attribute of super() without the call.
        let is_super = |fact: &&String| -> bool {
            let mut words = fact.split(' ');
            let (key, kind) = (words.next(), words.next());
            let line = words.next_back().and_then(|place| place.split(':').next());
            matches!(kind, Some("call" | "cell"))
                && key
                    .zip(line)
                    .is_some_and(|(key, line)| merged.contains(&format!("{key} merged {line}")))
        };
        for fact in ours.difference(&theirs).filter(|fact| !is_super(fact)) {
            different.push(format!("{name}: only ours: {fact}"));
        }
        for fact in theirs.difference(ours).filter(|fact| !is_super(fact)) {
            different.push(format!("{name}: only CPython's: {fact}"));
        }
    }
    println!(
        "{} files, {facts} facts, {} different",
        compiled.len(),
        different.len()
    );
    if let Some(file) = std::env::var_os("MORTICE_DIFFERENCES") {
        std::fs::write(file, different.join("\n")).expect("the differences can be written");
    }
    assert!(
        different.is_empty(),
        "{}",
        different[..different.len().min(40)].join("\n")
    );
}
