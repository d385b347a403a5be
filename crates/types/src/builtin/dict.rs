//! `dict`: its storage, its methods, its views and their iterators.

mod iterator;
mod method;
mod shape;
mod storage;
mod update;
mod view;
mod view_set;

pub use iterator::{
    DICT_ITEM_ITERATOR, DICT_KEY_ITERATOR, DICT_REVERSE_ITEM_ITERATOR, DICT_REVERSE_KEY_ITERATOR,
    DICT_REVERSE_VALUE_ITERATOR, DICT_VALUE_ITERATOR,
};
pub use method::DICT;
pub use storage::{DictBody, Place};
pub use update::{merge_into, update_from};
pub use view::{DICT_ITEMS, DICT_KEYS, DICT_VALUES, new_view};

use crate::{Context, Object, Result, body};

/// Makes an empty dict.
///
/// # Errors
///
/// MemoryError.
pub fn new_dict(cx: &Context) -> Result<Object> {
    cx.instance(cx.builtin_ref(&DICT), 0)
}

/// The body of a dict or an instance of a subclass.
#[inline]
pub fn view(object: &Object) -> Option<&DictBody> {
    body::<DictBody>(object)
}

/// A dict with the entries of another dict or of an instance of a subclass.
///
/// # Errors
///
/// MemoryError.
pub fn copied(cx: &Context, from: &Object) -> Result<Object> {
    let copy = new_dict(cx)?;
    if let (Some(copy), Some(from)) = (view(&copy), view(from)) {
        copy.update(cx, from)?;
    }
    Ok(copy)
}

impl Context {
    /// A dict of pairs.
    ///
    /// # Errors
    ///
    /// TypeError for an unhashable key; MemoryError.
    pub fn dict_of(&self, pairs: &[(Object, Object)]) -> Result<Object> {
        let dict = new_dict(self)?;
        if let Some(view) = view(&dict) {
            for (key, value) in pairs {
                view.set(self, key, value.clone())?;
            }
        }
        Ok(dict)
    }
}
