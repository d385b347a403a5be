//! A memory: the books of one runtime's domains, and the requests it serves.

use std::alloc::Layout;
use std::cell::Cell;
use std::marker::PhantomPinned;
use std::ptr::{self, NonNull};

use crate::admission::Admission;
use crate::debug::Hooks;
use crate::domain::Domain;
use crate::domain_allocator::Switch;
use crate::foreign::{ForeignList, Prefix};
use crate::pool::{Header, State, no_pool};
use crate::regions::Regions;
use crate::remote::Inbox;
use crate::stash::Stash;
use crate::{
    ARENA_BYTES, Block, CLASS_COUNT, Config, GRANULE_BYTES, MemoryError, POOL_BYTES, Space, raw,
    sanitizer,
};

/// The spans of one domain.
pub(crate) struct SpanCount {
    pub(crate) count: Cell<usize>,
    pub(crate) units: Cell<usize>,
}

/// The memory of one runtime: its raw, mem and object domains.
///
/// It belongs to one thread at a time and can be sent to another; its blocks may
/// be released on any ([`Memory::release_remotely`]). It is built
/// in a box and stays there, since headers point back to it. Dropping it unmaps
/// everything at once, whatever is still in use; [`Memory::abandon`] leaves the
/// mapping in place instead.
pub struct Memory {
    pub(crate) admission: Admission,
    /// What small requests of each domain and class are served from: the current
    /// pool, the stash, or the header that stands for none. That is always so in
    /// the raw domain's row, and in the first entry of each, which is that of
    /// zero bytes.
    pub(crate) current: [[Cell<*mut Header>; CLASS_COUNT + 1]; 3],
    /// The current pool of each domain and class, first in the list of those with
    /// free blocks, or the header that stands for none.
    listed: [[Cell<*mut Header>; CLASS_COUNT]; 2],
    pub(crate) switch: Switch,
    pub(crate) hooks: [Hooks; 3],
    stashes: [[Stash; CLASS_COUNT]; 2],
    pub(crate) regions: Regions,
    spans: [SpanCount; 2],
    foreign: [ForeignList; 2],
    /// What other threads have released.
    pub(crate) inbox: Inbox,
    pub(crate) raw_count: Cell<usize>,
    client: Cell<*const ()>,
    /// Walks over marked blocks that are under way.
    pub(crate) walks: Cell<usize>,
    pub(crate) config: Config,
    #[cfg(feature = "canary")]
    pub(crate) fault: Option<crate::fault::Fault>,
    /// Headers point here: a box of it is not unaliased.
    _pinned: PhantomPinned,
}

// SAFETY: *one-thread*: everything that a memory points to belongs to it alone,
// so that it can move to another thread as a whole.
unsafe impl Send for Memory {}

/// # Construction
impl Memory {
    /// Builds a memory with the default set-up.
    ///
    /// # Errors
    ///
    /// The system grants neither address space nor bookkeeping.
    pub fn new() -> Result<Box<Memory>, MemoryError> {
        Memory::with_config(Config::default())
    }

    /// Builds a memory with the given set-up.
    ///
    /// # Errors
    ///
    /// As for [`Memory::new`].
    pub fn with_config(config: Config) -> Result<Box<Memory>, MemoryError> {
        let layout = Layout::new::<Memory>();
        // SAFETY: *system-allocator*: the layout is not empty.
        let memory = unsafe { std::alloc::alloc(layout) }.cast::<Memory>();
        if memory.is_null() {
            return Err(MemoryError::Bookkeeping {
                bytes: layout.size(),
            });
        }
        // SAFETY: *stable-memory*: allocated above with the layout that the box
        // will release it with.
        let memory = unsafe {
            memory.write(Memory::unreserved(config));
            Box::from_raw(memory)
        };
        if config.allocator.has_pools() {
            memory
                .regions
                .add()
                .map_err(|source| MemoryError::Reserve {
                    bytes: ARENA_BYTES,
                    source,
                })?;
        }
        memory.open_fast_path();
        memory.fail_after(config.fail_request);
        if config.allocator.has_hooks() {
            if cfg!(feature = "fixed") {
                return Err(MemoryError::Fixed {
                    choice: config.allocator,
                });
            }
            // SAFETY: *guarded-block*: there is no block yet.
            unsafe { memory.set_up_debug_hooks() };
        }
        Ok(memory)
    }

