//! What the compiler says about a source.

use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use crate::api::mode::Mode;
use crate::headers::{Headers, compiler};
use crate::problem::Stop;

/// One place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// As the compiler spells it: relative to the package's folder where it lies below.
    pub path: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// In bytes, counted from 1.
    pub column: usize,
}

/// One error.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub message: String,
    /// Where it is said to be, then where the macros that led there were used.
    pub places: Vec<Place>,
}

impl Diagnostic {
    /// The names that the message quotes.
    pub fn quoted(&self) -> impl Iterator<Item = &str> {
        self.message.split('\'').skip(1).step_by(2)
    }

    /// The places in the package itself.
    pub fn own(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|place| is_own(&place.path))
    }
}

/// Whether a path that the compiler names lies in the package.
pub fn is_own(path: &Path) -> bool {
    path.is_relative() && !path.starts_with("..") && !path.to_string_lossy().starts_with('<')
}

/// A path without `.` and `..`.
pub fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            _ => normal.push(part),
        }
    }
    normal
}

/// Reads `path:line:column: rest` as a place and the rest.
fn place(line: &str) -> Option<(Place, &str)> {
    let (place, rest) = line.split_once(": ")?;
    let mut parts = place.rsplitn(3, ':');
    let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let path = normal(Path::new(parts.next()?));
    Some((Place { path, line, column }, rest))
}

/// Reads what the compiler prints: each error, with the notes on the macros that it came through.
fn diagnostics(text: &str) -> Vec<Diagnostic> {
    let mut errors: Vec<Diagnostic> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        let Some((place, rest)) = place(line) else {
            continue;
        };
        let error = rest
            .strip_prefix("error: ")
            .or(rest.strip_prefix("fatal error: "));
        if let Some(message) = error {
            errors.push(Diagnostic {
                message: message.replace('"', "'"),
                places: vec![place],
            });
            is_open = true;
        } else if rest.starts_with("note: in expansion of macro") {
            if let Some(last) = errors.last_mut().filter(|_| is_open) {
                last.places.push(place);
            }
        } else if !rest.starts_with("note: ") {
            is_open = false;
        }
    }
    errors
}

/// One source of a package, and how it is compiled.
#[derive(Clone, Debug)]
pub struct Unit<'p> {
    /// The package's folder.
    pub folder: &'p Path,
    /// The source, below it.
    pub source: &'p Path,
    /// What the package's build passes.
    pub flags: &'p [String],
}

impl Unit<'_> {
    fn command(&self, headers: &Headers, mode: Mode) -> Command {
        let is_cpp = self.source.extension().is_some_and(|ending| ending != "c");
        let mut command = if is_cpp {
            let mut command = Command::new(std::env::var_os("CXX").unwrap_or("g++".into()));
            command.env("LC_ALL", "C");
            command
        } else {
            let mut command = compiler();
            command.arg("-Werror=implicit-function-declaration");
            command
        };
        command
            .current_dir(self.folder)
            .args(self.flags)
            .args(headers.flags())
            .args(mode.flag())
            .args([
                "-fno-diagnostics-show-caret",
                "-fdiagnostics-column-unit=byte",
            ]);
        command
    }

    /// Compiles it without making anything; gives the errors. A `prelude` is read before the source.
    ///
    /// # Errors
    ///
    /// A compiler that cannot be run.
    pub fn errors(
        &self,
        headers: &Headers,
        mode: Mode,
        prelude: Option<&Path>,
    ) -> Result<Vec<Diagnostic>, Stop> {
        let mut command = self.command(headers, mode);
        command.args(["-fsyntax-only", "-fmax-errors=0"]);
        if let Some(prelude) = prelude {
            command.arg("-include").arg(prelude);
        }
        let output = command
            .arg(self.source)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Stop::Usage(format!("the compiler cannot be run: {error}")))?;
        Ok(diagnostics(&String::from_utf8_lossy(&output.stderr)))
    }

    /// Where the preprocessor meets names that the prelude poisons. The compiler itself would stop saying so when it
    /// is confused by an earlier error.
    ///
    /// # Errors
    ///
    /// A compiler that cannot be run.
    pub fn poisoned(
        &self,
        headers: &Headers,
        mode: Mode,
        prelude: &Path,
    ) -> Result<Vec<Diagnostic>, Stop> {
        let mut command = self.command(headers, mode);
        let output = command
            .arg("-E")
            .arg("-include")
            .arg(prelude)
            .arg(self.source)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Stop::Usage(format!("the compiler cannot be run: {error}")))?;
        let mut errors = diagnostics(&String::from_utf8_lossy(&output.stderr));
        errors.retain(|error| error.message.contains("poisoned"));
        Ok(errors)
    }

    /// The preprocessed source, with line markers and macro definitions.
    ///
    /// # Errors
    ///
    /// A compiler that cannot be run.
    pub fn preprocess(&self, headers: &Headers, mode: Mode) -> Result<String, Stop> {
        let mut command = self.command(headers, mode);
        let output = command
            .args(["-E", "-dD"])
            .arg(self.source)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Stop::Usage(format!("the compiler cannot be run: {error}")))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_the_places_of_its_macros() {
        let text = "a.c: In function 'f':\n\
            b/../a.h:36:40: error: no member 'x'\n\
            a.c:40:32: note: in expansion of macro 'PUT'\n\
            a.c:9:1: warning: unused\n\
            a.c:9:2: note: in expansion of macro 'UNUSED'\n\
            /usr/include/p.h:2:1: error: attempt to use poisoned \"free\"\n";
        let errors = diagnostics(text);
        let lines: Vec<Vec<usize>> = errors
            .iter()
            .map(|error| error.places.iter().map(|place| place.line).collect())
            .collect();
        assert_eq!(lines, [vec![36, 40], vec![2]]);
        assert_eq!(errors[0].places[0].path, Path::new("a.h"));
        assert_eq!(errors[0].quoted().collect::<Vec<_>>(), ["x"]);
        assert_eq!(errors[1].quoted().collect::<Vec<_>>(), ["free"]);
        assert_eq!(errors[1].own().count(), 0);
    }
}
