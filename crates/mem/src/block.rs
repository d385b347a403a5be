//! Blocks, and the three spaces that they can lie in.

use std::ptr::NonNull;

/// Where a block lies, which decides how its header is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Space {
    /// In a pool of blocks of one size.
    Pool = 0,
    /// Alone in a run of whole units.
    Span = 1,
    /// In memory of the system allocator, behind a prefix.
    Foreign = 2,
}

/// A block of memory and the space it lies in.
///
/// A plain value: copying it copies no ownership, and dropping it releases
/// nothing. [`crate::OwnedBlock`] is the owning form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The first byte, aligned to [`crate::GRANULE_BYTES`].
    pub start: NonNull<u8>,
    /// The space it lies in.
    pub space: Space,
}
