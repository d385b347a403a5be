//! The suite on disk: index, cases, recordings and gaps, read and checked before anything runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::case::{self, Case, Found};
use super::gaps::Gaps;
use super::header::Expectation;
use super::index::Index;
use super::oracle::Series;
use super::recording::{self, Recording};
use super::verdict::without_line;
use crate::paths::shown;
use crate::problem::{Problem, Stop};

/// Everything below the folder `conformance`.
#[derive(Debug)]
pub struct Suite {
    /// The repository's root.
    pub root: PathBuf,
    /// The folder `conformance`.
    pub folder: PathBuf,
    /// The ids that can be cited.
    pub index: Index,
    /// The selected cases, and the names of all.
    pub found: Found,
    /// The cases that do not pass yet.
    pub gaps: Gaps,
}

/// The recorded answers to one case.
#[derive(Clone, Debug)]
pub struct Answers {
    /// What is expected of every host.
    pub main: Recording,
    /// What the versions answer that differ.
    pub differing: BTreeMap<Series, Recording>,
}

impl Answers {
    /// What CPython of that version may answer: its own recording; or any, if nobody recorded that version.
    pub fn of(&self, version: Series) -> Vec<&Recording> {
        if let Some(own) = self.differing.get(&version) {
            return vec![own];
        }
        let mut recordings = vec![&self.main];
        if !Series::RECORDED.contains(&version) && version != self.main.version.series() {
            recordings.extend(self.differing.values());
        }
        recordings
    }
}

impl Suite {
    /// Reads the suite below `root`, with the cases whose name contains `filter`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with headers and gaps.
    pub fn load(root: &Path, filter: &str) -> Result<Self, Stop> {
        let folder = root.join("conformance");
        let index = Index::load(&folder)?;
        let mut found = case::discover(&folder.join("cases"), root, &index, filter)?;
        let path = folder.join("gaps.toml");
        let gaps_shown = shown(root, &path).to_path_buf();
        let mut problems = std::mem::take(&mut found.problems);
        let gaps = match Gaps::load(&path, &gaps_shown) {
            Ok(gaps) => gaps,
            Err(Stop::BadInput(wrong)) => {
                problems.extend(wrong);
                Gaps::default()
            }
            Err(stop) => return Err(stop),
        };
        problems.extend(gaps.problems(&found, &gaps_shown));
        if !problems.is_empty() {
            return Err(Stop::BadInput(problems));
        }
        if found.cases.is_empty() {
            let message = format!("no case's name contains `{filter}`");
            return Err(Stop::Usage(message));
        }
        Ok(Self {
            root: root.to_path_buf(),
            folder,
            index,
            found,
            gaps,
        })
    }

    /// The folder of the recordings.
    pub fn recordings(&self) -> PathBuf {
        self.folder.join("recordings")
    }

    /// The file that holds an answer to a case.
    pub fn recording_path(&self, case: &Case, differing: Option<Series>) -> PathBuf {
        recording::path(&self.recordings(), &case.name, differing)
    }

    /// Reads the recordings of the selected cases, by name; cases without an oracle have none.
    ///
    /// # Errors
    ///
    /// Every recording that is missing, was edited, is older than its case, lacks the line of a cited id, holds
    /// another exit status than the header wants, or is said to differ and does not; and recordings of no case.
    pub fn answers(&self) -> Result<BTreeMap<&str, Answers>, Stop> {
        let mut answers = BTreeMap::new();
        let mut problems = Vec::new();
        for case in &self.found.cases {
            if case.header.expectation == Expectation::None {
                continue;
            }
            match self.answers_of(case) {
                Ok(recorded) => {
                    answers.insert(case.name.as_str(), recorded);
                }
                Err(wrong) => problems.extend(wrong),
            }
        }
        for path in self.orphans()? {
            let message = "recording of no case, or of a version that its case does not name";
            problems.push(Problem::new(shown(&self.root, &path), 0, message));
        }
        if problems.is_empty() {
            Ok(answers)
        } else {
            Err(Stop::BadInput(problems))
        }
    }

