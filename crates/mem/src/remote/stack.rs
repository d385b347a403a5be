//! A stack that any thread pushes to, and one takes as a whole.
//!
//! An entry is an address with room for a link; whoever pushes says how the link
//! is written. Nothing is ever taken from the middle or one at a time: a push
//! only compares the head with what it has just linked to, and never follows it,
//! so that an address that comes back in between (the ABA problem) does no harm.
//!
//! Ordering: a push releases, so that its link, and whatever its thread wrote
//! before, is seen by whoever takes. Each push and each taking replaces the head
//! in one step, so one acquiring load of the head also sees what the pushes below
//! it wrote.
//!
//! `tests/loom.rs` runs this file with loom's atomics.

use std::ptr;

use super::atomic::{AtomicPtr, Ordering};

/// The head of a stack of entries, or null.
pub(crate) struct Stack {
    head: AtomicPtr<u8>,
}

impl Stack {
    pub(crate) fn new() -> Stack {
        Stack {
            head: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// Pushes an entry. `link` writes the entry's link, at times more than once.
    pub(crate) fn push(&self, entry: *mut u8, mut link: impl FnMut(*mut u8)) {
        let mut head = self.head.load(Ordering::Relaxed);
        loop {
            link(head);
            match self
                .head
                .compare_exchange_weak(head, entry, Ordering::Release, Ordering::Relaxed)
            {
                Ok(_) => return,
                Err(other) => head = other,
            }
        }
    }

    /// Takes all entries: the one pushed last, whose link leads to the others.
    pub(crate) fn take(&self) -> *mut u8 {
        self.head.swap(ptr::null_mut(), Ordering::Acquire)
    }

    /// The entry pushed last, which stays. Only the thread that takes may follow
    /// its link.
    pub(crate) fn first(&self) -> *mut u8 {
        self.head.load(Ordering::Acquire)
    }

    /// Whether nothing was there a moment ago.
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.head.load(Ordering::Relaxed).is_null()
    }
}
