//! `slice`, and what sequences make of subscripts.
//!
//! [`adjust`] turns a slice into positions of a sequence of known length; [`index_of`] does the
//! same for a single subscript. Slices of integers beyond a machine word only matter for `range`
//! and `slice.indices`, which use [`indices`].

use crate::native::{figures, flags};
use crate::{Args, Context, Object, Result, SlotId, body, builtin, index, native_type, text};
use builtin::int::{self, Value};
use mortice_gc::Slot;
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

crate::body! {
    /// The body of a slice; each part is any object, `None` where it was left out.
    pub struct SliceBody {
        /// `start`.
        pub start: Slot,
        /// `stop`.
        pub stop: Slot,
        /// `step`.
        pub step: Slot,
    }
}

/// A slice of a sequence: `count` positions from `start` on, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adjusted {
    /// The first position.
    pub start: isize,
    /// Where to stop; −1 where a negative step runs to the beginning.
    pub stop: isize,
    /// The distance of two positions; never 0.
    pub step: isize,
    /// Number of positions.
    pub count: usize,
}

impl Adjusted {
    /// The positions, in the order of the slice.
    pub fn positions(self) -> impl ExactSizeIterator<Item = usize> {
        (0..self.count).map(move |nth| (self.start + nth as isize * self.step) as usize)
    }
}

/// Makes a slice.
///
/// # Errors
///
/// MemoryError.
pub fn new_slice(cx: &Context, start: &Object, stop: &Object, step: &Object) -> Result<Object> {
    let slice = cx.instance(cx.builtin_ref(&SLICE), 0)?;
    if let Some(body) = body::<SliceBody>(&slice) {
        body.start.set(start.clone());
        body.stop.set(stop.clone());
        body.step.set(step.clone());
    }
    Ok(slice)
}

/// Start, stop and step of a slice.
pub fn parts(cx: &Context, object: &Object) -> Option<[Object; 3]> {
    let body = body::<SliceBody>(object)?;
    Some([&body.start, &body.stop, &body.step].map(|slot| slot.get().unwrap_or_else(|| cx.none())))
}

/// A part of a slice as an `int` object; `None` where it was left out.
fn part(cx: &Context, object: &Object, words: &str) -> Result<Option<Object>> {
    if cx.is_none(object) {
        return Ok(None);
    }
    if !object.is_small() && cx.slot_of(object, SlotId::Index).is_none() {
        return Err(cx.type_error(format_args!("{words}")));
    }
    cx.index(object).map(Some)
}

const PART_WORDS: &str = "slice indices must be integers or have an __index__ method";
const INDICES_WORDS: &str = "slice indices must be integers or None or have an __index__ method";

/// An integer as a machine word; the nearest one where it does not fit.
pub fn saturated(cx: &Context, object: &Object) -> isize {
    match int::value(cx, object) {
        Some(value) => match value.to_i64() {
            Some(small) => small as isize,
            None if value.is_negative() => isize::MIN,
            None => isize::MAX,
        },
        None => 0,
    }
}

/// Start, stop and step as machine words, before they are adjusted to a length.
///
/// # Errors
///
/// TypeError for parts that are no integers, ValueError for a step of zero, what `__index__`
/// raises.
pub fn unpack(cx: &Context, slice: &Object) -> Result<(isize, isize, isize)> {
    let Some([start, stop, step]) = parts(cx, slice) else {
        return Err(cx.type_error(format_args!("a slice is required")));
    };
    let step = match part(cx, &step, PART_WORDS)? {
        Some(step) => saturated(cx, &step).max(-isize::MAX),
        None => 1,
    };
    if step == 0 {
        return Err(cx.value_error(format_args!("slice step cannot be zero")));
    }
    let start = match part(cx, &start, PART_WORDS)? {
        Some(start) => saturated(cx, &start),
        None if step < 0 => isize::MAX,
        None => 0,
    };
    let stop = match part(cx, &stop, PART_WORDS)? {
        Some(stop) => saturated(cx, &stop),
        None if step < 0 => isize::MIN,
        None => isize::MAX,
    };
    Ok((start, stop, step))
}

