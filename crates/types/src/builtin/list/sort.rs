//! Sorting: a stable merge sort over places, while the list is empty.
//!
//! The items are taken out of the list, so whatever a comparison or a key function does to the
//! list cannot reach them. What is sorted is a permutation of places: first runs are found and
//! short ones filled up by binary insertion, as CPython does, so that a program sees the same
//! comparisons in lists of up to 64 items; then neighbouring runs are merged.

use super::ListBody;
use crate::{Args, Buffer, Context, Object, Result, builtin, text};

/// Runs are filled up to this many items.
const RUN_COUNT: usize = 64;

/// The arguments `key` and `reverse` of `sort` and `sorted`.
#[derive(Debug, Default)]
pub struct Order {
    /// Maps an item to what is compared.
    pub key: Option<Object>,
    /// Largest first.
    pub reverse: bool,
}

impl Order {
    /// Reads the keywords of a call.
    ///
    /// # Errors
    ///
    /// TypeError for an unknown keyword; what the truth of `reverse` raises.
    pub fn of(cx: &Context, args: Args<'_>) -> Result<Order> {
        let mut order = Order::default();
        for (name, value) in args.keywords() {
            match text(name).unwrap_or_default() {
                "key" if cx.is_none(&value) => order.key = None,
                "key" => order.key = Some((*value).clone()),
                "reverse" => order.reverse = cx.truth(&value)?,
                other => {
                    return Err(cx.type_error(format_args!(
                        "sort() got an unexpected keyword argument '{other}'"
                    )));
                }
            }
        }
        Ok(order)
    }
}

/// `list.sort(*, key=None, reverse=False)`.
pub(super) fn list_sort(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let rest = args.rest();
    if !rest.positional().is_empty() {
        return Err(cx.type_error(format_args!("sort() takes no positional arguments")));
    }
    let order = Order::of(cx, rest)?;
    if let Some(list) = super::view(&this) {
        sort(cx, list, &order)?;
    }
    Ok(cx.none())
}

/// Sorts a list in place.
///
/// # Errors
///
/// What keys and comparisons raise; the items are all there then, in some order. ValueError where
/// the list was changed meanwhile; the changes are lost.
pub fn sort(cx: &Context, list: &ListBody, order: &Order) -> Result<()> {
    let mut values = list.items.take();
    let sorted = arrange(cx, &mut values, order);
    let changed = list.items.capacity() > 0;
    let intruders = list.items.replace(values);
    drop(intruders);
    sorted?;
    if changed {
        return Err(cx.value_error(format_args!("list modified during sort")));
    }
    Ok(())
}

/// Sorts items that nobody else can reach.
fn arrange(cx: &Context, values: &mut Buffer<Object>, order: &Order) -> Result<()> {
    let keys = match &order.key {
        None => None,
        Some(function) => {
            let mut keys = cx.fallible(Buffer::with_capacity(cx.heap(), values.len()))?;
            for value in values.iter() {
                let key = cx.call(function, &[value.borrow()])?;
                cx.fallible(keys.push(cx.heap(), key))?;
            }
            Some(keys)
        }
    };
    let mut places = cx.fallible(Buffer::with_capacity(cx.heap(), values.len()))?;
    for place in 0..values.len() {
        cx.fallible(places.push(cx.heap(), place))?;
    }
    if order.reverse {
        // Backwards, sorted, and backwards again keeps equal items in their order.
        places.reverse();
    }
    let compared: &[Object] = keys.as_deref().unwrap_or(values);
    let result = merge_sort(cx, &mut places, compared);
    if order.reverse {
        places.reverse();
    }
    let mut arranged = cx.fallible(Buffer::with_capacity(cx.heap(), values.capacity()))?;
    for place in places.iter() {
        cx.fallible(arranged.push(cx.heap(), values[*place].clone()))?;
    }
    // Each item has a reference in `arranged`, so nothing ends here.
    drop(std::mem::replace(values, arranged));
    result
}

/// How two keys are compared.
enum Comparison {
    /// All keys are words.
    Words,
    /// All keys are plain strings.
    Texts,
    /// Any.
    General,
}

fn comparison(cx: &Context, keys: &[Object]) -> Comparison {
    if keys.iter().all(Object::is_small) {
        Comparison::Words
    } else if keys.iter().all(|key| cx.is_exactly(key, &builtin::STR)) {
        Comparison::Texts
    } else {
        Comparison::General
    }
}

