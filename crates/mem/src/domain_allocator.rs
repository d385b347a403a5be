//! Domain allocators: the four functions that serve a domain, and how to put
//! other ones in their place.
//!
//! ```text
//! malloc(domain) ──► the pools                          as it is at first
//! malloc(domain) ──► your functions ──► the pools       one that wraps
//! malloc(domain) ──► debug hooks ──► your functions …   the wrapped one wrapped
//! ```
//!
//! Replacing costs nothing where nobody has replaced anything. While a domain is
//! switched, the fast path is closed: the counter of requests is held at one, so
//! that every request takes the way of one that may have to fail, and the range
//! that a release is compared with is empty.
//!
//! # CPython
//!
//! PEP 445: `PyMem_GetAllocator`, `PyMem_SetAllocator` and `PyMemAllocatorEx`,
//! whose fields these are. Its rule holds here too: once blocks of a domain are
//! in use, a replacement has to pass on what it did not hand out, so it wraps
//! the functions that it replaces.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::{self, NonNull};

use crate::GRANULE_BYTES;
use crate::domain::Domain;
use crate::memory::Memory;
use crate::observer::Seat;
use crate::raw;

/// The functions that serve a domain, and the word that they are called with.
///
/// ```
/// use mortice_mem::{Domain, DomainAllocator, Memory};
///
/// // The system's allocator of Rust serves the mem domain.
/// static SYSTEM: std::alloc::System = std::alloc::System;
/// let memory = Memory::new()?;
/// // SAFETY: *domain-functions*: no block of the domain is in use, and the allocator is `'static`.
/// unsafe { memory.set_allocator(Domain::Mem, DomainAllocator::global(&SYSTEM)) };
/// let block = memory.malloc(Domain::Mem, 100);
/// assert!(block.is_some());
/// // SAFETY: *live-block*: handed out above by the same functions.
/// unsafe { memory.free(Domain::Mem, block) };
/// # Ok::<(), mortice_mem::MemoryError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct DomainAllocator {
    /// The first argument of every function.
    pub context: *mut c_void,
    /// Allocates a number of bytes.
    pub malloc: unsafe extern "C" fn(context: *mut c_void, bytes: usize) -> *mut c_void,
    /// Allocates a number of elements of a number of bytes, all zero.
    pub calloc:
        unsafe extern "C" fn(context: *mut c_void, count: usize, bytes: usize) -> *mut c_void,
    /// Changes the size of a block, or allocates one where that is null.
    pub realloc:
        unsafe extern "C" fn(context: *mut c_void, block: *mut c_void, bytes: usize) -> *mut c_void,
    /// Releases a block; does nothing where it is null.
    pub free: unsafe extern "C" fn(context: *mut c_void, block: *mut c_void),
}

impl DomainAllocator {
    /// Whether these are the same functions with the same context.
    pub fn is(&self, other: &DomainAllocator) -> bool {
        self.context == other.context
            && ptr::fn_addr_eq(self.malloc, other.malloc)
            && ptr::fn_addr_eq(self.calloc, other.calloc)
            && ptr::fn_addr_eq(self.realloc, other.realloc)
            && ptr::fn_addr_eq(self.free, other.free)
    }

    /// The functions of any global allocator of Rust, such as mimalloc's or
    /// jemalloc's. Each block is preceded by 16 bytes that hold its size, which
    /// such an allocator wants to be told at the end.
    pub fn global<A: GlobalAlloc + Sync + 'static>(allocator: &'static A) -> DomainAllocator {
        DomainAllocator {
            context: ptr::from_ref(allocator).cast_mut().cast(),
            malloc: global_malloc::<A>,
            calloc: global_calloc::<A>,
            realloc: global_realloc::<A>,
            free: global_free::<A>,
        }
    }
}

/// The layout of a block of a global allocator with the size before it, and room
/// for a link.
fn prefixed(bytes: usize) -> Option<Layout> {
    let total = bytes.max(raw::LEAST_BYTES).checked_add(GRANULE_BYTES)?;
    Layout::from_size_align(total, GRANULE_BYTES).ok()
}

/// Writes the size before a block and leads behind it.
///
/// # Safety
///
/// `start` is null, or has room for the size and the block.
unsafe fn announce(start: *mut u8, bytes: usize) -> *mut c_void {
    if start.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: *live-block*: by this function's contract.
    unsafe {
        start.cast::<usize>().write(bytes);
        start.add(GRANULE_BYTES).cast()
    }
}

