//! `traced!`: saying which parts of a type refer to other values.

/// Implements [`Trace`](crate::Trace) for a structure or an enumeration, by its
/// fields.
///
/// All fields are named, as in a pattern. The type of each implements `Trace`
/// itself: handles, slots, cells and collections of them, numbers and texts;
/// other types go into a [`Plain`](crate::Plain). After `..` there may be more,
/// whose references count as held from outside: what they lead to stays.
///
/// ```
/// use mortice_gc::{Gc, GcSlot, Managed, Plain, Trace, traced};
///
/// struct Pair<A: Managed, B> { first: GcSlot<A>, second: B, count: usize }
/// traced!([A: Managed, B: Trace] Pair<A, B> { first, second, count });
///
/// struct Wrapper(Gc<String>, Plain<std::time::Duration>);
/// traced!(Wrapper(name, time));
///
/// enum Shape {
///     Nothing,
///     Circle(f64),
///     Group { left: Gc<Shape>, right: Gc<Shape> },
/// }
/// traced!(enum Shape { Nothing, Circle(radius), Group { left, right } });
/// impl Managed for Shape {}
/// ```
///
/// Parameters of a generic type stand in brackets before it, with traits that are
/// named without a path.
///
/// A field that is left out or named twice does not compile.
///
/// ```compile_fail
/// # use mortice_gc::{GcSlot, traced};
/// struct Node { left: GcSlot<String>, right: GcSlot<String> }
/// traced!(Node { left });
/// ```
///
/// ```compile_fail,E0025
/// # use mortice_gc::{GcSlot, traced};
/// struct Node { left: GcSlot<String>, right: GcSlot<String> }
/// traced!(Node { left, right, right });
/// ```
///
/// ```compile_fail
/// # use mortice_gc::{GcSlot, traced};
/// struct Node { left: GcSlot<String>, right: GcSlot<String> }
/// traced!(Node);
/// ```
///
/// Nor does one whose type says nothing of its references.
///
/// ```compile_fail,E0277
/// # use mortice_gc::{Gc, traced};
/// struct Shared { inner: std::rc::Rc<Gc<String>> }
/// traced!(Shared { inner });
/// ```
///
/// Nor can anything else be implemented by it.
///
/// ```compile_fail
/// # use mortice_gc::traced;
/// struct Racy(std::rc::Rc<u64>);
/// struct Nothing;
/// traced!([> Send for Racy {} #[cfg(any())] impl<] Nothing);
/// ```
///
/// ```
/// # use mortice_gc::{GcSlot, traced};
/// struct Nothing;
/// traced!(Nothing);
/// struct Some { left: GcSlot<String>, right: GcSlot<String> }
/// traced!(Some { left, .. });
/// ```
// What is taken from the program is identifiers only: whoever could pass any tokens on would write unsafe
// implementations of his own.
#[macro_export]
macro_rules! traced {
    ($([$($parameter:ident $(: $bound:ident $(+ $more:ident)*)?),* $(,)?])? enum $type:ident $(<$($argument:ident),*>)? { $(
        $variant:ident $(( $($item:ident),* $(,)? ))? $({ $($field:ident),* $(,)? })?
    ),* $(,)? }) => {
        // SAFETY: exact-traverse: the patterns name each field once, and each
        // reports what it owns.
        unsafe impl$(<$($parameter $(: $bound $(+ $more)*)?),*>)? $crate::Trace for $type $(<$($argument),*>)? {
            #[allow(unused_variables, reason = "there may be no field")]
            fn traverse(&self, visitor: &mut $crate::Visitor<'_>) {
                match self {
                    $($type::$variant $(( $($item),* ))? $({ $($field),* })? => {
                        $($($crate::Trace::traverse($item, visitor);)*)?
                        $($($crate::Trace::traverse($field, visitor);)*)?
                    })*
                }
            }

            fn clear(&self) {
                match self {
                    $($type::$variant $(( $($item),* ))? $({ $($field),* })? => {
                        $($($crate::Trace::clear($item);)*)?
                        $($($crate::Trace::clear($field);)*)?
                    })*
                }
            }
        }
    };
    ($([$($parameter:ident $(: $bound:ident $(+ $more:ident)*)?),* $(,)?])? $type:ident $(<$($argument:ident),*>)? ( $($item:ident),* $(,)? )) => {
        // SAFETY: exact-traverse: the pattern names each field once, and each
        // reports what it owns.
        unsafe impl$(<$($parameter $(: $bound $(+ $more)*)?),*>)? $crate::Trace for $type $(<$($argument),*>)? {
            #[allow(unused_variables, reason = "there may be no field")]
            fn traverse(&self, visitor: &mut $crate::Visitor<'_>) {
                let $type($($item),*) = self;
                $($crate::Trace::traverse($item, visitor);)*
            }

            fn clear(&self) {
                let $type($($item),*) = self;
                $($crate::Trace::clear($item);)*
            }
        }
    };
    ($([$($parameter:ident $(: $bound:ident $(+ $more:ident)*)?),* $(,)?])? $type:ident $(<$($argument:ident),*>)? { $($field:ident,)* .. }) => {
        // SAFETY: exact-traverse: the pattern names each field once, and each
        // reports what it owns.
        unsafe impl$(<$($parameter $(: $bound $(+ $more)*)?),*>)? $crate::Trace for $type $(<$($argument),*>)? {
            #[allow(unused_variables, reason = "there may be no field")]
            fn traverse(&self, visitor: &mut $crate::Visitor<'_>) {
                let $type { $($field,)* .. } = self;
                $($crate::Trace::traverse($field, visitor);)*
            }

            fn clear(&self) {
                let $type { $($field,)* .. } = self;
                $($crate::Trace::clear($field);)*
            }
        }
    };
    ($([$($parameter:ident $(: $bound:ident $(+ $more:ident)*)?),* $(,)?])? $type:ident $(<$($argument:ident),*>)? $({ $($field:ident),* $(,)? })?) => {
        // SAFETY: exact-traverse: the pattern names each field once, and each
        // reports what it owns.
        unsafe impl$(<$($parameter $(: $bound $(+ $more)*)?),*>)? $crate::Trace for $type $(<$($argument),*>)? {
            #[allow(unused_variables, reason = "there may be no field")]
            fn traverse(&self, visitor: &mut $crate::Visitor<'_>) {
                let $type { $($($field),*)? } = self;
                $($($crate::Trace::traverse($field, visitor);)*)?
            }

            fn clear(&self) {
                let $type { $($($field),*)? } = self;
                $($($crate::Trace::clear($field);)*)?
            }
        }
    };
}
