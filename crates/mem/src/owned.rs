//! Owned memory: safe forms of the two ways to hold some.
//!
//! [`OwnedBlock`] is a block with its space and side byte, [`Buffer`] a pointer
//! from the C-like functions of a domain. Both release when dropped and both
//! remember how far they are initialised, so that tests, models and replays
//! need no unsafe code.

use std::cell::Cell;
use std::ptr::NonNull;
use std::slice;

use crate::domain::Domain;
use crate::foreign::Prefix;
use crate::memory::Memory;
use crate::pool::Header;
use crate::remote::Home;
use crate::{Block, Space};

/// A block that is released when it is dropped.
///
/// Dropping it clears its side byte. Dropped inside a visitor of
/// [`Memory::each_marked`], an object-domain block is leaked instead, since
/// that walk cannot lose blocks.
pub struct OwnedBlock<'m> {
    memory: &'m Memory,
    domain: Domain,
    block: Block,
    bytes: usize,
    initialised: usize,
}

impl<'m> OwnedBlock<'m> {
    /// Allocates a block; the domain is not raw. Where the memory has a client,
    /// its object domain is refused: the side bytes there are the client's.
    pub fn new(memory: &'m Memory, domain: Domain, bytes: usize) -> Option<OwnedBlock<'m>> {
        let taken = domain == Domain::Object && !memory.client().is_null();
        if domain == Domain::Raw || taken {
            return None;
        }
        Some(OwnedBlock {
            memory,
            domain,
            block: memory.block(domain, bytes)?,
            bytes,
            initialised: 0,
        })
    }

    /// The block's space.
    pub fn space(&self) -> Space {
        self.block.space
    }

    /// The address of the first byte.
    pub fn address(&self) -> usize {
        self.block.start.addr().get()
    }

    /// The bytes that were asked for.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The bytes that may be used.
    pub fn usable_bytes(&self) -> usize {
        // SAFETY: *live-block*: owned.
        unsafe { Memory::usable_bytes(self.block) }
    }

    /// The side byte.
    pub fn side(&self) -> &Cell<u8> {
        // SAFETY: *live-block*: owned for as long as `self` is borrowed.
        unsafe { Memory::side(self.block.start, self.block.space) }
    }

    /// The unit byte of the pool or span.
    pub fn unit_byte(&self) -> &Cell<u8> {
        // SAFETY: *live-block*: owned for as long as `self` is borrowed.
        unsafe { Memory::unit_byte(self.block.start, self.block.space) }
    }

    /// Whether the memory found from the block's address is the one it came
    /// from.
    pub fn finds_owner(&self) -> bool {
        // The address is compared and not followed, so that a memory moved out
        // of its box is told from the one that the block came from.
        //
        // SAFETY: *live-block*, *unit-header*, *foreign-prefix*: owned.
        let owner = unsafe {
            match self.block.space {
                Space::Foreign => (*Prefix::of(self.block.start)).owner,
                Space::Pool | Space::Span => (*Header::of(self.block.start)).owner,
            }
        };
        std::ptr::eq(owner, self.memory)
    }

    /// Writes `value` to every byte that was asked for.
    pub fn fill(&mut self, value: u8) {
        // SAFETY: *live-block*: owned, and at least that large.
        unsafe { self.block.start.write_bytes(value, self.bytes) };
        self.initialised = self.bytes;
    }

    /// Changes the size with [`Memory::realloc`], as [`Buffer::resize`].
    #[must_use]
    pub fn resize(&mut self, bytes: usize) -> bool {
        if self.domain == Domain::Object && self.memory.walks.get() != 0 {
            return false;
        }
        // SAFETY: *live-block*: owned, and replaced by the result.
        unsafe {
            let block = self.memory.resize_block(self.domain, self.block, bytes);
            let Some(block) = block else { return false };
            self.block = block;
        }
        self.bytes = bytes;
        self.initialised = self.initialised.min(bytes);
        true
    }

    /// The initialised bytes.
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: *live-block*: owned, and initialised so far.
        unsafe { slice::from_raw_parts(self.block.start.as_ptr(), self.initialised) }
    }

    /// Makes a block of it that another thread can take. Its side byte is
    /// cleared.
    pub fn send(self) -> SentBlock<'m> {
        self.side().set(0);
        let sent = SentBlock {
            home: self.memory.home(),
            block: self.block,
            bytes: self.bytes,
            initialised: self.initialised,
        };
        std::mem::forget(self);
        sent
    }
}

