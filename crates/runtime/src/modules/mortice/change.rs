//! `Change`: what an observer is called with.

use crate::{Args, Context, Object, Result};
use mortice_types::format::Text;
use mortice_types::layout::Native;
use mortice_types::native::{figures, flags};
use mortice_types::{Slot, body, body_outside, builtin, index, native_type, text};

body_outside! {
    /// The body of a change.
    pub struct ChangeBody {
        object: Slot,
        name: Slot,
        old: Slot,
        new: Slot,
        source: Slot,
    }
}

const LAYOUT: Native = figures("mortice.Change", 56, size_of::<ChangeBody>());

/// Makes a change.
pub(super) fn new_change(
    cx: &Context,
    object: Object,
    name: Object,
    old: Object,
    new: Object,
    source: Object,
) -> Result<Object> {
    let change = cx.instance(cx.builtin_ref(&CHANGE), 0)?;
    if let Some(body) = body::<ChangeBody>(&change) {
        body.object.set(object);
        body.name.set(name);
        body.old.set(old);
        body.new.set(new);
        body.source.set(source);
    }
    Ok(change)
}

fn change_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let names = ["object", "name", "old", "new", "source"];
    let [object, name, old, new, source] = args.rest().bind(cx, "Change", names, 4)?;
    let given = |value: Option<crate::Borrowed<'_>>| match value {
        Some(value) => (*value).clone(),
        None => cx.none(),
    };
    new_change(
        cx,
        given(object),
        given(name),
        given(old),
        given(new),
        given(source),
    )
}

fn fields(body: &ChangeBody) -> [(&'static str, &Slot); 5] {
    [
        ("object", &body.object),
        ("name", &body.name),
        ("old", &body.old),
        ("new", &body.new),
        ("source", &body.source),
    ]
}

fn change_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<ChangeBody>(&this) else {
        return Err(cx.type_error(format_args!("a Change is required")));
    };
    let mut shown = Text::new(cx);
    cx.fallible(shown.push("Change("))?;
    for (index, (name, slot)) in fields(body).into_iter().enumerate() {
        let value = cx.repr(&slot.get().unwrap_or_else(|| cx.none()))?;
        cx.fallible(shown.push(if index == 0 { "" } else { ", " }))?;
        cx.fallible(shown.push(name))?;
        cx.fallible(shown.push("="))?;
        cx.fallible(shown.push(text(&value).unwrap_or("?")))?;
    }
    cx.fallible(shown.push(")"))?;
    shown.finish(cx)
}

fn field<const INDEX: usize>(cx: &Context, object: &Object) -> Result<Object> {
    let body = body::<ChangeBody>(object);
    let value = body.and_then(|body| fields(body)[INDEX].1.get());
    Ok(value.unwrap_or_else(|| cx.none()))
}

fn readonly(cx: &Context, _: &Object, _: Option<crate::Borrowed<'_>>) -> Result<()> {
    Err(cx.attribute_error(format_args!("readonly attribute")))
}

native_type! {
    /// The type of changes.
    pub static CHANGE: "Change" {
        index: index::RUNTIME + 7,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: ChangeBody,
        flags: flags::COLLECTED,
        module: "mortice",
        doc: "One change of a slot's value: object, name, old, new, source.",
        slots { New => change_new, Repr => change_repr, },
        methods { class "__class_getitem__" => super::class_get_item, },
        getsets {
            member "object" => field::<0>, readonly;
            member "name" => field::<1>, readonly;
            member "old" => field::<2>, readonly;
            member "new" => field::<3>, readonly;
            member "source" => field::<4>, readonly;
        },
    }
}
