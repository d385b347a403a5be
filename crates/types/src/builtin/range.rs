//! `range`.
//!
//! The four parts are `int` objects, as in CPython. Where start, stop and step are words, every
//! result fits 128 bits and is computed there; other ranges go through `BigInt`.

mod iterator;

use crate::native::{figures, flags};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type, text};
use builtin::int::{self, Value};
use builtin::slice;
use mortice_gc::Slot;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

pub use iterator::{LONG_RANGE_ITERATOR, RANGE_ITERATOR};

crate::body! {
    /// The body of a range.
    pub struct RangeBody {
        start: Slot,
        stop: Slot,
        step: Slot,
        length: Slot,
    }
}

/// The parts of a range.
struct Parts {
    start: BigInt,
    step: BigInt,
    length: BigInt,
}

/// The parts of a range of words; `length` is never negative.
#[derive(Clone, Copy)]
struct Words {
    start: i64,
    step: i64,
    length: i128,
}

impl Words {
    fn at(self, position: i128) -> i128 {
        i128::from(self.start) + position * i128::from(self.step)
    }
}

fn big(cx: &Context, object: Option<Object>) -> BigInt {
    object
        .as_ref()
        .and_then(|object| int::value(cx, object))
        .map_or_else(BigInt::zero, |value| value.to_big())
}

fn word(cx: &Context, object: Option<Object>) -> Option<i64> {
    int::value(cx, object.as_ref()?)?.to_i64()
}

/// An `int` object of up to 128 bits.
fn from_wide(cx: &Context, value: i128) -> Result<Object> {
    match i64::try_from(value) {
        Ok(value) => cx.int(value),
        Err(_) => int::from_big(cx, BigInt::from(value)),
    }
}

fn parts(cx: &Context, range: &Object) -> Option<Parts> {
    let body = body::<RangeBody>(range)?;
    Some(Parts {
        start: big(cx, body.start.get()),
        step: big(cx, body.step.get()),
        length: big(cx, body.length.get()),
    })
}

fn words(cx: &Context, range: &Object) -> Option<Words> {
    let body = body::<RangeBody>(range)?;
    let (start, stop) = (word(cx, body.start.get())?, word(cx, body.stop.get())?);
    let step = word(cx, body.step.get())?;
    Some(Words {
        start,
        step,
        length: count_words(start, stop, step),
    })
}

fn count_words(start: i64, stop: i64, step: i64) -> i128 {
    let distance = if step > 0 {
        i128::from(stop) - i128::from(start)
    } else {
        i128::from(start) - i128::from(stop)
    };
    if distance <= 0 || step == 0 {
        return 0;
    }
    (distance - 1) / i128::from(step).abs() + 1
}

fn count(start: &BigInt, stop: &BigInt, step: &BigInt) -> BigInt {
    let distance: BigInt = if step.is_positive() {
        stop - start
    } else {
        start - stop
    };
    if !distance.is_positive() || step.is_zero() {
        return BigInt::zero();
    }
    (distance - 1) / step.abs() + 1
}

/// Makes a range of exact `int` objects.
///
/// # Errors
///
/// ValueError for a step of zero; MemoryError.
pub fn new_range(cx: &Context, start: Object, stop: Object, step: Object) -> Result<Object> {
    let values = [&start, &stop, &step].map(|part| int::value(cx, part));
    let [Some(first), Some(last), Some(by)] = values else {
        return Err(cx.type_error(format_args!("an integer is required")));
    };
    if by.is_zero() {
        return Err(cx.value_error(format_args!("range() arg 3 must not be zero")));
    }
    let length = match (first.to_i64(), last.to_i64(), by.to_i64()) {
        (Some(first), Some(last), Some(by)) => from_wide(cx, count_words(first, last, by))?,
        _ => int::from_big(cx, count(&first.big(), &last.big(), &by.big()))?,
    };
    let range = cx.instance(cx.builtin_ref(&RANGE), 0)?;
    if let Some(body) = body::<RangeBody>(&range) {
        body.start.set(start);
        body.stop.set(stop);
        body.step.set(step);
        body.length.set(length);
    }
    Ok(range)
}

fn range_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let part = |object: &Object| -> Result<Object> { int::exact(cx, &cx.index(object)?) };
    if args.has_keywords() {
        return Err(cx.type_error(format_args!("range() takes no keyword arguments")));
    }
    let (zero, one) = (Object::small32(0), Object::small32(1));
    match args.rest().between(cx, "range", 1, 3)? {
        [stop] => new_range(cx, zero, part(stop)?, one),
        [start, stop] => new_range(cx, part(start)?, part(stop)?, one),
        [start, stop, step] => new_range(cx, part(start)?, part(stop)?, part(step)?),
        _ => new_range(cx, zero.clone(), zero, one),
    }
}

