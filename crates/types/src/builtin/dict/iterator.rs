//! Iterators over dicts, forward and backward.
//!
//! An iterator names the next entry by number. A dict that grew or shrank meanwhile ends it with
//! RuntimeError; one that lost keys and gained as many is noticed when more entries come than there
//! were at the start.

use super::view;
use crate::native::{NativeType, figures, flags};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of a dict iterator.
    pub struct DictIteratorBody {
        /// The dict; unset once nothing is left.
        dict: Slot,
        /// Forward: the next entry to look at. Backward: the entry after it.
        position: Cell<usize>,
        /// Length of the dict at the start; −1 after a change was noticed.
        length: Cell<i64>,
        /// Entries that are still to come.
        left: Cell<u32>,
    }
}

/// An iterator of one of the six types over a dict.
pub(super) fn new_iterator(cx: &Context, of: &'static NativeType, dict: &Object) -> Result<Object> {
    let iterator = cx.instance(cx.builtin_ref(of), 0)?;
    if let (Some(body), Some(view)) = (body::<DictIteratorBody>(&iterator), view(dict)) {
        body.dict.set(dict.clone());
        body.length.set(view.len() as i64);
        body.left.set(view.len() as u32);
        if is_reverse(of) {
            body.position.set(view.entry_count());
        }
    }
    Ok(iterator)
}

fn is_reverse(of: &NativeType) -> bool {
    [
        index::DICT_REVERSE_KEY_ITERATOR,
        index::DICT_REVERSE_VALUE_ITERATOR,
        index::DICT_REVERSE_ITEM_ITERATOR,
    ]
    .contains(&of.index)
}

fn advance<const REVERSE: bool>(cx: &Context, this: &Object) -> Result<Option<(Object, Object)>> {
    let Some(body) = body::<DictIteratorBody>(this) else {
        return Ok(None);
    };
    let Some(dict) = body.dict.get() else {
        return Ok(None);
    };
    let Some(view) = view(&dict) else {
        return Ok(None);
    };
    if body.length.get() != view.len() as i64 {
        body.length.set(-1);
        return Err(cx.runtime_error(format_args!("dictionary changed size during iteration")));
    }
    let found = if REVERSE {
        view.previous_entry(body.position.get())
    } else {
        view.next_entry(body.position.get())
    };
    let Some((entry, key, value)) = found else {
        drop(body.dict.take());
        return Ok(None);
    };
    if !REVERSE && body.left.get() == 0 {
        return Err(cx.runtime_error(format_args!("dictionary keys changed during iteration")));
    }
    body.position.set(if REVERSE { entry } else { entry + 1 });
    body.left.set(body.left.get().saturating_sub(1));
    Ok(Some((key, value)))
}

fn next_key<const REVERSE: bool>(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = advance::<REVERSE>(cx, &args.receiver())?;
    Ok(found.map_or_else(|| cx.exhausted(), |(key, _)| key))
}

fn next_value<const REVERSE: bool>(cx: &Context, args: Args<'_>) -> Result<Object> {
    let found = advance::<REVERSE>(cx, &args.receiver())?;
    Ok(found.map_or_else(|| cx.exhausted(), |(_, value)| value))
}

fn next_item<const REVERSE: bool>(cx: &Context, args: Args<'_>) -> Result<Object> {
    match advance::<REVERSE>(cx, &args.receiver())? {
        Some((key, value)) => builtin::tuple::from_slice(cx, &[key, value]),
        None => Ok(cx.exhausted()),
    }
}

fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let left = body::<DictIteratorBody>(&this).and_then(|body| {
        let dict = body.dict.get()?;
        (view(&dict)?.len() as i64 == body.length.get()).then(|| body.left.get())
    });
    cx.int(left.unwrap_or(0).into())
}

macro_rules! iterators {
    ($($(#[$doc:meta])* $name:ident $text:literal $next:expr;)*) => {
        $(
            native_type! {
                $(#[$doc])*
                pub static $name: $text {
                    index: index::$name,
                    base: &builtin::OBJECT,
                    layout: figures($text, 56, size_of::<DictIteratorBody>()),
                    body: DictIteratorBody,
                    flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
                    slots { Iter => builtin::iterator::iter_self, Next => $next, },
                    methods { "__length_hint__" => length_hint, },
                    getsets {},
                }
            }
        )*
    };
}

iterators! {
    /// The type of iterators over keys.
    DICT_KEY_ITERATOR "dict_keyiterator" next_key::<false>;
    /// The type of iterators over values.
    DICT_VALUE_ITERATOR "dict_valueiterator" next_value::<false>;
    /// The type of iterators over pairs of key and value.
    DICT_ITEM_ITERATOR "dict_itemiterator" next_item::<false>;
    /// The type of iterators over keys, the newest first.
    DICT_REVERSE_KEY_ITERATOR "dict_reversekeyiterator" next_key::<true>;
    /// The type of iterators over values, the newest first.
    DICT_REVERSE_VALUE_ITERATOR "dict_reversevalueiterator" next_value::<true>;
    /// The type of iterators over pairs of key and value, the newest first.
    DICT_REVERSE_ITEM_ITERATOR "dict_reverseitemiterator" next_item::<true>;
}
