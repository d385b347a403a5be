use std::path::Path;

use super::*;

/// The text that comes of one, and what was left: `line:column rule: reason`.
pub fn upgraded(name: &str, text: &str, goal: Goal) -> (String, Vec<String>) {
    let first = upgrade(name, text, goal);
    let told = |left: &Remaining| {
        let (line, column) = left.before;
        format!("{line}:{column} {}: {}", left.rule, left.reason)
    };
    let remaining = first.remaining.iter().map(told).collect();
    let changed = String::from_utf8(first.text).unwrap();
    let second = upgrade(name, &changed, goal);
    let again = String::from_utf8(second.text).unwrap();
    assert_eq!(again, changed, "a second run changes something");
    assert_eq!(second.counts, BTreeMap::new());
    (changed, remaining)
}

fn upgrade(name: &str, text: &str, goal: Goal) -> Upgraded {
    let source = Source::new(Path::new(name), text.as_bytes().to_vec()).unwrap();
    let reader = Reader::new(goal.target(), Vec::new());
    upgrade_source(source, &reader, goal).unwrap()
}

const HEAD: &str = "#include <Python.h>\n";
const COMPAT: &str = "#include <Python.h>\n#include \"mortice_compat.h\"\n";

/// Checks what comes of a text behind the include of Python.h, with nothing left.
fn becomes(before: &str, after: &str) {
    let (text, remaining) = upgraded("a.c", &format!("{HEAD}{before}"), Goal::Cpython312);
    let text = text.strip_prefix(COMPAT).or(text.strip_prefix(HEAD));
    assert_eq!(text, Some(after), "of {before}");
    assert_eq!(remaining, Vec::<String>::new(), "of {before}");
}

/// As above, for statements of a function with some variables.
fn statements(before: &str, after: &str) {
    let around = |text: &str| {
        format!(
            "typedef struct {{ PyObject_HEAD int a; }} Own;\n\
             typedef struct {{ PyObject_VAR_HEAD char *ob_item; }} Many;\n\
             struct other {{ int ob_type, ob_size, frame, interp; }};\n\
             PyObject *make(void);\nPyTypeObject Own_Type;\n\
             PyObject *f(PyObject *o, PyObject **p, Own *own, Many *many, struct other *t, PyTypeObject *type, int n)\n\
             {{\n    {text}\n}}\n"
        )
    };
    becomes(&around(before), &around(after));
}

fn stays(text: &str) {
    statements(text, text);
}

/// What is left of statements, whose text stays.
fn left(text: &str) -> Vec<String> {
    let whole = format!("{HEAD}PyObject *make(void);\nvoid f(PyObject *o, int n) {{\n{text}\n}}\n");
    let (changed, remaining) = upgraded("a.c", &whole, Goal::Cpython312);
    assert_eq!(changed, whole);
    remaining
}

#[test]
fn what_needs_nothing_stays() {
    let text =
        "#include <Python.h>\n/* x->ob_type */\nint f(PyObject *x) { return x == Py_None; }\n";
    for goal in Goal::ALL {
        assert_eq!(upgraded("a.c", text, goal), (text.to_owned(), Vec::new()));
    }
}

#[test]
fn goals_are_read_by_their_names() {
    for goal in Goal::ALL {
        assert_eq!(goal.to_string().parse::<Goal>().unwrap(), goal);
    }
    assert!("3.9".parse::<Goal>().is_err());
}

#[test]
fn fields_are_read_by_accessors() {
    statements("return o->ob_type->tp_name;", "return Py_TYPE(o)->tp_name;");
    statements("return (*p)->ob_type;", "return Py_TYPE(*p);");
    statements("return (*o).ob_type;", "return Py_TYPE(o);");
    statements(
        "return ((PyObject *)own)->ob_type;",
        "return Py_TYPE((PyObject *)own);",
    );
    statements("return make()->ob_refcnt;", "return Py_REFCNT(make());");
    statements(
        "return o->ob_type->ob_base.ob_size;",
        "return Py_SIZE(Py_TYPE(o));",
    );
    statements(
        "return own->ob_base.ob_refcnt + 1;",
        "return Py_REFCNT(own) + 1;",
    );
    statements(
        "return many->ob_base.ob_base.ob_type;",
        "return Py_TYPE(many);",
    );
    statements("return many->ob_base.ob_size;", "return Py_SIZE(many);");
    statements(
        "return Own_Type.ob_base.ob_base.ob_type;",
        "return Py_TYPE(&Own_Type);",
    );
}

