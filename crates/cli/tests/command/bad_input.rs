//! Programs that cannot be read or do not compile: one clear line with file and place, and the
//! right exit status.

use crate::support::{Folder, Ran, mortice, run};

const COMMANDS: [&str; 2] = ["run", "layout"];

/// The one line that both commands end with, the folder's path taken out.
fn refused(folder: &Folder, name: &str) -> String {
    let [one, other] = COMMANDS.map(|command| {
        let ran = run(&[command], &folder.path(name));
        assert_eq!(
            (ran.status, ran.stdout.as_str()),
            (Some(2), ""),
            "{command}"
        );
        let path = folder.path("").to_string_lossy().into_owned();
        ran.stderr.replace(&path, "")
    });
    assert_eq!(one, other);
    assert_eq!(one.lines().count(), 1, "{one}");
    one
}

#[test]
fn a_missing_file() {
    let said = refused(&Folder::new(), "missing.py");
    assert_eq!(
        said,
        "mortice: can't open file 'missing.py': [Errno 2] No such file or directory\n"
    );
}

#[test]
fn a_directory() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("folder.py")).unwrap();
    let said = refused(&folder, "folder.py");
    assert_eq!(
        said,
        "mortice: can't open file 'folder.py': [Errno 21] Is a directory\n"
    );
}

#[test]
fn bytes_that_are_not_utf_8() {
    let folder = Folder::new();
    folder.file("latin.py", b"x = 1\ny = '\xe9'\n");
    let said = refused(&folder, "latin.py");
    assert_eq!(
        said,
        "mortice: Non-UTF-8 code starting with '\\xe9' on line 2, column 6 (byte 11) of 'latin.py', \
         but no encoding declared; see https://peps.python.org/pep-0263/ for details\n"
    );
}

#[test]
fn a_syntax_error_names_file_line_and_place() {
    let folder = Folder::new();
    folder.file("wrong.py", "x = 1\nif x\n    pass\n");
    for command in COMMANDS {
        let ran = run(&[command], &folder.path("wrong.py"));
        assert_eq!(
            (ran.status, ran.stdout.as_str()),
            (Some(1), ""),
            "{command}"
        );
        let lines: Vec<&str> = ran.stderr.lines().collect();
        let [place, text, caret, message] = lines[..] else {
            panic!("four lines: {}", ran.stderr);
        };
        assert!(place.ends_with("wrong.py\", line 2"), "{place}");
        assert_eq!((text.trim(), caret.trim()), ("if x", "^"));
        assert_eq!(message, "SyntaxError: expected ':'");
    }
}

#[test]
fn a_null_byte() {
    let folder = Folder::new();
    folder.file("null.py", "x = 1\0\n");
    assert_eq!(
        refused(&folder, "null.py"),
        "mortice: source code cannot contain null bytes (null.py, line 1, column 6)\n"
    );
}

#[test]
fn what_is_not_supported_is_refused_before_anything_runs() {
    let folder = Folder::new();
    let path = folder.file("match.py", "print('ran')\nmatch 1:\n    case 1: pass\n");
    let ran = run(&["run"], &path);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("match.py\", line 2"), "{}", ran.stderr);
    assert!(
        ran.last_line()
            .ends_with("match statement is not supported")
    );
}

#[test]
fn wrong_arguments() {
    for arguments in [
        &["run"][..],
        &["fly"][..],
        &["run", "--stack-kib", "0", "x.py"][..],
        &["run", "--stack-kib", "many", "x.py"][..],
        &["layout", "--width"][..],
        &[][..],
    ] {
        let output = mortice(arguments).output();
        let ran: Ran = output.expect("the command can be started").into();
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
        assert!(!ran.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_closed_pipe_is_no_crash() {
    let folder = Folder::new();
    let path = folder.file("long.py", "for i in range(100000): print(i)\n");
    let mut child = mortice(&["run"])
        .arg(path)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the command can be started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    let ran: Ran = output.into();
    assert!(ran.status.is_some(), "ended by a signal");
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
}
