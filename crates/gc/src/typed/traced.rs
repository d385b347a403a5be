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
/// Nor does one whose type says nothing of its references.
///
/// ```compile_fail,E0277
/// # use mortice_gc::{Gc, traced};
/// struct Shared { inner: std::rc::Rc<Gc<String>> }
/// traced!(Shared { inner });
/// ```
#[macro_export]
macro_rules! traced {
    ($([$($parameters:tt)*])? enum $type:ident $(<$($argument:ident),*>)? { $(
        $variant:ident $(( $($item:ident),* $(,)? ))? $({ $($field:ident),* $(,)? })?
    ),* $(,)? }) => {
        // SAFETY: exact-traverse: the pattern names each field once, and each
        // reports what it owns.
        unsafe impl<$($($parameters)*)?> $crate::Trace for $type $(<$($argument),*>)? {
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
    ($([$($parameters:tt)*])? $type:ident $(<$($argument:ident),*>)?
        $(( $($item:ident),* $(,)? ))? $({ $($field:ident),* $(,)? $(.. $(@$rest:tt)?)? })?
    ) => {
        // SAFETY: exact-traverse: the pattern names each field once, and each
        // reports what it owns.
        unsafe impl<$($($parameters)*)?> $crate::Trace for $type $(<$($argument),*>)? {
            #[allow(unused_variables, reason = "there may be no field")]
            fn traverse(&self, visitor: &mut $crate::Visitor<'_>) {
                let $type $(( $($item),* ))? $({ $($field),* $(.. $(@$rest)?)? })? = self;
                $($($crate::Trace::traverse($item, visitor);)*)?
                $($($crate::Trace::traverse($field, visitor);)*)?
            }

            fn clear(&self) {
                let $type $(( $($item),* ))? $({ $($field),* $(.. $(@$rest)?)? })? = self;
                $($($crate::Trace::clear($item);)*)?
                $($($crate::Trace::clear($field);)*)?
            }
        }
    };
}
