//! Input that is no source: a line each, and the rest goes on.

use std::path::{Path, PathBuf};

use mortice_check::files::Files;
use mortice_check::report::{FileReport, check_files};
use mortice_check::target::Target;
use mortice_check::unit::Reader;

const GOOD: &str = "int f(PyObject *o) { return o->ob_type == 0; }\n";

fn check(folder: &Path) -> (Files, Vec<FileReport>) {
    let paths = [folder.to_owned()];
    let files = Files::of(&paths);
    let reader = Reader::new(Target::Abi3t, files.folders(&paths));
    let reports = check_files(&files.found, &reader, || {});
    (files, reports)
}

/// The problems of a file that lies beside a good one, which has to be checked nevertheless.
fn problems(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    std::fs::write(folder.path().join("good.c"), GOOD).unwrap();
    let (_, reports) = check(folder.path());
    assert_eq!(reports.len(), 2);
    let good = reports
        .iter()
        .find(|report| report.path.ends_with("good.c"));
    assert_eq!(good.unwrap().findings.len(), 1);
    let bad = reports.iter().find(|report| report.path.ends_with(name));
    bad.unwrap()
        .problems
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn what_is_no_text_is_one_line() {
    assert_eq!(
        problems("nul.c", b"int a;\n\0"),
        ["line 2: a NUL byte, so it is no source"]
    );
    let wide = ["it is UTF-16 or UTF-32, which no C compiler reads"];
    assert_eq!(problems("wide.c", b"\xff\xfei\0n\0t\0"), wide);
    assert_eq!(
        problems("latin.c", b"int a; // \xe9\n"),
        ["line 1: not UTF-8"]
    );
    assert!(problems("empty.c", b"").is_empty());
    assert!(problems("bom.c", b"\xef\xbb\xbfint a;\n").is_empty());
    assert!(problems("carriage.c", b"#if 0\r\nint a;\r\n#endif\r\n").is_empty());
    let prose = problems("prose.c", b"Dear reader, (this is [no program at all\n");
    assert_eq!(prose.len(), 1);
    assert!(
        prose[0].starts_with("line 1: cannot be parsed"),
        "{prose:?}"
    );
}

#[test]
fn other_encodings_keep_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = b"/* \xe9\xe8 */ char *s = \"\xfc\"; ".to_vec();
    let column = text.len() + GOOD.find("ob_type").unwrap() + 1;
    text.extend_from_slice(GOOD.as_bytes());
    std::fs::write(folder.path().join("a.c"), text).unwrap();
    let (_, reports) = check(folder.path());
    let [found] = &reports[0].findings[..] else {
        panic!("{reports:?}");
    };
    assert_eq!((found.line, found.column as usize), (1, column));
}

#[test]
fn gigantic_lines_and_depths_are_read() {
    let many = format!("int a[] = {{{}}};\n{GOOD}", "0,".repeat(1_000_000));
    assert!(problems("wide.c", many.as_bytes()).is_empty());
    let deep = 20_000;
    for (open, close) in [
        ("(", ")"),
        ("{", "}"),
        ("struct a {", "} b;"),
        ("[", "]"),
        ("-", ""),
        ("f(", ")"),
        ("a?", ":b"),
    ] {
        let text = format!(
            "int f(void) {{ return {}0{}; }}\n",
            open.repeat(deep),
            close.repeat(deep)
        );
        problems("deep.c", text.as_bytes());
        let text = format!("{}int a;{}\n", open.repeat(deep), close.repeat(deep));
        problems("top.c", text.as_bytes());
    }
    let conditions = "#if 1\n".repeat(deep) + &"#endif\n".repeat(deep);
    assert!(problems("conditions.c", conditions.as_bytes()).is_empty());
    let condition = format!("#if {}1{}\n#endif\n", "(".repeat(deep), ")".repeat(deep));
    assert!(problems("condition.c", condition.as_bytes()).is_empty());
    let stars = format!(
        "void f(PyObject {}o) {{ {}o->ob_type; }}\n",
        "*".repeat(deep),
        "*".repeat(deep)
    );
    problems("stars.c", stars.as_bytes());
    let chain = format!(
        "void f(PyObject *o) {{ o{}; }}\n",
        "->ob_type".repeat(2_000)
    );
    problems("chain.c", chain.as_bytes());
}

/// Each macro holds the one before three times.
#[test]
fn macros_that_grow_are_given_up() {
    let mut text = String::from("#define M0(x) ((x)->ob_type)\n#define C0 1\n#define D0(x) x\n");
    for number in 1..40 {
        let before = number - 1;
        text += &format!(
            "#define M{number}(x) (M{before}(x) + M{before}(M{before}(x)) + M{before}(x))\n"
        );
        text += &format!("#define C{number} (C{before} + C{before} + C{before})\n");
        text += &format!("#define D{number}(x) (D{before}(x) + D{before}(D{before}(x)))\n");
    }
    text += "#if C39\n#endif\n#if D39(1)\n#endif\nvoid f(PyObject *o) { M39(o)->x; M39(o); }\n";
    assert!(problems("macros.c", text.as_bytes()).is_empty());
}

#[test]
fn a_file_that_vanishes_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.c"), GOOD).unwrap();
    std::fs::write(folder.path().join("b.c"), GOOD).unwrap();
    let files = Files::of(&[folder.path().to_owned()]);
    std::fs::remove_file(folder.path().join("a.c")).unwrap();
    let reader = Reader::new(Target::Abi3t, Vec::new());
    let reports = check_files(&files.found, &reader, || {});
    assert!(
        reports[0].problems[0]
            .to_string()
            .starts_with("cannot be read: ")
    );
    assert!(!reports[0].was_read());
    assert_eq!(reports[1].findings.len(), 1);
}

#[cfg(unix)]
#[test]
fn links_in_circles_end() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::create_dir(path.join("inner")).unwrap();
    std::fs::write(path.join("inner/a.c"), GOOD).unwrap();
    symlink(path, path.join("inner/again")).unwrap();
    symlink(path.join("self.c"), path.join("self.c")).unwrap();
    symlink(path.join("nowhere.c"), path.join("gone.c")).unwrap();
    let (files, reports) = check(path);
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].findings.len(), 1);
    let mut refused: Vec<PathBuf> = files.problems.iter().map(|row| row.0.clone()).collect();
    refused.sort();
    assert_eq!(refused, [path.join("gone.c"), path.join("self.c")]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("folder.c")).unwrap();
    std::fs::write(
        folder.path().join("a.c"),
        "#include \"folder.c\"\n#include \"/dev/zero\"\n",
    )
    .unwrap();
    let (_, reports) = check(folder.path());
    assert_eq!(reports.len(), 1);
    assert!(reports[0].problems.is_empty());
    let device = check_files(
        &["/dev/zero".into()],
        &Reader::new(Target::Abi3t, Vec::new()),
        || {},
    );
    assert_eq!(
        device[0].problems[0].to_string(),
        "cannot be read: not a regular file"
    );
}

#[test]
fn headers_that_include_each_other_end() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..60 {
        let next = (number + 1) % 60;
        let text = format!(
            "#include \"h{next}.h\"\n#include \"h{number}.h\"\ntypedef struct s{number} S{number};\n"
        );
        std::fs::write(folder.path().join(format!("h{number}.h")), text).unwrap();
    }
    let (_, reports) = check(folder.path());
    assert_eq!(reports.len(), 60);
    assert!(reports.iter().all(|report| report.problems.is_empty()));
}
