//! `zip`.

use super::{iter_self, parallel};
use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{Args, Context, Object, Result, body, builtin, index, native_type, tuple_items};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of a zip iterator.
    pub struct ZipBody {
        /// A tuple.
        iterators: Slot,
        strict: Cell<bool>,
    }
}

fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let Some(of) = Type::of(&receiver) else {
        return Err(cx.type_error(format_args!(
            "zip.__new__(X): X is not a type object ({})",
            cx.type_name(&receiver)
        )));
    };
    let rest = args.rest();
    let strict = parallel::strictness(cx, rest, "zip")?;
    let iterators = parallel::iterators(cx, rest.positional())?;
    let object = cx.instance(&of, 0)?;
    if let Some(body) = body::<ZipBody>(&object) {
        body.iterators.set(iterators);
        body.strict.set(strict);
    }
    Ok(object)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let parts = body::<ZipBody>(&this).and_then(|body| Some((body, body.iterators.get()?)));
    let Some((body, iterators)) = parts else {
        return Ok(cx.exhausted());
    };
    if tuple_items(&iterators).is_none_or(<[Object]>::is_empty) {
        return Ok(cx.exhausted());
    }
    match parallel::advance(cx, &iterators, body.strict.get(), "zip")? {
        Some(items) => cx.tuple_of(
            cx.builtin_ref(&builtin::TUPLE),
            items.len(),
            items.into_iter(),
        ),
        None => Ok(cx.exhausted()),
    }
}

native_type! {
    /// The built-in `zip`.
    pub static ZIP: "zip" {
        index: index::ZIP,
        base: &builtin::OBJECT,
        layout: figures("zip", 48, size_of::<ZipBody>()),
        body: ZipBody,
        flags: flags::BASE | flags::COLLECTED,
        doc: "Yields tuples of one item of each iterable, until one of them ends.",
        slots { New => new, Iter => iter_self, Next => next, },
        methods {},
        getsets {},
    }
}
