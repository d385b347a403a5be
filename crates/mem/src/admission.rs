//! Admission: what every request and release passes first.
//!
//! A request counts a *budget* down and is admitted unless that reaches zero; a
//! release compares its address with the first region. Both are one comparison,
//! and everything that is seldom asked for hangs on them: the request that has to
//! fail, functions in place of the memory's own, an observer.
//!
//! ```text
//! requests = limit - budget, or limit - switched_budget while a domain is switched
//! ```
//!
//! While a domain is switched the *fast path* is closed: the budget is held at
//! one, so that no request is admitted at once, and the range is empty.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::Block;
use crate::domain::Domain;
use crate::memory::Memory;

/// A budget that is never used up.
const ENDLESS: u64 = 1 << 62;

/// The parts of a memory that admission uses.
pub(crate) struct Admission {
    /// Counts down with every request and reaches zero at the one that fails.
    budget: Cell<u64>,
    /// The budget while a domain is switched; the one above is held at one then.
    switched_budget: Cell<u64>,
    limit: Cell<u64>,
    /// The first region's arenas, for the comparison that a release makes. Empty
    /// while a domain is switched.
    fast_base: Cell<usize>,
    fast_bytes: Cell<usize>,
}

impl Admission {
    pub(crate) const fn new() -> Admission {
        Admission {
            budget: Cell::new(ENDLESS),
            switched_budget: Cell::new(ENDLESS),
            limit: Cell::new(ENDLESS),
            fast_base: Cell::new(0),
            fast_bytes: Cell::new(0),
        }
    }
}

/// # Failing on request
impl Memory {
    /// Makes the n-th request from now fail, counted from one, and only that
    /// one. `None` takes it back. Every call that may allocate is a request, in
    /// all domains. `Some(0)` is like `Some(1)`.
    pub fn fail_after(&self, allocations: Option<u64>) {
        let count = self.allocation_count();
        let budget = allocations.map_or(ENDLESS, |n| n.clamp(1, ENDLESS));
        self.budget().set(budget);
        self.admission.limit.set(count.wrapping_add(budget));
    }

    /// The number of requests so far, including those that failed.
    pub fn allocation_count(&self) -> u64 {
        self.admission.limit.get().wrapping_sub(self.budget().get())
    }

    /// What is left until a request fails.
    fn budget(&self) -> &Cell<u64> {
        if self.switch.is_switched() {
            &self.admission.switched_budget
        } else {
            &self.admission.budget
        }
    }
}

/// # The fast path
impl Memory {
    /// Opens the fast path: releases compare with the first region again, and
    /// requests count down their own budget.
    pub(crate) fn open_fast_path(&self) {
        let (base, bytes) = self.regions.main_range();
        let admission = &self.admission;
        admission.fast_base.set(base);
        admission.fast_bytes.set(bytes);
        admission.budget.set(admission.switched_budget.get());
    }

    /// Closes the fast path, while a domain is switched.
    pub(crate) fn close_fast_path(&self) {
        let admission = &self.admission;
        admission.fast_bytes.set(0);
        admission.switched_budget.set(admission.budget.replace(1));
    }

    /// Whether `address` lies in the first region, and nothing is switched.
    #[inline(always)]
    pub(crate) fn fast_contains(&self, address: usize) -> bool {
        let offset = address.wrapping_sub(self.admission.fast_base.get());
        offset < self.admission.fast_bytes.get()
    }

    /// Counts a request and tells whether it may go on.
    #[inline(always)]
    pub(crate) fn admit(&self) -> bool {
        let left = self.admission.budget.get() - 1;
        self.admission.budget.set(left);
        left != 0
    }

    /// Tells whether a request that was not admitted may go on after all: where
    /// a domain is switched, its budget is another one. When that is used up, a
    /// new one begins, and the request fails.
    #[cold]
    #[inline(never)]
    pub(crate) fn readmit(&self) -> bool {
        if self.switch.is_switched() {
            self.collect_waiting();
            self.admission.budget.set(1);
            let left = self.admission.switched_budget.get() - 1;
            self.admission.switched_budget.set(left);
            if left != 0 {
                return true;
            }
        }
        self.fail_after(None);
        false
    }

    /// Does what [`Memory::malloc`] does for a request that was not admitted.
    #[cold]
    #[inline(never)]
    pub(crate) fn malloc_checked(&self, domain: Domain, bytes: usize) -> Option<NonNull<u8>> {
        if !self.readmit() {
            return None;
        }
        let start = match self.switch.functions(domain) {
            // SAFETY: *domain-functions*: promised to `set_allocator`.
            Some(functions) => unsafe {
                NonNull::new((functions.malloc)(functions.context, bytes).cast())
            },
            None => (self.serve_observed(domain, bytes)).map(|block| block.start),
        };
        self.tell_allocated(domain, start, bytes);
        start
    }

    /// Does what [`Memory::block`] does for a request that was not admitted.
    #[cold]
    #[inline(never)]
    pub(crate) fn block_checked(&self, domain: Domain, bytes: usize) -> Option<Block> {
        if !self.readmit() {
            return None;
        }
        let block = match self.switch.functions(domain) {
            Some(functions) => self.allocate_foreign(domain, bytes, false, Some(functions)),
            None => self.serve_observed(domain, bytes),
        };
        self.tell_allocated(domain, block.map(|block| block.start), bytes);
        block
    }
}
