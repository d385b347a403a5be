//! Files that are replaced as a whole: a reader sees the old one or the new one.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The most names that are tried for the file beside it.
const MOST_NAMES: u32 = 100;

/// Writes a file beside the one of that path, and gives it its name. Permissions are kept, and a link is followed.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // What a link leads to is replaced, not the link.
    let path = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(error),
    };
    let (beside, mut file) = create(&path)?;
    let written = file.write_all(bytes).and_then(|()| {
        if let Ok(metadata) = fs::metadata(&path) {
            file.set_permissions(metadata.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&beside, &path)
    });
    if written.is_err() {
        // What cannot be removed stays; the error is the first one.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Makes a new file in the same folder.
fn create(path: &Path) -> io::Result<(PathBuf, fs::File)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let process = std::process::id();
    for number in 0..MOST_NAMES {
        let beside = path.with_file_name(format!(".{name}.{process}-{number}"));
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)
        {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