fn range_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [start, stop, step] = [start(cx, &this)?, stop(cx, &this)?, step(cx, &this)?];
    let (from, to) = (cx.repr(&start)?, cx.repr(&stop)?);
    let (from, to) = (text(&from).unwrap_or("?"), text(&to).unwrap_or("?"));
    if step.as_small() == Some(1) {
        return cx.format(format_args!("range({from}, {to})"));
    }
    let by = cx.repr(&step)?;
    let by = text(&by).unwrap_or("?");
    cx.format(format_args!("range({from}, {to}, {by})"))
}

fn length(cx: &Context, object: &Object) -> Object {
    body::<RangeBody>(object)
        .and_then(|body| body.length.get())
        .unwrap_or_else(|| cx.none())
}

fn range_len(cx: &Context, args: Args<'_>) -> Result<Object> {
    let length = length(cx, &args.receiver());
    match int::value(cx, &length).and_then(|value| value.to_i64()) {
        Some(_) => Ok(length),
        None => {
            Err(cx.overflow_error(format_args!("Python int too large to convert to C ssize_t")))
        }
    }
}

fn range_bool(cx: &Context, args: Args<'_>) -> Result<Object> {
    let length = length(cx, &args.receiver());
    Ok(cx.bool(length.as_small() != Some(0)))
}

fn range_getitem(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__getitem__")?;
    if slice::parts(cx, &key).is_some() {
        return sliced(cx, &this, &key);
    }
    if !key.is_small() && cx.slot_of(&key, crate::SlotId::Index).is_none() {
        return Err(cx.type_error(format_args!(
            "range indices must be integers or slices, not {}",
            cx.type_name(&key)
        )));
    }
    let key = cx.index(&key)?;
    let position = int::value(cx, &key).unwrap_or(Value::Small(0));
    let beyond = || Err(cx.index_error(format_args!("range object index out of range")));
    if let (Some(words), Some(position)) = (words(cx, &this), position.to_i64()) {
        let position = i128::from(position);
        let position = if position < 0 {
            position + words.length
        } else {
            position
        };
        if position < 0 || position >= words.length {
            return beyond();
        }
        return from_wide(cx, words.at(position));
    }
    let Some(Parts {
        start,
        step,
        length,
    }) = parts(cx, &this)
    else {
        return beyond();
    };
    let mut position = position.to_big();
    if position.is_negative() {
        position += &length;
    }
    if position.is_negative() || position >= length {
        return beyond();
    }
    int::from_big(cx, start + position * step)
}

fn sliced(cx: &Context, this: &Object, key: &Object) -> Result<Object> {
    let Some(Parts {
        start,
        step,
        length,
    }) = parts(cx, this)
    else {
        return Err(cx.type_error(format_args!("a range is required")));
    };
    let [first, last, by] = slice::indices(cx, key, &length)?;
    new_range(
        cx,
        int::from_big(cx, &start + first * &step)?,
        int::from_big(cx, &start + last * &step)?,
        int::from_big(cx, by * &step)?,
    )
}

/// Where an integer stands in a range; `None` where it does not.
fn find(cx: &Context, range: &Object, wanted: &Value<'_>) -> Result<Option<Object>> {
    if let (Some(words), Some(wanted)) = (words(cx, range), wanted.to_i64()) {
        let distance = i128::from(wanted) - i128::from(words.start);
        let step = i128::from(words.step);
        if distance % step != 0 || !(0..words.length).contains(&(distance / step)) {
            return Ok(None);
        }
        return from_wide(cx, distance / step).map(Some);
    }
    let Some(parts) = parts(cx, range) else {
        return Ok(None);
    };
    let (position, rest) = (wanted.to_big() - parts.start).div_rem(&parts.step);
    if !rest.is_zero() || position.is_negative() || position >= parts.length {
        return Ok(None);
    }
    int::from_big(cx, position).map(Some)
}

/// The value of an exact `int` or a `bool`; others are searched for by comparing.
fn plain_integer<'a>(cx: &Context, object: &'a Object) -> Option<Value<'a>> {
    let plain = cx.is_exactly(object, &builtin::INT) || cx.is_exactly(object, &builtin::BOOL);
    if plain { int::value(cx, object) } else { None }
}

fn range_contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, wanted] = args.exactly::<2>(cx, "__contains__")?;
    if let Some(value) = plain_integer(cx, &wanted) {
        return Ok(cx.bool(find(cx, &this, &value)?.is_some()));
    }
    let mut found = false;
    cx.each(&this, |item| {
        found = cx.equal(&item, &wanted)?;
        Ok(!found)
    })?;
    Ok(cx.bool(found))
}

fn range_index(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [wanted] = args.rest().exactly::<1>(cx, "range.index")?;
    if let Some(value) = plain_integer(cx, &wanted) {
        return match find(cx, &this, &value)? {
            Some(position) => Ok(position),
            None => Err(cx.value_error(format_args!("range.index(x): x not in range"))),
        };
    }
    let (mut position, mut found) = (0i64, false);
    cx.each(&this, |item| {
        found = cx.equal(&item, &wanted)?;
        position += i64::from(!found);
        Ok(!found)
    })?;
    if !found {
        return Err(cx.value_error(format_args!("sequence.index(x): x not in sequence")));
    }
    cx.int(position)
}

