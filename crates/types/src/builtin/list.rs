//! `list`.
//!
//! No borrow of a list's storage is held while Python code may run: an operation copies out what
//! it needs, or takes the storage out, changes it and puts it back, and what it displaced is
//! dropped last.

pub mod iterator;
mod room;
mod slice;
pub mod sort;

use crate::builtin::sequence::{self, Subscript};
use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{
    Args, Buffer, Context, Object, Result, SlotId, body, builtin, index, native_type, tuple_items,
};
use mortice_gc::Items;

crate::body! {
    /// The body of a list.
    pub struct ListBody {
        /// The items.
        pub items: Items<Object>,
    }
}

/// The body of a list or an instance of a subclass.
#[inline]
pub fn view(object: &Object) -> Option<&ListBody> {
    body::<ListBody>(object)
}

/// Makes a list of these items.
///
/// # Errors
///
/// MemoryError.
pub fn from_buffer(cx: &Context, items: Buffer<Object>) -> Result<Object> {
    let list = cx.instance(cx.builtin_ref(&LIST), 0)?;
    if let Some(body) = view(&list) {
        drop(body.items.replace(items));
    }
    Ok(list)
}

/// Makes a list of copies of these handles.
///
/// # Errors
///
/// MemoryError.
pub fn from_slice(cx: &Context, items: &[Object]) -> Result<Object> {
    from_buffer(cx, cx.fallible(Buffer::copied(cx.heap(), items))?)
}

/// Makes a list of all items of an iterable.
///
/// # Errors
///
/// What iterating raises; MemoryError.
pub fn from_iterable(cx: &Context, iterable: &Object) -> Result<Object> {
    let list = cx.instance(cx.builtin_ref(&LIST), 0)?;
    if let Some(body) = view(&list) {
        fill(cx, body, iterable, 0)?;
    }
    Ok(list)
}

/// The items of a list or tuple at this moment.
///
/// # Errors
///
/// MemoryError; TypeError for anything else.
pub fn sequence_snapshot(cx: &Context, object: &Object) -> Result<Buffer<Object>> {
    if let Some(items) = tuple_items(object) {
        return cx.fallible(Buffer::copied(cx.heap(), items));
    }
    match view(object) {
        Some(body) => cx.fallible(body.items.snapshot(cx.heap())),
        None => Err(cx.type_error(format_args!("expected a list or a tuple"))),
    }
}

/// Appends an item.
///
/// # Errors
///
/// MemoryError.
#[inline]
pub fn append(cx: &Context, list: &ListBody, item: Object) -> Result<()> {
    cx.fallible(list.items.with(|items| {
        let needed = items.len() + 1;
        room::grow(items, cx.heap(), needed)?;
        items.push(cx.heap(), item)
    }))
}

/// Appends all items of an iterable.
///
/// # Errors
///
/// What iterating raises, with the items before it appended; MemoryError.
pub fn extend(cx: &Context, list: &ListBody, iterable: &Object) -> Result<()> {
    fill(cx, list, iterable, 8)
}

/// Appends all items of an iterable that has about `guess` items if it does not say.
fn fill(cx: &Context, list: &ListBody, iterable: &Object, guess: usize) -> Result<()> {
    let itself = view(iterable).is_some_and(|other| std::ptr::eq(other, list));
    if itself || cx.is_exactly(iterable, &LIST) || cx.is_exactly(iterable, &builtin::TUPLE) {
        let mut more = sequence_snapshot(cx, iterable)?;
        return cx.fallible(list.items.with(|items| {
            let needed = items.len() + more.len();
            room::prepare(items, cx.heap(), needed)?;
            items.append(cx.heap(), &mut more)
        }));
    }
    let iterator = cx.iterate(iterable)?;
    let hint = sequence::length_hint(cx, iterable, guess)?;
    cx.fallible(list.items.with(|items| {
        let needed = items.len().saturating_add(hint);
        room::prepare(items, cx.heap(), needed)
    }))?;
    while let Some(item) = cx.next(&iterator)? {
        append(cx, list, item)?;
    }
    Ok(())
}