/// A block that may be dropped on any thread: it goes home to its memory.
///
/// ```
/// use mortice_mem::{Domain, Memory, OwnedBlock};
///
/// let memory = Memory::new()?;
/// let mut block = OwnedBlock::new(&memory, Domain::Object, 40).expect("40 bytes").send();
/// std::thread::scope(|scope| {
///     scope.spawn(move || {
///         block.fill(7);
///         assert_eq!(block.as_slice(), [7; 40]);
///     });
/// });
/// assert_eq!(memory.collect_remote(), 1);
/// assert_eq!(memory.statistics().object.blocks_in_use(), 0);
/// # Ok::<(), mortice_mem::MemoryError>(())
/// ```
pub struct SentBlock<'m> {
    home: Home<'m>,
    block: Block,
    bytes: usize,
    initialised: usize,
}

// SAFETY: *sent-block*: the block's bytes are its own, the rest is reached by its
// home alone, and its memory is borrowed.
unsafe impl Send for SentBlock<'_> {}

impl SentBlock<'_> {
    /// The bytes that were asked for.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Writes `value` to every byte that was asked for.
    pub fn fill(&mut self, value: u8) {
        // SAFETY: *live-block*: owned, and at least that large.
        unsafe { self.block.start.write_bytes(value, self.bytes) };
        self.initialised = self.bytes;
    }

    /// The initialised bytes.
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: *live-block*: owned, and initialised so far.
        unsafe { slice::from_raw_parts(self.block.start.as_ptr(), self.initialised) }
    }
}

impl Drop for SentBlock<'_> {
    fn drop(&mut self) {
        // SAFETY: *sent-block*: owned until here, its side byte zero.
        unsafe { self.home.release(self.block) };
    }
}

impl Drop for OwnedBlock<'_> {
    fn drop(&mut self) {
        if self.domain == Domain::Object && self.memory.walks.get() != 0 {
            return;
        }
        self.side().set(0);
        // SAFETY: *live-block*: owned until here; *quiet-walk*: tested above.
        unsafe { Memory::release(self.block) };
    }
}

/// Memory from the C-like functions of a domain, released when dropped.
///
/// As for [`OwnedBlock`], an object-domain buffer is leaked when dropped inside
/// a visitor of [`Memory::each_marked`].
pub struct Buffer<'m> {
    memory: &'m Memory,
    domain: Domain,
    start: NonNull<u8>,
    bytes: usize,
    initialised: usize,
}

impl<'m> Buffer<'m> {
    /// Allocates with [`Memory::malloc`].
    pub fn new(memory: &'m Memory, domain: Domain, bytes: usize) -> Option<Buffer<'m>> {
        Some(Buffer {
            memory,
            domain,
            start: memory.malloc(domain, bytes)?,
            bytes,
            initialised: 0,
        })
    }

    /// Allocates with [`Memory::calloc`].
    pub fn zeroed(
        memory: &'m Memory,
        domain: Domain,
        count: usize,
        bytes: usize,
    ) -> Option<Buffer<'m>> {
        let start = memory.calloc(domain, count, bytes)?;
        Some(Buffer {
            memory,
            domain,
            start,
            bytes: count * bytes,
            initialised: count * bytes,
        })
    }

    /// The address of the first byte.
    pub fn address(&self) -> usize {
        self.start.addr().get()
    }

    /// The bytes that were asked for.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Changes the size with [`Memory::realloc`] and tells whether that worked.
    /// If not, nothing has changed. Inside a visitor of
    /// [`Memory::each_marked`], an object-domain buffer keeps its size.
    #[must_use]
    pub fn resize(&mut self, bytes: usize) -> bool {
        if self.domain == Domain::Object && self.memory.walks.get() != 0 {
            return false;
        }
        // SAFETY: *live-block*: owned, and replaced by the result.
        let start = unsafe { self.memory.realloc(self.domain, Some(self.start), bytes) };
        let Some(start) = start else { return false };
        self.start = start;
        self.bytes = bytes;
        self.initialised = self.initialised.min(bytes);
        true
    }

    /// Writes `value` to every byte.
    pub fn fill(&mut self, value: u8) {
        // SAFETY: *live-block*: owned, and at least that large.
        unsafe { self.start.write_bytes(value, self.bytes) };
        self.initialised = self.bytes;
    }

    /// The initialised bytes.
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: *live-block*: owned, and initialised so far.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.initialised) }
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        if self.domain == Domain::Object && self.memory.walks.get() != 0 {
            return;
        }
        // SAFETY: *live-block*: owned until here; *quiet-walk*: tested above.
        unsafe { self.memory.free(self.domain, Some(self.start)) };
    }
}
