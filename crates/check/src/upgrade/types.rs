//! The fields of types and of their suites, in the order of positional initializers, and the slots that stand for them.

/// What a field becomes in a specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A slot, that holds a function of that type or, with an empty one, data.
    Slot(&'static str),
    /// The suite of that type.
    Suite(&'static str),
    /// It is handled by name: `tp_name`, the sizes, the flags, the base.
    Special,
    /// The interpreter fills it.
    Filled,
}

use Way::{Filled, Slot, Special, Suite};

/// The fields of `PyTypeObject` behind its head.
pub const TYPE: &[(&str, Way)] = &[
    ("tp_name", Special),
    ("tp_basicsize", Special),
    ("tp_itemsize", Special),
    ("tp_dealloc", Slot("destructor")),
    ("tp_vectorcall_offset", Special),
    ("tp_getattr", Slot("getattrfunc")),
    ("tp_setattr", Slot("setattrfunc")),
    ("tp_as_async", Suite("PyAsyncMethods")),
    ("tp_repr", Slot("reprfunc")),
    ("tp_as_number", Suite("PyNumberMethods")),
    ("tp_as_sequence", Suite("PySequenceMethods")),
    ("tp_as_mapping", Suite("PyMappingMethods")),
    ("tp_hash", Slot("hashfunc")),
    ("tp_call", Slot("ternaryfunc")),
    ("tp_str", Slot("reprfunc")),
    ("tp_getattro", Slot("getattrofunc")),
    ("tp_setattro", Slot("setattrofunc")),
    ("tp_as_buffer", Suite("PyBufferProcs")),
    ("tp_flags", Special),
    ("tp_doc", Slot("")),
    ("tp_traverse", Slot("traverseproc")),
    ("tp_clear", Slot("inquiry")),
    ("tp_richcompare", Slot("richcmpfunc")),
    ("tp_weaklistoffset", Special),
    ("tp_iter", Slot("getiterfunc")),
    ("tp_iternext", Slot("iternextfunc")),
    ("tp_methods", Slot("")),
    ("tp_members", Special),
    ("tp_getset", Slot("")),
    ("tp_base", Special),
    ("tp_dict", Filled),
    ("tp_descr_get", Slot("descrgetfunc")),
    ("tp_descr_set", Slot("descrsetfunc")),
    ("tp_dictoffset", Special),
    ("tp_init", Slot("initproc")),
    ("tp_alloc", Slot("allocfunc")),
    ("tp_new", Slot("newfunc")),
    ("tp_free", Slot("freefunc")),
    ("tp_is_gc", Slot("inquiry")),
    ("tp_bases", Filled),
    ("tp_mro", Filled),
    ("tp_cache", Filled),
    ("tp_subclasses", Filled),
    ("tp_weaklist", Filled),
    ("tp_del", Slot("destructor")),
    ("tp_version_tag", Filled),
    ("tp_finalize", Slot("destructor")),
    ("tp_vectorcall", Special),
];

const ASYNC: &[(&str, &str)] = &[
    ("am_await", "unaryfunc"),
    ("am_aiter", "unaryfunc"),
    ("am_anext", "unaryfunc"),
    ("am_send", "sendfunc"),
];

const NUMBER: &[(&str, &str)] = &[
    ("nb_add", "binaryfunc"),
    ("nb_subtract", "binaryfunc"),
    ("nb_multiply", "binaryfunc"),
    ("nb_remainder", "binaryfunc"),
    ("nb_divmod", "binaryfunc"),
    ("nb_power", "ternaryfunc"),
    ("nb_negative", "unaryfunc"),
    ("nb_positive", "unaryfunc"),
    ("nb_absolute", "unaryfunc"),
    ("nb_bool", "inquiry"),
    ("nb_invert", "unaryfunc"),
    ("nb_lshift", "binaryfunc"),
    ("nb_rshift", "binaryfunc"),
    ("nb_and", "binaryfunc"),
    ("nb_xor", "binaryfunc"),
    ("nb_or", "binaryfunc"),
    ("nb_int", "unaryfunc"),
    ("nb_reserved", ""),
    ("nb_float", "unaryfunc"),
    ("nb_inplace_add", "binaryfunc"),
    ("nb_inplace_subtract", "binaryfunc"),
    ("nb_inplace_multiply", "binaryfunc"),
    ("nb_inplace_remainder", "binaryfunc"),
    ("nb_inplace_power", "ternaryfunc"),
    ("nb_inplace_lshift", "binaryfunc"),
    ("nb_inplace_rshift", "binaryfunc"),
    ("nb_inplace_and", "binaryfunc"),
    ("nb_inplace_xor", "binaryfunc"),
    ("nb_inplace_or", "binaryfunc"),
    ("nb_floor_divide", "binaryfunc"),
    ("nb_true_divide", "binaryfunc"),
    ("nb_inplace_floor_divide", "binaryfunc"),
    ("nb_inplace_true_divide", "binaryfunc"),
    ("nb_index", "unaryfunc"),
    ("nb_matrix_multiply", "binaryfunc"),
    ("nb_inplace_matrix_multiply", "binaryfunc"),
];

/// `was_sq_slice` and `was_sq_ass_slice` are no slots.
const SEQUENCE: &[(&str, &str)] = &[
    ("sq_length", "lenfunc"),
    ("sq_concat", "binaryfunc"),
    ("sq_repeat", "ssizeargfunc"),
    ("sq_item", "ssizeargfunc"),
    ("was_sq_slice", ""),
    ("sq_ass_item", "ssizeobjargproc"),
    ("was_sq_ass_slice", ""),
    ("sq_contains", "objobjproc"),
    ("sq_inplace_concat", "binaryfunc"),
    ("sq_inplace_repeat", "ssizeargfunc"),
];

const MAPPING: &[(&str, &str)] = &[
    ("mp_length", "lenfunc"),
    ("mp_subscript", "binaryfunc"),
    ("mp_ass_subscript", "objobjargproc"),
];

const BUFFER: &[(&str, &str)] = &[
    ("bf_getbuffer", "getbufferproc"),
    ("bf_releasebuffer", "releasebufferproc"),
];

/// The suites, by their types.
pub const SUITES: &[(&str, &[(&str, &str)])] = &[
    ("PyAsyncMethods", ASYNC),
    ("PyNumberMethods", NUMBER),
    ("PySequenceMethods", SEQUENCE),
    ("PyMappingMethods", MAPPING),
    ("PyBufferProcs", BUFFER),
];

/// The fields of a suite: each with the type of its function, or an empty one if it is no slot.
pub fn suite(name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    let found = SUITES.iter().find(|(known, _)| *known == name);
    found.map(|(_, fields)| *fields)
}

/// What a field of a type is.
pub fn type_field(name: &str) -> Option<(&'static str, Way)> {
    TYPE.iter().find(|(known, _)| *known == name).copied()
}

/// The type of the function that a field of a type or of a suite holds, if a slot stands for it.
pub fn function_type(field: &str) -> Option<&'static str> {
    if let Some((_, Slot(kind))) = type_field(field) {
        return Some(kind).filter(|kind| !kind.is_empty());
    }
    let mut fields = SUITES.iter().flat_map(|(_, fields)| fields.iter());
    let found = fields.find(|(known, _)| *known == field)?;
    Some(found.1).filter(|kind| !kind.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Api;

    #[test]
    fn every_slot_is_one_of_the_target() {
        let api = Api::new();
        let suites = SUITES.iter().flat_map(|(_, fields)| fields.iter());
        let fields = suites.filter(|(_, kind)| !kind.is_empty()).map(|row| row.0);
        let slots = TYPE.iter().filter(|(_, way)| matches!(way, Slot(_)));
        for field in fields.chain(slots.map(|row| row.0)) {
            let name = format!("Py_{field}");
            let visible = api.visible(&name, crate::target::Target::Abi3t);
            assert_eq!(visible, Some(true), "{name}");
        }
    }

    #[test]
    fn every_field_is_one_of_the_struct() {
        let api = Api::new();
        for (field, _) in TYPE {
            assert!(api.member("PyTypeObject", field).is_some(), "{field}");
        }
        for (suite, fields) in SUITES {
            for (field, _) in *fields {
                assert!(api.member(suite, field).is_some(), "{suite}.{field}");
            }
        }
    }
}
