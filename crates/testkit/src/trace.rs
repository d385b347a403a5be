//! Allocation traces: recorded programs that an allocator can be made to run.
//!
//! A trace is a list of little-endian 64-bit words. The first is the number of
//! slots, the most blocks that were alive at once. Each further word is an
//! event:
//!
//! | bits | meaning |
//! |---|---|
//! | 0–1 | 0 allocate, 1 release, 2 reallocate |
//! | 2–27 | the slot |
//! | 28– | the size in bytes, 0 for a release |

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use mortice_mem::{Domain, Memory, OwnedBlock, Slots, Source};
use thiserror::Error;

/// A trace could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TraceError {
    /// The file could not be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file is not compressed as it should be.
    #[error("{}: not an xz file: {reason}", path.display())]
    Compression {
        /// The file.
        path: PathBuf,
        /// The decoder's reason.
        reason: String,
    },
    /// The length is not a multiple of eight, or zero.
    #[error("a trace of {bytes} bytes is not a list of 8-byte words")]
    Length {
        /// The length.
        bytes: usize,
    },
    /// An event is of no known kind, or names a slot that cannot be meant.
    #[error("event {index}: {reason}")]
    Event {
        /// The number of events before.
        index: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// One event of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A block is allocated into an empty slot.
    Allocate {
        /// The slot.
        slot: u32,
        /// The size asked for.
        bytes: usize,
    },
    /// The block in a slot is released.
    Release {
        /// The slot.
        slot: u32,
    },
    /// The block in a slot changes its size.
    Reallocate {
        /// The slot.
        slot: u32,
        /// The size asked for.
        bytes: usize,
    },
}

/// A trace, checked to be one that an allocator can run.
#[derive(Clone, Debug)]
pub struct Trace {
    slot_count: usize,
    words: Vec<u64>,
}

impl Trace {
    /// The file `name` of the shared data, if this machine has it: in the
    /// folder that `MORTICE_SHARED` names, else in `shared` beside the
    /// workspace.
    pub fn find(name: &str) -> Option<PathBuf> {
        let shared = env::var_os("MORTICE_SHARED").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        );
        Some(shared.join("data").join(name)).filter(|path| path.is_file())
    }

    /// Reads an xz-compressed trace.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no trace.
    pub fn read(path: &Path) -> Result<Trace, TraceError> {
        let file = fs::File::open(path).map_err(|source| TraceError::Read {
            path: path.into(),
            source,
        })?;
        let mut bytes = Vec::new();
        lzma_rs::xz_decompress(&mut BufReader::new(file), &mut bytes).map_err(|error| {
            TraceError::Compression {
                path: path.into(),
                reason: format!("{error:?}"),
            }
        })?;
        Trace::parse(&bytes)
    }

    /// Reads an unpacked trace.
    ///
    /// # Errors
    ///
    /// The bytes are no trace.
    pub fn parse(bytes: &[u8]) -> Result<Trace, TraceError> {
        let (words, rest) = bytes.as_chunks::<8>();
        let [slots, words @ ..] = words else {
            return Err(TraceError::Length { bytes: bytes.len() });
        };
        if !rest.is_empty() {
            return Err(TraceError::Length { bytes: bytes.len() });
        }
        let trace = Trace {
            slot_count: u64::from_le_bytes(*slots) as usize,
            words: words.iter().map(|&word| u64::from_le_bytes(word)).collect(),
        };
        trace.verify()?;
        Ok(trace)
    }

    /// The events are of known kinds and use the slots as they must.
    fn verify(&self) -> Result<(), TraceError> {
        let mut used = Vec::new();
        for (index, &word) in self.words.iter().enumerate() {
            let wrong = |reason| TraceError::Event { index, reason };
            let slot = (word >> 2 & 0x3FF_FFFF) as usize;
            if slot >= self.slot_count {
                return Err(wrong("the slot is beyond the number of slots"));
            }
            if used.len() <= slot {
                used.resize(slot + 1, false);
            }
            match (word & 3, used[slot]) {
                (0, false) => used[slot] = true,
                (1, true) => used[slot] = false,
                (2, true) => {}
                (0, true) => return Err(wrong("the slot holds a block")),
                (1 | 2, false) => return Err(wrong("the slot holds no block")),
                _ => return Err(wrong("no such operation")),
            }
        }
        Ok(())
    }

    /// The most blocks alive at once.
    pub fn slot_count(&self) -> usize {
        self.slot_count
    }

    /// The number of events.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are no events.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The events in order.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        self.words.iter().map(|&word| {
            let slot = (word >> 2 & 0x3FF_FFFF) as u32;
            let bytes = (word >> 28) as usize;
            match word & 3 {
                0 => Event::Allocate { slot, bytes },
                1 => Event::Release { slot },
                _ => Event::Reallocate { slot, bytes },
            }
        })
    }
}

