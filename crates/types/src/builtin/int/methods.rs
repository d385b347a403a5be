//! The small methods of `int`.

use super::{Value, arithmetic, exact, receiver, to_f64};
use crate::builtin::format_spec;
use crate::{Args, Context, Object, Result, builtin};

pub(super) fn to_int(cx: &Context, args: Args<'_>) -> Result<Object> {
    exact(cx, &args.receiver())
}

pub(super) fn to_float(cx: &Context, args: Args<'_>) -> Result<Object> {
    builtin::float::new_float(cx, to_f64(cx, &receiver(cx, args))?)
}

macro_rules! exact_methods {
    ($($name:ident $text:literal,)*) => {
        $(pub(super) fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
            let [] = args.rest().exactly::<0>(cx, $text)?;
            exact(cx, &args.receiver())
        })*
    };
}

exact_methods! {
    conjugate "int.conjugate",
    trunc "int.__trunc__",
    floor "int.__floor__",
    ceil "int.__ceil__",
}

pub(super) fn bit_length(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "int.bit_length")?;
    cx.int(receiver(cx, args).bits() as i64)
}

pub(super) fn bit_count(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "int.bit_count")?;
    cx.int(match receiver(cx, args) {
        Value::Small(value) => i64::from(value.unsigned_abs().count_ones()),
        Value::Big(value) => arithmetic::count_ones(value) as i64,
    })
}

pub(super) fn as_integer_ratio(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "int.as_integer_ratio")?;
    let this = exact(cx, &args.receiver())?;
    builtin::tuple::from_slice(cx, &[this, Object::small32(1)])
}

pub(super) fn is_integer(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "int.is_integer")?;
    Ok(cx.bool(true))
}

pub(super) fn getnewargs(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "int.__getnewargs__")?;
    let this = exact(cx, &args.receiver())?;
    builtin::tuple::from_slice(cx, &[this])
}

/// CPython's size: a header of 24 bytes, and 4 for every 30 bits; zero has one such digit, too.
pub(super) fn size_of(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "int.__sizeof__")?;
    let digits = receiver(cx, args).bits().div_ceil(30).max(1);
    cx.int((24 + 4 * digits) as i64)
}

pub(super) fn get_exact(cx: &Context, object: &Object) -> Result<Object> {
    exact(cx, object)
}

pub(super) fn get_zero(_: &Context, _: &Object) -> Result<Object> {
    Ok(Object::small32(0))
}

pub(super) fn get_one(_: &Context, _: &Object) -> Result<Object> {
    Ok(Object::small32(1))
}

pub(super) fn format(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [spec] = args.rest().exactly::<1>(cx, "int.__format__")?;
    match format_spec::text(cx, &spec)? {
        "" => cx.str(&this),
        spec => {
            let name = cx.type_name(&this);
            let spec = format_spec::parse(cx, spec, name.as_str())?;
            format_spec::format_int(cx, &receiver(cx, args), &spec)
        }
    }
}
