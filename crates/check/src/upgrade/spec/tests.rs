//! What becomes of static types, and which are left.

use super::super::Goal;
use super::super::tests::upgraded;

fn run(text: &str) -> (String, Vec<String>) {
    upgraded("a.c", text, Goal::Abi3t)
}

const HEAD: &str =
    "#include <Python.h>\ntypedef struct { PyObject_HEAD PyObject *o; PyObject *w; } A;\n";

#[test]
fn suites_become_slots_and_the_type_is_given_back() {
    let text = format!(
        "{HEAD}static Py_ssize_t len(A *a) {{ return 0; }}\n\
         static PySequenceMethods seq = {{ (lenfunc)len, 0 }};\n\
         static void drop(A *a) {{\n    Py_TYPE(a)->tp_free(a);\n}}\n\
         static int go(A *a, visitproc visit, void *arg) {{\n    Py_VISIT(a->o);\n    return 0;\n}}\n\
         static PyTypeObject T = {{ PyVarObject_HEAD_INIT(NULL, 0) \"a.A\", sizeof(A), 0, (destructor)drop,\n\
         .tp_as_sequence = &seq, .tp_traverse = (traverseproc)go, .tp_weaklistoffset = offsetof(A, w) }};\n\
         int f(PyObject *m) {{ T.tp_base = &PyDict_Type; if (PyType_Ready(&T) < 0) return -1;\n\
         Py_INCREF(&T); return PyModule_AddObject(m, \"A\", (PyObject *)&T); }}\n"
    );
    let (text, left) = run(&text);
    assert_eq!(left, Vec::<String>::new());
    let wanted = [
        "{Py_tp_dealloc, (void *)drop},\n    {Py_sq_length, (void *)len},\n    {Py_tp_traverse, (void *)go},\n    {Py_tp_members, (void *)T_members},",
        "{\"__weaklistoffset__\", Py_T_PYSSIZET, offsetof(AData, w), Py_READONLY | Py_RELATIVE_OFFSET, NULL},",
        "((freefunc)PyType_GetSlot(type, Py_tp_free))(a);\n        Py_DECREF((PyObject *)type);",
        "Py_VISIT(Py_TYPE((PyObject *)a));",
        "PyType_FromSpecWithBases(&T_spec, (PyObject *)&PyDict_Type);",
        "if (T_ready() < 0) return -1;",
        "Py_INCREF((PyObject *)T); return PyModule_AddObject(m, \"A\", (PyObject *)T);",
    ];
    for wanted in wanted {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    assert!(!text.contains("PySequenceMethods"));
    assert!(
        !text.contains("DISALLOW_INSTANTIATION"),
        "dict has a tp_new"
    );
}

#[test]
fn a_type_without_new_makes_no_instances() {
    let text = "#include <Python.h>\nstatic PyTypeObject T = { PyVarObject_HEAD_INIT(NULL, 0) \"T\", sizeof(PyObject) };\n\
                int f(void) { return PyType_Ready(&T); }\n";
    let (text, left) = run(text);
    assert_eq!(left, Vec::<String>::new());
    let flags =
        "Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,";
    assert!(text.contains(flags), "{text}");
    assert!(text.contains("int f(void) { return T_ready(); }"));
    assert!(
        text.contains("    \"builtins.T\",\n"),
        "the module that it had"
    );
}

#[test]
fn a_function_of_two_types_leaves_both() {
    let text = "#include <Python.h>\nstatic void drop(PyObject *o) { Py_TYPE(o)->tp_free(o); }\n\
                static PyTypeObject T = { PyVarObject_HEAD_INIT(NULL, 0) \"a.T\", sizeof(PyObject), 0, drop };\n\
                static PyTypeObject U = { PyVarObject_HEAD_INIT(NULL, 0) \"a.U\", sizeof(PyObject), 0, drop };\n\
                int f(void) { return PyType_Ready(&T) | PyType_Ready(&U); }\n";
    let (changed, left) = run(text);
    assert!(
        changed.contains("PyType_Ready(&T) | PyType_Ready(&U)"),
        "{changed}"
    );
    assert!(!changed.contains("Py_DECREF"), "{changed}");
    let stays = "type `T` stays: its tp_dealloc is that of `U` as well";
    assert!(left.iter().any(|left| left.ends_with(stays)), "{left:?}");
}

#[test]
fn a_type_is_made_ready_behind_its_definition() {
    let text = "#include <Python.h>\nstatic PyTypeObject T;\nint f(void) { return PyType_Ready(&T); }\n\
                static PyTypeObject T = { PyVarObject_HEAD_INIT(NULL, 0) \"a.T\", sizeof(PyObject) };\n";
    let (changed, left) = run(text);
    assert_eq!(changed, text);
    let stays = "it is made ready before it is defined";
    assert!(left.iter().any(|left| left.ends_with(stays)), "{left:?}");
}

#[test]
fn what_is_not_understood_leaves_the_type() {
    let type_ = |fields: &str, rest: &str| {
        format!(
            "{HEAD}static PyTypeObject T = {{ PyVarObject_HEAD_INIT(NULL, 0) \"a.A\", sizeof(A), {fields} }};\n\
             int f(void) {{ return PyType_Ready(&T); }}\n{rest}\n"
        )
    };
    let texts = [
        (type_("sizeof(int)", ""), "its instances differ in size"),
        (
            type_("0, drop", ""),
            "its tp_dealloc is no function of this file",
        ),
        (type_(".tp_dict = d", ""), "`tp_dict` is set"),
        (
            type_(".tp_as_number = &n", ""),
            "`tp_as_number` is no variable of this file",
        ),
        (
            type_("0", "PyTypeObject *all[] = { &T };"),
            "its address is an initial value",
        ),
        (
            type_("0", "char *g(void) { return T.tp_name; }"),
            "its field `tp_name` is used",
        ),
        (
            type_("0", "int T_slots;"),
            "`T_slots` is the name of something else",
        ),
        (
            type_("0", "").replace("static ", ""),
            "other files may use it",
        ),
        (
            type_("0", "").replace("Ready", "Modified"),
            "no PyType_Ready of it is seen",
        ),
    ];
    for (text, reason) in texts {
        let (changed, left) = run(&text);
        assert_eq!(changed, text);
        assert!(left.iter().any(|left| left.ends_with(reason)), "{left:?}");
        assert!(
            left.iter().any(|left| left.contains("struct `A` stays")),
            "{left:?}"
        );
    }
}