/// Fits unpacked parts to a sequence of `length` items.
pub fn fit((start, stop, step): (isize, isize, isize), length: usize) -> Adjusted {
    let length = isize::try_from(length).unwrap_or(isize::MAX);
    let (lowest, highest) = if step < 0 {
        (-1, length - 1)
    } else {
        (0, length)
    };
    let clamp = |position: isize| {
        if position < 0 {
            position.saturating_add(length).max(lowest)
        } else {
            position.min(highest)
        }
    };
    let (start, stop) = (clamp(start), clamp(stop));
    let count = if step < 0 && stop < start {
        (start - stop - 1) as usize / step.unsigned_abs() + 1
    } else if step > 0 && start < stop {
        (stop - start - 1) as usize / step.unsigned_abs() + 1
    } else {
        0
    };
    Adjusted {
        start,
        stop,
        step,
        count,
    }
}

/// The positions that a slice selects in a sequence of `length` items.
///
/// `__index__` of the parts may run Python code, so the length must be read again afterwards where
/// the sequence can change: use [`unpack`] and [`fit`] there.
///
/// # Errors
///
/// As for [`unpack`].
pub fn adjust(cx: &Context, slice: &Object, length: usize) -> Result<Adjusted> {
    Ok(fit(unpack(cx, slice)?, length))
}

/// The position that a subscript names in a sequence of `length` items; `type_words` is the
/// sequence's name in messages (`list`).
///
/// # Errors
///
/// TypeError for a key without `__index__`, IndexError beyond the ends.
pub fn index_of(cx: &Context, key: &Object, length: usize, type_words: &str) -> Result<usize> {
    let at = match key.as_small() {
        Some(at) => at as isize,
        None => {
            if cx.slot_of(key, SlotId::Index).is_none() {
                return Err(cx.type_error(format_args!(
                    "{type_words} indices must be integers or slices, not {}",
                    cx.type_name(key)
                )));
            }
            let key = cx.index(key)?;
            match int::value(cx, &key).and_then(|value| value.to_i64()) {
                Some(at) => at as isize,
                None => {
                    return Err(cx.index_error(format_args!(
                        "cannot fit '{}' into an index-sized integer",
                        cx.type_name(&key)
                    )));
                }
            }
        }
    };
    let place = if at < 0 {
        length.checked_sub(at.unsigned_abs())
    } else {
        Some(at as usize)
    };
    match place {
        Some(place) if place < length => Ok(place),
        _ => Err(cx.index_error(format_args!("{type_words} index out of range"))),
    }
}

/// Start, stop and step for a sequence of any length, as `slice.indices` computes them.
///
/// # Errors
///
/// TypeError for parts that are no integers, ValueError for a step of zero.
pub fn indices(cx: &Context, slice: &Object, length: &BigInt) -> Result<[BigInt; 3]> {
    let Some([start, stop, step]) = parts(cx, slice) else {
        return Err(cx.type_error(format_args!("a slice is required")));
    };
    let big = |object: &Object| -> Result<Option<BigInt>> {
        let Some(object) = part(cx, object, INDICES_WORDS)? else {
            return Ok(None);
        };
        Ok(int::value(cx, &object).map(|value: Value<'_>| value.to_big()))
    };
    let step = big(&step)?.unwrap_or_else(BigInt::one);
    if step.is_zero() {
        return Err(cx.value_error(format_args!("slice step cannot be zero")));
    }
    let (lowest, highest) = if step.is_negative() {
        (-BigInt::one(), length - 1)
    } else {
        (BigInt::zero(), length.clone())
    };
    let clamp = |position: BigInt| {
        if position.is_negative() {
            (position + length).max(lowest.clone())
        } else {
            position.min(highest.clone())
        }
    };
    let start = match big(&start)? {
        Some(start) => clamp(start),
        None if step.is_negative() => highest.clone(),
        None => lowest.clone(),
    };
    let stop = match big(&stop)? {
        Some(stop) => clamp(stop),
        None if step.is_negative() => lowest.clone(),
        None => highest.clone(),
    };
    Ok([start, stop, step])
}

fn slice_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    if args.has_keywords() {
        return Err(cx.type_error(format_args!("slice() takes no keyword arguments")));
    }
    let none = cx.none();
    match args.rest().between(cx, "slice", 1, 3)? {
        [stop] => new_slice(cx, &none, stop, &none),
        [start, stop] => new_slice(cx, start, stop, &none),
        [start, stop, step] => new_slice(cx, start, stop, step),
        _ => new_slice(cx, &none, &none, &none),
    }
}

fn slice_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some([start, stop, step]) = parts(cx, &args.receiver()) else {
        return cx.string("slice(?)");
    };
    let (start, stop, step) = (cx.repr(&start)?, cx.repr(&stop)?, cx.repr(&step)?);
    cx.format(format_args!(
        "slice({}, {}, {})",
        text(&start).unwrap_or("?"),
        text(&stop).unwrap_or("?"),
        text(&step).unwrap_or("?")
    ))
}

