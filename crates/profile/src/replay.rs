//! Running a trace on an allocator.

use mortice_mem::{Domain, Slots, Source};
use thiserror::Error;

use crate::trace::{Event, Trace};

/// An allocator that a trace can run on, with a table of numbered slots.
pub trait Subject {
    /// Allocates a block into an empty slot, writes `word` to its start, and
    /// tells whether that worked. The domain is the recorded one; a subject that
    /// is one domain need not look at it.
    fn allocate(&mut self, slot: usize, bytes: usize, domain: Option<Domain>, word: u64) -> bool;

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
/// use mortice_profile::replay::replay;
/// use mortice_profile::trace::Trace;
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
/// The allocator refuses a request. It then holds what the events before left.
pub fn replay<S: Subject>(trace: &Trace, subject: &mut S) -> Result<u64, Refused> {
    let mut sum = 0u64;
    for (index, event) in trace.events().enumerate() {
        match event {
            Event::Allocate {
                slot,
                bytes,
                domain,
            } => {
                if !subject.allocate(slot as usize, bytes, domain, index as u64) {
                    return Err(Refused { index, bytes });
                }
            }
            Event::Release { slot } => {
                sum = sum.wrapping_add(subject.release(slot as usize));
            }
            Event::Reallocate { slot, bytes, .. } => {
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
    fn allocate(&mut self, slot: usize, bytes: usize, _: Option<Domain>, word: u64) -> bool {
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

#[cfg(test)]
mod tests {
    use mortice_mem::{DomainSource, Memory, SystemSource};

    use super::*;

    #[test]
    fn subjects_see_the_same_words() {
        let words = [2u64, 40 << 28, 4 | 9 << 28, 2 | 600 << 28, 1, 5];
        let trace = Trace::parse(&words.map(u64::to_le_bytes).concat()).unwrap();
        let memory = Memory::new().unwrap();
        let source = DomainSource::new(&memory, Domain::Object);
        assert_eq!(replay(&trace, &mut Slots::new(source, 2)), Ok(1));
        assert_eq!(replay(&trace, &mut Slots::new(SystemSource, 2)), Ok(1));
    }
}
