//! The built-in types, one file each.

pub mod bytearray;
pub mod bytes;
pub mod cell;
pub mod checks;
pub mod class_method;
pub mod codec;
pub mod complex;
pub mod copying;
pub mod dict;
pub mod exception;
pub mod float;
pub mod format_spec;
pub mod function;
pub mod generic_alias;
pub mod int;
pub mod iterator;
pub mod list;
pub mod mapping_proxy;
pub mod memory_view;
pub mod method;
pub mod module;
pub mod namespace;
pub mod object;
pub mod property;
pub mod proxy;
pub mod range;
pub mod reduce;
pub mod sequence;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod static_method;
pub mod string;
pub mod super_object;
pub mod traceback;
pub mod tuple;
pub mod type_object;
pub mod union;
pub mod weakref;

use crate::NativeType;
pub use crate::descriptor::{
    BUILTIN, CLASSMETHOD_DESCRIPTOR, GETSET_DESCRIPTOR, MEMBER_DESCRIPTOR, METHOD_DESCRIPTOR,
    METHOD_WRAPPER, WRAPPER_DESCRIPTOR,
};
pub use bytearray::{BYTEARRAY, BYTEARRAY_ITERATOR};
pub use bytes::{BYTES, BYTES_ITERATOR};
pub use cell::CELL;
pub use class_method::CLASSMETHOD;
pub use complex::COMPLEX;
pub use dict::{
    DICT, DICT_ITEM_ITERATOR, DICT_ITEMS, DICT_KEY_ITERATOR, DICT_KEYS, DICT_REVERSE_ITEM_ITERATOR,
    DICT_REVERSE_KEY_ITERATOR, DICT_REVERSE_VALUE_ITERATOR, DICT_VALUE_ITERATOR, DICT_VALUES,
};
pub use exception::types::*;
pub use float::FLOAT;
pub use function::FUNCTION;
pub use generic_alias::GENERIC_ALIAS;
pub use int::{BOOL, INT};
pub use iterator::SEQUENCE_ITERATOR;
pub use iterator::callable::CALLABLE_ITERATOR;
pub use iterator::enumerate::ENUMERATE;
pub use iterator::filter::FILTER;
pub use iterator::map::MAP;
pub use iterator::reversed::REVERSED;
pub use iterator::zip::ZIP;
pub use list::LIST;
pub use list::iterator::{LIST_ITERATOR, LIST_REVERSE_ITERATOR};
pub use mapping_proxy::MAPPINGPROXY;
pub use memory_view::{BUFFER_WRAPPER, MANAGED_BUFFER, MEMORY_ITERATOR, MEMORYVIEW};
pub use method::METHOD;
pub use module::MODULE;
pub use namespace::NAMESPACE;
pub use object::OBJECT;
pub use property::PROPERTY;
pub use proxy::{WEAKCALLABLEPROXY, WEAKPROXY};
pub use range::{LONG_RANGE_ITERATOR, RANGE, RANGE_ITERATOR};
pub use set::{FROZENSET, SET, SET_ITERATOR};
pub use singletons::{ELLIPSIS_TYPE, NONE_TYPE, NOT_IMPLEMENTED_TYPE};
pub use slice::SLICE;
pub use static_method::STATICMETHOD;
pub use string::{STR, STR_ITERATOR};
pub use super_object::SUPER;
pub use traceback::TRACEBACK;
pub use tuple::{TUPLE, TUPLE_ITERATOR};
pub use type_object::TYPE;
pub use union::UNION_TYPE;
pub use weakref::WEAKREF;

