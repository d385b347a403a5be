//! Memory domains: arenas, pools and blocks, with a side byte for every block.
//!
//! A [`Memory`] serves three domains. *Raw* requests go to the system
//! allocator. *Mem* and *object* requests of up to 8,192 bytes come from pools
//! of blocks of one size, larger ones from spans of whole units, and what fits
//! in neither from the system allocator with a prefix (foreign blocks). Pools
//! and spans lie in one reserved range of addresses:
//!
//! ```text
//! reserved range
//! ┌────────┬────────────┬──────────┬──────────┬─────┬ ─ ─ ─ ─ ─ ─ ─ ┐
//! │ arena  │ side bytes │ arena 0  │ arena 1  │  …    not accessible
//! │ table  │ 1 : 16     │ 1 MiB    │ 1 MiB    │     │      yet       │
//! └────────┴────────────┴──────────┴──────────┴─────┴ ─ ─ ─ ─ ─ ─ ─ ┘
//!                        │
//!                        ▼ 64 units of 16 KiB
//!                 ┌─────────┬──────┬──────┬─────────────────────┬──────┐
//!                 │ headers │ pool │ pool │ span of three units │ free │ …
//!                 └─────────┴──────┴──────┴─────────────────────┴──────┘
//!                  64 bytes for each unit, found from the address of a block
//! ```
//!
//! Every block has one *side byte*, which belongs to the layer above and is
//! zero in a fresh block. Side bytes lie in memory of their own, so that a walk
//! over marked objects, or a collection after a fork, writes no page that holds
//! objects. From the address of a block its side byte and its [`Memory`] are
//! found in constant time, given only its [`Space`].
//!
//! ```
//! use mortice_mem::{Domain, Memory};
//!
//! let memory = Memory::new()?;
//! let block = memory.block(Domain::Object, 48).expect("48 bytes are there");
//! // SAFETY: the block was handed out above and is released once.
//! unsafe {
//!     Memory::side(block.start, block.space).set(1);
//!     let mut marked = 0;
//!     memory.each_marked(&mut |_, side| {
//!         marked += 1;
//!         side.set(0);
//!     });
//!     assert_eq!(marked, 1);
//!     Memory::release(block);
//! }
//! # Ok::<(), mortice_mem::MemoryError>(())
//! ```
//!
//! # Safety
//!
//! Every `SAFETY` comment of this crate cites one of these invariants.
//!
//! - *live-block*: the address was handed out by this memory for this domain,
//!   has not been released since, and is passed with the space it was handed
//!   out with.
//! - *unit-header*: a unit whose bit is set in the pool or span mask of its
//!   arena has an initialised header, which stays until the unit is given back.
//!   Every block of a pool lies in the header's unit, every span's block begins
//!   in it. The header of a stash is initialised for as long as its memory.
//! - *free-link*: a block on the free list of a pool or stash begins with the
//!   address of the next one or null, and nobody else reads or writes it.
//! - *accessible*: the arenas below a region's arena count and their side bytes
//!   are mapped readable and writable, and stay so until the memory is dropped.
//! - *foreign-prefix*: a foreign block is preceded by an initialised prefix,
//!   linked into exactly one list of its owner.
//! - *stable-memory*: a `Memory` stays in the box it was built in for as long
//!   as anything reaches it through a header or a prefix.
//! - *one-thread*: one thread at a time uses a memory and its blocks, but for
//!   blocks that were sent to another one.
//! - *sent-block*: what its memory's thread did with a block happened before
//!   another thread gets it. That thread uses the block's own bytes, and when it
//!   releases it the `owner` of its header or prefix and the prefix's `bytes`,
//!   which stay as they are while the block lives, and the inbox of that memory,
//!   which is dropped later.
//! - *waiting-link*: a block in an inbox is in use as its pool or list counts.
//!   Its first word, or one behind the guard of a foreign block of fewer bytes,
//!   leads to the next one, is written before the block is pushed, and read by
//!   the memory's thread alone.
//! - *quiet-walk*: no object-domain block is released while a walk visits.
//! - *domain-functions*: the functions of a domain allocator are called with
//!   its context, which is valid, and with blocks that they take.
//! - *arena-functions*: the functions of an arena allocator are called with its
//!   context, which is valid, and with what they gave.
//! - *guarded-block*: a block that the debug hooks handed out lies between its
//!   guards, in memory of the functions that they wrap; one in quarantine is
//!   theirs alone.
//! - *passive-observer*: an observer uses nothing that the memory's users keep in it.
//! - *system-allocator*: pointers given to the system allocator's `realloc` and
//!   `free` came from it and were not freed since.

#[cfg(not(all(target_pointer_width = "64", unix)))]
compile_error!("mortice-mem needs a 64-bit Unix: it reserves address space with mmap");

mod admission;
mod allocator;
mod arena;
mod arena_allocator;
mod block;
mod check;
mod choice;
mod class;
mod config;
mod debug;
mod domain;
mod domain_allocator;
mod error;
#[cfg(feature = "canary")]
pub mod fault;
mod foreign;
mod guard;
mod memory;
mod observer;
mod owned;
mod pool;
mod purge;
mod raw;
mod region;
mod regions;
mod remote;
mod sanitizer;
mod serve;
mod slots;
mod span;
mod stash;
mod statistics;
mod typed;
mod walk;

pub use allocator::MemoryRef;
pub use arena_allocator::ArenaAllocator;
pub use block::{Block, Space};
pub use choice::{Choice, UnknownChoice};
pub use class::{CLASS_COUNT, POOL_LIMIT_BYTES, SMALL_CLASS_COUNT, SMALL_LIMIT_BYTES};
pub use config::Config;
pub use domain::Domain;
pub use domain_allocator::DomainAllocator;
pub use error::{CheckError, MemoryError};
pub use guard::{Misuse, Violation};
pub use memory::Memory;
pub use observer::{LiveBlocks, Observer};
pub use owned::{Buffer, OwnedBlock, SentBlock};
pub use pool::HEADER_BYTES;
pub use remote::Home;
pub use slots::{DomainSource, Slots, Source, SystemSource};
pub use span::SPAN_LIMIT_BYTES;
pub use statistics::{ClassStatistics, DomainStatistics, Statistics};
pub use walk::{POOL_SIDE_WORDS, Pool, SideMap};

/// The bytes that share one side byte; every block is aligned to it.
pub const GRANULE_BYTES: usize = 16;
/// The bytes of a unit: a pool is one, a span is several, and both are aligned
/// to it.
pub const POOL_BYTES: usize = 16 * 1024;
/// The bytes of an arena: the amount by which a region becomes accessible.
pub const ARENA_BYTES: usize = 1024 * 1024;
