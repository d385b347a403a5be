//! Allocation traces: recorded programs that an allocator can be made to run.
//!
//! A trace is a list of little-endian 64-bit words. The first is the number of *slots*: the most blocks that were
//! alive at once. Each further word is an event:
//!
//! | bits | meaning |
//! |---|---|
//! | 0–1 | the operation: 0 allocate, 1 release, 2 reallocate |
//! | 2–27 | the slot |
//! | 28–61 | the size in bytes, 0 for a release |
//! | 62–63 | the domain: 0 not recorded, 1 raw, 2 mem, 3 object; 0 for a release |
//!
//! A block is known by its slot from its allocation to its release; then the slot can hold another. Every block
//! is released before the trace ends, so that one which was cut short is not taken for a whole one. No slot is
//! left out: there are at most as many as events.
//!
//! A file holds these words as they are, or compressed by `xz`; its first bytes tell which. [`Trace::read`]
//! accepts both and refuses everything that is not a trace, so that whoever has a [`Trace`] may replay it
//! without tests of its own.

mod read;

use std::io;
use std::path::{Path, PathBuf};

use mortice_mem::Domain;
use thiserror::Error;

use crate::recorder::Output;

/// The most slots that a trace can have.
pub const SLOT_LIMIT: usize = 1 << 26;
/// The largest size that an event can name; a larger request is recorded as this.
pub const SIZE_LIMIT_BYTES: usize = (1 << 34) - 1;

const SLOT_SHIFT: u32 = 2;
const SIZE_SHIFT: u32 = 28;
const DOMAIN_SHIFT: u32 = 62;

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
    /// The file begins as xz files do and cannot be unpacked.
    #[error("{}: damaged xz file: {reason}", path.display())]
    Compression {
        /// The file.
        path: PathBuf,
        /// The decoder's reason.
        reason: String,
    },
    /// What the file holds is no trace.
    #[error("{}: {fault}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What keeps bytes from being a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// The length is not a multiple of eight, or zero.
    #[error("a trace of {bytes} bytes is not a list of 8-byte words")]
    Length {
        /// The length.
        bytes: usize,
    },
    /// There are more words than this program reads.
    #[error("a trace of more than {limit_bytes} bytes is not read")]
    Giant {
        /// The most bytes that are read.
        limit_bytes: u64,
    },
    /// There is no memory for the words.
    #[error("no memory for a trace of {bytes} bytes")]
    Memory {
        /// What there is no memory for.
        bytes: usize,
    },
    /// There are more slots than can be used.
    #[error("{slots} slots are more than {events} events can fill")]
    Slots {
        /// The slots.
        slots: u64,
        /// The events.
        events: usize,
    },
    /// An event is of no known kind, or names a slot that cannot be meant.
    #[error("event {index}: {fault}")]
    Event {
        /// The number of events before.
        index: usize,
        /// What is wrong with it.
        fault: EventFault,
    },
    /// Blocks are alive after the last event.
    #[error("cut short after event {last}: {blocks} of its blocks are never released")]
    Cut {
        /// How many.
        blocks: usize,
        /// The number of the last event.
        last: usize,
    },
}

/// What is wrong with one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EventFault {
    /// The operation is 3.
    #[error("no such operation")]
    Operation,
    /// The slot's number is too large.
    #[error("slot {slot} is beyond the {slots} slots")]
    Beyond {
        /// The slot.
        slot: usize,
        /// The number of slots.
        slots: usize,
    },
    /// An allocation into a slot that holds a block.
    #[error("slot {slot} holds a block already")]
    Taken {
        /// The slot.
        slot: usize,
    },
    /// A release or reallocation of nothing.
    #[error("slot {slot} holds no block")]
    Empty {
        /// The slot.
        slot: usize,
    },
    /// A release has a size or a domain.
    #[error("a release has no size and no domain")]
    Release,
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
        /// The domain, if it was recorded.
        domain: Option<Domain>,
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
        /// The domain, if it was recorded.
        domain: Option<Domain>,
    },
}

impl Event {
    /// The event as a trace has it. A slot or size beyond the limits is cut to them.
    pub fn word(self) -> u64 {
        let (operation, slot, bytes, domain) = match self {
            Event::Allocate {
                slot,
                bytes,
                domain,
            } => (0, slot, bytes, domain),
            Event::Release { slot } => (1, slot, 0, None),
            Event::Reallocate {
                slot,
                bytes,
                domain,
            } => (2, slot, bytes, domain),
        };
        let slot = u64::from(slot).min(SLOT_LIMIT as u64 - 1);
        let bytes = bytes.min(SIZE_LIMIT_BYTES) as u64;
        let domain = domain.map_or(0, |domain| domain as u64 + 1);
        operation | slot << SLOT_SHIFT | bytes << SIZE_SHIFT | domain << DOMAIN_SHIFT
    }