    fn unreserved(config: Config) -> Memory {
        Memory {
            admission: Admission::new(),
            current: [const { [const { Cell::new(no_pool()) }; CLASS_COUNT + 1] }; 3],
            switch: Switch::new(),
            hooks: [
                Hooks::new(Domain::Raw),
                Hooks::new(Domain::Mem),
                Hooks::new(Domain::Object),
            ],
            listed: [const { [const { Cell::new(no_pool()) }; CLASS_COUNT] }; 2],
            stashes: [(); 2].map(|()| std::array::from_fn(Stash::new)),
            regions: Regions::new(&config),
            spans: [const {
                SpanCount {
                    count: Cell::new(0),
                    units: Cell::new(0),
                }
            }; 2],
            foreign: [const { ForeignList::new() }; 2],
            inbox: Inbox::new(),
            raw_count: Cell::new(0),
            client: Cell::new(ptr::null()),
            walks: Cell::new(0),
            config,
            #[cfg(feature = "canary")]
            fault: crate::fault::Fault::chosen(),
            _pinned: PhantomPinned,
        }
    }

    /// Gives the memory up without unmapping it, for when blocks are still
    /// referenced at the end. They stay valid for the rest of the process.
    pub fn abandon(self: Box<Self>) {
        // The whole memory, not only its mapping: headers point to it.
        let memory = Box::into_raw(self);
        sanitizer::keep(memory.cast());
        // SAFETY: *stable-memory*: just leaked, and never released.
        unsafe { &*memory }.regions.keep_referents();
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.collect_remote();
        self.release_all_foreign();
        // SAFETY: *accessible*: no block is used after its memory is dropped.
        unsafe { self.regions.unmap() };
    }
}

/// # Requests by domain
impl Memory {
    /// Allocates `bytes` bytes. Nothing is known of their contents.
    ///
    /// Requests for zero bytes give distinct pointers; more than `isize::MAX`
    /// bytes are refused. The pointer is aligned to 16 bytes.
    ///
    /// # CPython
    ///
    /// `PyMem_RawMalloc`, `PyMem_Malloc` or `PyObject_Malloc`.
    #[inline]
    pub fn malloc(&self, domain: Domain, bytes: usize) -> Option<NonNull<u8>> {
        if !self.admit() {
            return self.malloc_checked(domain, bytes);
        }
        if domain == Domain::Raw {
            return self.allocate_raw(bytes, false).map(|block| block.start);
        }
        match self.take_small(domain, bytes) {
            Some(start) => Some(start),
            None => self.serve_slow(domain, bytes),
        }
    }

    /// Allocates `count` elements of `bytes` bytes each, all zero.
    ///
    /// A product that overflows is refused.
    ///
    /// # CPython
    ///
    /// `PyMem_RawCalloc`, `PyMem_Calloc` or `PyObject_Calloc`.
    pub fn calloc(&self, domain: Domain, count: usize, bytes: usize) -> Option<NonNull<u8>> {
        if !self.admit() && !self.readmit() {
            return None;
        }
        if let Some(functions) = self.switch.functions(domain) {
            // SAFETY: *domain-functions*: promised to `set_allocator`.
            let start = unsafe { (functions.calloc)(functions.context, count, bytes) };
            let start = NonNull::new(start.cast());
            self.tell_allocated(domain, start, count.wrapping_mul(bytes));
            return start;
        }
        let bytes = count.checked_mul(bytes)?;
        let start = self.serve_zeroed(domain, bytes).map(|block| block.start);
        self.tell_allocated(domain, start, bytes);
        start
    }

