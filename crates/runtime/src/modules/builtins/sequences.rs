//! Iterables and containers: `len`, `iter`, `next`, `sorted`, `min`, `max`, `sum`, `any`, `all`.

use crate::{Args, Borrowed, Context, Object, Result};
use mortice_types::{SlotId, builtin, text};

pub(super) fn len(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "len")?;
    cx.int(cx.length(&object)? as i64)
}

pub(super) fn iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    match args.between(cx, "iter", 1, 2)? {
        [callable, sentinel] => {
            if !cx.is_callable(callable) {
                return Err(cx.type_error(format_args!("iter(v, w): v must be callable")));
            }
            builtin::iterator::callable::callable_iterator(cx, callable, sentinel)
        }
        given => cx.iterate(&given[0]),
    }
}

pub(super) fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let given = args.between(cx, "next", 1, 2)?;
    let (iterator, default) = (given[0], given.get(1));
    let Some(result) = cx.unary(&iterator, SlotId::Next) else {
        return Err(cx.type_error(format_args!(
            "'{}' object is not an iterator",
            cx.type_name(&iterator)
        )));
    };
    match (result, default) {
        (Ok(value), Some(default)) if cx.is_exhausted(&value) => Ok((**default).clone()),
        (Ok(value), None) if cx.is_exhausted(&value) => Err(cx.stop_iteration(None)),
        (Err(raised), Some(default)) if raised.is(cx, &builtin::STOP_ITERATION) => {
            Ok((**default).clone())
        }
        (result, _) => result,
    }
}

pub(super) fn any(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [iterable] = args.exactly::<1>(cx, "any")?;
    quantify(cx, &iterable, true)
}

pub(super) fn all(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [iterable] = args.exactly::<1>(cx, "all")?;
    quantify(cx, &iterable, false)
}

/// Looks for the first item of this truth; without one the answer is the opposite.
fn quantify(cx: &Context, iterable: &Object, decides: bool) -> Result<Object> {
    let mut found = !decides;
    cx.each(iterable, |item| {
        if cx.truth(&item)? == decides {
            found = decides;
            return Ok(false);
        }
        Ok(true)
    })?;
    Ok(cx.bool(found))
}

/// A new sorted list; `keywords` are those of `list.sort()`.
pub(super) fn sorted_list(cx: &Context, iterable: &Object, keywords: Args<'_>) -> Result<Object> {
    let items = cx.collect(iterable)?;
    let list = builtin::list::from_buffer(cx, items)?;
    let sort = cx.get_attribute_text(&list, "sort")?;
    cx.call_args(&sort, keywords)?;
    Ok(list)
}

pub(super) fn sorted(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [iterable] = args.positional() else {
        return Err(cx.type_error(format_args!(
            "sorted expected 1 argument, got {}",
            args.positional().len()
        )));
    };
    let keywords = Args::with_names(&args.values()[1..], args.names());
    sorted_list(cx, iterable, keywords)
}

pub(super) fn min(cx: &Context, args: Args<'_>) -> Result<Object> {
    extreme(cx, args, "min", SlotId::Lt)
}

pub(super) fn max(cx: &Context, args: Args<'_>) -> Result<Object> {
    extreme(cx, args, "max", SlotId::Gt)
}

/// The item that stands in relation `slot` to all earlier ones.
fn extreme(cx: &Context, args: Args<'_>, name: &str, slot: SlotId) -> Result<Object> {
    let (mut key, mut default) = (None, None);
    for (keyword, value) in args.keywords() {
        match text(keyword) {
            Some("key") => key = Some(value).filter(|value| !cx.is_none(value)),
            Some("default") => default = Some(value),
            other => {
                return Err(cx.type_error(format_args!(
                    "{name}() got an unexpected keyword argument '{}'",
                    other.unwrap_or("?")
                )));
            }
        }
    }
    let mut best: Option<(Object, Object)> = None;
    let mut consider = |item: Object| -> Result<bool> {
        let rank = match &key {
            Some(key) => cx.call(key, &[item.borrow()])?,
            None => item.clone(),
        };
        let better = match &best {
            Some((_, known)) => {
                let result = cx.compare(&rank, known, slot)?;
                cx.truth(&result)?
            }
            None => true,
        };
        if better {
            best = Some((item, rank));
        }
        Ok(true)
    };
    match args.positional() {
        [] => {
            return Err(cx.type_error(format_args!("{name} expected at least 1 argument, got 0")));
        }
        [iterable] => cx.each(iterable, consider)?,
        items => {
            if default.is_some() {
                return Err(cx.type_error(format_args!(
                    "Cannot specify a default for {name}() with multiple positional arguments"
                )));
            }
            for item in items {
                consider((**item).clone())?;
            }
        }
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok((*default).clone()),
        (None, None) => Err(cx.value_error(format_args!("{name}() iterable argument is empty"))),
    }
}

pub(super) fn sum(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [iterable, start] = args.bind(cx, "sum", ["iterable", "start"], 1)?;
    let Some(iterable) = iterable else {
        return Err(cx.system_error(format_args!("a required argument is missing")));
    };
    let mut total = match start {
        Some(start) => start_of_sum(cx, start)?,
        None => Object::small32(0),
    };
    cx.each(&iterable, |item| {
        total = cx.binary(&total, &item, SlotId::Add)?;
        Ok(true)
    })?;
    Ok(total)
}

fn start_of_sum(cx: &Context, start: Borrowed<'_>) -> Result<Object> {
    use mortice_types::native::flags;
    let kind = cx.flags_of(&start);
    if kind & flags::STR != 0 {
        return Err(cx.type_error(format_args!(
            "sum() can't sum strings [use ''.join(seq) instead]"
        )));
    }
    if kind & flags::BYTES != 0 {
        return Err(cx.type_error(format_args!(
            "sum() can't sum bytes [use b''.join(seq) instead]"
        )));
    }
    Ok((*start).clone())
}