unsafe extern "C" fn global_malloc<A: GlobalAlloc>(
    context: *mut c_void,
    bytes: usize,
) -> *mut c_void {
    let Some(layout) = prefixed(bytes) else {
        return ptr::null_mut();
    };
    // SAFETY: *domain-functions*: the context is the allocator, the layout not
    // empty.
    unsafe { announce((*context.cast::<A>()).alloc(layout), bytes) }
}

unsafe extern "C" fn global_calloc<A: GlobalAlloc>(
    context: *mut c_void,
    count: usize,
    bytes: usize,
) -> *mut c_void {
    let Some((bytes, layout)) = (count.checked_mul(bytes)).and_then(|b| Some((b, prefixed(b)?)))
    else {
        return ptr::null_mut();
    };
    // SAFETY: *domain-functions*: as in `global_malloc`.
    unsafe { announce((*context.cast::<A>()).alloc_zeroed(layout), bytes) }
}

unsafe extern "C" fn global_realloc<A: GlobalAlloc>(
    context: *mut c_void,
    block: *mut c_void,
    bytes: usize,
) -> *mut c_void {
    if block.is_null() {
        // SAFETY: *domain-functions*: the same arguments.
        return unsafe { global_malloc::<A>(context, bytes) };
    }
    let Some(new) = prefixed(bytes) else {
        return ptr::null_mut();
    };
    // SAFETY: *domain-functions*, *live-block*: a block has its size before it,
    // and was allocated with the layout of that size.
    unsafe {
        let start = block.cast::<u8>().sub(GRANULE_BYTES);
        let Some(old) = prefixed(start.cast::<usize>().read()) else {
            return ptr::null_mut();
        };
        announce(
            (*context.cast::<A>()).realloc(start, old, new.size()),
            bytes,
        )
    }
}

unsafe extern "C" fn global_free<A: GlobalAlloc>(context: *mut c_void, block: *mut c_void) {
    if block.is_null() {
        return;
    }
    // SAFETY: *domain-functions*, *live-block*: as in `global_realloc`.
    unsafe {
        let start = block.cast::<u8>().sub(GRANULE_BYTES);
        if let Some(layout) = prefixed(start.cast::<usize>().read()) {
            (*context.cast::<A>()).dealloc(start, layout);
        }
    }
}

/// What the memory's own functions are called with: which memory, which domain.
pub(crate) struct Gate {
    memory: Cell<*const Memory>,
    domain: Domain,
}

impl Gate {
    pub(crate) const fn new(domain: Domain) -> Gate {
        Gate {
            memory: Cell::new(ptr::null()),
            domain,
        }
    }
}

/// The parts of a memory that switching uses.
///
/// ```text
/// is_observed = whether `observer` is not none
/// is_switched = is_observed, or whether an entry of `functions` is not none
/// ```
pub(crate) struct Switch {
    gates: [Gate; 3],
    functions: [Cell<Option<DomainAllocator>>; 3],
    is_switched: Cell<bool>,
    is_observed: Cell<bool>,
    pub(crate) observer: Seat,
}

impl Switch {
    pub(crate) const fn new() -> Switch {
        Switch {
            gates: [
                Gate::new(Domain::Raw),
                Gate::new(Domain::Mem),
                Gate::new(Domain::Object),
            ],
            functions: [const { Cell::new(None) }; 3],
            is_switched: Cell::new(false),
            is_observed: Cell::new(false),
            observer: Seat::new(None),
        }
    }

    /// Whether any domain has other functions than the memory's own, or somebody
    /// observes.
    #[inline(always)]
    pub(crate) fn is_switched(&self) -> bool {
        !cfg!(feature = "fixed") && self.is_switched.get()
    }

    /// Whether somebody observes.
    #[inline(always)]
    pub(crate) fn is_observed(&self) -> bool {
        !cfg!(feature = "fixed") && self.is_observed.get()
    }

    /// Notes whether somebody observes, and tells whether that is new.
    pub(crate) fn note_observed(&self) -> bool {
        let observed = self.observer.borrow().is_some();
        self.is_observed.replace(observed) != observed
    }

    /// The functions of a domain, unless they are the memory's own.
    #[inline(always)]
    pub(crate) fn functions(&self, domain: Domain) -> Option<DomainAllocator> {
        if cfg!(feature = "fixed") {
            return None;
        }
        self.functions[domain.row()].get()
    }
}

/// # Domain allocators
impl Memory {
    /// The functions that serve a domain now.
    ///
    /// # CPython
    ///
    /// `PyMem_GetAllocator`.
    pub fn allocator(&self, domain: Domain) -> DomainAllocator {
        self.switch
            .functions(domain)
            .unwrap_or_else(|| self.own_allocator(domain))
    }

