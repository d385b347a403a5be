//! The built-in exception types, in the order of their hierarchy.

use super::fields::{self, ImportBody, SyntaxBody, SystemBody, get, set};
use super::*;
use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::{index, native_type};

/// The figures of an exception type: `__dict__` lies in the body on CPython, before the header here.
const fn exception(name: &'static str, basicsize: usize, body_bytes: usize) -> Native {
    Native {
        name,
        basicsize,
        itemsize: 0,
        dictoffset: 16,
        weaklistoffset: 0,
        body_bytes,
        dict: Storage::Managed,
        weakref: Storage::None,
        items: None,
        slots_after_items: false,
    }
}

macro_rules! exceptions {
    ($($name:ident $text:literal: $base:ident, $size:literal, $body:ty, { $($slots:tt)* }, { $($getsets:tt)* };)*) => {
        $(
            native_type! {
                #[doc = concat!("The built-in `", $text, "`.")]
                pub static $name: $text {
                    index: index::$name,
                    base: &builtin::$base,
                    layout: exception($text, $size, size_of::<$body>()),
                    body: $body,
                    flags: flags::BASE | flags::COLLECTED | flags::EXCEPTION,
                    slots { $($slots)* },
                    methods {},
                    getsets { $($getsets)* },
                }
            }
        )*
    };
}

native_type! {
    /// The built-in `BaseException`.
    pub static BASE_EXCEPTION: "BaseException" {
        index: index::BASE_EXCEPTION,
        base: &builtin::OBJECT,
        layout: exception("BaseException", 72, size_of::<ExceptionBody>()),
        body: ExceptionBody,
        flags: flags::BASE | flags::COLLECTED | flags::EXCEPTION,
        doc: "The root of all exceptions.",
        slots {
            New => exception_new,
            Init => exception_init,
            Repr => exception_repr,
            Str => exception_str,
        },
        methods {
            "with_traceback" => with_traceback,
            "add_note" => add_note_method,
        },
        getsets {
            "args" => get_args, put_args;
            "__dict__" => builtin::object::get_dict, builtin::object::set_dict;
            "__traceback__" => get_traceback, set_traceback;
            "__context__" => get_context, set_context;
            "__cause__" => get_cause, set_cause;
            member "__suppress_context__" => get_suppress, set_suppress;
        },
    }
}

crate::body! {
    /// What an exception type that brings no fields adds.
    pub struct Nothing {}
}

