//! `hold`: a context manager that holds events back.

use super::world::World;
use super::{what, words};
use crate::{Args, Context, Object, Result};
use mortice_types::layout::Native;
use mortice_types::native::{figures, flags};
use mortice_types::{Buffer, Items, body, body_outside, builtin, index, native_type};
use std::cell::Cell;

body_outside! {
    /// The body of a hold.
    pub struct HoldBody {
        /// The objects whose events are held; none for all.
        objects: Items<Object>,
        /// How often it is open.
        open: Cell<u32>,
    }
}

const LAYOUT: Native = figures("mortice.hold", 48, size_of::<HoldBody>());

fn hold_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args.rest();
    rest.no_keywords(cx, "hold")?;
    let mut objects = Buffer::new();
    for object in rest.positional() {
        if cx.type_of(object).observable_words() == 0 {
            let what = what(cx, object)?;
            return Err(cx.type_error(format_args!(
                "hold() needs instances of Base, not {}",
                words(&what)
            )));
        }
        cx.fallible(objects.push(cx.heap(), (**object).clone()))?;
    }
    let hold = cx.instance(cx.builtin_ref(&HOLD), 0)?;
    if let Some(body) = body::<HoldBody>(&hold) {
        drop(body.objects.replace(objects));
    }
    Ok(hold)
}

fn view<'a>(cx: &Context, object: &'a Object) -> Result<&'a HoldBody> {
    body::<HoldBody>(object).ok_or_else(|| cx.type_error(format_args!("a hold is required")))
}

fn enter(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "hold.__enter__")?;
    let body = view(cx, &this)?;
    let objects = cx.fallible(body.objects.snapshot(cx.heap()))?;
    World::of(cx)?.engine.begin_hold(cx, &objects)?;
    body.open.set(body.open.get() + 1);
    Ok((*this).clone())
}

fn exit(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let body = view(cx, &this)?;
    if body.open.get() == 0 {
        return Err(cx.runtime_error(format_args!("hold is not open in this thread")));
    }
    let objects = cx.fallible(body.objects.snapshot(cx.heap()))?;
    body.open.set(body.open.get() - 1);
    World::of(cx)?.engine.end_hold(cx, &objects)?;
    Ok(cx.none())
}

fn hold_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    match view(cx, &args.receiver())?.objects.len() {
        0 => cx.string("<hold of everything>"),
        1 => cx.string("<hold of 1 object>"),
        count => cx.format(format_args!("<hold of {count} objects>")),
    }
}

native_type! {
    /// The type of holds.
    pub static HOLD: "hold" {
        index: index::RUNTIME + 8,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: HoldBody,
        flags: flags::COLLECTED,
        module: "mortice",
        doc: "Holds back the events of these objects, or of all, until the block ends.",
        slots { New => hold_new, Repr => hold_repr, },
        methods { "__enter__" => enter, "__exit__" => exit, },
        getsets {},
    }
}
