//! Iterators that advance side by side, for `zip` and `map`.

use crate::{Args, Buffer, Context, Object, Result, builtin, text, tuple_items};

/// Reads the keyword `strict`, the only one that `zip` and `map` know.
pub(super) fn strictness(cx: &Context, args: Args<'_>, name: &str) -> Result<bool> {
    let mut strict = false;
    for (keyword, value) in args.keywords() {
        match text(keyword) {
            Some("strict") => strict = cx.truth(&value)?,
            other => {
                return Err(cx.type_error(format_args!(
                    "{name}() got an unexpected keyword argument '{}'",
                    other.unwrap_or("?")
                )));
            }
        }
    }
    Ok(strict)
}

/// A tuple of the iterators of some iterables.
pub(super) fn iterators(cx: &Context, iterables: &[mortice_gc::Borrowed<'_>]) -> Result<Object> {
    let mut iterators = cx.fallible(Buffer::with_capacity(cx.heap(), iterables.len()))?;
    for iterable in iterables {
        cx.fallible(iterators.push(cx.heap(), cx.iterate(iterable)?))?;
    }
    builtin::tuple::from_slice(cx, &iterators)
}

/// The next item of each iterator; `None` where one has ended.
///
/// # Errors
///
/// What the iterators raise; ValueError where `strict` and not all end together.
pub(super) fn advance(
    cx: &Context,
    iterators: &Object,
    strict: bool,
    name: &str,
) -> Result<Option<Buffer<Object>>> {
    let iterators = tuple_items(iterators).unwrap_or_default();
    let mut items = cx.fallible(Buffer::with_capacity(cx.heap(), iterators.len()))?;
    for (index, iterator) in iterators.iter().enumerate() {
        match cx.next(iterator)? {
            Some(item) => cx.fallible(items.push(cx.heap(), item))?,
            None if !strict => return Ok(None),
            None if index > 0 => return Err(uneven(cx, name, index, "shorter")),
            None => {
                for (index, iterator) in iterators.iter().enumerate().skip(1) {
                    if cx.next(iterator)?.is_some() {
                        return Err(uneven(cx, name, index, "longer"));
                    }
                }
                return Ok(None);
            }
        }
    }
    Ok(Some(items))
}

fn uneven(cx: &Context, name: &str, index: usize, word: &str) -> crate::Raised {
    let argument = index + 1;
    if index == 1 {
        return cx.value_error(format_args!(
            "{name}() argument {argument} is {word} than argument 1"
        ));
    }
    cx.value_error(format_args!(
        "{name}() argument {argument} is {word} than arguments 1-{index}"
    ))
}
