//! The module `builtins`: the built-in types by their names, and the functions.

mod attributes;
pub mod build_class;
mod code;
mod numbers;
mod print;
mod sequences;
mod texts;

use super::{define, functions};
use crate::{Context, Object, Result, State};
use mortice_types::native::Method;

/// Built-in types of the module `builtins` that have no name in it.
static NAMELESS: &[&str] = &[
    "NoneType",
    "NotImplementedType",
    "ellipsis",
    "function",
    "method",
    "cell",
    "module",
    "mappingproxy",
    "builtin_function_or_method",
    "wrapper_descriptor",
    "method-wrapper",
    "method_descriptor",
    "classmethod_descriptor",
    "getset_descriptor",
    "member_descriptor",
    "traceback",
    "iterator",
    "callable_iterator",
    "managedbuffer",
    "_buffer_wrapper",
    "memory_iterator",
    "generator",
    "frame",
    "code",
    "str_iterator",
    "str_ascii_iterator",
    "bytes_iterator",
    "bytearray_iterator",
    "list_iterator",
    "list_reverseiterator",
    "tuple_iterator",
    "range_iterator",
    "longrange_iterator",
    "set_iterator",
    "dict_keys",
    "dict_values",
    "dict_items",
    "dict_keyiterator",
    "dict_valueiterator",
    "dict_itemiterator",
    "dict_reversekeyiterator",
    "dict_reversevalueiterator",
    "dict_reverseitemiterator",
];

static FUNCTIONS: &[Method] = functions! {
    "__build_class__" => build_class::build_class,
    "__import__" => code::import,
    "abs" => numbers::abs,
    "all" => sequences::all,
    "any" => sequences::any,
    "ascii" => texts::ascii,
    "bin" => numbers::bin,
    "callable" => attributes::callable,
    "chr" => texts::chr,
    "compile" => code::compile,
    "delattr" => attributes::delattr,
    "dir" => attributes::dir,
    "divmod" => numbers::divmod,
    "eval" => code::eval,
    "exec" => code::exec,
    "format" => texts::format,
    "getattr" => attributes::getattr,
    "globals" => code::globals,
    "hasattr" => attributes::hasattr,
    "hash" => attributes::hash,
    "hex" => numbers::hex,
    "id" => attributes::id,
    "isinstance" => attributes::isinstance,
    "issubclass" => attributes::issubclass,
    "iter" => sequences::iter,
    "len" => sequences::len,
    "locals" => code::locals,
    "max" => sequences::max,
    "min" => sequences::min,
    "next" => sequences::next,
    "oct" => numbers::oct,
    "ord" => texts::ord,
    "pow" => numbers::pow,
    "print" => print::print,
    "repr" => texts::repr,
    "round" => numbers::round,
    "setattr" => attributes::setattr,
    "sorted" => sequences::sorted,
    "sum" => sequences::sum,
    "vars" => attributes::vars,
};

/// Makes the module.
pub(crate) fn make(cx: &Context, state: &State) -> Result<Object> {
    let module = super::with_functions(cx, "builtins", FUNCTIONS)?;
    define(cx, &module, "None", cx.none())?;
    define(cx, &module, "Ellipsis", cx.ellipsis())?;
    define(cx, &module, "NotImplemented", cx.not_implemented())?;
    define(cx, &module, "False", cx.bool(false))?;
    define(cx, &module, "True", cx.bool(true))?;
    for native in state.evaluator.tables.iter().copied().flatten() {
        if native.module == "builtins" && !NAMELESS.contains(&native.name) {
            define(cx, &module, native.name, cx.builtin(native).into_object())?;
        }
    }
    if let Some(os_error) = super::get(cx, &module, "OSError") {
        define(cx, &module, "EnvironmentError", os_error.clone())?;
        define(cx, &module, "IOError", os_error)?;
    }
    define(cx, &module, "__debug__", cx.bool(true))?;
    Ok(module)
}
