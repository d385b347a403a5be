//! Tells AddressSanitizer which blocks are free.
//!
//! With the feature `asan`, a released block is poisoned until it is handed out
//! again, so that an access to it is reported as a use after free although its
//! pool is still mapped. Without the feature both functions are empty.

#[cfg(feature = "asan")]
unsafe extern "C" {
    fn __asan_poison_memory_region(start: *const libc::c_void, bytes: usize);
    fn __asan_unpoison_memory_region(start: *const libc::c_void, bytes: usize);
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
