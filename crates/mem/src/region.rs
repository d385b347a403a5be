//! Regions: a reserved range of addresses, made accessible arena by arena.
//!
//! One mapping holds the region's own record, the table of its arenas, the side
//! bytes and the arenas themselves. Everything behind the table starts without
//! access; [`Region::extend`] opens the next arenas together with their side
//! bytes, always in ascending order. Units are handed out lowest address first,
//! which keeps the heap dense.

use std::cell::Cell;
use std::io;
use std::ptr::{self, NonNull};
use std::slice;

use crate::arena::{self, ARENA_UNITS, Arena, HEADERS_BYTES, USABLE_UNITS};
use crate::arena_allocator::ArenaAllocator;
use crate::pool::Header;
use crate::sanitizer::{self, poison, unpoison};
use crate::{ARENA_BYTES, GRANULE_BYTES, POOL_BYTES};

/// The side bytes of one arena.
pub(crate) const ARENA_SIDE_BYTES: usize = ARENA_BYTES / GRANULE_BYTES;
/// The side bytes of one unit.
pub(crate) const UNIT_SIDE_BYTES: usize = POOL_BYTES / GRANULE_BYTES;
/// Where the table begins.
const TABLE_OFFSET: usize = size_of::<Region>().next_multiple_of(align_of::<Arena>());
/// A multiple of every page size in use.
const PAGE_BYTES: usize = 64 * 1024;

/// A reserved range of addresses.
#[repr(C)]
pub(crate) struct Region {
    mapping_bytes: usize,
    table: *const Arena,
    side: *mut u8,
    base: *mut u8,
    arena_limit: usize,
    /// Where the mapping came from, unless from the system.
    source: Option<ArenaAllocator>,
    /// The arenas made accessible so far: always the first ones.
    arena_count: Cell<usize>,
    /// No arena before this one has a free unit.
    first_free: Cell<usize>,
}

impl Region {
    /// Reserves a region of `most` arenas, or of half as many, and so on, until
    /// the system grants it, down to one.
    pub(crate) fn reserve(most: usize) -> Result<NonNull<Region>, io::Error> {
        let mut arenas = most;
        loop {
            match Region::reserve_exactly(arenas) {
                Ok(region) => return Ok(region),
                Err(error) if arenas / 2 == 0 => return Err(error),
                Err(_) => arenas /= 2,
            }
        }
    }

    /// The bytes before the side bytes, and those of the whole mapping.
    fn sizes(arena_limit: usize) -> Result<(usize, usize), io::Error> {
        let too_large = || io::Error::from(io::ErrorKind::OutOfMemory);
        let table_bytes = arena_limit
            .checked_mul(size_of::<Arena>())
            .and_then(|bytes| bytes.checked_add(TABLE_OFFSET))
            .and_then(|bytes| bytes.checked_next_multiple_of(PAGE_BYTES))
            .ok_or_else(too_large)?;
        let mapping_bytes = arena_limit
            .checked_mul(ARENA_BYTES + ARENA_SIDE_BYTES)
            .and_then(|bytes| bytes.checked_add(table_bytes + ARENA_BYTES))
            .ok_or_else(too_large)?;
        Ok((table_bytes, mapping_bytes))
    }

