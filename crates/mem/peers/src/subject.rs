//! The allocators that are compared, behind one trait.
//!
//! Every peer is called through a pointer that the compiler knows nothing of, as an interpreter calls the allocator of
//! a domain. This project's is called in the same way, and once more inlined, as Rust code calls it.

use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::hint::black_box;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicUsize, Ordering};

use mortice_mem::{Domain, Memory};

/// An allocator that a load can run on.
pub trait Subject {
    /// Allocates.
    fn malloc(&self, bytes: usize) -> *mut u8;
    /// Changes a block's size.
    ///
    /// # Safety
    ///
    /// The block came from this subject and is live.
    unsafe fn realloc(&self, block: *mut u8, bytes: usize) -> *mut u8;
    /// Releases a block.
    ///
    /// # Safety
    ///
    /// The block came from this subject and is live.
    unsafe fn free(&self, block: *mut u8);
    /// Asks it to give back to the system what it can.
    fn purge(&self) {}
}

/// C functions of an allocator.
#[derive(Clone, Copy)]
pub struct Functions {
    pub malloc: unsafe extern "C" fn(usize) -> *mut c_void,
    pub realloc: unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void,
    pub free: unsafe extern "C" fn(*mut c_void),
    pub purge: Option<fn()>,
}

impl Subject for Functions {
    #[inline(always)]
    fn malloc(&self, bytes: usize) -> *mut u8 {
        // SAFETY: *system-allocator*: any size may be asked for.
        unsafe { (self.malloc)(bytes).cast() }
    }

    #[inline(always)]
    unsafe fn realloc(&self, block: *mut u8, bytes: usize) -> *mut u8 {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { (self.realloc)(block.cast(), bytes).cast() }
    }

    #[inline(always)]
    unsafe fn free(&self, block: *mut u8) {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { (self.free)(block.cast()) }
    }

    fn purge(&self) {
        if let Some(purge) = self.purge {
            purge();
        }
    }
}

/// The functions of glibc.
pub fn glibc() -> Functions {
    Functions {
        malloc: libc::malloc,
        realloc: libc::realloc,
        free: libc::free,
        // SAFETY: *system-allocator*: it has no preconditions.
        purge: Some(|| unsafe {
            libc::malloc_trim(0);
        }),
    }
}

/// The functions of mimalloc.
pub fn mimalloc() -> Functions {
    Functions {
        malloc: libmimalloc_sys::mi_malloc,
        realloc: libmimalloc_sys::mi_realloc,
        free: libmimalloc_sys::mi_free,
        // SAFETY: *system-allocator*: it has no preconditions.
        purge: Some(|| unsafe { mi_collect(true) }),
    }
}

/// The functions of jemalloc.
pub fn jemalloc() -> Functions {
    Functions {
        malloc: tikv_jemalloc_sys::malloc,
        realloc: tikv_jemalloc_sys::realloc,
        free: tikv_jemalloc_sys::free,
        // SAFETY: *system-allocator*: the name is a C string, and nothing is read or written.
        purge: Some(|| unsafe {
            tikv_jemalloc_sys::mallctl(
                c"arena.4096.purge".as_ptr(),
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
                0,
            );
        }),
    }
}

/// The functions of snmalloc, which asks for alignments and sizes that it does not look at.
pub fn snmalloc() -> Functions {
    const ALIGNMENT: usize = 16;
    unsafe extern "C" fn malloc(bytes: usize) -> *mut c_void {
        // SAFETY: *system-allocator*: any size may be asked for.
        unsafe { snmalloc_sys::sn_rust_alloc(ALIGNMENT, bytes).cast() }
    }
    unsafe extern "C" fn realloc(block: *mut c_void, bytes: usize) -> *mut c_void {
        // SAFETY: *live-block*: the caller's block is live.
        unsafe {
            let old = snmalloc_sys::sn_rust_usable_size(block.cast());
            snmalloc_sys::sn_rust_realloc(block.cast(), ALIGNMENT, old, bytes).cast()
        }
    }
    unsafe extern "C" fn free(block: *mut c_void) {
        // SAFETY: *live-block*: the caller's block is live.
        unsafe { snmalloc_sys::sn_rust_dealloc(block.cast(), ALIGNMENT, ALIGNMENT) };
    }
    Functions {
        malloc,
        realloc,
        free,
        purge: None,
    }
}

unsafe extern "C" {
    fn mi_collect(force: bool);
}

/// The object domain behind functions with a context, as CPython keeps a domain's allocator.
pub struct Called<'m> {
    memory: &'m Memory,
    functions: Table,
}