/// Sorts places by their keys.
fn merge_sort(cx: &Context, places: &mut Buffer<usize>, keys: &[Object]) -> Result<()> {
    match comparison(cx, keys) {
        Comparison::Words => {
            sort_by_value(places, |place| keys[place].as_small());
            Ok(())
        }
        // The order of UTF-8 is the order of code points.
        Comparison::Texts => {
            sort_by_value(places, |place| text(&keys[place]));
            Ok(())
        }
        Comparison::General => merge_runs(cx, places, keys),
    }
}

/// Sorts places, which rise or fall, by values that Rust compares. What is equal keeps its order
/// because the place decides then; a stable sort would ask for memory that can run out.
fn sort_by_value<V: Ord>(places: &mut [usize], value: impl Fn(usize) -> V) {
    let falls = places.len() > 1 && places[0] > places[1];
    places.sort_unstable_by(|a, b| {
        let by_place = if falls { b.cmp(a) } else { a.cmp(b) };
        value(*a).cmp(&value(*b)).then(by_place)
    });
}

fn merge_runs(cx: &Context, places: &mut Buffer<usize>, keys: &[Object]) -> Result<()> {
    let count = places.len();
    if count < 2 {
        return Ok(());
    }
    // Where each run ends.
    let mut ends: Buffer<usize> = Buffer::new();
    let mut start = 0;
    while start < count {
        let run = find_run(cx, &mut places[start..], keys)?;
        let length = run.max(RUN_COUNT.min(count - start));
        insert_into(cx, &mut places[start..start + length], keys, run)?;
        start += length;
        cx.fallible(ends.push(cx.heap(), start))?;
    }
    let mut spare = cx.fallible(Buffer::copied(cx.heap(), places))?;
    while ends.len() > 1 {
        let mut merged: Buffer<usize> = Buffer::new();
        let mut start = 0;
        for pair in ends.chunks(2) {
            if let [middle, end] = *pair {
                merge(
                    cx,
                    &mut places[start..end],
                    &mut spare[start..end],
                    middle - start,
                    keys,
                )?;
            }
            start = pair[pair.len() - 1];
            cx.fallible(merged.push(cx.heap(), start))?;
        }
        ends = merged;
    }
    Ok(())
}

/// The length of the run at the start; one that falls strictly is turned around.
fn find_run(cx: &Context, places: &mut [usize], keys: &[Object]) -> Result<usize> {
    if places.len() < 2 {
        return Ok(places.len());
    }
    let falls = |at: usize| cx.less(&keys[places[at]], &keys[places[at - 1]]);
    let mut length = 2;
    if falls(1)? {
        while length < places.len() && falls(length)? {
            length += 1;
        }
        places[..length].reverse();
    } else {
        while length < places.len() && !falls(length)? {
            length += 1;
        }
    }
    Ok(length)
}

/// Sorts places whose first `sorted` ones are in order, by binary insertion.
fn insert_into(cx: &Context, places: &mut [usize], keys: &[Object], sorted: usize) -> Result<()> {
    for next in sorted..places.len() {
        let pivot = places[next];
        let (mut low, mut high) = (0, next);
        while low < high {
            let middle = low + (high - low) / 2;
            if cx.less(&keys[pivot], &keys[places[middle]])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        places[low..=next].rotate_right(1);
    }
    Ok(())
}

/// Merges the two sorted parts of `places`; whatever happens, it stays a permutation.
fn merge(
    cx: &Context,
    places: &mut [usize],
    spare: &mut [usize],
    middle: usize,
    keys: &[Object],
) -> Result<()> {
    // Nothing to do where the parts are in order already.
    if !cx.less(&keys[places[middle]], &keys[places[middle - 1]])? {
        return Ok(());
    }
    let (mut left, mut right) = (0, middle);
    for to in spare.iter_mut() {
        let take_right = if left == middle {
            true
        } else if right == places.len() {
            false
        } else {
            cx.less(&keys[places[right]], &keys[places[left]])?
        };
        let from = if take_right { &mut right } else { &mut left };
        *to = places[*from];
        *from += 1;
    }
    places.copy_from_slice(spare);
    Ok(())
}
