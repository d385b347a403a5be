//! The subjects that a case can run on.

use std::fmt;

/// A subject of the suite: something that runs Python files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// The evaluator over this project's crates.
    Runtime,
    /// CPython itself: the oracle, asked whether its recordings still hold.
    Cpython,
    /// CPython with the observable slots of the wheel in place of their model.
    Wheel,
}

impl Host {
    /// Every host, in the order in which they run and are reported.
    pub const ALL: [Host; 3] = [Host::Runtime, Host::Cpython, Host::Wheel];

    /// The name used in headers, in `gaps.toml` and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Host::Runtime => "runtime",
            Host::Cpython => "cpython",
            Host::Wheel => "wheel",
        }
    }

    /// Finds a host by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|host| host.name() == name)
    }

    /// The names of all hosts, for messages.
    pub fn names() -> String {
        Self::ALL.map(Host::name).join(", ")
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for Host {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::named(name).ok_or_else(|| format!("unknown host `{name}` (known: {})", Self::names()))
    }
}
