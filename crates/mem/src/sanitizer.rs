//! What happens to blocks while nobody may use them.
//!
//! With the feature `asan`, AddressSanitizer is told which blocks are free, so
//! that an access to one is reported although its pool is still mapped, and
//! which are left on purpose. With the feature `zeal`, a released block is
//! filled, and a write to it is noticed when it is handed out again. Without
//! either, every function here is empty.

#[cfg(feature = "asan")]
unsafe extern "C" {
    fn __asan_poison_memory_region(start: *const libc::c_void, bytes: usize);
    fn __asan_unpoison_memory_region(start: *const libc::c_void, bytes: usize);
    fn __lsan_ignore_object(start: *const libc::c_void);
    fn __lsan_register_root_region(start: *const libc::c_void, bytes: usize);
}

/// What a released block is filled with: no valid address, and a reference count
/// that is not that of an immortal object.
#[cfg(feature = "zeal")]
const FILL: u8 = 0x5A;

/// The bytes at the start of a free block that hold its link.
#[cfg(feature = "zeal")]
const LINK_BYTES: usize = size_of::<usize>();

/// A block of `bytes` bytes is free from now on; its link is written.
///
/// # Safety
///
/// The block begins at `start`, nobody uses it, and it is not poisoned.
#[inline(always)]
pub(crate) unsafe fn retire(start: *mut u8, bytes: usize) {
    #[cfg(feature = "zeal")]
    // SAFETY: *free-link*: by this function's contract.
    unsafe {
        start.add(LINK_BYTES).write_bytes(FILL, bytes - LINK_BYTES);
    }
    poison(start, bytes);
}

/// A free block of a pool is handed out.
///
/// # Safety
///
/// The block of `bytes` bytes begins at `start`, and is free.
#[inline(always)]
pub(crate) unsafe fn issue(start: *mut u8, bytes: usize) {
    unpoison(start, bytes);
    #[cfg(feature = "zeal")]
    // SAFETY: *free-link*: by this function's contract.
    unsafe {
        let rest = std::slice::from_raw_parts(start.add(LINK_BYTES), bytes - LINK_BYTES);
        assert!(
            rest.iter().all(|byte| *byte == FILL),
            "the block at {start:p} was written to after its release"
        );
    }
}

/// Fills a foreign block that is about to be released.
///
/// # Safety
///
/// The block of `bytes` bytes begins at `start`, and nobody uses it.
#[inline(always)]
pub(crate) unsafe fn fill(start: *mut u8, bytes: usize) {
    #[cfg(feature = "zeal")]
    // SAFETY: *live-block*: by this function's contract.
    unsafe {
        start.write_bytes(FILL, bytes);
    }
    #[cfg(not(feature = "zeal"))]
    let _ = (start, bytes);
}

/// Forbids access to `bytes` bytes from `start`.
#[inline(always)]
pub(crate) fn poison(start: *const u8, bytes: usize) {
    #[cfg(feature = "asan")]
    // SAFETY: *accessible*: callers pass memory of a region; the function
    // writes only the sanitizer's own shadow of it.
    unsafe {
        __asan_poison_memory_region(start.cast(), bytes);
    }
    #[cfg(not(feature = "asan"))]
    let _ = (start, bytes);
}

/// Allows access to `bytes` bytes from `start`.
#[inline(always)]
pub(crate) fn unpoison(start: *const u8, bytes: usize) {
    #[cfg(feature = "asan")]
    // SAFETY: *accessible*: as for `poison`.
    unsafe {
        __asan_unpoison_memory_region(start.cast(), bytes);
    }
    #[cfg(not(feature = "asan"))]
    let _ = (start, bytes);
}

/// Takes an allocation of the system for no leak, though nothing refers to it.
pub(crate) fn keep(start: *const u8) {
    #[cfg(feature = "asan")]
    // SAFETY: *system-allocator*: callers pass a live allocation; the function
    // writes only the sanitizer's own books.
    unsafe {
        __lsan_ignore_object(start.cast());
    }
    #[cfg(not(feature = "asan"))]
    let _ = start;
}

/// Takes what `bytes` bytes from `start` refer to for no leak.
pub(crate) fn keep_referents(start: *const u8, bytes: usize) {
    #[cfg(feature = "asan")]
    // SAFETY: *accessible*: callers pass memory that stays mapped.
    unsafe {
        __lsan_register_root_region(start.cast(), bytes);
    }
    #[cfg(not(feature = "asan"))]
    let _ = (start, bytes);
}
