//! Iterators over what a callable returns, until it returns a sentinel.

use super::iter_self;
use crate::native::{figures, flags};
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Slot;

crate::body! {
    /// The body of a callable iterator; both places are empty when it ended.
    pub struct CallableIteratorBody {
        callable: Slot,
        sentinel: Slot,
    }
}

/// `iter(callable, sentinel)`.
///
/// # Errors
///
/// TypeError where it cannot be called; MemoryError.
pub fn callable_iterator(cx: &Context, callable: &Object, sentinel: &Object) -> Result<Object> {
    if !cx.is_callable(callable) {
        return Err(cx.type_error(format_args!("iter(v, w): v must be callable")));
    }
    let iterator = cx.instance(cx.builtin_ref(&CALLABLE_ITERATOR), 0)?;
    if let Some(body) = body::<CallableIteratorBody>(&iterator) {
        body.callable.set(callable.clone());
        body.sentinel.set(sentinel.clone());
    }
    Ok(iterator)
}

fn end(cx: &Context, body: &CallableIteratorBody) -> Result<Object> {
    let parts = (body.callable.take(), body.sentinel.take());
    drop(parts);
    Ok(cx.exhausted())
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let Some(body) = body::<CallableIteratorBody>(&this) else {
        return Ok(cx.exhausted());
    };
    let Some(callable) = body.callable.get() else {
        return Ok(cx.exhausted());
    };
    let value = match cx.call(&callable, &[]) {
        Ok(value) => value,
        Err(raised) if raised.is(cx, &builtin::STOP_ITERATION) => return end(cx, body),
        Err(raised) => return Err(raised),
    };
    // The call may have ended this iterator.
    let Some(sentinel) = body.sentinel.get() else {
        return Ok(cx.exhausted());
    };
    if cx.equal(&sentinel, &value)? {
        return end(cx, body);
    }
    Ok(value)
}

native_type! {
    /// The type of iterators over what a callable returns.
    pub static CALLABLE_ITERATOR: "callable_iterator" {
        index: index::CALLABLE_ITERATOR,
        base: &builtin::OBJECT,
        layout: figures("callable_iterator", 32, size_of::<CallableIteratorBody>()),
        body: CallableIteratorBody,
        flags: flags::COLLECTED,
        slots { Iter => iter_self, Next => next, },
        methods {},
        getsets {},
    }
}
