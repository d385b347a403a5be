//! The native part of the module `types`: the built-in types by the names that it gives them.

use super::define;
use crate::{Context, Object, Result, State};
use mortice_types::builtin::module::new_module;

/// Name in the module, and the type's own name.
static NAMES: &[(&str, &str)] = &[
    ("BuiltinFunctionType", "builtin_function_or_method"),
    ("BuiltinMethodType", "builtin_function_or_method"),
    ("CellType", "cell"),
    ("ClassMethodDescriptorType", "classmethod_descriptor"),
    ("CodeType", "code"),
    ("EllipsisType", "ellipsis"),
    ("FrameType", "frame"),
    ("FunctionType", "function"),
    ("GeneratorType", "generator"),
    ("GenericAlias", "GenericAlias"),
    ("GetSetDescriptorType", "getset_descriptor"),
    ("LambdaType", "function"),
    ("MappingProxyType", "mappingproxy"),
    ("MemberDescriptorType", "member_descriptor"),
    ("MethodDescriptorType", "method_descriptor"),
    ("MethodType", "method"),
    ("MethodWrapperType", "method-wrapper"),
    ("ModuleType", "module"),
    ("NoneType", "NoneType"),
    ("NotImplementedType", "NotImplementedType"),
    ("SimpleNamespace", "SimpleNamespace"),
    ("TracebackType", "traceback"),
    ("UnionType", "Union"),
    ("WrapperDescriptorType", "wrapper_descriptor"),
];

/// Makes the module `_types`.
pub(super) fn make(cx: &Context) -> Result<Object> {
    let module = new_module(cx, "_types")?;
    let tables = State::of(cx)?.evaluator.tables;
    for (name, own_name) in NAMES {
        let native = tables.iter().copied().flatten().find(|native| {
            // `types.GenericAlias` and its like carry their module in the name's table entry.
            native.name == *own_name || native.name.rsplit('.').next() == Some(own_name)
        });
        // A type that this runtime does not have is missing, as an attribute that does not exist.
        if let Some(native) = native {
            define(cx, &module, name, cx.builtin(native).into_object())?;
        }
    }
    Ok(module)
}
