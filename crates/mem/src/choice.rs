//! Which functions serve the mem and object domains from the beginning.

use std::env;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What serves the mem and object domains. The raw domain is always the system
/// allocator's.
///
/// # CPython
///
/// The values of `PYTHONMALLOC`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Choice {
    /// Pools and spans.
    #[default]
    Pool,
    /// The system allocator: every block is foreign, and no address space is
    /// reserved.
    Malloc,
    /// Pools and spans behind the debug hooks, in all three domains.
    PoolDebug,
    /// The system allocator behind the debug hooks, in all three domains.
    MallocDebug,
}

/// A name that stands for no choice.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown allocator `{name}` (known: malloc, pool, debug, pool_debug, malloc_debug)")]
pub struct UnknownChoice {
    /// The name.
    pub name: String,
}

impl Choice {
    /// The environment variable that [`Choice::from_environment`] reads.
    pub const VARIABLE: &str = "MORTICE_MALLOC";

    /// What the variable `MORTICE_MALLOC` asks for; pools where it is not set or
    /// empty.
    ///
    /// # Errors
    ///
    /// It holds an unknown name.
    pub fn from_environment() -> Result<Choice, UnknownChoice> {
        match env::var_os(Choice::VARIABLE) {
            Some(name) if !name.is_empty() => name.to_string_lossy().parse(),
            _ => Ok(Choice::Pool),
        }
    }

    /// Whether there are pools and spans.
    pub const fn has_pools(self) -> bool {
        matches!(self, Choice::Pool | Choice::PoolDebug)
    }

    /// Whether there are debug hooks.
    pub const fn has_hooks(self) -> bool {
        matches!(self, Choice::PoolDebug | Choice::MallocDebug)
    }

    /// The name that stands for it.
    pub const fn name(self) -> &'static str {
        match self {
            Choice::Pool => "pool",
            Choice::Malloc => "malloc",
            Choice::PoolDebug => "pool_debug",
            Choice::MallocDebug => "malloc_debug",
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Choice {
    type Err = UnknownChoice;

    /// Reads a name; `debug` is another one for `pool_debug`.
    fn from_str(name: &str) -> Result<Choice, UnknownChoice> {
        match name {
            "pool" => Ok(Choice::Pool),
            "malloc" => Ok(Choice::Malloc),
            "debug" | "pool_debug" => Ok(Choice::PoolDebug),
            "malloc_debug" => Ok(Choice::MallocDebug),
            _ => Err(UnknownChoice { name: name.into() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_read_from_its_name() {
        for choice in [
            Choice::Pool,
            Choice::Malloc,
            Choice::PoolDebug,
            Choice::MallocDebug,
        ] {
            assert_eq!(choice.to_string().parse(), Ok(choice));
        }
        assert_eq!("debug".parse(), Ok(Choice::PoolDebug));
        let error = "pymalloc".parse::<Choice>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown allocator `pymalloc` (known: malloc, pool, debug, pool_debug, malloc_debug)"
        );
    }
}
