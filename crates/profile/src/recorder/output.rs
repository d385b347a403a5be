//! A trace that is being written, beside the file that it will be.

use std::fs::{self, Permissions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The number of slots, written first and known last.
const SLOTS_BYTES: u64 = 8;

/// A file under a name of its own until it is whole.
pub struct Output {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
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
        let mut file = BufWriter::with_capacity(1 << 16, file);
        file.write_all(&[0; SLOTS_BYTES as usize])?;
        Ok(Output { path, file })
    }

    /// Writes the number of slots, and gives the file its name.
    pub fn finish(self, slots: u64) -> io::Result<()> {
        let mut file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&slots.to_le_bytes())?;
        file.persist(&self.path)?;
        Ok(())
    }
}

impl Write for Output {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
