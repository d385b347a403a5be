//! The module `copy`.

use super::functions;
use crate::{Args, Context, Object, Result};
use mortice_types::builtin::{copying, dict};
use mortice_types::native::Method;

static FUNCTIONS: &[Method] = functions! {
    "copy" => copy,
    "deepcopy" => deepcopy,
    "replace" => replace,
};

/// Makes the module.
pub(super) fn make(cx: &Context) -> Result<Object> {
    super::with_functions(cx, "copy", FUNCTIONS)
}

fn copy(cx: &Context, args: Args<'_>) -> Result<Object> {
    match args.bind(cx, "copy", ["x"], 1)? {
        [Some(object)] => copying::shallow(cx, &object),
        [None] => Err(cx.system_error(format_args!("a required argument is missing"))),
    }
}

fn deepcopy(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, memo] = args.bind(cx, "deepcopy", ["x", "memo"], 1)?;
    let Some(object) = object else {
        return Err(cx.system_error(format_args!("a required argument is missing")));
    };
    let memo = match memo.filter(|memo| !cx.is_none(memo)) {
        Some(memo) => (*memo).clone(),
        None => dict::new_dict(cx)?,
    };
    copying::deep(cx, &object, &memo)
}

fn replace(cx: &Context, args: Args<'_>) -> Result<Object> {
    let object = match args.positional() {
        [object] => object,
        [] => {
            return Err(cx.type_error(format_args!(
                "replace() missing 1 required positional argument: 'obj'"
            )));
        }
        more => {
            return Err(cx.type_error(format_args!(
                "replace() takes 1 positional argument but {} were given",
                more.len()
            )));
        }
    };
    let class = cx.get_attribute_text(object, "__class__")?;
    match cx.find_attribute(&class, &cx.intern("__replace__")?)? {
        Some(function) => cx.call_args(&function, args),
        None => {
            let name = cx.get_attribute_text(&class, "__name__")?;
            Err(cx.type_error(format_args!(
                "replace() does not support {} objects",
                mortice_types::text(&name).unwrap_or("?")
            )))
        }
    }
}
