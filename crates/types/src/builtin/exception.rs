//! Exceptions: the instances, and the fields that chaining and tracebacks use.

pub mod group;
pub mod import_error;
mod os_error;
pub mod split;
mod state;
mod syntax_error;
pub mod types;
pub mod unicode;

pub use import_error::ImportBody;
pub use os_error::OsBody;
pub use syntax_error::SyntaxBody;

use crate::builtin;
use crate::raw::Type;
use crate::{Args, Borrowed, Context, Object, Raised, Result, body, text, tuple_items};
use mortice_gc::Slot;
use std::cell::Cell;

crate::body! {
    /// The body of every exception.
    pub struct ExceptionBody {
        /// `args`, a tuple.
        pub args: Slot,
        /// `__traceback__`.
        pub traceback: Slot,
        /// `__context__`.
        pub context: Slot,
        /// `__cause__`.
        pub cause: Slot,
        /// `__suppress_context__`.
        pub suppress_context: Cell<bool>,
        /// The exception was chained to what was being handled when it was raised.
        pub chained: Cell<bool>,
    }
}

crate::body! {
    /// The field of StopIteration and SystemExit.
    pub struct ValueBody {
        /// `value` or `code`.
        pub value: Slot,
    }
}

crate::body! {
    /// The fields of AttributeError.
    pub struct NamedBody {
        /// `name`.
        pub name: Slot,
        /// `obj`.
        pub object: Slot,
    }
}

crate::body! {
    /// The field of NameError.
    pub struct NameBody {
        /// `name`.
        pub name: Slot,
    }
}

/// Defines getters and setters of optional fields: an unset one reads as None, and each can be
/// deleted at any time.
macro_rules! fields {
    ($body:ident: $($get:ident $set:ident $field:ident;)*) => {
        $(
            pub(super) fn $get(cx: &Context, object: &Object) -> Result<Object> {
                let value = body::<$body>(object).and_then(|body| body.$field.get());
                Ok(value.unwrap_or_else(|| cx.none()))
            }

            pub(super) fn $set(
                _: &Context,
                object: &Object,
                value: Option<crate::Borrowed<'_>>,
            ) -> Result<()> {
                if let Some(body) = body::<$body>(object) {
                    drop(body.$field.replace(value.map(|value| (*value).clone())));
                }
                Ok(())
            }
        )*
    };
}
use fields;

/// The body of an exception.
#[inline]
pub fn view(exception: &Object) -> Option<&ExceptionBody> {
    body::<ExceptionBody>(exception)
}

/// Makes an exception without calling Python code: an instance with these `args`.
///
/// # Errors
///
/// MemoryError.
pub fn new_exception(cx: &Context, of: &Type, arguments: &[Object]) -> Result<Object> {
    let exception = cx.instance(&os_error::type_for(cx, of, arguments), 0)?;
    set_args(cx, &exception, Object::borrow_all(arguments))?;
    if let (Some(body), Some(value)) = (body::<ValueBody>(&exception), arguments.first()) {
        body.value.set(value.clone());
    }
    import_error::start(&exception, arguments);
    syntax_error::start(cx, &exception, arguments)?;
    os_error::start(cx, &exception, arguments)?;
    Ok(exception)
}

/// The value of a StopIteration; `None` where it is none.
pub fn stop_value(cx: &Context, raised: &Raised) -> Option<Object> {
    let value = body::<ValueBody>(raised.exception())?.value.get()?;
    if cx.is_none(&value) {
        None
    } else {
        Some(value)
    }
}

/// Sets `name` and `obj` of an AttributeError.
pub fn set_attribute_context(_: &Context, raised: &Raised, object: &Object, name: &Object) {
    if let Some(body) = body::<NamedBody>(raised.exception()) {
        body.object.set(object.clone());
        body.name.set(name.clone());
    }
}

/// `exception.add_note(note)`.
///
/// # Errors
///
/// TypeError where `__notes__` is no list; MemoryError.
pub fn add_note(cx: &Context, exception: &Object, note: &Object) -> Result<()> {
    let name = &cx.names().notes;
    let notes = match cx.find_attribute(exception, name)? {
        Some(notes) => notes,
        None => {
            let notes = builtin::list::from_slice(cx, &[])?;
            cx.set_attribute(exception, name, &notes)?;
            notes
        }
    };
    match builtin::list::view(&notes) {
        Some(list) => cx.fallible(list.items.push(cx.heap(), note.clone())),
        None => Err(cx.type_error(format_args!("Cannot add note: __notes__ is not a list"))),
    }
}

