//! `tuple`; its storage is in `raw`.

use crate::builtin::sequence::{self, Subscript};
use crate::layout::{Items, Native, Storage};
use crate::native::{figures, flags};
use crate::raw::{TupleBody, Type};
use crate::{
    Args, Context, Object, Result, SlotId, body, builtin, index, native_type, tuple_items,
};
use mortice_gc::Slot;
use std::cell::Cell;

/// Makes a tuple of copies of these handles.
///
/// # Errors
///
/// MemoryError.
pub fn from_slice(cx: &Context, items: &[Object]) -> Result<Object> {
    cx.tuple_of(cx.builtin_ref(&TUPLE), items.len(), items.iter().cloned())
}

/// Makes a tuple of two items.
///
/// # Errors
///
/// MemoryError.
pub fn from_pair(cx: &Context, first: Object, second: Object) -> Result<Object> {
    cx.tuple_of(cx.builtin_ref(&TUPLE), 2, [first, second].into_iter())
}

/// Makes a tuple of all items of an iterable; a tuple stays the same.
///
/// # Errors
///
/// What iterating raises; MemoryError.
pub fn from_iterable(cx: &Context, iterable: &Object) -> Result<Object> {
    if cx.is_exactly(iterable, &TUPLE) {
        return Ok(iterable.clone());
    }
    of_iterable(cx, cx.builtin_ref(&TUPLE), iterable)
}

fn of_iterable(cx: &Context, of: &Type, iterable: &Object) -> Result<Object> {
    let items = cx.collect(iterable)?;
    cx.tuple_of(of, items.len(), items.into_iter())
}

fn items_of<'a>(cx: &Context, object: &'a Object) -> Result<&'a [Object]> {
    tuple_items(object).ok_or_else(|| {
        cx.type_error(format_args!(
            "expected a tuple, not '{}'",
            cx.type_name(object)
        ))
    })
}

fn tuple_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let Some(of) = Type::of(&receiver) else {
        return Err(cx.type_error(format_args!(
            "tuple.__new__(X): X is not a type object ({})",
            cx.type_name(&receiver)
        )));
    };
    let own = cx.builtin_ref(&TUPLE);
    let rest = args.rest();
    if rest.has_keywords() && same_slot(&of, own, SlotId::Init) {
        return Err(cx.type_error(format_args!("tuple() takes no keyword arguments")));
    }
    match Args::new(rest.positional()).between(cx, "tuple", 0, 1)? {
        [] => cx.tuple_of(&of, 0, std::iter::empty()),
        [iterable, ..] if of.is(own) => from_iterable(cx, iterable),
        [iterable, ..] => of_iterable(cx, &of, iterable),
    }
}

/// Tells whether two types fill a slot with the same function.
pub(crate) fn same_slot(one: &Type, other: &Type, slot: SlotId) -> bool {
    one.slot(slot).map(|function| function as usize)
        == other.slot(slot).map(|function| function as usize)
}

fn tuple_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let items = items_of(cx, &this)?;
    sequence::repr(cx, &this, items, ["(", ")"], true)
}

/// Mixes the items' hashes as xxHash mixes lanes, with CPython's constants.
fn tuple_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    const PRIME_1: u64 = 11_400_714_785_074_694_791;
    const PRIME_2: u64 = 14_029_467_366_897_019_727;
    const PRIME_5: u64 = 2_870_177_450_012_600_261;
    let this = args.receiver();
    let items = items_of(cx, &this)?;
    let cache = body::<TupleBody>(&this).map(|body| &body.hash_cache);
    if let Some(cache) = cache
        && cache.get() != -1
    {
        return cx.int(cache.get());
    }
    cx.check_stack(" while calling a Python object")?;
    let mut mixed = PRIME_5;
    for item in items {
        let lane = cx.hash(item)? as u64;
        mixed = mixed
            .wrapping_add(lane.wrapping_mul(PRIME_2))
            .rotate_left(31)
            .wrapping_mul(PRIME_1);
    }
    mixed = mixed.wrapping_add(items.len() as u64 ^ (PRIME_5 ^ 3_527_539));
    let hash = match mixed as i64 {
        -1 => 1_546_275_796,
        hash => hash,
    };
    // The empty tuple is shared by all threads, and nothing is written to it.
    if let Some(cache) = cache.filter(|_| !items.is_empty()) {
        cache.set(hash);
    }
    cx.int(hash)
}

