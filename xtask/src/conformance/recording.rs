//! What CPython printed for a case, kept as an insta snapshot.
//!
//! A recording carries two digests. One is of the case's source, so that a case that changed afterwards is
//! noticed; the other is of that digest, the version, the exit status and the printed text, so that an edit by
//! hand is noticed. A snapshot file ends with a newline; text that does not is marked `open: true`.
//!
//! ```text
//! ---
//! source: conformance/cases/slots/storage.py
//! expression: CPython 3.15.2
//! info:
//!   exit: 0
//!   case: 5e1f…
//!   digest: 90ab…
//! ---
//! B047 [1, 2]
//! ```

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::case::Case;
use super::oracle::{Series, Version};
use crate::problem::Stop;

/// Stands between standard output and standard error where a case compares both.
const STDERR_MARK: &str = "[stderr]\n";

/// What a case printed, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The exit status.
    pub exit: i32,
    /// Standard output, with the case's path replaced by its file name.
    pub stdout: String,
    /// Standard error, likewise, where the case compares it.
    pub stderr: Option<String>,
}

impl Output {
    /// Both streams as one text: what a snapshot holds and what a diff shows.
    pub fn text(&self) -> String {
        match &self.stderr {
            None => self.stdout.clone(),
            Some(stderr) => {
                let line_open = !self.stdout.is_empty() && !self.stdout.ends_with('\n');
                let end = if line_open { "\n" } else { "" };
                format!("{}{end}{STDERR_MARK}{stderr}", self.stdout)
            }
        }
    }
}

/// The recorded answer of one version of CPython.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The version that answered.
    pub version: Version,
    /// The exit status.
    pub exit: i32,
    /// Both streams, as [`Output::text`] joins them.
    pub text: String,
    case_digest: String,
    digest: String,
}

/// Why a recording cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// There is none.
    #[error("no recording: run cargo xtask conformance record")]
    Missing,
    /// The file is no snapshot with the keys that a recording has.
    #[error("recording edited by hand: its head is damaged")]
    Damaged,
    /// The text, exit status or version is not what CPython gave.
    #[error("recording edited by hand: its digest does not match")]
    Edited,
    /// The case is not the one that CPython answered.
    #[error("case changed since it was recorded: run cargo xtask conformance record")]
    CaseChanged,
}

impl Recording {
    /// Makes the recording of a case that ran on that version.
    pub fn of(case: &Case, version: &Version, output: &Output) -> Self {
        let mut recording = Self {
            version: version.clone(),
            exit: output.exit,
            text: output.text(),
            case_digest: sha256(&[case.source.as_bytes()]),
            digest: String::new(),
        };
        recording.digest = recording.computed();
        recording
    }

    fn computed(&self) -> String {
        let version = self.version.to_string();
        let exit = self.exit.to_string();
        sha256(&[
            self.case_digest.as_bytes(),
            version.as_bytes(),
            exit.as_bytes(),
            self.text.as_bytes(),
        ])
    }

    /// Tells whether both hold the same answer to the same case, by whatever release of a version.
    pub fn same_answer(&self, other: &Self) -> bool {
        self.version.series() == other.version.series()
            && self.case_digest == other.case_digest
            && self.exit == other.exit
            && self.text == other.text
    }

    /// Reads and checks the recording at `path`.
    ///
    /// # Errors
    ///
    /// Why it cannot be used for this case.
    pub fn read(path: &Path, case: &Case) -> Result<Self, Unusable> {
        let file = match std::fs::read(path) {
            Ok(file) => String::from_utf8(file).map_err(|_| Unusable::Damaged)?,
            Err(_) => return Err(Unusable::Missing),
        };
        let recording = Self::parse(&file).ok_or(Unusable::Damaged)?;
        if recording.digest != recording.computed() {
            return Err(Unusable::Edited);
        }
        if recording.case_digest != sha256(&[case.source.as_bytes()]) {
            return Err(Unusable::CaseChanged);
        }
        Ok(recording)
    }

    fn parse(file: &str) -> Option<Self> {
        let (head, text) = file.strip_prefix("---\n")?.split_once("\n---\n")?;
        let key = |name: &str| {
            let mut lines = head.lines();
            lines.find_map(|line| line.trim_start().strip_prefix(name)?.strip_prefix(": "))
        };
        Some(Self {
            version: unquote(key("expression")?)
                .strip_prefix("CPython ")?
                .parse()
                .ok()?,
            exit: key("exit")?.parse().ok()?,
            case_digest: unquote(key("case")?).to_string(),
            digest: unquote(key("digest")?).to_string(),
            text: match key("open") {
                None => text.to_string(),
                Some(_) => text.strip_suffix('\n')?.to_string(),
            },
        })
    }