    /// The event that a word is; none for an operation that does not exist.
    #[inline]
    pub fn of(word: u64) -> Option<Event> {
        let slot = (word >> SLOT_SHIFT & (SLOT_LIMIT as u64 - 1)) as u32;
        let bytes = (word >> SIZE_SHIFT) as usize & SIZE_LIMIT_BYTES;
        let domain = match word >> DOMAIN_SHIFT {
            1 => Some(Domain::Raw),
            2 => Some(Domain::Mem),
            3 => Some(Domain::Object),
            _ => None,
        };
        match word & 3 {
            0 => Some(Event::Allocate {
                slot,
                bytes,
                domain,
            }),
            1 => Some(Event::Release { slot }),
            2 => Some(Event::Reallocate {
                slot,
                bytes,
                domain,
            }),
            _ => None,
        }
    }

    /// The slot.
    #[inline]
    pub fn slot(self) -> usize {
        match self {
            Event::Allocate { slot, .. }
            | Event::Release { slot }
            | Event::Reallocate { slot, .. } => slot as usize,
        }
    }
}

/// A trace, checked to be one that an allocator can run.
///
/// Having one tells you that every slot is below [`Trace::slot_count`], that blocks are allocated into empty
/// slots, that what is released or reallocated is there, and that nothing is left at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    slot_count: usize,
    words: Vec<u64>,
}

impl Trace {
    /// Reads a file, plain or compressed by xz.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no trace.
    pub fn read(path: &Path) -> Result<Trace, TraceError> {
        read::file(path)
    }

    /// Reads plain words.
    ///
    /// # Errors
    ///
    /// The bytes are no trace.
    pub fn parse(bytes: &[u8]) -> Result<Trace, Fault> {
        let (words, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(Fault::Length { bytes: bytes.len() });
        }
        Trace::of_words(words.iter().map(|&word| u64::from_le_bytes(word)).collect())
    }

    /// Makes a trace of events, whose slots are counted.
    ///
    /// # Errors
    ///
    /// The events are not those of a trace.
    pub fn of_events(events: &[Event]) -> Result<Trace, Fault> {
        let slots = events.iter().map(|event| event.slot() + 1).max();
        let mut words = vec![slots.unwrap_or(0) as u64];
        words.extend(events.iter().map(|event| event.word()));
        Trace::of_words(words)
    }

    /// Takes the words of a trace, the number of slots first.
    fn of_words(mut words: Vec<u64>) -> Result<Trace, Fault> {
        let Some(&slots) = words.first() else {
            return Err(Fault::Length { bytes: 0 });
        };
        let events = words.len() - 1;
        if slots > SLOT_LIMIT as u64 || slots > events as u64 {
            return Err(Fault::Slots { slots, events });
        }
        words.remove(0);
        let trace = Trace {
            slot_count: slots as usize,
            words,
        };
        trace.verify()?;
        Ok(trace)
    }

    /// The events are of known kinds and use the slots as they must.
    fn verify(&self) -> Result<(), Fault> {
        let mut used = vec![false; self.slot_count];
        for (index, &word) in self.words.iter().enumerate() {
            Trace::step(&mut used, word).map_err(|fault| Fault::Event { index, fault })?;
        }
        match used.iter().filter(|&&used| used).count() {
            0 => Ok(()),
            blocks => Err(Fault::Cut {
                blocks,
                last: self.words.len() - 1,
            }),
        }
    }

    fn step(used: &mut [bool], word: u64) -> Result<(), EventFault> {
        let slots = used.len();
        let event = Event::of(word).ok_or(EventFault::Operation)?;
        let slot = event.slot();
        let used = used
            .get_mut(slot)
            .ok_or(EventFault::Beyond { slot, slots })?;
        match event {
            Event::Allocate { .. } if *used => return Err(EventFault::Taken { slot }),
            Event::Release { .. } | Event::Reallocate { .. } if !*used => {
                return Err(EventFault::Empty { slot });
            }
            Event::Release { .. } if word >> SIZE_SHIFT != 0 => return Err(EventFault::Release),
            Event::Allocate { .. } => *used = true,
            Event::Release { .. } => *used = false,
            Event::Reallocate { .. } => {}
        }
        Ok(())
    }

    /// Writes the trace to a file, plain. Whoever looks sees the old file or the whole new one.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut output = Output::create(path)?;
        for &word in &self.words {
            output.put(word)?;
        }
        output.finish(self.slot_count as u64)
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
        // Every word is an event: `verify` has seen to it.
        self.words.iter().filter_map(|&word| Event::of(word))
    }
}

#[cfg(test)]
mod tests;
