//! Pools: one unit of blocks of one size.
//!
//! A pool begins with a 64-byte header. Blocks are taken from its free list;
//! what was never handed out is *carved* onto the list a page at a time. Of the
//! pools of one domain and class only the *current* one, the head of their
//! list, serves requests; when it is full, the next one becomes current.
//!
//! # One counter
//!
//! A release has to notice two rare events: a full pool has a free block again,
//! and a pool has become empty. `countdown` reaches zero in both, because its
//! meaning depends on the state:
//!
//! | state | `countdown` | zero means |
//! |---|---|---|
//! | current | used + 1 | never: the current pool stays, even if empty |
//! | listed | used | the pool is empty: its unit is given back |
//! | full | 1 | the first block came back: the pool is listed |
//! | span | 1 | the span's only block came back |
//!
//! The blocks of a pool add up:
//!
//! ```text
//! used + on the free list + not carved = capacity
//! ```

use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::class;
use crate::domain::Domain;
use crate::memory::Memory;
use crate::sanitizer::{issue, retire};
use crate::{Block, POOL_BYTES, Space};

/// The bytes of the header at the start of a pool or span.
pub const HEADER_BYTES: usize = size_of::<Header>();
const _: () = assert!(HEADER_BYTES == 64);
/// The bytes of a pool that blocks can use.
pub(crate) const POOL_BODY_BYTES: usize = POOL_BYTES - HEADER_BYTES;
/// The bytes that are carved into blocks at once.
const CARVE_BYTES: usize = 4096;

/// The first word of a free block.
#[repr(C)]
pub(crate) struct FreeBlock {
    pub(crate) next: *mut FreeBlock,
}

/// What a pool or span is doing; see the table above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    Current = 0,
    Listed = 1,
    Full = 2,
    Span = 3,
}

/// The header at the start of a pool, and of a span's first unit.
#[repr(C, align(64))]
pub(crate) struct Header {
    /// The first free block. It is null in a full pool and meaningless in a
    /// span.
    pub(crate) free: *mut FreeBlock,
    /// See the table above.
    pub(crate) countdown: u32,
    pub(crate) state: State,
    pub(crate) domain: Domain,
    pub(crate) class: u8,
    /// Belongs to the layer above; see [`Memory::unit_byte`].
    pub(crate) unit_byte: Cell<u8>,
    pub(crate) owner: *const Memory,
    /// The side byte of the unit's first granule.
    pub(crate) side: *mut u8,
    /// The neighbours in the list of current and listed pools.
    pub(crate) next: *mut Header,
    pub(crate) previous: *mut Header,
    /// The size of each block; for a span all bytes behind the header.
    pub(crate) block_bytes: u32,
    /// The offset at which blocks that were never handed out begin.
    pub(crate) carved: u32,
    /// Whole units, one for a pool.
    pub(crate) units: u32,
}

/// Stands for "no pool": its free list is empty, so that the fast path needs no
/// check of its own. It is never written.
#[repr(C, align(64))]
struct NoPool([usize; 8]);
const _: () = assert!(size_of::<NoPool>() == HEADER_BYTES);
static NO_POOL: NoPool = NoPool([0; 8]);

/// The header that stands for "no pool".
#[inline(always)]
pub(crate) const fn no_pool() -> *mut Header {
    (&raw const NO_POOL).cast_mut().cast()
}

impl Header {
    /// The header of the unit that `address` lies in.
    #[inline(always)]
    pub(crate) fn of(address: NonNull<u8>) -> *mut Header {
        address
            .as_ptr()
            .map_addr(|address| address & !(POOL_BYTES - 1))
            .cast()
    }

    /// The number of blocks in use.
    ///
    /// # Safety
    ///
    /// `header` is a live header.
    pub(crate) unsafe fn used(header: *const Header) -> usize {
        // SAFETY: *unit-header*: by this function's contract.
        unsafe {
            match (*header).state {
                State::Current => (*header).countdown as usize - 1,
                State::Listed => (*header).countdown as usize,
                State::Full => class::capacity(usize::from((*header).class)),
                State::Span => 1,
            }
        }
    }

