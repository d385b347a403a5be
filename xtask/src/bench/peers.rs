//! Comparisons with other programs, in packages of their own: `crates/*/peers`.
//!
//! Such a package builds its peers from source and is given what else it needs: the shared libraries of the CPythons
//! that the machine has, the recorded trace beside the repository, and one that is recorded on the spot. Each library is loaded by a process of its own,
//! since two interpreters do not share one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::conformance::oracle::{Search, Series};
use crate::problem::Stop;

/// Where a shared library of CPython is, and how a program that loads it is started.
struct Python {
    library: PathBuf,
    /// A command in front of the program, for a library that needs another C library than this machine's.
    launcher: Vec<PathBuf>,
}

/// Runs a package of peers and returns the rows that it prints.
///
/// # Errors
///
/// It cannot be built, or fails.
pub fn run(root: &Path, folder: &str) -> Result<String, Stop> {
    let manifest = format!("crates/{folder}/peers/Cargo.toml");
    let mut build = crate::tool::cargo(root);
    build.args([
        "build",
        "--quiet",
        "--release",
        "--manifest-path",
        &manifest,
    ]);
    crate::tool::run(build, &format!("building {manifest}"))?;
    let program = root.join(format!(
        "crates/{folder}/peers/target/release/mortice-{folder}-peers"
    ));
    let traces = traces(root)?;
    let mut rows = String::new();
    let pythons = pythons(root);
    if pythons.is_empty() {
        eprintln!(
            "bench: no shared library of CPython is found, so that the row of pymalloc is missing"
        );
        rows.push_str(&measure(&program, None, &traces)?);
    }
    for python in &pythons {
        rows.push_str(&measure(&program, Some(python), &traces)?);
    }
    Ok(rows)
}

fn measure(program: &Path, python: Option<&Python>, traces: &[PathBuf]) -> Result<String, Stop> {
    let mut rows = String::new();
    for what in ["times", "resident", "instructions"] {
        let launcher = python.map_or(&[][..], |python| &python.launcher);
        // A launched program cannot start itself again under valgrind or in a new process.
        if !launcher.is_empty() && what != "times" {
            continue;
        }
        let mut command = match launcher {
            [tool, arguments @ ..] => {
                let mut command = Command::new(tool);
                command.args(arguments).arg(program);
                command
            }
            [] => Command::new(program),
        };
        if let Some(python) = python {
            eprintln!("bench: {what}, with {}", python.library.display());
            command.arg("--libpython").arg(&python.library);
        }
        command.arg(what).stderr(Stdio::inherit());
        if what == "times" {
            command.args(traces);
        }
        let output = command.output().map_err(|error| {
            Stop::Usage(format!("{}: cannot be run: {error}", program.display()))
        })?;
        if !output.status.success() {
            return Err(Stop::Failed(format!(
                "bench of peers, {what}: {}",
                output.status
            )));
        }
        rows.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    Ok(rows)
}

/// The trace beside the repository, if it is there, and one of a program that is recorded now: the orders of
/// `examples/market.py`. It is too large to be kept, and every recording of a program is the same.
fn traces(root: &Path) -> Result<Vec<PathBuf>, Stop> {
    let mut build = crate::tool::cargo(root);
    build.args(["build", "--quiet", "--release", "--package", "mortice-cli"]);
    crate::tool::run(build, "building the mortice command")?;
    let market = root.join("target/market.trace");
    let mut record = Command::new(root.join("target/release/mortice"));
    record.args(["run", "--record-allocations"]).arg(&market);
    record.args(["examples/market.py", "20000"]);
    record.current_dir(root).stdout(Stdio::null());
    crate::tool::run(record, "recording examples/market.py")?;
    let compiler = root.join("../shared/data/compiler.trace.xz");
    let traces = [compiler, market].into_iter();
    Ok(traces.filter(|path| path.is_file()).collect())
}

/// The shared libraries of CPython 3.13 and 3.15, as far as they are found.
fn pythons(root: &Path) -> Vec<Python> {
    let mut pythons = Vec::new();
    let search = Search {
        root: root.to_path_buf(),
        given: Vec::new(),
    };
    for series in ["3.13"]
        .into_iter()
        .filter_map(|name| name.parse::<Series>().ok())
    {
        let Ok(Some(oracle)) = search.version(series) else {
            continue;
        };
        let code = "import os, sysconfig as c; \
                    print(os.path.join(c.get_config_var('LIBDIR'), c.get_config_var('LDLIBRARY')))";
        let Ok(output) = Command::new(&oracle.path).args(["-c", code]).output() else {
            continue;
        };
        let library = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        if library.is_file() && library.extension().is_some_and(|ending| ending != "a") {
            pythons.push(Python {
                library,
                launcher: Vec::new(),
            });
        }
    }
    let tool = root.join("../shared/tools/cpython");
    if tool.is_file()
        && let Ok(output) = Command::new(&tool).args(["3.15", "--libpython"]).output()
        && output.status.success()
    {
        pythons.push(Python {
            library: PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()),
            launcher: vec![tool, "3.15".into(), "--exec".into()],
        });
    }
    pythons
}
