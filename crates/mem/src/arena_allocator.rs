//! Arena allocators: where the memory of arenas comes from.
//!
//! At first a memory reserves a range of addresses from the system and opens it
//! arena by arena. With functions of your own, it asks them for regions instead:
//! of one arena at first, then of two, four and so on, each with its books in
//! front and room to align. What was opened before stays in use.
//!
//! # CPython
//!
//! `PyObjectArenaAllocator`, `PyObject_GetArenaAllocator` and
//! `PyObject_SetArenaAllocator`. CPython asks for one arena of 1 MiB each time.

use std::ffi::c_void;
use std::ptr;

use crate::memory::Memory;

/// The functions that arenas come from, and the word that they are called with.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ArenaAllocator {
    /// The first argument of both functions.
    pub context: *mut c_void,
    /// Gives a number of bytes, aligned to 4,096, or null. What they hold does
    /// not matter.
    pub alloc: unsafe extern "C" fn(context: *mut c_void, bytes: usize) -> *mut c_void,
    /// Takes back what `alloc` gave, of that many bytes.
    pub free: unsafe extern "C" fn(context: *mut c_void, start: *mut c_void, bytes: usize),
}

impl ArenaAllocator {
    /// The system's own functions: anonymous memory, mapped and unmapped.
    pub const SYSTEM: ArenaAllocator = ArenaAllocator {
        context: ptr::null_mut(),
        alloc: map,
        free: unmap,
    };

    /// Whether these are the same functions with the same context.
    pub fn is(&self, other: &ArenaAllocator) -> bool {
        self.context == other.context
            && ptr::fn_addr_eq(self.alloc, other.alloc)
            && ptr::fn_addr_eq(self.free, other.free)
    }
}

unsafe extern "C" fn map(_: *mut c_void, bytes: usize) -> *mut c_void {
    // SAFETY: *accessible*: a new mapping, which overlaps nothing.
    let start = unsafe {
        libc::mmap(
            ptr::null_mut(),
            bytes,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if start == libc::MAP_FAILED {
        ptr::null_mut()
    } else {
        start
    }
}

unsafe extern "C" fn unmap(_: *mut c_void, start: *mut c_void, bytes: usize) {
    // SAFETY: *accessible*: a mapping that `map` made, and nobody uses any more.
    unsafe { libc::munmap(start, bytes) };
}

/// # Arena allocators
impl Memory {
    /// The functions that the next arenas come from.
    pub fn arena_allocator(&self) -> ArenaAllocator {
        self.regions.source.get().unwrap_or(ArenaAllocator::SYSTEM)
    }

    /// Replaces the functions that arenas come from.
    /// [`ArenaAllocator::SYSTEM`] ends the replacement: arenas are opened in
    /// the reserved range again.
    ///
    /// Regions of other functions are returned to them by [`Memory::purge`] when
    /// nothing in them is in use, and when the memory is dropped; their pages are
    /// not given to the system.
    ///
    /// # Safety
    ///
    /// - The functions do what their fields say, and may be called with the
    ///   context until the memory is dropped.
    /// - They do not unwind and do not use this memory.
    pub unsafe fn set_arena_allocator(&self, allocator: ArenaAllocator) {
        let systems = allocator.is(&ArenaAllocator::SYSTEM);
        self.regions.source.set((!systems).then_some(allocator));
        self.regions.ask_again();
    }
}
