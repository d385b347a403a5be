//! The small methods of `float`.

use super::{exact, new_float, receiver, to_integer};
use crate::builtin::format_spec;
use crate::{Args, Context, Object, Result, builtin};

pub(super) fn to_float(cx: &Context, args: Args<'_>) -> Result<Object> {
    exact(cx, &args.receiver())
}

pub(super) fn trunc(cx: &Context, args: Args<'_>) -> Result<Object> {
    to_integer(cx, receiver(args))
}

pub(super) fn trunc_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "float.__trunc__")?;
    to_integer(cx, receiver(args))
}

pub(super) fn floor(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "float.__floor__")?;
    to_integer(cx, receiver(args).floor())
}

pub(super) fn ceil(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "float.__ceil__")?;
    to_integer(cx, receiver(args).ceil())
}

pub(super) fn conjugate(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "float.conjugate")?;
    exact(cx, &args.receiver())
}

pub(super) fn is_integer(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "float.is_integer")?;
    let value = receiver(args);
    Ok(cx.bool(value.is_finite() && value.fract() == 0.0))
}

pub(super) fn getnewargs(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "float.__getnewargs__")?;
    let this = new_float(cx, receiver(args))?;
    builtin::tuple::from_slice(cx, &[this])
}

pub(super) fn get_exact(cx: &Context, object: &Object) -> Result<Object> {
    exact(cx, object)
}

pub(super) fn get_zero(cx: &Context, _: &Object) -> Result<Object> {
    new_float(cx, 0.0)
}

pub(super) fn format(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [spec] = args.rest().exactly::<1>(cx, "float.__format__")?;
    match format_spec::text(cx, &spec)? {
        "" => cx.str(&this),
        spec => {
            let name = cx.type_name(&this);
            let spec = format_spec::parse(cx, spec, name.as_str())?;
            format_spec::format_float(cx, receiver(args), &spec)
        }
    }
}