/// Compares as tuples of the three parts: the first parts that differ decide.
fn compare(cx: &Context, args: Args<'_>, operation: SlotId) -> Result<Object> {
    let other = args.get(1).and_then(|other| parts(cx, &other));
    let (Some(left), Some(right)) = (parts(cx, &args.receiver()), other) else {
        return Ok(cx.not_implemented());
    };
    for (left, right) in left.iter().zip(&right) {
        if !cx.equal(left, right)? {
            return match operation {
                SlotId::Eq => Ok(cx.bool(false)),
                SlotId::Ne => Ok(cx.bool(true)),
                _ => cx.compare(left, right, operation),
            };
        }
    }
    Ok(cx.bool(matches!(operation, SlotId::Eq | SlotId::Le | SlotId::Ge)))
}

fn slice_lt(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Lt)
}

fn slice_le(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Le)
}

fn slice_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Eq)
}

fn slice_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Ne)
}

fn slice_gt(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Gt)
}

fn slice_ge(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Ge)
}

/// The hash of a fixed number of hashes: the rounds of xxHash, without a length.
fn slice_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    const ROUND: [u64; 2] = [14_029_467_366_897_019_727, 11_400_714_785_074_694_791];
    let mut hash = 2_870_177_450_012_600_261u64;
    for part in parts(cx, &args.receiver()).iter().flatten() {
        let lane = cx.hash(part)? as u64;
        hash = hash.wrapping_add(lane.wrapping_mul(ROUND[0]));
        hash = hash.rotate_left(31).wrapping_mul(ROUND[1]);
    }
    cx.int(if hash == u64::MAX {
        1_546_275_796
    } else {
        hash as i64
    })
}

fn slice_indices(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [length] = args.rest().exactly::<1>(cx, "slice.indices")?;
    let length = cx.index(&length)?;
    let length = int::value(cx, &length).map_or_else(BigInt::zero, |value| value.to_big());
    if length.is_negative() {
        return Err(cx.value_error(format_args!("length should not be negative")));
    }
    let [start, stop, step] = indices(cx, &args.receiver(), &length)?;
    let parts = [
        int::from_big(cx, start)?,
        int::from_big(cx, stop)?,
        int::from_big(cx, step)?,
    ];
    builtin::tuple::from_slice(cx, &parts)
}

fn slice_reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let parts = parts(cx, &this).unwrap_or_else(|| [cx.none(), cx.none(), cx.none()]);
    let parts = builtin::tuple::from_slice(cx, &parts)?;
    builtin::tuple::from_slice(cx, &[cx.type_of(&this).into_object(), parts])
}

fn slice_class_getitem(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [parameters] = args.rest().exactly::<1>(cx, "slice.__class_getitem__")?;
    builtin::generic_alias::new_alias(cx, &args.receiver(), &parameters)
}

fn start(cx: &Context, object: &Object) -> Result<Object> {
    Ok(parts(cx, object).map_or_else(|| cx.none(), |[start, _, _]| start))
}

fn stop(cx: &Context, object: &Object) -> Result<Object> {
    Ok(parts(cx, object).map_or_else(|| cx.none(), |[_, stop, _]| stop))
}

fn step(cx: &Context, object: &Object) -> Result<Object> {
    Ok(parts(cx, object).map_or_else(|| cx.none(), |[_, _, step]| step))
}

native_type! {
    /// The built-in `slice`.
    pub static SLICE: "slice" {
        index: index::SLICE,
        base: &builtin::OBJECT,
        layout: figures("slice", 40, size_of::<SliceBody>()),
        body: SliceBody,
        flags: flags::COLLECTED,
        doc: "What stands between the brackets of a[start:stop:step].",
        slots {
            New => slice_new,
            Repr => slice_repr,
            Hash => slice_hash,
            Lt => slice_lt,
            Le => slice_le,
            Eq => slice_eq,
            Ne => slice_ne,
            Gt => slice_gt,
            Ge => slice_ge,
        },
        methods {
            "indices" => slice_indices,
            "__reduce__" => slice_reduce,
            class "__class_getitem__" => slice_class_getitem,
        },
        getsets {
            member "start" => start;
            member "stop" => stop;
            member "step" => step;
        },
    }
}
