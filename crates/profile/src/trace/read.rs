//! Files of traces, plain or compressed.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::Path;

use super::{Fault, Trace, TraceError};

/// How an xz file begins. As a number of slots it would be far beyond the limit.
const XZ_MAGIC: [u8; 6] = [0xFD, b'7', b'z', b'X', b'Z', 0];

/// The most bytes of words that are read: half a billion events.
const LIMIT_BYTES: u64 = 4 << 30;

/// Reads a file.
pub fn file(path: &Path) -> Result<Trace, TraceError> {
    let read_error = |source| TraceError::Read {
        path: path.into(),
        source,
    };
    let mut file = File::open(path).map_err(read_error)?;
    let mut magic = Vec::new();
    let mut beginning = Read::take(&mut file, XZ_MAGIC.len() as u64);
    beginning.read_to_end(&mut magic).map_err(read_error)?;
    let mut words = Words::new(LIMIT_BYTES);
    let unpacked = if magic == XZ_MAGIC {
        file.rewind().map_err(read_error)?;
        lzma_rs::xz_decompress(&mut BufReader::new(file), &mut words).map_err(|error| {
            TraceError::Compression {
                path: path.into(),
                reason: reason(error),
            }
        })
    } else {
        let mut whole = magic.as_slice().chain(file);
        io::copy(&mut whole, &mut words)
            .map(drop)
            .map_err(read_error)
    };
    // What the words say comes first: when they refuse more, reading ends with an error that says less.
    let words = words.finish();
    match words {
        Err(fault @ (Fault::Giant { .. } | Fault::Memory { .. })) => Err(fault),
        words => {
            unpacked?;
            words.and_then(Trace::of_words)
        }
    }
    .map_err(|fault| TraceError::Malformed {
        path: path.into(),
        fault,
    })
}

/// The decoder's reason in words.
fn reason(error: lzma_rs::error::Error) -> String {
    match error {
        lzma_rs::error::Error::IoError(error) | lzma_rs::error::Error::HeaderTooShort(error) => {
            error.to_string()
        }
        lzma_rs::error::Error::LzmaError(reason) | lzma_rs::error::Error::XzError(reason) => reason,
    }
}

/// Words put together from the bytes that are written here, up to a limit.
struct Words {
    words: Vec<u64>,
    /// The bytes of the next word.
    partial: [u8; 8],
    partial_bytes: usize,
    limit_bytes: u64,
    /// Why no more is taken.
    fault: Option<Fault>,
}

impl Words {
    fn new(limit_bytes: u64) -> Words {
        Words {
            words: Vec::new(),
            partial: [0; 8],
            partial_bytes: 0,
            limit_bytes,
            fault: None,
        }
    }

    fn bytes(&self) -> usize {
        self.words.len() * 8 + self.partial_bytes
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if (self.bytes() + bytes.len()) as u64 > self.limit_bytes {
            return Err(Fault::Giant {
                limit_bytes: self.limit_bytes,
            });
        }
        let no_memory = Fault::Memory {
            bytes: self.bytes() + bytes.len(),
        };
        let more = bytes.len() / 8 + 1;
        self.words.try_reserve(more).map_err(|_| no_memory)?;
        for &byte in bytes {
            self.partial[self.partial_bytes] = byte;
            self.partial_bytes += 1;
            if self.partial_bytes == 8 {
                self.words.push(u64::from_le_bytes(self.partial));
                self.partial_bytes = 0;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<u64>, Fault> {
        match self.fault {
            Some(fault) => Err(fault),
            None if self.partial_bytes > 0 || self.words.is_empty() => Err(Fault::Length {
                bytes: self.bytes(),
            }),
            None => Ok(self.words),
        }
    }
}

impl Write for Words {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.take(bytes).map_err(|fault| {
            self.fault = Some(fault);
            io::Error::other(fault)
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_together_from_pieces_of_any_length() {
        let bytes: Vec<u8> = (0..64).collect();
        let want: Vec<u64> = (bytes.as_chunks().0.iter())
            .map(|&word| u64::from_le_bytes(word))
            .collect();
        for piece in [1, 3, 8, 11, 64] {
            let mut words = Words::new(64);
            for bytes in bytes.chunks(piece) {
                words.write_all(bytes).unwrap();
            }
            assert_eq!(words.finish().unwrap(), want);
        }
    }

    #[test]
    fn words_beyond_the_limit_are_refused() {
        let mut words = Words::new(16);
        words.write_all(&[0; 16]).unwrap();
        assert!(words.write_all(&[0]).is_err());
        assert_eq!(words.finish(), Err(Fault::Giant { limit_bytes: 16 }));
    }
}
