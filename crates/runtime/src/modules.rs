//! The built-in modules, one file each.
//!
//! A module is made when it is first imported; `builtins` and `sys` are made at the start. Functions
//! are tables of [`Method`]s, shared by all runtimes.

pub mod builtins;
mod copy;
pub mod gc;
pub mod mortice;
mod operator;
mod sys;
mod types;
mod weakref;

use crate::State;
use mortice_types::builtin::module::new_module;
use mortice_types::descriptor::new_builtin;
use mortice_types::native::Method;
use mortice_types::{Context, Object, Result, builtin, dict_view, text};

/// A table of a module's functions: they get their arguments and no receiver.
macro_rules! functions {
    ($($name:literal => $function:expr,)*) => {
        &[$(mortice_types::native::Method {
            name: $name,
            function: $function,
            binding: mortice_types::native::Binding::Static,
            doc: "",
        },)*]
    };
}
pub(crate) use functions;

/// A module that is made in Rust.
struct Native {
    name: &'static str,
    make: fn(&Context) -> Result<Object>,
}

static NATIVE: &[Native] = &[
    Native {
        name: "_operator",
        make: operator::make,
    },
    Native {
        name: "_types",
        make: types::make,
    },
    Native {
        name: "_weakref",
        make: weakref::make,
    },
    Native {
        name: "copy",
        make: copy::make,
    },
    Native {
        name: "gc",
        make: gc::make,
    },
    Native {
        name: "mortice",
        make: mortice::make,
    },
];

/// Makes a built-in module; `None` where there is none of this name.
///
/// # Errors
///
/// What making it raises.
pub(crate) fn make(cx: &Context, name: &str) -> Result<Option<Object>> {
    match NATIVE.iter().find(|native| native.name == name) {
        Some(native) => (native.make)(cx).map(Some),
        None => Ok(None),
    }
}

/// The names of the built-in modules.
pub fn names_of_builtin_modules() -> impl Iterator<Item = &'static str> {
    NATIVE.iter().map(|native| native.name)
}

/// Tells whether a module of this name can be imported wherever a program runs.
pub(crate) fn is_module(name: &str) -> bool {
    matches!(name, "builtins" | "sys")
        || names_of_builtin_modules().any(|known| known == name)
        || crate::frozen::source(name).is_some()
}

/// Makes `builtins`, `sys` and `sys.modules`.
pub(crate) fn start(cx: &Context, state: &State) -> Result<()> {
    let modules = builtin::dict::new_dict(cx)?;
    state.modules.set(modules);
    let builtins = builtins::make(cx, state)?;
    put(cx, state, "builtins", &builtins)?;
    state.builtins.set(builtins);
    let sys = sys::make(cx, state)?;
    put(cx, state, "sys", &sys)?;
    state.sys.set(sys);
    Ok(())
}

fn put(cx: &Context, state: &State, name: &str, module: &Object) -> Result<()> {
    let name = cx.intern(name)?;
    match state.modules.get().as_ref().and_then(dict_view) {
        Some(view) => view.set(cx, &name, module.clone()),
        None => Ok(()),
    }
}

/// An empty module with these functions.
pub(crate) fn with_functions(
    cx: &Context,
    name: &str,
    functions: &'static [Method],
) -> Result<Object> {
    let module = new_module(cx, name)?;
    let module_name = cx.intern(name)?;
    for function in functions {
        let object = new_builtin(cx, function, Some(&module), Some(&module_name))?;
        define(cx, &module, function.name, object)?;
    }
    Ok(module)
}

/// Binds a name in a module.
pub(crate) fn define(cx: &Context, module: &Object, name: &str, value: Object) -> Result<()> {
    let namespace = namespace(cx, module)?;
    let name = cx.intern(name)?;
    match dict_view(&namespace) {
        Some(view) => view.set(cx, &name, value),
        None => Err(cx.system_error(format_args!("a namespace that is no dict"))),
    }
}

/// The namespace of a module.
pub(crate) fn namespace(cx: &Context, module: &Object) -> Result<Object> {
    cx.ensure_dict(module)?
        .ok_or_else(|| cx.system_error(format_args!("a module without a namespace")))
}

/// Stores an item in a namespace: a dict without asking its class, any other mapping as `[]` does.
pub(crate) fn store(cx: &Context, mapping: &Object, key: &Object, value: &Object) -> Result<()> {
    match dict_view(mapping) {
        Some(view) if cx.is_exactly(mapping, &builtin::DICT) => view.set(cx, key, value.clone()),
        _ => cx.set_item(mapping, key, value),
    }
}

/// What a name is bound to in a module.
pub(crate) fn get(cx: &Context, module: &Object, name: &str) -> Option<Object> {
    dict_view(&cx.instance_dict(module)?)?.get_text(name)
}

/// The name of a dict's key, for loops over namespaces.
pub(crate) fn each_name(
    namespace: &Object,
    mut visit: impl FnMut(&str, &Object, Object) -> Result<()>,
) -> Result<()> {
    let Some(view) = dict_view(namespace) else {
        return Ok(());
    };
    let mut at = 0;
    while let Some((index, name, value)) = view.next_entry(at) {
        at = index + 1;
        if let Some(name_text) = text(&name) {
            visit(name_text, &name, value)?;
        }
    }
    Ok(())
}