fn compare(cx: &Context, args: Args<'_>, slot: SlotId) -> Result<Object> {
    let this = args.receiver();
    let Some(other) = args.get(1) else {
        return Ok(cx.not_implemented());
    };
    match (tuple_items(&this), tuple_items(&other)) {
        (Some(left), Some(right)) => sequence::compare(cx, left, right, slot),
        _ => Ok(cx.not_implemented()),
    }
}

macro_rules! comparisons {
    ($($name:ident $slot:ident,)*) => {
        $(
            fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
                compare(cx, args, SlotId::$slot)
            }
        )*
    };
}

comparisons! {
    tuple_eq Eq, tuple_ne Ne, tuple_lt Lt, tuple_le Le, tuple_gt Gt, tuple_ge Ge,
}

fn tuple_len(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(items_of(cx, &args.receiver())?.len() as i64)
}

fn tuple_get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__getitem__")?;
    let items = items_of(cx, &this)?;
    match sequence::subscript(cx, &key)? {
        Subscript::Index(index) => match sequence::place(index, items.len()) {
            Some(place) => Ok(items[place].clone()),
            None => Err(cx.index_error(format_args!("tuple index out of range"))),
        },
        Subscript::Slice => {
            let selected = builtin::slice::adjust(cx, &key, items.len())?;
            let whole = selected.count == items.len() && selected.step == 1;
            if whole && cx.is_exactly(&this, &TUPLE) {
                return Ok((*this).clone());
            }
            let places = selected.positions();
            cx.tuple_of(
                cx.builtin_ref(&TUPLE),
                selected.count,
                places.map(|place| items[place].clone()),
            )
        }
        Subscript::Other => Err(sequence::bad_subscript(cx, "tuple", &key)),
    }
}

fn tuple_contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, value] = args.exactly::<2>(cx, "__contains__")?;
    let items = items_of(cx, &this)?;
    Ok(cx.bool(sequence::find(cx, items, &value, 0, usize::MAX)?.is_some()))
}

fn tuple_concat(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__add__")?;
    let left = items_of(cx, &this)?;
    let Some(right) = tuple_items(&other) else {
        return Err(cx.type_error(format_args!(
            "can only concatenate tuple (not \"{}\") to tuple",
            cx.type_name(&other)
        )));
    };
    if left.is_empty() && cx.is_exactly(&other, &TUPLE) {
        return Ok((*other).clone());
    }
    if right.is_empty() && cx.is_exactly(&this, &TUPLE) {
        return Ok((*this).clone());
    }
    cx.tuple_of(
        cx.builtin_ref(&TUPLE),
        left.len() + right.len(),
        left.iter().chain(right).cloned(),
    )
}

fn tuple_repeat(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, count] = args.exactly::<2>(cx, "__mul__")?;
    let items = items_of(cx, &this)?;
    let count = sequence::repetitions(cx, &count)?;
    let plain = cx.is_exactly(&this, &TUPLE);
    if plain && (count == 1 || items.is_empty()) {
        return Ok((*this).clone());
    }
    let Some(total) = items.len().checked_mul(count) else {
        return Err(cx.out_of_memory());
    };
    let all = items.iter().cycle().take(total).cloned();
    cx.tuple_of(cx.builtin_ref(&TUPLE), total, all)
}

fn tuple_index(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let items = items_of(cx, &this)?;
    let given = args.rest().between(cx, "index", 1, 3)?;
    let (start, stop) = sequence::search_range(
        cx,
        given.get(1).map(|start| &**start),
        given.get(2).map(|stop| &**stop),
        items.len(),
    )?;
    match sequence::find(cx, items, &given[0], start, stop)? {
        Some(found) => cx.int(found as i64),
        None => Err(cx.value_error(format_args!("tuple.index(x): x not in tuple"))),
    }
}

