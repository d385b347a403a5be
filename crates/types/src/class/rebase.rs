//! `class.__bases__ = bases`: another place in the hierarchy for a class that exists.

use super::{add_subclass, compute_mro, full_name, layout_error, remove_subclass};
use crate::raw::{Classes, Type};
use crate::{Buffer, Context, Object, Result, layout, text, tuple_items};

/// Assigns `class.__bases__`; the items are classes and make no cycle.
///
/// # Errors
///
/// TypeError where the layouts do not allow it, or the orders contradict each other; nothing is
/// changed then.
pub(crate) fn assign_bases(cx: &Context, class: &Type, bases: &Object) -> Result<()> {
    if class.observable_words() > 0 {
        let name = class.name(cx);
        return Err(cx.type_error(format_args!(
            "cannot set __bases__ of class '{}': its storage is laid out",
            text(&name).unwrap_or("?")
        )));
    }
    let items = tuple_items(bases).unwrap_or_default();
    let mut keys = allocator_api2::vec::Vec::new_in(cx.memory());
    keys.try_reserve_exact(items.len())
        .map_err(|_| cx.out_of_memory())?;
    keys.extend(items.iter().filter_map(Type::view).map(|base| base.key()));
    let classes = Classes { cx };
    let best =
        layout::best_base(&classes, &keys).map_err(|conflict| layout_error(cx, &conflict))?;
    let Some(new_base) = items.get(best).and_then(Type::of) else {
        return Err(cx.system_error(format_args!("a class without a base")));
    };
    let state = class.state(cx);
    let Some(old_base) = class.base(cx) else {
        return Err(cx.type_error(format_args!("this class has no bases")));
    };
    if layout::same_layout_for_bases(&classes, class.key(), new_base.key()).is_err() {
        return Err(cx.type_error(format_args!(
            "__bases__ assignment: '{}' object layout differs from '{}'",
            full_name(cx, &new_base),
            full_name(cx, &old_base)
        )));
    }
    let old_bases = state.bases.replace(Some(bases.clone()));
    let old_base_slot = state.base.replace(Some(new_base.into_object()));
    let mut old_mros = Buffer::new();
    if let Err(raised) = recompute_mros(cx, class, &mut old_mros) {
        drop(state.bases.replace(old_bases));
        drop(state.base.replace(old_base_slot));
        // Every class gets the MRO that it had: asked again, a metaclass could answer otherwise.
        for (changed, old_mro) in old_mros.iter().rev() {
            drop(changed.state(cx).mro.replace(old_mro.clone()));
            changed.modified(cx);
        }
        return Err(raised);
    }
    for base in old_bases.as_ref().and_then(tuple_items).unwrap_or_default() {
        if let Some(base) = Type::view(base) {
            remove_subclass(cx, base, class);
        }
    }
    for base in items.iter().filter_map(Type::view) {
        add_subclass(cx, base, class)?;
    }
    refresh_all(cx, class)
}

/// Computes the MROs of a class and of all below it anew; keeps those that they had.
fn recompute_mros(
    cx: &Context,
    class: &Type,
    old_mros: &mut Buffer<(Type, Option<Object>)>,
) -> Result<()> {
    let _level = cx.enter("")?;
    cx.fallible(old_mros.push(cx.heap(), (class.clone(), class.mro(cx))))?;
    compute_mro(cx, class)?;
    let mut result = Ok(());
    class.each_subclass(cx, &mut |subclass| {
        if result.is_ok() {
            result = recompute_mros(cx, subclass, old_mros);
        }
    });
    result
}

fn refresh_all(cx: &Context, class: &Type) -> Result<()> {
    let _level = cx.enter("")?;
    class.refresh_slots(cx)?;
    let mut result = Ok(());
    class.each_subclass(cx, &mut |subclass| {
        if result.is_ok() {
            result = refresh_all(cx, subclass);
        }
    });
    result
}
