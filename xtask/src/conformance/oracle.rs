//! Finding CPython: by a path that was given, by name on PATH, or where pyenv keeps versions.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use crate::problem::Stop;

/// A minor version of CPython, such as 3.15: what recordings are kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    major: u8,
    minor: u8,
}

impl Series {
    /// The version that the main recordings are made by.
    pub const REFERENCE: Series = Series::new(3, 15);
    /// The oldest version that the suite runs on without being asked to.
    pub const OLDEST: Series = Series::new(3, 12);
    /// The versions whose every difference from the reference has a recording of its own.
    pub const RECORDED: [Series; 3] = [Series::new(3, 12), Series::new(3, 13), Series::REFERENCE];

    const fn new(major: u8, minor: u8) -> Self {
        Self { major, minor }
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for Series {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('.').and_then(|(major, minor)| {
            Some(Self {
                major: major.parse().ok()?,
                minor: minor.parse().ok()?,
            })
        });
        parsed.ok_or_else(|| format!("`{text}` is no version such as 3.13"))
    }
}

/// A full version of CPython, such as 3.15.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    series: Series,
    text: String,
}

impl Version {
    /// The minor version.
    pub fn series(&self) -> Series {
        self.series
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let series: Vec<&str> = text.splitn(3, '.').take(2).collect();
        Ok(Self {
            series: series.join(".").parse()?,
            text: text.to_string(),
        })
    }
}

/// A CPython that can be run.
#[derive(Clone, Debug)]
pub struct Oracle {
    /// The program.
    pub path: PathBuf,
    /// What it says that it is.
    pub version: Version,
}

/// Asks an interpreter what it is: implementation, version, and whether it is a debug or free-threaded build.
const PROBE: &str = "import platform, sys; print(' '.join(map(str, [\
    platform.python_implementation(), '.'.join(map(str, sys.version_info[:3])), sys.maxsize > 2**32, \
    getattr(sys, '_is_gil_enabled', lambda: True)(), hasattr(sys, 'gettotalrefcount')])))";

impl Oracle {
    /// Asks the program at `path` whether it is a CPython that can serve.
    ///
    /// # Errors
    ///
    /// Why not, in one line.
    pub fn probe(path: &Path) -> Result<Self, String> {
        let mut command = Command::new(path);
        command.args(["-S", "-s", "-c", PROBE]);
        super::worker::clean_environment(&mut command);
        let output = command
            .output()
            .map_err(|error| format!("cannot be run: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let words: Vec<&str> = text.split_whitespace().collect();
        let ["CPython", version, wide, gil, debug] = words[..] else {
            return Err("is not CPython".to_string());
        };
        if (wide, gil, debug) != ("True", "True", "False") {
            return Err("is not a 64-bit release build with the GIL".to_string());
        }
        Ok(Self {
            path: path.to_path_buf(),
            version: version.parse()?,
        })
    }
}

/// Where to look for interpreters.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Programs named on the command line.
    pub given: Vec<PathBuf>,
    /// The repository's root; a tool that unpacks versions may lie beside it.
    pub root: PathBuf,
}

impl Search {
    /// Finds the CPython to run the suite on: the one that was given, else the newest on PATH.
    ///
    /// # Errors
    ///
    /// A program that was given and cannot serve, or is too old.
    pub fn any(&self) -> Result<Option<Oracle>, Stop> {
        if let Some(path) = self.given.first() {
            let oracle = given(path)?;
            if oracle.version.series() < Series::OLDEST {
                let (path, version, oldest) = (path.display(), oracle.version, Series::OLDEST);
                let message = format!("oracle {path} is CPython {version}, want {oldest} or newer");
                return Err(Stop::Usage(message));
            }
            return Ok(Some(oracle));
        }
        let names = ["python3.15", "python3.13", "python3.12", "python3"];
        let found = names.into_iter().find_map(|name| {
            let oracle = Oracle::probe(Path::new(name)).ok()?;
            (oracle.version.series() >= Series::OLDEST).then_some(oracle)
        });
        Ok(found)
    }

    /// Finds one version: among those given, by the tool beside the repository, on PATH, or in pyenv's folder.
    ///
    /// # Errors
    ///
    /// A program that was given and cannot serve.
    pub fn version(&self, series: Series) -> Result<Option<Oracle>, Stop> {
        for path in &self.given {
            let oracle = given(path)?;
            if oracle.version.series() == series {
                return Ok(Some(oracle));
            }
        }
        let mut candidates = vec![PathBuf::from(format!("python{series}"))];
        candidates.extend(self.pyenv(series));
        if series == Series::REFERENCE {
            candidates.splice(0..0, self.unpacked(series));
        }
        let found = candidates.iter().find_map(|path| {
            let oracle = Oracle::probe(path).ok()?;
            (oracle.version.series() == series).then_some(oracle)
        });
        Ok(found)
    }

    /// Finds each version that the wheel is built for.
    ///
    /// # Errors
    ///
    /// A program that was given and cannot serve.
    pub fn recorded(&self) -> Result<Vec<Oracle>, Stop> {
        let found = Series::RECORDED.map(|series| self.version(series));
        let found: Result<Vec<Option<Oracle>>, Stop> = found.into_iter().collect();
        Ok(found?.into_iter().flatten().collect())
    }

    /// The tool that unpacks a reference oracle, where it lies beside the repository.
    fn unpacked(&self, series: Series) -> Option<PathBuf> {
        let tool = self.root.join("../shared/tools/cpython");
        if !tool.exists() {
            return None;
        }
        let output = Command::new(tool).arg(series.to_string()).output().ok()?;
        let path = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| PathBuf::from(path.trim()))
    }

    fn pyenv(&self, series: Series) -> Vec<PathBuf> {
        let root = std::env::var_os("PYENV_ROOT")
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
        let Some(listing) = root.and_then(|root| std::fs::read_dir(root.join("versions")).ok())
        else {
            return Vec::new();
        };
        let prefix = format!("{series}.");
        let mut paths: Vec<PathBuf> = listing
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
            .map(|entry| entry.path().join("bin/python"))
            .collect();
        paths.sort();
        paths.reverse();
        paths
    }
}

fn given(path: &Path) -> Result<Oracle, Stop> {
    Oracle::probe(path).map_err(|why| Stop::Usage(format!("oracle {} {why}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_ordered_by_number() {
        let old: Version = "3.9.18".parse().unwrap();
        let new: Version = "3.15.2".parse().unwrap();
        assert!(old.series() < new.series());
        assert_eq!(new.series(), Series::REFERENCE);
        assert_eq!(new.to_string(), "3.15.2");
        assert!("3".parse::<Series>().is_err());
        assert!("three.4".parse::<Version>().is_err());
    }

    #[test]
    fn a_program_that_is_no_python_is_refused_in_one_line() {
        let search = Search {
            given: vec![PathBuf::from("true")],
            root: PathBuf::new(),
        };
        let stop = search.any().unwrap_err();
        assert_eq!(stop.to_string(), "oracle true is not CPython");
        assert_eq!(stop.status(), 2);
    }
}
