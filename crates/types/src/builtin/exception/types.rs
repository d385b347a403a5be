//! The built-in exception types, in the order of their hierarchy.

use super::*;
use crate::layout::{MANAGED_WEAKREF_OFFSET, Native, Storage};
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
    ($($name:ident $text:literal: $base:ident, $size:literal, $body:ty, { $($slots:tt)* }, { $($getsets:tt)* }
        $(, { $($methods:tt)* })?;)*) => {
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
                    methods { $($($methods)*)? },
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
            "__reduce__" => state::reduce,
            "__setstate__" => state::setstate,
        },
        getsets {
            "args" => get_args, put_args;
            "__dict__" => builtin::object::get_dict, builtin::object::replace_dict;
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

native_type! {
    /// The built-in `BaseExceptionGroup`.
    pub static BASE_EXCEPTION_GROUP: "BaseExceptionGroup" {
        index: index::BASE_EXCEPTION_GROUP,
        base: &builtin::BASE_EXCEPTION,
        layout: exception("BaseExceptionGroup", 96, size_of::<group::GroupBody>()),
        body: group::GroupBody,
        flags: flags::BASE | flags::COLLECTED | flags::EXCEPTION,
        doc: "Several exceptions that propagate as one.",
        slots {
            New => group::new,
            Init => exception_init,
            Repr => group::repr,
            Str => group::str,
        },
        methods {
            "derive" => split::derive_method,
            "split" => split::split_method,
            "subgroup" => split::subgroup_method,
            class "__class_getitem__" => group::class_getitem,
        },
        getsets {
            member "message" => group::get_message;
            member "exceptions" => group::get_exceptions;
        },
    }
}

native_type! {
    /// The built-in `ExceptionGroup`, which derives from Exception too.
    pub static EXCEPTION_GROUP: "ExceptionGroup" {
        index: index::EXCEPTION_GROUP,
        base: &builtin::BASE_EXCEPTION_GROUP,
        also: &builtin::EXCEPTION,
        layout: Native {
            weaklistoffset: MANAGED_WEAKREF_OFFSET,
            weakref: Storage::Managed,
            ..exception("ExceptionGroup", 96, size_of::<Nothing>())
        },
        body: Nothing,
        flags: flags::BASE | flags::COLLECTED | flags::EXCEPTION,
        slots {},
        methods {},
        getsets {},
    }
}

exceptions! {
    GENERATOR_EXIT "GeneratorExit": BASE_EXCEPTION, 72, Nothing, {  }, {  };
    KEYBOARD_INTERRUPT "KeyboardInterrupt": BASE_EXCEPTION, 72, Nothing, {  }, {  };
    SYSTEM_EXIT "SystemExit": BASE_EXCEPTION, 80, ValueBody,
    { Init => value_init, },
    {
        member "code" => get_value, set_value;
    };
    EXCEPTION "Exception": BASE_EXCEPTION, 72, Nothing, { New => exception_new, }, {  };
    ARITHMETIC_ERROR "ArithmeticError": EXCEPTION, 72, Nothing, {  }, {  };
    FLOATING_POINT_ERROR "FloatingPointError": ARITHMETIC_ERROR, 72, Nothing, {  }, {  };
    OVERFLOW_ERROR "OverflowError": ARITHMETIC_ERROR, 72, Nothing, {  }, {  };
    ZERO_DIVISION_ERROR "ZeroDivisionError": ARITHMETIC_ERROR, 72, Nothing, {  }, {  };
    ASSERTION_ERROR "AssertionError": EXCEPTION, 72, Nothing, {  }, {  };
    ATTRIBUTE_ERROR "AttributeError": EXCEPTION, 88, NamedBody,
    { Init => named_init, },
    {
        member "name" => get_field_name, set_field_name;
        member "obj" => get_field_object, set_field_object;
    },
    { "__reduce__" => state::named_reduce, "__getstate__" => state::named_getstate, };
    BUFFER_ERROR "BufferError": EXCEPTION, 72, Nothing, {  }, {  };
    EOF_ERROR "EOFError": EXCEPTION, 72, Nothing, {  }, {  };
    IMPORT_ERROR "ImportError": EXCEPTION, 104, ImportBody,
    { Init => import_error::init, Str => import_error::str, Repr => import_error::repr, },
    {
        member "msg" => import_error::get_message, import_error::set_message;
        member "name" => import_error::get_name, import_error::set_name;
        member "path" => import_error::get_path, import_error::set_path;
        member "name_from" => import_error::get_name_from, import_error::set_name_from;
    },
    { "__reduce__" => import_error::reduce, };
    IMPORT_CYCLE_ERROR "ImportCycleError": IMPORT_ERROR, 104, Nothing, {  }, {  };
    MODULE_NOT_FOUND_ERROR "ModuleNotFoundError": IMPORT_ERROR, 104, Nothing, {  }, {  };
    LOOKUP_ERROR "LookupError": EXCEPTION, 72, Nothing, {  }, {  };
    INDEX_ERROR "IndexError": LOOKUP_ERROR, 72, Nothing, {  }, {  };
    KEY_ERROR "KeyError": LOOKUP_ERROR, 72, Nothing, { Str => key_error_str, }, {  };
    MEMORY_ERROR "MemoryError": EXCEPTION, 72, Nothing, {  }, {  };
    NAME_ERROR "NameError": EXCEPTION, 80, NameBody,
    { Init => named_init, },
    {
        member "name" => get_field_name, set_field_name;
    };
    UNBOUND_LOCAL_ERROR "UnboundLocalError": NAME_ERROR, 80, Nothing, {  }, {  };
    OS_ERROR "OSError": EXCEPTION, 112, OsBody,
    { New => os_error::new, Init => os_error::init, Str => os_error::str, },
    {
        member "errno" => os_error::get_number, os_error::set_number;
        member "strerror" => os_error::get_message, os_error::set_message;
        member "filename" => os_error::get_filename, os_error::set_filename;
        member "filename2" => os_error::get_second, os_error::set_second;
        "characters_written" => os_error::get_written, os_error::set_written;
    },
    { "__reduce__" => os_error::reduce, };
    BLOCKING_IO_ERROR "BlockingIOError": OS_ERROR, 112, Nothing, {  }, {  };
    CHILD_PROCESS_ERROR "ChildProcessError": OS_ERROR, 112, Nothing, {  }, {  };
    CONNECTION_ERROR "ConnectionError": OS_ERROR, 112, Nothing, {  }, {  };
    BROKEN_PIPE_ERROR "BrokenPipeError": CONNECTION_ERROR, 112, Nothing, {  }, {  };
    CONNECTION_ABORTED_ERROR "ConnectionAbortedError": CONNECTION_ERROR, 112, Nothing, {  }, {  };
    CONNECTION_REFUSED_ERROR "ConnectionRefusedError": CONNECTION_ERROR, 112, Nothing, {  }, {  };
    CONNECTION_RESET_ERROR "ConnectionResetError": CONNECTION_ERROR, 112, Nothing, {  }, {  };
    FILE_EXISTS_ERROR "FileExistsError": OS_ERROR, 112, Nothing, {  }, {  };
    INTERRUPTED_ERROR "InterruptedError": OS_ERROR, 112, Nothing, {  }, {  };
    IS_A_DIRECTORY_ERROR "IsADirectoryError": OS_ERROR, 112, Nothing, {  }, {  };
    NOT_A_DIRECTORY_ERROR "NotADirectoryError": OS_ERROR, 112, Nothing, {  }, {  };
    PERMISSION_ERROR "PermissionError": OS_ERROR, 112, Nothing, {  }, {  };
    PROCESS_LOOKUP_ERROR "ProcessLookupError": OS_ERROR, 112, Nothing, {  }, {  };
    TIMEOUT_ERROR "TimeoutError": OS_ERROR, 112, Nothing, {  }, {  };
    FILE_NOT_FOUND_ERROR "FileNotFoundError": OS_ERROR, 112, Nothing, {  }, {  };
    REFERENCE_ERROR "ReferenceError": EXCEPTION, 72, Nothing, {  }, {  };
    RUNTIME_ERROR "RuntimeError": EXCEPTION, 72, Nothing, {  }, {  };
    PYTHON_FINALIZATION_ERROR "PythonFinalizationError": RUNTIME_ERROR, 72, Nothing, {  }, {  };
    NOT_IMPLEMENTED_ERROR "NotImplementedError": RUNTIME_ERROR, 72, Nothing, {  }, {  };
    RECURSION_ERROR "RecursionError": RUNTIME_ERROR, 72, Nothing, {  }, {  };
    STOP_ITERATION "StopIteration": EXCEPTION, 80, ValueBody,
    { Init => value_init, },
    {
        member "value" => get_value, set_value;
    };
    STOP_ASYNC_ITERATION "StopAsyncIteration": EXCEPTION, 72, Nothing, {  }, {  };
    SYNTAX_ERROR "SyntaxError": EXCEPTION, 144, SyntaxBody,
    { Init => syntax_error::init, Str => syntax_error::str, },
    {
        member "msg" => syntax_error::get_message, syntax_error::set_message;
        member "filename" => syntax_error::get_filename, syntax_error::set_filename;
        member "lineno" => syntax_error::get_line, syntax_error::set_line;
        member "offset" => syntax_error::get_offset, syntax_error::set_offset;
        member "text" => syntax_error::get_text, syntax_error::set_text;
        member "end_lineno" => syntax_error::get_end_line, syntax_error::set_end_line;
        member "end_offset" => syntax_error::get_end_offset, syntax_error::set_end_offset;
        member "print_file_and_line" => syntax_error::get_print, syntax_error::set_print;
        member "_metadata" => syntax_error::get_metadata, syntax_error::set_metadata;
    };
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
    BYTES_WARNING "BytesWarning": WARNING, 72, Nothing, {  }, {  };
    ENCODING_WARNING "EncodingWarning": WARNING, 72, Nothing, {  }, {  };
    FUTURE_WARNING "FutureWarning": WARNING, 72, Nothing, {  }, {  };
    IMPORT_WARNING "ImportWarning": WARNING, 72, Nothing, {  }, {  };
    PENDING_DEPRECATION_WARNING "PendingDeprecationWarning": WARNING, 72, Nothing, {  }, {  };
    UNICODE_WARNING "UnicodeWarning": WARNING, 72, Nothing, {  }, {  };
    UNICODE_TRANSLATE_ERROR "UnicodeTranslateError": UNICODE_ERROR, 112, unicode::UnicodeBody,
    { Init => unicode::translate_init, Str => unicode::translate_str, },
    {
        member "encoding" => unicode::get_encoding;
        member "object" => unicode::get_object;
        member "start" => unicode::get_start;
        member "end" => unicode::get_end;
        member "reason" => unicode::get_reason;
    };
    INCOMPLETE_INPUT_ERROR "_IncompleteInputError": SYNTAX_ERROR, 144, Nothing, {  }, {  };
}
