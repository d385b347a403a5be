//! Views of a dict's keys, values and items.

use super::view_set as set;
use crate::format::Text;
use crate::native::{NativeType, figures, flags};
use crate::repr_guard::ReprGuard;
use crate::{Args, Context, Object, Result, body, builtin, index, native_type, text, tuple_items};
use mortice_gc::Slot;

crate::body! {
    /// The body of a view.
    pub struct ViewBody {
        /// The dict.
        dict: Slot,
    }
}

/// A view of a dict, of one of the three types.
///
/// # Errors
///
/// MemoryError.
pub fn new_view(cx: &Context, of: &'static NativeType, dict: &Object) -> Result<Object> {
    let made = cx.instance(cx.builtin_ref(of), 0)?;
    if let Some(body) = body::<ViewBody>(&made) {
        body.dict.set(dict.clone());
    }
    Ok(made)
}

/// The dict behind a view.
pub(super) fn dict_of(cx: &Context, object: &Object) -> Result<Object> {
    match body::<ViewBody>(object).and_then(|body| body.dict.get()) {
        Some(dict) => Ok(dict),
        None => Err(cx.type_error(format_args!("a view without a dict"))),
    }
}

/// Number of entries.
pub(super) fn length(cx: &Context, object: &Object) -> Result<usize> {
    Ok(super::view(&dict_of(cx, object)?).map_or(0, super::DictBody::len))
}

fn view_len(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(length(cx, &args.receiver())? as i64)
}

fn view_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(_guard) = ReprGuard::enter(cx, &this)? else {
        return cx.intern("...");
    };
    let items = cx.collect(&this)?;
    let mut shown = Text::new(cx);
    let name = cx.type_name(&this);
    cx.fallible(shown.push(name.as_str()))?;
    cx.fallible(shown.push("(["))?;
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            cx.fallible(shown.push(", "))?;
        }
        let item = cx.repr(item)?;
        cx.fallible(shown.push(text(&item).unwrap_or("?")))?;
    }
    cx.fallible(shown.push("])"))?;
    shown.finish(cx)
}

fn get_mapping(cx: &Context, object: &Object) -> Result<Object> {
    builtin::mapping_proxy::new_proxy(cx, &dict_of(cx, object)?)
}

fn keys_contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__contains__")?;
    let dict = dict_of(cx, &this)?;
    let found = match super::view(&dict) {
        Some(dict) => dict.get(cx, &key)?.is_some(),
        None => false,
    };
    Ok(cx.bool(found))
}

fn items_contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, pair] = args.exactly::<2>(cx, "__contains__")?;
    let Some([key, value]) = tuple_items(&pair) else {
        return Ok(cx.bool(false));
    };
    let dict = dict_of(cx, &this)?;
    let found = match super::view(&dict) {
        Some(dict) => dict.get(cx, key)?,
        None => None,
    };
    match found {
        Some(found) => Ok(cx.bool(cx.equal(&found, value)?)),
        None => Ok(cx.bool(false)),
    }
}

macro_rules! iterations {
    ($($forward:ident $backward:ident $type:literal $iterator:ident $reverse:ident;)*) => {
        $(
            fn $forward(cx: &Context, args: Args<'_>) -> Result<Object> {
                let dict = dict_of(cx, &args.receiver())?;
                super::iterator::new_iterator(cx, &super::$iterator, &dict)
            }

            fn $backward(cx: &Context, args: Args<'_>) -> Result<Object> {
                args.rest().method(cx, $type, "__reversed__", 0, 0)?;
                let dict = dict_of(cx, &args.receiver())?;
                super::iterator::new_iterator(cx, &super::$reverse, &dict)
            }
        )*
    };
}

iterations! {
    keys_iter keys_reversed "dict_keys" DICT_KEY_ITERATOR DICT_REVERSE_KEY_ITERATOR;
    values_iter values_reversed "dict_values" DICT_VALUE_ITERATOR DICT_REVERSE_VALUE_ITERATOR;
    items_iter items_reversed "dict_items" DICT_ITEM_ITERATOR DICT_REVERSE_ITEM_ITERATOR;
}

fn keys_disjoint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args.rest().method(cx, "dict_keys", "isdisjoint", 1, 1)?;
    set::disjoint(cx, &args.receiver(), &rest[0])
}

fn items_disjoint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args.rest().method(cx, "dict_items", "isdisjoint", 1, 1)?;
    set::disjoint(cx, &args.receiver(), &rest[0])
}

macro_rules! set_view {
    ($(#[$doc:meta])* $name:ident $text:literal $iter:ident $contains:ident $reversed:ident $disjoint:ident) => {
        native_type! {
            $(#[$doc])*
            pub static $name: $text {
                index: index::$name,
                base: &builtin::OBJECT,
                layout: figures($text, 24, size_of::<ViewBody>()),
                body: ViewBody,
                flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
                slots {
                    Repr => view_repr,
                    Len => view_len,
                    Iter => $iter,
                    Contains => $contains,
                    Eq => set::eq,
                    Ne => set::ne,
                    Lt => set::lt,
                    Le => set::le,
                    Gt => set::gt,
                    Ge => set::ge,
                    And => set::and,
                    RAnd => set::and,
                    Or => set::or,
                    ROr => set::ror,
                    Sub => set::sub,
                    RSub => set::rsub,
                    Xor => set::xor,
                    RXor => set::rxor,
                },
                methods {
                    "isdisjoint" => $disjoint,
                    "__reversed__" => $reversed,
                },
                getsets { "mapping" => get_mapping; },
            }
        }
    };
}

set_view! {
    /// The type of views of keys.
    DICT_KEYS "dict_keys" keys_iter keys_contains keys_reversed keys_disjoint
}
set_view! {
    /// The type of views of pairs of key and value.
    DICT_ITEMS "dict_items" items_iter items_contains items_reversed items_disjoint
}

native_type! {
    /// The type of views of values.
    pub static DICT_VALUES: "dict_values" {
        index: index::DICT_VALUES,
        base: &builtin::OBJECT,
        layout: figures("dict_values", 24, size_of::<ViewBody>()),
        body: ViewBody,
        flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
        slots { Repr => view_repr, Len => view_len, Iter => values_iter, },
        methods { "__reversed__" => values_reversed, },
        getsets { "mapping" => get_mapping; },
    }
}
