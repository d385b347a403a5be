//! `mortice check` on small sources: its exit status, its formats, and what it refuses.

use crate::support::{Folder, Ran, mortice};

const NOT_READY: &str = "#include <Python.h>\nint f(PyObject *o) { return o->ob_type == 0; }\n";

fn check(arguments: &[&str]) -> Ran {
    let mut command = mortice(&["check"]);
    let output = command.args(arguments).output();
    output.expect("the command can be started").into()
}

fn path(folder: &Folder, name: &str) -> String {
    folder.path(name).to_string_lossy().into_owned()
}

#[test]
fn the_status_says_whether_sources_are_ready() {
    let folder = Folder::new();
    folder.file("ready.c", "#include <Python.h>\nint a;\n");
    folder.file("not.c", NOT_READY);
    let (ready, not) = (path(&folder, "ready.c"), path(&folder, "not.c"));
    assert_eq!(check(&[&ready]).status, Some(0));
    let ran = check(&[&not]);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), ""));
    assert!(
        ran.stdout
            .contains("not.c:2:32: `ob_type` of an object is opaque [object-field]\n")
    );
    assert!(!ran.stdout.contains('\u{1b}'));
    assert_eq!(check(&["--target", "abi3-3.15", &not]).status, Some(0));
    assert_eq!(check(&[&ready, &not]).status, Some(1));
    assert_eq!(check(&[&path(&folder, "")]).status, Some(1));
}

#[test]
fn wrong_use_has_a_status_of_its_own() {
    let folder = Folder::new();
    let missing = path(&folder, "missing.c");
    let ran = check(&[&missing]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
    assert_eq!(ran.stderr.lines().count(), 1);
    assert!(
        ran.stderr
            .starts_with(&format!("mortice: {missing}: cannot be read: "))
    );
    let ran = check(&[&path(&folder, "")]);
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (Some(2), "mortice: no C or C++ source there\n")
    );
    folder.file("a.c", "int a;\n");
    let source = path(&folder, "a.c");
    assert_eq!(check(&[]).status, Some(2));
    let ran = check(&["--target", "abi4", &source]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stderr
            .contains("no target `abi4` (known: abi3-3.12, abi3-3.15, abi3t)"),
        "{}",
        ran.stderr
    );
    assert_eq!(check(&["--format", "xml", &source]).status, Some(2));
}

#[test]
fn each_format_is_what_it_is_called() {
    let folder = Folder::new();
    folder.file("a.c", NOT_READY);
    let source = path(&folder, "a.c");
    let formatted = |format| {
        let ran = check(&["--format", format, &source]);
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), ""), "{format}");
        ran.stdout
    };
    for format in ["json", "sarif"] {
        let value: serde_json::Value = serde_json::from_str(&formatted(format)).unwrap();
        assert!(value.to_string().contains("object-field"));
    }
    let page = formatted("html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    let coloured = check(&["--color", "always", &source]);
    assert!(
        coloured
            .stdout
            .contains("\u{1b}[31m[object-field]\u{1b}[0m")
    );
}
