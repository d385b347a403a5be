use std::path::Path;

use super::*;
use crate::source::Source;
use crate::target::Target;
use crate::tree::{Syntax, named_children};
use crate::unit::{Reader, Unit};

fn unit(name: &str, text: &str) -> Unit {
    let source = Source::new(Path::new(name), text.as_bytes().to_vec()).unwrap();
    Reader::new(Target::Abi3t, Vec::new()).open(source).unwrap()
}

/// The types of the expression statements of the last function, as text.
fn types(name: &str, text: &str) -> Vec<String> {
    let unit = unit(name, text);
    let tree = &unit.tree;
    let functions = named_children(tree.root());
    let functions = functions.filter(|&node| tree.syntax(node) == Syntax::FunctionDefinition);
    let function = functions.last().unwrap();
    let mut locals = Locals::default();
    let view = unit.view();
    unit.declared
        .declare_parameters(view, function, &mut locals);
    let mut found = Vec::new();
    for statement in named_children(tree.body(function).unwrap()) {
        match tree.syntax(statement) {
            Syntax::Declaration => unit.declared.declare(view, statement, &mut locals),
            Syntax::ExpressionStatement => {
                let node = named_children(statement).next().unwrap();
                let kind = unit.type_of(node, &locals);
                let stars = "*".repeat(usize::from(kind.pointers));
                found.push(format!("{}{stars}", kind.name.as_deref().unwrap_or("?")));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn expressions_have_types() {
    let text = "
        typedef struct node { PyObject_HEAD struct node *next; PyObject *item, **many; int n; } Node;
        typedef Node *NodePtr;
        struct plain { int frame; Node inner; PyTypeObject *type; };
        static Node *make(void);
        static PyObject *table[3];
        void f(PyObject *self, struct plain *p, NodePtr n, struct _ts *ts) {
            PyObject **o; Node local;
            self; (Node *)self; ((Node *)self)->next; n->next->item; n->many[0]; *n->many;
            p->frame; p->inner.item; p->type; &local; local.next; make(); make()->item;
            *o; table[1]; Py_TYPE(self); Py_None; PyTuple_GetItem(self, 0); ts; n; *n;
            PyObject_GC_New(Node, &T); (self = *o); self ? self : *o; (0, n->item); n + 1;
            unknown; unknown->x; p->inner.next->n; &PyLong_Type; PyExc_TypeError; Py_TYPE(self)->tp_base;
        }";
    let expected = "PyObject* | struct node* | struct node* | PyObject* | PyObject* | PyObject* | \
        int | PyObject* | PyTypeObject* | struct node* | struct node* | struct node* | PyObject* | \
        PyObject* | PyObject* | PyTypeObject* | PyObject* | PyObject* | PyThreadState* | struct node* | struct node | \
        struct node* | PyObject* | PyObject* | PyObject* | struct node* | \
        ? | ? | int | PyTypeObject* | PyObject* | PyTypeObject*";
    let expected: Vec<&str> = expected.split(" | ").collect();
    assert_eq!(types("a.c", text), expected);
}

#[test]
fn macros_have_the_types_of_their_bodies() {
    let text = "
        typedef struct { PyObject_HEAD PyObject *item; } Node;
        #define NODE(o) ((Node *)(o))
        #define ITEM(o) (NODE(o)->item)
        #define SAME(o) (o)
        #define THING PyObject
        #define LOOP LOOP
        void f(THING *self) { NODE(self); ITEM(self); SAME(self); self; LOOP; }";
    let expected = ["Node*", "PyObject*", "PyObject*", "PyObject*", "?"];
    assert_eq!(types("a.c", text), expected);
}

#[test]
fn pointers_to_functions_return_what_they_return() {
    let text = "
        struct api { PyObject *(*get)(int); int n; };
        typedef PyObject *(*getter)(void);
        void f(struct api *a, getter g, PyObject *(*h)(void)) { a->get(1); a->n; g(); h(); (*h)(); }";
    let expected = ["PyObject*", "int", "PyObject*", "PyObject*", "PyObject*"];
    assert_eq!(types("a.c", text), expected);
}

#[test]
fn the_casts_of_cpp_are_known() {
    let text = "
        namespace n { struct Node { PyObject_HEAD PyObject *item; }; }
        void f(PyObject *self) {
            auto x = reinterpret_cast<n::Node *>(self);
            x; x->item; static_cast<PyObject *>(x); new n::Node();
        }";
    let expected = ["struct Node*", "PyObject*", "PyObject*", "struct Node*"];
    assert_eq!(types("a.cpp", text), expected);
}

#[test]
fn structs_know_their_heads() {
    let text = "
        #define MY_HEAD PyObject_HEAD PyObject *jar; int oid;
        typedef struct { PyObject_HEAD int a; } A;
        typedef struct { PyObject ob_base; } B;
        struct C { A base; int c; };
        struct D { PyVarObject v; };
        typedef struct { MY_HEAD int d; } E;
        typedef struct { int n; PyObject o; } F;
        typedef struct { PyObject *o; } G;
        struct H { PyListObject list; int n; };
        union U { PyObject o; int i; };";
    let unit = unit("a.c", text);
    let head = |name: &str| unit.declared.struct_named(name).unwrap().head.clone();
    assert_eq!(head("A"), Some(Head::Object));
    assert_eq!(head("B"), Some(Head::Object));
    assert_eq!(head("struct C"), Some(Head::Embedded("A".into())));
    assert_eq!(head("struct D"), Some(Head::Variable));
    assert_eq!(head("E"), Some(Head::Object));
    assert_eq!(head("F"), None);
    assert_eq!(head("G"), None);
    assert_eq!(
        head("struct H"),
        Some(Head::Embedded("PyListObject".into()))
    );
    let found = unit.declared.struct_named("E").unwrap();
    let names: Vec<&str> = found.fields.iter().map(|field| &*field.0).collect();
    assert_eq!(names, ["jar", "oid", "d"]);
}

#[test]
fn circles_of_typedefs_end() {
    let text =
        "typedef A B; typedef B A; A x; void f(void) { x; x->y; }\n#define P Q\n#define Q P\nP z;";
    unit("a.c", text);
    let text = "struct A { A a; }; struct B : C { }; struct C : B { }; void f(B *b) { b->x; }";
    let unit = unit("a.cpp", text);
    let found = unit.declared.struct_named("struct B").unwrap();
    assert!(!unit.declared.is_instance(found));
}