#[test]
fn fields_of_other_structs_strings_and_comments_stay() {
    stays("return t->ob_type + t->ob_size + t->frame + t->interp;");
    stays("return \"o->ob_type\" /* o->ob_type = x */ + 'x'; // o->ob_type");
    stays("n = unknown->frame;");
    stays("n = many->ob_item[0];");
    let two = "#include <Python.h>\ntypedef struct { PyObject_HEAD Py_ssize_t ob_size; } Own;\n\
               int f(Own *o) { return o->ob_size; }\n";
    assert_eq!(upgraded("a.c", two, Goal::Cpython312).0, two);
}

#[test]
fn addresses_of_fields_are_left() {
    let expected = ["4:9 accessor: the address of an object's field is taken"];
    assert_eq!(left("use_it(&o->ob_refcnt);").len(), 1);
    assert_eq!(left("  use(&(o->ob_type));"), expected);
}

#[test]
fn assignments_become_setters() {
    statements("Py_TYPE(o) = type;", "Py_SET_TYPE(o, type);");
    statements(
        "Py_TYPE(o) = Py_TYPE(own); Py_TYPE(own) = type;",
        "Py_SET_TYPE(o, Py_TYPE(own)); Py_SET_TYPE(own, type);",
    );
    statements(
        "((PyObject *)own)->ob_type = type;",
        "Py_SET_TYPE((PyObject *)own, type);",
    );
    statements("o->ob_refcnt = 1;", "Py_SET_REFCNT(o, 1);");
    statements(
        "Own_Type.ob_base.ob_base.ob_type = &PyType_Type;",
        "Py_SET_TYPE(&Own_Type, &PyType_Type);",
    );
    statements(
        "Py_SIZE(many) = /* all */ n;",
        "Py_SET_SIZE(many, /* all */ n);",
    );
    statements(
        "if (n) Py_SIZE(many) = 1; else Py_SIZE(many) = 2;",
        "if (n) Py_SET_SIZE(many, 1); else Py_SET_SIZE(many, 2);",
    );
    statements("Py_TYPE(o) = o->ob_type;", "Py_SET_TYPE(o, Py_TYPE(o));");
}

#[test]
fn chains_and_values_keep_their_meaning() {
    statements(
        "Py_SIZE(o) = Py_SIZE(many) = 3;",
        "Py_SET_SIZE(many, 3); Py_SET_SIZE(o, 3);",
    );
    statements(
        "if (n) Py_SIZE(o) = Py_SIZE(many) = 3;",
        "if (n) Py_SET_SIZE(many, 3), Py_SET_SIZE(o, 3);",
    );
    statements(
        "Py_SIZE(o) = Py_SIZE(many) = n + 1;",
        "Py_SET_SIZE(many, n + 1); Py_SET_SIZE(o, Py_SIZE(many));",
    );
    statements(
        "n = Py_SIZE(many) = n * 2;",
        "n = (Py_SET_SIZE(many, n * 2), Py_SIZE(many));",
    );
    statements(
        "if ((Py_SIZE(o) = n)) n++;",
        "if ((Py_SET_SIZE(o, n), n)) n++;",
    );
    statements(
        "for (Py_SIZE(o) = 0; n; n--) ;",
        "for (Py_SET_SIZE(o, 0); n; n--) ;",
    );
}