    /// Changes a block's size, moving it if need be; without a block, allocates
    /// one. The contents up to the smaller size stay, and so does the side
    /// byte. On failure the block is as before.
    ///
    /// # CPython
    ///
    /// `PyMem_RawRealloc`, `PyMem_Realloc` or `PyObject_Realloc`: zero bytes
    /// give a block of minimal size and release nothing.
    ///
    /// # Safety
    ///
    /// `pointer` came from this memory and `domain`, and was not released
    /// since. After success only the result is used.
    pub unsafe fn realloc(
        &self,
        domain: Domain,
        pointer: Option<NonNull<u8>>,
        bytes: usize,
    ) -> Option<NonNull<u8>> {
        let Some(start) = pointer else {
            return self.malloc(domain, bytes);
        };
        if !self.admit() && !self.readmit() {
            return None;
        }
        // SAFETY: *live-block*: by this function's contract.
        // *domain-functions*: promised to `set_allocator`.
        unsafe {
            if let Some(functions) = self.switch.functions(domain) {
                let block = start.as_ptr().cast();
                let new = (functions.realloc)(functions.context, block, bytes);
                let new = NonNull::new(new.cast());
                self.tell_reallocated(domain, start, new, bytes);
                return new;
            }
            let new = if domain == Domain::Raw {
                raw::resize(start, bytes)
            } else {
                self.resize(domain, self.locate(start), bytes, None)
                    .map(|block| block.start)
            };
            self.tell_reallocated(domain, start, new, bytes);
            new
        }
    }

    /// Releases a block; without one, does nothing.
    ///
    /// # CPython
    ///
    /// `PyMem_RawFree`, `PyMem_Free` or `PyObject_Free`.
    ///
    /// # Safety
    ///
    /// `pointer` came from this memory and `domain`, was not released since and
    /// is not used afterwards. An object-domain block is not released while
    /// [`Memory::each_marked`] visits.
    #[inline]
    pub unsafe fn free(&self, domain: Domain, pointer: Option<NonNull<u8>>) {
        if domain == Domain::Raw && !self.switch.is_switched() {
            // SAFETY: *live-block*: by this function's contract.
            return unsafe { self.free_raw(pointer) };
        }
        // Without a block, address zero: that is not in the region either.
        let address = pointer.map_or(ptr::null_mut(), NonNull::as_ptr);
        // SAFETY: *live-block*: by this function's contract.
        unsafe {
            if domain != Domain::Raw && self.fast_contains(address.addr()) {
                let start = NonNull::new_unchecked(address);
                debug_assert_eq!((*Header::of(start)).domain, domain, "wrong domain");
                Memory::put_block(start, |_| self);
            } else {
                self.free_elsewhere(domain, pointer);
            }
        }
    }

    /// Releases what the system allocator handed out for the raw domain.
    ///
    /// # Safety
    ///
    /// As for [`Memory::free`], of such a block.
    unsafe fn free_raw(&self, pointer: Option<NonNull<u8>>) {
        if let Some(start) = pointer {
            self.raw_count.set(self.raw_count.get() - 1);
            // SAFETY: *system-allocator*, *live-block*: by this function's
            // contract.
            unsafe { raw::release(start) };
        }
    }

    /// Releases what does not lie in the first region, or where a domain is
    /// switched.
    ///
    /// # Safety
    ///
    /// As for [`Memory::free`].
    #[cold]
    #[inline(never)]
    unsafe fn free_elsewhere(&self, domain: Domain, pointer: Option<NonNull<u8>>) {
        let Some(start) = pointer else { return };
        // SAFETY: *live-block*: by this function's contract.
        // *domain-functions*: promised to `set_allocator`.
        unsafe {
            self.tell_released(domain, start);
            match self.switch.functions(domain) {
                Some(functions) => (functions.free)(functions.context, start.as_ptr().cast()),
                None => self.free_own(domain, pointer),
            }
        }
    }

