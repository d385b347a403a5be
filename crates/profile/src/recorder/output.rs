//! A trace that is being written, beside the file that it will be.

use std::fs::{self, Permissions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The words that are written at a time.
const BUFFER_WORDS: usize = 1 << 13;

/// A file under a name of its own until it is whole.
pub struct Output {
    path: PathBuf,
    file: NamedTempFile,
    buffer: Vec<[u8; 8]>,
}

impl Output {
    /// Begins a trace.
    pub fn create(path: &Path) -> io::Result<Output> {
        // The file that a link leads to is replaced, not the link; and a device is not replaced by a file.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.into());
        if fs::metadata(&path).is_ok_and(|there| !there.is_file()) {
            let reason = "there is something that is not a file";
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, reason));
        }
        let file = tempfile::Builder::new()
            .prefix(".trace")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(super::folder(&path))?;
        let mut buffer = Vec::with_capacity(BUFFER_WORDS);
        // The number of slots, which is known last.
        buffer.push([0; 8]);
        Ok(Output { path, file, buffer })
    }

    /// Writes a word.
    #[inline]
    pub fn put(&mut self, word: u64) -> io::Result<()> {
        if self.buffer.len() == BUFFER_WORDS {
            self.write_out()?;
        }
        self.buffer.push(word.to_le_bytes());
        Ok(())
    }

    #[cold]
    fn write_out(&mut self) -> io::Result<()> {
        self.file.write_all(self.buffer.as_flattened())?;
        self.buffer.clear();
        Ok(())
    }

    /// Writes the number of slots, and gives the file its name.
    pub fn finish(mut self, slots: u64) -> io::Result<()> {
        self.write_out()?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&slots.to_le_bytes())?;
        self.file.persist(&self.path)?;
        Ok(())
    }
}
