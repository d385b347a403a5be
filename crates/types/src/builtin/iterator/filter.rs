//! `filter`.

use super::iter_self;
use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{Args, Context, Object, Result, SlotId, body, builtin, index, native_type};
use mortice_gc::Slot;

crate::body! {
    /// The body of a filter iterator.
    pub struct FilterBody {
        function: Slot,
        iterator: Slot,
    }
}

fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let Some(of) = Type::of(&receiver) else {
        return Err(cx.type_error(format_args!(
            "filter.__new__(X): X is not a type object ({})",
            cx.type_name(&receiver)
        )));
    };
    let rest = args.rest();
    let own = cx.builtin_ref(&FILTER);
    if rest.has_keywords() && builtin::tuple::same_slot(&of, own, SlotId::Init) {
        return Err(cx.type_error(format_args!("filter() takes no keyword arguments")));
    }
    let given = Args::new(rest.positional()).between(cx, "filter", 2, 2)?;
    let iterator = cx.iterate(&given[1])?;
    let object = cx.instance(&of, 0)?;
    if let Some(body) = body::<FilterBody>(&object) {
        body.function.set((*given[0]).clone());
        body.iterator.set(iterator);
    }
    Ok(object)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let parts = body::<FilterBody>(&this)
        .and_then(|body| Some((body.function.get()?, body.iterator.get()?)));
    let Some((function, iterator)) = parts else {
        return Ok(cx.exhausted());
    };
    // `filter(None, …)` and `filter(bool, …)` ask for the item's own truth.
    let own_truth = cx.is_none(&function) || function.is(cx.builtin_ref(&builtin::BOOL).object());
    while let Some(item) = cx.next(&iterator)? {
        let good = if own_truth {
            cx.truth(&item)?
        } else {
            let answer = cx.call(&function, &[item.borrow()])?;
            cx.truth(&answer)?
        };
        if good {
            return Ok(item);
        }
    }
    Ok(cx.exhausted())
}

native_type! {
    /// The built-in `filter`.
    pub static FILTER: "filter" {
        index: index::FILTER,
        base: &builtin::OBJECT,
        layout: figures("filter", 32, size_of::<FilterBody>()),
        body: FilterBody,
        flags: flags::BASE | flags::COLLECTED,
        doc: "Yields the items that a function finds true.",
        slots { New => new, Iter => iter_self, Next => next, },
        methods {},
        getsets {},
    }
}