#[test]
fn compound_assignments_and_steps_become_setters() {
    statements(
        "Py_SIZE(many) += n;",
        "Py_SET_SIZE(many, Py_SIZE(many) + n);",
    );
    statements(
        "Py_SIZE(many) -= n - 1;",
        "Py_SET_SIZE(many, Py_SIZE(many) - (n - 1));",
    );
    statements(
        "many->ob_base.ob_size++;",
        "Py_SET_SIZE(many, Py_SIZE(many) + 1);",
    );
    statements("--Py_SIZE(many);", "Py_SET_SIZE(many, Py_SIZE(many) - 1);");
    statements(
        "n = Py_SIZE(many)++;",
        "n = (Py_SET_SIZE(many, Py_SIZE(many) + 1), Py_SIZE(many) - 1);",
    );
    statements(
        "n = ++Py_SIZE(many);",
        "n = (Py_SET_SIZE(many, Py_SIZE(many) + 1), Py_SIZE(many));",
    );
    statements("o->ob_refcnt++;", "Py_INCREF(o);");
    statements("Py_REFCNT(o)--;", "Py_SET_REFCNT(o, Py_REFCNT(o) - 1);");
    let expected = [
        "4:1 accessor-assignment: `Py_SIZE(make())` is assigned to (instead: Py_SET_SIZE(make(), …))",
        "4:1 setter: the object would be evaluated twice",
    ];
    assert_eq!(left("Py_SIZE(make()) += 2;"), expected);
}

#[test]
fn macros_of_the_source_are_changed_where_they_are_defined() {
    becomes(
        "#define KIND(x) ((x)->ob_type)\n#define SET(x, n) \\\n    Py_SIZE(x) = (n)\n",
        "#define KIND(x) (Py_TYPE(x))\n#define SET(x, n) \\\n    Py_SET_SIZE(x, (n))\n",
    );
    // What is evaluated once stays so.
    let text = "#include <Python.h>\n#define MORE(x) Py_SIZE(x) += 1\n";
    let (same, remaining) = upgraded("a.c", text, Goal::Cpython312);
    assert_eq!(same, text);
    assert!(
        remaining
            .iter()
            .any(|left| left.contains("evaluated twice")),
        "{remaining:?}"
    );
}

#[test]
fn references_are_made_where_they_are_used() {
    statements("Py_INCREF(o);\n    return o;", "return Py_NewRef(o);");
    statements(
        "Py_INCREF(own);\n    return (PyObject *)own;",
        "return Py_NewRef((PyObject *)own);",
    );
    statements("Py_XINCREF(o); *p = o;", "*p = Py_XNewRef(o);");
    statements("Py_INCREF(Py_None); return Py_None;", "Py_RETURN_NONE;");
    statements(
        "Py_INCREF(Py_None); *p = Py_None;",
        "*p = Py_NewRef(Py_None);",
    );
}

#[test]
fn references_stay_where_something_would_be_lost() {
    stays("Py_INCREF(o); /* ours */ return o;");
    stays("Py_INCREF(o);\n#ifdef DEBUG\n    check();\n#endif\n    return o;");
    stays("Py_INCREF(o); return *p;");
    stays("if (n) Py_INCREF(o); return o;");
    stays("Py_INCREF(make()); return make();");
    stays("own->a = 1; Py_INCREF(own); Own *other = own; return 0;");
    let other = "#include <Python.h>\nint f(PyObject *o) { Py_INCREF(o); return o; }\n";
    assert_eq!(upgraded("a.c", other, Goal::Cpython312).0, other);
}

#[test]
fn names_of_allocators_and_removed_functions_are_those_of_today() {
    statements("PyObject_DEL(o);", "PyObject_Free(o);");
    statements(
        "own = PyObject_NEW(Own, type);",
        "own = PyObject_New(Own, type);",
    );
    statements("PyMem_DEL(many->ob_item);", "PyMem_Free(many->ob_item);");
    statements(
        "type->tp_free = PyObject_DEL;",
        "type->tp_free = PyObject_Free;",
    );
    statements(
        "return PyEval_CallObject(o, NULL);",
        "return PyObject_CallObject(o, NULL);",
    );
    statements(
        "return PyEval_CallObjectWithKeywords(o, (*p), NULL);",
        "return PyObject_CallObject(o, (*p));",
    );
    statements(
        "return _PyObject_CallNoArg(o);",
        "return PyObject_CallNoArgs(o);",
    );
    let own = "#define PyMem_DEL(x) release(x)\nvoid f(void *x) { PyMem_DEL(x); }\n";
    becomes(own, own);
    let keywords = "return PyEval_CallObjectWithKeywords(o, o, o);";
    assert_eq!(left(keywords).len(), 2);
}

