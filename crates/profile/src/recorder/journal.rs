//! The journal of a recording: what happened, with addresses, as cheaply as it can be noted.
//!
//! The first word of an entry:
//!
//! | bits | meaning |
//! |---|---|
//! | 0–1 | 0 allocation, 1 release, 2 reallocation, 3 wide |
//! | 2–3 | the domain |
//! | 4–20 | the size, less than 128 KiB |
//! | 21–63 | the address without its lowest four bits, which are zero |
//!
//! An address or a size that does not fit makes a *wide* entry: bits 4–5 are the operation, and two words follow,
//! the address and the size. Last comes a reallocation's old address.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use mortice_mem::Domain;

const ALLOCATED: u64 = 0;
const RELEASED: u64 = 1;
const REALLOCATED: u64 = 2;
const WIDE: u64 = 3;

const DOMAIN_SHIFT: u32 = 2;
const SIZE_SHIFT: u32 = 4;
const SIZE_BITS: u32 = 17;
/// From an address to its place in a word: four bits fewer, above the size.
const ADDRESS_SHIFT: u32 = 17;
/// The bits of an address that have no room.
const ADDRESS_REST: u64 = !(u64::MAX >> ADDRESS_SHIFT) | 0xF;

/// The words of the buffer: 128 KiB, which stay in a processor's second cache.
const BUFFER_WORDS: usize = 1 << 14;
/// The words of the longest entry.
const ENTRY_WORDS: usize = 4;

/// A journal that is being written.
pub struct Journal {
    buffer: Box<[[u8; 8]]>,
    filled: usize,
    /// The file, or why there is none.
    file: io::Result<File>,
}

impl Journal {
    /// Begins a journal in a file without a name.
    pub fn create(folder: &Path) -> Journal {
        Journal {
            buffer: vec![[0; 8]; BUFFER_WORDS].into_boxed_slice(),
            filled: 0,
            file: tempfile::tempfile_in(folder),
        }
    }

    /// The journal, unless there is no file.
    pub fn sound(self) -> io::Result<Journal> {
        let file = Ok(self.file?);
        Ok(Journal { file, ..self })
    }

    /// Notes an allocation.
    #[inline]
    pub fn allocated(&mut self, address: usize, domain: Domain, bytes: usize) {
        self.enter(ALLOCATED, domain, address, bytes);
    }

    /// Notes a release.
    #[inline]
    pub fn released(&mut self, address: usize) {
        self.enter(RELEASED, Domain::Raw, address, 0);
    }

    /// Notes a reallocation.
    #[inline]
    pub fn reallocated(&mut self, old: usize, new: usize, domain: Domain, bytes: usize) {
        self.enter(REALLOCATED, domain, new, bytes);
        self.put(old as u64);
    }

    #[inline]
    fn enter(&mut self, operation: u64, domain: Domain, address: usize, bytes: usize) {
        if self.filled > BUFFER_WORDS - ENTRY_WORDS {
            self.write_out();
        }
        let (address, bytes) = (address as u64, bytes as u64);
        let domain = (domain as u64) << DOMAIN_SHIFT;
        if address & ADDRESS_REST | bytes >> SIZE_BITS == 0 {
            self.put(address << ADDRESS_SHIFT | bytes << SIZE_SHIFT | domain | operation);
        } else {
            self.put(operation << SIZE_SHIFT | domain | WIDE);
            self.put(address);
            self.put(bytes);
        }
    }

    #[inline]
    fn put(&mut self, word: u64) {
        // There is room: `enter` has seen to it.
        if let Some(place) = self.buffer.get_mut(self.filled) {
            *place = word.to_le_bytes();
            self.filled += 1;
        }
    }

    /// Empties the buffer. After a failure, what is noted goes nowhere.
    #[cold]
    #[inline(never)]
    fn write_out(&mut self) {
        let words = self.buffer.get(..self.filled).unwrap_or(&[]);
        self.filled = 0;
        if let Ok(file) = &mut self.file
            && let Err(error) = file.write_all(words.as_flattened())
        {
            self.file = Err(error);
        }
    }

    /// Ends the journal, to be read from its beginning.
    pub fn entries(mut self) -> io::Result<Entries> {
        self.write_out();
        let mut file = self.file?;
        file.rewind()?;
        Ok(Entries {
            file,
            buffer: self.buffer,
            at: 0,
            end: 0,
        })
    }
}

