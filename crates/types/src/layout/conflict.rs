//! Refusals, in CPython's words.

use core::fmt;

use super::{Mangled, OutOfMemory};

/// CPython cuts the name of the type of a refused entry to this length.
const TYPE_NAME_BYTES: usize = 200;

/// Why a class cannot be laid out.
///
/// It names classes by their ids; [`LayoutConflict::explain`] turns it into the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutConflict<'a, T> {
    /// A base that may not be subclassed, such as `bool`.
    NotAcceptable {
        /// The base.
        base: T,
    },
    /// Two bases whose layouts extend a common one in different ways.
    Bases,
    /// Two bases whose items have different sizes: refused by both policies.
    Items,
    /// An entry of `__slots__` that is no string.
    NotString {
        /// The name of its type.
        type_name: &'a str,
    },
    /// An entry of `__slots__` that is no identifier.
    NotIdentifier,
    /// `__dict__` is listed twice, or a base has one.
    DictTwice,
    /// `__weakref__` is listed twice, or a base has one.
    WeakrefTwice,
    /// The class body binds the name of a slot. A `ValueError`; all others are `TypeError`.
    ClassVariable {
        /// The name, mangled.
        name: Mangled<'a>,
    },
    /// Named slots over a base of variable size.
    Arbitrary {
        /// The best base.
        base: T,
    },
    /// Memory ran out.
    OutOfMemory,
}

impl<'a, T> LayoutConflict<'a, T> {
    /// Whether CPython raises a `ValueError` instead of a `TypeError`.
    pub fn is_value_error(&self) -> bool {
        matches!(self, LayoutConflict::ClassVariable { .. })
    }

    /// Returns the message, which is written without taking memory.
    pub fn explain<'b, N, S>(&'b self, name: N) -> Explained<'a, 'b, T, N>
    where
        N: Fn(T) -> S,
        S: fmt::Display,
    {
        Explained {
            conflict: self,
            name,
        }
    }
}

impl<T> From<OutOfMemory> for LayoutConflict<'_, T> {
    fn from(_: OutOfMemory) -> Self {
        LayoutConflict::OutOfMemory
    }
}

impl<T> From<allocator_api2::collections::TryReserveError> for LayoutConflict<'_, T> {
    fn from(_: allocator_api2::collections::TryReserveError) -> Self {
        LayoutConflict::OutOfMemory
    }
}

/// The message of a [`LayoutConflict`].
pub struct Explained<'a, 'b, T, N> {
    conflict: &'b LayoutConflict<'a, T>,
    name: N,
}

impl<T: Copy, S: fmt::Display, N: Fn(T) -> S> fmt::Display for Explained<'_, '_, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.conflict {
            LayoutConflict::NotAcceptable { base } => {
                write!(
                    f,
                    "type '{}' is not an acceptable base type",
                    (self.name)(*base)
                )
            }
            LayoutConflict::Bases => f.write_str("multiple bases have instance lay-out conflict"),
            LayoutConflict::Items => f.write_str("multiple bases have items of different layouts"),
            LayoutConflict::NotString { type_name } => {
                let cut = type_name.floor_char_boundary(TYPE_NAME_BYTES);
                let type_name = &type_name[..cut];
                write!(f, "__slots__ items must be strings, not '{type_name}'")
            }
            LayoutConflict::NotIdentifier => f.write_str("__slots__ must be identifiers"),
            LayoutConflict::DictTwice => {
                f.write_str("__dict__ slot disallowed: we already got one")
            }
            LayoutConflict::WeakrefTwice => {
                f.write_str("__weakref__ slot disallowed: we already got one")
            }
            LayoutConflict::ClassVariable { name } => {
                write!(f, "'{name}' in __slots__ conflicts with class variable")
            }
            LayoutConflict::Arbitrary { base } => write!(
                f,
                "arbitrary __slots__ not supported for subtype of '{}'",
                (self.name)(*base)
            ),
            LayoutConflict::OutOfMemory => f.write_str("out of memory"),
        }
    }
}
