//! Splitting exception groups by type or condition.
//!
//! A split walks the tree of groups. A group that matches goes to one side as a whole; of any other
//! group, each side gets a copy, made by `derive`, with the exceptions of that side.

use super::group::{exceptions, get_message};
use super::{set_cause, set_context, set_traceback, view};
use crate::native::flags;
use crate::raw::Type;
use crate::{Args, Buffer, Context, Object, Result, builtin, tuple_items};

/// What an exception is compared with.
enum Matcher<'a> {
    /// A type of exceptions, or a tuple of them.
    Types(&'a Object),
    /// A callable that is no class.
    Condition(&'a Object),
}

impl Matcher<'_> {
    fn of<'a>(cx: &Context, object: &'a Object) -> Result<Matcher<'a>> {
        let is_exception_type =
            |object: &Object| Type::view(object).is_some_and(|of| of.has(flags::EXCEPTION));
        if is_exception_type(object) {
            return Ok(Matcher::Types(object));
        }
        if let Some(types) = tuple_items(object)
            && types.iter().all(is_exception_type)
        {
            return Ok(Matcher::Types(object));
        }
        if cx.is_callable(object) && Type::view(object).is_none() {
            return Ok(Matcher::Condition(object));
        }
        Err(cx.type_error(format_args!(
            "expected an exception type, a tuple of exception types, or a callable \
             (other than a class)"
        )))
    }

    fn matches(&self, cx: &Context, exception: &Object) -> Result<bool> {
        match self {
            Matcher::Types(types) => {
                let of = cx.type_of(exception);
                let single = std::slice::from_ref(*types);
                let types = tuple_items(types).unwrap_or(single).iter();
                Ok(types
                    .filter_map(|wanted| Type::view(wanted))
                    .any(|wanted| of.is_subtype(cx, wanted)))
            }
            Matcher::Condition(condition) => {
                let result = cx.call(condition, &[exception.borrow()])?;
                cx.truth(&result)
            }
        }
    }
}

/// The two sides of a split; `None` for a side without exceptions.
type Sides = (Option<Object>, Option<Object>);

fn divide(
    cx: &Context,
    exception: &Object,
    matcher: &Matcher<'_>,
    wants_rest: bool,
) -> Result<Sides> {
    if matcher.matches(cx, exception)? {
        return Ok((Some(exception.clone()), None));
    }
    let Some(members) = exceptions(exception) else {
        return Ok((None, wants_rest.then(|| exception.clone())));
    };
    let (mut matching, mut rest) = (Buffer::new(), Buffer::new());
    for member in tuple_items(&members).unwrap_or_default() {
        let _level = cx.enter(" in exceptiongroup_split_recursive")?;
        let (left, right) = divide(cx, member, matcher, wants_rest)?;
        for (side, found) in [(&mut matching, left), (&mut rest, right)] {
            if let Some(found) = found {
                cx.fallible(side.push(cx.heap(), found))?;
            }
        }
    }
    Ok((
        derived(cx, exception, matching)?,
        derived(cx, exception, rest)?,
    ))
}

/// A group like `group` with other exceptions: traceback, context, cause and notes are copied.
fn derived(cx: &Context, group: &Object, members: Buffer<Object>) -> Result<Option<Object>> {
    if members.is_empty() {
        return Ok(None);
    }
    let list = builtin::list::from_buffer(cx, members)?;
    let name = cx.intern("derive")?;
    let made = cx.call_method(group, &name, &[list.borrow()])?;
    if !cx.is_instance_of(&made, &builtin::BASE_EXCEPTION_GROUP) {
        return Err(cx.type_error(format_args!(
            "derive must return an instance of BaseExceptionGroup"
        )));
    }
    if let Some(from) = view(group) {
        let or_none = |slot: Option<Object>| slot.unwrap_or_else(|| cx.none());
        let traceback = or_none(from.traceback.get());
        set_traceback(cx, &made, Some(traceback.borrow()))?;
        let context = or_none(from.context.get());
        set_context(cx, &made, Some(context.borrow()))?;
        let cause = or_none(from.cause.get());
        set_cause(cx, &made, Some(cause.borrow()))?;
    }
    let notes_name = &cx.names().notes;
    if let Some(notes) = cx.find_attribute(group, notes_name)?
        && (builtin::list::view(&notes).is_some() || tuple_items(&notes).is_some())
    {
        let copy = builtin::list::from_buffer(cx, cx.collect(&notes)?)?;
        cx.set_attribute(&made, notes_name, &copy)?;
    }
    Ok(Some(made))
}

/// Splits an exception by a type, a tuple of types or a condition.
///
/// # Errors
///
/// TypeError for anything else, and what foreign code raises.
pub fn split(cx: &Context, exception: &Object, by: &Object) -> Result<Sides> {
    divide(cx, exception, &Matcher::of(cx, by)?, true)
}

pub(super) fn derive_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let rest = args
        .rest()
        .method(cx, "BaseExceptionGroup", "derive", 1, 1)?;
    let message = get_message(cx, &this)?;
    let of = cx.builtin(&builtin::BASE_EXCEPTION_GROUP);
    cx.construct(&of, &[message.borrow(), rest[0]])
}

pub(super) fn split_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args
        .rest()
        .method(cx, "BaseExceptionGroup", "split", 1, 1)?;
    let (matching, others) = split(cx, &args.receiver(), &rest[0])?;
    let or_none = |side: Option<Object>| side.unwrap_or_else(|| cx.none());
    builtin::tuple::from_slice(cx, &[or_none(matching), or_none(others)])
}

pub(super) fn subgroup_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args
        .rest()
        .method(cx, "BaseExceptionGroup", "subgroup", 1, 1)?;
    let matcher = Matcher::of(cx, &rest[0])?;
    let (matching, _) = divide(cx, &args.receiver(), &matcher, false)?;
    Ok(matching.unwrap_or_else(|| cx.none()))
}
