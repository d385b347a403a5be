//! The types of `None`, `NotImplemented` and `Ellipsis`.

use crate::native::figures;
use crate::{Args, Context, Object, Result, builtin, index, native_type};

fn none_repr(cx: &Context, _: Args<'_>) -> Result<Object> {
    cx.intern("None")
}

fn none_bool(cx: &Context, _: Args<'_>) -> Result<Object> {
    Ok(cx.bool(false))
}

fn none_hash(_: &Context, _: Args<'_>) -> Result<Object> {
    // The constant that CPython uses since 3.12.
    Ok(Object::small(0xfca8_6420).unwrap_or(Object::small32(1)))
}

fn none_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    no_arguments(cx, args, "NoneType")?;
    Ok(cx.none())
}

fn no_arguments(cx: &Context, args: Args<'_>, name: &str) -> Result<()> {
    if args.values().len() > 1 {
        return Err(cx.type_error(format_args!("{name} takes no arguments")));
    }
    Ok(())
}

fn not_implemented_repr(cx: &Context, _: Args<'_>) -> Result<Object> {
    cx.intern("NotImplemented")
}

fn not_implemented_bool(cx: &Context, _: Args<'_>) -> Result<Object> {
    Err(cx.type_error(format_args!(
        "NotImplemented should not be used in a boolean context"
    )))
}

fn not_implemented_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    no_arguments(cx, args, "NotImplementedType")?;
    Ok(cx.not_implemented())
}

fn ellipsis_repr(cx: &Context, _: Args<'_>) -> Result<Object> {
    cx.intern("Ellipsis")
}

fn ellipsis_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    no_arguments(cx, args, "EllipsisType")?;
    Ok(cx.ellipsis())
}

native_type! {
    /// The type of `None`.
    pub static NONE_TYPE: "NoneType" {
        index: index::NONE_TYPE,
        base: &builtin::OBJECT,
        layout: figures("NoneType", 16, 0),
        flags: 0,
        slots { New => none_new, Repr => none_repr, Bool => none_bool, Hash => none_hash, },
        methods {},
        getsets {},
    }
}

native_type! {
    /// The type of `NotImplemented`.
    pub static NOT_IMPLEMENTED_TYPE: "NotImplementedType" {
        index: index::NOT_IMPLEMENTED_TYPE,
        base: &builtin::OBJECT,
        layout: figures("NotImplementedType", 16, 0),
        flags: 0,
        slots { New => not_implemented_new, Repr => not_implemented_repr, Bool => not_implemented_bool, },
        methods {},
        getsets {},
    }
}

native_type! {
    /// The type of `Ellipsis`.
    pub static ELLIPSIS_TYPE: "ellipsis" {
        index: index::ELLIPSIS_TYPE,
        base: &builtin::OBJECT,
        layout: figures("ellipsis", 16, 0),
        flags: 0,
        slots { New => ellipsis_new, Repr => ellipsis_repr, },
        methods {},
        getsets {},
    }
}