    /// The memory's own functions for a domain: the pools, or the system
    /// allocator for the raw domain.
    pub fn own_allocator(&self, domain: Domain) -> DomainAllocator {
        let gate = &self.switch.gates[domain.row()];
        gate.memory.set(self);
        DomainAllocator {
            context: ptr::from_ref(gate).cast_mut().cast(),
            malloc: own_malloc,
            calloc: own_calloc,
            realloc: own_realloc,
            free: own_free,
        }
    }

    /// Replaces the functions that serve a domain. The memory's own, from
    /// [`Memory::own_allocator`], end the replacement.
    ///
    /// Blocks with a known space ([`Memory::block`]) are foreign blocks then:
    /// their memory comes from these functions too, with 48 bytes before it.
    /// Statistics count what the memory's own functions hand out.
    ///
    /// # CPython
    ///
    /// `PyMem_SetAllocator`.
    ///
    /// # Safety
    ///
    /// - The functions do what [`Memory::malloc`], [`Memory::calloc`],
    ///   [`Memory::realloc`] and [`Memory::free`] say, zero bytes and failure
    ///   included, give blocks aligned to 16 bytes, and may be called with the
    ///   context until the memory is dropped.
    /// - If blocks of the domain are in use, they also take those, as functions
    ///   do that pass every block on to the ones that they replace.
    /// - They do not unwind.
    ///
    /// # Panics
    ///
    /// The Cargo feature `fixed` has settled the choice at build time.
    pub unsafe fn set_allocator(&self, domain: Domain, allocator: DomainAllocator) {
        if cfg!(feature = "fixed") {
            panic!("the feature `fixed` settles the allocators at build time");
        }
        let own = allocator.is(&self.own_allocator(domain));
        self.switch.functions[domain.row()].set((!own).then_some(allocator));
        self.switch_over();
    }

    /// Opens or closes the fast path, after functions or the observer changed.
    pub(crate) fn switch_over(&self) {
        let functions = &self.switch.functions;
        let switched =
            functions.iter().any(|cell| cell.get().is_some()) || self.switch.is_observed();
        match (self.switch.is_switched.replace(switched), switched) {
            (false, true) => self.close_fast_path(),
            (true, false) => self.open_fast_path(),
            _ => {}
        }
    }
}

/// The memory and domain that a context stands for.
///
/// # Safety
///
/// `context` came from [`Memory::own_allocator`] of a memory that lives for
/// `'a`.
unsafe fn gate<'a>(context: *mut c_void) -> (&'a Memory, Domain) {
    // SAFETY: *stable-memory*: by this function's contract.
    unsafe {
        let gate = &*context.cast::<Gate>();
        (&*gate.memory.get(), gate.domain)
    }
}

fn pointer(start: Option<NonNull<u8>>) -> *mut c_void {
    start.map_or(ptr::null_mut(), |start| start.as_ptr().cast())
}

unsafe extern "C" fn own_malloc(context: *mut c_void, bytes: usize) -> *mut c_void {
    // SAFETY: *domain-functions*: the context is a gate.
    let (memory, domain) = unsafe { gate(context) };
    pointer(
        memory
            .serve_observed(domain, bytes)
            .map(|block| block.start),
    )
}

unsafe extern "C" fn own_calloc(context: *mut c_void, count: usize, bytes: usize) -> *mut c_void {
    // SAFETY: *domain-functions*: the context is a gate.
    let (memory, domain) = unsafe { gate(context) };
    let block = count
        .checked_mul(bytes)
        .and_then(|bytes| memory.serve_zeroed(domain, bytes));
    pointer(block.map(|block| block.start))
}

unsafe extern "C" fn own_realloc(
    context: *mut c_void,
    block: *mut c_void,
    bytes: usize,
) -> *mut c_void {
    // SAFETY: *domain-functions*, *live-block*: the context is a gate, and the
    // block was handed out by these functions.
    unsafe {
        let (memory, domain) = gate(context);
        match NonNull::new(block.cast::<u8>()) {
            None => own_malloc(context, bytes),
            Some(start) if domain == Domain::Raw => pointer(raw::resize(start, bytes)),
            Some(start) => {
                let block = memory.resize(domain, memory.locate(start), bytes, None);
                pointer(block.map(|block| block.start))
            }
        }
    }
}

unsafe extern "C" fn own_free(context: *mut c_void, block: *mut c_void) {
    // SAFETY: *domain-functions*, *live-block*: as in `own_realloc`.
    unsafe {
        let (memory, domain) = gate(context);
        memory.free_own(domain, NonNull::new(block.cast()));
    }
}
