//! Named tuples of the runtime: `sys.version_info`, `sys.flags`, the arguments of
//! `sys.unraisablehook`.

use crate::{Args, Context, Object, Result, Type};
use mortice_types::format::Text;
use mortice_types::layout::{Items, Native, Storage};
use mortice_types::native::flags;
use mortice_types::{builtin, index, native_type, text, tuple_items};

/// The figures of a tuple type without fields of its own.
const fn tuple_figures(name: &'static str) -> Native {
    Native {
        name,
        basicsize: 32,
        itemsize: 8,
        dictoffset: 0,
        weaklistoffset: 0,
        body_bytes: 0,
        dict: Storage::None,
        weakref: Storage::None,
        items: Some(Items {
            offset: 32,
            size: 8,
        }),
        slots_after_items: true,
    }
}

fn field<const INDEX: usize>(cx: &Context, object: &Object) -> Result<Object> {
    let items = tuple_items(object).unwrap_or_default();
    Ok(items.get(INDEX).cloned().unwrap_or_else(|| cx.none()))
}

/// `module.name(field=value, …)`.
fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let mut shown = Text::new(cx);
    let Some(native) = cx.type_of(&this).native() else {
        return cx.string("?");
    };
    if native.module != "builtins" {
        cx.fallible(shown.push(native.module))?;
        cx.fallible(shown.push("."))?;
    }
    cx.fallible(shown.push(native.name))?;
    cx.fallible(shown.push("("))?;
    let items = tuple_items(&this).unwrap_or_default();
    for (index, (field, value)) in native.getsets.iter().zip(items).enumerate() {
        if index > 0 {
            cx.fallible(shown.push(", "))?;
        }
        let value = cx.repr(value)?;
        cx.fallible(shown.push(field.name))?;
        cx.fallible(shown.push("="))?;
        cx.fallible(shown.push(text(&value).unwrap_or("?")))?;
    }
    cx.fallible(shown.push(")"))?;
    shown.finish(cx)
}

macro_rules! named_tuple {
    ($(#[$doc:meta])* $name:ident $text:literal in $module:literal at $place:literal: $($field:literal $index:literal,)*) => {
        native_type! {
            $(#[$doc])*
            pub static $name: $text {
                index: index::RUNTIME + $place,
                base: &builtin::TUPLE,
                layout: tuple_figures($text),
                flags: flags::COLLECTED | flags::SEQUENCE | flags::TUPLE
                    | flags::DISALLOW_INSTANTIATION,
                module: $module,
                slots { Repr => repr, },
                methods {},
                getsets { $(member $field => field::<$index>;)* },
            }
        }
    };
}

named_tuple! {
    /// The type of `sys.version_info`.
    VERSION_INFO "version_info" in "sys" at 1:
    "major" 0, "minor" 1, "micro" 2, "releaselevel" 3, "serial" 4,
}
named_tuple! {
    /// The type of `sys.flags`.
    FLAGS "flags" in "sys" at 2:
    "debug" 0, "inspect" 1, "interactive" 2, "optimize" 3, "dont_write_bytecode" 4,
    "no_user_site" 5, "no_site" 6, "ignore_environment" 7, "verbose" 8, "bytes_warning" 9,
    "quiet" 10, "hash_randomization" 11, "isolated" 12, "dev_mode" 13, "utf8_mode" 14,
    "warn_default_encoding" 15, "safe_path" 16, "int_max_str_digits" 17,
}
named_tuple! {
    /// The type of `sys.hash_info`.
    HASH_INFO "hash_info" in "sys" at 3:
    "width" 0, "modulus" 1, "inf" 2, "nan" 3, "imag" 4, "algorithm" 5, "hash_bits" 6,
    "seed_bits" 7, "cutoff" 8,
}
named_tuple! {
    /// The type of what `sys.unraisablehook` is called with.
    UNRAISABLE_ARGS "UnraisableHookArgs" in "builtins" at 4:
    "exc_type" 0, "exc_value" 1, "exc_traceback" 2, "err_msg" 3, "object" 4,
}

/// Makes one of these tuples.
///
/// # Errors
///
/// MemoryError.
pub(crate) fn make(cx: &Context, of: &Type, fields: &[Object]) -> Result<Object> {
    cx.tuple_of(of, fields.len(), fields.iter().cloned())
}
