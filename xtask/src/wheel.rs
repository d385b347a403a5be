//! `cargo xtask wheel`: builds the package `mortice` for a CPython and lays it out as one that can be imported.
//!
//! `pip install ./crates/python` does the same through maturin. Here cargo builds the native half in a target
//! folder of its own for each version, and the package is *staged*: its Python files and the shared library
//! under the name that CPython looks for, in a folder that `PYTHONPATH` can lead to. Nothing is installed.

mod asan;
pub mod suite;

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::conformance::oracle::{Oracle, Search, Series};
use crate::conformance::subject::target_folder;
use crate::conformance::worker::clean_environment;
use crate::paths::shown;
use crate::problem::Stop;

/// The crate's manifest, from the repository's root.
pub const MANIFEST: &str = "crates/python/Cargo.toml";

/// Arguments of `cargo xtask wheel`.
#[derive(Args, Debug, Default)]
pub struct WheelArgs {
    /// The CPython to build for, 3.12 or newer [default: each of 3.12, 3.13 and 3.15 that is found]
    #[arg(long, value_name = "PATH")]
    python: Vec<PathBuf>,
    /// Build with optimizations
    #[arg(long)]
    release: bool,
    /// Have pip build and install it into the target folder instead, and test what was installed
    #[arg(long, conflicts_with_all = ["python", "release"])]
    pip: bool,
}

/// Runs the command: one line for each CPython, with the folder for its `PYTHONPATH`.
///
/// # Errors
///
/// A CPython that cannot serve, none at all, or a build that fails.
pub fn main(args: &WheelArgs) -> Result<(), Stop> {
    let root = crate::paths::root();
    if args.pip {
        return suite::install(&root);
    }
    for oracle in wanted(&root, &args.python)? {
        let package = stage(&root, &oracle, args.release)?;
        let (version, python) = (&oracle.version, oracle.path.display());
        println!(
            "CPython {version}: PYTHONPATH={} {python}",
            package.display()
        );
    }
    Ok(())
}

/// The CPythons that are given; else each version that is found of those that the wheel is for.
fn wanted(root: &Path, given: &[PathBuf]) -> Result<Vec<Oracle>, Stop> {
    if given.is_empty() {
        let found = pythons(root)?;
        if found.is_empty() {
            let wanted = Series::RECORDED.map(|series| series.to_string()).join(", ");
            let message = format!("no CPython found (want one of {wanted}, or --python PATH)");
            return Err(Stop::Usage(message));
        }
        return Ok(found);
    }
    let each = given
        .iter()
        .map(|path| search(root, vec![path.clone()]).any());
    let found: Result<Vec<Option<Oracle>>, Stop> = each.collect();
    Ok(found?.into_iter().flatten().collect())
}

/// Each CPython that is found of the versions that the wheel is for.
///
/// # Errors
///
/// A tool that cannot be asked.
pub fn pythons(root: &Path) -> Result<Vec<Oracle>, Stop> {
    search(root, Vec::new()).recorded()
}

fn search(root: &Path, given: Vec<PathBuf>) -> Search {
    Search {
        given,
        root: root.to_path_buf(),
    }
}

/// The cargo command `verb` for the crate, with that CPython and in its own target folder.
fn cargo(root: &Path, oracle: &Oracle, verb: &str) -> Command {
    let mut cargo = crate::tool::cargo(root);
    cargo
        .args([verb, "--quiet", "--manifest-path", MANIFEST])
        .arg("--target-dir")
        .arg(folder(root, oracle))
        .env("PYO3_PYTHON", program(&oracle.path))
        .env("PYO3_BUILD_EXTENSION_MODULE", "1");
    cargo
}

/// Runs clippy over the crate for that CPython.
///
/// # Errors
///
/// What it finds.
pub fn clippy(root: &Path, oracle: &Oracle) -> Result<(), Stop> {
    let mut clippy = cargo(root, oracle, "clippy");
    clippy.args(["--all-targets", "--", "-D", "warnings"]);
    crate::tool::run(clippy, &format!("cargo clippy of {MANIFEST}"))
}

/// Builds the native half and lays out the package; returns the folder that holds `mortice`.
///
/// # Errors
///
/// A build that fails, or files that cannot be written.
pub fn stage(root: &Path, oracle: &Oracle, release: bool) -> Result<PathBuf, Stop> {
    let mut build = cargo(root, oracle, "build");
    if release {
        build.arg("--release");
    }
    let what = format!("cargo build of {MANIFEST} for CPython {}", oracle.version);
    crate::tool::run(build, &what)?;
    let folder = folder(root, oracle);
    let library = folder
        .join(if release { "release" } else { "debug" })
        .join("lib_mortice.so");
    let package = folder.join("package");
    lay_out(root, oracle, &library, &package)?;
    Ok(package)
}

/// Lays out the package with a native half that is built.
fn lay_out(root: &Path, oracle: &Oracle, library: &Path, package: &Path) -> Result<(), Stop> {
    let modules = package.join("mortice");
    match std::fs::remove_dir_all(&modules) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Stop::io(&modules, &error));
        }
        _ => copy(&root.join("crates/python/python/mortice"), &modules)?,
    }
    let name = format!("_mortice{}", suffix(oracle)?);
    let to = modules.join(name);
    std::fs::copy(library, &to).map_err(|error| Stop::io(library, &error))?;
    Ok(())
}

/// Where everything that is built for that CPython lies.
fn folder(root: &Path, oracle: &Oracle) -> PathBuf {
    let series = oracle.version.series().to_string();
    target_folder(root).join("wheel").join(series)
}

/// The program as a build script in another folder finds it: a name on PATH, or a whole path.
fn program(path: &Path) -> PathBuf {
    match path.components().count() {
        1 => path.to_path_buf(),
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()),
    }
}

/// What a program prints on that CPython, without its `site`; nothing where it fails.
fn ask(oracle: &Oracle, program: &str) -> Result<Option<String>, Stop> {
    let mut command = Command::new(&oracle.path);
    command.args(["-S", "-s", "-c", program]);
    clean_environment(&mut command);
    let output = command
        .output()
        .map_err(|error| Stop::io(&oracle.path, &error))?;
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(output.status.success().then_some(answer))
}

/// How the name of an extension module ends for that CPython.
fn suffix(oracle: &Oracle) -> Result<String, Stop> {
    const ASK: &str = "import sysconfig; print(sysconfig.get_config_var('EXT_SUFFIX'))";
    let answer = ask(oracle, ASK)?;
    let suffix = answer.as_deref().map_or("", str::trim);
    if suffix.ends_with(".so") {
        Ok(suffix.to_string())
    } else {
        let python = oracle.path.display();
        Err(Stop::Usage(format!(
            "{python} does not say how an extension module is called"
        )))
    }
}

/// Copies the files below a folder, without what Python compiled.
fn copy(from: &Path, to: &Path) -> Result<(), Stop> {
    std::fs::create_dir_all(to).map_err(|error| Stop::io(to, &error))?;
    let listing = std::fs::read_dir(from).map_err(|error| Stop::io(from, &error))?;
    for entry in listing {
        let entry = entry.map_err(|error| Stop::io(from, &error))?;
        let path = entry.path();
        let name = shown(from, &path);
        if path.is_dir() {
            if name != Path::new("__pycache__") {
                copy(&path, &to.join(name))?;
            }
        } else {
            std::fs::copy(&path, to.join(name)).map_err(|error| Stop::io(&path, &error))?;
        }
    }
    Ok(())
}
