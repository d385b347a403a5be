//! The corpus: source distributions, downloaded by pip, checked against a digest, and unpacked.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::headers::compiler;
use crate::problem::{Problem, Stop};

/// Where the list lies, from the repository's root.
const LIST: &str = "xtask/corpus.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    package: Vec<Package>,
}

/// One source distribution.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// As pip knows it.
    pub name: String,
    pub version: String,
    /// Of the archive.
    pub sha256: String,
    /// What is compiled: paths below its folder, the last part may hold a `*`. None where only headers are needed.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What its build passes to the compiler.
    #[serde(default)]
    pub flags: Vec<String>,
    /// A header that has to be installed.
    pub needs: Option<String>,
    /// The Debian package that has it.
    pub debian: Option<String>,
    /// Its own tests.
    pub tests: Option<Tests>,
}

/// The tests of a package.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tests {
    /// The target of the upgrade that they are run after.
    pub to: String,
    /// Arguments of the interpreter, in the package's folder.
    pub run: Vec<String>,
    /// Where the interpreter looks for modules.
    #[serde(default)]
    pub path: String,
    /// What the compiler makes of the sources; `setup.py` builds where there is none.
    pub module: Option<String>,
}

impl Package {
    /// The name of its archive and folder: `zope_interface-8.7`.
    pub fn stem(&self) -> String {
        format!("{}-{}", self.name.replace(['-', '.'], "_"), self.version)
    }

    /// What it is called in tables.
    pub fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// What keeps this machine from compiling it.
    pub fn missing(&self) -> Option<String> {
        let header = self.needs.as_ref()?;
        let mut command = compiler();
        command
            .args(["-E", "-include", header, "-x", "c", "/dev/null"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let found = command.status().is_ok_and(|status| status.success());
        let package = self.debian.as_deref().unwrap_or("a development package");
        (!found).then(|| format!("{header} is not installed (apt-get install {package})"))
    }

    /// The files that are compiled, below `folder`.
    pub fn files(&self, folder: &Path) -> Result<Vec<PathBuf>, Stop> {
        let mut files = Vec::new();
        for pattern in &self.sources {
            let (parent, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
            let Some((start, end)) = name.split_once('*') else {
                files.push(PathBuf::from(pattern));
                continue;
            };
            let listed = folder.join(parent);
            let listing = std::fs::read_dir(&listed).map_err(|error| Stop::io(&listed, &error))?;
            let mut found: Vec<PathBuf> = listing
                .flatten()
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .filter(|name| name.starts_with(start) && name.ends_with(end))
                .map(|name| Path::new(parent).join(name))
                .collect();
            found.sort();
            files.extend(found);
        }
        Ok(files)
    }
}

/// The list, and where its packages are.
#[derive(Debug)]
pub struct Corpus {
    pub packages: Vec<Package>,
    folder: PathBuf,
}

impl Corpus {
    /// Reads the list.
    ///
    /// # Errors
    ///
    /// A list that cannot be read.
    pub fn load(root: &Path, folder: PathBuf) -> Result<Self, Stop> {
        let path = root.join(LIST);
        let text = std::fs::read_to_string(&path).map_err(|error| Stop::io(&path, &error))?;
        let list: List = toml::from_str(&text)
            .map_err(|error| Stop::BadInput(vec![Problem::new(LIST, 0, error.to_string())]))?;
        Ok(Self {
            packages: list.package,
            folder,
        })
    }

    /// Where a package is unpacked.
    pub fn unpacked(&self, package: &Package) -> PathBuf {
        self.folder.join(package.stem())
    }

    /// Where the archive of a package is kept.
    pub fn archive(&self, package: &Package) -> PathBuf {
        let archives = self.folder.join("sdists");
        archives.join(format!("{}.tar.gz", package.stem()))
    }

    /// Downloads a package where it is not there yet, checks it, and unpacks it.
    ///
    /// # Errors
    ///
    /// Why it cannot be had, in one line.
    pub fn fetch(&self, package: &Package, python: &Path) -> Result<PathBuf, String> {
        let archive = self.archive(package);
        if !archive.is_file() {
            let archives = self.folder.join("sdists");
            std::fs::create_dir_all(&archives)
                .map_err(|error| format!("{}: {error}", archives.display()))?;
            download(package, &archives, python)?;
        }
        let bytes =
            std::fs::read(&archive).map_err(|error| format!("{}: {error}", archive.display()))?;
        let digest: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if digest != package.sha256 {
            let path = archive.display();
            return Err(format!("{path}: sha256 {digest}, want {}", package.sha256));
        }
        let folder = self.unpacked(package);
        if !folder.is_dir() {
            unpack(&archive, &self.folder)?;
        }
        Ok(folder)
    }
}

/// Has pip download the archive of a package.
fn download(package: &Package, to: &Path, python: &Path) -> Result<(), String> {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps"])
        .args(["--no-binary", ":all:", "--dest"])
        .arg(to)
        .arg(format!("{}=={}", package.name, package.version));
    let output = pip
        .output()
        .map_err(|error| format!("pip cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().rfind(|line| line.contains("rror"));
    Err(format!("pip: {}", last.unwrap_or("fails").trim()))
}

/// Unpacks an archive.
pub fn unpack(archive: &Path, into: &Path) -> Result<(), String> {
    std::fs::create_dir_all(into).map_err(|error| format!("{}: {error}", into.display()))?;
    let status = Command::new("tar")
        .arg("-xzf")
        .arg(archive)
        .arg("-C")
        .arg(into)
        .status()
        .map_err(|error| format!("tar cannot be run: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{}: tar: {status}", archive.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_read_and_names_each_package_once() {
        let corpus = Corpus::load(&crate::paths::root(), PathBuf::new()).unwrap();
        let mut stems: Vec<String> = corpus.packages.iter().map(Package::stem).collect();
        let count = stems.len();
        stems.sort();
        stems.dedup();
        assert_eq!(stems.len(), count);
        let compiled = |package: &&Package| !package.sources.is_empty();
        assert!(corpus.packages.iter().filter(compiled).count() >= 12);
        assert!(
            corpus
                .packages
                .iter()
                .all(|package| package.sha256.len() == 64)
        );
    }

    #[test]
    fn an_archive_with_another_digest_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let corpus = Corpus::load(&crate::paths::root(), folder.path().to_path_buf()).unwrap();
        let package = &corpus.packages[0];
        let archives = folder.path().join("sdists");
        std::fs::create_dir_all(&archives).unwrap();
        let archive = archives.join(format!("{}.tar.gz", package.stem()));
        std::fs::write(&archive, "something else").unwrap();
        let error = corpus.fetch(package, Path::new("python")).unwrap_err();
        assert!(
            error.contains("sha256") && error.contains(&package.sha256),
            "{error}"
        );
        assert!(!corpus.unpacked(package).exists());
    }
}