    fn answers_of(&self, case: &Case) -> Result<Answers, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut read = |differing: Option<Series>, line: usize| -> Option<Recording> {
            let path = self.recording_path(case, differing);
            match Recording::read(&path, case) {
                Ok(recording) => {
                    let wrong = faults(case, differing, &recording.text, recording.exit);
                    let found = wrong.is_empty();
                    problems.extend(wrong);
                    found.then_some(recording)
                }
                Err(why) if path.exists() => {
                    problems.push(Problem::new(shown(&self.root, &path), 1, why.to_string()));
                    None
                }
                Err(why) => {
                    let which = differing.map_or(String::new(), |series| format!(" ({series})"));
                    problems.push(case.problem(line, format!("{why}{which}")));
                    None
                }
            }
        };
        let main = read(None, 1);
        let mut differing = BTreeMap::new();
        for differs in &case.header.differs {
            if let Some(recording) = read(Some(differs.series), differs.line) {
                differing.insert(differs.series, recording);
            }
        }
        for differs in &case.header.differs {
            if let (Some(main), Some(own)) = (&main, differing.get(&differs.series))
                && (main.exit, &main.text) == (own.exit, &own.text)
            {
                let message = format!("version {} does not differ", differs.series);
                problems.push(case.problem(differs.line, message));
            }
        }
        match main {
            Some(main) if problems.is_empty() => Ok(Answers { main, differing }),
            _ => Err(problems),
        }
    }

    /// The recordings that belong to no case, or to a version that their case does not name.
    ///
    /// # Errors
    ///
    /// A folder that cannot be read.
    pub fn orphans(&self) -> Result<Vec<PathBuf>, Stop> {
        let mut orphans = Vec::new();
        for path in snapshots(&self.recordings())? {
            let recordings = self.recordings();
            // Not `with_extension`: the version in the name has a dot of its own.
            let relative = shown(&recordings, &path).to_string_lossy().into_owned();
            let stem = relative.trim_end_matches(".snap").to_string();
            let (name, version) = match stem.split_once('@') {
                Some((name, version)) => (name.to_string(), Some(version.to_string())),
                None => (stem, None),
            };
            let selected = self.found.cases.iter().find(|case| case.name == name);
            let wanted = match (selected, &version) {
                (None, _) => self.found.names.contains(&name),
                (Some(case), None) => case.header.expectation != Expectation::None,
                (Some(case), Some(version)) => {
                    let mut differs = case.header.differs.iter();
                    differs.any(|differs| differs.series.to_string() == *version)
                }
            };
            if !wanted {
                orphans.push(path);
            }
        }
        Ok(orphans)
    }
}

/// What is wrong with an answer of CPython to be recorded, or found in a recording.
///
/// A version that differs may end the case early, where it lacks what the case is about: nothing is asked of it.
pub fn faults(case: &Case, differing: Option<Series>, text: &str, exit: i32) -> Vec<Problem> {
    let mut faults = Vec::new();
    if differing.is_some() {
        return faults;
    }
    if exit != case.header.exit {
        let want = case.header.exit;
        faults.push(case.problem(1, format!("exit status {exit}, the header wants {want}")));
    }
    if let Some(id) = without_line(&case.header.cites, text) {
        let message = format!("cited id `{id}` without its line");
        faults.push(case.problem(case.header.cites_line, message));
    }
    faults
}

/// The snapshots below the folder, two levels deep.
fn snapshots(recordings: &Path) -> Result<Vec<PathBuf>, Stop> {
    let mut paths = Vec::new();
    let list = |folder: &Path| -> Result<Vec<PathBuf>, Stop> {
        let listing = match std::fs::read_dir(folder) {
            Ok(listing) => listing,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Stop::io(folder, &error)),
        };
        Ok(listing.flatten().map(|entry| entry.path()).collect())
    };
    for area in list(recordings)? {
        if area.is_dir() {
            paths.extend(list(&area)?);
        } else {
            paths.push(area);
        }
    }
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('.')
    });
    paths.sort();
    Ok(paths)
}