    /// Puts blocks that were never handed out on the free list, and tells
    /// whether there were any.
    ///
    /// # Safety
    ///
    /// `header` is a live pool whose free list is empty.
    unsafe fn carve(header: *mut Header) -> bool {
        // SAFETY: *unit-header*, *free-link*: blocks from `carved` on lie in
        // the unit and nobody uses them.
        unsafe {
            let bytes = (*header).block_bytes as usize;
            let start = (*header).carved as usize;
            let end = HEADER_BYTES + class::capacity(usize::from((*header).class)) * bytes;
            if start == end {
                return false;
            }
            // Up to the next page border, and one block at least.
            let stop = ((start + CARVE_BYTES) & !(CARVE_BYTES - 1)).min(end);
            let count = ((stop - start) / bytes).max(1);
            let base = header.cast::<u8>();
            let mut at = start + count * bytes;
            (*header).carved = at as u32;
            let mut next = ptr::null_mut();
            for _ in 0..count {
                at -= bytes;
                let block = base.add(at).cast::<FreeBlock>();
                (*block).next = next;
                retire(block.cast(), bytes);
                next = block;
            }
            (*header).free = next;
            true
        }
    }
}

impl Memory {
    /// Takes a block from the current pool of a domain and class.
    #[inline(always)]
    pub(crate) fn take_block(&self, domain: Domain, class: usize) -> Option<Block> {
        let header = self.current(domain, class).get();
        // SAFETY: *unit-header*: the current pool is live, or stands for none
        // and is only read.
        unsafe {
            match NonNull::new((*header).free) {
                Some(block) => Some(Memory::pop(header, block)),
                None => self.take_block_slow(domain, class),
            }
        }
    }

    /// Takes the first block off a pool's free list.
    ///
    /// # Safety
    ///
    /// `header` is the current pool and `block` the first of its free list.
    #[inline(always)]
    unsafe fn pop(header: *mut Header, block: NonNull<FreeBlock>) -> Block {
        // SAFETY: *unit-header*, *free-link*: by this function's contract.
        unsafe {
            issue(block.as_ptr().cast(), (*header).block_bytes as usize);
            (*header).free = block.as_ref().next;
            (*header).countdown += 1;
        }
        Block {
            start: block.cast(),
            space: Space::Pool,
        }
    }

    /// Finds or makes a pool with a free block and takes it; a raw or foreign
    /// block where there can be no pool.
    #[cold]
    #[inline(never)]
    fn take_block_slow(&self, domain: Domain, class: usize) -> Option<Block> {
        let bytes = class::block_bytes(class);
        if domain == Domain::Raw {
            return self.allocate_raw(bytes, false);
        }
        let header = match self.refill(domain, class) {
            Some(header) => header.as_ptr(),
            None => return self.allocate_foreign(domain, bytes, false),
        };
        // SAFETY: *unit-header*: a refilled pool is current and has a block.
        unsafe {
            let block = NonNull::new_unchecked((*header).free);
            Some(Memory::pop(header, block))
        }
    }

    /// Makes sure that the current pool has a free block.
    fn refill(&self, domain: Domain, class: usize) -> Option<NonNull<Header>> {
        let current = self.current(domain, class);
        let header = current.get();
        if !ptr::eq(header, no_pool()) {
            // SAFETY: *unit-header*: the current pool is live, and so are those
            // linked to it.
            unsafe {
                if Header::carve(header) {
                    return NonNull::new(header);
                }
                let next = (*header).next;
                (*header).state = State::Full;
                (*header).countdown = 1;
                (*header).next = ptr::null_mut();
                if next.is_null() {
                    current.set(no_pool());
                } else {
                    // A listed pool has got a block back since it was full.
                    self.make_current(next);
                    return NonNull::new(next);
                }
            }
        }
        let header = self.new_pool(domain, class)?;
        // SAFETY: *unit-header*: the new pool is live and in no list.
        unsafe { self.make_current(header.as_ptr()) };
        Some(header)
    }

