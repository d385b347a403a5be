//! Typed requests: arrays of a type, in any domain.
//!
//! Counting bytes is left to these functions, and with it the product that may
//! overflow. Values that are to be dropped with their memory are better kept in a
//! collection of `allocator-api2` on a [`MemoryRef`](crate::MemoryRef).

use std::ptr::NonNull;

use crate::GRANULE_BYTES;
use crate::domain::Domain;
use crate::memory::Memory;

/// The bytes of `count` values, unless no allocation can be that large.
const fn array_bytes<T>(count: usize) -> Option<usize> {
    const {
        assert!(
            align_of::<T>() <= GRANULE_BYTES,
            "blocks are aligned to 16 bytes"
        );
    }
    size_of::<T>().checked_mul(count)
}

/// # Typed requests
impl Memory {
    /// Allocates room for `count` values of `T`, none of them initialised.
    ///
    /// Without memory, or where the product of count and size overflows, there is
    /// none. No or empty values give distinct pointers. A type that is aligned to
    /// more than 16 bytes does not compile.
    ///
    /// ```
    /// use mortice_mem::{Domain, Memory};
    ///
    /// let memory = Memory::new()?;
    /// let numbers = memory.new_array::<u64>(Domain::Mem, 3).expect("24 bytes");
    /// assert!(memory.new_array::<u64>(Domain::Mem, usize::MAX / 4).is_none());
    /// // SAFETY: *live-block*: room for three numbers, given back once.
    /// unsafe {
    ///     numbers.write(7);
    ///     let more = memory.resize_array(Domain::Mem, numbers, 300).expect("2,400 bytes");
    ///     assert_eq!(more.read(), 7);
    ///     memory.delete(Domain::Mem, Some(more));
    /// }
    /// # Ok::<(), mortice_mem::MemoryError>(())
    /// ```
    ///
    /// # CPython
    ///
    /// `PyMem_New`.
    pub fn new_array<T>(&self, domain: Domain, count: usize) -> Option<NonNull<T>> {
        self.malloc(domain, array_bytes::<T>(count)?)
            .map(NonNull::cast)
    }

    /// Changes the number of values that there is room for, moving them if need
    /// be. Those up to the smaller number stay; none is dropped. On failure the
    /// array is as before.
    ///
    /// # CPython
    ///
    /// `PyMem_Resize`, a macro that replaces the pointer by null on failure. Here
    /// the pointer stays with its owner.
    ///
    /// # Safety
    ///
    /// As for [`Memory::realloc`], of an array of `T`.
    pub unsafe fn resize_array<T>(
        &self,
        domain: Domain,
        array: NonNull<T>,
        count: usize,
    ) -> Option<NonNull<T>> {
        let bytes = array_bytes::<T>(count)?;
        // SAFETY: *live-block*: by this function's contract.
        unsafe { self.realloc(domain, Some(array.cast()), bytes) }.map(NonNull::cast)
    }

    /// Gives the memory of an array back; without one, does nothing. Values that
    /// need to be dropped are dropped before.
    ///
    /// # CPython
    ///
    /// `PyMem_Del`, which is `PyMem_Free`.
    ///
    /// # Safety
    ///
    /// As for [`Memory::free`].
    #[inline]
    pub unsafe fn delete<T>(&self, domain: Domain, array: Option<NonNull<T>>) {
        // SAFETY: *live-block*: by this function's contract.
        unsafe { self.free(domain, array.map(NonNull::cast)) };
    }
}