fn list_of<'a>(cx: &Context, object: &'a Object) -> Result<&'a ListBody> {
    view(object).ok_or_else(|| {
        cx.type_error(format_args!(
            "expected a list, not '{}'",
            cx.type_name(object)
        ))
    })
}

/// Takes all items and the room out.
fn empty(list: &ListBody) {
    drop(list.items.take());
}

fn list_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    match Type::of(&receiver) {
        Some(of) => cx.instance(&of, 0),
        None => Err(cx.type_error(format_args!(
            "list.__new__(X): X is not a type object ({})",
            cx.type_name(&receiver)
        ))),
    }
}

fn list_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let list = list_of(cx, &this)?;
    let rest = args.rest();
    let own = cx.builtin_ref(&LIST);
    if rest.has_keywords() && builtin::tuple::same_slot(&cx.type_of(&this), own, SlotId::New) {
        return Err(cx.type_error(format_args!("list() takes no keyword arguments")));
    }
    let given = Args::new(rest.positional()).between(cx, "list", 0, 1)?;
    empty(list);
    if let [iterable, ..] = given {
        fill(cx, list, iterable, 0)?;
    }
    Ok(cx.none())
}

fn list_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let list = list_of(cx, &this)?;
    sequence::repr(cx, &this, &list.items, ["[", "]"], false)
}

fn compare(cx: &Context, args: Args<'_>, slot: SlotId) -> Result<Object> {
    let this = args.receiver();
    let Some(other) = args.get(1) else {
        return Ok(cx.not_implemented());
    };
    match (view(&this), view(&other)) {
        (Some(left), Some(right)) => sequence::compare(cx, &left.items, &right.items, slot),
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
    list_eq Eq, list_ne Ne, list_lt Lt, list_le Le, list_gt Gt, list_ge Ge,
}

fn list_len(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(list_of(cx, &args.receiver())?.items.len() as i64)
}

fn list_get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "list.__getitem__")?;
    let list = list_of(cx, &this)?;
    match sequence::subscript(cx, &key)? {
        Subscript::Index(index) => {
            match sequence::place(index, list.items.len()).and_then(|place| list.items.get(place)) {
                Some(item) => Ok(item),
                None => Err(cx.index_error(format_args!("list index out of range"))),
            }
        }
        Subscript::Slice => slice::get(cx, list, &key),
        Subscript::Other => Err(sequence::bad_subscript(cx, "list", &key)),
    }
}

fn list_set_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key, value] = args.exactly::<3>(cx, "__setitem__")?;
    let list = list_of(cx, &this)?;
    match sequence::subscript(cx, &key)? {
        Subscript::Index(index) => {
            let displaced = sequence::place(index, list.items.len())
                .and_then(|place| list.items.exchange(place, (*value).clone()).ok());
            match displaced {
                Some(displaced) => drop(displaced),
                None => {
                    return Err(cx.index_error(format_args!("list assignment index out of range")));
                }
            }
        }
        Subscript::Slice => slice::set(cx, list, &key, &value)?,
        Subscript::Other => return Err(sequence::bad_subscript(cx, "list", &key)),
    }
    Ok(cx.none())
}

/// Removes the item at `place`.
fn remove_at(cx: &Context, list: &ListBody, place: usize) -> Option<Object> {
    list.items.with(|items| {
        if place >= items.len() {
            return None;
        }
        let item = items.remove(place);
        room::settle(items, cx.heap());
        Some(item)
    })
}

fn list_del_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__delitem__")?;
    let list = list_of(cx, &this)?;
    match sequence::subscript(cx, &key)? {
        Subscript::Index(index) => {
            let removed = sequence::place(index, list.items.len())
                .and_then(|place| remove_at(cx, list, place));
            match removed {
                Some(removed) => drop(removed),
                None => {
                    return Err(cx.index_error(format_args!("list assignment index out of range")));
                }
            }
        }
        Subscript::Slice => slice::delete(cx, list, &key)?,
        Subscript::Other => return Err(sequence::bad_subscript(cx, "list", &key)),
    }
    Ok(cx.none())
}

