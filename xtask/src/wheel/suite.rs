//! The package's own tests: pytest over `crates/python/tests`, on every CPython that the wheel is for.
//!
//! The tools come from PyPI into one virtual environment in the target folder, made by the newest CPython that can
//! make one; the others find the tools' modules there by `PYTHONPATH`, behind the staged package.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{pythons, stage};
use crate::conformance::oracle::{Oracle, Series};
use crate::conformance::subject::target_folder;
use crate::conformance::worker::clean_environment;
use crate::problem::Stop;

const TESTS: &str = "crates/python/tests";

/// Runs the tests, under AddressSanitizer if asked to; says in one line why not, where there is no CPython or the tools
/// cannot be had.
///
/// # Errors
///
/// Tests that fail, or a build that does.
pub fn run(root: &Path, arguments: &[String], asan: bool) -> Result<(), Stop> {
    let Some((pythons, tools)) = prepare(root)? else {
        return Ok(());
    };
    let mut failed = Vec::new();
    for oracle in &pythons {
        let mut words = vec![TESTS.to_string()];
        let mut python = tools.python();
        let mut path = Vec::new();
        let mut environment = Vec::new();
        if asan {
            let Some(watching) = super::asan::build(root, oracle)? else {
                continue;
            };
            python = watching.python;
            path.push(watching.package);
            environment = watching.environment;
        } else {
            path.push(stage(root, oracle, false)?);
        }
        let under = if asan { " under AddressSanitizer" } else { "" };
        println!("\ntests of the wheel{under} on CPython {}", oracle.version);
        let is_other = oracle.version.series() != tools.series;
        if is_other && !asan {
            python = oracle.path.clone();
        }
        if is_other || asan {
            path.push(tools.modules.clone());
            words.extend(["-m", "not checkers"].map(str::to_string));
        }
        words.extend_from_slice(arguments);
        match pytest(root, &python, &path, &words, environment) {
            Err(Stop::Failed(why)) => failed.push(format!("on CPython {}: {why}", oracle.version)),
            other => other?,
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Stop::Failed(failed.join("\n")))
    }
}

/// Has pip build the wheel by maturin and install it into a folder of its own, and tests the package there.
///
/// # Errors
///
/// A build that fails, or tests that do.
pub fn install(root: &Path) -> Result<(), Stop> {
    let Some((_, tools)) = prepare(root)? else {
        return Ok(());
    };
    let folder = target_folder(root).join("wheel");
    let installed = folder.join("installed");
    let mut pip = tools.pip();
    // What a user's pip fetches into a folder of its own, maturin, is among the tools.
    pip.current_dir(root)
        .args(["install", "--quiet", "--no-build-isolation", "--no-deps"])
        .args(["--upgrade", "--target"])
        .arg(&installed)
        .arg("./crates/python")
        .env("CARGO_TARGET_DIR", folder.join("pip"));
    crate::tool::run(pip, "pip install ./crates/python")?;
    let words = [format!("{TESTS}/test_package.py")];
    pytest(root, &tools.python(), &[installed], &words, Vec::new())
}

/// What the tests need: each CPython, and the tools. None, and a line that says why, where something is missing.
fn prepare(root: &Path) -> Result<Option<(Vec<Oracle>, Tools)>, Stop> {
    let pythons = pythons(root)?;
    if pythons.is_empty() {
        let wanted = Series::RECORDED.map(|series| series.to_string()).join(", ");
        println!("tests of the wheel: skipped, no CPython found (want one of {wanted})");
        return Ok(None);
    }
    let tools = Tools::find(root, &pythons)?;
    if tools.is_none() {
        println!("tests of the wheel: skipped, {TESTS}/requirements.txt cannot be installed");
    }
    Ok(tools.map(|tools| (pythons, tools)))
}

fn pytest(
    root: &Path,
    python: &Path,
    path: &[PathBuf],
    words: &[String],
    environment: Vec<(&'static str, OsString)>,
) -> Result<(), Stop> {
    let path = std::env::join_paths(path)
        .map_err(|error| Stop::Usage(format!("{}: {error}", root.display())))?;
    let mut pytest = Command::new(python);
    pytest
        .current_dir(root)
        .args(["-s", "-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .args(words);
    clean_environment(&mut pytest);
    let examples = target_folder(root).join("wheel/hypothesis");
    pytest
        .env("PYTHONPATH", path)
        .env("MORTICE_PYTHON", python)
        .env("HYPOTHESIS_STORAGE_DIRECTORY", examples)
        .envs(environment);
    crate::tool::run(pytest, "pytest")
}

/// The virtual environment with the tools. On other versions than its own, their modules serve as far as they are
/// Python.
struct Tools {
    folder: PathBuf,
    /// The version that it was made by.
    series: Series,
    /// Where their modules are.
    modules: PathBuf,
}

impl Tools {
    /// Makes the environment, or finds it as it was made; none where the tools cannot be installed.
    fn find(root: &Path, pythons: &[Oracle]) -> Result<Option<Self>, Stop> {
        let wanted = root.join(TESTS).join("requirements.txt");
        let text = std::fs::read_to_string(&wanted).map_err(|error| Stop::io(&wanted, &error))?;
        let mut tools = Self {
            folder: target_folder(root).join("wheel/venv"),
            series: Series::REFERENCE,
            modules: PathBuf::new(),
        };
        let installed = tools.folder.join("requirements.txt");
        if std::fs::read_to_string(&installed).is_ok_and(|old| old == text) && tools.is_made() {
            return Ok(Some(tools));
        }
        let made = pythons.iter().rev().any(|oracle| {
            let mut venv = Command::new(&oracle.path);
            venv.args(["-s", "-m", "venv", "--clear"])
                .arg(&tools.folder);
            venv.stdout(Stdio::null()).stderr(Stdio::null());
            venv.status().is_ok_and(|status| status.success()) && tools.is_made()
        });
        if !made {
            return Ok(None);
        }
        let mut pip = tools.pip();
        pip.args(["install", "--quiet", "--requirement"])
            .arg(&wanted)
            .stdout(Stdio::null());
        if !pip.status().is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        std::fs::write(&installed, text).map_err(|error| Stop::io(&installed, &error))?;
        Ok(Some(tools))
    }

    fn python(&self) -> PathBuf {
        self.folder.join("bin/python")
    }

    /// Its pip, to which its programs are on PATH.
    fn pip(&self) -> Command {
        let mut pip = Command::new(self.python());
        pip.args(["-m", "pip"]);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.folder.join("bin")).chain(std::env::split_paths(&path));
        if let Ok(path) = std::env::join_paths(folders) {
            pip.env("PATH", path);
        }
        pip
    }

    /// Tells whether its Python runs, and learns its version and where the modules are.
    fn is_made(&mut self) -> bool {
        const ASK: &str = "import sysconfig; print(sysconfig.get_path('purelib'))";
        let python = self.python();
        let (Ok(oracle), Ok(output)) = (
            Oracle::probe(&python),
            Command::new(&python).args(["-c", ASK]).output(),
        ) else {
            return false;
        };
        self.series = oracle.version.series();
        self.modules = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        output.status.success()
    }
}
