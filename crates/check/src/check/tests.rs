use std::path::Path;

use super::check;
use crate::source::Source;
use crate::target::Target;
use crate::unit::Reader;

const OLD: Target = Target::Abi3 { minor: 12 };
const NEW: Target = Target::Abi3 { minor: 15 };

/// What is found, as `line rule name`.
fn found_in(name: &str, text: &str, target: Target) -> Vec<String> {
    let source = Source::new(Path::new(name), text.as_bytes().to_vec()).unwrap();
    let reader = Reader::new(target, Vec::new());
    let unit = reader.open(source).unwrap();
    let findings = check(&unit, &reader);
    let told = findings.iter().map(|found| {
        let line = &unit.source.bytes()[found.start_byte..found.end_byte];
        assert!(!line.is_empty());
        format!("{} {} {}", found.line, found.rule.id(), found.name)
    });
    told.collect()
}

fn found(text: &str) -> Vec<String> {
    found_in("a.c", text, Target::Abi3t)
}

const NONE: [&str; 0] = [];

#[test]
fn fields_of_objects_are_told_from_those_of_other_structs() {
    let text = "struct own { int ob_type; int frame; struct own *next; };
int f(PyObject *o, PyObject **p, PyVarObject *v, struct own *s) {
    o->ob_type;
    (*p)->ob_refcnt;
    v->ob_base.ob_refcnt;
    ((PyObject *)s)->ob_type = 0;
    v->ob_size++;
    s->ob_type;
    s->frame;
    s->next->ob_type;
    PyLong_FromLong(1)->ob_type;
    \"o->ob_type\"; // o->ob_type
    unknown->ob_refcnt;
    unknown->frame;
}
#if 0
int g(PyObject *o) { return o->ob_type; }
#endif
";
    let expected = [
        "3 object-field ob_type",
        "4 object-field ob_refcnt",
        "5 object-field ob_base",
        "5 object-field ob_refcnt",
        "6 object-field ob_type",
        "7 object-field ob_size",
        "11 object-field ob_type",
        "13 object-field ob_refcnt",
    ];
    assert_eq!(found(text), expected);
    // The limited API with the GIL shows an object's head.
    assert_eq!(found_in("a.c", text, NEW), NONE);
}

#[test]
fn a_field_is_read_or_written() {
    let text =
        "void f(PyObject *o, PyVarObject *v) { v->ob_size = 1; f(v->ob_size); o->ob_type = 0; }";
    let source = Source::new(Path::new("a.c"), text.as_bytes().to_vec()).unwrap();
    let reader = Reader::new(Target::Abi3t, Vec::new());
    let unit = reader.open(source).unwrap();
    let findings = check(&unit, &reader);
    let told: Vec<_> = findings
        .iter()
        .map(|found| (found.replacement.as_deref().unwrap(), found.mechanical))
        .collect();
    let expected = [
        ("Py_SET_SIZE(v, …)", true),
        ("Py_SIZE(v)", true),
        ("the type is given when the object is made", false),
    ];
    assert_eq!(told, expected);
}

#[test]
fn fields_of_types_are_opaque_in_every_target() {
    let text = "struct own { int tp_name; };
void f(PyObject *o, PyTypeObject *t, struct own *s) {
    Py_TYPE(o)->tp_free(o);
    t->tp_as_number->nb_add(o, o);
    t->tp_dict = 0;
    s->tp_name;
    unknown->tp_flags;
}";
    let expected = [
        "3 type-field tp_free",
        "4 type-field tp_as_number",
        "4 opaque-field nb_add",
        "5 type-field tp_dict",
        "7 type-field tp_flags",
    ];
    for target in Target::ALL {
        assert_eq!(found_in("a.c", text, target), expected);
    }
}

#[test]
fn other_opaque_structs_are_known() {
    let text = "struct frame { int f_code; };
void f(PyFrameObject *f, struct frame *g, PyMethodDef *m, Py_buffer *b, PyThreadState *t) {
    f->f_code;
    g->f_code;
    m->ml_name; b->len;
    t->interp;
}";
    assert_eq!(
        found(text),
        ["3 opaque-field f_code", "6 opaque-field interp"]
    );
}

#[test]
fn structs_with_a_head_and_their_fields() {
    let text = "typedef struct {
    PyObject_HEAD
    int n;
} Thing;
struct plain { Thing *thing; int n; };
int f(Thing *t, struct plain *p, PyObject *o) {
    t->n;
    p->n;
    p->thing->n;
    ((Thing *)o)->n;
    sizeof(Thing);
    sizeof(Thing *);
    sizeof(struct plain);
    sizeof *t;
    offsetof(Thing, n);
    offsetof(struct plain, n);
}";
    let expected = [
        "1 object-struct Thing",
        "7 instance-field n",
        "9 instance-field n",
        "10 instance-field n",
        "11 opaque-size Thing",
        "14 opaque-size Thing",
        "15 instance-field n",
    ];
    assert_eq!(found(text), expected);
    assert_eq!(found_in("a.c", text, NEW), NONE);
}

