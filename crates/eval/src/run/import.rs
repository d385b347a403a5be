//! `import`: the built-in `__import__` does the work.

use super::instructions::{Machine, Step};
use super::names;
use mortice::types::builtin;
use mortice::types::{Object, Result, dict_view, text};

/// `level, names → module`
pub fn import_name(m: &Machine<'_>, index: u32) -> Result<Step> {
    let cx = m.cx;
    let wanted = m.pop()?;
    let level = m.pop()?;
    let Some(import) = names::find_builtin(m, "__import__") else {
        return Err(cx.error(&builtin::IMPORT_ERROR, format_args!("__import__ not found")));
    };
    let none = cx.none();
    let globals = m.body.globals.get().unwrap_or_else(|| none.clone());
    let locals = m.body.namespace.get().unwrap_or_else(|| none.clone());
    let name = m.name(index);
    let arguments = [
        name.borrow(),
        globals.borrow(),
        locals.borrow(),
        wanted.borrow(),
        level.borrow(),
    ];
    let module = cx.call(&import, &arguments)?;
    drop(wanted);
    drop(level);
    m.push(module)
}

/// `module → module, attribute`
pub fn import_from(m: &Machine<'_>, index: u32) -> Result<Step> {
    let cx = m.cx;
    let module = m.peek(1)?;
    m.push(mortice::import::import_from(cx, &module, &m.name(index))?)
}

/// Binds a module's public names in the namespace.
pub fn import_star(m: &Machine<'_>) -> Result<Step> {
    let cx = m.cx;
    let module = m.pop()?;
    let Some(namespace) = m.body.namespace.get() else {
        return Err(cx.system_error(format_args!("no locals found during 'import *'")));
    };
    let listed = cx.find_attribute(&module, &cx.names().all)?;
    let skip_private = listed.is_none();
    let names = match listed {
        Some(names) => cx.collect(&names)?,
        None => match cx.instance_dict(&module) {
            Some(dict) => cx.collect(&dict)?,
            None => {
                return Err(cx.error(
                    &builtin::IMPORT_ERROR,
                    format_args!("from-import-* object has no __dict__ and no __all__"),
                ));
            }
        },
    };
    for name in names.iter() {
        bind(m, &module, &namespace, name, skip_private)?;
    }
    Ok(Step::Next)
}

fn bind(
    m: &Machine<'_>,
    module: &Object,
    namespace: &Object,
    name: &Object,
    skip_private: bool,
) -> Result<()> {
    let cx = m.cx;
    let Some(plain) = text(name) else {
        return Err(cx.type_error(format_args!(
            "Item in __all__ must be str, not {}",
            cx.type_name(name)
        )));
    };
    if skip_private && plain.starts_with('_') {
        return Ok(());
    }
    let value = cx.get_attribute(module, name)?;
    match dict_view(namespace) {
        Some(view) => view.set(cx, name, value),
        None => cx.set_item(namespace, name, &value),
    }
}
