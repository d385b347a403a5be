//! Pools: one unit of blocks of one size.
//!
//! A pool has a 64-byte header in the first unit of its arena, so that its own
//! 16 KiB hold nothing but blocks. Blocks are taken from its free list; what was
//! never handed out is *carved* onto the list a page at a time, and a page that
//! has been purged is carved again. Of the pools of one domain and class only the
//! *current* one, the head of their list, serves requests; when it is full, the
//! next one becomes current.
//!
//! # One counter
//!
//! A release has to notice two rare events: a full pool has a free block again,
//! and a pool has become empty. `countdown` reaches zero in both, because its
//! meaning depends on the state:
//!
//! | state | `countdown + held` | zero means |
//! |---|---|---|
//! | current | used + 1 | never: the current pool stays, even if empty |
//! | listed | used | the pool is empty: its unit is given back |
//! | full | 1 | the first block came back: it is stashed, or the pool listed |
//! | span | 1 | the span's only block came back |
//!
//! The blocks of a pool add up:
//!
//! ```text
//! used + on the free list + beginning in a page not carved = capacity
//! ```
//!
//! `held` is zero, unless somebody observes. Then every release has to be noticed,
//! and not only the two: `countdown` is one and `held` the rest.

use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::class;
use crate::domain::Domain;
use crate::memory::Memory;
use crate::sanitizer::{issue, retire, unpoison};
use crate::{ARENA_BYTES, Block, POOL_BYTES, SMALL_LIMIT_BYTES, Space};

/// The bytes of the header of a pool or span.
pub const HEADER_BYTES: usize = size_of::<Header>();
const _: () = assert!(HEADER_BYTES == 64);
/// The bytes that are carved into blocks at once, and purged at once.
pub(crate) const CARVE_BYTES: usize = 4096;
/// The pages of a pool.
pub(crate) const POOL_PAGES: usize = POOL_BYTES / CARVE_BYTES;
/// The set of all pages of a pool.
const ALL_PAGES: u8 = (1 << POOL_PAGES) - 1;

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

/// The header of a pool, and of a span's first unit.
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
    /// The neighbours in the list of current and listed pools. A full pool is in
    /// no list; its `next` is its stash.
    pub(crate) next: *mut Header,
    pub(crate) previous: *mut Header,
    /// The size of each block; for a span the bytes of its units.
    pub(crate) block_bytes: u32,
    /// The pages, one bit each, whose blocks are not on the free list though
    /// nobody uses them.
    pub(crate) uncarved: u8,
    /// Whole units, one for a pool.
    pub(crate) units: u32,
    /// What `countdown` lacks; see above.
    pub(crate) held: u32,
}

