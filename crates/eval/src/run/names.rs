//! Variables: slots, cells and namespaces.

use super::instructions::{Machine, Step};
use mortice::types::builtin::{self, cell, function as functions};
use mortice::types::{Context, Object, Raised, Result, dict_view, text, tuple_items};

/// The error for an empty local slot.
#[cold]
pub fn unbound(m: &Machine<'_>, slot: u32) -> Raised {
    let name = m.code.slot_name(slot).map_or("?", |name| &**name);
    m.cx.error(
        &builtin::UNBOUND_LOCAL_ERROR,
        format_args!(
            "cannot access local variable '{name}' where it is not associated with a value"
        ),
    )
}

#[cold]
fn unbound_cell(m: &Machine<'_>, slot: u32) -> Raised {
    if (slot as usize) < m.code.first_free_slot() {
        return unbound(m, slot);
    }
    let name = m.code.slot_name(slot).map_or("?", |name| &**name);
    let raised = m.cx.name_error(format_args!(
        "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
    ));
    set_name(m.cx, &raised, name);
    raised
}

fn set_name(cx: &Context, raised: &Raised, name: &str) {
    if let (Some(body), Ok(name)) = (
        mortice::types::body::<builtin::exception::NameBody>(raised.exception()),
        cx.intern(name),
    ) {
        body.name.set(name);
    }
}

#[cold]
fn undefined(m: &Machine<'_>, name: &Object) -> Raised {
    let name = text(name).unwrap_or("?");
    let raised =
        m.cx.name_error(format_args!("name '{name}' is not defined"));
    set_name(m.cx, &raised, name);
    raised
}

/// Copies the closure's cells into the last slots.
pub fn copy_free_variables(m: &Machine<'_>, count: u32) -> Result<Step> {
    let function = m.body.function.get();
    let closure = function
        .as_ref()
        .and_then(functions::view)
        .and_then(|function| function.closure.get());
    let cells = closure.as_ref().and_then(tuple_items).unwrap_or_default();
    let first = m.body.slot_count.get() - count;
    for (index, cell) in cells.iter().enumerate() {
        drop(
            m.body
                .values
                .put(first as usize + index, Some(cell.clone())),
        );
    }
    Ok(Step::Next)
}

/// What the cell in a slot holds.
pub fn cell_content(m: &Machine<'_>, slot: u32) -> Option<Object> {
    let cell = m.body.values.at(slot as usize)?;
    cell::view(&cell)?.content.get()
}

/// Pushes a cell's content.
pub fn load_deref(m: &Machine<'_>, slot: u32) -> Result<Step> {
    match cell_content(m, slot) {
        Some(value) => m.push(value),
        None => Err(unbound_cell(m, slot)),
    }
}

/// Pops into a cell.
pub fn store_deref(m: &Machine<'_>, slot: u32) -> Result<Step> {
    let value = m.pop()?;
    if let Some(cell) = m.body.values.at(slot as usize)
        && let Some(cell) = cell::view(&cell)
    {
        cell.content.set(value);
    }
    Ok(Step::Next)
}

/// Empties a cell.
pub fn delete_deref(m: &Machine<'_>, slot: u32) -> Result<Step> {
    let cell = m.body.values.at(slot as usize);
    match cell
        .as_ref()
        .and_then(cell::view)
        .and_then(|cell| cell.content.take())
    {
        Some(value) => {
            drop(value);
            Ok(Step::Next)
        }
        None => Err(unbound_cell(m, slot)),
    }
}

/// Pushes the namespace's entry of a free variable's name, else the cell's content.
pub fn load_class_deref(m: &Machine<'_>, slot: u32) -> Result<Step> {
    let name = m.code_body.slot_names.get(slot as usize);
    if let (Some(name), Some(namespace)) = (name, m.body.namespace.get())
        && let Some(value) = find_in_mapping(m.cx, &namespace, &name)?
    {
        return m.push(value);
    }
    load_deref(m, slot)
}

