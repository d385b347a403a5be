//! Stashes: released blocks that are handed out again before anything else.
//!
//! When every pool of a class is full and blocks are released and allocated in
//! turns, each release would list a pool with one free block, and the next
//! request would make that pool the current one and fill it. Nothing of that is
//! needed: the block that came back last is the best answer to the next request,
//! since it is still in the cache.
//!
//! So a block that comes back to a *full* pool goes to the stash of its domain
//! and class as long as that holds fewer than [`STASH_LIMIT`]. Its pool goes on
//! counting it as used. A stash looks like a pool to the fast path: its header
//! becomes the one that requests are served from, and when its free list is
//! empty the current pool takes that place again.
//!
//! When a pool of the class becomes empty, memory is on its way back: the stash
//! is flushed, which returns each block to its pool.

use std::cell::{Cell, UnsafeCell};
use std::ptr::{self, NonNull};

use crate::class;
use crate::domain::Domain;
use crate::memory::Memory;
use crate::pool::{FreeBlock, Header, State};
use crate::sanitizer::issue;

/// The most blocks in a stash.
pub(crate) const STASH_LIMIT: u32 = 64;

/// The stash of one domain and class: a header of which four fields mean
/// something.
///
/// ```text
/// free         the blocks held
/// block_bytes  their size
/// units        the blocks ever taken in
/// countdown    the blocks ever handed out
///
/// blocks held = units - countdown = the length of the free list
/// ```
pub(crate) struct Stash(UnsafeCell<Header>);

impl Stash {
    pub(crate) fn new(class: usize) -> Stash {
        Stash(UnsafeCell::new(Header {
            free: ptr::null_mut(),
            countdown: 0,
            state: State::Full,
            domain: Domain::Raw,
            class: class as u8,
            unit_byte: Cell::new(0),
            owner: ptr::null(),
            side: ptr::null_mut(),
            next: ptr::null_mut(),
            previous: ptr::null_mut(),
            block_bytes: class::block_bytes(class) as u32,
            uncarved: 0,
            units: 0,
            held: 0,
        }))
    }

    /// The header, as requests are served from it.
    #[inline(always)]
    pub(crate) fn header(&self) -> *mut Header {
        self.0.get()
    }

    /// The first block.
    pub(crate) fn first(&self) -> *mut FreeBlock {
        // SAFETY: *unit-header*: a stash's header is always initialised.
        unsafe { (*self.header()).free }
    }

    /// The blocks held.
    pub(crate) fn len(&self) -> u32 {
        // SAFETY: *unit-header*: as in `first`.
        unsafe { held(self.header()) }
    }
}

/// The blocks that a stash holds.
///
/// # Safety
///
/// `stash` is the header of a live stash.
#[inline(always)]
unsafe fn held(stash: *const Header) -> u32 {
    // SAFETY: *unit-header*: by this function's contract.
    unsafe { (*stash).units.wrapping_sub((*stash).countdown) }
}

impl Memory {
    /// Takes a block that comes back to a full pool into the stash, if there is
    /// room. The pool goes on counting it as used.
    ///
    /// # Safety
    ///
    /// `header` is a full pool of this memory whose countdown has reached zero by
    /// the block, one of its own, which nobody uses any more.
    #[inline(always)]
    pub(crate) unsafe fn take_in(&self, header: *mut Header, start: NonNull<u8>) -> bool {
        // SAFETY: *unit-header*, *free-link*: by this function's contract; a
        // full pool's `next` is its stash.
        unsafe {
            let stash = (*header).next;
            if held(stash) >= STASH_LIMIT {
                return false;
            }
            (*header).countdown = 1;
            let was_empty = (*stash).free.is_null();
            Memory::push(stash, start);
            (*stash).units = (*stash).units.wrapping_add(1);
            if was_empty {
                self.current((*header).domain, usize::from((*header).class))
                    .set(stash);
            }
            true
        }
    }

    /// Returns the blocks of a stash to their pools.
    pub(crate) fn flush(&self, domain: Domain, class: usize) {
        let stash = self.stash(domain, class);
        // A pool that becomes empty on the way flushes again, and finds less.
        while let Some(block) = NonNull::new(stash.first()) {
            // SAFETY: *free-link*, *unit-header*: the first block of a stash is
            // in use as its pool counts, and released here.
            unsafe {
                let header = stash.header();
                let bytes = (*header).block_bytes as usize;
                issue(block.as_ptr().cast(), bytes);
                (*header).free = (*block.as_ptr()).next;
                (*header).countdown = (*header).countdown.wrapping_add(1);
                self.put_back(block.cast());
            }
        }
    }

    /// Releases a block to its pool, past the stash.
    ///
    /// # Safety
    ///
    /// The block of a pool is in use as the pool counts, and not used
    /// afterwards.
    unsafe fn put_back(&self, start: NonNull<u8>) {
        let header = Header::of(start);
        // SAFETY: *unit-header*, *free-link*: by this function's contract.
        unsafe {
            Memory::push(header, start);
            if !Header::count_down(header) {
                match (*header).state {
                    State::Full => self.list(header),
                    _ => self.give_pool(header),
                }
            }
        }
    }
}
