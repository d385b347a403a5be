//! Comparisons with other programs, in packages of their own: `crates/*/peers`.
//!
//! Such a package builds its peers from source and is given what else it needs: the shared libraries of the CPythons
//! that the machine has, a C file of its own compiled against the headers of each, the recorded trace beside the
//! repository, and one that is recorded on the spot. Each library is loaded by a process of its own, since two
//! interpreters do not share one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::conformance::oracle::{Search, Series};
use crate::problem::Stop;

/// Where a shared library of CPython is, and how a program that loads it is started.
struct Python {
    series: &'static str,
    library: PathBuf,
    /// Flags of a C compiler that find the headers.
    headers: Vec<String>,
    /// A command in front of the program, for a library that needs another C library than this machine's.
    launcher: Vec<PathBuf>,
}

/// What a package of peers measures, and with what.
struct Plan {
    /// Its subcommands, with whether each also runs in a launched program: that one cannot start itself again, under
    /// valgrind or in a new process.
    parts: &'static [(&'static str, bool)],
    /// The subcommand that is given the traces.
    traced: Option<&'static str>,
    /// A C file that is compiled for each CPython, and the option that its library is passed with.
    extension: Option<(&'static str, &'static str)>,
    /// Passed in runs after the first one: peers that are no CPython were measured there.
    again: &'static [&'static str],
}

const MEM: Plan = Plan {
    parts: &[
        ("times", true),
        ("threads", false),
        ("resident", false),
        ("instructions", false),
    ],
    traced: Some("times"),
    extension: None,
    again: &[],
};

const GC: Plan = Plan {
    parts: &[
        ("tree", true),
        ("leaves", true),
        ("ring", true),
        ("random", true),
        ("chain", true),
        ("young", true),
        ("memory", true),
        ("growth", true),
    ],
    traced: None,
    extension: Some(("node", "--node")),
    again: &["--no-crates"],
};

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
    let plan = if folder == "gc" { GC } else { MEM };
    let traces = match plan.traced {
        Some(_) => traces(root)?,
        None => Vec::new(),
    };
    let mut rows = String::new();
    let pythons = pythons(root);
    if pythons.is_empty() {
        eprintln!(
            "bench: no shared library of CPython is found, so that its rows and the ratios are missing"
        );
        rows.push_str(&measure(&program, &plan, None, &[], &traces)?);
    }
    for (index, python) in pythons.iter().enumerate() {
        let mut options = Vec::new();
        if let Some((name, option)) = plan.extension {
            let library = compile(root, folder, name, python)?;
            options.extend([option.into(), library.display().to_string()]);
        }
        if index > 0 {
            options.extend(plan.again.iter().map(|option| String::from(*option)));
        }
        rows.push_str(&measure(&program, &plan, Some(python), &options, &traces)?);
    }
    Ok(rows)
}

/// Compiles a C file of the package against a CPython's headers, for a program that loads both.
fn compile(root: &Path, folder: &str, name: &str, python: &Python) -> Result<PathBuf, Stop> {
    let peers = root.join(format!("crates/{folder}/peers"));
    let library = peers.join(format!("target/{name}-{}.so", python.series));
    let mut compiler = Command::new("cc");
    compiler
        .args(["-O3", "-fPIC", "-shared", "-Wall", "-Wextra", "-o"])
        .arg(&library)
        .arg(peers.join(format!("{name}.c")))
        .args(&python.headers);
    crate::tool::run(
        compiler,
        &format!("compiling crates/{folder}/peers/{name}.c"),
    )?;
    Ok(library)
}

fn measure(
    program: &Path,
    plan: &Plan,
    python: Option<&Python>,
    options: &[String],
    traces: &[PathBuf],
) -> Result<String, Stop> {
    let mut rows = String::new();
    for &(what, is_launched) in plan.parts {
        let launcher = python.map_or(&[][..], |python| &python.launcher);
        if !launcher.is_empty() && !is_launched {
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
        command.args(options).arg(what).stderr(Stdio::inherit());
        if plan.traced == Some(what) {
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
    installed(root, "3.13")
        .into_iter()
        .chain(unpacked(root, "3.15"))
        .collect()
}

/// One that is installed on the machine.
fn installed(root: &Path, series: &'static str) -> Option<Python> {
    let search = Search {
        root: root.to_path_buf(),
        given: Vec::new(),
    };
    let oracle = search.version(series.parse::<Series>().ok()?).ok()??;
    let code = "import os, sysconfig as c; \
                print(os.path.join(c.get_config_var('LIBDIR'), c.get_config_var('LDLIBRARY'))); \
                print('-I' + c.get_path('include'))";
    let output = (Command::new(&oracle.path).args(["-c", code]).output()).ok()?;
    let output = String::from_utf8_lossy(&output.stdout);
    let (library, headers) = output.trim().split_once('\n')?;
    let library = PathBuf::from(library);
    let is_shared = library.is_file() && library.extension().is_some_and(|ending| ending != "a");
    is_shared.then(|| Python {
        series,
        library,
        headers: vec![headers.into()],
        launcher: Vec::new(),
    })
}

/// One that the tool beside the repository unpacks, which brings a C library of its own.
fn unpacked(root: &Path, series: &'static str) -> Option<Python> {
    let tool = root.join("../shared/tools/cpython");
    let ask = |what: &str| {
        let output = Command::new(&tool).args([series, what]).output().ok()?;
        let answer = String::from_utf8_lossy(&output.stdout).trim().to_string();
        output.status.success().then_some(answer)
    };
    let library = PathBuf::from(ask("--libpython")?);
    let headers = ask("--cflags")?;
    Some(Python {
        series,
        library,
        headers: headers.split_whitespace().map(String::from).collect(),
        launcher: vec![tool.clone(), series.into(), "--exec".into()],
    })
}
