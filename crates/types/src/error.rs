//! Exceptions as values.

use crate::native::NativeType;
use crate::{Context, Object, builtin};
use std::fmt;

/// A Python exception on its way: the instance.
#[derive(Clone, Debug)]
#[must_use = "an exception that is dropped is lost"]
pub struct Raised(Object);

/// What an operation that runs Python's rules gives.
pub type Result<T> = std::result::Result<T, Raised>;

impl Raised {
    /// Raises an exception instance. The caller has checked that it is one.
    pub fn new(exception: Object) -> Raised {
        Raised(exception)
    }

    /// The exception instance.
    pub fn exception(&self) -> &Object {
        &self.0
    }

    /// The exception instance, owned.
    pub fn into_exception(self) -> Object {
        self.0
    }

    /// Tells whether the exception is an instance of a built-in exception type or of a subclass.
    pub fn is(&self, cx: &Context, kind: &'static NativeType) -> bool {
        cx.is_instance_of(&self.0, kind)
    }
}

macro_rules! raisers {
    ($($(#[$doc:meta])* $name:ident => $native:ident,)*) => {
        impl Context {
            $(
                $(#[$doc])*
                #[cold]
                pub fn $name(&self, message: fmt::Arguments<'_>) -> Raised {
                    self.error(&builtin::$native, message)
                }
            )*
        }
    };
}

raisers! {
    /// A TypeError with this message.
    type_error => TYPE_ERROR,
    /// A ValueError with this message.
    value_error => VALUE_ERROR,
    /// An AttributeError with this message.
    attribute_error => ATTRIBUTE_ERROR,
    /// An IndexError with this message.
    index_error => INDEX_ERROR,
    /// A RuntimeError with this message.
    runtime_error => RUNTIME_ERROR,
    /// An OverflowError with this message.
    overflow_error => OVERFLOW_ERROR,
    /// A ZeroDivisionError with this message.
    zero_division_error => ZERO_DIVISION_ERROR,
    /// A SystemError with this message.
    system_error => SYSTEM_ERROR,
    /// A RecursionError with this message.
    recursion_error => RECURSION_ERROR,
    /// A NameError with this message.
    name_error => NAME_ERROR,
    /// A ReferenceError with this message.
    reference_error => REFERENCE_ERROR,
}

impl Context {
    /// An exception of a built-in type with this message as its only argument.
    #[cold]
    pub fn error(&self, kind: &'static NativeType, message: fmt::Arguments<'_>) -> Raised {
        match self.format(message) {
            Ok(text) => self.error_with(kind, &[text]),
            Err(raised) => raised,
        }
    }

    /// An exception of a built-in type with these arguments.
    #[cold]
    pub fn error_with(&self, kind: &'static NativeType, arguments: &[Object]) -> Raised {
        match builtin::exception::new_exception(self, &self.builtin(kind), arguments) {
            Ok(exception) => Raised(exception),
            Err(raised) => raised,
        }
    }

    /// A KeyError whose argument is the key.
    #[cold]
    pub fn key_error(&self, key: &Object) -> Raised {
        self.error_with(&builtin::KEY_ERROR, std::slice::from_ref(key))
    }

    /// A StopIteration, with a value where a generator returned one.
    #[cold]
    pub fn stop_iteration(&self, value: Option<&Object>) -> Raised {
        match value {
            Some(value) => self.error_with(&builtin::STOP_ITERATION, std::slice::from_ref(value)),
            None => self.error_with(&builtin::STOP_ITERATION, &[]),
        }
    }

    /// MemoryError: an instance that was made when the context started.
    #[cold]
    pub fn out_of_memory(&self) -> Raised {
        Raised(self.spare_memory_error())
    }
}
