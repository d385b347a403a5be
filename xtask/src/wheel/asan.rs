//! The wheel under AddressSanitizer, on a CPython that comes as a library.
//!
//! The wheel is built with the sanitizer, and so is a small program that has the sanitizer's runtime and runs the
//! interpreter's library (`crates/python/src/raw/host.rs`). The interpreter takes its blocks from the C library, which is
//! the sanitizer's there, so that what the wheel reads and writes of Python's objects is watched as well.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{MANIFEST, folder, lay_out, program};
use crate::conformance::oracle::Oracle;
use crate::conformance::subject::SANITIZED_TARGET;
use crate::problem::Stop;

/// A Python that watches the wheel.
pub struct Watching {
    /// The program.
    pub python: PathBuf,
    /// The folder that holds `mortice`.
    pub package: PathBuf,
    /// What it needs to start.
    pub environment: Vec<(&'static str, OsString)>,
}

/// Builds it for a CPython; nothing, and a line that says why, where that is no library.
///
/// # Errors
///
/// A build that fails, or files that cannot be written.
pub fn build(root: &Path, oracle: &Oracle) -> Result<Option<Watching>, Stop> {
    let Some((library, home)) = library(oracle)? else {
        let version = &oracle.version;
        println!(
            "\ntests of the wheel under AddressSanitizer on CPython {version}: skipped, it has no shared library"
        );
        return Ok(None);
    };
    let folder = folder(root, oracle).join("asan");
    let mut cargo = crate::tool::nightly_cargo(root);
    cargo
        .args(["build", "--quiet", "--manifest-path", MANIFEST])
        .args(["--lib", "--example", "host", "--target", SANITIZED_TARGET])
        .arg("--target-dir")
        .arg(&folder)
        .env("RUSTFLAGS", "-Zsanitizer=address")
        .env("PYO3_PYTHON", program(&oracle.path))
        .env("PYO3_BUILD_EXTENSION_MODULE", "1");
    let what = format!("cargo build of {MANIFEST} with AddressSanitizer");
    crate::tool::run(cargo, &what)?;
    let built = folder.join(SANITIZED_TARGET).join("debug");
    let package = folder.join("package");
    lay_out(root, oracle, &built.join("lib_mortice.so"), &package)?;
    // What an interpreter does not free at its end is no leak of the wheel's.
    let options = "detect_leaks=0:allocator_may_return_null=1";
    Ok(Some(Watching {
        python: built.join("examples/host"),
        package,
        environment: vec![
            ("MORTICE_LIBPYTHON", library.into()),
            ("PYTHONHOME", home.into()),
            ("PYTHONMALLOC", "malloc".into()),
            ("ASAN_OPTIONS", options.into()),
        ],
    }))
}

/// The shared library of a CPython, and the folder that it is installed in.
fn library(oracle: &Oracle) -> Result<Option<(PathBuf, PathBuf)>, Stop> {
    const ASK: &str = "import sys, sysconfig; value = sysconfig.get_config_var
print(value('LIBDIR') or ''); print(value('INSTSONAME') or ''); print(sys.base_prefix)";
    let text = super::ask(oracle, ASK)?.unwrap_or_default();
    let mut lines = text.lines();
    let (Some(folder), Some(name), Some(home)) = (lines.next(), lines.next(), lines.next()) else {
        return Ok(None);
    };
    let library = Path::new(folder).join(name);
    let is_shared = name.contains(".so") && library.is_file();
    Ok(is_shared.then(|| (library, PathBuf::from(home))))
}
