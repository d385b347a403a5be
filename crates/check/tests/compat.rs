//! `mortice_compat.h` with each CPython that is installed: it compiles without a warning, for the full API and for the
//! limited one, and its names do what the documentation says.
//!
//! `compat/module.c` puts each name behind a Python function, and `compat/check.py` asks them, by results, exceptions
//! and reference counts. Where the headers of a version have a name, the same questions go to CPython itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The oldest and the newest version that the header is for.
const MINORS: std::ops::RangeInclusive<u8> = 8..=15;

/// An interpreter with its headers.
struct Python {
    minor: u8,
    program: PathBuf,
    include: PathBuf,
}

impl Python {
    /// Finds an interpreter by the tool beside the repository, by name, or in pyenv's folder.
    fn find(minor: u8) -> Option<Self> {
        const ASK: &str = "import sys, sysconfig; \
            print(sys.version_info[1], sysconfig.get_paths()['include'])";
        let mut candidates = Vec::new();
        let tool = here().join("../../../shared/tools/cpython");
        if minor == 15 && tool.exists() {
            let output = Command::new(tool).arg("3.15").output().ok()?;
            candidates.push(PathBuf::from(
                String::from_utf8_lossy(&output.stdout).trim(),
            ));
        }
        candidates.push(PathBuf::from(format!("python3.{minor}")));
        let home = std::env::var_os("HOME")
            .map(PathBuf::from)
            .unwrap_or_default();
        let pyenv = std::env::var_os("PYENV_ROOT").map_or(home.join(".pyenv"), PathBuf::from);
        for entry in std::fs::read_dir(pyenv.join("versions"))
            .into_iter()
            .flatten()
            .flatten()
        {
            if entry
                .file_name()
                .to_string_lossy()
                .starts_with(&format!("3.{minor}."))
            {
                candidates.push(entry.path().join("bin/python"));
            }
        }
        candidates.into_iter().find_map(|program| {
            let output = Command::new(&program)
                .args(["-s", "-c", ASK])
                .output()
                .ok()?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let (found, include) = text.trim().split_once(' ')?;
            let include = PathBuf::from(include);
            let fits = found == minor.to_string() && include.join("Python.h").is_file();
            fits.then_some(Self {
                minor,
                program,
                include,
            })
        })
    }

    /// Runs the compiler, with every warning an error; gives why it fails.
    fn compile(&self, language: &str, mode: &str, arguments: &[&str]) -> Result<(), String> {
        let beside = self.include.parent().unwrap_or(Path::new("/"));
        let mut command = Command::new("gcc");
        command
            .args([
                &format!("-std={language}"),
                "-Wall",
                "-Wextra",
                "-Wconversion",
                "-Werror",
            ])
            .args((mode != "full").then(|| format!("-D{mode}")))
            .arg("-isystem")
            .arg(&self.include)
            .arg("-isystem")
            .arg(beside)
            .arg("-I")
            .arg(here().join("compat"))
            .args(["-x", if language.contains("++") { "c++" } else { "c" }])
            .arg(here().join("tests/compat/module.c"))
            .args(arguments);
        let what = format!("CPython 3.{}, {mode}, {language}", self.minor);
        succeeded(&what, &command.output().map_err(|error| error.to_string())?)
    }

    /// Builds the module for a mode and asks it.
    fn ask(&self, mode: &str, folder: &Path) -> Result<(), String> {
        let name = mode.replace('=', "_");
        let module = folder.join(format!("compat_{}_{name}.so", self.minor));
        let path = module.to_string_lossy();
        self.compile("c99", mode, &["-shared", "-fPIC", "-O1", "-o", &path])?;
        let mut command = Command::new(&self.program);
        command
            .args(["-s", "-B"])
            .arg(here().join("tests/compat/check.py"))
            .arg(&module)
            .arg(if mode == "full" { "full" } else { "limited" });
        let what = format!("CPython 3.{}, {mode}", self.minor);
        succeeded(&what, &command.output().map_err(|error| error.to_string())?)
    }

    /// Everything with this version; gives how many modules were asked.
    fn check(&self, folder: &Path) -> Result<usize, String> {
        let own = format!("Py_LIMITED_API=0x03{:02x}0000", self.minor);
        let mut modes = vec!["full", "Py_LIMITED_API=0x03080000", &own];
        modes.dedup();
        for mode in &modes {
            self.ask(mode, folder)?;
            self.compile("c++11", mode, &["-fsyntax-only"])?;
        }
        self.compile("c11", "full", &["-fsyntax-only"])?;
        self.compile("c++17", &own, &["-fsyntax-only"])?;
        Ok(modes.len())
    }
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn succeeded(what: &str, output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(format!("{what}: {}\n{text}", output.status))
}

#[test]
fn todays_names_do_the_same_on_every_version() {
    if Command::new("gcc").arg("--version").output().is_err() {
        println!("skipped: there is no gcc");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let pythons: Vec<Python> = MINORS.filter_map(Python::find).collect();
    let results: Vec<Result<usize, String>> = std::thread::scope(|scope| {
        let running: Vec<_> = pythons
            .iter()
            .map(|python| scope.spawn(|| python.check(folder.path())))
            .collect();
        running
            .into_iter()
            .map(|each| each.join().unwrap())
            .collect()
    });
    let failed: Vec<&String> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    assert!(
        failed.is_empty(),
        "{}",
        failed.iter().map(|each| each.as_str()).collect::<String>()
    );
    let asked: usize = results.iter().flatten().sum();
    let found: Vec<String> = pythons
        .iter()
        .map(|python| format!("3.{}", python.minor))
        .collect();
    let missing: Vec<String> = MINORS
        .map(|minor| format!("3.{minor}"))
        .filter(|version| !found.contains(version))
        .collect();
    println!(
        "{asked} modules with CPython {}; not installed: {}",
        found.join(" "),
        missing.join(" ")
    );
}

/// With opaque objects the header still compiles, and `Py_SET_TYPE` is not there.
#[test]
fn the_header_compiles_where_objects_are_opaque() {
    let Some(python) = Python::find(15) else {
        println!("skipped: CPython 3.15 is not installed");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("opaque.c");
    let compile = |body: &str| {
        let text = format!("#include <Python.h>\n#include \"mortice_compat.h\"\n{body}\n");
        std::fs::write(&source, text).unwrap();
        let beside = python.include.parent().unwrap_or(Path::new("/"));
        let mut command = Command::new("gcc");
        command
            .args([
                "-std=c11",
                "-Wall",
                "-Wextra",
                "-Wconversion",
                "-Werror",
                "-fsyntax-only",
            ])
            .arg("-DPy_TARGET_ABI3T=0x030f0000")
            .arg("-isystem")
            .arg(&python.include)
            .arg("-isystem")
            .arg(beside)
            .arg("-I")
            .arg(here().join("compat"))
            .arg(&source);
        succeeded("opaque", &command.output().unwrap())
    };
    compile("int f(PyObject *d, PyObject *k) { Py_SETREF(d, Py_NewRef(k)); return PyDict_Pop(d, k, NULL); }").unwrap();
    let error = compile("void f(PyObject *o, PyTypeObject *t) { Py_SET_TYPE(o, t); }").unwrap_err();
    assert!(error.contains("Py_SET_TYPE"), "{error}");
}