/// The types of this crate, bases before what derives from them.
pub static TYPES: &[&NativeType] = &[
    &OBJECT,
    &TYPE,
    &NONE_TYPE,
    &NOT_IMPLEMENTED_TYPE,
    &ELLIPSIS_TYPE,
    &INT,
    &BOOL,
    &FLOAT,
    &COMPLEX,
    &STR,
    &STR_ITERATOR,
    &BYTES,
    &BYTES_ITERATOR,
    &BYTEARRAY,
    &BYTEARRAY_ITERATOR,
    &MEMORYVIEW,
    &MANAGED_BUFFER,
    &BUFFER_WRAPPER,
    &MEMORY_ITERATOR,
    &TUPLE,
    &TUPLE_ITERATOR,
    &LIST,
    &LIST_ITERATOR,
    &LIST_REVERSE_ITERATOR,
    &DICT,
    &SLICE,
    &RANGE,
    &RANGE_ITERATOR,
    &LONG_RANGE_ITERATOR,
    &DICT_KEYS,
    &DICT_VALUES,
    &DICT_ITEMS,
    &DICT_KEY_ITERATOR,
    &DICT_VALUE_ITERATOR,
    &DICT_ITEM_ITERATOR,
    &DICT_REVERSE_KEY_ITERATOR,
    &DICT_REVERSE_VALUE_ITERATOR,
    &DICT_REVERSE_ITEM_ITERATOR,
    &SET,
    &FROZENSET,
    &SET_ITERATOR,
    &PROPERTY,
    &STATICMETHOD,
    &CLASSMETHOD,
    &SUPER,
    &FUNCTION,
    &METHOD,
    &CELL,
    &MODULE,
    &MAPPINGPROXY,
    &BUILTIN,
    &WRAPPER_DESCRIPTOR,
    &METHOD_WRAPPER,
    &METHOD_DESCRIPTOR,
    &CLASSMETHOD_DESCRIPTOR,
    &GETSET_DESCRIPTOR,
    &MEMBER_DESCRIPTOR,
    &WEAKREF,
    &WEAKPROXY,
    &WEAKCALLABLEPROXY,
    &GENERIC_ALIAS,
    &UNION_TYPE,
    &NAMESPACE,
    &SEQUENCE_ITERATOR,
    &CALLABLE_ITERATOR,
    &ENUMERATE,
    &REVERSED,
    &ZIP,
    &MAP,
    &FILTER,
    &TRACEBACK,
    // The exceptions, in the order of their hierarchy.
    &BASE_EXCEPTION,
    &GENERATOR_EXIT,
    &KEYBOARD_INTERRUPT,
    &SYSTEM_EXIT,
    &EXCEPTION,
    &BASE_EXCEPTION_GROUP,
    &EXCEPTION_GROUP,
    &ARITHMETIC_ERROR,
    &FLOATING_POINT_ERROR,
    &OVERFLOW_ERROR,
    &ZERO_DIVISION_ERROR,
    &ASSERTION_ERROR,
    &ATTRIBUTE_ERROR,
    &BUFFER_ERROR,
    &EOF_ERROR,
    &IMPORT_ERROR,
    &IMPORT_CYCLE_ERROR,
    &MODULE_NOT_FOUND_ERROR,
    &LOOKUP_ERROR,
    &INDEX_ERROR,
    &KEY_ERROR,
    &MEMORY_ERROR,
    &NAME_ERROR,
    &UNBOUND_LOCAL_ERROR,
    &OS_ERROR,
    &BLOCKING_IO_ERROR,
    &CHILD_PROCESS_ERROR,
    &CONNECTION_ERROR,
    &BROKEN_PIPE_ERROR,
    &CONNECTION_ABORTED_ERROR,
    &CONNECTION_REFUSED_ERROR,
    &CONNECTION_RESET_ERROR,
    &FILE_EXISTS_ERROR,
    &FILE_NOT_FOUND_ERROR,
    &INTERRUPTED_ERROR,
    &IS_A_DIRECTORY_ERROR,
    &NOT_A_DIRECTORY_ERROR,
    &PERMISSION_ERROR,
    &PROCESS_LOOKUP_ERROR,
    &TIMEOUT_ERROR,
    &REFERENCE_ERROR,
    &RUNTIME_ERROR,
    &PYTHON_FINALIZATION_ERROR,
    &NOT_IMPLEMENTED_ERROR,
    &RECURSION_ERROR,
    &STOP_ITERATION,
    &STOP_ASYNC_ITERATION,
    &SYNTAX_ERROR,
    &INDENTATION_ERROR,
    &TAB_ERROR,
    &SYSTEM_ERROR,
    &TYPE_ERROR,
    &VALUE_ERROR,
    &UNICODE_ERROR,
    &UNICODE_DECODE_ERROR,
    &UNICODE_ENCODE_ERROR,
    &WARNING,
    &DEPRECATION_WARNING,
    &RUNTIME_WARNING,
    &RESOURCE_WARNING,
    &USER_WARNING,
    &SYNTAX_WARNING,
    &BYTES_WARNING,
    &ENCODING_WARNING,
    &FUTURE_WARNING,
    &IMPORT_WARNING,
    &PENDING_DEPRECATION_WARNING,
    &UNICODE_WARNING,
    &UNICODE_TRANSLATE_ERROR,
    &INCOMPLETE_INPUT_ERROR,
    &crate::raw::COMPANION,
    &crate::raw::TOKEN,
];
