use super::*;

const OLD: Target = Target::Abi3 { minor: 12 };
const NEW: Target = Target::Abi3 { minor: 15 };

#[test]
fn every_row_of_the_table_is_read() {
    let text = include_str!("../../data/api.tsv");
    let rows = text.lines().filter(|line| !line.starts_with('#')).count() - 1;
    let api = Api::new();
    assert_eq!(api.entries().len(), rows);
    let sorted = api
        .entries()
        .is_sorted_by_key(|entry| (entry.name, entry.kind.name()));
    assert!(sorted);
}

#[test]
fn names_are_visible_from_their_version_on() {
    let api = Api::new();
    let visible = |name, target| api.visible(name, target);
    assert_eq!(visible("PyObject_GetAttr", Target::Abi3t), Some(true));
    assert_eq!(visible("PyTuple_GET_ITEM", NEW), Some(false));
    assert_eq!(visible("PyModule_Add", OLD), Some(false));
    assert_eq!(visible("PyModule_Add", NEW), Some(true));
    assert_eq!(visible("Py_TYPE", OLD), Some(true));
    assert_eq!(visible("Py_TYPE", Target::Abi3t), Some(true));
    assert_eq!(visible("PyObject_HEAD", NEW), Some(true));
    assert_eq!(visible("PyObject_HEAD", Target::Abi3t), Some(false));
    assert_eq!(visible("malloc", NEW), None);
}

#[test]
fn members_are_visible_on_their_own() {
    let api = Api::new();
    let member = |owner, member, target| {
        let entry = api.member(owner, member)?;
        Some(entry.visible(target))
    };
    assert_eq!(member("PyObject", "ob_type", NEW), Some(true));
    assert_eq!(member("PyObject", "ob_type", Target::Abi3t), Some(false));
    assert_eq!(member("PyTypeObject", "tp_name", NEW), Some(false));
    assert_eq!(member("PyModuleDef", "m_size", NEW), Some(true));
    assert_eq!(member("PyMethodDef", "ml_name", Target::Abi3t), Some(true));
    assert_eq!(member("PyObject", "frame", NEW), None);
}

#[test]
fn tags_lead_to_their_typedefs() {
    let api = Api::new();
    assert_eq!(api.of_tag("struct _object"), Some("PyObject"));
    assert_eq!(api.of_tag("struct _typeobject"), Some("PyTypeObject"));
    assert_eq!(api.of_tag("struct stat"), None);
}