    /// Makes a pool the current one of its domain and class.
    ///
    /// # Safety
    ///
    /// The pool is live, and is listed first or in no list with `next` null.
    unsafe fn make_current(&self, header: *mut Header) {
        // SAFETY: *unit-header*: by this function's contract.
        unsafe {
            (*header).previous = ptr::null_mut();
            (*header).state = State::Current;
            (*header).countdown += 1;
            self.current((*header).domain, usize::from((*header).class))
                .set(header);
        }
    }

    /// Makes a pool with its first blocks carved, in no list, as if listed.
    fn new_pool(&self, domain: Domain, class: usize) -> Option<NonNull<Header>> {
        let (region, unit) = self.regions.take(1)?;
        let header = region.unit_address(unit).cast::<Header>();
        // SAFETY: *accessible*: the unit was taken for this pool.
        unsafe {
            header.write(Header {
                free: ptr::null_mut(),
                countdown: 0,
                state: State::Listed,
                domain,
                class: class as u8,
                unit_byte: Cell::new(0),
                owner: self,
                side: region.unit_side(unit),
                next: ptr::null_mut(),
                previous: ptr::null_mut(),
                block_bytes: class::block_bytes(class) as u32,
                carved: HEADER_BYTES as u32,
                units: 1,
            });
            let (arena, bit) = region.place(unit);
            crate::arena::insert(&arena.pools[domain.block_row()], bit);
            Header::carve(header);
            Some(NonNull::new_unchecked(header))
        }
    }

    /// Puts a block of a pool or span back. `owner` finds the memory it belongs
    /// to, which is seldom needed.
    ///
    /// # Safety
    ///
    /// The block is live and not foreign, and the owner its own.
    #[inline(always)]
    pub(crate) unsafe fn put_block<'m>(
        start: NonNull<u8>,
        owner: impl FnOnce(*mut Header) -> &'m Memory,
    ) {
        let header = Header::of(start);
        let block = start.cast::<FreeBlock>().as_ptr();
        // SAFETY: *live-block*, *unit-header*: by this function's contract.
        unsafe {
            (*block).next = (*header).free;
            (*header).free = block;
            retire(block.cast(), (*header).block_bytes as usize);
            (*header).countdown -= 1;
            if (*header).countdown == 0 {
                owner(header).settle(header);
            }
        }
    }

    /// Acts on a countdown that has reached zero.
    ///
    /// # Safety
    ///
    /// `header` is live, of this memory, and its countdown zero.
    #[cold]
    #[inline(never)]
    unsafe fn settle(&self, header: *mut Header) {
        // SAFETY: *unit-header*: by this function's contract.
        unsafe {
            match (*header).state {
                State::Full => self.list(header),
                State::Listed => self.give_pool(header),
                State::Span => self.give_span(header),
                State::Current => unreachable!("the current pool counts itself"),
            }
        }
    }

    /// Lists a full pool that has got its first block back.
    ///
    /// # Safety
    ///
    /// As for [`Memory::settle`].
    unsafe fn list(&self, header: *mut Header) {
        // SAFETY: *unit-header*: by this function's contract, and pools in a
        // list are live.
        unsafe {
            let class = usize::from((*header).class);
            (*header).state = State::Listed;
            (*header).countdown = class::capacity(class) as u32 - 1;
            let current = self.current((*header).domain, class).get();
            if ptr::eq(current, no_pool()) {
                self.make_current(header);
                return;
            }
            // Behind the current pool, which goes on serving.
            let next = (*current).next;
            (*header).previous = current;
            (*header).next = next;
            (*current).next = header;
            if !next.is_null() {
                (*next).previous = header;
            }
        }
    }

    /// Gives the unit of an empty listed pool back.
    ///
    /// # Safety
    ///
    /// As for [`Memory::settle`].
    unsafe fn give_pool(&self, header: *mut Header) {
        // SAFETY: *unit-header*: by this function's contract; a listed pool has
        // a previous one, since the current pool comes before it.
        unsafe {
            let (next, previous) = ((*header).next, (*header).previous);
            (*previous).next = next;
            if !next.is_null() {
                (*next).previous = previous;
            }
            self.regions
                .give(header, |arena| &arena.pools[(*header).domain.block_row()]);
        }
    }
}
