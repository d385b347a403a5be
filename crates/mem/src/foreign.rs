//! Foreign blocks: memory of the system allocator behind a prefix.
//!
//! They serve what fits neither a pool nor a span, and everything when no
//! address space is left or the memory is configured so. The prefix holds what
//! a header holds for the other spaces, and links the block into a list of its
//! domain, so that it can be walked.

use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::domain::Domain;
use crate::memory::Memory;
use crate::raw;
use crate::sanitizer::fill;
use crate::{Block, GRANULE_BYTES, Space};

/// What lies before a foreign block.
#[repr(C, align(16))]
pub(crate) struct Prefix {
    pub(crate) owner: *const Memory,
    pub(crate) next: *mut Prefix,
    pub(crate) previous: *mut Prefix,
    /// The bytes behind the prefix.
    pub(crate) bytes: usize,
    pub(crate) domain: Domain,
    pub(crate) side: Cell<u8>,
    /// Stands for the byte that a pool has; see [`Memory::unit_byte`].
    pub(crate) unit_byte: Cell<u8>,
}

/// The bytes before a foreign block.
pub(crate) const PREFIX_BYTES: usize = size_of::<Prefix>();
const _: () = assert!(PREFIX_BYTES.is_multiple_of(GRANULE_BYTES));

/// The foreign blocks of one domain, oldest first.
///
/// ```text
/// count = the number of links from first to last
/// bytes = the sum of their bytes
/// ```
pub(crate) struct ForeignList {
    pub(crate) first: Cell<*mut Prefix>,
    pub(crate) last: Cell<*mut Prefix>,
    pub(crate) count: Cell<usize>,
    pub(crate) bytes: Cell<usize>,
}

impl ForeignList {
    pub(crate) const fn new() -> ForeignList {
        ForeignList {
            first: Cell::new(ptr::null_mut()),
            last: Cell::new(ptr::null_mut()),
            count: Cell::new(0),
            bytes: Cell::new(0),
        }
    }

    /// Adds a block at the end.
    ///
    /// # Safety
    ///
    /// The prefix is initialised and in no list.
    unsafe fn append(&self, prefix: *mut Prefix) {
        let last = self.last.get();
        // SAFETY: *foreign-prefix*: both are initialised, and the list's own.
        unsafe {
            (*prefix).previous = last;
            (*prefix).next = ptr::null_mut();
            self.count.set(self.count.get() + 1);
            self.bytes.set(self.bytes.get() + (*prefix).bytes);
        }
        self.relink(prefix, last, ptr::null_mut());
    }

    /// Takes a block out.
    ///
    /// # Safety
    ///
    /// The prefix is in this list.
    unsafe fn remove(&self, prefix: *mut Prefix) {
        // SAFETY: *foreign-prefix*: the prefix and its neighbours are linked.
        unsafe {
            let (next, previous) = ((*prefix).next, (*prefix).previous);
            self.count.set(self.count.get() - 1);
            self.bytes.set(self.bytes.get() - (*prefix).bytes);
            if next.is_null() {
                self.last.set(previous);
            } else {
                (*next).previous = previous;
            }
            if previous.is_null() {
                self.first.set(next);
            } else {
                (*previous).next = next;
            }
        }
    }

    /// Makes the neighbours of a prefix point to it.
    fn relink(&self, prefix: *mut Prefix, previous: *mut Prefix, next: *mut Prefix) {
        // SAFETY: *foreign-prefix*: the neighbours are linked in this list.
        unsafe {
            if previous.is_null() {
                self.first.set(prefix);
            } else {
                (*previous).next = prefix;
            }
            if next.is_null() {
                self.last.set(prefix);
            } else {
                (*next).previous = prefix;
            }
        }
    }

    /// The first block, for a walk with [`Prefix::next`].
    pub(crate) fn iter(&self) -> impl Iterator<Item = NonNull<Prefix>> {
        let mut at = self.first.get();
        std::iter::from_fn(move || {
            let prefix = NonNull::new(at)?;
            // SAFETY: *foreign-prefix*: linked, and by *quiet-walk* still there.
            at = unsafe { prefix.as_ref().next };
            Some(prefix)
        })
    }
}

