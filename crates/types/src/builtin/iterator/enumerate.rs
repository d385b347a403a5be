//! `enumerate`.

use super::iter_self;
use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{
    Args, Borrowed, Context, Object, Result, SlotId, body, builtin, index, native_type, text,
};
use mortice_gc::Slot;

crate::body! {
    /// The body of an enumerate iterator.
    pub struct EnumerateBody {
        iterator: Slot,
        /// The next number, an `int` of any size.
        number: Slot,
    }
}

/// The arguments of `enumerate` itself; subclasses have CPython's other parser.
fn parameters<'a>(cx: &Context, of: &Type, args: Args<'a>) -> Result<[Option<Borrowed<'a>>; 2]> {
    let own = of.is(cx.builtin_ref(&ENUMERATE));
    if !own {
        return args.bind(cx, "enumerate", ["iterable", "start"], 1);
    }
    let given = args.values().len();
    if given > 2 {
        return Err(cx.type_error(format_args!(
            "enumerate() takes at most 2 arguments ({given} given)"
        )));
    }
    if given == 0 {
        return Err(cx.type_error(format_args!(
            "enumerate() missing required argument 'iterable'"
        )));
    }
    let mut bound = [None; 2];
    for (place, value) in bound.iter_mut().zip(args.positional()) {
        *place = Some(*value);
    }
    for (name, value) in args.keywords() {
        let name = text(name).unwrap_or_default();
        match name {
            "iterable" if bound[0].is_none() => bound[0] = Some(value),
            "start" if given == 2 && bound[1].is_none() => bound[1] = Some(value),
            _ => {
                return Err(cx.type_error(format_args!(
                    "'{name}' is an invalid keyword argument for enumerate()"
                )));
            }
        }
    }
    Ok(bound)
}

fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let Some(of) = Type::of(&receiver) else {
        return Err(cx.type_error(format_args!(
            "enumerate.__new__(X): X is not a type object ({})",
            cx.type_name(&receiver)
        )));
    };
    let [Some(iterable), start] = parameters(cx, &of, args.rest())? else {
        return Err(cx.type_error(format_args!(
            "enumerate() missing required argument 'iterable'"
        )));
    };
    let number = match start {
        Some(start) => cx.index(&start)?,
        None => Object::small32(0),
    };
    let iterator = cx.iterate(&iterable)?;
    let object = cx.instance(&of, 0)?;
    if let Some(body) = body::<EnumerateBody>(&object) {
        body.iterator.set(iterator);
        body.number.set(number);
    }
    Ok(object)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let parts = body::<EnumerateBody>(&this).and_then(|body| Some((body, body.iterator.get()?)));
    let Some((body, iterator)) = parts else {
        return Ok(cx.exhausted());
    };
    let Some(item) = cx.next(&iterator)? else {
        return Ok(cx.exhausted());
    };
    let number = body.number.get().unwrap_or_else(|| Object::small32(0));
    let following = match number.as_small() {
        Some(small) => cx.int(small + 1)?,
        None => cx.binary(&number, &Object::small32(1), SlotId::Add)?,
    };
    body.number.set(following);
    builtin::tuple::from_pair(cx, number, item)
}

fn class_get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let class = args.receiver();
    let [key] = args
        .rest()
        .exactly::<1>(cx, "enumerate.__class_getitem__")?;
    builtin::generic_alias::new_alias(cx, &class, &key)
}

native_type! {
    /// The built-in `enumerate`.
    pub static ENUMERATE: "enumerate" {
        index: index::ENUMERATE,
        base: &builtin::OBJECT,
        layout: figures("enumerate", 56, size_of::<EnumerateBody>()),
        body: EnumerateBody,
        flags: flags::BASE | flags::COLLECTED,
        doc: "Yields pairs of a running number and an item.",
        slots { New => new, Iter => iter_self, Next => next, },
        methods { class "__class_getitem__" => class_get_item, },
        getsets {},
    }
}
