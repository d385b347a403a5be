//! Giving memory back to the system.
//!
//! Two kinds of memory can be resident though nobody uses it: free units that
//! held something before (*dirty* ones), and pages inside pools in which no
//! block is in use. [`Memory::purge`] returns both. Addresses stay reserved and
//! accessible; the system puts fresh pages there when they are touched again.
//!
//! A page inside a pool is taken back by undoing its carving: its blocks leave
//! the free list, and when the pool needs them, the page is carved anew.
//!
//! ```text
//! pool of 1,000-byte blocks, pages │     0     │     1     │     2     │     3     │
//! blocks in use: 0, 12             │■···│····│····│····│···┃····│····│····│■···│····
//! purged                                       │  here     │  here     │
//! ```
//!
//! Dirty units are also returned without being asked for, when there are more of
//! them than [`crate::Config::retain_bytes`].

use std::ptr;

use crate::arena::{self, ARENA_UNITS, HEADERS_BYTES, USABLE_UNITS};
use crate::class;
use crate::domain::BLOCK_DOMAINS;
use crate::memory::Memory;
use crate::pool::{CARVE_BYTES, FreeBlock, Header, POOL_PAGES};
use crate::region::{ARENA_SIDE_BYTES, Region};
use crate::regions::Regions;
use crate::sanitizer::{poison, unpoison};
use crate::{CLASS_COUNT, GRANULE_BYTES, POOL_BYTES};

impl Memory {
    /// Gives the system back what nobody uses, and returns the bytes of it: free
    /// units, the books of empty arenas, and the pages in pools that hold no
    /// block in use.
    ///
    /// It visits every pool and every free block in one. What it returned costs
    /// a page fault when it is needed again, so it is worth calling after much
    /// has been released for good.
    ///
    /// ```
    /// use mortice_mem::{Domain, Memory, OwnedBlock};
    ///
    /// let memory = Memory::new()?;
    /// let blocks: Vec<_> = (0..10_000)
    ///     .filter_map(|_| OwnedBlock::new(&memory, Domain::Object, 100))
    ///     .collect();
    /// drop(blocks);
    /// assert!(memory.purge() > 900_000);
    /// assert_eq!(memory.purge(), 0);
    /// # Ok::<(), mortice_mem::MemoryError>(())
    /// ```
    pub fn purge(&self) -> usize {
        self.collect_remote();
        for domain in BLOCK_DOMAINS {
            for class in 0..CLASS_COUNT {
                self.flush(domain, class);
            }
        }
        let mut bytes = 0;
        if page_bytes() == CARVE_BYTES {
            for domain in BLOCK_DOMAINS {
                self.each_pool(domain, |header| {
                    if self.regions.of(header.addr()).is_systems() {
                        // SAFETY: *unit-header*: `each_pool` visits live headers.
                        bytes += unsafe { purge_pool(header) };
                    }
                });
            }
        }
        bytes += self.regions.return_empty();
        bytes += self.regions.purge_units();
        let purged = &self.regions.purged_bytes;
        purged.set(purged.get() + bytes);
        bytes
    }
}

