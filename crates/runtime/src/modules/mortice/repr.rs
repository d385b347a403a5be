//! The repr of instances: `Circle(x=0, radius=1.5)`.
//!
//! It shows what the next `__repr__` along the MRO shows, where that is not the one of `object`, and
//! then the slots that show a value. Nothing of the program runs but the reprs of these values: no
//! factory, no observer.

use super::host::class_parts;
use super::words;
use super::world::World;
use crate::{Args, Context, Object, Result, Type};
use mortice_types::builtin::super_object::super_attribute;
use mortice_types::format::Text;
use mortice_types::repr_guard::ReprGuard;
use mortice_types::{Buffer, builtin, text};

/// `Base.__repr__`.
pub(super) fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let of = cx.type_of(&this);
    let following = following(cx, &of)?;
    if !has_visible(&of) {
        return match following {
            Some(following) => cx.call(&following, &[this]),
            None => builtin::object::default_repr(cx, &this),
        };
    }
    let class_name = qualified_name(cx, &of)?;
    let Some(_guard) = ReprGuard::enter_around(cx, &this)? else {
        return cx.format(format_args!("{}(...)", words(&class_name)));
    };
    let world = World::of(cx)?;
    let mut values = Buffer::new();
    world.engine.each_shown(cx, &this, &mut |name, value| {
        cx.fallible(values.push(cx.heap(), (name, value)))
    })?;
    let mut shown = Text::new(cx);
    let mut is_first = true;
    cx.fallible(shown.push(words(&class_name)))?;
    cx.fallible(shown.push("("))?;
    if let Some(following) = following {
        let answer = cx.call(&following, &[this])?;
        let Some(answered) = text(&answer) else {
            // Whoever asked for the repr refuses it.
            return Ok(answer);
        };
        let name = of.name(cx);
        let inner = without_name(answered, [words(&class_name), words(&name)]);
        is_first = inner.is_empty();
        cx.fallible(shown.push(inner))?;
    }
    for (name, value) in values.iter() {
        let value = cx.repr(value)?;
        cx.fallible(shown.push(if is_first { "" } else { ", " }))?;
        cx.fallible(shown.push(words(&world.name(cx, *name))))?;
        cx.fallible(shown.push("="))?;
        cx.fallible(shown.push(words(&value)))?;
        is_first = false;
    }
    cx.fallible(shown.push(")"))?;
    shown.finish(cx)
}

/// The `__repr__` behind that of `Base`; nothing where it is the one of `object`.
fn following(cx: &Context, of: &Type) -> Result<Option<Object>> {
    let Some(base) = World::of(cx)?.base.get() else {
        return Ok(None);
    };
    let name = cx.intern("__repr__")?;
    let found = super_attribute(cx, &base, of.object(), of, &name)?;
    let object = cx.builtin(&builtin::OBJECT).into_object();
    let default = cx.get_attribute(&object, &name)?;
    Ok(found.filter(|found| !found.is(&default)))
}

fn has_visible(of: &Type) -> bool {
    let mut found = false;
    if let Some(parts) = class_parts(of.object()) {
        parts.each_visible(&mut |_, _| found = true);
    }
    found
}

fn qualified_name(cx: &Context, of: &Type) -> Result<Object> {
    let name = cx.intern("__qualname__")?;
    cx.get_attribute(of.object(), &name)
}

/// What stands between the parentheses of a repr that begins with a name of the class; any other as
/// it is.
fn without_name<'a>(shown: &'a str, names: [&str; 2]) -> &'a str {
    let inner = names.iter().find_map(|name| {
        let rest = shown.strip_prefix(name)?.strip_prefix('(')?;
        rest.strip_suffix(')')
    });
    inner.unwrap_or(shown)
}
