//! `import`: `sys.modules`, then built-in modules, then frozen ones, then files on `sys.path`.
//!
//! No finders and loaders: a module is found by its name in one of four places. A package is a
//! folder with an `__init__.py`, or a frozen module with submodules.

use crate::{Context, Mode, Object, Raised, Result, State, frozen, modules};
use mortice_types::builtin::exception::import_error::new_import_error;
use mortice_types::builtin::module::new_module;
use mortice_types::{builtin, dict_view, text, tuple_items};
use std::path::{Path, PathBuf};

/// `import name`, or `from name import …` where `from` is true: the first package of a dotted name,
/// or the module itself. `level` counts the leading dots.
///
/// # Errors
///
/// ModuleNotFoundError and ImportError; what the module's code raises.
pub fn import(
    cx: &Context,
    name: &str,
    globals: Option<&Object>,
    from: bool,
    level: usize,
) -> Result<Object> {
    let absolute = absolute_name(cx, name, globals, level)?;
    let absolute = text(&absolute).unwrap_or_default();
    if absolute.is_empty() {
        return Err(cx.value_error(format_args!("Empty module name")));
    }
    let mut parent: Option<Object> = None;
    let mut first = None;
    for (end, _) in absolute.match_indices('.').chain([(absolute.len(), "")]) {
        let module = import_one(cx, &absolute[..end], parent.as_ref())?;
        first.get_or_insert_with(|| module.clone());
        parent = Some(module);
    }
    let module = if from || level > 0 && name.is_empty() {
        parent
    } else {
        first
    };
    module.ok_or_else(|| cx.system_error(format_args!("an import without a module")))
}

/// A name with its leading dots resolved by `__package__` or `__name__` of the importing module.
fn absolute_name(
    cx: &Context,
    name: &str,
    globals: Option<&Object>,
    level: usize,
) -> Result<Object> {
    if level == 0 {
        return cx.string(name);
    }
    let namespace = globals.and_then(dict_view);
    let package = namespace.and_then(|names| names.get_text("__package__"));
    let package = package.filter(|package| text(package).is_some_and(|text| !text.is_empty()));
    let Some(package) = package else {
        let message = format_args!("attempted relative import with no known parent package");
        return Err(cx.error(&builtin::IMPORT_ERROR, message));
    };
    let mut base = text(&package).unwrap_or_default();
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((parent, _)) => base = parent,
            None => {
                let message = format_args!("attempted relative import beyond top-level package");
                return Err(cx.error(&builtin::IMPORT_ERROR, message));
            }
        }
    }
    if name.is_empty() {
        return cx.string(base);
    }
    cx.format(format_args!("{base}.{name}"))
}