impl Context {
    /// Chains an exception that is about to propagate to the one that is being handled, without
    /// making a cycle.
    pub fn chain(&self, raised: &Raised) {
        let Some(handled) = self.handled.get() else {
            return;
        };
        let exception = raised.exception();
        if handled.is(exception) {
            return;
        }
        // Break the chain where the new exception already stands in it.
        let mut at = handled.clone();
        while let Some(next) = view(&at).and_then(|body| body.context.get()) {
            if next.is(exception) {
                if let Some(body) = view(&at) {
                    drop(body.context.take());
                }
                break;
            }
            at = next;
        }
        if let Some(body) = view(exception) {
            body.context.set(handled);
        }
    }

    /// What `raise x` raises: an instance as it is, a class called without arguments.
    ///
    /// # Errors
    ///
    /// TypeError where it is neither.
    pub fn make_raised(&self, object: &Object) -> Result<Raised> {
        if self.flags_of(object) & crate::native::flags::EXCEPTION != 0 {
            return Ok(Raised::new(object.clone()));
        }
        if let Some(class) = Type::view(object)
            && class.has(crate::native::flags::EXCEPTION)
        {
            let made = self.call(object, &[])?;
            if self.flags_of(&made) & crate::native::flags::EXCEPTION != 0 {
                return Ok(Raised::new(made));
            }
            return Err(self.type_error(format_args!(
                "calling {} should have returned an instance of BaseException, not {}",
                class.debug_repr(self)?,
                self.type_of(&made).debug_repr(self)?
            )));
        }
        Err(self.type_error(format_args!("exceptions must derive from BaseException")))
    }
}

fn exception_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let Some(of) = Type::of(&receiver) else {
        return Err(cx.type_error(format_args!(
            "BaseException.__new__(X): X is not a type object"
        )));
    };
    let given = cx.owned(args.rest().positional())?;
    let exception = cx.instance(&of, 0)?;
    if let Some(body) = view(&exception) {
        let tuple = cx.builtin_ref(&builtin::TUPLE);
        body.args
            .set(cx.tuple_of(tuple, given.len(), given.iter().cloned())?);
    }
    Ok(exception)
}

fn exception_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    if args.has_keywords() {
        return Err(cx.type_error(format_args!(
            "{}() takes no keyword arguments",
            cx.type_name(&this)
        )));
    }
    set_args(cx, &this, args.rest().positional())?;
    Ok(cx.none())
}

fn set_args(cx: &Context, this: &Object, values: &[Borrowed<'_>]) -> Result<()> {
    let given = cx.owned(values)?;
    if let Some(body) = view(this) {
        let tuple = cx.builtin_ref(&builtin::TUPLE);
        body.args
            .set(cx.tuple_of(tuple, given.len(), given.iter().cloned())?);
    }
    Ok(())
}

fn value_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    exception_init(cx, args)?;
    let this = args.receiver();
    if let Some(body) = body::<ValueBody>(&this) {
        let value = match args.rest().positional() {
            [] => cx.none(),
            [value] => (**value).clone(),
            // SystemExit keeps all of them; StopIteration the first.
            [first, ..] if cx.is_instance_of(&this, &types::STOP_ITERATION) => (**first).clone(),
            _ => get_args(cx, &this)?,
        };
        body.value.set(value);
    }
    Ok(cx.none())
}

fn named_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    set_args(cx, &this, args.rest().positional())?;
    for (name, value) in args.keywords() {
        let attribute = body::<NamedBody>(&this);
        match (text(name), attribute, body::<NameBody>(&this)) {
            (Some("name"), Some(body), _) => body.name.set((*value).clone()),
            (Some("name"), _, Some(body)) => body.name.set((*value).clone()),
            (Some("obj"), Some(body), _) => body.object.set((*value).clone()),
            (name, ..) => {
                let owner = if attribute.is_some() {
                    "AttributeError"
                } else {
                    "NameError"
                };
                return Err(cx.type_error(format_args!(
                    "{owner}() got an unexpected keyword argument '{}'",
                    name.unwrap_or("?")
                )));
            }
        }
    }
    Ok(cx.none())
}

fn get_args(cx: &Context, object: &Object) -> Result<Object> {
    match view(object).and_then(|body| body.args.get()) {
        Some(args) => Ok(args),
        None => cx.tuple_of(cx.builtin_ref(&builtin::TUPLE), 0, std::iter::empty()),
    }
}

fn put_args(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let Some(value) = value else {
        return Err(cx.type_error(format_args!("args may not be deleted")));
    };
    let items = cx.collect(&value)?;
    if let Some(body) = view(object) {
        let tuple = cx.builtin_ref(&builtin::TUPLE);
        body.args
            .set(cx.tuple_of(tuple, items.len(), items.iter().cloned())?);
    }
    Ok(())
}

/// The items of an exception's `args`.
pub fn arguments(exception: &Object) -> Option<Object> {
    view(exception)?.args.get()
}

fn exception_str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let tuple = get_args(cx, &args.receiver())?;
    match tuple_items(&tuple).unwrap_or_default() {
        [] => cx.string(""),
        [only] => cx.str(only),
        _ => cx.str(&tuple),
    }
}