fn tuple_count(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [value] = args.rest().exactly::<1>(cx, "tuple.count")?;
    sequence::count(cx, items_of(cx, &this)?, &value)
}

fn get_new_args(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "tuple.__getnewargs__")?;
    let plain = from_slice(cx, items_of(cx, &this)?)?;
    from_slice(cx, &[plain])
}

fn class_get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let [key] = args.rest().exactly::<1>(cx, "tuple.__class_getitem__")?;
    builtin::generic_alias::new_alias(cx, &class, &key)
}

crate::body! {
    /// The body of a tuple iterator.
    pub struct TupleIteratorBody {
        tuple: Slot,
        next: Cell<usize>,
    }
}

fn tuple_iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let iterator = cx.instance(cx.builtin_ref(&TUPLE_ITERATOR), 0)?;
    if let Some(body) = body::<TupleIteratorBody>(&iterator) {
        body.tuple.set((*args.receiver()).clone());
    }
    Ok(iterator)
}

fn iterator_next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<TupleIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let Some(tuple) = body.tuple.get() else {
        return Ok(cx.exhausted());
    };
    let at = body.next.get();
    match tuple_items(&tuple).and_then(|items| items.get(at)) {
        Some(item) => {
            body.next.set(at + 1);
            Ok(item.clone())
        }
        None => {
            drop(body.tuple.take());
            Ok(cx.exhausted())
        }
    }
}

fn iterator_length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest()
        .exactly::<0>(cx, "tuple_iterator.__length_hint__")?;
    let left = body::<TupleIteratorBody>(&this).and_then(|body| {
        let tuple = body.tuple.get()?;
        Some(tuple_items(&tuple)?.len().saturating_sub(body.next.get()))
    });
    cx.int(left.unwrap_or(0) as i64)
}

const LAYOUT: Native = Native {
    name: "tuple",
    basicsize: 32,
    itemsize: 8,
    dictoffset: 0,
    weaklistoffset: 0,
    body_bytes: size_of::<TupleBody>(),
    dict: Storage::None,
    weakref: Storage::None,
    items: Some(Items {
        offset: 32,
        size: 8,
    }),
    slots_after_items: true,
};

native_type! {
    /// The built-in `tuple`.
    pub static TUPLE: "tuple" {
        index: index::TUPLE,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: TupleBody,
        flags: flags::BASE | flags::COLLECTED | flags::SEQUENCE | flags::TUPLE | flags::MATCH_SELF,
        doc: "A sequence that cannot be changed.",
        slots {
            New => tuple_new,
            Repr => tuple_repr,
            Hash => tuple_hash,
            Eq => tuple_eq,
            Ne => tuple_ne,
            Lt => tuple_lt,
            Le => tuple_le,
            Gt => tuple_gt,
            Ge => tuple_ge,
            Len => tuple_len,
            GetItem => tuple_get_item,
            Contains => tuple_contains,
            Iter => tuple_iter,
            Concat => tuple_concat,
            Repeat => tuple_repeat,
            RRepeat => tuple_repeat,
        },
        methods {
            "index" => tuple_index,
            "count" => tuple_count,
            "__getnewargs__" => get_new_args,
            class "__class_getitem__" => class_get_item,
        },
        getsets {},
    }
}

native_type! {
    /// The type of iterators over tuples.
    pub static TUPLE_ITERATOR: "tuple_iterator" {
        index: index::TUPLE_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("tuple_iterator", 32, size_of::<TupleIteratorBody>()),
        body: TupleIteratorBody,
        flags: flags::COLLECTED,
        slots { Iter => builtin::iterator::iter_self, Next => iterator_next, },
        methods { "__length_hint__" => iterator_length_hint, },
        getsets {},
    }
}
