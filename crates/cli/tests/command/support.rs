//! Running the command on programs in folders of their own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a run of the command left behind.
#[derive(Debug)]
pub struct Ran {
    /// Exit status; `None` where a signal ended it.
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// The last line on standard error.
    pub fn last_line(&self) -> &str {
        self.stderr.lines().last().unwrap_or_default()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("the command writes UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("the command writes UTF-8"),
        }
    }
}

/// The command with arguments.
pub fn mortice(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mortice"));
    command.args(arguments);
    command
}

/// Runs the command with arguments and a path.
pub fn run(arguments: &[&str], path: &Path) -> Ran {
    let output = mortice(arguments).arg(path).output();
    output.expect("the command can be started").into()
}

/// A folder that goes with the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder for temporary files"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and gives its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("the folder can be written to");
        path
    }
}