/// An entry of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A block was allocated.
    Allocated {
        address: u64,
        domain: Domain,
        bytes: usize,
    },
    /// A block was released.
    Released { address: u64 },
    /// A block changed its size.
    Reallocated {
        old: u64,
        new: u64,
        domain: Domain,
        bytes: usize,
    },
}

/// A journal that is being read.
pub struct Entries {
    file: File,
    /// Words of the file, of which those before `at` have been read.
    buffer: Box<[[u8; 8]]>,
    at: usize,
    end: usize,
}

impl Entries {
    /// The next entry; none at the end.
    #[inline]
    pub fn next(&mut self) -> io::Result<Option<Entry>> {
        let Some(first) = self.word()? else {
            return Ok(None);
        };
        let domain = match first >> DOMAIN_SHIFT & 3 {
            0 => Domain::Raw,
            1 => Domain::Mem,
            _ => Domain::Object,
        };
        let (operation, address, bytes) = if first & 3 == WIDE {
            (first >> SIZE_SHIFT & 3, self.more()?, self.more()?)
        } else {
            let bytes = first >> SIZE_SHIFT & ((1 << SIZE_BITS) - 1);
            (first & 3, first >> ADDRESS_SHIFT & !ADDRESS_REST, bytes)
        };
        let bytes = bytes as usize;
        Ok(Some(match operation {
            ALLOCATED => Entry::Allocated {
                address,
                domain,
                bytes,
            },
            RELEASED => Entry::Released { address },
            _ => Entry::Reallocated {
                old: self.more()?,
                new: address,
                domain,
                bytes,
            },
        }))
    }

    fn more(&mut self) -> io::Result<u64> {
        let missing = || io::Error::new(io::ErrorKind::UnexpectedEof, "the journal was cut short");
        self.word()?.ok_or_else(missing)
    }

    /// The next word; none at the end.
    #[inline]
    fn word(&mut self) -> io::Result<Option<u64>> {
        if self.at == self.end {
            self.read_more()?;
        }
        if self.at == self.end {
            return Ok(None);
        }
        let word = u64::from_le_bytes(self.buffer[self.at]);
        self.at += 1;
        Ok(Some(word))
    }

    /// Fills the buffer, as far as there are words. A write that failed may have left a part of one.
    #[cold]
    fn read_more(&mut self) -> io::Result<()> {
        let bytes = self.buffer.as_flattened_mut();
        let mut filled = 0;
        while filled < bytes.len() {
            match self.file.read(&mut bytes[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        (self.at, self.end) = (0, filled / 8);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(journal: Journal) -> Vec<Entry> {
        let mut entries = journal.entries().unwrap();
        std::iter::from_fn(|| entries.next().unwrap()).collect()
    }

    #[test]
    fn what_does_not_fit_a_word_is_kept_too() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::create(folder.path());
        let mut want = Vec::new();
        for address in [0x10, 0x7FFF_FFFF_FFF0, 0x8000_0000_0000, 24, usize::MAX] {
            for bytes in [0, 1, (1 << 17) - 1, 1 << 17, usize::MAX] {
                for domain in [Domain::Raw, Domain::Mem, Domain::Object] {
                    let (old, new) = (3, address as u64);
                    journal.allocated(address, domain, bytes);
                    journal.reallocated(3, address, domain, bytes);
                    journal.released(address);
                    want.extend([
                        Entry::Allocated {
                            address: new,
                            domain,
                            bytes,
                        },
                        Entry::Reallocated {
                            old,
                            new,
                            domain,
                            bytes,
                        },
                        Entry::Released { address: new },
                    ]);
                }
            }
        }
        assert_eq!(read(journal), want);
    }

    #[test]
    fn a_full_buffer_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::create(folder.path());
        let count = 5 * BUFFER_WORDS + 7;
        for number in 0..count {
            journal.released(number * 16);
        }
        let entries = read(journal);
        assert_eq!(entries.len(), count);
        for (number, entry) in entries.iter().enumerate() {
            let address = number as u64 * 16;
            assert_eq!(*entry, Entry::Released { address });
        }
    }

    #[test]
    fn a_write_that_fails_is_told_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        std::fs::write(&path, "").unwrap();
        let mut journal = Journal {
            file: File::open(&path),
            ..Journal::create(folder.path())
        };
        for number in 0..3 * BUFFER_WORDS {
            journal.released(number * 16);
        }
        let error = journal.entries().map(drop).unwrap_err();
        // The file is open for reading only.
        assert_eq!(error.raw_os_error(), Some(9), "{error}");
    }
}
