//! Blocks that are released on another thread than their memory's.
//!
//! A memory is used by one thread, its *home* thread. A block that was sent to
//! another thread may be released there all the same: it goes to the memory's
//! *inbox*, and the home thread releases it when it next needs memory that is
//! not at hand, or when it is told to.
//!
//! ```text
//! another thread                     home thread
//! release_remotely(block)            malloc: no pool with a free block
//!   │ link = head                      │ take the whole inbox at once
//!   ▼ head = block, if unchanged       ▼ release each block as any other
//! ┌───────┐    ┌───────┐    ┌───────┐
//! │ inbox │───►│ block │───►│ block │───► null
//! └───────┘    └───────┘    └───────┘
//! ```
//!
//! The link is the first word of the block; a foreign block of a few bytes has
//! room for it behind its guard. So a release on another thread takes no memory
//! and no lock, and touches nothing of the memory but the inbox and what was
//! written to the header or prefix before the block was handed out: its owner
//! and its size. All else happens on the home thread
//! through the same functions as a release there: stashes, purging, observers
//! and debug hooks know no difference.
//!
//! An entry's lowest bits, which alignment leaves free, say how it is to be
//! released.

mod check;
mod stack;

/// What the stack is made of. Its model has other ones.
mod atomic {
    pub(super) use std::sync::atomic::{AtomicPtr, Ordering};
}

use std::ptr::NonNull;

use self::stack::Stack;
use crate::domain::Domain;
use crate::foreign::Prefix;
use crate::guard::{self, HEAD_BYTES};
use crate::memory::Memory;
use crate::pool::Header;
use crate::{Block, GRANULE_BYTES, Space};

/// How an entry of an inbox is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// As a block with a known space.
    Block(Space),
    /// As a pointer from a domain's `malloc`.
    Pointer(Domain),
}

/// The kinds, by the lowest bits of an entry.
const KINDS: [Kind; 6] = [
    Kind::Block(Space::Pool),
    Kind::Block(Space::Span),
    Kind::Block(Space::Foreign),
    Kind::Pointer(Domain::Raw),
    Kind::Pointer(Domain::Mem),
    Kind::Pointer(Domain::Object),
];
const KIND_BITS: usize = GRANULE_BYTES - 1;
const _: () = assert!(KINDS.len() <= GRANULE_BYTES);

/// A block that waits in an inbox: its address, with its kind in the lowest bits.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry(NonNull<u8>);

impl Entry {
    fn of_block(block: Block) -> Entry {
        let kind = block.space as usize;
        Entry(block.start.map_addr(|address| address | kind))
    }

    fn of_pointer(domain: Domain, start: NonNull<u8>) -> Entry {
        let kind = Space::Foreign as usize + 1 + domain.row();
        Entry(start.map_addr(|address| address | kind))
    }

    /// The kind; none for an address that is no entry.
    fn kind(self) -> Option<Kind> {
        KINDS.get(self.0.addr().get() & KIND_BITS).copied()
    }

    /// The first byte of the block.
    fn start(self) -> Option<NonNull<u8>> {
        let kind = self.0.addr().get() & KIND_BITS;
        NonNull::new(self.0.as_ptr().map_addr(|address| address - kind))
    }

    /// Where the link lies.
    ///
    /// # Safety
    ///
    /// The block is live.
    unsafe fn link(self) -> *mut *mut u8 {
        // SAFETY: *waiting-link*: by this function's contract.
        unsafe {
            match (self.kind(), self.start()) {
                (Some(Kind::Block(Space::Foreign)), Some(start)) => Prefix::link(start),
                (_, start) => start.unwrap_unchecked().as_ptr().cast(),
            }
        }
    }

    /// The entry that the link leads to.
    ///
    /// # Safety
    ///
    /// This one waits in an inbox, or has just been taken from it, and the
    /// calling thread is that of the memory.
    unsafe fn next(self) -> Option<Entry> {
        // SAFETY: *waiting-link*: by this function's contract.
        NonNull::new(unsafe { self.link().read_unaligned() }).map(Entry)
    }
}

/// What was released on other threads, and waits.
pub(crate) struct Inbox(Stack);

impl Inbox {
    pub(crate) fn new() -> Inbox {
        Inbox(Stack::new())
    }

    /// Puts a block into the inbox. Any thread may.
    ///
    /// # Safety
    ///
    /// As for [`Memory::release_remotely`] or [`Home::free`], by the entry's
    /// kind.
    unsafe fn put(&self, entry: Entry) {
        self.0.push(entry.0.as_ptr(), |next| {
            // SAFETY: *sent-block*, *waiting-link*: until it is pushed, the
            // block is this thread's.
            unsafe { entry.link().write_unaligned(next) };
        });
    }

    /// The entries, newest first.
    ///
    /// # Safety
    ///
    /// The calling thread is the memory's, and takes none of them meanwhile.
    unsafe fn iter(&self) -> impl Iterator<Item = Entry> {
        let mut at = NonNull::new(self.0.first()).map(Entry);
        std::iter::from_fn(move || {
            let entry = at?;
            // SAFETY: *waiting-link*: by this function's contract.
            at = unsafe { entry.next() };
            Some(entry)
        })
    }
}