#[test]
fn fields_of_frames_are_read_by_functions() {
    becomes(
        "PyObject *f(PyFrameObject *f, PyThreadState *t) { g(f->f_lineno, t->interp); return f->f_back->f_globals; }\n",
        "PyObject *f(PyFrameObject *f, PyThreadState *t) { g(PyFrame_GetLineNumber(f), PyThreadState_GetInterpreter(t)); \
         return MORTICE_FRAME_GLOBALS(MORTICE_FRAME_BACK(f)); }\n",
    );
    let text =
        "#include <Python.h>\nvoid f(PyFrameObject *f) { f->f_lineno = 1; g(f->f_valuestack); }\n";
    let expected = [
        "2:28 frame-field: `f_lineno` of PyFrameObject is stored into",
        "2:47 frame-field: `f_valuestack` of PyFrameObject is gone",
    ];
    let (same, remaining) = upgraded("a.c", text, Goal::Cpython312);
    assert_eq!(
        (&*same, remaining),
        (text, expected.map(str::to_owned).to_vec())
    );
}

#[test]
fn trashcans_know_their_function() {
    becomes(
        "static void\nfree_it(PyObject *o)\n{\n    Py_TRASHCAN_SAFE_BEGIN(o)\n    go(o);\n    Py_TRASHCAN_SAFE_END(o);\n}\n",
        "static void\nfree_it(PyObject *o)\n{\n    Py_TRASHCAN_BEGIN(o, free_it)\n    go(o);\n    Py_TRASHCAN_END;\n}\n",
    );
}

#[test]
fn the_header_is_included_behind_python_h_once() {
    let body = "void f(PyObject *o, PyTypeObject *t) { Py_TYPE(o) = t; }\n";
    let text = format!(
        "#define PY_SSIZE_T_CLEAN\n#include \"Python.h\" /* first\n of all */\n#include <stdio.h>\n{body}"
    );
    let (changed, _) = upgraded("a.c", &text, Goal::Cpython312);
    let start = "#define PY_SSIZE_T_CLEAN\n#include \"Python.h\" /* first\n of all */\n#include \"mortice_compat.h\"\n#include <stdio.h>\n";
    assert!(changed.starts_with(start), "{changed}");
    let (changed, _) = upgraded(
        "a.c",
        &format!("#include <Python.h>\r\n{body}"),
        Goal::Cpython312,
    );
    assert!(
        changed.starts_with("#include <Python.h>\r\n#include \"mortice_compat.h\"\r\n"),
        "{changed}"
    );
    let (changed, _) = upgraded(
        "a.c",
        &format!("#include \"own.h\"\n{body}"),
        Goal::Cpython312,
    );
    assert!(
        changed.starts_with("#include \"own.h\"\n#include \"mortice_compat.h\"\n"),
        "{changed}"
    );
    let (_, remaining) = upgraded("a.c", body, Goal::Cpython312);
    assert_eq!(remaining.len(), 1, "{remaining:?}");
}

#[test]
fn one_header_for_older_versions_is_enough() {
    let folder = tempfile::tempdir().unwrap();
    let body = "void f(PyObject *o, PyTypeObject *t) { Py_TYPE(o) = t; }\n";
    let files = [
        (
            "a.c",
            format!("#include <Python.h>\n#include \"own.h\"\n{body}"),
        ),
        ("b.c", format!("#include <Python.h>\n{body}")),
        ("own.h", format!("#include \"pythoncapi_compat.h\"\n{body}")),
        (
            "pythoncapi_compat.h",
            format!("#include <Python.h>\n{body}"),
        ),
    ];
    let paths = files.each_ref().map(|(name, text)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    });
    let changed = upgrade_files(&paths, Vec::new(), Goal::Cpython312, || {});
    let found: Vec<(&str, bool, bool)> = changed
        .iter()
        .map(|file| {
            let text = &file.result.as_ref().unwrap().text;
            let text = std::str::from_utf8(text).unwrap();
            let name = file
                .path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap();
            let ours = text.contains(COMPAT_NAME);
            (name, ours, text.contains("Py_SET_TYPE"))
        })
        .collect();
    assert_eq!(
        found,
        [
            ("a.c", false, true),
            ("b.c", true, true),
            ("own.h", false, true)
        ]
    );
}

