//! The native part of the module `operator`.

use super::functions;
use crate::{Args, Context, Object, Result};
use mortice_types::builtin::{self, sequence};
use mortice_types::native::Method;

static FUNCTIONS: &[Method] = functions! {
    "index" => index,
    "length_hint" => length_hint,
};

/// Makes the module `_operator`.
pub(super) fn make(cx: &Context) -> Result<Object> {
    super::with_functions(cx, "_operator", FUNCTIONS)
}

fn index(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "_operator.index")?;
    cx.index(&object)
}

/// `len(a)`, else what `__length_hint__` says, else the default.
fn length_hint(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.no_keywords(cx, "_operator.length_hint")?;
    let given = args.between(cx, "length_hint", 1, 2)?;
    let default = match given.get(1) {
        None => Object::small32(0),
        Some(default) if builtin::int::value(cx, default).is_some() => (**default).clone(),
        Some(default) => {
            return Err(cx.type_error(format_args!(
                "'{}' object cannot be interpreted as an integer",
                cx.type_name(default)
            )));
        }
    };
    // No object has that many items.
    const UNKNOWN: usize = usize::MAX;
    match sequence::length_hint(cx, &given[0], UNKNOWN)? {
        UNKNOWN => Ok(default),
        length => cx.int(length as i64),
    }
}
