//! `set` and `frozenset`: their table, operations, methods and iterator.

mod iterator;
mod method;
mod operation;
mod table;

pub use iterator::SET_ITERATOR;
pub use method::{FROZENSET, SET};
pub use operation::{add, difference_update, symmetric_difference_update, update};
pub use table::SetBody;

use crate::raw::Type;
use crate::{Context, Object, Result, body};

/// The body of a set, a frozenset or an instance of a subclass.
#[inline]
pub fn view(object: &Object) -> Option<&SetBody> {
    body::<SetBody>(object)
}

/// Makes an empty set.
///
/// # Errors
///
/// MemoryError.
pub fn new_set(cx: &Context) -> Result<Object> {
    cx.instance(cx.builtin_ref(&SET), 0)
}

/// Makes a set of an iterable's items.
///
/// # Errors
///
/// TypeError for what is not iterable and for unhashable items; MemoryError.
pub fn set_from(cx: &Context, iterable: &Object) -> Result<Object> {
    collected(cx, cx.builtin_ref(&SET), iterable)
}

/// Makes a frozenset of an iterable's items.
///
/// # Errors
///
/// As for [`set_from`].
pub fn frozen_set_from(cx: &Context, iterable: &Object) -> Result<Object> {
    collected(cx, cx.builtin_ref(&FROZENSET), iterable)
}

/// Makes a set of a type of an iterable's items.
fn collected(cx: &Context, of: &Type, iterable: &Object) -> Result<Object> {
    let made = cx.instance(of, 0)?;
    update(cx, &made, iterable)?;
    Ok(made)
}