    fn reserve_exactly(arena_limit: usize) -> Result<NonNull<Region>, io::Error> {
        let (table_bytes, mapping_bytes) = Region::sizes(arena_limit)?;
        // SAFETY: *accessible*: a new mapping at an address of the system's
        // choice, which overlaps nothing.
        let mapping = unsafe {
            libc::mmap(
                ptr::null_mut(),
                mapping_bytes,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if mapping == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let mapping = mapping.cast::<u8>();
        if !open(mapping, table_bytes) {
            let error = io::Error::last_os_error();
            // SAFETY: *accessible*: the mapping was made above and nothing
            // refers to it.
            unsafe { libc::munmap(mapping.cast(), mapping_bytes) };
            return Err(error);
        }
        // SAFETY: *accessible*: a mapping of that size, whose table is open and
        // zero.
        Ok(unsafe { Region::set_up(mapping, arena_limit, None) })
    }

    /// Asks the functions of an arena allocator for a region, all of whose arenas
    /// are open.
    pub(crate) fn allocate(
        arena_limit: usize,
        source: ArenaAllocator,
    ) -> Result<NonNull<Region>, io::Error> {
        let (table_bytes, mapping_bytes) = Region::sizes(arena_limit)?;
        // SAFETY: *arena-functions*: promised to `set_arena_allocator`.
        let mapping = unsafe { (source.alloc)(source.context, mapping_bytes) }.cast::<u8>();
        if mapping.is_null() {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        // SAFETY: *accessible*: memory of that size; the table and the side bytes
        // are zero now.
        unsafe {
            mapping.write_bytes(0, table_bytes + arena_limit * ARENA_SIDE_BYTES);
            let region = Region::set_up(mapping, arena_limit, Some(source));
            region.as_ref().open_all();
            Ok(region)
        }
    }

    /// Writes the record at the start of a mapping.
    ///
    /// # Safety
    ///
    /// The mapping has the size that [`Region::sizes`] tells for that number of
    /// arenas, and its table is accessible and zero.
    unsafe fn set_up(
        mapping: *mut u8,
        arena_limit: usize,
        source: Option<ArenaAllocator>,
    ) -> NonNull<Region> {
        let (table_bytes, mapping_bytes) = Region::sizes(arena_limit).expect("it was computed");
        // SAFETY: *accessible*: the sum of the parts is the mapping's size, with
        // one arena to spare for the alignment; zero bytes are a valid `Arena`.
        unsafe {
            let side = mapping.add(table_bytes);
            let behind = side.add(arena_limit * ARENA_SIDE_BYTES);
            let base = behind.add(behind.align_offset(ARENA_BYTES));
            let region = mapping.cast::<Region>();
            region.write(Region {
                mapping_bytes,
                table: mapping.add(TABLE_OFFSET).cast(),
                side,
                base,
                arena_limit,
                source,
                arena_count: Cell::new(0),
                first_free: Cell::new(0),
            });
            NonNull::new_unchecked(region)
        }
    }

    /// Opens every arena, of memory that is accessible already.
    fn open_all(&self) {
        poison(self.base, self.bytes());
        self.arena_count.set(self.arena_limit);
        for (index, arena) in self.arenas().iter().enumerate() {
            // SAFETY: *accessible*: the arena lies in the mapping.
            unpoison(unsafe { self.base.add(index * ARENA_BYTES) }, HEADERS_BYTES);
            arena.open();
        }
    }

    /// Whether the memory came from the system, which can take pages back.
    pub(crate) fn is_systems(&self) -> bool {
        self.source.is_none()
    }

    /// Whether nothing in the region is in use.
    pub(crate) fn is_empty(&self) -> bool {
        let free = |arena: &Arena| arena.free.get().count_ones() as usize == USABLE_UNITS;
        self.arenas().iter().all(free)
    }

    /// Gives the whole range back to the system, the record included.
    ///
    /// # Safety
    ///
    /// Nothing uses the region or a block in it afterwards.
    pub(crate) unsafe fn unmap(region: NonNull<Region>) {
        // SAFETY: *accessible*: the record is valid until it is unmapped here,
        // and by this function's contract nothing uses it afterwards.
        // *arena-functions*: promised to `set_arena_allocator`.
        unsafe {
            let bytes = region.as_ref().mapping_bytes;
            let source = region.as_ref().source;
            unpoison(region.as_ref().base, region.as_ref().open_bytes());
            match source {
                None => {
                    libc::munmap(region.as_ptr().cast(), bytes);
                }
                Some(source) => (source.free)(source.context, region.as_ptr().cast(), bytes),
            }
        }
    }

    /// Takes what blocks in the region refer to for no leak.
    pub(crate) fn keep_referents(&self) {
        sanitizer::keep_referents(self.base, self.open_bytes());
    }

    /// The address of the first arena.
    pub(crate) fn base(&self) -> usize {
        self.base.addr()
    }

    /// The bytes of all arenas, accessible or not.
    pub(crate) fn bytes(&self) -> usize {
        self.arena_limit * ARENA_BYTES
    }

    /// The bytes of the accessible arenas.
    pub(crate) fn open_bytes(&self) -> usize {
        self.arena_count.get() * ARENA_BYTES
    }

    /// Whether `address` lies in one of the arenas, accessible or not.
    pub(crate) fn contains(&self, address: usize) -> bool {
        address.wrapping_sub(self.base()) < self.bytes()
    }

    /// The books of the accessible arenas.
    pub(crate) fn arenas(&self) -> &[Arena] {
        // SAFETY: *accessible*: the table has room for every arena and was
        // zeroed by the system.
        unsafe { slice::from_raw_parts(self.table, self.arena_count.get()) }
    }

    /// The address of unit `unit`, counted through the whole region.
    pub(crate) fn unit_address(&self, unit: usize) -> *mut u8 {
        debug_assert!(unit < self.arena_count.get() * ARENA_UNITS);
        // SAFETY: *accessible*: the unit lies in an accessible arena.
        unsafe { self.base.add(unit * POOL_BYTES) }
    }

    /// The header of unit `unit`, whether it is initialised or not.
    pub(crate) fn header(&self, unit: usize) -> *mut Header {
        let arena = unit / ARENA_UNITS * ARENA_BYTES;
        debug_assert!(arena < self.open_bytes());
        // SAFETY: *accessible*: headers lie at the start of an accessible arena.
        unsafe {
            let headers = self.base.add(arena).cast::<Header>();
            headers.add(unit % ARENA_UNITS)
        }
    }

    /// The number of the unit that `address` lies in.
    pub(crate) fn unit_of(&self, address: usize) -> usize {
        debug_assert!(self.contains(address));
        (address - self.base()) / POOL_BYTES
    }

    /// The books of the arena that `unit` lies in, and its number there.
    pub(crate) fn place(&self, unit: usize) -> (&Arena, usize) {
        (&self.arenas()[unit / ARENA_UNITS], unit % ARENA_UNITS)
    }

    /// The side byte of the first granule; the others follow it.
    pub(crate) fn side(&self) -> *mut u8 {
        self.side
    }

    /// The side bytes of a unit.
    pub(crate) fn unit_side(&self, unit: usize) -> *mut u8 {
        debug_assert!(unit < self.arena_count.get() * ARENA_UNITS);
        // SAFETY: *accessible*: the unit lies in an accessible arena.
        unsafe { self.side.add(unit * UNIT_SIDE_BYTES) }
    }

    /// Takes `count` free units in a row and returns the first one's number, and
    /// how many were dirty. They are in no set then: the caller puts them into
    /// one. Only with `extend` is another arena opened.
    pub(crate) fn take(&self, count: usize, extend: bool) -> Option<(usize, usize)> {
        let found = self.find(count).or_else(|| {
            extend.then(|| self.extend())??;
            self.find(count)
        });
        found.map(|unit| (unit, self.take_free(unit, count)))
    }

    /// Takes free units out of the sets that they are in, and tells how many
    /// were dirty.
    fn take_free(&self, unit: usize, count: usize) -> usize {
        let mut dirty = 0;
        for unit in unit..unit + count {
            let (arena, bit) = self.place(unit);
            arena::remove(&arena.free, bit);
            dirty += (arena.dirty.get() >> bit & 1) as usize;
            arena.dirty.set(arena.dirty.get() & !(1 << bit));
        }
        unpoison(self.unit_address(unit), count * POOL_BYTES);
        dirty
    }

    /// Takes `count` given units if all of them are free, as [`Region::take`],
    /// and tells how many were dirty.
    pub(crate) fn take_at(&self, unit: usize, count: usize) -> Option<usize> {
        let end = self.arena_count.get() * ARENA_UNITS;
        let free = |unit: usize| {
            let (arena, bit) = self.place(unit);
            arena.free.get() >> bit & 1 == 1
        };
        if unit + count > end || !(unit..unit + count).all(free) {
            return None;
        }
        Some(self.take_free(unit, count))
    }

    /// Puts `count` units, which are in no set, among the free ones.
    pub(crate) fn give(&self, unit: usize, count: usize) {
        poison(self.unit_address(unit), count * POOL_BYTES);
        for unit in unit..unit + count {
            let (arena, bit) = self.place(unit);
            arena::insert(&arena.free, bit);
            arena::insert(&arena.dirty, bit);
        }
        if unit / ARENA_UNITS < self.first_free.get() {
            self.first_free.set(unit / ARENA_UNITS);
        }
    }

    /// The lowest run of `count` free units in an accessible arena.
    fn find(&self, count: usize) -> Option<usize> {
        let arenas = self.arenas();
        let mut first = self.first_free.get();
        while first < arenas.len() && arenas[first].free.get() == 0 {
            first += 1;
        }
        self.first_free.set(first);
        (arenas.iter().enumerate().skip(first))
            .find_map(|(index, arena)| Some(index * ARENA_UNITS + arena.find(count)?))
    }

    /// Makes the next arena and its side bytes accessible.
    fn extend(&self) -> Option<()> {
        let open = self.arena_count.get();
        if open == self.arena_limit {
            return None;
        }
        // SAFETY: *accessible*: both ranges lie in the mapping, behind what is
        // open already.
        let (arena, side) = unsafe {
            (
                self.base.add(open * ARENA_BYTES),
                self.side.add(open * ARENA_SIDE_BYTES),
            )
        };
        // The side bytes first: an arena that cannot be opened after them
        // leaves no more than unused side bytes.
        if !self::open(side, ARENA_SIDE_BYTES) || !self::open(arena, ARENA_BYTES) {
            return None;
        }
        poison(arena, ARENA_BYTES);
        unpoison(arena, HEADERS_BYTES);
        self.arena_count.set(open + 1);
        self.arenas()[open].open();
        Some(())
    }
}

/// Makes part of a mapping readable and writable.
fn open(start: *mut u8, bytes: usize) -> bool {
    // SAFETY: *accessible*: callers pass whole pages of their own mapping that
    // nobody uses yet.
    unsafe { libc::mprotect(start.cast(), bytes, libc::PROT_READ | libc::PROT_WRITE) == 0 }
}
