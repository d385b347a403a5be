//! `map`.

use super::{iter_self, parallel};
use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of a map iterator.
    pub struct MapBody {
        function: Slot,
        /// A tuple.
        iterators: Slot,
        strict: Cell<bool>,
    }
}

fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let Some(of) = Type::of(&receiver) else {
        return Err(cx.type_error(format_args!(
            "map.__new__(X): X is not a type object ({})",
            cx.type_name(&receiver)
        )));
    };
    let rest = args.rest();
    let strict = parallel::strictness(cx, rest, "map")?;
    let [function, iterables @ ..] = rest.positional() else {
        return Err(cx.type_error(format_args!("map() must have at least two arguments.")));
    };
    if iterables.is_empty() {
        return Err(cx.type_error(format_args!("map() must have at least two arguments.")));
    }
    let iterators = parallel::iterators(cx, iterables)?;
    let object = cx.instance(&of, 0)?;
    if let Some(body) = body::<MapBody>(&object) {
        body.function.set((**function).clone());
        body.iterators.set(iterators);
        body.strict.set(strict);
    }
    Ok(object)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let parts = body::<MapBody>(&this)
        .and_then(|body| Some((body, body.function.get()?, body.iterators.get()?)));
    let Some((body, function, iterators)) = parts else {
        return Ok(cx.exhausted());
    };
    match parallel::advance(cx, &iterators, body.strict.get(), "map")? {
        Some(items) => cx.call(&function, Object::borrow_all(&items)),
        None => Ok(cx.exhausted()),
    }
}

native_type! {
    /// The built-in `map`.
    pub static MAP: "map" {
        index: index::MAP,
        base: &builtin::OBJECT,
        layout: figures("map", 40, size_of::<MapBody>()),
        body: MapBody,
        flags: flags::BASE | flags::COLLECTED,
        doc: "Yields what a function returns for one item of each iterable.",
        slots { New => new, Iter => iter_self, Next => next, },
        methods {},
        getsets {},
    }
}