    /// Releases what the memory's own functions handed out.
    ///
    /// # Safety
    ///
    /// As for [`Memory::free`], of a block of those functions.
    pub(crate) unsafe fn free_own(&self, domain: Domain, pointer: Option<NonNull<u8>>) {
        let Some(start) = pointer else { return };
        // SAFETY: *live-block*: by this function's contract.
        unsafe {
            if domain == Domain::Raw {
                self.free_raw(pointer);
            } else if self.regions.contains(start.addr().get()) {
                debug_assert_eq!((*Header::of(start)).domain, domain, "wrong domain");
                self.put_untold(start);
            } else {
                debug_assert_eq!((*Prefix::of(start)).domain, domain, "wrong domain");
                self.release_foreign(start);
            }
        }
    }
}

/// # Blocks with a known space
impl Memory {
    /// Allocates a block of at least `bytes` bytes, whose side byte is zero and
    /// whose contents are not known. The domain is not raw.
    #[inline]
    pub fn block(&self, domain: Domain, bytes: usize) -> Option<Block> {
        debug_assert_ne!(domain, Domain::Raw, "raw memory has no blocks");
        if !self.admit() {
            return self.block_checked(domain, bytes);
        }
        match self.take_small(domain, bytes) {
            Some(start) => Some(Block {
                start,
                space: Space::Pool,
            }),
            None => self.serve_block_slow(domain, bytes),
        }
    }

    /// Changes the size of a block, moving it if need be. The contents up to the
    /// smaller size stay, and so does the side byte. On failure the block is as
    /// before.
    ///
    /// # Safety
    ///
    /// The block is live, of this memory and of that domain. After success only
    /// the result is used.
    pub unsafe fn resize_block(&self, domain: Domain, block: Block, bytes: usize) -> Option<Block> {
        if !self.admit() && !self.readmit() {
            return None;
        }
        // SAFETY: *live-block*: by this function's contract.
        let new = unsafe { self.resize(domain, block, bytes, self.switch.functions(domain)) };
        self.tell_reallocated(domain, block.start, new.map(|new| new.start), bytes);
        new
    }

    /// Releases a block. Its memory is found from its address.
    ///
    /// # Safety
    ///
    /// - The block is live, its side byte zero, and it is not used afterwards.
    /// - Its memory was not moved out of its box.
    /// - An object-domain block is not released while [`Memory::each_marked`]
    ///   visits.
    #[inline]
    pub unsafe fn release(block: Block) {
        // SAFETY: *live-block*, *stable-memory*: by this function's contract.
        unsafe {
            debug_assert_eq!(
                Memory::side(block.start, block.space).get(),
                0,
                "the side byte of a released block is set"
            );
            if block.space == Space::Foreign {
                let prefix = Prefix::of(block.start);
                let owner = &*(*prefix).owner;
                owner.tell_released((*prefix).domain, block.start);
                owner.release_foreign(block.start);
            } else {
                Memory::put_block(block.start, |header| &*(*header).owner);
            }
        }
    }

    /// The memory that a block belongs to.
    ///
    /// # Safety
    ///
    /// - `inside` is an address in a live block of that space: in a pool
    ///   anywhere in it, in a span within the first [`POOL_BYTES`], and for a
    ///   foreign block exactly its start.
    /// - Its memory was not moved out of its box, and lives for `'a`.
    #[inline]
    pub unsafe fn owner<'a>(inside: NonNull<u8>, space: Space) -> &'a Memory {
        // SAFETY: *unit-header*, *foreign-prefix*, *stable-memory*: by this
        // function's contract.
        unsafe {
            if space == Space::Foreign {
                &*(*Prefix::of(inside)).owner
            } else {
                &*(*Header::of(inside)).owner
            }
        }
    }

