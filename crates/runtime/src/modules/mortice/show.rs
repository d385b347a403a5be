//! `slots` and `layout`: what a class has, as a dict and as a picture.

use super::host::{Slots, class_parts};
use super::world::World;
use super::{what, words};
use crate::{Args, Context, Object, Raised, Result, Type};
use mortice_slots::{Name, Row, SlotFlags, suggest};
use mortice_types::format::Text;
use mortice_types::layout::SLOT_BYTES;
use mortice_types::{Buffer, builtin, dict_view, text};

/// Boxes in a row of the picture.
const ROW_BOXES: usize = 8;

/// The number of a class's slot that nothing hides.
pub(super) fn find_slot(cx: &Context, class: &Object, name: &Object) -> Result<Option<Name>> {
    let (Some(name), Some(class)) = (World::of(cx)?.find(cx, name)?, class_parts(class)) else {
        return Ok(None);
    };
    Ok(class.find(name, usize::MAX).map(|_| name))
}

/// The error for a name that is no slot of an instance or of a class.
pub(super) fn no_slot(cx: &Context, subject: &Object, name: &Object) -> Raised {
    let name = text(name).unwrap_or("?");
    let own = Type::of(subject);
    let class = own.clone().unwrap_or_else(|| cx.type_of(subject));
    let message = super::host::written(cx, |out| {
        let class_name = class.name(cx);
        let class_name = words(&class_name);
        match own {
            Some(_) => write!(out, "type object '{class_name}' has no slot '{name}'")?,
            None => write!(out, "'{class_name}' object has no slot '{name}'")?,
        }
        match class_parts(class.object()) {
            Some(parts) => suggest::<Slots>(cx, &parts, name, out),
            None => Ok(()),
        }
    });
    match message {
        Ok(message) => cx.error_with(&builtin::ATTRIBUTE_ERROR, &[message]),
        Err(raised) => raised,
    }
}

/// The class that a function of the module was given.
fn class_argument(cx: &Context, args: Args<'_>, function: &str) -> Result<Type> {
    let [class] = args.exactly::<1>(cx, function)?;
    match Type::of(&class) {
        Some(found) if class_parts(&class).is_some() => Ok(found),
        _ => {
            let what = what(cx, &class)?;
            Err(cx.type_error(format_args!(
                "{function}() needs a class that inherits from Base, not {}",
                words(&what)
            )))
        }
    }
}

pub(super) fn slots(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = class_argument(cx, args, "slots")?;
    let found = builtin::dict::new_dict(cx)?;
    let world = World::of(cx)?;
    let (Some(parts), Some(view)) = (class_parts(class.object()), dict_view(&found)) else {
        return Ok(found);
    };
    let mut result = Ok(());
    parts.each_visible(&mut |index, row| {
        if let (Ok(()), Some(definition)) = (&result, parts.definition(index)) {
            result = view.set(cx, &world.name(cx, row.name), definition);
        }
    });
    result.map(|()| found)
}

/// The names of a class's stored slots in storage order, those that are hidden in parentheses;
/// nothing for other classes.
///
/// # Errors
///
/// MemoryError.
pub fn slot_names(cx: &Context, class: &Type) -> Result<Option<Buffer<Object>>> {
    let Some(parts) = class_parts(class.object()) else {
        return Ok(None);
    };
    let world = World::of(cx)?;
    let mut names = Buffer::new();
    let mut result = Ok(());
    parts.each_place(&mut |_, row| {
        if result.is_err() {
            return;
        }
        let name = world.name(cx, row.name);
        let hides = SlotFlags::HIDDEN.with(SlotFlags::DELEGATED);
        let shown = match row.flags.has(hides) {
            true => cx.format(format_args!("({})", words(&name))),
            false => Ok(name),
        };
        result = shown.and_then(|shown| cx.fallible(names.push(cx.heap(), shown)));
    });
    result?;
    Ok(Some(names))
}

pub(super) fn layout(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = class_argument(cx, args, "layout")?;
    let names = slot_names(cx, &class)?.unwrap_or_default();
    let mut shown = Text::new(cx);
    let class_name = class.name(cx);
    let count = names.len();
    let heading = match count {
        0 => cx.format(format_args!("class {}: no slots\n", words(&class_name)))?,
        _ => cx.format(format_args!(
            "class {}: {count} slot{}, {} bytes of storage\n",
            words(&class_name),
            if count == 1 { "" } else { "s" },
            count * SLOT_BYTES
        ))?,
    };
    cx.fallible(shown.push(words(&heading)))?;
    for (row, chunk) in names.chunks(ROW_BOXES).enumerate() {
        draw_row(cx, &mut shown, row * ROW_BOXES, chunk)?;
    }
    draw_delegated(cx, &mut shown, &class)?;
    let before = class.state(cx).layout.0.get().map_or(0, |layout| {
        // The word for the watch lies before the first slot.
        layout.observable_place().offset + SLOT_BYTES
    });
    let last = cx.format(format_args!("before the storage: {before} bytes"))?;
    cx.fallible(shown.push(words(&last)))?;
    shown.finish(cx)
}

/// One row of boxes: offsets, names, sizes.
fn draw_row(cx: &Context, shown: &mut Text<'_>, first: usize, names: &[Object]) -> Result<()> {
    let mut lines = [Text::new(cx), Text::new(cx), Text::new(cx)];
    for (index, name) in names.iter().enumerate() {
        let offset = cx.format(format_args!("+{}", (first + index) * SLOT_BYTES))?;
        let size = cx.format(format_args!("{SLOT_BYTES}"))?;
        let width = words(&offset)
            .chars()
            .count()
            .max(words(name).chars().count());
        for (line, (edge, word)) in
            lines
                .iter_mut()
                .zip([(" ", &offset), ("│", name), (" ", &size)])
        {
            let word = words(word);
            cx.fallible(line.push(edge))?;
            cx.fallible(line.push(" "))?;
            cx.fallible(line.push(word))?;
            for _ in word.chars().count()..width + 1 {
                cx.fallible(line.push(" "))?;
            }
        }
    }
    cx.fallible(lines[1].push("│"))?;
    for line in &lines {
        cx.fallible(shown.push(line.as_str().trim_end()))?;
        cx.fallible(shown.push("\n"))?;
    }
    Ok(())
}

/// The lines of delegated names.
fn draw_delegated(cx: &Context, shown: &mut Text<'_>, class: &Type) -> Result<()> {
    let Some(parts) = class_parts(class.object()) else {
        return Ok(());
    };
    let world = World::of(cx)?;
    let mut result = Ok(());
    parts.each_visible(&mut |_, row: Row| {
        if result.is_err() || !row.flags.has(SlotFlags::DELEGATED) {
            return;
        }
        let (name, via, target) = (
            world.name(cx, row.name),
            world.name(cx, row.carrier),
            world.name(cx, row.target),
        );
        let line = cx.format(format_args!(
            "{} → {}.{}\n",
            words(&name),
            words(&via),
            words(&target)
        ));
        result = line.and_then(|line| cx.fallible(shown.push(words(&line))));
    });
    result
}