/// Looks a name up in a namespace, which may be any mapping.
fn find_in_mapping(cx: &Context, namespace: &Object, name: &Object) -> Result<Option<Object>> {
    if cx.is_exactly(namespace, &builtin::DICT)
        && let Some(view) = dict_view(namespace)
    {
        return view.get(cx, name);
    }
    match cx.get_item(namespace, name) {
        Ok(value) => Ok(Some(value)),
        Err(raised) if raised.is(cx, &builtin::KEY_ERROR) => Ok(None),
        Err(raised) => Err(raised),
    }
}

fn find_global(m: &Machine<'_>, name: &Object) -> Result<Option<Object>> {
    let cx = m.cx;
    for dict in [m.body.globals.get(), m.body.builtins.get()]
        .into_iter()
        .flatten()
    {
        if let Some(view) = dict_view(&dict)
            && let Some(value) = view.get(cx, name)?
        {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Looks in the namespace, the globals and the built-ins.
pub fn load_name(m: &Machine<'_>, index: u32) -> Result<Step> {
    let name = m.name(index);
    if let Some(namespace) = m.body.namespace.get()
        && let Some(value) = find_in_mapping(m.cx, &namespace, &name)?
    {
        return m.push(value);
    }
    load_global(m, index)
}

/// Pops into the namespace.
pub fn store_name(m: &Machine<'_>, index: u32) -> Result<Step> {
    let name = m.name(index);
    let value = m.pop()?;
    let Some(namespace) = m.body.namespace.get().or_else(|| m.body.globals.get()) else {
        return Err(m
            .cx
            .system_error(format_args!("no locals when storing a name")));
    };
    if m.cx.is_exactly(&namespace, &builtin::DICT)
        && let Some(view) = dict_view(&namespace)
    {
        view.set(m.cx, &name, value)?;
    } else {
        m.cx.set_item(&namespace, &name, &value)?;
    }
    Ok(Step::Next)
}

/// Deletes from the namespace.
pub fn delete_name(m: &Machine<'_>, index: u32) -> Result<Step> {
    let name = m.name(index);
    let Some(namespace) = m.body.namespace.get().or_else(|| m.body.globals.get()) else {
        return Err(m
            .cx
            .system_error(format_args!("no locals when deleting a name")));
    };
    match m.cx.delete_item(&namespace, &name) {
        Ok(()) => Ok(Step::Next),
        Err(raised) if raised.is(m.cx, &builtin::KEY_ERROR) => Err(undefined(m, &name)),
        Err(raised) => Err(raised),
    }
}

/// Looks in the globals and the built-ins.
pub fn load_global(m: &Machine<'_>, index: u32) -> Result<Step> {
    let name = m.name(index);
    match find_global(m, &name)? {
        Some(value) => m.push(value),
        None => Err(undefined(m, &name)),
    }
}

/// Pops into the globals.
pub fn store_global(m: &Machine<'_>, index: u32) -> Result<Step> {
    let name = m.name(index);
    let value = m.pop()?;
    if let Some(globals) = m.body.globals.get()
        && let Some(view) = dict_view(&globals)
    {
        view.set(m.cx, &name, value)?;
    }
    Ok(Step::Next)
}

/// Deletes from the globals.
pub fn delete_global(m: &Machine<'_>, index: u32) -> Result<Step> {
    let name = m.name(index);
    let globals = m.body.globals.get();
    let removed = match globals.as_ref().and_then(dict_view) {
        Some(view) => view.remove(m.cx, &name)?,
        None => None,
    };
    match removed {
        Some(value) => {
            drop(value);
            Ok(Step::Next)
        }
        None => Err(undefined(m, &name)),
    }
}

/// Pushes a function of the built-ins.
pub fn load_builtin(m: &Machine<'_>, name: &str) -> Result<Step> {
    match find_builtin(m, name) {
        Some(value) => m.push(value),
        None => Err(m.cx.name_error(format_args!("{name} not found"))),
    }
}

/// A built-in by name.
pub fn find_builtin(m: &Machine<'_>, name: &str) -> Option<Object> {
    let builtins = m.body.builtins.get()?;
    dict_view(&builtins)?.get_text(name)
}
