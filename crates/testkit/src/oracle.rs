//! Finds the reference CPython for tests that compare with it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The version that layouts and messages follow.
pub const VERSION: &str = "3.15";

/// Returns a CPython of [`VERSION`]: the one that `MORTICE_ORACLE` names, else `python3.15` on the
/// path, else what the tool `shared/tools/cpython` beside the workspace unpacks.
///
/// Where there is none, it prints one line and returns nothing; the test that asked goes on without.
pub fn python() -> Option<PathBuf> {
    let named = std::env::var_os("MORTICE_ORACLE").map(PathBuf::from);
    let on_path = Some(PathBuf::from(format!("python{VERSION}")));
    let found = [named, on_path]
        .into_iter()
        .flatten()
        .find(|path| is_reference(path))
        .or_else(|| unpacked().filter(|path| is_reference(path)));
    if found.is_none() {
        println!("no CPython {VERSION}: comparison skipped (set MORTICE_ORACLE)");
    }
    found
}

fn is_reference(python: &Path) -> bool {
    let program = "import sys; print('%d.%d' % sys.version_info[:2])";
    run(Command::new(python).args(["-c", program])).is_some_and(|version| version == VERSION)
}

fn unpacked() -> Option<PathBuf> {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/tools/cpython");
    run(Command::new(tool).arg(VERSION)).map(PathBuf::from)
}

/// Returns the one line that a command prints, or nothing where it fails.
fn run(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
