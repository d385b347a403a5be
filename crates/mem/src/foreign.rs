//! Foreign blocks: memory of the system allocator behind a prefix.
//!
//! They serve what fits neither a pool nor a span, everything when no address
//! space is left or the memory is configured so, and the blocks of a domain that
//! has other functions than the memory's own. The prefix holds what a header
//! holds for the other spaces, and links the block into a list of its domain, so
//! that it can be walked. It ends with room for the guard of the debug hooks.

use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::domain::Domain;
use crate::domain_allocator::DomainAllocator;
use crate::guard::{self, HEAD_BYTES, TAIL_BYTES};
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
    source: Source,
    /// The guard before the block, where the source is the debug hooks.
    guard: Guard,
}

/// Room for a guard that ends with the prefix.
#[repr(C, align(16))]
struct Guard([u8; HEAD_BYTES]);

/// Where the memory of a foreign block comes from, and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Source {
    System,
    /// The functions of the domain.
    Functions,
    /// What the debug hooks of the domain wrap; the block has guards.
    Hooks,
}

/// The bytes before a foreign block.
pub(crate) const PREFIX_BYTES: usize = size_of::<Prefix>();
const _: () = assert!(PREFIX_BYTES.is_multiple_of(GRANULE_BYTES));
const _: () = assert!(PREFIX_BYTES == std::mem::offset_of!(Prefix, guard) + HEAD_BYTES);

/// The foreign blocks of one domain, oldest first.
///
/// ```text
/// count = the number of links from first to last
/// bytes = the sum of their bytes
/// borrowed, borrowed_bytes = the same of those that the system did not give
/// ```
pub(crate) struct ForeignList {
    pub(crate) first: Cell<*mut Prefix>,
    pub(crate) last: Cell<*mut Prefix>,
    pub(crate) count: Cell<usize>,
    pub(crate) bytes: Cell<usize>,
    borrowed: Cell<usize>,
    borrowed_bytes: Cell<usize>,
}

impl ForeignList {
    pub(crate) const fn new() -> ForeignList {
        ForeignList {
            first: Cell::new(ptr::null_mut()),
            last: Cell::new(ptr::null_mut()),
            count: Cell::new(0),
            bytes: Cell::new(0),
            borrowed: Cell::new(0),
            borrowed_bytes: Cell::new(0),
        }
    }

    /// The blocks that the system gave, and their bytes. Those of a domain's
    /// functions lie in blocks that are counted where they came from.
    pub(crate) fn systems(&self) -> (usize, usize) {
        (
            self.count.get() - self.borrowed.get(),
            self.bytes.get() - self.borrowed_bytes.get(),
        )
    }

