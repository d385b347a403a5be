//! Views of keys and items as sets.

use crate::slot_id::SlotId;
use crate::{Args, Context, Object, Result, builtin};

/// Tells whether this is a view that behaves as a set.
fn is_set_view(cx: &Context, object: &Object) -> bool {
    cx.is_exactly(object, &super::DICT_KEYS) || cx.is_exactly(object, &super::DICT_ITEMS)
}

fn is_set_like(cx: &Context, object: &Object) -> bool {
    is_set_view(cx, object) || builtin::set::view(object).is_some()
}

/// Whether every item of `a` is in `b`.
fn within(cx: &Context, a: &Object, b: &Object) -> Result<bool> {
    let mut all = true;
    cx.each(a, |item| {
        all = cx.contains(b, &item)?;
        Ok(all)
    })?;
    Ok(all)
}

fn compare(cx: &Context, args: Args<'_>, slot: SlotId) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, slot.name())?;
    if !is_set_like(cx, &other) {
        return Ok(cx.not_implemented());
    }
    let (own, theirs) = (cx.length(&this)?, cx.length(&other)?);
    let result = match slot {
        SlotId::Eq => own == theirs && within(cx, &this, &other)?,
        SlotId::Ne => !(own == theirs && within(cx, &this, &other)?),
        SlotId::Lt => own < theirs && within(cx, &this, &other)?,
        SlotId::Le => own <= theirs && within(cx, &this, &other)?,
        SlotId::Gt => own > theirs && within(cx, &other, &this)?,
        _ => own >= theirs && within(cx, &other, &this)?,
    };
    Ok(cx.bool(result))
}

pub(super) fn eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Eq)
}

pub(super) fn ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Ne)
}

pub(super) fn lt(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Lt)
}

pub(super) fn le(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Le)
}

pub(super) fn gt(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Gt)
}

pub(super) fn ge(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, SlotId::Ge)
}

/// The items of `other` that the view has; the same whichever side it stands on.
pub(super) fn and(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__and__")?;
    let (mut view, mut other) = (this, other);
    if is_set_view(cx, &other) && cx.length(&other)? > cx.length(&view)? {
        (view, other) = (other, view);
    }
    let result = builtin::set::new_set(cx)?;
    cx.each(&other, |item| {
        if cx.contains(&view, &item)? {
            builtin::set::add(cx, &result, &item)?;
        }
        Ok(true)
    })?;
    Ok(result)
}

fn union(cx: &Context, left: &Object, right: &Object) -> Result<Object> {
    let result = builtin::set::set_from(cx, left)?;
    builtin::set::update(cx, &result, right)?;
    Ok(result)
}

fn difference(cx: &Context, left: &Object, right: &Object) -> Result<Object> {
    let result = builtin::set::set_from(cx, left)?;
    builtin::set::difference_update(cx, &result, right)?;
    Ok(result)
}

fn symmetric_difference(cx: &Context, left: &Object, right: &Object) -> Result<Object> {
    let result = builtin::set::set_from(cx, left)?;
    builtin::set::symmetric_difference_update(cx, &result, right)?;
    Ok(result)
}

pub(super) fn or(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__or__")?;
    union(cx, &this, &other)
}

pub(super) fn ror(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__ror__")?;
    union(cx, &other, &this)
}

pub(super) fn sub(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__sub__")?;
    difference(cx, &this, &other)
}

pub(super) fn rsub(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__rsub__")?;
    difference(cx, &other, &this)
}

pub(super) fn xor(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__xor__")?;
    symmetric_difference(cx, &this, &other)
}

pub(super) fn rxor(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__rxor__")?;
    symmetric_difference(cx, &other, &this)
}

/// Whether the view and an iterable have no item in common.
pub(super) fn disjoint(cx: &Context, this: &Object, other: &Object) -> Result<Object> {
    let (mut view, mut other) = (this, other);
    if view.is(other) {
        return Ok(cx.bool(cx.length(view)? == 0));
    }
    if is_set_like(cx, other) && cx.length(other)? > cx.length(view)? {
        (view, other) = (other, view);
    }
    let mut apart = true;
    cx.each(other, |item| {
        apart = !cx.contains(view, &item)?;
        Ok(apart)
    })?;
    Ok(cx.bool(apart))
}