    /// The side byte of the block that begins at `start`.
    ///
    /// # Safety
    ///
    /// `start` is the start of a block of that space, which lives for `'a`.
    #[inline]
    pub unsafe fn side<'a>(start: NonNull<u8>, space: Space) -> &'a Cell<u8> {
        // SAFETY: *live-block*, *unit-header*, *foreign-prefix*, *accessible*:
        // by this function's contract; a unit has a side byte for each granule.
        unsafe {
            if space == Space::Foreign {
                &(*Prefix::of(start)).side
            } else {
                let granule = (start.addr().get() & (POOL_BYTES - 1)) / GRANULE_BYTES;
                &*(*Header::of(start)).side.add(granule).cast::<Cell<u8>>()
            }
        }
    }

    /// The *unit byte* of the pool or span that a block lies in: it belongs to
    /// the layer above, is zero in a fresh pool, and lets a
    /// walk pass over whole pools. Foreign blocks share theirs
    /// with the others of their group.
    ///
    /// # Safety
    ///
    /// `start` is the start of a block of that space, which lives for `'a`.
    #[inline]
    pub unsafe fn unit_byte<'a>(start: NonNull<u8>, space: Space) -> &'a Cell<u8> {
        // SAFETY: *live-block*, *unit-header*, *foreign-prefix*: by this
        // function's contract.
        unsafe {
            if space == Space::Foreign {
                Prefix::unit_byte(start)
            } else {
                &(*Header::of(start)).unit_byte
            }
        }
    }

    /// The bytes of a block that may be used: at least as many as were asked
    /// for.
    ///
    /// # Safety
    ///
    /// The block is live.
    #[inline]
    pub unsafe fn usable_bytes(block: Block) -> usize {
        // SAFETY: *live-block*, *unit-header*, *foreign-prefix*: by this
        // function's contract.
        unsafe {
            if block.space == Space::Foreign {
                (*Prefix::of(block.start)).bytes
            } else {
                (*Header::of(block.start)).block_bytes as usize
            }
        }
    }

    /// The block that begins at a pointer from [`Memory::malloc`],
    /// [`Memory::calloc`] or [`Memory::realloc`] in the mem or object domain.
    ///
    /// # Safety
    ///
    /// The pointer is such a one, from this memory, and not released since.
    pub unsafe fn locate(&self, start: NonNull<u8>) -> Block {
        let space = if !self.regions.contains(start.addr().get()) {
            Space::Foreign
        // SAFETY: *live-block*, *unit-header*: a live block in a region.
        } else if unsafe { (*Header::of(start)).state } == State::Span {
            Space::Span
        } else {
            Space::Pool
        };
        Block { start, space }
    }
}

/// # The layer above
impl Memory {
    /// Keeps a word for the layer above, which reaches it from any block
    /// through [`Memory::owner`].
    ///
    /// # Safety
    ///
    /// Only the layer that the word belongs to sets it: it follows the word
    /// from every object. While it is not null, that layer also owns the side
    /// bytes of the object domain.
    pub unsafe fn set_client(&self, client: *const ()) {
        self.client.set(client);
    }

    /// The word kept for the layer above; null at first.
    #[inline]
    pub fn client(&self) -> *const () {
        self.client.get()
    }
}

/// # Parts
impl Memory {
    /// The current pool of a domain, which is not raw, and class, or the header
    /// that stands for none.
    pub(crate) fn listed(&self, domain: Domain, class: usize) -> &Cell<*mut Header> {
        &self.listed[domain.block_row()][class]
    }

    /// The stash of a domain, which is not raw, and class.
    pub(crate) fn stash(&self, domain: Domain, class: usize) -> &Stash {
        &self.stashes[domain.block_row()][class]
    }

    /// What small requests of a domain and class are served from.
    #[inline(always)]
    pub(crate) fn current(&self, domain: Domain, class: usize) -> &Cell<*mut Header> {
        &self.current[domain.row()][class + 1]
    }

    /// The foreign blocks of a domain, which is not raw.
    pub(crate) fn foreign(&self, domain: Domain) -> &ForeignList {
        &self.foreign[domain.block_row()]
    }

    /// The spans of a domain, which is not raw.
    pub(crate) fn spans(&self, domain: Domain) -> &SpanCount {
        &self.spans[domain.block_row()]
    }
}
