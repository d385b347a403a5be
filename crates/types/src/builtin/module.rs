//! Modules.

use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::{Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Slot;

crate::body! {
    /// The body of a module; its namespace is the instance dict.
    pub struct ModuleBody {
        /// `__name__` at creation, for the repr.
        pub name: Slot,
    }
}

/// Makes a module with `__name__`, `__doc__` and the import attributes.
///
/// # Errors
///
/// MemoryError.
pub fn new_module(cx: &Context, name: &str) -> Result<Object> {
    let module = cx.instance(cx.builtin_ref(&MODULE), 0)?;
    let name = cx.intern(name)?;
    if let Some(body) = body::<ModuleBody>(&module) {
        body.name.set(name.clone());
    }
    if let Some(dict) = cx.ensure_dict(&module)?
        && let Some(view) = builtin::dict::view(&dict)
    {
        let names = cx.names();
        view.set(cx, &names.name, name)?;
        for key in [&names.doc, &names.package, &names.loader, &names.spec] {
            view.set(cx, key, cx.none())?;
        }
    }
    Ok(module)
}

const LAYOUT: Native = Native {
    name: "module",
    basicsize: 104,
    itemsize: 0,
    dictoffset: 16,
    weaklistoffset: 32,
    body_bytes: size_of::<ModuleBody>(),
    dict: Storage::Managed,
    weakref: Storage::Managed,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The type of modules.
    pub static MODULE: "module" {
        index: index::MODULE,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: ModuleBody,
        flags: flags::BASE | flags::COLLECTED,
        slots {},
        methods {},
        getsets {},
    }
}