#[test]
fn the_head_of_a_struct_has_no_fields_of_its_own() {
    let text = "typedef struct { PyObject_HEAD int n; } Thing;
int f(Thing *t) { return t->ob_type && t->ob_base.ob_type; }";
    assert_eq!(found_in("a.c", text, NEW), ["2 object-field ob_type"]);
}

#[test]
fn macros_that_are_part_of_a_static_type() {
    let text = "#define SHARED \\
    .tp_name = 0, \\
    .tp_free = 0
#define OTHER .ml_name = 0
static PyTypeObject T = { SHARED };";
    let expected = [
        "2 static-type SHARED",
        "5 static-type T",
        "5 macro-use SHARED",
    ];
    assert_eq!(found_in("a.c", text, NEW), expected);
}

#[test]
fn structs_that_hold_other_objects() {
    let text = "typedef struct { PyListObject list; int n; } Derived;
int f(Derived *d) { return d->n; }
struct by_value { int n; PyObject o; };
";
    let expected = [
        "1 object-struct Derived",
        "1 not-in-target PyListObject",
        "1 object-struct list",
        "2 instance-field n",
        "3 object-struct o",
    ];
    assert_eq!(found(text), expected);
    assert_eq!(found_in("a.c", text, NEW), expected[..4]);
}

#[test]
fn accessors_are_no_places() {
    let text = "void f(PyObject *o, PyObject *p) {
    Py_TYPE(o) = Py_TYPE(p);
    Py_SIZE(o) = Py_SIZE(p) = 3;
    Py_SIZE(o) += 1;
    Py_REFCNT(o)++;
    (Py_SIZE(o)) = 0;
    Py_SET_SIZE(o, 1);
    if (Py_SIZE(o) == 3) { }
    \"Py_SIZE(o) = 3\";
}";
    let expected = [
        "2 accessor-assignment Py_TYPE",
        "3 accessor-assignment Py_SIZE",
        "3 accessor-assignment Py_SIZE",
        "4 accessor-assignment Py_SIZE",
        "5 accessor-assignment Py_REFCNT",
        "6 accessor-assignment Py_SIZE",
    ];
    assert_eq!(found(text), expected);
    let own = "#define Py_SIZE(o) (((struct s *)(o))->n)\nvoid f(void *o) { Py_SIZE(o) = 1; }";
    assert_eq!(found(own), NONE);
}

#[test]
fn static_types_and_modules_are_variables() {
    let text = "static PyTypeObject Forward;
static PyTypeObject T = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = \"t\",
};
extern PyTypeObject Other;
static PyTypeObject *pointer;
PyTypeObject *make(void);
static PyNumberMethods numbers = { .nb_add = 0 };
static struct PyModuleDef module = { PyModuleDef_HEAD_INIT, };
static PyMethodDef methods[] = { {0} };
static PyType_Slot slots[] = { {0} };
";
    let expected = [
        "1 static-type Forward",
        "2 static-type T",
        "9 opaque-variable numbers",
        "9 not-in-target PyNumberMethods",
        "10 static-module module",
        "10 not-in-target PyModuleDef_HEAD_INIT",
    ];
    assert_eq!(found(text), expected);
    assert_eq!(found_in("a.c", text, OLD), expected[..4]);
}

#[test]
fn a_static_type_is_found_from_its_first_line_to_its_last() {
    let text = "int a;\nstatic PyTypeObject T = {\n    PyVarObject_HEAD_INIT(NULL, 0)\n    .tp_name = 0,\n};\n";
    let source = Source::new(Path::new("a.c"), text.as_bytes().to_vec()).unwrap();
    let reader = Reader::new(Target::Abi3t, Vec::new());
    let unit = reader.open(source).unwrap();
    let findings = check(&unit, &reader);
    let [found] = &findings[..] else {
        panic!("{findings:?}");
    };
    assert_eq!((found.line, found.column), (2, 1));
    assert_eq!((found.end_line, found.end_column), (5, 3));
}

