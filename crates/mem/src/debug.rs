//! Debug hooks: functions that wrap those of a domain and notice misuse.
//!
//! They put [guards](crate::guard) around every block, look at them when it is
//! resized or released, and fill what is released. A released block then waits
//! in *quarantine*: a ring of the last ones. When it leaves, its bytes are looked
//! at once more: whoever wrote to it after its release is noticed, though late.
//!
//! A change of size always moves the block, so that a pointer that was kept from
//! before leads to dead bytes.
//!
//! Blocks with a known space are foreign blocks while the hooks are in place.
//! Their guards lie inside, between the prefix and the block, so that a write
//! before the block's start hits the guard and not the prefix.

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::{self, NonNull};

use crate::domain::Domain;
use crate::domain_allocator::DomainAllocator;
use crate::guard::{self, CLEAN, DEAD, HEAD_BYTES, Misuse, TAIL_BYTES, Violation};
use crate::memory::Memory;

/// The most blocks in quarantine, for each domain.
const QUARANTINE_BLOCKS: u32 = 64;
/// The most bytes of them.
const QUARANTINE_BYTES: usize = 64 * 1024;

/// A block in quarantine.
#[derive(Clone, Copy)]
struct Dead {
    /// What the wrapped functions handed out.
    start: *mut u8,
    /// Its bytes, all of them dead.
    bytes: usize,
    /// How far behind the start the block lies that was released.
    offset: usize,
}

/// The hooks of one domain: their context.
///
/// ```text
/// count = entries from `oldest` on, round the ring
/// bytes = the sum of theirs
/// ```
pub(crate) struct Hooks {
    domain: Domain,
    wrapped: Cell<Option<DomainAllocator>>,
    ring: [Cell<Dead>; QUARANTINE_BLOCKS as usize],
    oldest: Cell<u32>,
    // Narrower than `bytes`: otherwise both are read as one, and wait for the
    // last two writes to leave the processor's store buffer.
    count: Cell<u32>,
    bytes: Cell<usize>,
}

impl Hooks {
    pub(crate) const fn new(domain: Domain) -> Hooks {
        const NOTHING: Dead = Dead {
            start: ptr::null_mut(),
            bytes: 0,
            offset: 0,
        };
        Hooks {
            domain,
            wrapped: Cell::new(None),
            ring: [const { Cell::new(NOTHING) }; _],
            oldest: Cell::new(0),
            count: Cell::new(0),
            bytes: Cell::new(0),
        }
    }

    fn functions(&self) -> DomainAllocator {
        DomainAllocator {
            context: ptr::from_ref(self).cast_mut().cast(),
            malloc: debug_malloc,
            calloc: debug_calloc,
            realloc: debug_realloc,
            free: debug_free,
        }
    }

    /// Whether these functions are the hooks.
    pub(crate) fn are(&self, functions: &DomainAllocator) -> bool {
        functions.is(&self.functions())
    }

    /// The functions that are wrapped.
    ///
    /// # Panics
    ///
    /// The hooks were never put in place.
    pub(crate) fn wrapped(&self) -> DomainAllocator {
        self.wrapped.get().expect("the hooks are in place")
    }

    /// Asks the wrapped functions for memory.
    pub(crate) fn take(&self, bytes: usize, zeroed: bool) -> Option<NonNull<u8>> {
        let wrapped = self.wrapped();
        // SAFETY: *domain-functions*: promised to `set_allocator`.
        let start = unsafe {
            if zeroed {
                (wrapped.calloc)(wrapped.context, 1, bytes)
            } else {
                (wrapped.malloc)(wrapped.context, bytes)
            }
        };
        NonNull::new(start.cast())
    }

    /// Fills `bytes` bytes and puts them into quarantine.
    ///
    /// # Safety
    ///
    /// The wrapped functions handed them out, and nobody uses them.
    pub(crate) unsafe fn bury(&self, start: *mut u8, bytes: usize, offset: usize) {
        // SAFETY: *guarded-block*: by this function's contract.
        unsafe { start.write_bytes(DEAD, bytes) };
        let full = |bytes: usize| {
            self.count.get() == QUARANTINE_BLOCKS || self.bytes.get() + bytes > QUARANTINE_BYTES
        };
        while self.count.get() > 0 && full(bytes) {
            self.exhume();
        }
        let at = (self.oldest.get() + self.count.get()) % QUARANTINE_BLOCKS;
        self.ring[at as usize].set(Dead {
            start,
            bytes,
            offset,
        });
        self.count.set(self.count.get() + 1);
        self.bytes.set(self.bytes.get() + bytes);
        if full(0) {
            self.exhume();
        }
    }

    /// Releases the oldest block in quarantine.
    fn exhume(&self) {
        let Dead {
            start,
            bytes,
            offset,
        } = self.ring[self.oldest.get() as usize].get();
        self.oldest.set((self.oldest.get() + 1) % QUARANTINE_BLOCKS);
        self.count.set(self.count.get() - 1);
        self.bytes.set(self.bytes.get() - bytes);
        // SAFETY: *guarded-block*, *domain-functions*: what is in quarantine is
        // released here and nowhere else.
        unsafe {
            if let Some(at) = guard::first_not_dead(start, bytes) {
                let violation = Violation {
                    misuse: Misuse::WrittenAfterRelease {
                        offset: at as isize - offset as isize,
                    },
                    address: start.addr() + offset,
                    bytes: None,
                    domain: self.domain,
                };
                violation.report();
            }
            let wrapped = self.wrapped();
            (wrapped.free)(wrapped.context, start.cast());
        }
    }