#[test]
fn headers_that_are_missing_or_gone() {
    becomes(
        "int f(void) { return errno; }\n",
        "#include <errno.h>\nint f(void) { return errno; }\n",
    );
    becomes(
        "#include \"longintrepr.h\" // digits\nint a;\n",
        "#if PY_VERSION_HEX < 0x030B0000\n#include \"longintrepr.h\" // digits\n#endif\nint a;\n",
    );
}

#[test]
fn conditionals_on_what_every_compiler_has() {
    becomes(
        "#ifdef HAVE_STDARG_PROTOTYPES\nint a;\n#endif\n/*\n#ifdef HAVE_PROTOTYPES\n*/\n#  if X && !defined ( HAVE_PROTOTYPES )\n#endif\n",
        "#if 1\nint a;\n#endif\n/*\n#ifdef HAVE_PROTOTYPES\n*/\n#  if X && !1\n#endif\n",
    );
    let own = "#define HAVE_PROTOTYPES 1\n#define HAVE_STDARG_PROTOTYPES 1\n#ifdef HAVE_PROTOTYPES\n#endif\n";
    becomes(own, own);
}

#[test]
fn branches_for_older_versions_stay() {
    let text = "void f(PyObject *o, PyTypeObject *t)\n{\n#if PY_VERSION_HEX >= 0x03090000\n    Py_SET_TYPE(o, t);\n#else\n    Py_TYPE(o) = t;\n#endif\n}\n";
    becomes(text, text);
}

#[test]
fn what_would_lose_a_comment_is_left() {
    let whole = "#include <Python.h>\nvoid *f(PyObject *o) { return o /* \u{fc} */ ->ob_type; }\n";
    let (same, remaining) = upgraded("a.c", whole, Goal::Cpython312);
    assert_eq!(same, whole);
    assert_eq!(remaining, ["2:31 accessor: a comment stands inside"]);
    statements(
        "n = f(o, /* a */ 1)->ob_type;",
        "n = Py_TYPE(f(o, /* a */ 1));",
    );
}

#[test]
fn other_encodings_stay_byte_for_byte() {
    let text = b"#include <Python.h>\n/* caf\xe9 */\nvoid *f(PyObject *o) { return o->ob_type; /* \xe9 */ }\n";
    let source = Source::new(Path::new("a.c"), text.to_vec()).unwrap();
    let reader = Reader::new(Target::Full { minor: 12 }, Vec::new());
    let changed = upgrade_source(source, &reader, Goal::Cpython312).unwrap();
    let expected = b"#include <Python.h>\n/* caf\xe9 */\nvoid *f(PyObject *o) { return Py_TYPE(o); /* \xe9 */ }\n";
    assert_eq!(changed.text, expected);
}

#[test]
fn places_are_told_before_and_after() {
    let text = "#include <Python.h>\nvoid f(PyObject *o, PyTypeObject *t) { Py_TYPE(o) = t; g(&o->ob_refcnt); }\n";
    let changed = upgrade("a.c", text, Goal::Cpython312);
    let [left] = &*changed.remaining else {
        panic!("{:?}", changed.remaining);
    };
    assert_eq!((left.before, left.after), ((2, 59), (3, 62)));
}

#[test]
fn cpp_gets_the_casts_that_it_asks_for() {
    let text = "#include <Python.h>\nstruct Own { PyObject_HEAD int a; };\nvoid *f(Own *o) { return o->ob_base.ob_type; }\n";
    let (changed, _) = upgraded("a.cpp", text, Goal::Cpython312);
    assert!(
        changed.contains("return Py_TYPE((PyObject *)o);"),
        "{changed}"
    );
}
