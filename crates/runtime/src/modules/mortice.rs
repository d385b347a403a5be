//! The module `mortice`: observable slots on the runtime.
//!
//! The engine is `mortice_slots`; this is its host. [`host`] says what objects, classes and names
//! are here; [`meta`] makes classes; [`slot`] are the descriptors; [`base`] is `Base`; [`observe`],
//! [`change`], [`delegation`] and [`hold`] are what a program calls; [`show`] describes classes,
//! [`repr`] instances.
//! What is decided beyond the specification stands in `docs/slots.md`.

mod base;
mod change;
mod delegation;
mod hold;
pub mod host;
mod meta;
mod observe;
mod repr;
mod show;
mod slot;
mod world;

pub use change::CHANGE;
pub use hold::HOLD;
pub use host::WATCH;
pub use meta::BASE_META;
pub use observe::{MARK, OBSERVE, SUBSCRIPTION, WEAK_METHOD};
pub use show::slot_names;
pub use slot::{DELEGATED, SLOT};
pub use world::UNSET_TYPE;
pub(crate) use world::World;

use super::{define, functions};
use crate::{Args, Context, Object, Result};
use mortice_types::builtin::generic_alias;
use mortice_types::native::Method;

static FUNCTIONS: &[Method] = functions! {
    "observe" => observe::decorator,
    "delegate" => delegation::delegate,
    "undelegate" => delegation::undelegate,
    "slots" => show::slots,
    "layout" => show::layout,
};

/// Makes the module.
pub(super) fn make(cx: &Context) -> Result<Object> {
    let module = super::with_functions(cx, "mortice", FUNCTIONS)?;
    let world = World::of(cx)?;
    for (name, native) in [
        ("slot", &SLOT),
        ("delegated", &DELEGATED),
        ("hold", &HOLD),
        ("Change", &CHANGE),
        ("Subscription", &SUBSCRIPTION),
    ] {
        define(cx, &module, name, cx.builtin(native).into_object())?;
    }
    define(cx, &module, "UNSET", world.unset(cx)?)?;
    define(cx, &module, "SealedError", world.sealed_error(cx)?)?;
    define(cx, &module, "DelegationError", world.delegation_error(cx)?)?;
    define(cx, &module, "Base", base::make(cx)?)?;
    Ok(module)
}

/// Names an argument in an error: `class 'int'` or `'int' object`.
fn what(cx: &Context, value: &Object) -> Result<Object> {
    match crate::Type::view(value) {
        Some(class) => {
            let name = class.name(cx);
            let name = mortice_types::text(&name).unwrap_or("?");
            cx.format(format_args!("class '{name}'"))
        }
        None => cx.format(format_args!("'{}' object", cx.type_name(value))),
    }
}

/// `slot[int]` and the like, which mean nothing when a program runs.
fn class_get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let [key] = args.rest().exactly::<1>(cx, "__class_getitem__")?;
    generic_alias::new_alias(cx, &class, &key)
}

/// The text of a string object that this module made.
fn words(text: &Object) -> &str {
    mortice_types::text(text).unwrap_or("?")
}