    /// Releases every block in quarantine.
    pub(crate) fn empty(&self) {
        while self.count.get() > 0 {
            self.exhume();
        }
    }
}

/// # Debug hooks
impl Memory {
    /// Wraps the functions of every domain with the debug hooks, unless they are
    /// wrapped already. Misuse of a block is reported on standard error when it
    /// is noticed, with the block, its size and the domains, and ends the process.
    ///
    /// # CPython
    ///
    /// `PyMem_SetupDebugHooks`.
    ///
    /// # Safety
    ///
    /// No block that [`Memory::malloc`], [`Memory::calloc`] or
    /// [`Memory::realloc`] handed out is in use: it has no guards.
    /// [`crate::Choice`] sets the hooks up before there is a block.
    ///
    /// # Panics
    ///
    /// As for [`Memory::set_allocator`].
    pub unsafe fn set_up_debug_hooks(&self) {
        for hooks in &self.hooks {
            let functions = self.allocator(hooks.domain);
            if !hooks.are(&functions) {
                // What lies in quarantine came from what was wrapped before.
                hooks.empty();
                hooks.wrapped.set(Some(functions));
                // SAFETY: *domain-functions*: the hooks keep the promises of
                // what they wrap, and no block is in use.
                unsafe { self.set_allocator(hooks.domain, hooks.functions()) };
            }
        }
    }

    /// Looks at the released blocks that wait in quarantine, and lets them go.
    /// Without debug hooks it does nothing.
    pub fn empty_quarantine(&self) {
        for hooks in &self.hooks {
            hooks.empty();
        }
    }
}

/// The hooks that a context stands for.
///
/// # Safety
///
/// `context` is that of hooks in place, of a memory that lives for `'a`.
unsafe fn hooks<'a>(context: *mut c_void) -> &'a Hooks {
    // SAFETY: *stable-memory*: by this function's contract.
    unsafe { &*context.cast::<Hooks>() }
}

/// The bytes that a block of `bytes` bytes takes with its guards.
pub(crate) fn guarded_bytes(bytes: usize) -> Option<usize> {
    bytes.checked_add(HEAD_BYTES + TAIL_BYTES)
}

/// Allocates a block with guards.
fn allocate(hooks: &Hooks, bytes: usize, zeroed: bool) -> *mut c_void {
    let Some(head) = guarded_bytes(bytes).and_then(|total| hooks.take(total, zeroed)) else {
        return ptr::null_mut();
    };
    // SAFETY: *guarded-block*: just allocated with that size.
    unsafe {
        let head = head.as_ptr();
        guard::set(head, bytes, hooks.domain);
        let start = head.add(HEAD_BYTES);
        if !zeroed {
            start.write_bytes(CLEAN, bytes);
        }
        start.cast()
    }
}

unsafe extern "C" fn debug_malloc(context: *mut c_void, bytes: usize) -> *mut c_void {
    // SAFETY: *domain-functions*: the context is that of hooks.
    allocate(unsafe { hooks(context) }, bytes, false)
}

unsafe extern "C" fn debug_calloc(context: *mut c_void, count: usize, bytes: usize) -> *mut c_void {
    // SAFETY: *domain-functions*: the context is that of hooks.
    let hooks = unsafe { hooks(context) };
    match count.checked_mul(bytes) {
        Some(bytes) => allocate(hooks, bytes, true),
        None => ptr::null_mut(),
    }
}

unsafe extern "C" fn debug_realloc(
    context: *mut c_void,
    block: *mut c_void,
    bytes: usize,
) -> *mut c_void {
    // SAFETY: *domain-functions*, *guarded-block*: the context is that of hooks;
    // the block has guards if it is one of theirs, which is verified.
    unsafe {
        let hooks = hooks(context);
        if block.is_null() {
            return allocate(hooks, bytes, false);
        }
        let head = block.cast::<u8>().sub(HEAD_BYTES);
        let old = guard::verify(head, hooks.domain).unwrap_or_else(|violation| violation.report());
        let new = allocate(hooks, bytes, false);
        if !new.is_null() {
            new.cast::<u8>()
                .copy_from_nonoverlapping(block.cast(), old.min(bytes));
            hooks.bury(head, old + HEAD_BYTES + TAIL_BYTES, HEAD_BYTES);
        }
        new
    }
}

unsafe extern "C" fn debug_free(context: *mut c_void, block: *mut c_void) {
    if block.is_null() {
        return;
    }
    // SAFETY: *domain-functions*, *guarded-block*: as in `debug_realloc`.
    unsafe {
        let hooks = hooks(context);
        let head = block.cast::<u8>().sub(HEAD_BYTES);
        let bytes =
            guard::verify(head, hooks.domain).unwrap_or_else(|violation| violation.report());
        hooks.bury(head, bytes + HEAD_BYTES + TAIL_BYTES, HEAD_BYTES);
    }
}
