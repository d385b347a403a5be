//! The mem domain as an allocator for growable collections.
//!
//! `&Memory` borrows the memory and is safe to use. [`MemoryRef`] is a plain
//! word for what lives inside the memory's own client and cannot borrow it.

use std::alloc::Layout;
use std::fmt;
use std::ptr::NonNull;

use allocator_api2::alloc::{AllocError, Allocator};

use crate::GRANULE_BYTES;
use crate::domain::Domain;
use crate::memory::Memory;

/// A handle of one word to a memory, which serves collections from its mem
/// domain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MemoryRef(NonNull<Memory>);

impl MemoryRef {
    /// Makes a handle.
    ///
    /// # Safety
    ///
    /// The memory outlives every use of the handle and of its copies, and is
    /// used by one thread at a time.
    pub const unsafe fn new(memory: &Memory) -> MemoryRef {
        MemoryRef(NonNull::from_ref(memory))
    }

    /// The memory itself.
    #[inline]
    pub const fn memory(&self) -> &Memory {
        // SAFETY: *stable-memory*: promised to `new`.
        unsafe { self.0.as_ref() }
    }
}

impl fmt::Debug for MemoryRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MemoryRef({:p})", self.0)
    }
}

fn sized(start: Option<NonNull<u8>>, bytes: usize) -> Result<NonNull<[u8]>, AllocError> {
    start
        .map(|start| NonNull::slice_from_raw_parts(start, bytes))
        .ok_or(AllocError)
}

impl Memory {
    /// Changes the size of a collection's block.
    ///
    /// # Safety
    ///
    /// As for [`Allocator::grow`].
    unsafe fn resize_layout(
        &self,
        start: NonNull<u8>,
        layout: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        if layout.align() > GRANULE_BYTES {
            return Err(AllocError);
        }
        // SAFETY: *live-block*: by this function's contract.
        let start = unsafe { self.realloc(Domain::Mem, Some(start), layout.size()) };
        sized(start, layout.size())
    }
}

// SAFETY: *live-block*: blocks stay valid until they are released or the
// borrowed memory is dropped, and copies of the reference are the same
// allocator.
unsafe impl Allocator for &Memory {
    #[inline]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.align() > GRANULE_BYTES {
            return Err(AllocError);
        }
        sized(self.malloc(Domain::Mem, layout.size()), layout.size())
    }

    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.align() > GRANULE_BYTES {
            return Err(AllocError);
        }
        sized(self.calloc(Domain::Mem, 1, layout.size()), layout.size())
    }

    #[inline]
    unsafe fn deallocate(&self, start: NonNull<u8>, _: Layout) {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { self.free(Domain::Mem, Some(start)) }
    }

    unsafe fn grow(
        &self,
        start: NonNull<u8>,
        _: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { self.resize_layout(start, new) }
    }

    unsafe fn shrink(
        &self,
        start: NonNull<u8>,
        _: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { self.resize_layout(start, new) }
    }
}

// SAFETY: *live-block*, *stable-memory*: as for `&Memory`; that the memory
// outlives its blocks was promised to `MemoryRef::new`.
unsafe impl Allocator for MemoryRef {
    #[inline]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.memory().allocate(layout)
    }

    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.memory().allocate_zeroed(layout)
    }

    #[inline]
    unsafe fn deallocate(&self, start: NonNull<u8>, _: Layout) {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { self.memory().free(Domain::Mem, Some(start)) }
    }

    unsafe fn grow(
        &self,
        start: NonNull<u8>,
        _: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { self.memory().resize_layout(start, new) }
    }

    unsafe fn shrink(
        &self,
        start: NonNull<u8>,
        _: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: *live-block*: by the trait's contract.
        unsafe { self.memory().resize_layout(start, new) }
    }
}