impl Regions {
    /// Asks the system for the memory of pages at once, rather than for each when
    /// it is touched, which takes half as long again. It may refuse.
    ///
    /// # Safety
    ///
    /// The pages are accessible.
    pub(crate) unsafe fn populate(&self, start: *mut u8, bytes: usize) {
        #[cfg(target_os = "linux")]
        if !self.refuses_to_populate.get() {
            // SAFETY: *accessible*: by this function's contract; contents stay.
            let result = unsafe { libc::madvise(start.cast(), bytes, libc::MADV_POPULATE_WRITE) };
            // An old kernel, or no memory: then it is not asked again.
            self.refuses_to_populate.set(result != 0);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = (start, bytes);
    }

    /// Gives the memory of dirty units back, and that of the books of arenas
    /// with nothing in them.
    pub(crate) fn purge_units(&self) -> usize {
        if !POOL_BYTES.is_multiple_of(page_bytes()) {
            return 0;
        }
        let mut bytes = 0;
        for region in self.iter().filter(|region| region.is_systems()) {
            for index in 0..region.arenas().len() {
                bytes += purge_arena(region, index);
            }
        }
        let left = self.iter().flat_map(Region::arenas);
        let left = left.map(|arena| arena.dirty.get().count_ones() as usize);
        self.dirty_units.set(left.sum());
        bytes
    }
}

fn purge_arena(region: &Region, index: usize) -> usize {
    let arena = &region.arenas()[index];
    let dirty = arena.dirty.replace(0);
    if dirty == 0 {
        return 0;
    }
    let first = index * ARENA_UNITS;
    let mut bytes = 0;
    let mut rest = dirty;
    while rest != 0 {
        let start = rest.trailing_zeros() as usize;
        let count = (rest >> start).trailing_ones() as usize;
        // SAFETY: *accessible*: free units, which nobody uses.
        unsafe { discard(region.unit_address(first + start), count * POOL_BYTES) };
        bytes += count * POOL_BYTES;
        rest &= !(run(count) << start);
    }
    if arena.free.get().count_ones() as usize == USABLE_UNITS {
        // SAFETY: *accessible*: no unit of the arena has a header or a side byte
        // that means something; zero is what both start as.
        unsafe {
            discard(
                region.header(first).cast(),
                HEADERS_BYTES.next_multiple_of(page_bytes()),
            );
            discard(region.unit_side(first), ARENA_SIDE_BYTES);
        }
        bytes += HEADERS_BYTES + ARENA_SIDE_BYTES;
    }
    bytes
}

/// The lowest `count` bits, at most 63.
fn run(count: usize) -> u64 {
    (1 << count) - 1
}

/// The blocks of a pool, one bit each.
type Blocks = [u64; POOL_BYTES / GRANULE_BYTES / u64::BITS as usize];

/// Gives back the pages of a pool in which no block is in use.
///
/// # Safety
///
/// `header` is a live pool.
unsafe fn purge_pool(header: *mut Header) -> usize {
    // SAFETY: *unit-header*: by this function's contract.
    let (class, bytes, uncarved) = unsafe {
        (
            usize::from((*header).class),
            (*header).block_bytes as usize,
            (*header).uncarved,
        )
    };
    let capacity = class::capacity(class);
    let base = Header::unit(header);
    let page_of = |block: usize| block * bytes / CARVE_BYTES;
    // SAFETY: *unit-header*: as above.
    let free = unsafe { free_blocks(header, base, bytes) };
    let is_free = |block: usize| free[block / 64] >> (block % 64) & 1 == 1;
    let mut purged = !uncarved & ((1 << POOL_PAGES) - 1);
    for block in 0..capacity {
        if uncarved >> page_of(block) & 1 == 0 && !is_free(block) {
            let last = (block * bytes + bytes - 1) / CARVE_BYTES;
            for page in page_of(block)..=last {
                purged &= !(1 << page);
            }
        }
    }
    if purged == 0 {
        return 0;
    }
    let mut next: *mut FreeBlock = ptr::null_mut();
    for block in (0..capacity).rev() {
        if is_free(block) && purged >> page_of(block) & 1 == 0 {
            // SAFETY: *free-link*: a free block that stays on the list.
            unsafe {
                let link = base.add(block * bytes).cast::<FreeBlock>();
                unpoison(link.cast(), size_of::<FreeBlock>());
                (*link).next = next;
                poison(link.cast(), size_of::<FreeBlock>());
                next = link;
            }
        }
    }
    // SAFETY: *unit-header*, *accessible*: no block in use lies in the pages, and
    // no link of the list that is left.
    unsafe {
        (*header).free = next;
        (*header).uncarved = uncarved | purged;
        for page in (0..POOL_PAGES).filter(|page| purged >> page & 1 == 1) {
            discard(base.add(page * CARVE_BYTES), CARVE_BYTES);
        }
        refill_patterns(header, base, bytes);
    }
    purged.count_ones() as usize * CARVE_BYTES
}

/// The blocks on the free list of a pool.
///
/// # Safety
///
/// `header` is a live pool of blocks of `bytes` bytes that begin at `base`.
unsafe fn free_blocks(header: *mut Header, base: *mut u8, bytes: usize) -> Blocks {
    let mut blocks: Blocks = [0; _];
    // SAFETY: *unit-header*, *free-link*: by this function's contract.
    unsafe {
        let mut link = (*header).free;
        while !link.is_null() {
            let block = (link.addr() - base.addr()) / bytes;
            blocks[block / 64] |= 1 << (block % 64);
            unpoison(link.cast(), size_of::<FreeBlock>());
            let next = (*link).next;
            poison(link.cast(), size_of::<FreeBlock>());
            link = next;
        }
    }
    blocks
}

/// Fills the free blocks again that reach into a purged page.
///
/// # Safety
///
/// As for [`free_blocks`].
unsafe fn refill_patterns(header: *mut Header, base: *mut u8, bytes: usize) {
    if !cfg!(feature = "zeal") {
        return;
    }
    // SAFETY: *unit-header*, *free-link*: by this function's contract.
    unsafe {
        let blocks = free_blocks(header, base, bytes);
        for (word, bits) in blocks.into_iter().enumerate() {
            for bit in arena::units(bits) {
                let block = base.add((word * 64 + bit) * bytes);
                unpoison(block, bytes);
                crate::sanitizer::retire(block, bytes);
            }
        }
    }
}

/// Lets the system take the memory of whole pages; they read as zero afterwards.
///
/// # Safety
///
/// The pages are accessible, and nobody needs what they hold.
unsafe fn discard(start: *mut u8, bytes: usize) {
    // Refusing changes nothing but what stays resident, unless the contents of
    // side bytes were to become zero: they are zero already where no block is.
    //
    // SAFETY: *accessible*: by this function's contract.
    unsafe { libc::madvise(start.cast(), bytes, libc::MADV_DONTNEED) };
}

/// The bytes of a page of the system.
fn page_bytes() -> usize {
    // SAFETY: *system-allocator*: a plain question to the system.
    usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(usize::MAX)
}
