//! The raw domain: the system allocator, with its odd cases evened out.
//!
//! A request for fewer bytes than a word asks for a word, so that pointers are
//! distinct and a block that waits in an inbox has room for a link, and
//! requests above `isize::MAX` bytes fail before they reach the system.

use std::ptr::NonNull;

/// The largest request that any domain serves.
pub(crate) const LIMIT_BYTES: usize = isize::MAX as usize;

/// The least that the system is asked for.
pub(crate) const LEAST_BYTES: usize = size_of::<usize>();

/// Allocates `bytes` bytes of the system's memory.
pub(crate) fn allocate(bytes: usize) -> Option<NonNull<u8>> {
    if bytes > LIMIT_BYTES {
        return None;
    }
    // SAFETY: *system-allocator*: any size may be asked for.
    NonNull::new(unsafe { libc::malloc(bytes.max(LEAST_BYTES)) }.cast())
}

/// Allocates `bytes` bytes of the system's memory, all zero.
pub(crate) fn allocate_zeroed(bytes: usize) -> Option<NonNull<u8>> {
    if bytes > LIMIT_BYTES {
        return None;
    }
    // SAFETY: *system-allocator*: any size may be asked for.
    NonNull::new(unsafe { libc::calloc(bytes.max(LEAST_BYTES), 1) }.cast())
}

/// Changes a block's size; on failure the block is as before.
///
/// # Safety
///
/// `pointer` is live and came from this module.
pub(crate) unsafe fn resize(pointer: NonNull<u8>, bytes: usize) -> Option<NonNull<u8>> {
    if bytes > LIMIT_BYTES {
        return None;
    }
    // SAFETY: *system-allocator*: by this function's contract.
    NonNull::new(unsafe { libc::realloc(pointer.as_ptr().cast(), bytes.max(LEAST_BYTES)) }.cast())
}

/// Gives a block back to the system.
///
/// # Safety
///
/// `pointer` is live and came from this module.
pub(crate) unsafe fn release(pointer: NonNull<u8>) {
    // SAFETY: *system-allocator*: by this function's contract.
    unsafe { libc::free(pointer.as_ptr().cast()) }
}