    /// The blocks that the system did not give, and their bytes.
    pub(crate) fn borrowed(&self) -> (usize, usize) {
        (self.borrowed.get(), self.borrowed_bytes.get())
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
            if (*prefix).source != Source::System {
                self.borrowed.set(self.borrowed.get() + 1);
                self.borrowed_bytes
                    .set(self.borrowed_bytes.get() + (*prefix).bytes);
            }
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
            if (*prefix).source != Source::System {
                self.borrowed.set(self.borrowed.get() - 1);
                self.borrowed_bytes
                    .set(self.borrowed_bytes.get() - (*prefix).bytes);
            }
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
    /// Allocates a foreign block, from `functions` or from the system.
    pub(crate) fn allocate_foreign(
        &self,
        domain: Domain,
        bytes: usize,
        zeroed: bool,
        functions: Option<DomainAllocator>,
    ) -> Option<Block> {
        let total = bytes.checked_add(PREFIX_BYTES + TAIL_BYTES)?;
        let hooks = &self.hooks[domain.row()];
        let (memory, source) = match functions {
            Some(functions) if hooks.are(&functions) => (hooks.take(total, zeroed), Source::Hooks),
            // SAFETY: *domain-functions*: promised to `set_allocator`.
            Some(functions) => unsafe {
                let start = if zeroed {
                    (functions.calloc)(functions.context, 1, total)
                } else {
                    (functions.malloc)(functions.context, total)
                };
                (NonNull::new(start.cast()), Source::Functions)
            },
            None if zeroed => (raw::allocate_zeroed(total), Source::System),
            None => (raw::allocate(total), Source::System),
        };
        let prefix = memory?.cast::<Prefix>();
        // SAFETY: *foreign-prefix*, *guarded-block*: the memory is large enough,
        // aligned to 16 bytes, and in no list yet.
        unsafe {
            prefix.write(Prefix {
                owner: self,
                next: ptr::null_mut(),
                previous: ptr::null_mut(),
                bytes,
                domain,
                side: Cell::new(0),
                unit_byte: Cell::new(0),
                source,
                guard: Guard([0; _]),
            });
            self.foreign(domain).append(prefix.as_ptr());
            let block = Prefix::block(prefix);
            if source == Source::Hooks {
                guard::set(block.start.as_ptr().sub(HEAD_BYTES), bytes, domain);
                if !zeroed {
                    block.start.write_bytes(guard::CLEAN, bytes);
                }
            }
            Some(block)
        }
    }

    /// Whether the system resizes a foreign block, rather than that another one
    /// is allocated.
    ///
    /// # Safety
    ///
    /// The block is live and foreign.
    pub(crate) unsafe fn is_systems(start: NonNull<u8>) -> bool {
        // SAFETY: *foreign-prefix*: by this function's contract.
        unsafe { (*Prefix::of(start)).source == Source::System }
    }

    /// Changes a foreign block's size; on failure the block is as before.
    ///
    /// # Safety
    ///
    /// The block is live, foreign, of this memory, and the system's.
    pub(crate) unsafe fn resize_foreign(&self, start: NonNull<u8>, bytes: usize) -> Option<Block> {
        let total = bytes.checked_add(PREFIX_BYTES + TAIL_BYTES)?;
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
        // *domain-functions*: promised to `set_allocator`.
        // *guarded-block*: the hooks' blocks have guards.
        unsafe {
            let prefix = Prefix::of(start);
            let (domain, bytes, source) = ((*prefix).domain, (*prefix).bytes, (*prefix).source);
            if source == Source::Hooks {
                let head = start.as_ptr().sub(HEAD_BYTES);
                guard::verify(head, domain).unwrap_or_else(|violation| violation.report());
            }
            self.foreign(domain).remove(prefix);
            match source {
                Source::System => {
                    fill(start.as_ptr(), bytes);
                    raw::release(NonNull::new_unchecked(prefix.cast()));
                }
                Source::Functions => {
                    fill(start.as_ptr(), bytes);
                    let functions = self.allocator(domain);
                    (functions.free)(functions.context, prefix.cast());
                }
                Source::Hooks => {
                    let total = PREFIX_BYTES + bytes + TAIL_BYTES;
                    self.hooks[domain.row()].bury(prefix.cast(), total, PREFIX_BYTES);
                }
            }
        }
    }

    /// Releases every foreign block, when the memory is dropped: first those whose
    /// memory a domain's functions gave, since that may lie in one of the
    /// system's.
    pub(crate) fn release_all_foreign(&self) {
        for systems in [false, true] {
            // What is released on the way is one of the system's, so the next
            // one of the others stays.
            //
            // SAFETY: *foreign-prefix*: linked in the list.
            let skip = |mut at: *mut Prefix| unsafe {
                while let Some(prefix) = NonNull::new(at)
                    && Memory::prefix_is_systems(prefix) != systems
                {
                    at = prefix.as_ref().next;
                }
                NonNull::new(at)
            };
            for domain in crate::domain::BLOCK_DOMAINS {
                let mut next = skip(self.foreign(domain).first.get());
                while let Some(prefix) = next {
                    // SAFETY: *foreign-prefix*: linked in the list; no block is
                    // used after its memory is dropped.
                    unsafe {
                        next = skip(prefix.as_ref().next);
                        self.release_foreign(Prefix::block(prefix).start);
                    }
                }
            }
            self.empty_quarantine();
        }
    }

    /// Whether a block's memory came from the system.
    ///
    /// # Safety
    ///
    /// The prefix is linked in a list.
    pub(crate) unsafe fn prefix_is_systems(prefix: NonNull<Prefix>) -> bool {
        // SAFETY: *foreign-prefix*: by this function's contract.
        unsafe { prefix.as_ref().source == Source::System }
    }

    /// Verifies the guards of a domain's foreign blocks, as far as they have
    /// some.
    pub(crate) fn verify_guards(&self, domain: Domain) -> Result<(), guard::Violation> {
        for prefix in self.foreign(domain).iter() {
            // SAFETY: *foreign-prefix*, *guarded-block*: linked in the list.
            unsafe {
                if prefix.as_ref().source == Source::Hooks {
                    let head = Prefix::block(prefix).start.as_ptr().sub(HEAD_BYTES);
                    guard::verify(head, domain)?;
                }
            }
        }
        Ok(())
    }
}