exceptions! {
    GENERATOR_EXIT "GeneratorExit": BASE_EXCEPTION, 72, Nothing, {  }, {  };
    KEYBOARD_INTERRUPT "KeyboardInterrupt": BASE_EXCEPTION, 72, Nothing, {  }, {  };
    SYSTEM_EXIT "SystemExit": BASE_EXCEPTION, 80, ValueBody, { Init => value_init, }, { member "code" => get_value, set_value; };
    EXCEPTION "Exception": BASE_EXCEPTION, 72, Nothing, {  }, {  };
    ARITHMETIC_ERROR "ArithmeticError": EXCEPTION, 72, Nothing, {  }, {  };
    FLOATING_POINT_ERROR "FloatingPointError": ARITHMETIC_ERROR, 72, Nothing, {  }, {  };
    OVERFLOW_ERROR "OverflowError": ARITHMETIC_ERROR, 72, Nothing, {  }, {  };
    ZERO_DIVISION_ERROR "ZeroDivisionError": ARITHMETIC_ERROR, 72, Nothing, {  }, {  };
    ASSERTION_ERROR "AssertionError": EXCEPTION, 72, Nothing, {  }, {  };
    ATTRIBUTE_ERROR "AttributeError": EXCEPTION, 88, NamedBody, { Init => named_init, }, { member "name" => get_field_name; member "obj" => get_field_object; };
    BUFFER_ERROR "BufferError": EXCEPTION, 72, Nothing, {  }, {  };
    EOF_ERROR "EOFError": EXCEPTION, 72, Nothing, {  }, {  };
    IMPORT_ERROR "ImportError": EXCEPTION, 104, ImportBody, { Init => fields::import_init, Str => fields::import_str, Repr => fields::import_repr, }, { member "msg" => get::<0>, set::<0>; member "name" => get::<1>, set::<1>; member "path" => get::<2>, set::<2>; member "name_from" => get::<3>, set::<3>; };
    MODULE_NOT_FOUND_ERROR "ModuleNotFoundError": IMPORT_ERROR, 104, Nothing, {  }, {  };
    LOOKUP_ERROR "LookupError": EXCEPTION, 72, Nothing, {  }, {  };
    INDEX_ERROR "IndexError": LOOKUP_ERROR, 72, Nothing, {  }, {  };
    KEY_ERROR "KeyError": LOOKUP_ERROR, 72, Nothing, { Str => key_error_str, }, {  };
    MEMORY_ERROR "MemoryError": EXCEPTION, 72, Nothing, {  }, {  };
    NAME_ERROR "NameError": EXCEPTION, 80, NameBody, { Init => named_init, }, { member "name" => get_field_name; };
    UNBOUND_LOCAL_ERROR "UnboundLocalError": NAME_ERROR, 80, Nothing, {  }, {  };
    OS_ERROR "OSError": EXCEPTION, 112, SystemBody, { Init => fields::init, Str => fields::system_str, }, { member "errno" => get::<0>, set::<0>; member "strerror" => get::<1>, set::<1>; member "filename" => get::<2>, set::<2>; member "filename2" => get::<3>, set::<3>; };
    FILE_NOT_FOUND_ERROR "FileNotFoundError": OS_ERROR, 112, Nothing, {  }, {  };
    REFERENCE_ERROR "ReferenceError": EXCEPTION, 72, Nothing, {  }, {  };
    RUNTIME_ERROR "RuntimeError": EXCEPTION, 72, Nothing, {  }, {  };
    NOT_IMPLEMENTED_ERROR "NotImplementedError": RUNTIME_ERROR, 72, Nothing, {  }, {  };
    RECURSION_ERROR "RecursionError": RUNTIME_ERROR, 72, Nothing, {  }, {  };
    STOP_ITERATION "StopIteration": EXCEPTION, 80, ValueBody, { Init => value_init, }, { member "value" => get_value, set_value; };
    STOP_ASYNC_ITERATION "StopAsyncIteration": EXCEPTION, 72, Nothing, {  }, {  };
    SYNTAX_ERROR "SyntaxError": EXCEPTION, 144, SyntaxBody, { Init => fields::init, Str => fields::syntax_str, }, { member "msg" => get::<0>, set::<0>; member "filename" => get::<1>, set::<1>; member "lineno" => get::<2>, set::<2>; member "offset" => get::<3>, set::<3>; member "text" => get::<4>, set::<4>; member "end_lineno" => get::<5>, set::<5>; member "end_offset" => get::<6>, set::<6>; member "print_file_and_line" => get::<7>, set::<7>; };
    INDENTATION_ERROR "IndentationError": SYNTAX_ERROR, 144, Nothing, {  }, {  };
    TAB_ERROR "TabError": INDENTATION_ERROR, 144, Nothing, {  }, {  };
    SYSTEM_ERROR "SystemError": EXCEPTION, 72, Nothing, {  }, {  };
    TYPE_ERROR "TypeError": EXCEPTION, 72, Nothing, {  }, {  };
    VALUE_ERROR "ValueError": EXCEPTION, 72, Nothing, {  }, {  };
    UNICODE_ERROR "UnicodeError": VALUE_ERROR, 72, Nothing, {  }, {  };
    UNICODE_DECODE_ERROR "UnicodeDecodeError": UNICODE_ERROR, 112, unicode::UnicodeBody, { Init => unicode::init, Str => unicode::str, }, { member "encoding" => unicode::get_encoding; member "object" => unicode::get_object; member "start" => unicode::get_start; member "end" => unicode::get_end; member "reason" => unicode::get_reason; };
    UNICODE_ENCODE_ERROR "UnicodeEncodeError": UNICODE_ERROR, 112, unicode::UnicodeBody, { Init => unicode::init, Str => unicode::str, }, { member "encoding" => unicode::get_encoding; member "object" => unicode::get_object; member "start" => unicode::get_start; member "end" => unicode::get_end; member "reason" => unicode::get_reason; };
    WARNING "Warning": EXCEPTION, 72, Nothing, {  }, {  };
    DEPRECATION_WARNING "DeprecationWarning": WARNING, 72, Nothing, {  }, {  };
    RUNTIME_WARNING "RuntimeWarning": WARNING, 72, Nothing, {  }, {  };
    RESOURCE_WARNING "ResourceWarning": WARNING, 72, Nothing, {  }, {  };
    USER_WARNING "UserWarning": WARNING, 72, Nothing, {  }, {  };
    SYNTAX_WARNING "SyntaxWarning": WARNING, 72, Nothing, {  }, {  };
}
