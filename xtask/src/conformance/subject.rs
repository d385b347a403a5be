//! The command lines of the hosts: what is built, and what is found.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::oracle::Oracle;
use super::worker::Subject;
use crate::problem::Stop;

/// A checker that the runtime can run under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Checker {
    /// AddressSanitizer: a nightly build with a target folder of its own
    Asan,
    /// Valgrind's memcheck
    Valgrind,
}

/// How the runtime is built.
#[derive(Clone, Copy, Debug, Default)]
pub struct Build {
    /// With optimizations.
    pub release: bool,
    /// For a checker, and run under it.
    pub under: Option<Checker>,
    /// With zeal.
    pub zeal: bool,
    /// With planted faults.
    pub canary: bool,
}

/// The target that sanitized builds name, so that build scripts and macros stay without the sanitizer.
pub const SANITIZED_TARGET: &str = "x86_64-unknown-linux-gnu";

/// Builds the runtime's worker.
///
/// # Errors
///
/// A build that fails.
pub fn runtime(root: &Path, build: &Build) -> Result<Subject, Stop> {
    let mut folder = target_folder(root);
    // Under valgrind, what is not optimized takes minutes for a case.
    let release = build.release || build.under == Some(Checker::Valgrind);
    let profile = if release { "release" } else { "debug" };
    let mut cargo = match build.under {
        None | Some(Checker::Valgrind) => crate::tool::cargo(root),
        Some(Checker::Asan) => crate::tool::nightly_cargo(root),
    };
    cargo.args(["build", "--quiet", "--package", "mortice-cli"]);
    if release {
        cargo.arg("--release");
    }
    let mut environment = Vec::new();
    if build.zeal {
        // A folder of its own: another set of features would have everything built anew each time.
        folder = folder.join("zeal");
        cargo.args(["--features", "mortice-cli/zeal"]);
    }
    if build.canary {
        folder = folder.join("canary");
        cargo.args(["--features", "mortice-cli/canary"]);
    }
    if let Some(Checker::Asan) = build.under {
        folder = folder.join("asan");
        cargo
            .args(["--package", "mortice-mem", "--features", "mortice-mem/asan"])
            .args(["--target", SANITIZED_TARGET])
            .env("RUSTFLAGS", "-Zsanitizer=address");
        // Leaks are not asked for: the detector does not look into the heap's own reserved range, so it
        // takes what is reachable from there only for lost.
        let options = ("ASAN_OPTIONS", "detect_leaks=0:allocator_may_return_null=1");
        environment.push((options.0.to_string(), options.1.to_string()));
    }
    cargo.arg("--target-dir").arg(&folder);
    crate::tool::run(cargo, "cargo build -p mortice-cli")?;
    if build.under == Some(Checker::Asan) {
        folder = folder.join(SANITIZED_TARGET);
    }
    let binary = folder.join(profile).join("mortice");
    let mut command = Vec::new();
    if build.under == Some(Checker::Valgrind) {
        // The first error ends the worker, which fails the case that was running; a leak fails the worker's end.
        let options = [
            "--quiet",
            "--leak-check=full",
            "--errors-for-leak-kinds=definite",
            "--error-exitcode=99",
            "--exit-on-first-error=yes",
        ];
        command.push("valgrind".to_string());
        command.extend(options.map(str::to_string));
    }
    command.extend([binary.to_string_lossy().into_owned(), "worker".to_string()]);
    Ok(Subject {
        command,
        direct: None,
        environment,
    })
}

/// The worker that forks on a CPython, where `import mortice` finds the model of the observable slots.
pub fn cpython(root: &Path, oracle: &Oracle) -> Subject {
    forking(root, oracle, &root.join("conformance/model"))
}

/// The worker that forks on a CPython, where `import mortice` finds the wheel, which is built first.
///
/// # Errors
///
/// A build that fails.
pub fn wheel(root: &Path, oracle: &Oracle, release: bool) -> Result<Subject, Stop> {
    let package = crate::wheel::stage(root, oracle, release)?;
    Ok(forking(root, oracle, &package))
}

/// The worker that forks on a CPython, with the modules of that folder.
fn forking(root: &Path, oracle: &Oracle, modules: &Path) -> Subject {
    let python = oracle.path.to_string_lossy().into_owned();
    let script = root.join("conformance/worker.py");
    let direct = [python, "-s".to_string(), "-S".to_string()];
    let mut command = direct.to_vec();
    command.push(script.to_string_lossy().into_owned());
    Subject {
        command,
        direct: Some(direct.to_vec()),
        environment: vec![(
            "PYTHONPATH".to_string(),
            modules.to_string_lossy().into_owned(),
        )],
    }
}

/// A command line that was given.
pub fn given(command: Vec<String>) -> Subject {
    Subject {
        command,
        direct: None,
        environment: Vec::new(),
    }
}

/// Cargo's target folder.
pub fn target_folder(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    }
}
