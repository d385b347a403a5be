//! `mortice upgrade` on small sources: what it shows, what it writes, its exit status, and what it refuses.

use crate::support::{Folder, Ran, mortice};

const OLD: &str = "#define PY_SSIZE_T_CLEAN\n#include <Python.h>\n/* ob_type */\n\
                   void f(PyObject *o, PyTypeObject *t) { Py_TYPE(o) = t; }\n";
const NEW: &str = "#define PY_SSIZE_T_CLEAN\n#include <Python.h>\n#include \"mortice_compat.h\"\n/* ob_type */\n\
                   void f(PyObject *o, PyTypeObject *t) { Py_SET_TYPE(o, t); }\n";

fn upgrade(arguments: &[&str]) -> Ran {
    let mut command = mortice(&["upgrade", "--to", "3.12"]);
    let output = command.args(arguments).output();
    output.expect("the command can be started").into()
}

fn path(folder: &Folder, name: &str) -> String {
    folder.path(name).to_string_lossy().into_owned()
}

fn text(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path(name)).expect("the file is there")
}

#[test]
fn a_difference_is_shown_and_nothing_is_written() {
    let folder = Folder::new();
    folder.file("old.c", OLD);
    let ran = upgrade(&[&path(&folder, "old.c")]);
    assert_eq!(ran.status, Some(0));
    let expected = "@@ -1,4 +1,5 @@\n #define PY_SSIZE_T_CLEAN\n #include <Python.h>\n\
                    +#include \"mortice_compat.h\"\n /* ob_type */\n\
                    -void f(PyObject *o, PyTypeObject *t) { Py_TYPE(o) = t; }\n\
                    +void f(PyObject *o, PyTypeObject *t) { Py_SET_TYPE(o, t); }\n";
    assert!(ran.stdout.ends_with(expected), "{}", ran.stdout);
    assert_eq!(
        ran.stderr,
        "2 changes to be made in 1 file (1 include, 1 setter), 0 places left\n"
    );
    assert_eq!(text(&folder, "old.c"), OLD);
    assert!(!folder.path("mortice_compat.h").exists());
    let ran = upgrade(&["--color", "always", &path(&folder, "old.c")]);
    assert!(ran.stdout.contains("\u{1b}[32m+#include"), "{}", ran.stdout);
}

#[test]
fn files_are_rewritten_with_their_header_once() {
    let folder = Folder::new();
    folder.file("old.c", OLD);
    let all = path(&folder, "");
    let ran = upgrade(&["--write", &all]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), ""));
    assert_eq!(text(&folder, "old.c"), NEW);
    let header = text(&folder, "mortice_compat.h");
    assert!(header.contains("Py_SET_TYPE"));
    let ran = upgrade(&["--write", &all]);
    assert_eq!(ran.status, Some(0));
    assert_eq!(ran.stderr, "0 changes made in 0 files, 0 places left\n");
    assert_eq!(text(&folder, "old.c"), NEW);
    assert_eq!(text(&folder, "mortice_compat.h"), header);
    let listed = std::fs::read_dir(folder.path("")).expect("the folder is there");
    assert_eq!(listed.count(), 2, "nothing is left beside them");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    folder.file("old.c", OLD);
    let real = folder.path("old.c");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o750)).unwrap();
    symlink(&real, folder.path("link.c")).unwrap();
    assert_eq!(
        upgrade(&["--write", &path(&folder, "link.c")]).status,
        Some(0)
    );
    assert!(folder.path("link.c").is_symlink());
    assert_eq!(text(&folder, "old.c"), NEW);
    let mode = std::fs::metadata(&real).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o750);
}

#[test]
fn what_is_left_is_told_with_its_place() {
    let folder = Folder::new();
    let left = "#include <Python.h>\nvoid f(PyObject *o) { g(&o->ob_refcnt); }\n";
    folder.file("left.c", left);
    let ran = upgrade(&["--write", &path(&folder, "left.c")]);
    assert_eq!(ran.status, Some(1));
    let expected = "left.c:2:26: the address of an object's field is taken [accessor]\n\
                    0 changes made in 0 files, 1 place left\n";
    assert!(ran.stderr.ends_with(expected), "{}", ran.stderr);
    assert_eq!(text(&folder, "left.c"), left);
}

#[test]
fn wrong_use_has_a_status_of_its_own() {
    let folder = Folder::new();
    folder.file("old.c", OLD);
    let old = path(&folder, "old.c");
    assert_eq!(upgrade(&[&path(&folder, "missing.c")]).status, Some(2));
    assert_eq!(upgrade(&["--to", "2.7", &old]).status, Some(2));
    assert_eq!(upgrade(&[]).status, Some(2));
    let ran = upgrade(&["--write", &old, &path(&folder, "missing.c")]);
    assert_eq!(ran.status, Some(2));
    assert_eq!(text(&folder, "old.c"), OLD, "nothing is written then");
}

#[test]
fn what_is_no_source_is_told_and_the_rest_goes_on() {
    let folder = Folder::new();
    folder.file("old.c", OLD);
    folder.file("nul.c", "int a;\n\0");
    let ran = upgrade(&["--write", &path(&folder, "")]);
    assert_eq!(ran.status, Some(1));
    assert!(
        ran.stderr
            .contains("nul.c: line 2: a NUL byte, so it is no source\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(text(&folder, "old.c"), NEW);
}
