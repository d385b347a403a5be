//! How a memory is set up.

/// The set-up of a [`crate::Memory`].
///
/// ```
/// use mortice_mem::{Config, Memory};
///
/// let memory = Memory::with_config(Config {
///     region_bytes: 64 << 20,
///     ..Config::default()
/// })?;
/// assert_eq!(memory.statistics().region_bytes, 64 << 20);
/// # Ok::<(), mortice_mem::MemoryError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// The bytes of arenas for which each region reserves addresses, rounded
    /// down to whole arenas and at least one. Half as much is tried, and half of that, when the
    /// system refuses.
    pub region_bytes: usize,
    /// The most regions that are reserved, at most [`Config::REGION_LIMIT`].
    /// When they are full, blocks come from the system allocator.
    pub region_limit: usize,
    /// Whether every block of the mem and object domains is foreign. No
    /// address space is reserved then.
    pub foreign_objects: bool,
    /// The request that fails, counted from the memory's first one, as
    /// [`crate::Memory::fail_after`] has it.
    pub fail_request: Option<u64>,
}

impl Config {
    /// The most regions that one memory can hold.
    pub const REGION_LIMIT: usize = 32;
}

impl Default for Config {
    /// One region of 32 GiB if the system grants it, and more when it is full.
    fn default() -> Config {
        Config {
            region_bytes: 32 << 30,
            region_limit: Config::REGION_LIMIT,
            foreign_objects: false,
            fail_request: None,
        }
    }
}