/// An allocator that a trace can run on, with a table of numbered slots.
pub trait Subject {
    /// Allocates a block into an empty slot, writes `word` to its start, and
    /// tells whether that worked.
    fn allocate(&mut self, slot: usize, bytes: usize, word: u64) -> bool;

    /// Changes the size of a slot's block and tells whether that worked.
    fn reallocate(&mut self, slot: usize, bytes: usize) -> bool;

    /// Reads and writes the word at the start of a slot's block, as the last use
    /// of an object does, and releases the block. Gives the word.
    fn release(&mut self, slot: usize) -> u64;
}

/// An allocator refused a request of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("event {index}: no memory for {bytes} bytes")]
pub struct Refused {
    /// The number of events before.
    pub index: usize,
    /// The size asked for.
    pub bytes: usize,
}

/// Runs a trace on an allocator. The result depends on every block's first
/// word, so that no access can be left out.
///
/// ```
/// use mortice_mem::{Domain, DomainSource, Memory, Slots, SystemSource};
/// use mortice_testkit::trace::{Trace, replay};
///
/// // One slot: allocate 40 bytes there, and release them.
/// let words = [1u64, 40 << 28, 1];
/// let trace = Trace::parse(&words.map(u64::to_le_bytes).concat())?;
/// let memory = Memory::new()?;
/// let mut ours = Slots::new(
///     DomainSource::new(&memory, Domain::Object),
///     trace.slot_count(),
/// );
/// let mut systems = Slots::new(SystemSource, trace.slot_count());
/// assert_eq!(replay(&trace, &mut ours), replay(&trace, &mut systems));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The allocator refuses a request.
pub fn replay<S: Subject>(trace: &Trace, subject: &mut S) -> Result<u64, Refused> {
    let mut sum = 0u64;
    for (index, event) in trace.events().enumerate() {
        match event {
            Event::Allocate { slot, bytes } => {
                if !subject.allocate(slot as usize, bytes, index as u64) {
                    return Err(Refused { index, bytes });
                }
            }
            Event::Release { slot } => {
                sum = sum.wrapping_add(subject.release(slot as usize));
            }
            Event::Reallocate { slot, bytes } => {
                if !subject.reallocate(slot as usize, bytes) {
                    return Err(Refused { index, bytes });
                }
            }
        }
    }
    Ok(sum)
}

impl<S: Source> Subject for Slots<S> {
    #[inline]
    fn allocate(&mut self, slot: usize, bytes: usize, word: u64) -> bool {
        Slots::allocate(self, slot, bytes, word)
    }

    #[inline]
    fn reallocate(&mut self, slot: usize, bytes: usize) -> bool {
        self.resize(slot, bytes)
    }

    #[inline]
    fn release(&mut self, slot: usize) -> u64 {
        Slots::release(self, slot).unwrap_or(0)
    }
}

/// A domain of a memory whose blocks are filled, and checked for overlap and
/// for their contents.
pub struct CheckedBlocks<'m> {
    memory: &'m Memory,
    domain: Domain,
    slots: BTreeMap<usize, OwnedBlock<'m>>,
    stamp: u8,
    /// The addresses in use: the end of each range by its start.
    ranges: BTreeMap<usize, usize>,
    /// The first thing found wrong.
    pub finding: Option<String>,
}