#[derive(Clone, Copy)]
struct Table {
    malloc: unsafe extern "C" fn(*const Memory, usize) -> *mut u8,
    realloc: unsafe extern "C" fn(*const Memory, *mut u8, usize) -> *mut u8,
    free: unsafe extern "C" fn(*const Memory, *mut u8),
}

fn address(block: Option<NonNull<u8>>) -> *mut u8 {
    block.map_or(ptr::null_mut(), NonNull::as_ptr)
}

unsafe extern "C" fn called_malloc(memory: *const Memory, bytes: usize) -> *mut u8 {
    // SAFETY: *stable-memory*: the context is a live memory.
    address(unsafe { (*memory).malloc(Domain::Object, bytes) })
}

unsafe extern "C" fn called_realloc(
    memory: *const Memory,
    block: *mut u8,
    bytes: usize,
) -> *mut u8 {
    // SAFETY: *stable-memory*: the context is a live memory, the block its own.
    address(unsafe { (*memory).realloc(Domain::Object, NonNull::new(block), bytes) })
}

unsafe extern "C" fn called_free(memory: *const Memory, block: *mut u8) {
    // SAFETY: *stable-memory*: the context is a live memory, the block its own.
    unsafe { (*memory).free(Domain::Object, NonNull::new(block)) }
}

impl<'m> Called<'m> {
    pub fn new(memory: &'m Memory) -> Called<'m> {
        let functions = Table {
            malloc: called_malloc,
            realloc: called_realloc,
            free: called_free,
        };
        Called {
            memory,
            functions: black_box(functions),
        }
    }
}

impl Subject for Called<'_> {
    #[inline(always)]
    fn malloc(&self, bytes: usize) -> *mut u8 {
        // SAFETY: *stable-memory*: the context is a live memory.
        unsafe { (self.functions.malloc)(self.memory, bytes) }
    }

    #[inline(always)]
    unsafe fn realloc(&self, block: *mut u8, bytes: usize) -> *mut u8 {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { (self.functions.realloc)(self.memory, block, bytes) }
    }

    #[inline(always)]
    unsafe fn free(&self, block: *mut u8) {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { (self.functions.free)(self.memory, block) }
    }

    fn purge(&self) {
        self.memory.purge();
    }
}

/// The object domain as Rust code calls it: the size is not known to the compiler, but the functions are.
pub struct Inlined<'m>(pub &'m Memory);

impl Subject for Inlined<'_> {
    #[inline(always)]
    fn malloc(&self, bytes: usize) -> *mut u8 {
        address(self.0.malloc(Domain::Object, bytes))
    }

    #[inline(always)]
    unsafe fn realloc(&self, block: *mut u8, bytes: usize) -> *mut u8 {
        // SAFETY: *live-block*: by the trait's contract.
        address(unsafe { self.0.realloc(Domain::Object, NonNull::new(block), bytes) })
    }

    #[inline(always)]
    unsafe fn free(&self, block: *mut u8) {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { self.0.free(Domain::Object, NonNull::new(block)) }
    }

    fn purge(&self) {
        self.0.purge();
    }
}

/// No allocator: blocks follow each other in 256 KiB, over and over, and a release does nothing. What a load costs with
/// it is what the load itself costs.
pub fn bump() -> Functions {
    const ROOM: usize = 256 * 1024;
    const LARGEST: usize = 4096;
    #[repr(align(4096))]
    struct Room(UnsafeCell<[u8; ROOM + LARGEST]>);
    // SAFETY: *one-thread*: the loads run in one thread.
    unsafe impl Sync for Room {}
    static BYTES: Room = Room(UnsafeCell::new([0; ROOM + LARGEST]));
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    unsafe extern "C" fn malloc(bytes: usize) -> *mut c_void {
        let at = NEXT.load(Ordering::Relaxed);
        NEXT.store((at + bytes.next_multiple_of(16)) % ROOM, Ordering::Relaxed);
        // SAFETY: *live-block*: below the end, with room for the largest request behind.
        unsafe { BYTES.0.get().cast::<u8>().add(at).cast() }
    }
    unsafe extern "C" fn realloc(_: *mut c_void, bytes: usize) -> *mut c_void {
        // SAFETY: *live-block*: as for `malloc`.
        unsafe { malloc(bytes) }
    }
    unsafe extern "C" fn free(_: *mut c_void) {}
    Functions {
        malloc,
        realloc,
        free,
        purge: None,
    }
}