fn list_contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, value] = args.exactly::<2>(cx, "__contains__")?;
    let list = list_of(cx, &this)?;
    Ok(cx.bool(sequence::find(cx, &list.items, &value, 0, usize::MAX)?.is_some()))
}

fn list_concat(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__add__")?;
    let left = list_of(cx, &this)?;
    let Some(right) = view(&other) else {
        return Err(cx.type_error(format_args!(
            "can only concatenate list (not \"{}\") to list",
            cx.type_name(&other)
        )));
    };
    let count = left.items.len() + right.items.len();
    let mut all = cx.fallible(Buffer::with_capacity(cx.heap(), count))?;
    for part in [left, right] {
        let mut part = cx.fallible(part.items.snapshot(cx.heap()))?;
        cx.fallible(all.append(cx.heap(), &mut part))?;
    }
    from_buffer(cx, all)
}

/// Appends the first `count` items again and again until there are `total`.
fn repeat_items(
    cx: &Context,
    items: &mut Buffer<Object>,
    count: usize,
    total: usize,
) -> std::result::Result<(), mortice_gc::OutOfMemory> {
    for index in count..total {
        let item = items[index - count].clone();
        items.push(cx.heap(), item)?;
    }
    Ok(())
}

fn list_repeat(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, count] = args.exactly::<2>(cx, "__mul__")?;
    let list = list_of(cx, &this)?;
    let count = sequence::repetitions(cx, &count)?;
    let length = list.items.len();
    let Some(total) = length.checked_mul(count) else {
        return Err(cx.out_of_memory());
    };
    if total == 0 {
        return from_slice(cx, &[]);
    }
    let mut all = cx.fallible(Buffer::with_capacity(cx.heap(), total))?;
    let mut once = cx.fallible(list.items.snapshot(cx.heap()))?;
    cx.fallible(all.append(cx.heap(), &mut once))?;
    cx.fallible(repeat_items(cx, &mut all, length, total))?;
    from_buffer(cx, all)
}

fn list_in_place_concat(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, iterable] = args.exactly::<2>(cx, "__iadd__")?;
    extend(cx, list_of(cx, &this)?, &iterable)?;
    Ok((*this).clone())
}

fn list_in_place_repeat(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, count] = args.exactly::<2>(cx, "__imul__")?;
    let list = list_of(cx, &this)?;
    let count = sequence::repetitions(cx, &count)?;
    let length = list.items.len();
    if count == 0 {
        empty(list);
        return Ok((*this).clone());
    }
    let Some(total) = length.checked_mul(count) else {
        return Err(cx.out_of_memory());
    };
    cx.fallible(list.items.with(|items| {
        room::grow(items, cx.heap(), total)?;
        repeat_items(cx, items, length, total)
    }))?;
    Ok((*this).clone())
}

fn list_append(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [item] = args.rest().exactly::<1>(cx, "list.append")?;
    append(cx, list_of(cx, &this)?, (*item).clone())?;
    Ok(cx.none())
}

fn list_extend(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [iterable] = args.rest().exactly::<1>(cx, "list.extend")?;
    extend(cx, list_of(cx, &this)?, &iterable)?;
    Ok(cx.none())
}

fn list_insert(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let list = list_of(cx, &this)?;
    let given = args.rest().between(cx, "insert", 2, 2)?;
    let index = sequence::word(cx, &given[0])?;
    let item = (*given[1]).clone();
    cx.fallible(list.items.with(|items| {
        let length = items.len();
        let from_start = if index < 0 {
            index.saturating_add(length as i64).max(0)
        } else {
            index
        };
        let place = usize::try_from(from_start).unwrap_or(0).min(length);
        room::grow(items, cx.heap(), length + 1)?;
        items.insert(cx.heap(), place, item)
    }))?;
    Ok(cx.none())
}

