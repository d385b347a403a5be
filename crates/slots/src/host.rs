//! What slots need of the world that hosts them.

use allocator_api2::alloc::Allocator;
use core::fmt;

/// A world of objects, classes and names.
///
/// Reads and comparisons use borrowed handles, which are `Copy` and count nothing; an owned handle
/// is made only for what is kept. On CPython a needless pair of counts costs about as much as a
/// slot's read.
pub trait Host {
    /// A borrowed reference to an object, valid while its owner lives.
    type Borrowed<'a>: Copy
    where
        Self: 'a;
    /// An owned reference to an object.
    type Owned;
    /// A name: interned, compared by identity.
    type Name: Copy + Eq;
    /// An exception on its way.
    type Error: fmt::Debug;
    /// Where slots keep what a program can grow.
    type Alloc: Allocator + Copy;

    /// The allocator.
    fn allocator(&self) -> Self::Alloc;

    /// Keeps a borrowed reference.
    fn own(&self, object: Self::Borrowed<'_>) -> Self::Owned;

    /// Borrows an owned reference.
    fn borrow<'a>(&self, object: &'a Self::Owned) -> Self::Borrowed<'a>;

    /// Tells whether both are the same object.
    fn same(&self, one: Self::Borrowed<'_>, other: Self::Borrowed<'_>) -> bool;

    /// Tells whether two values are equal by the host's `==`.
    ///
    /// # Errors
    ///
    /// What the comparison raises.
    fn equal(
        &self,
        one: Self::Borrowed<'_>,
        other: Self::Borrowed<'_>,
    ) -> Result<bool, Self::Error>;

    /// The error for memory that ran out.
    fn out_of_memory(&self) -> Self::Error;
}