/// No pool of a class has a free block.
struct Exhausted {
    /// One has just become full.
    grows: bool,
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
        // The arena's start, and 64 bytes for each unit from there.
        address
            .as_ptr()
            .map_addr(|address| {
                let unit = address / POOL_BYTES % (ARENA_BYTES / POOL_BYTES);
                (address & !(ARENA_BYTES - 1)) + unit * HEADER_BYTES
            })
            .cast()
    }

    /// The first byte of the unit that a header belongs to.
    #[inline(always)]
    pub(crate) fn unit(header: *const Header) -> *mut u8 {
        header.cast::<u8>().cast_mut().map_addr(|address| {
            let unit = address % ARENA_BYTES / HEADER_BYTES;
            (address & !(ARENA_BYTES - 1)) + unit * POOL_BYTES
        })
    }

    /// The number of blocks in use.
    ///
    /// # Safety
    ///
    /// `header` is a live header.
    pub(crate) unsafe fn used(header: *const Header) -> usize {
        // SAFETY: *unit-header*: by this function's contract.
        unsafe {
            let count = (*header).countdown as usize + (*header).held as usize;
            match (*header).state {
                State::Current => count - 1,
                State::Listed => count,
                State::Full => class::capacity(usize::from((*header).class)),
                State::Span => 1,
            }
        }
    }

    /// Lets the next release reach zero, so that it is noticed.
    ///
    /// # Safety
    ///
    /// `header` is a live pool or span with a countdown above zero.
    pub(crate) unsafe fn hold(header: *mut Header) {
        // SAFETY: *unit-header*: by this function's contract.
        unsafe {
            (*header).held += (*header).countdown - 1;
            (*header).countdown = 1;
        }
    }

    /// Takes back what [`Header::hold`] did.
    ///
    /// # Safety
    ///
    /// `header` is a live pool or span.
    pub(crate) unsafe fn let_go(header: *mut Header) {
        // SAFETY: *unit-header*: by this function's contract.
        unsafe {
            (*header).countdown += (*header).held;
            (*header).held = 0;
        }
    }

    /// Counts a release, held or not, and tells whether anything is left.
    ///
    /// # Safety
    ///
    /// As for [`Header::hold`].
    pub(crate) unsafe fn count_down(header: *mut Header) -> bool {
        // SAFETY: *unit-header*: by this function's contract.
        unsafe {
            if (*header).held > 0 {
                (*header).held -= 1;
            } else {
                (*header).countdown -= 1;
            }
            (*header).countdown > 0
        }
    }

    /// Puts the blocks that begin in a page on the free list, and tells whether
    /// there was a page to carve.
    ///
    /// # Safety
    ///
    /// `header` is a live pool whose free list is empty.
    unsafe fn carve(header: *mut Header) -> bool {
        // SAFETY: *unit-header*, *free-link*: the blocks of pages that are not
        // carved lie in the unit and nobody uses them.
        unsafe {
            let class = usize::from((*header).class);
            let bytes = (*header).block_bytes as usize;
            let base = Header::unit(header);
            while (*header).uncarved != 0 {
                let page = (*header).uncarved.trailing_zeros() as usize;
                (*header).uncarved &= (*header).uncarved - 1;
                let blocks = page_blocks(class, page);
                let mut next = ptr::null_mut();
                for block in blocks.rev() {
                    let block = base.add(block * bytes).cast::<FreeBlock>();
                    // A purged page has been carved before.
                    unpoison(block.cast(), size_of::<FreeBlock>());
                    (*block).next = next;
                    retire(block.cast(), bytes);
                    next = block;
                }
                if !next.is_null() {
                    (*header).free = next;
                    return true;
                }
            }
            false
        }
    }
}

/// The blocks of a pool that begin in one of its pages.
pub(crate) const fn page_blocks(class: usize, page: usize) -> std::ops::Range<usize> {
    const fn first(class: usize, page: usize) -> usize {
        let block = (page * CARVE_BYTES).div_ceil(class::block_bytes(class));
        let capacity = class::capacity(class);
        if block < capacity { block } else { capacity }
    }
    first(class, page)..first(class, page + 1)
}

impl Memory {
    /// Takes a block from the stash or the current pool of a domain and class.
    #[inline(always)]
    pub(crate) fn take_block(&self, domain: Domain, class: usize) -> Option<Block> {
        let header = self.current(domain, class).get();
        // SAFETY: *unit-header*: the current pool is live, or stands for none
        // and is only read.
        unsafe {
            match NonNull::new((*header).free) {
                Some(block) => Some(Block {
                    start: Memory::pop(header, block),
                    space: Space::Pool,
                }),
                None => self.take_block_slow(domain, class),
            }
        }
    }

    /// Takes a block for a small request if that needs no thought. `None` says
    /// nothing of why not.
    #[inline(always)]
    pub(crate) fn take_small(&self, domain: Domain, bytes: usize) -> Option<NonNull<u8>> {
        if bytes > SMALL_LIMIT_BYTES {
            return None;
        }
        let header = self.current[domain.row()][class::granules(bytes)].get();
        // SAFETY: *unit-header*: as in `take_block`; zero bytes find the entry
        // that always stands for none.
        unsafe {
            let block = NonNull::new((*header).free)?;
            Some(Memory::pop(header, block))
        }
    }

