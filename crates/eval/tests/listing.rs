//! Listings of a few small programs, so that a change of the generated code is seen in review.

use mortice_eval::disassemble::Listing;
use mortice_eval::{Mode, compile_source};

fn listing(source: &str) -> String {
    let code = compile_source(source, "program.py", Mode::Exec).expect("the program compiles");
    Listing(&code).to_string()
}

#[test]
fn a_class_with_a_method_that_uses_super() {
    insta::assert_snapshot!(listing(
        "class C(B, key=1):\n    'doc'\n    x: int = 1\n    def m(self):\n        self.y = super().m()\n"
    ));
}

#[test]
fn try_except_finally() {
    insta::assert_snapshot!(listing(
        "def f():\n    try:\n        g()\n    except E as e:\n        return e\n    finally:\n        h()\n"
    ));
}

#[test]
fn with_and_loops() {
    insta::assert_snapshot!(listing(
        "def f(items):\n    for a, *b in items:\n        with a as c:\n            if c:\n                break\n    else:\n        return 1\n"
    ));
}

#[test]
fn generators_and_closures() {
    insta::assert_snapshot!(listing(
        "def f(n):\n    def g():\n        nonlocal n\n        n += 1\n        yield n\n    yield from g()\n    return (x for x in g() if x)\n"
    ));
}

#[test]
fn comprehensions_restore_what_their_variables_held() {
    insta::assert_snapshot!(listing("x = [lambda: i for i, j in y if j]\n"));
}

#[test]
fn calls_and_strings() {
    insta::assert_snapshot!(listing(
        "f(*a, b, k=1, **c)\no.m(1, k=2)\nprint(f'{x!r:>{w}} {y=}')\n"
    ));
}
