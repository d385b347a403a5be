use std::path::Path;

use super::*;

fn prepare(text: &str, target: Target) -> Prepared {
    let source = Source::new(Path::new("a.c"), text.as_bytes().to_vec()).unwrap();
    let prepared = Prepared::new(&source, Language::C, &Api::new(), target, &mut |_, _| {});
    assert_eq!(prepared.text.len(), text.len());
    prepared
}

/// The words that stay.
fn words(text: &str) -> String {
    let prepared = prepare(text, Target::Abi3t);
    let text = String::from_utf8(prepared.text).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn branches_that_are_decided_are_blank() {
    assert_eq!(words("#if 0\nint a;\n#else\nint b;\n#endif\n"), "int b;");
    let versions = "#if PY_VERSION_HEX < 0x03090000\nint a;\n#elif PY_MAJOR_VERSION >= 3\nint b;\n\
                    #else\nint c;\n#endif\nint d;";
    assert_eq!(words(versions), "int b; int d;");
    assert_eq!(words("#ifndef Py_LIMITED_API\nint a;\n#endif"), "");
    assert_eq!(words("#ifdef Py_GIL_DISABLED\nint a;\n#endif"), "int a;");
    assert_eq!(
        words("#if defined(_WIN32) && PY_MAJOR_VERSION < 3\nint a;\n#endif"),
        ""
    );
    assert_eq!(
        words("#if !defined(PYPY_VERSION) || FLAG\nint a;\n#endif"),
        "int a;"
    );
    assert_eq!(
        words("#if PY_VERSION_HEX >= Py_PACK_VERSION(3, 14)\nint a;\n#endif"),
        "int a;"
    );
    assert_eq!(words("#ifdef Py_TRASHCAN_SAFE_BEGIN\nint a;\n#endif"), "");
}

#[test]
fn own_macros_decide_as_well() {
    let text = "#if PY_MAJOR_VERSION >= 3\n#define IS_PY3K\n#endif\n#ifdef IS_PY3K\nint a;\n#else\nint b;\n#endif";
    assert_eq!(words(text), "int a;");
    let value = "#define PY3 (PY_MAJOR_VERSION >= 3)\n#if PY3\nint a;\n#else\nint b;\n#endif";
    assert_eq!(words(value), "int a;");
    let undefined = "#define A 1\n#undef A\n#ifdef A\nint a;\n#endif";
    assert_eq!(words(undefined), "");
    let depends = "#ifdef _WIN32\n#define A\n#endif\n#ifdef A\nint a;\n#endif";
    assert_eq!(words(depends), "int a;");
}

#[test]
fn both_branches_stay_where_nobody_knows() {
    let text = "int z;\n#ifdef _WIN32\nint a;\n#else\nint b;\n#endif\nint c;";
    assert_eq!(words(text), "int z; int a; int b; int c;");
    let prepared = prepare(text, Target::Abi3t);
    let at = |word| text.find(word).unwrap();
    let conditional = |word| prepared.is_conditional(at(word));
    assert!(conditional("int a") && conditional("int b"));
    assert!(!conditional("int z") && !conditional("int c"));
}

#[test]
fn branches_that_exclude_each_other_do_not_stay_both() {
    let text = "#ifdef FLAG\nvoid f(int a) {\n#else\nvoid f(void) {\n#endif\n}";
    assert_eq!(words(text), "void f(void) { }");
    let text = "#ifndef FLAG\nvoid f(int a)\n#else\nvoid f(void)\n#endif\n{}";
    assert_eq!(words(text), "void f(int a) {}");
}

#[test]
fn guards_are_no_conditions() {
    let text = "/* about */\n#ifndef A_H\n// guard\n#define A_H\nint a;\n#endif";
    let prepared = prepare(text, Target::Abi3t);
    assert!(!prepared.is_conditional(text.find("int a").unwrap()));
}

#[test]
fn comments_and_strings_are_no_code() {
    assert_eq!(
        words("int a; // #if 0\nint b; /*\n#if 0\n*/ int c;"),
        "int a; int b; int c;"
    );
    assert_eq!(
        words("char *s = \"/* \\\" //\"; int a;"),
        "char *s = \"/* \\\" //\"; int a;"
    );
    assert_eq!(words("char c = '\"'; int a; // x"), "char c = '\"'; int a;");
}

#[test]
fn heads_are_noted() {
    let text = "typedef struct { PyObject_HEAD int a; } A; struct B { PyObject_VAR_HEAD; int b; };";
    let prepared = prepare(text, Target::Abi3t);
    assert_eq!(
        words(text),
        "typedef struct { int a; } A; struct B { int b; };"
    );
    let variable: Vec<bool> = prepared.heads.iter().map(|head| head.variable).collect();
    assert_eq!(variable, [false, true]);
    let own = "#define MY_HEAD PyObject_HEAD int x;\nstruct A { MY_HEAD int a; };";
    assert_eq!(words(own), "struct A { int a; };");
    assert_eq!(
        prepare(own, Target::Abi3t).heads[0].own.as_deref(),
        Some("MY_HEAD")
    );
}

#[test]
fn macros_that_are_no_expressions_are_blank() {
    assert_eq!(
        words("PyMODINIT_FUNC PyInit_a(void) {}"),
        "void * PyInit_a(void) {}"
    );
    assert_eq!(words("void f(int Py_UNUSED(x)) {}"), "void f(int x ) {}");
    assert_eq!(
        words("#define INLINE static inline\nINLINE int f(void);"),
        "int f(void);"
    );
    assert_eq!(
        words("#define API __attribute__((hidden))\nAPI int a;"),
        "int a;"
    );
    let threads = "void f(void) { Py_BEGIN_ALLOW_THREADS g(); Py_END_ALLOW_THREADS }";
    assert_eq!(words(threads), "void f(void) { g(); }");
    let prepared = prepare(threads, Target::Abi3t);
    let names: Vec<&str> = prepared.uses.iter().map(|found| &*found.name).collect();
    assert_eq!(names, ["Py_BEGIN_ALLOW_THREADS", "Py_END_ALLOW_THREADS"]);
    let initial = "PyTypeObject T = { PyVarObject_HEAD_INIT(NULL, 0) .tp_name = 0 };";
    assert_eq!(words(initial), "PyTypeObject T = { .tp_name = 0 };");
    let initial = "PyTypeObject T = { PyVarObject_HEAD_INIT(NULL, 0), 0 };";
    assert_eq!(words(initial), "PyTypeObject T = { 0 };");
}

#[test]
fn macros_keep_the_places_of_their_bodies() {
    let text = "#define GET(o, i) \\\n  ((o)->items /* c */ [i])\nint a;";
    let prepared = prepare(text, Target::Abi3t);
    let found = &prepared.defines[0];
    assert_eq!(&*found.name, "GET");
    assert_eq!(found.parameters.as_ref().unwrap().len(), 2);
    let at = found.body.find("items").unwrap();
    assert_eq!(found.body_start + at, text.find("items").unwrap());
    assert!(!found.body.contains("c */"));
}

#[test]
fn open_ends_are_no_trouble() {
    for text in [
        "#if",
        "#if 0\nint",
        "#else",
        "#endif\n#endif",
        "\"",
        "'",
        "/*",
        "#define",
        "#define F(",
        "#include",
        "#if (((",
        "#if 1 ? 2",
        "#elif 1",
        "Py_UNUSED(",
        "PyVarObject_HEAD_INIT(",
        "#define A A\n#if A\n#endif",
        "\\",
        "#if 1\\\n",
        "#include \"",
        "R\"(",
        "#if 08\n#endif",
    ] {
        prepare(text, Target::Abi3t);
    }
}

#[test]
fn statements_that_are_macros_get_their_ends() {
    let define =
        "#define CHECK(x) { if (x) return; }\n#define END }\n#define TYPE int\n#define NONE(x)\n";
    let with = |code: &str| words(&format!("{define}{code}"));
    assert_eq!(
        with("void f(void) { CHECK(1)\n g(); CHECK(2) }"),
        "void f(void) { CHECK(1); g(); CHECK(2);}"
    );
    assert_eq!(
        with("void f(void) { g(CHECK(1) + 2); CHECK(1); }"),
        "void f(void) { g(CHECK(1) + 2); CHECK(1); }"
    );
    assert_eq!(with("void f(void) { TYPE x; }"), "void f(void) { TYPE x; }");
    assert_eq!(
        with("void f(void) { END\n return; }"),
        "void f(void) { END; return; }"
    );
    assert_eq!(
        with("CHECK(1)\nstatic int a;\nTYPE f(void);"),
        "CHECK(1);static int a; TYPE f(void);"
    );
    assert_eq!(
        with("void f(void) { if (a) NONE((1, 2)); }"),
        "void f(void) { if (a) ; }"
    );
}

#[test]
fn macros_of_the_source_with_arguments_decide() {
    let text = "#define AT_LEAST(a, b) (PY_VERSION_HEX >= ((a) << 24 | (b) << 16))\n#if AT_LEAST(3, 9)\nint a;\n#else\nint b;\n#endif\n#if AT_LEAST(4, 0)\nint c;\n#endif";
    assert_eq!(words(text), "int a;");
}