impl<'m> CheckedBlocks<'m> {
    /// Runs a trace on a domain that is not raw.
    pub fn new(memory: &'m Memory, domain: Domain) -> CheckedBlocks<'m> {
        CheckedBlocks {
            memory,
            domain,
            slots: BTreeMap::new(),
            stamp: 0,
            ranges: BTreeMap::new(),
            finding: None,
        }
    }

    fn enter(&mut self, held: &OwnedBlock<'m>) {
        let (start, end) = (held.address(), held.address() + held.usable_bytes());
        let before = self.ranges.range(..end).next_back();
        if before.is_some_and(|(_, &other_end)| other_end > start) {
            self.report(format!("{start:#x}..{end:#x} overlaps {before:x?}"));
        }
        self.ranges.insert(start, end);
    }

    fn report(&mut self, finding: String) {
        self.finding.get_or_insert(finding);
    }

    /// Every initialised byte holds what the first one does.
    fn verify(&mut self, held: &OwnedBlock<'m>) {
        let contents = held.as_slice();
        if contents.iter().any(|byte| Some(byte) != contents.first()) {
            self.report(format!("the block at {:#x} was written to", held.address()));
        }
    }
}

impl Subject for CheckedBlocks<'_> {
    fn allocate(&mut self, slot: usize, bytes: usize, _: u64) -> bool {
        let Some(mut held) = OwnedBlock::new(self.memory, self.domain, bytes) else {
            return false;
        };
        self.enter(&held);
        self.stamp = self.stamp.wrapping_add(1);
        held.fill(self.stamp);
        self.slots.insert(slot, held);
        true
    }

    fn reallocate(&mut self, slot: usize, bytes: usize) -> bool {
        let Some(mut held) = self.slots.remove(&slot) else {
            return false;
        };
        self.ranges.remove(&held.address());
        let done = held.resize(bytes);
        self.enter(&held);
        self.verify(&held);
        self.stamp = self.stamp.wrapping_add(1);
        held.fill(self.stamp);
        self.slots.insert(slot, held);
        done
    }

    fn release(&mut self, slot: usize) -> u64 {
        let Some(held) = self.slots.remove(&slot) else {
            return 0;
        };
        self.verify(&held);
        self.ranges.remove(&held.address());
        u64::from(held.as_slice().first().copied().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use mortice_mem::{DomainSource, SystemSource};

    use super::*;

    fn trace(words: &[u64]) -> Result<Trace, TraceError> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        Trace::parse(&bytes)
    }

    #[test]
    fn events_are_decoded() {
        let trace = trace(&[2, 1 << 2 | 40 << 28, 2 | 1 << 2 | 80 << 28, 1 | 1 << 2]).unwrap();
        assert_eq!(trace.slot_count(), 2);
        let events: Vec<_> = trace.events().collect();
        assert_eq!(
            events,
            [
                Event::Allocate { slot: 1, bytes: 40 },
                Event::Reallocate { slot: 1, bytes: 80 },
                Event::Release { slot: 1 },
            ]
        );
    }

    #[test]
    fn words_that_are_no_trace_are_refused() {
        assert!(matches!(
            Trace::parse(&[]),
            Err(TraceError::Length { bytes: 0 })
        ));
        assert!(matches!(
            Trace::parse(&[0; 12]),
            Err(TraceError::Length { bytes: 12 })
        ));
        for (words, reason) in [
            (&[1, 4][..], "the slot is beyond the number of slots"),
            (&[1, 0, 0][..], "the slot holds a block"),
            (&[1, 1][..], "the slot holds no block"),
            (&[1, 2][..], "the slot holds no block"),
            (&[1, 3][..], "no such operation"),
        ] {
            match trace(words) {
                Err(TraceError::Event { reason: found, .. }) => assert_eq!(found, reason),
                other => panic!("{words:?} gave {other:?}"),
            }
        }
    }

    #[test]
    fn subjects_see_the_same_words() {
        let trace = trace(&[2, 40 << 28, 4 | 9 << 28, 2 | 600 << 28, 1, 5]).unwrap();
        let memory = Memory::new().unwrap();
        let source = DomainSource::new(&memory, Domain::Object);
        assert_eq!(replay(&trace, &mut Slots::new(source, 2)), Ok(1));
        assert_eq!(replay(&trace, &mut Slots::new(SystemSource, 2)), Ok(1));
    }
}