/// Where the blocks of a memory are released from other threads.
///
/// It can be sent and shared, and lives no longer than the borrow of its memory.
/// A runtime whose threads no scope holds makes sure itself that its memory
/// lives long enough, and borrows it for as long as that:
///
/// ```
/// use mortice_mem::{Domain, Memory};
///
/// let memory = Memory::new()?;
/// let home = memory.home();
/// let block = memory.malloc(Domain::Mem, 100).expect("100 bytes are there");
/// let address = block.expose_provenance();
/// std::thread::scope(|scope| {
///     scope.spawn(move || {
///         let block = std::ptr::NonNull::with_exposed_provenance(address);
///         // SAFETY: *sent-block*: handed out above, sent here, released once.
///         unsafe { home.free(Domain::Mem, Some(block)) };
///     });
/// });
/// assert_eq!(memory.statistics().waiting_blocks, 1);
/// assert_eq!(memory.collect_remote(), 1);
/// # Ok::<(), mortice_mem::MemoryError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Home<'m> {
    inbox: &'m Inbox,
}

impl Home<'_> {
    /// Releases a block of the memory, on any thread.
    ///
    /// # Safety
    ///
    /// As for [`Memory::release_remotely`], and the block is of this memory.
    pub unsafe fn release(self, block: Block) {
        // SAFETY: *sent-block*: by this function's contract.
        unsafe { self.inbox.put(Entry::of_block(block)) };
    }

    /// Releases what [`Memory::malloc`], [`Memory::calloc`] or
    /// [`Memory::realloc`] handed out, on any thread; without a block, does
    /// nothing.
    ///
    /// # Safety
    ///
    /// - `pointer` came from this memory and `domain`, was not released since
    ///   and is not used afterwards.
    /// - What the memory's thread did with the block happened before.
    /// - It has room for 8 bytes. The memory's own functions, the debug hooks
    ///   and [`crate::DomainAllocator::global`] see to it, however few were asked
    ///   for; other functions may not.
    pub unsafe fn free(self, domain: Domain, pointer: Option<NonNull<u8>>) {
        if let Some(start) = pointer {
            // SAFETY: *sent-block*: by this function's contract.
            unsafe { self.inbox.put(Entry::of_pointer(domain, start)) };
        }
    }
}

/// # Blocks released on other threads
impl Memory {
    /// Where other threads release what this memory hands out.
    pub fn home(&self) -> Home<'_> {
        Home { inbox: &self.inbox }
    }

    /// Releases a block on another thread than that of its memory, which is
    /// found from its address. It needs neither memory nor a lock.
    ///
    /// The block counts as in use until its memory collects it.
    ///
    /// # Safety
    ///
    /// - The block is live, its side byte zero, and it is not used afterwards.
    /// - What the memory's thread did with the block happened before: it was
    ///   sent by something that synchronizes.
    /// - Its memory was not moved out of its box, and is not dropped before this
    ///   returns.
    pub unsafe fn release_remotely(block: Block) {
        // The owner is read and followed by itself: a reference to the header or
        // the memory would claim what the memory's thread is writing to.
        //
        // SAFETY: *sent-block*, *unit-header*, *foreign-prefix*, *stable-memory*:
        // by this function's contract.
        unsafe {
            let owner = match block.space {
                Space::Foreign => (*Prefix::of(block.start)).owner,
                Space::Pool | Space::Span => (*Header::of(block.start)).owner,
            };
            let inbox = &(*owner).inbox;
            inbox.put(Entry::of_block(block));
        }
    }

    /// Releases what other threads have released, and tells how many blocks that
    /// were. Nothing is released while [`Memory::each_marked`] visits.
    ///
    /// The memory does so by itself where it would have to take a new pool, a
    /// span, a foreign or a raw block, when it purges, and at its end; and with
    /// every request while a domain is switched.
    pub fn collect_remote(&self) -> usize {
        if !self.is_quiet() {
            return 0;
        }
        let mut count = 0;
        let mut at = NonNull::new(self.inbox.0.take()).map(Entry);
        while let Some(entry) = at {
            // SAFETY: *waiting-link*, *live-block*: taken from the inbox here, so
            // that it is released once; the link is read before.
            unsafe {
                at = entry.next();
                self.release_entry(entry);
            }
            count += 1;
        }
        count
    }

    /// Does what [`Memory::collect_remote`] does, if there is something.
    #[inline(always)]
    pub(crate) fn collect_waiting(&self) {
        if !self.inbox.0.is_empty() {
            self.collect_found();
        }
    }

    #[cold]
    #[inline(never)]
    fn collect_found(&self) {
        self.collect_remote();
    }

    /// The blocks that wait in the inbox.
    pub(crate) fn waiting(&self) -> usize {
        // SAFETY: *one-thread*: the memory's own thread, which counts only.
        unsafe { self.inbox.iter() }.count()
    }

    /// Releases a block as its thread asked for.
    ///
    /// # Safety
    ///
    /// The entry was taken from the inbox, and its link is not needed any more.
    unsafe fn release_entry(&self, entry: Entry) {
        let (Some(kind), Some(start)) = (entry.kind(), entry.start()) else {
            unreachable!("an inbox holds entries");
        };
        // SAFETY: *live-block*, *guarded-block*: promised by who released it.
        // *quiet-walk*: tested by the caller.
        unsafe {
            match kind {
                Kind::Block(space) => Memory::release(Block { start, space }),
                Kind::Pointer(domain) => {
                    let functions = self.switch.functions(domain);
                    if functions.is_some_and(|f| self.hooks[domain.row()].are(&f)) {
                        // The link lay in the tail of a block of a few bytes.
                        guard::mend(start.as_ptr().sub(HEAD_BYTES), size_of::<*mut u8>());
                    }
                    self.free(domain, Some(start));
                }
            }
        }
    }
}
