//! Types of the standard library as parts of values.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::marker::PhantomData;

use super::{Gc, Managed};
use crate::{Trace, Visitor};

// SAFETY: exact-traverse: a handle owns one reference.
unsafe impl<T: Managed> Trace for Gc<T> {
    #[inline]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        visitor.visit(&self.object);
    }
}

/// Collections report what their elements own. They are emptied by the cell that
/// they lie in.
macro_rules! collections {
    ($([$($parameters:tt)*] $type:ty => $element:ident),* $(,)?) => {
        $(
            // SAFETY: exact-traverse: the elements own what they own, once each.
            unsafe impl<$($parameters)*> Trace for $type {
                fn traverse(&self, visitor: &mut Visitor<'_>) {
                    for $element in self {
                        $element.traverse(visitor);
                    }
                }

                fn clear(&self) {
                    for $element in self {
                        $element.clear();
                    }
                }
            }
        )*
    };
}

collections!(
    [T: Trace] Vec<T> => element,
    [T: Trace] VecDeque<T> => element,
    [T: Trace] BTreeSet<T> => element,
    [T: Trace, S] HashSet<T, S> => element,
);

/// Maps report what their keys and values own.
macro_rules! maps {
    ($([$($parameters:tt)*] $type:ty),* $(,)?) => {
        $(
            // SAFETY: exact-traverse: keys and values own what they own, once each.
            unsafe impl<$($parameters)*> Trace for $type {
                fn traverse(&self, visitor: &mut Visitor<'_>) {
                    for (key, value) in self {
                        key.traverse(visitor);
                        value.traverse(visitor);
                    }
                }

                fn clear(&self) {
                    for (key, value) in self {
                        key.clear();
                        value.clear();
                    }
                }
            }
        )*
    };
}

maps!(
    [K: Trace, V: Trace] BTreeMap<K, V>,
    [K: Trace, V: Trace, S] HashMap<K, V, S>,
);

// SAFETY: exact-traverse: the box owns its content alone.
unsafe impl<T: Trace + ?Sized> Trace for Box<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        (**self).traverse(visitor);
    }

    fn clear(&self) {
        (**self).clear();
    }
}

// SAFETY: exact-traverse: the slice owns what its elements own.
unsafe impl<T: Trace> Trace for [T] {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        for element in self {
            element.traverse(visitor);
        }
    }

    fn clear(&self) {
        for element in self {
            element.clear();
        }
    }
}

// SAFETY: exact-traverse: nothing is owned.
unsafe impl<T: ?Sized> Trace for PhantomData<T> {
    fn traverse(&self, _: &mut Visitor<'_>) {}
}

/// Values that own no reference, and may be values of a heap.
macro_rules! atomic {
    ($($type:ty),* $(,)?) => {
        $(
            // SAFETY: exact-traverse: nothing is owned.
            unsafe impl Trace for $type {
                fn traverse(&self, _: &mut Visitor<'_>) {}
            }
        )*
    };
}

atomic!(f32, u128, i128, String, Box<str>, std::path::PathBuf);

macro_rules! managed {
    ($($type:ty),* $(,)?) => {
        $(impl Managed for $type {})*
    };
}

managed!(
    bool, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64, char, String
);

impl<T: Trace + 'static> Managed for Vec<T> {}
impl<T: 'static> Managed for crate::Plain<T> {}