    /// The recording as the text of a snapshot file.
    pub fn to_snapshot(&self, case: &Case) -> String {
        let source = case.shown.display();
        let Self {
            version,
            exit,
            text,
            case_digest,
            digest,
        } = self;
        let (open, end) = match text.ends_with('\n') {
            true => ("", ""),
            false => ("  open: true\n", "\n"),
        };
        format!(
            "---\nsource: {source}\nexpression: CPython {version}\ninfo:\n  exit: {exit}\n{open}  \
             case: \"{case_digest}\"\n  digest: \"{digest}\"\n---\n{text}{end}"
        )
    }

    /// Writes the recording.
    ///
    /// # Errors
    ///
    /// A folder or file that cannot be written.
    pub fn write(&self, path: &Path, case: &Case) -> Result<(), Stop> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Stop::io(folder, &error))?;
        }
        std::fs::write(path, self.to_snapshot(case)).map_err(|error| Stop::io(path, &error))
    }
}

/// The file that holds the answer of one version to a case; `None` is the expectation.
pub fn path(recordings: &Path, name: &str, differing: Option<Series>) -> PathBuf {
    match differing {
        None => recordings.join(format!("{name}.snap")),
        Some(series) => recordings.join(format!("{name}@{series}.snap")),
    }
}

fn unquote(value: &str) -> &str {
    value.trim_matches('"')
}

/// The digest of some pieces, each preceded by its length so that no two lists of pieces look alike.
fn sha256(pieces: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for piece in pieces {
        hasher.update((piece.len() as u64).to_le_bytes());
        hasher.update(piece);
    }
    let digest = hasher.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::header::Header;
    use crate::conformance::index::Index;

    fn case() -> Case {
        let source = "# cites: B001\nprint('B001', 1)\n".to_string();
        Case {
            name: "objects/id".to_string(),
            area: "objects".to_string(),
            path: PathBuf::from("conformance/cases/objects/id.py"),
            shown: PathBuf::from("conformance/cases/objects/id.py"),
            header: Header::parse(&source, &Index::of(&["B001"], &[])).unwrap(),
            source,
        }
    }

    fn output(stdout: &str, stderr: Option<&str>) -> Output {
        Output {
            exit: 1,
            stdout: stdout.to_string(),
            stderr: stderr.map(str::to_string),
        }
    }

    #[test]
    fn what_is_written_is_read_back_to_the_byte() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(folder.path(), "objects/id", None);
        let version = "3.15.2".parse().unwrap();
        let texts = [
            "",
            "\n",
            "B001 1",
            "B001 1\n",
            "a\n---\nb\n\n",
            "a\r\nb\r",
            "\u{e9}\n",
        ];
        for text in texts {
            for stderr in [None, Some(""), Some("Traceback\n")] {
                let recording = Recording::of(&case(), &version, &output(text, stderr));
                recording.write(&path, &case()).unwrap();
                assert_eq!(Recording::read(&path, &case()), Ok(recording), "{text:?}");
            }
        }
    }

    #[test]
    fn insta_reads_a_recording_as_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(folder.path(), "objects/id", None);
        let version = "3.15.2".parse().unwrap();
        let recording = Recording::of(&case(), &version, &output("B001 1\nB001 2\n", None));
        recording.write(&path, &case()).unwrap();
        let snapshot = insta::Snapshot::from_file(&path).unwrap();
        assert_eq!(snapshot.metadata().expression(), Some("CPython 3.15.2"));
        let source = "conformance/cases/objects/id.py";
        assert_eq!(snapshot.metadata().source(), Some(source));
        let text = snapshot.as_text().unwrap();
        let same = insta::internals::TextSnapshotContents::new(
            "B001 1\nB001 2".to_string(),
            insta::TextSnapshotKind::File,
        );
        assert!(text.matches_fully(&same));
    }

    #[test]
    fn an_edit_by_hand_and_a_changed_case_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(folder.path(), "objects/id", None);
        let version = "3.15.2".parse().unwrap();
        assert_eq!(Recording::read(&path, &case()), Err(Unusable::Missing));
        let recording = Recording::of(&case(), &version, &output("B001 1\n", None));
        let snapshot = recording.to_snapshot(&case());
        let edits = [
            ("B001 1", "B001 2"),
            ("exit: 1", "exit: 0"),
            ("3.15.2", "3.15.3"),
        ];
        for (old, new) in edits {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, snapshot.replacen(old, new, 1)).unwrap();
            assert_eq!(
                Recording::read(&path, &case()),
                Err(Unusable::Edited),
                "{old}"
            );
        }
        std::fs::write(
            &path,
            snapshot
                .replacen("info", "into", 1)
                .replacen("  exit", "", 1),
        )
        .unwrap();
        assert_eq!(Recording::read(&path, &case()), Err(Unusable::Damaged));
        std::fs::write(&path, &snapshot).unwrap();
        let mut changed = case();
        changed.source.push('\n');
        assert_eq!(Recording::read(&path, &changed), Err(Unusable::CaseChanged));
    }
}