    /// Takes the first block off a pool's free list.
    ///
    /// # Safety
    ///
    /// `header` is the current pool and `block` the first of its free list.
    #[inline(always)]
    unsafe fn pop(header: *mut Header, block: NonNull<FreeBlock>) -> NonNull<u8> {
        // SAFETY: *unit-header*, *free-link*: by this function's contract.
        unsafe {
            issue(block.as_ptr().cast(), (*header).block_bytes as usize);
            (*header).free = block.as_ref().next;
            (*header).countdown += 1;
        }
        block.cast()
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
            None => return self.allocate_foreign(domain, bytes, false, None),
        };
        // SAFETY: *unit-header*: a refilled pool is current and has a block.
        unsafe {
            let block = NonNull::new_unchecked((*header).free);
            Some(Block {
                start: Memory::pop(header, block),
                space: Space::Pool,
            })
        }
    }

    /// Makes sure that there is a free block where requests are served from.
    fn refill(&self, domain: Domain, class: usize) -> Option<NonNull<Header>> {
        let grows = match self.refill_from_own(domain, class) {
            Ok(header) => return Some(header),
            Err(Exhausted { grows }) => grows,
        };
        if self.collect_remote() > 0
            && let Ok(header) = self.refill_from_own(domain, class)
        {
            return Some(header);
        }
        let header = self.new_pool(domain, class, grows)?;
        // SAFETY: *unit-header*: the new pool is live and in no list.
        unsafe { self.make_current(header.as_ptr()) };
        Some(header)
    }

    /// Does what [`Memory::refill`] does, where the stash or a pool of the class
    /// has a free block.
    fn refill_from_own(&self, domain: Domain, class: usize) -> Result<NonNull<Header>, Exhausted> {
        let current = self.current(domain, class);
        let stash = self.stash(domain, class);
        if let Some(header) = NonNull::new(stash.header())
            && !stash.first().is_null()
        {
            current.set(stash.header());
            return Ok(header);
        }
        let listed = self.listed(domain, class);
        let mut grows = false;
        loop {
            let header = listed.get();
            current.set(header);
            if ptr::eq(header, no_pool()) {
                return Err(Exhausted { grows });
            }
            // SAFETY: *unit-header*: the current pool is live, and so are those
            // linked to it.
            unsafe {
                if !(*header).free.is_null() || Header::carve(header) {
                    return Ok(NonNull::new_unchecked(header));
                }
                grows = true;
                let next = (*header).next;
                (*header).state = State::Full;
                (*header).countdown = 1;
                (*header).held = 0;
                (*header).next = stash.header();
                if next.is_null() {
                    listed.set(no_pool());
                } else {
                    self.make_current(next);
                }
            }
        }
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
            let (domain, class) = ((*header).domain, usize::from((*header).class));
            self.listed(domain, class).set(header);
            self.current(domain, class).set(header);
        }
    }

    /// Makes a pool with its first blocks carved, in no list, as if listed. Where
    /// the class `grows`, all of the pool will soon be used.
    #[cold]
    #[inline(never)]
    fn new_pool(&self, domain: Domain, class: usize, grows: bool) -> Option<NonNull<Header>> {
        let (region, unit, dirty) = self.regions.take(1)?;
        if grows && dirty == 0 && region.is_systems() {
            // SAFETY: *accessible*: the unit was taken for this pool.
            unsafe { self.regions.populate(region.unit_address(unit), POOL_BYTES) };
        }
        let header = region.header(unit);
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
                uncarved: ALL_PAGES,
                units: 1,
                held: 0,
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
        // SAFETY: *live-block*, *unit-header*: by this function's contract.
        unsafe {
            (*header).countdown -= 1;
            if (*header).countdown == 0 {
                owner(header).settle(header, start);
            } else {
                Memory::push(header, start);
            }
        }
    }

    /// Puts a block of a pool or span back, as [`Memory::put_block`] does, without
    /// a word to an observer.
    ///
    /// # Safety
    ///
    /// The block is live, of this memory and not foreign.
    pub(crate) unsafe fn put_untold(&self, start: NonNull<u8>) {
        // SAFETY: *live-block*, *unit-header*: by this function's contract.
        unsafe {
            if self.is_observed() {
                self.put_held(Header::of(start), start);
            } else {
                Memory::put_block(start, |_| self);
            }
        }
    }

    /// Puts a block of a pool back whose countdown may be held, or of a span.
    ///
    /// # Safety
    ///
    /// As for [`Memory::put_untold`]; `header` is the block's.
    unsafe fn put_held(&self, header: *mut Header, start: NonNull<u8>) {
        // SAFETY: *live-block*, *unit-header*: by this function's contract.
        unsafe {
            if Header::count_down(header) {
                Memory::push(header, start);
            } else {
                self.put_last(header, start);
            }
        }
    }

    /// Puts a block first on the free list of its pool.
    ///
    /// # Safety
    ///
    /// `header` is that of the unit that the block lies in, and nobody uses the
    /// block.
    #[inline(always)]
    pub(crate) unsafe fn push(header: *mut Header, start: NonNull<u8>) {
        let block = start.cast::<FreeBlock>().as_ptr();
        // SAFETY: *unit-header*, *free-link*: by this function's contract.
        unsafe {
            (*block).next = (*header).free;
            (*header).free = block;
            retire(block.cast(), (*header).block_bytes as usize);
        }
    }

    /// Puts a block back that has brought the countdown to zero.
    ///
    /// # Safety
    ///
    /// The block is live and of this memory, `header` is its own, and the
    /// countdown zero.
    #[cold]
    #[inline(never)]
    unsafe fn settle(&self, header: *mut Header, start: NonNull<u8>) {
        // SAFETY: *live-block*, *unit-header*: by this function's contract.
        unsafe {
            if self.is_observed() {
                self.settle_observed(header, start);
            } else {
                self.put_last(header, start);
            }
        }
    }

    /// Tells the observer of a release, and puts the block back.
    ///
    /// # Safety
    ///
    /// As for [`Memory::settle`].
    #[cold]
    #[inline(never)]
    unsafe fn settle_observed(&self, header: *mut Header, start: NonNull<u8>) {
        // SAFETY: *live-block*, *unit-header*: by this function's contract. The
        // block is in use until the observer was told, who may do with the memory
        // what it likes.
        unsafe {
            (*header).countdown = 1;
            self.tell_released((*header).domain, start);
            self.put_held(header, start);
        }
    }

    /// Puts a block back that has brought the countdown to zero: the first of a
    /// full pool, the last of a listed one, or a span's.
    ///
    /// # Safety
    ///
    /// As for [`Memory::settle`], with nothing held.
    #[inline(always)]
    unsafe fn put_last(&self, header: *mut Header, start: NonNull<u8>) {
        // SAFETY: *live-block*, *unit-header*: by this function's contract.
        unsafe {
            if (*header).state != State::Full || !self.take_in(header, start) {
                self.put_last_slow(header, start);
            }
        }
    }

    /// Does what [`Memory::put_last`] does, where the stash is full or has nothing
    /// to do with it.
    ///
    /// # Safety
    ///
    /// As for [`Memory::put_last`].
    #[cold]
    #[inline(never)]
    unsafe fn put_last_slow(&self, header: *mut Header, start: NonNull<u8>) {
        // SAFETY: *live-block*, *unit-header*: by this function's contract.
        unsafe {
            Memory::push(header, start);
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
    /// `header` is live, of this memory, full but for the one block on its free
    /// list, and its countdown zero.
    pub(crate) unsafe fn list(&self, header: *mut Header) {
        // SAFETY: *unit-header*: by this function's contract, and pools in a
        // list are live.
        unsafe {
            let class = usize::from((*header).class);
            (*header).state = State::Listed;
            (*header).countdown = class::capacity(class) as u32 - 1;
            let current = self.listed((*header).domain, class).get();
            (*header).next = ptr::null_mut();
            if ptr::eq(current, no_pool()) {
                self.make_current(header);
            } else {
                // Behind the current pool, which goes on serving.
                let next = (*current).next;
                (*header).previous = current;
                (*header).next = next;
                (*current).next = header;
                if !next.is_null() {
                    (*next).previous = header;
                }
            }
            if self.is_observed() {
                Header::hold(header);
            }
        }
    }

    /// Gives the unit of an empty listed pool back.
    ///
    /// # Safety
    ///
    /// `header` is live, of this memory, listed, and its countdown zero.
    pub(crate) unsafe fn give_pool(&self, header: *mut Header) {
        // SAFETY: *unit-header*: by this function's contract; a listed pool has
        // a previous one, since the current pool comes before it.
        unsafe {
            let (next, previous) = ((*header).next, (*header).previous);
            (*previous).next = next;
            if !next.is_null() {
                (*next).previous = previous;
            }
            let (domain, class) = ((*header).domain, usize::from((*header).class));
            self.regions
                .give(header, |arena| &arena.pools[domain.block_row()]);
            self.flush(domain, class);
        }
    }
}
