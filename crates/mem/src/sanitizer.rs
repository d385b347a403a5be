//! Tells AddressSanitizer which blocks are free, and which are left on purpose.
//!
//! With the feature `asan`, a released block is poisoned until it is handed out
//! again, so that an access to it is reported although its pool is still
//! mapped. Without the feature every function here is empty.

#[cfg(feature = "asan")]
unsafe extern "C" {
    fn __asan_poison_memory_region(start: *const libc::c_void, bytes: usize);
    fn __asan_unpoison_memory_region(start: *const libc::c_void, bytes: usize);
    fn __lsan_ignore_object(start: *const libc::c_void);
    fn __lsan_register_root_region(start: *const libc::c_void, bytes: usize);
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
