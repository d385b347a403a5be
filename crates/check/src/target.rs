//! The ABI that a source is to be compiled for.

use std::fmt;
use std::str::FromStr;

/// A stable ABI of CPython, with the oldest version that it is asked of.
///
/// Sources are judged as CPython 3.15's headers show themselves in that mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The full API, of CPython 3.N and newer: only what is gone is in the way.
    Full {
        /// The N of 3.N.
        minor: u8,
    },
    /// `Py_LIMITED_API` of a version 3.N: objects have a known head, types are opaque.
    Abi3 {
        /// The N of 3.N.
        minor: u8,
    },
    /// `Py_TARGET_ABI3T` of 3.15: objects, types and module definitions are opaque.
    Abi3t,
}

impl Target {
    /// The targets that the command offers.
    pub const ALL: [Target; 3] = [
        Target::Abi3 { minor: 12 },
        Target::Abi3 { minor: 15 },
        Target::Abi3t,
    ];

    /// The N of the oldest CPython 3.N that the result is to run on.
    pub fn minor(self) -> u8 {
        match self {
            Target::Full { minor } | Target::Abi3 { minor } => minor,
            Target::Abi3t => 15,
        }
    }

    /// The version as `Py_LIMITED_API` holds it.
    pub fn version_hex(self) -> i64 {
        0x0300_0000 | i64::from(self.minor()) << 16
    }

    /// Tells whether `PyObject` has no fields.
    pub fn hides_objects(self) -> bool {
        self == Target::Abi3t
    }

    /// The compiler's options for this target.
    pub fn compiler_option(self) -> String {
        let hex = self.version_hex();
        match self {
            Target::Full { .. } => String::new(),
            Target::Abi3 { .. } => format!("-DPy_LIMITED_API={hex:#010x}"),
            Target::Abi3t => format!("-DPy_TARGET_ABI3T={hex:#010x}"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Full { minor } => write!(f, "3.{minor}"),
            Target::Abi3 { minor } => write!(f, "abi3-3.{minor}"),
            Target::Abi3t => f.write_str("abi3t"),
        }
    }
}

/// A name that is no target's.
#[derive(Debug, thiserror::Error)]
#[error("no target `{0}` (known: abi3-3.12, abi3-3.15, abi3t)")]
pub struct UnknownTarget(String);

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(name: &str) -> Result<Self, UnknownTarget> {
        let mut all = Target::ALL.into_iter();
        all.find(|target| target.to_string() == name)
            .ok_or_else(|| UnknownTarget(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for target in Target::ALL {
            assert_eq!(target.to_string().parse::<Target>().unwrap(), target);
        }
        assert!("abi3-2.7".parse::<Target>().is_err());
        assert_eq!(
            Target::Abi3 { minor: 12 }.compiler_option(),
            "-DPy_LIMITED_API=0x030c0000"
        );
        assert_eq!(
            Target::Abi3t.compiler_option(),
            "-DPy_TARGET_ABI3T=0x030f0000"
        );
    }
}
