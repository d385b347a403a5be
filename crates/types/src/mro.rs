//! The method resolution order: the C3 merge.
//!
//! The linearization of a class is the class itself, then the merge of its bases' linearizations and
//! of the list of bases. The merge takes, again and again, the first head of a list that stands in
//! no list's tail. So every class comes before its bases, bases keep the order of the class
//! statement, and the order within a base's linearization is kept (C3 is monotonic). Where no head
//! qualifies there is no such order.
//!
//! The module knows classes as small ids and takes memory only for the result and for one index a
//! list.

use core::fmt;

use allocator_api2::alloc::Allocator;
use allocator_api2::vec::Vec;

#[cfg(test)]
mod tests;

/// Why there is no linearization.
#[derive(Debug, PartialEq, Eq)]
pub enum MroError<T, A: Allocator> {
    /// A base is listed twice.
    Duplicate {
        /// The first base that has a double.
        base: T,
    },
    /// The orders contradict each other.
    Inconsistent {
        /// The heads that were left when the merge got stuck, in the order of the lists.
        heads: Vec<T, A>,
    },
    /// Memory ran out.
    OutOfMemory,
}

impl<T, A: Allocator> From<allocator_api2::collections::TryReserveError> for MroError<T, A> {
    fn from(_: allocator_api2::collections::TryReserveError) -> Self {
        MroError::OutOfMemory
    }
}

impl<T: Copy, A: Allocator> MroError<T, A> {
    /// Returns CPython's message, which is written without taking memory.
    pub fn explain<'b, N: Fn(T) -> &'b str>(&'b self, name: N) -> Explained<'b, T, A, N> {
        Explained { error: self, name }
    }
}

/// The message of an [`MroError`].
pub struct Explained<'b, T, A: Allocator, N> {
    error: &'b MroError<T, A>,
    name: N,
}

impl<'b, T: Copy, A: Allocator, N: Fn(T) -> &'b str> fmt::Display for Explained<'b, T, A, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.error {
            MroError::Duplicate { base } => {
                write!(f, "duplicate base class {}", (self.name)(*base))
            }
            MroError::Inconsistent { heads } => {
                let mut room = MESSAGE_BYTES;
                write_within(f, OPENING, &mut room)?;
                for (index, &head) in heads.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write_within(f, separator, &mut room)?;
                    write_within(f, (self.name)(head), &mut room)?;
                }
                Ok(())
            }
            MroError::OutOfMemory => f.write_str("out of memory"),
        }
    }
}

/// CPython cuts the message about contradicting orders to this length.
const MESSAGE_BYTES: usize = 999;

const OPENING: &str = "Cannot create a consistent method resolution order (MRO) for bases ";

/// Writes as many whole characters as there is room for.
fn write_within(f: &mut fmt::Formatter<'_>, text: &str, room: &mut usize) -> fmt::Result {
    let end = text.floor_char_boundary(*room);
    // After a cut nothing more follows, not even a shorter text.
    *room = if end < text.len() { 0 } else { *room - end };
    f.write_str(&text[..end])
}

/// Returns the linearization of `class`, which begins with `class` itself.
///
/// `linearization` gives that of a base.
///
/// # Errors
///
/// [`MroError::Duplicate`] and [`MroError::Inconsistent`], or memory ran out.
pub fn merge<'m, T, A, L>(
    class: T,
    bases: &[T],
    linearization: L,
    alloc: A,
) -> Result<Vec<T, A>, MroError<T, A>>
where
    T: Copy + Eq + 'm,
    A: Allocator + Copy,
    L: Fn(T) -> &'m [T],
{
    for (index, &base) in bases.iter().enumerate() {
        if bases[index + 1..].contains(&base) {
            return Err(MroError::Duplicate { base });
        }
    }
    let total: usize = bases.iter().map(|&base| linearization(base).len()).sum();
    let mut order = Vec::new_in(alloc);
    order.try_reserve_exact(total + 1)?;
    order.push(class);
    if let [base] = *bases {
        order.extend_from_slice(linearization(base));
        return Ok(order);
    }

    // Where each list's head is; the last list is that of the bases.
    let mut at: Vec<usize, A> = Vec::new_in(alloc);
    at.try_reserve_exact(bases.len() + 1)?;
    at.resize(bases.len() + 1, 0);
    let list = |index: usize| match bases.get(index) {
        Some(&base) => linearization(base),
        None => bases,
    };
    loop {
        let mut left = (0..at.len()).filter_map(|index| list(index).get(at[index]).copied());
        let in_tail = |head: T| {
            (0..at.len()).any(|index| list(index).iter().skip(at[index] + 1).any(|&t| t == head))
        };
        let Some(next) = left.clone().find(|&head| !in_tail(head)) else {
            if left.next().is_none() {
                return Ok(order);
            }
            return Err(inconsistent(
                (0..at.len()).filter_map(|index| list(index).get(at[index]).copied()),
                alloc,
            ));
        };
        order.push(next);
        for (index, head) in at.iter_mut().enumerate() {
            if list(index).get(*head) == Some(&next) {
                *head += 1;
            }
        }
    }
}

fn inconsistent<T: Copy + Eq, A: Allocator + Copy>(
    left: impl Iterator<Item = T>,
    alloc: A,
) -> MroError<T, A> {
    let mut heads = Vec::new_in(alloc);
    for head in left {
        if !heads.contains(&head) {
            if heads.try_reserve(1).is_err() {
                return MroError::OutOfMemory;
            }
            heads.push(head);
        }
    }
    MroError::Inconsistent { heads }
}