impl Prefix {
    /// The prefix of a block.
    ///
    /// # Safety
    ///
    /// `start` is the start of a live foreign block, or nothing is read
    /// through the result.
    #[inline(always)]
    pub(crate) unsafe fn of(start: NonNull<u8>) -> *mut Prefix {
        // SAFETY: *foreign-prefix*: the prefix lies directly before.
        unsafe { start.as_ptr().sub(PREFIX_BYTES).cast() }
    }

    /// The block behind a prefix.
    pub(crate) fn block(prefix: NonNull<Prefix>) -> Block {
        // SAFETY: *foreign-prefix*: the block lies directly behind.
        let start = unsafe { prefix.cast::<u8>().add(PREFIX_BYTES) };
        Block {
            start,
            space: Space::Foreign,
        }
    }
}

impl Memory {
    /// Allocates a foreign block.
    pub(crate) fn allocate_foreign(
        &self,
        domain: Domain,
        bytes: usize,
        zeroed: bool,
    ) -> Option<Block> {
        let total = bytes.checked_add(PREFIX_BYTES)?;
        let memory = if zeroed {
            raw::allocate_zeroed(total)
        } else {
            raw::allocate(total)
        }?;
        let prefix = memory.cast::<Prefix>();
        // SAFETY: *foreign-prefix*: the memory is large enough, aligned to 16
        // bytes by the system, and in no list yet.
        unsafe {
            prefix.write(Prefix {
                owner: self,
                next: ptr::null_mut(),
                previous: ptr::null_mut(),
                bytes,
                domain,
                side: Cell::new(0),
                unit_byte: Cell::new(0),
            });
            self.foreign(domain).append(prefix.as_ptr());
        }
        Some(Prefix::block(prefix))
    }

    /// Changes a foreign block's size; on failure the block is as before.
    ///
    /// # Safety
    ///
    /// The block is live, foreign and of this memory.
    pub(crate) unsafe fn resize_foreign(&self, start: NonNull<u8>, bytes: usize) -> Option<Block> {
        let total = bytes.checked_add(PREFIX_BYTES)?;
        // SAFETY: *live-block*, *foreign-prefix*: by this function's contract;
        // the old prefix is not used after the system has moved it, and its
        // neighbours are led to the new one.
        unsafe {
            let old = NonNull::new_unchecked(Prefix::of(start));
            let old_bytes = old.as_ref().bytes;
            let mut prefix = raw::resize(old.cast(), total)?.cast::<Prefix>();
            prefix.as_mut().bytes = bytes;
            let list = self.foreign(prefix.as_ref().domain);
            list.bytes.set(list.bytes.get() - old_bytes + bytes);
            list.relink(
                prefix.as_ptr(),
                prefix.as_ref().previous,
                prefix.as_ref().next,
            );
            Some(Prefix::block(prefix))
        }
    }

    /// Releases a foreign block.
    ///
    /// # Safety
    ///
    /// The block is live and foreign.
    #[cold]
    pub(crate) unsafe fn release_foreign(&self, start: NonNull<u8>) {
        // SAFETY: *live-block*, *foreign-prefix*: by this function's contract.
        unsafe {
            let prefix = Prefix::of(start);
            self.foreign((*prefix).domain).remove(prefix);
            fill(start.as_ptr(), (*prefix).bytes);
            raw::release(NonNull::new_unchecked(prefix.cast()));
        }
    }

    /// Releases every foreign block, when the memory is dropped.
    pub(crate) fn release_all_foreign(&self) {
        for domain in crate::domain::BLOCK_DOMAINS {
            while let Some(prefix) = NonNull::new(self.foreign(domain).first.get()) {
                // SAFETY: *foreign-prefix*: the first of the list is live; no
                // block is used after its memory is dropped.
                unsafe { self.release_foreign(Prefix::block(prefix).start) };
            }
        }
    }
}