fn range_count(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [wanted] = args.rest().exactly::<1>(cx, "range.count")?;
    if let Some(value) = plain_integer(cx, &wanted) {
        return cx.int(i64::from(find(cx, &this, &value)?.is_some()));
    }
    let mut count = 0;
    cx.each(&this, |item| {
        count += i64::from(cx.equal(&item, &wanted)?);
        Ok(true)
    })?;
    cx.int(count)
}

/// What makes ranges equal: the length, the start of those that have one, the step of those that
/// take one.
fn essence(cx: &Context, range: &Object) -> Option<[Object; 3]> {
    let body = body::<RangeBody>(range)?;
    let length = body.length.get()?;
    let (start, step) = match length.as_small() {
        Some(0) => (cx.none(), cx.none()),
        Some(1) => (body.start.get()?, cx.none()),
        _ => (body.start.get()?, body.step.get()?),
    };
    Some([length, start, step])
}

fn compare(cx: &Context, args: Args<'_>, wanted: bool) -> Result<Object> {
    let other = args.get(1).and_then(|other| essence(cx, &other));
    let (Some(left), Some(right)) = (essence(cx, &args.receiver()), other) else {
        return Ok(cx.not_implemented());
    };
    for (left, right) in left.iter().zip(&right) {
        if !cx.equal(left, right)? {
            return Ok(cx.bool(!wanted));
        }
    }
    Ok(cx.bool(wanted))
}

fn range_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, true)
}

fn range_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, false)
}

fn range_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let essence = essence(cx, &args.receiver());
    let essence = essence.unwrap_or_else(|| [cx.none(), cx.none(), cx.none()]);
    let tuple = builtin::tuple::from_slice(cx, &essence)?;
    cx.int(cx.hash(&tuple)?)
}

fn range_iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    if let Some(words) = words(cx, &this)
        && let Ok(length) = i64::try_from(words.length)
    {
        return iterator::new_iterator(cx, words.start, words.step, length);
    }
    match parts(cx, &this) {
        Some(parts) => iterator::new_long_iterator(cx, parts),
        None => iterator::new_iterator(cx, 0, 1, 0),
    }
}

fn range_reversed(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "range.__reversed__")?;
    let this = args.receiver();
    if let Some(words) = words(cx, &this)
        && let Ok(length) = i64::try_from(words.length)
        && let Some(step) = words.step.checked_neg()
    {
        let last = words.at(words.length - 1).to_i64().unwrap_or(words.start);
        return iterator::new_iterator(cx, last, step, length);
    }
    match parts(cx, &this) {
        Some(parts) => {
            let start = parts.start + (&parts.length - 1) * &parts.step;
            let (step, length) = (-parts.step, parts.length);
            iterator::new_long_iterator(
                cx,
                Parts {
                    start,
                    step,
                    length,
                },
            )
        }
        None => iterator::new_iterator(cx, 0, 1, 0),
    }
}

fn range_reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "range.__reduce__")?;
    let this = args.receiver();
    let parts = [start(cx, &this)?, stop(cx, &this)?, step(cx, &this)?];
    let parts = builtin::tuple::from_slice(cx, &parts)?;
    builtin::tuple::from_slice(cx, &[cx.type_of(&this).into_object(), parts])
}

fn part(cx: &Context, object: &Object, of: fn(&RangeBody) -> &Slot) -> Result<Object> {
    let part = body::<RangeBody>(object).and_then(|body| of(body).get());
    Ok(part.unwrap_or_else(|| cx.none()))
}

fn start(cx: &Context, object: &Object) -> Result<Object> {
    part(cx, object, |body| &body.start)
}

fn stop(cx: &Context, object: &Object) -> Result<Object> {
    part(cx, object, |body| &body.stop)
}

fn step(cx: &Context, object: &Object) -> Result<Object> {
    part(cx, object, |body| &body.step)
}

native_type! {
    /// The built-in `range`.
    pub static RANGE: "range" {
        index: index::RANGE,
        base: &builtin::OBJECT,
        layout: figures("range", 48, size_of::<RangeBody>()),
        body: RangeBody,
        flags: flags::SEQUENCE,
        doc: "The integers from start up to stop, step apart, without storing them.",
        slots {
            New => range_new,
            Repr => range_repr,
            Hash => range_hash,
            Bool => range_bool,
            Eq => range_eq,
            Ne => range_ne,
            Len => range_len,
            GetItem => range_getitem,
            Contains => range_contains,
            Iter => range_iter,
        },
        methods {
            "__reversed__" => range_reversed,
            "__reduce__" => range_reduce,
            "count" => range_count,
            "index" => range_index,
        },
        getsets {
            member "start" => start;
            member "stop" => stop;
            member "step" => step;
        },
    }
}