/// One module by its full name; `parent` is its package.
fn import_one(cx: &Context, name: &str, parent: Option<&Object>) -> Result<Object> {
    let state = State::of(cx)?;
    if let Some(module) = state.module(name) {
        if cx.is_none(&module) {
            let message = format_args!("import of {name} halted; None in sys.modules");
            return Err(not_found(cx, name, message));
        }
        return Ok(module);
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    let module = if let Some(module) = modules::make(cx, name)? {
        add_module(cx, state, name, &module)?;
        module
    } else if let Some(source) = frozen::source(name) {
        let module = new_module(cx, name)?;
        let package = if frozen::is_package(name) {
            name
        } else {
            name.rsplit_once('.').map_or("", |(package, _)| package)
        };
        modules::define(cx, &module, "__package__", cx.string(package)?)?;
        let file = cx.format(format_args!("<frozen {name}>"))?;
        run_module(
            cx,
            state,
            name,
            &module,
            source,
            text(&file).unwrap_or_default(),
        )?
    } else {
        import_file(cx, state, name, last, parent)?
    };
    if let Some(parent) = parent {
        let attribute = cx.intern(last)?;
        cx.set_attribute(parent, &attribute, &module)?;
    }
    Ok(module)
}

#[cold]
fn not_found(cx: &Context, name: &str, message: std::fmt::Arguments<'_>) -> Raised {
    let of = cx.builtin_ref(&builtin::MODULE_NOT_FOUND_ERROR);
    let made = (|| new_import_error(cx, of, &cx.format(message)?, &cx.string(name)?, None, None))();
    made.map_or_else(|raised| raised, Raised::new)
}

fn add_module(cx: &Context, state: &State, name: &str, module: &Object) -> Result<()> {
    let Some(modules) = state.modules.get() else {
        return Err(cx.runtime_error(format_args!("unable to get sys.modules")));
    };
    let key = cx.intern(name)?;
    modules::store(cx, &modules, &key, module)
}

/// Runs a module's source in its namespace; it stays in `sys.modules` unless it fails.
fn run_module(
    cx: &Context,
    state: &State,
    name: &str,
    module: &Object,
    source: &str,
    file: &str,
) -> Result<Object> {
    let code = (state.evaluator.compile)(cx, source, file, Mode::Exec)?;
    add_module(cx, state, name, module)?;
    let namespace = modules::namespace(cx, module)?;
    add_builtins(cx, &namespace)?;
    if let Err(raised) = (state.evaluator.run)(cx, &code, &namespace, None) {
        if let Some(modules) = state.modules.get()
            && let Some(view) = dict_view(&modules)
        {
            drop(view.remove(cx, &cx.intern(name)?)?);
        }
        return Err(raised);
    }
    // The module may have put something else in its place.
    Ok(state.module(name).unwrap_or_else(|| module.clone()))
}

/// Gives a namespace its `__builtins__`.
///
/// # Errors
///
/// MemoryError.
pub fn add_builtins(cx: &Context, globals: &Object) -> Result<()> {
    let Some(view) = dict_view(globals) else {
        return Ok(());
    };
    if view.get_text("__builtins__").is_none()
        && let Some(builtins) = State::of(cx)?.builtins.get()
    {
        view.set(cx, &cx.names().builtins, builtins)?;
    }
    Ok(())
}

/// A module from a file in the parent's `__path__`, or on `sys.path`.
fn import_file(
    cx: &Context,
    state: &State,
    name: &str,
    last: &str,
    parent: Option<&Object>,
) -> Result<Object> {
    let folders = match parent {
        Some(parent) => match modules::get(cx, parent, "__path__") {
            Some(folders) => Some(folders),
            None => {
                let parent = name.rsplit_once('.').map_or("", |(parent, _)| parent);
                let message = format_args!("No module named '{name}'; '{parent}' is not a package");
                return Err(not_found(cx, name, message));
            }
        },
        None => state
            .sys
            .get()
            .and_then(|sys| modules::get(cx, &sys, "path")),
    };
    let folders = match &folders {
        Some(folders) => cx.collect(folders)?,
        None => mortice_types::Buffer::new(),
    };
    for folder in folders.iter().filter_map(text) {
        let folder = Path::new(folder);
        let package = folder.join(last).join("__init__.py");
        let file = folder.join(format!("{last}.py")); // std: a path of the file system
        for (path, is_package) in [(package, true), (file, false)] {
            if path.is_file() {
                return import_path(cx, state, name, &path, is_package);
            }
        }
    }
    Err(not_found(
        cx,
        name,
        format_args!("No module named '{name}'"),
    ))
}

fn import_path(
    cx: &Context,
    state: &State,
    name: &str,
    path: &PathBuf,
    is_package: bool,
) -> Result<Object> {
    let shown = path.to_string_lossy();
    let source = match std::fs::read_to_string(path) {
        Ok(source) => source, // std: a source text is as large as its file
        Err(error) => {
            let message = format_args!("cannot read '{shown}': {error}");
            return Err(cx.error(&builtin::IMPORT_ERROR, message));
        }
    };
    let module = new_module(cx, name)?;
    modules::define(cx, &module, "__file__", cx.string(&shown)?)?;
    let package = if is_package {
        let folder = path.parent().map(Path::to_string_lossy).unwrap_or_default();
        let folders = builtin::list::from_slice(cx, &[cx.string(&folder)?])?;
        modules::define(cx, &module, "__path__", folders)?;
        name
    } else {
        name.rsplit_once('.').map_or("", |(package, _)| package)
    };
    modules::define(cx, &module, "__package__", cx.string(package)?)?;
    run_module(cx, state, name, &module, &source, &shown)
}

/// `from module import name`.
///
/// # Errors
///
/// ImportError where the module has no such name.
pub fn import_from(cx: &Context, module: &Object, name: &Object) -> Result<Object> {
    if let Some(value) = cx.find_attribute(module, name)? {
        return Ok(value);
    }
    let own_name = cx.find_attribute(module, &cx.names().name)?;
    let plain = text(name).unwrap_or("?");
    let own_text = own_name.as_ref().and_then(text);
    if let Some(own_text) = own_text {
        let full = cx.format(format_args!("{own_text}.{plain}"))?;
        if let Some(found) = State::of(cx)?.module(text(&full).unwrap_or_default()) {
            return Ok(found);
        }
    }
    let own_text = own_text.unwrap_or("<unknown module name>");
    let file = cx.find_attribute(module, &cx.names().file)?;
    let message = match file.as_ref().and_then(text) {
        Some(file) => cx.format(format_args!(
            "cannot import name '{plain}' from '{own_text}' ({file})"
        ))?,
        None => cx.format(format_args!(
            "cannot import name '{plain}' from '{own_text}' (unknown location)"
        ))?,
    };
    let of = cx.builtin_ref(&builtin::IMPORT_ERROR);
    let own_name = cx.string(own_text)?;
    let made = new_import_error(cx, of, &message, &own_name, file.as_ref(), Some(name))?;
    Err(Raised::new(made))
}

/// The names that `from module import *` binds, with their values: those of `__all__`, or all that
/// do not begin with an underscore.
///
/// # Errors
///
/// ImportError for a module without namespace; what `visit` raises.
pub fn import_star(
    cx: &Context,
    module: &Object,
    mut visit: impl FnMut(&Object, Object) -> Result<()>,
) -> Result<()> {
    let names = match cx.find_attribute(module, &cx.names().all)? {
        Some(all) => cx.collect(&all)?,
        None => {
            let Some(namespace) = cx.find_attribute(module, &cx.names().dict)? else {
                let message = format_args!("from-import-* object has no __dict__ and no __all__");
                return Err(cx.error(&builtin::IMPORT_ERROR, message));
            };
            let mut names = cx.collect(&namespace)?;
            let mut kept = mortice_types::Buffer::new();
            for name in names.iter() {
                if text(name).is_some_and(|text| !text.starts_with('_')) {
                    cx.fallible(kept.push(cx.heap(), name.clone()))?;
                }
            }
            names.truncate(0);
            kept
        }
    };
    for name in names.iter() {
        let value = cx.get_attribute(module, name)?;
        visit(name, value)?;
    }
    Ok(())
}

/// Tells whether a `fromlist` names something that must be imported as a submodule first.
///
/// # Errors
///
/// What importing a submodule raises, other than that there is none.
pub fn import_listed(cx: &Context, module: &Object, names: &Object) -> Result<()> {
    let Some(own_name) = modules::get(cx, module, "__name__") else {
        return Ok(());
    };
    if modules::get(cx, module, "__path__").is_none() {
        return Ok(());
    }
    for name in tuple_items(names).unwrap_or_default() {
        let (Some(own), Some(plain)) = (text(&own_name), text(name)) else {
            continue;
        };
        if plain == "*" || cx.find_attribute(module, name)?.is_some() {
            continue;
        }
        let full = cx.format(format_args!("{own}.{plain}"))?;
        match import_one(cx, text(&full).unwrap_or_default(), Some(module)) {
            Ok(_) => {}
            Err(raised) if raised.is(cx, &builtin::MODULE_NOT_FOUND_ERROR) => {}
            Err(raised) => return Err(raised),
        }
    }
    Ok(())
}
