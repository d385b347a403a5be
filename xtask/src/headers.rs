//! The headers of an installed CPython, and the compiler that reads them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::conformance::oracle::{Oracle, Search, Series};
use crate::conformance::worker::clean_environment;
use crate::problem::Stop;

/// The minor versions of CPython 3 whose headers are asked for, where they are installed.
pub const MINORS: std::ops::RangeInclusive<u8> = 6..=15;

/// The headers of one CPython.
#[derive(Clone, Debug)]
pub struct Headers {
    /// The interpreter that they belong to.
    pub oracle: Oracle,
    /// The folder of `Python.h`.
    pub include: PathBuf,
}

impl Headers {
    /// Asks an interpreter where its headers lie; nothing where they are not installed.
    ///
    /// # Errors
    ///
    /// An interpreter that cannot be run.
    pub fn of(oracle: Oracle) -> Result<Option<Self>, Stop> {
        const ASK: &str = "import sysconfig; print(sysconfig.get_paths()['include'])";
        let mut command = Command::new(&oracle.path);
        command.args(["-s", "-c", ASK]);
        clean_environment(&mut command);
        let output = command
            .output()
            .map_err(|error| Stop::io(&oracle.path, &error))?;
        let include = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        let installed = include.join("Python.h").is_file();
        Ok(installed.then_some(Self { oracle, include }))
    }

    /// Finds the headers of one minor version.
    ///
    /// # Errors
    ///
    /// A program that was given and cannot serve.
    pub fn find(search: &Search, minor: u8) -> Result<Option<Self>, Stop> {
        let series: Series = format!("3.{minor}").parse().map_err(Stop::Usage)?;
        match search.version(series)? {
            Some(oracle) => Self::of(oracle),
            None => Ok(None),
        }
    }

    /// The flags that find them: Debian keeps the configuration in a folder beside.
    pub fn flags(&self) -> Vec<String> {
        let beside = self.include.parent().unwrap_or(Path::new("/"));
        [self.include.as_path(), beside]
            .map(|folder| format!("-I{}", folder.display()))
            .into()
    }
}

/// The C compiler.
pub fn compiler() -> Command {
    let mut command = Command::new(std::env::var_os("CC").unwrap_or_else(|| "gcc".into()));
    command.env("LC_ALL", "C");
    command
}