#[test]
fn sizes_of_opaque_structs() {
    let text = "void f(PyObject *o, PyTypeObject *t) {
    sizeof(PyObject); sizeof(PyVarObject);
    sizeof(PyTypeObject);
    sizeof(PyObject *); sizeof(*t);
    sizeof(o); sizeof(Py_ssize_t); sizeof(int); sizeof(Py_buffer);
}";
    let expected = [
        "2 opaque-size PyObject",
        "2 opaque-size PyVarObject",
        "3 opaque-size PyTypeObject",
        "4 opaque-size PyTypeObject",
    ];
    assert_eq!(found(text), expected);
    assert_eq!(found_in("a.c", text, NEW), expected[2..]);
}

#[test]
fn names_outside_the_target() {
    let text = "static int PyTuple_GET_SIZE(PyObject *o) { return 0; }
void f(PyObject *o, int PyList_GET_SIZE) {
    PyTuple_GET_ITEM(o, 0);
    PyTuple_GET_SIZE(o);
    PyList_GET_SIZE;
    o = PyTuple_GetItem(o, 0);
    o->PyList_GET_ITEM;
    PyArray_Something(o);
    PyModule_Add(o, \"x\", o);
    _PyDict_SetItem_KnownHash(o, o, o, 1);
    PyString_FromString(\"PyInt_FromLong\");
    Py_TRASHCAN_SAFE_BEGIN(o)
    Py_BEGIN_ALLOW_THREADS
    PyMutex m;
}";
    let expected = [
        "3 not-in-target PyTuple_GET_ITEM",
        "9 not-in-target PyModule_Add",
        "10 removed _PyDict_SetItem_KnownHash",
        "11 removed PyString_FromString",
        "12 removed Py_TRASHCAN_SAFE_BEGIN",
        "14 not-in-target PyMutex",
        "14 opaque-variable m",
    ];
    let old = found_in("a.c", text, OLD);
    assert_eq!(old, expected);
    assert!(!found(text).contains(&expected[1].to_owned()));
}

#[test]
fn branches_for_other_pythons_are_not_looked_at() {
    let text = "#if PY_MAJOR_VERSION < 3
void f(void) { PyString_FromString(\"\"); }
#endif
#ifndef Py_LIMITED_API
void g(PyObject *o) { PyTuple_GET_ITEM(o, 0); }
#else
void h(PyObject *o) { PyList_GET_ITEM(o, 0); }
#endif
#ifdef _WIN32
void i(PyObject *o) { PyList_GET_SIZE(o); }
#endif
";
    let expected = [
        "7 not-in-target PyList_GET_ITEM",
        "10 not-in-target PyList_GET_SIZE",
    ];
    assert_eq!(found(text), expected);
}

#[test]
fn a_macro_is_told_where_it_is_defined_and_named_where_it_is_used() {
    let text = "typedef struct { PyObject_HEAD int n; } Thing;
#define COUNT(o) (((Thing *)(o))->n)
#define TYPE_OF(o) ((o)->ob_type)
#define FIELD(o) ((o)->n)
#define PLAIN(o) ((o)->n)
struct plain { int n; };
int f(PyObject *o, Thing *t, struct plain *p) {
    COUNT(o);
    TYPE_OF(o);
    FIELD(t);
    PLAIN(p);
}";
    let expected = [
        "1 object-struct Thing",
        "2 instance-field n",
        "3 object-field ob_type",
        "4 instance-field n",
        "8 macro-use COUNT",
        "9 macro-use TYPE_OF",
        "10 macro-use FIELD",
    ];
    assert_eq!(found(text), expected);
}

#[test]
fn macros_that_stand_in_themselves_end() {
    let text = "#define A(x) B(x)\n#define B(x) A(x)\n#define C C\nint f(PyObject *o) { A(o); C; }";
    assert_eq!(found(text), NONE);
}

#[test]
fn modules_for_abi3t_have_another_hook() {
    let old = "PyMODINIT_FUNC PyInit_a(void) { return 0; }";
    assert_eq!(found(old), ["1 module-hook PyInit_a"]);
    assert_eq!(found_in("a.c", old, NEW), NONE);
    assert_eq!(found("PyMODINIT_FUNC PyInit_a(void);"), NONE);
    let both = "PyMODEXPORT_FUNC PyModExport_a(void) { static PySlot s[] = {PySlot_DATA(Py_mod_abi, &abi)}; return s; }
PyMODINIT_FUNC PyInit_a(void) { return 0; }";
    assert_eq!(found(both), NONE);
    let no_abi = "PyMODEXPORT_FUNC PyModExport_a(void) { return slots; }";
    assert_eq!(found(no_abi), ["1 module-abi PyModExport_a"]);
}

#[test]
fn blocks_go_back_where_they_came_from() {
    let text = "#include <Python.h>
#include <stdlib.h>
struct s { char *text; char *other; };
void f(struct s *s) {
    char *a = PyMem_Malloc(1);
    char *b = (char *)malloc(1);
    free(a);
    free(b);
    s->text = malloc(1);
    s->other = PyMem_Malloc(1);
}
void g(struct s *s, char *a) {
    PyMem_Free(s->text);
    PyMem_Free(s->other);
    free(a);
    char *c;
    if (a) c = malloc(1); else c = PyMem_Malloc(1);
    free(c);
}";
    let expected = ["7 allocator-mix free", "13 allocator-mix PyMem_Free"];
    assert_eq!(found(text), expected);
}

#[test]
fn headers_that_python_h_brought() {
    let uses =
        "void f(void) { free(0); printf(\"\"); errno; tolower(1); memcpy(0, 0, 0); \"malloc\"; }";
    let bare = format!("#include <Python.h>\n{uses}");
    let expected = ["free", "printf", "errno", "tolower"];
    let expected = expected.map(|name| format!("2 missing-include {name}"));
    assert_eq!(found(&bare), expected);
    // 3.12's limited Python.h still has ctype.h.
    assert_eq!(found_in("a.c", &bare, OLD), expected[..3]);
    let some = format!("#include <Python.h>\n#include <stdlib.h>\n#include <errno.h>\n{uses}");
    assert_eq!(found(&some).len(), 2);
    let foreign = format!("#include <Python.h>\n#include <curl/curl.h>\n{uses}");
    assert_eq!(found(&foreign), NONE);
    let own = format!("#include <Python.h>\nvoid free(void *); int printf(char *);\n{uses}");
    assert_eq!(found(&own).len(), 2);
    assert_eq!(found(uses), NONE);
}

#[test]
fn the_order_of_ssize_t_clean() {
    let before = "#define PY_SSIZE_T_CLEAN\n#include <Python.h>\n";
    assert_eq!(found(before), NONE);
    let behind = "#include <Python.h>\n#define PY_SSIZE_T_CLEAN\n";
    assert_eq!(found(behind), ["2 ssize-t-clean PY_SSIZE_T_CLEAN"]);
    let format = "void f(PyObject *a, char *s, Py_ssize_t n) { PyArg_ParseTuple(a, \"s#:f\", &s, &n); PyArg_ParseTuple(a, \"s:#\"); }";
    assert_eq!(
        found_in("a.c", format, OLD),
        ["1 ssize-t-clean PyArg_ParseTuple"]
    );
    assert_eq!(found(format), NONE);
    assert_eq!(found_in("a.c", &format!("{before}{format}"), OLD), NONE);
}

#[test]
fn headers_outside_the_limited_api() {
    let text = "#include <Python.h>\n#include \"structmember.h\"\n#include \"internal/pycore_long.h\"\n#include <longintrepr.h>\n";
    let expected = [
        "3 not-in-target internal/pycore_long.h",
        "4 removed longintrepr.h",
    ];
    assert_eq!(found(text), expected);
}

#[test]
fn cpp_is_read_as_well() {
    let text = "namespace n {
struct Thing { PyObject_HEAD int n; int get() { return n; } };
template <typename T> int f(PyObject *o) {
    auto *t = reinterpret_cast<Thing *>(o);
    return t->n + Py_TYPE(o)->tp_itemsize;
}
}";
    let expected = [
        "2 object-struct Thing",
        "5 instance-field n",
        "5 type-field tp_itemsize",
    ];
    assert_eq!(found_in("a.cpp", text, Target::Abi3t), expected);
}

#[test]
fn accessors_are_functions_in_cpp() {
    let text = "typedef struct { PyObject_HEAD int n; } Thing;
void f(Thing *t, PyObject *o) { Py_TYPE(t); Py_TYPE(o); Py_TYPE((PyObject *)t); Py_INCREF(t); t->n(); t->m(); }";
    let expected = [
        "1 object-struct Thing",
        "2 missing-cast Py_TYPE",
        "2 instance-field n",
    ];
    assert_eq!(found_in("a.cpp", text, Target::Abi3t), expected);
    assert_eq!(found_in("a.cpp", text, OLD), NONE);
}

#[test]
fn what_cannot_be_parsed_is_looked_at_nevertheless() {
    let text = "int f(PyObject *o) { return o->ob_type @@ ; }\nint ) g(PyObject *p) { p->ob_type; }\nvoid h(PyObject *q) { q->ob_type; }";
    let lines: Vec<String> = found(text);
    assert!(
        lines.contains(&"1 object-field ob_type".to_owned()),
        "{lines:?}"
    );
    assert!(
        lines.contains(&"3 object-field ob_type".to_owned()),
        "{lines:?}"
    );
}
