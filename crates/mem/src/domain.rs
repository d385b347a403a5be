//! The three domains that a request can belong to.

/// What a request is for, which decides where it is served.
///
/// # CPython
///
/// The domains of `PyMem_RawMalloc`, `PyMem_Malloc` and `PyObject_Malloc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Domain {
    /// The system allocator's memory, for what must not touch the pools.
    Raw = 0,
    /// Buffers that objects own: never walked by [`crate::Memory::each_marked`].
    Mem = 1,
    /// Objects: walked by [`crate::Memory::each_marked`].
    Object = 2,
}

/// The domains that pools, spans and foreign blocks serve.
pub(crate) const BLOCK_DOMAINS: [Domain; 2] = [Domain::Mem, Domain::Object];

impl Domain {
    /// The row of a table with one row for each of the three domains.
    #[inline(always)]
    pub(crate) const fn row(self) -> usize {
        self as usize
    }

    /// The row of a table with rows for the mem and the object domain only.
    #[inline(always)]
    pub(crate) const fn block_row(self) -> usize {
        self as usize - 1
    }

    /// The domain's name as messages write it.
    pub const fn name(self) -> &'static str {
        match self {
            Domain::Raw => "raw",
            Domain::Mem => "mem",
            Domain::Object => "object",
        }
    }
}
