//! How a memory is set up.

use crate::{Choice, UnknownChoice};

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
    /// The bytes of free units that may stay resident. When more units have been
    /// released, the memory of all free ones is given back to the system, as
    /// [`crate::Memory::purge`] does. `usize::MAX` leaves it to that call.
    pub retain_bytes: usize,
    /// What serves the mem and object domains from the beginning.
    pub allocator: Choice,
    /// The request that fails, counted from the memory's first one, as
    /// [`crate::Memory::fail_after`] has it.
    pub fail_request: Option<u64>,
}

impl Config {
    /// The most regions that one memory can hold.
    pub const REGION_LIMIT: usize = 32;

    /// The default set-up with the allocator that `MORTICE_MALLOC` names.
    ///
    /// # Errors
    ///
    /// It names none.
    pub fn from_environment() -> Result<Config, UnknownChoice> {
        Ok(Config {
            allocator: Choice::from_environment()?,
            ..Config::default()
        })
    }
}

impl Default for Config {
    /// One region of 32 GiB if the system grants it, and more when it is full;
    /// 64 MiB of free units stay resident.
    fn default() -> Config {
        Config {
            region_bytes: 32 << 30,
            region_limit: Config::REGION_LIMIT,
            retain_bytes: 64 << 20,
            allocator: Choice::Pool,
            fail_request: None,
        }
    }
}
