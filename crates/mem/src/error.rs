//! What can go wrong: building a memory, and finding it damaged.

use thiserror::Error;

/// A memory could not be built.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// The system granted no address space, however little was asked for.
    #[error("no address space for a region of {bytes} bytes: {source}")]
    Reserve {
        /// The bytes of the last and smallest attempt.
        bytes: usize,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The system allocator had no memory for the bookkeeping.
    #[error("no memory for {bytes} bytes of bookkeeping")]
    Bookkeeping {
        /// The bytes that were asked for.
        bytes: usize,
    },
    /// The Cargo feature `fixed` rules the choice out.
    #[error(
        "the allocator `{choice}` needs debug hooks, which this build has not (feature `fixed`)"
    )]
    Fixed {
        /// The choice.
        choice: crate::Choice,
    },
}

/// [`crate::Memory::check`] found an equation or a link that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The guards of a block have been written to.
    #[error("{0}")]
    Misuse(crate::Violation),
    /// A unit is in none or in several of the sets of its arena.
    #[error("arena at {arena:#x}: units {units:#018x} are in no set or in several")]
    UnitSets {
        /// The arena's address.
        arena: usize,
        /// The units, one bit each.
        units: u64,
    },
    /// A header's field has a value that its place rules out.
    #[error("header at {header:#x}: {field} is {found}, expected {expected}")]
    Header {
        /// The header's address.
        header: usize,
        /// The field's name.
        field: &'static str,
        /// What the field holds.
        found: usize,
        /// What it has to hold.
        expected: usize,
    },
    /// A free list leads out of the blocks that its pool has carved, or does
    /// not end.
    #[error("pool at {pool:#x}: the free list leads to {link:#x} after {steps} blocks")]
    FreeList {
        /// The pool's address.
        pool: usize,
        /// Where the list leads.
        link: usize,
        /// The number of links followed before.
        steps: usize,
    },
    /// A side byte is set where no block begins that is in use.
    #[error("side byte of {address:#x} is {value}, but no block begins there")]
    SideByte {
        /// The address that the side byte belongs to.
        address: usize,
        /// Its value.
        value: u8,
    },
    /// A list of pools or foreign blocks has a link that does not lead back.
    #[error("{list} list: the link at {at:#x} does not lead back")]
    List {
        /// Which list.
        list: &'static str,
        /// The address of the element whose link is wrong.
        at: usize,
    },
    /// Two ways of counting differ.
    #[error("{what}: counted {counted}, recorded {recorded}")]
    Count {
        /// What was counted.
        what: &'static str,
        /// The result of the walk.
        counted: usize,
        /// The figure in the books.
        recorded: usize,
    },
}