fn list_pop(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let list = list_of(cx, &this)?;
    let index = match args.rest().between(cx, "pop", 0, 1)? {
        [] => -1,
        [index, ..] => sequence::word(cx, index)?,
    };
    let length = list.items.len();
    if length == 0 {
        return Err(cx.index_error(format_args!("pop from empty list")));
    }
    match sequence::place(index, length).and_then(|place| remove_at(cx, list, place)) {
        Some(item) => Ok(item),
        None => Err(cx.index_error(format_args!("pop index out of range"))),
    }
}

fn list_remove(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [value] = args.rest().exactly::<1>(cx, "list.remove")?;
    let list = list_of(cx, &this)?;
    match sequence::find(cx, &list.items, &value, 0, usize::MAX)? {
        Some(place) => {
            drop(remove_at(cx, list, place));
            Ok(cx.none())
        }
        None => Err(cx.value_error(format_args!("list.remove(x): x not in list"))),
    }
}

fn list_clear(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "list.clear")?;
    empty(list_of(cx, &this)?);
    Ok(cx.none())
}

fn list_index(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let list = list_of(cx, &this)?;
    let given = args.rest().between(cx, "index", 1, 3)?;
    let (start, stop) = sequence::search_range(
        cx,
        given.get(1).map(|start| &**start),
        given.get(2).map(|stop| &**stop),
        list.items.len(),
    )?;
    match sequence::find(cx, &list.items, &given[0], start, stop)? {
        Some(found) => cx.int(found as i64),
        None => Err(cx.value_error(format_args!("list.index(x): x not in list"))),
    }
}

fn list_count(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [value] = args.rest().exactly::<1>(cx, "list.count")?;
    sequence::count(cx, &list_of(cx, &this)?.items, &value)
}

fn list_reverse(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "list.reverse")?;
    list_of(cx, &this)?.items.with(|items| items.reverse());
    Ok(cx.none())
}

fn list_copy(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "list.copy")?;
    let items = cx.fallible(list_of(cx, &this)?.items.snapshot(cx.heap()))?;
    from_buffer(cx, items)
}

fn list_sizeof(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "list.__sizeof__")?;
    let of = cx.type_of(&this);
    let own = of
        .state(cx)
        .layout
        .0
        .get()
        .map_or(0, |layout| layout.instance_bytes());
    let room = list_of(cx, &this)?.items.capacity();
    cx.int((own + room * size_of::<Object>()) as i64)
}

fn class_get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let [key] = args.rest().exactly::<1>(cx, "list.__class_getitem__")?;
    builtin::generic_alias::new_alias(cx, &class, &key)
}

native_type! {
    /// The built-in `list`.
    pub static LIST: "list" {
        index: index::LIST,
        base: &builtin::OBJECT,
        layout: figures("list", 40, size_of::<ListBody>()),
        body: ListBody,
        flags: flags::BASE | flags::COLLECTED | flags::SEQUENCE | flags::LIST | flags::MATCH_SELF,
        doc: "A sequence that can be changed.",
        slots {
            New => list_new,
            Init => list_init,
            Repr => list_repr,
            Eq => list_eq,
            Ne => list_ne,
            Lt => list_lt,
            Le => list_le,
            Gt => list_gt,
            Ge => list_ge,
            Len => list_len,
            GetItem => list_get_item,
            SetItem => list_set_item,
            DelItem => list_del_item,
            Contains => list_contains,
            Iter => iterator::list_iter,
            Concat => list_concat,
            Repeat => list_repeat,
            RRepeat => list_repeat,
            IConcat => list_in_place_concat,
            IRepeat => list_in_place_repeat,
        },
        methods {
            "append" => list_append,
            "extend" => list_extend,
            "insert" => list_insert,
            "remove" => list_remove,
            "pop" => list_pop,
            "clear" => list_clear,
            "index" => list_index,
            "count" => list_count,
            "sort" => sort::list_sort,
            "reverse" => list_reverse,
            "copy" => list_copy,
            "__reversed__" => iterator::list_reversed,
            "__sizeof__" => list_sizeof,
            class "__class_getitem__" => class_get_item,
        },
        getsets {},
    }
}
