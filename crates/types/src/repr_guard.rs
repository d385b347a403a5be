//! Containers that contain themselves: the set of the reprs that run now.
//!
//! A container's repr enters a guard before it asks its items for theirs. Where the container
//! is in the set already, it was reached through itself, and its repr is an ellipsis in the
//! container's brackets.

use crate::{Context, Object, Result};
use hashbrown::HashTable;
use mortice_gc::OutOfMemory;
use mortice_mem::MemoryRef;
use std::cell::RefCell;

/// Having one of these tells you that no repr of the object runs further out. Leaves the set
/// when it is dropped.
#[expect(
    missing_debug_implementations,
    reason = "a context has nothing to print"
)]
pub struct ReprGuard<'a> {
    cx: &'a Context,
    address: usize,
}

/// Containers whose reprs run now, found by their addresses.
pub(crate) struct Running {
    addresses: RefCell<HashTable<usize, MemoryRef>>,
}

impl Running {
    pub(crate) fn new(memory: MemoryRef) -> Running {
        Running {
            addresses: RefCell::new(HashTable::new_in(memory)),
        }
    }

    /// Adds an address; false where it is known.
    fn add(&self, address: usize) -> std::result::Result<bool, OutOfMemory> {
        let mut addresses = self.addresses.borrow_mut();
        let hash = hash(address);
        if addresses.find(hash, |known| *known == address).is_some() {
            return Ok(false);
        }
        addresses
            .try_reserve(1, |known| self::hash(*known))
            .map_err(|_| OutOfMemory)?;
        addresses.insert_unique(hash, address, |known| self::hash(*known));
        Ok(true)
    }

    fn remove(&self, address: usize) {
        let mut addresses = self.addresses.borrow_mut();
        if let Ok(entry) = addresses.find_entry(hash(address), |known| *known == address) {
            entry.remove();
        }
    }
}

/// Spreads an address over the bits of a hash; objects begin at multiples of 16.
fn hash(address: usize) -> u64 {
    ((address >> 4) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl<'a> ReprGuard<'a> {
    /// Enters the repr of a container; `None` where it runs already.
    ///
    /// # Errors
    ///
    /// MemoryError.
    ///
    /// # CPython
    ///
    /// `Py_ReprEnter` and `Py_ReprLeave`.
    pub fn enter(cx: &'a Context, object: &Object) -> Result<Option<ReprGuard<'a>>> {
        ReprGuard::enter_address(cx, object.address())
    }

    /// Enters the repr of an object that asks for the repr of its native part as well, which has a
    /// guard of its own; `None` where it runs already.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn enter_around(cx: &'a Context, object: &Object) -> Result<Option<ReprGuard<'a>>> {
        // No object begins there.
        ReprGuard::enter_address(cx, object.address() | 1)
    }

    fn enter_address(cx: &'a Context, address: usize) -> Result<Option<ReprGuard<'a>>> {
        let added = cx.fallible(cx.repr_running.add(address))?;
        Ok(added.then(|| ReprGuard { cx, address }))
    }
}

impl Drop for ReprGuard<'_> {
    fn drop(&mut self) {
        self.cx.repr_running.remove(self.address);
    }
}
