//! `types.GenericAlias` and `types.UnionType`: what `list[int]` and `int | str` make.

use crate::native::{figures, flags};
use crate::{Args, Context, Object, Result, builtin, index, native_type};
use mortice_gc::Slot;

crate::body! {
    /// The body of a generic alias.
    pub struct AliasBody {
        /// `__origin__`.
        pub origin: Slot,
        /// `__args__`.
        pub arguments: Slot,
    }
}

/// `origin[arguments]`.
///
/// # Errors
///
/// MemoryError.
pub fn new_alias(cx: &Context, origin: &Object, arguments: &Object) -> Result<Object> {
    let alias = cx.instance(cx.builtin_ref(&GENERIC_ALIAS), 0)?;
    if let Some(body) = crate::body::<AliasBody>(&alias) {
        body.origin.set(origin.clone());
        let arguments = match crate::tuple_items(arguments) {
            Some(_) => arguments.clone(),
            None => builtin::tuple::from_slice(cx, std::slice::from_ref(arguments))?,
        };
        body.arguments.set(arguments);
    }
    Ok(alias)
}

/// The members of a union; `None` for anything else.
pub(crate) fn union_members(_: &Context, _: &Object) -> Result<Option<Object>> {
    Ok(None)
}

/// `type.__or__`.
pub(crate) fn type_or(cx: &Context, _: Args<'_>) -> Result<Object> {
    Ok(cx.not_implemented())
}

native_type! {
    /// The type of generic aliases.
    pub static GENERIC_ALIAS: "GenericAlias" {
        index: index::GENERIC_ALIAS,
        base: &builtin::OBJECT,
        layout: figures("types.GenericAlias", 56, size_of::<AliasBody>()),
        body: AliasBody,
        flags: flags::BASE | flags::COLLECTED,
        module: "types",
        slots {},
        methods {},
        getsets {},
    }
}
