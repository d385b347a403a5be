//! Foreign blocks: memory of the system allocator behind a prefix.
//!
//! They serve what fits neither a pool nor a span, everything when no address
//! space is left or the memory is configured so, and the blocks of a domain that
//! has other functions than the memory's own. The prefix holds what a header
//! holds for the other spaces, and links the block into a list of its domain, so
//! that it can be walked. It ends with room for the guard of the debug hooks.

mod list;

use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use crate::domain::Domain;
use crate::domain_allocator::DomainAllocator;
use crate::guard::{self, HEAD_BYTES, TAIL_BYTES};
use crate::memory::Memory;
use crate::raw;
use crate::sanitizer::fill;
use crate::{Block, GRANULE_BYTES, Space};

pub(crate) use list::{ForeignList, Group};

/// What lies before a foreign block.
#[repr(C, align(16))]
pub(crate) struct Prefix {
    pub(crate) owner: *const Memory,
    /// Where the block is entered.
    group: *mut Group,
    /// The bytes behind the prefix.
    pub(crate) bytes: usize,
    place: u8,
    pub(crate) domain: Domain,
    pub(crate) side: Cell<u8>,
    source: Source,
    /// The guard before the block, where the source is the debug hooks.
    guard: Guard,
}

/// Room for a guard that ends with the prefix.
#[repr(C, align(16))]
struct Guard(MaybeUninit<[u8; HEAD_BYTES]>);

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

/// The bytes that a block of `bytes` bytes takes.
fn total_bytes(bytes: usize) -> Option<usize> {
    let link = if bytes < LINK_BYTES { LINK_BYTES } else { 0 };
    bytes.checked_add(PREFIX_BYTES + TAIL_BYTES + link)
}

/// The bytes of the link of a block that waits in an inbox.
const LINK_BYTES: usize = size_of::<*mut u8>();

impl Prefix {
    /// Where the link of a block lies while it waits in an inbox: in its first
    /// word, or behind its guard if it is smaller. It need not be aligned.
    ///
    /// # Safety
    ///
    /// `start` is the start of a live foreign block.
    pub(crate) unsafe fn link(start: NonNull<u8>) -> *mut *mut u8 {
        // SAFETY: *foreign-prefix*: by this function's contract; `total_bytes`
        // made room.
        unsafe {
            let bytes = (*Prefix::of(start)).bytes;
            let offset = if bytes < LINK_BYTES {
                bytes + TAIL_BYTES
            } else {
                0
            };
            start.as_ptr().add(offset).cast()
        }
    }

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

    /// The byte that a foreign block shares with the others of its group; see
    /// [`Memory::unit_byte`].
    ///
    /// # Safety
    ///
    /// `start` is the start of a foreign block that lives for `'a`.
    pub(crate) unsafe fn unit_byte<'a>(start: NonNull<u8>) -> &'a Cell<u8> {
        // SAFETY: *foreign-prefix*: by this function's contract; a live block's
        // group stays.
        unsafe { &(*(*Prefix::of(start)).group).unit_byte }
    }

    /// Whether the block's memory came from the system, which resizes it then.
    pub(crate) fn is_systems(&self) -> bool {
        self.source == Source::System
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
        self.collect_waiting();
        let total = total_bytes(bytes)?;
        let list = self.foreign(domain);
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
        // After the memory, which may be a foreign block of the same list.
        let Some(group) = list.open_group() else {
            // SAFETY: *foreign-prefix*: just allocated.
            unsafe { self.give_prefix(domain, source, prefix.as_ptr()) };
            return None;
        };
        // SAFETY: *foreign-prefix*, *guarded-block*: the memory is large enough,
        // aligned to 16 bytes, and in no list yet.
        unsafe {
            prefix.write(Prefix {
                owner: self,
                group: ptr::null_mut(),
                bytes,
                place: 0,
                domain,
                side: Cell::new(0),
                source,
                guard: Guard(MaybeUninit::uninit()),
            });
            list.append(group, prefix);
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

    /// Changes a foreign block's size; on failure the block is as before.
    ///
    /// # Safety
    ///
    /// The block is live, foreign, of this memory, and the system's.
    pub(crate) unsafe fn resize_foreign(&self, start: NonNull<u8>, bytes: usize) -> Option<Block> {
        let total = total_bytes(bytes)?;
        // SAFETY: *live-block*, *foreign-prefix*: by this function's contract;
        // the old prefix is not used after the system has moved it, and its place
        // is led to the new one.
        unsafe {
            let old = NonNull::new_unchecked(Prefix::of(start));
            let prefix = raw::resize(old.cast(), total)?.cast::<Prefix>();
            self.foreign(prefix.as_ref().domain).relocate(prefix, bytes);
            Some(Prefix::block(prefix))
        }
    }

    /// Gives the memory of a foreign block back to where it came from.
    ///
    /// # Safety
    ///
    /// The prefix's memory came from `source`, is in no list, and is not used
    /// afterwards.
    unsafe fn give_prefix(&self, domain: Domain, source: Source, prefix: *mut Prefix) {
        // SAFETY: *domain-functions*: promised to `set_allocator`.
        // *system-allocator*: by this function's contract.
        unsafe {
            let functions = match source {
                Source::System => {
                    raw::release(NonNull::new_unchecked(prefix.cast()));
                    return;
                }
                Source::Functions => match self.switch.functions(domain) {
                    Some(functions) => functions,
                    None => return self.free_own(domain, NonNull::new(prefix.cast())),
                },
                Source::Hooks => self.hooks[domain.row()].wrapped(),
            };
            (functions.free)(functions.context, prefix.cast());
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
            if source == Source::Hooks {
                let total = PREFIX_BYTES + bytes + TAIL_BYTES;
                self.hooks[domain.row()].bury(prefix.cast(), total, PREFIX_BYTES);
            } else {
                fill(start.as_ptr(), bytes);
                self.give_prefix(domain, source, prefix);
            }
        }
    }

    /// Releases every foreign block, when the memory is dropped: first those whose
    /// memory a domain's functions gave, since that may lie in one of the
    /// system's.
    pub(crate) fn release_all_foreign(&self) {
        let lists = || {
            let domains = crate::domain::BLOCK_DOMAINS.into_iter();
            domains.map(|domain| self.foreign(domain))
        };
        lists().for_each(ForeignList::keep_groups);
        for systems in [false, true] {
            for prefix in lists().flat_map(ForeignList::iter) {
                // SAFETY: *foreign-prefix*: found in the list right before, and
                // groups stay; no block is used after its memory is dropped.
                unsafe {
                    if prefix.as_ref().is_systems() == systems {
                        self.release_foreign(Prefix::block(prefix).start);
                    }
                }
            }
            self.empty_quarantine();
        }
        lists().for_each(ForeignList::close);
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