/// `str(KeyError(key))` shows the key's repr.
fn key_error_str(cx: &Context, args: Args<'_>) -> Result<Object> {
    let tuple = get_args(cx, &args.receiver())?;
    match tuple_items(&tuple).unwrap_or_default() {
        [only] => cx.repr(only),
        _ => exception_str(cx, args),
    }
}

fn exception_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let tuple = get_args(cx, &this)?;
    let name = cx.type_name(&this);
    match tuple_items(&tuple).unwrap_or_default() {
        [only] => {
            let only = cx.repr(only)?;
            cx.format(format_args!("{name}({})", text(&only).unwrap_or("?")))
        }
        _ => {
            let all = cx.repr(&tuple)?;
            cx.format(format_args!("{name}{}", text(&all).unwrap_or("?")))
        }
    }
}

fn with_traceback(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let rest = args
        .rest()
        .method(cx, "BaseException", "with_traceback", 1, 1)?;
    set_traceback(cx, &this, Some(rest[0]))?;
    Ok((*this).clone())
}

fn add_note_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let rest = args.rest().method(cx, "BaseException", "add_note", 1, 1)?;
    let note = rest[0];
    if text(&note).is_none() {
        return Err(cx.type_error(format_args!(
            "add_note() argument must be str, not {}",
            cx.type_name(&note)
        )));
    }
    add_note(cx, &this, &note)?;
    Ok(cx.none())
}

fn or_none(cx: &Context, slot: Option<Object>) -> Result<Object> {
    Ok(slot.unwrap_or_else(|| cx.none()))
}

fn get_traceback(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|body| body.traceback.get()))
}

fn set_traceback(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let Some(value) = value else {
        return Err(cx.type_error(format_args!("__traceback__ may not be deleted")));
    };
    if let Some(body) = view(object) {
        if cx.is_none(&value) {
            drop(body.traceback.take());
        } else if cx.type_name(&value).as_str() == "traceback" {
            body.traceback.set((*value).clone());
        } else {
            return Err(cx.type_error(format_args!("__traceback__ must be a traceback or None")));
        }
    }
    Ok(())
}

fn get_context(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|body| body.context.get()))
}

fn get_cause(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, view(object).and_then(|body| body.cause.get()))
}

fn linked(cx: &Context, value: Option<Borrowed<'_>>, name: &str) -> Result<Option<Object>> {
    let Some(value) = value else {
        return Err(cx.type_error(format_args!("{name} may not be deleted")));
    };
    if cx.is_none(&value) {
        return Ok(None);
    }
    if cx.flags_of(&value) & crate::native::flags::EXCEPTION == 0 {
        let what = name.trim_matches('_');
        return Err(cx.type_error(format_args!(
            "exception {what} must be None or derive from BaseException"
        )));
    }
    Ok(Some((*value).clone()))
}

fn set_context(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let value = linked(cx, value, "__context__")?;
    if let Some(body) = view(object) {
        drop(body.context.replace(value));
    }
    Ok(())
}

fn set_cause(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let value = linked(cx, value, "__cause__")?;
    if let Some(body) = view(object) {
        drop(body.cause.replace(value));
        body.suppress_context.set(true);
    }
    Ok(())
}

fn get_suppress(cx: &Context, object: &Object) -> Result<Object> {
    Ok(cx.bool(view(object).is_some_and(|body| body.suppress_context.get())))
}

fn set_suppress(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let truth = match value {
        Some(value) if cx.is_true_object(&value) => true,
        Some(value) if cx.is_false_object(&value) => false,
        Some(_) => {
            return Err(cx.type_error(format_args!("attribute value type must be bool")));
        }
        None => return Err(cx.type_error(format_args!("can't delete numeric/char attribute"))),
    };
    if let Some(body) = view(object) {
        body.suppress_context.set(truth);
    }
    Ok(())
}

fn get_value(cx: &Context, object: &Object) -> Result<Object> {
    or_none(
        cx,
        body::<ValueBody>(object).and_then(|body| body.value.get()),
    )
}

fn set_value(cx: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    let _ = cx;
    if let Some(body) = body::<ValueBody>(object) {
        drop(body.value.replace(value.map(|value| (*value).clone())));
    }
    Ok(())
}

/// `name` of AttributeError and NameError.
fn name_slot(object: &Object) -> Option<&Slot> {
    let of_attribute = body::<NamedBody>(object).map(|body| &body.name);
    of_attribute.or_else(|| body::<NameBody>(object).map(|body| &body.name))
}

fn get_field_name(cx: &Context, object: &Object) -> Result<Object> {
    or_none(cx, name_slot(object).and_then(Slot::get))
}

fn set_field_name(_: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    if let Some(slot) = name_slot(object) {
        drop(slot.replace(value.map(|value| (*value).clone())));
    }
    Ok(())
}

fields! {
    NamedBody: get_field_object set_field_object object;
}
