//! Programs that nest without end or a million deep, on a native stack of one MiB and of 256 KiB:
//! they raise RecursionError or just end, and never crash.

use crate::support::{Folder, Ran, run};

/// The smallest stack that the command accepts is the hardest.
const STACKS_KIB: [&str; 2] = ["1024", "256"];

fn on_each_stack(source: &str, check: impl Fn(&Ran)) {
    let folder = Folder::new();
    let path = folder.file("deep.py", source);
    for stack in STACKS_KIB {
        let ran = run(&["run", "--stack-kib", stack], &path);
        check(&ran);
    }
}

/// Programs that raise RecursionError.
fn recurses(programs: &[&str]) {
    for program in programs {
        on_each_stack(program, |ran| {
            let last = ran.last_line();
            assert!(
                ran.status == Some(1) && last.starts_with("RecursionError: "),
                "{program}\n{:?}: {last}",
                ran.status
            );
        });
    }
}

/// Programs that print `ok` and nothing else.
fn ends(programs: &[&str]) {
    for program in programs {
        on_each_stack(program, |ran| {
            let said = (ran.status, ran.stdout.as_str(), ran.last_line());
            assert_eq!(said, (Some(0), "ok\n", ""), "{program}");
        });
    }
}

/// A program that wraps a value 100,000 times and then does something with it.
fn wrapped(start: &str, wrap: &str, then: &str) -> String {
    format!("a = {start}\nb = {start}\nfor _ in range(100000):\n    a = {wrap}\n{then}\n")
}

fn wrapped_recurses(programs: &[(&str, &str, &str)]) {
    for (start, wrap, then) in programs {
        recurses(&[&wrapped(start, wrap, then)]);
    }
}

#[test]
fn functions_and_methods_that_call_themselves() {
    recurses(&[
        "def f(n): return f(n + 1)\nf(0)",
        "f = lambda: f()\nf()",
        "def f(**k): f(**k)\nf(a=1)",
        "def f(): return [f() for x in (1,)]\nf()",
        "class C:\n    def __call__(self): return self()\nC()()",
        "class C: pass\nc = C()\nC.__call__ = c\nc()",
        "class C:\n    def __new__(cls): return cls()\nC()",
        "class C:\n    def __init__(self): C()\nC()",
        "class M(type):\n    def __call__(cls): return cls()\nclass C(metaclass=M): pass\nC()",
        "def g():\n    yield from g()\nnext(g())",
        "def g():\n    for x in g(): yield x\nlist(g())",
        "s = 'exec(s)'\nexec(s)",
    ]);
}

#[test]
fn special_methods_that_call_themselves() {
    let methods = [
        ("__repr__(self): return repr(self)", "repr(C())"),
        ("__str__(self): return str(self)", "print(C())"),
        ("__format__(self, s): return format(self, s)", "f'{C()}'"),
        ("__eq__(self, other): return self == other", "C() == C()"),
        ("__lt__(self, other): return self < other", "C() < C()"),
        ("__hash__(self): return hash(self)", "hash(C())"),
        ("__bool__(self): return bool(self)", "not C()"),
        ("__len__(self): return len(self)", "len(C())"),
        ("__iter__(self): return iter(self)", "iter(C())"),
        ("__contains__(self, x): return x in self", "1 in C()"),
        ("__getitem__(self, n): return self[n]", "C()[1]"),
        ("__add__(self, n): return self + n", "C() + 1"),
        ("__index__(self): return [1][self]", "[1][C()]"),
        ("__getattr__(self, name): return self.other", "C().x"),
        ("__getattribute__(self, name): return self.other", "C().x"),
        (
            "__setattr__(self, name, value): self.x = value",
            "C().x = 1",
        ),
        ("__delattr__(self, name): del self.x", "del C().x"),
    ];
    for (method, then) in methods {
        recurses(&[&format!("class C:\n    def {method}\n{then}\n")]);
    }
    recurses(&[
        "class C:\n    @property\n    def x(self): return self.x\nC().x",
        "class D:\n    def __get__(self, i, o): return o.x\nclass C: x = D()\nC.x",
        "class D(dict):\n    def __missing__(self, k): return self[k]\nD()[1]",
    ]);
}

#[test]
fn checks_of_classes_that_call_themselves() {
    recurses(&[
        "class M(type):\n    def __instancecheck__(cls, x): return isinstance(x, cls)\n\
         class C(metaclass=M): pass\nisinstance(1, C)",
        "class M(type):\n    def __subclasscheck__(cls, x): return issubclass(x, cls)\n\
         class C(metaclass=M): pass\nissubclass(int, C)",
        "class C:\n    def __getattr__(self, name): return (self,)\nissubclass(C(), int)",
    ]);
    wrapped_recurses(&[
        ("int", "(a,)", "isinstance('', a)"),
        ("int", "(a,)", "issubclass(str, a)"),
    ]);
}

#[test]
fn what_nests_100_000_deep() {
    wrapped_recurses(&[
        ("[]", "[a]", "repr(a)"),
        ("[]", "[a]", "print('%s' % (a,))"),
        ("()", "(a,)", "hash(a)"),
        ("{}", "{1: a}", "repr(a)"),
        ("frozenset()", "frozenset([a])", "repr(a)"),
        ("1", "slice(a)", "hash(a)"),
        ("int", "list[a]", "repr(a)"),
        ("1", "ValueError(a)", "str(a)"),
        ("iter([1])", "map(abs, a)", "next(a)"),
        ("iter([1])", "filter(None, a)", "next(a)"),
        ("iter([1])", "zip(a)", "next(a)"),
        ("iter([1])", "enumerate(a)", "next(a)"),
        ("len", "staticmethod(a)", "a([])"),
    ]);
    for operation in ["a == b", "a < b", "a in [b]"] {
        let both = "a = [a]\n    b = [b]";
        let source = format!("a = b = []\nfor _ in range(100000):\n    {both}\n{operation}\n");
        recurses(&[&source.replace("a = b = []", "a = []\nb = []")]);
    }
    for (wrap, then) in [
        ("types.MethodType(a, 1)", "a()"),
        ("types.MethodType(a, 1)", "hash(a)"),
        ("types.MethodType(a, a)", "repr(a)"),
        ("types.MethodType(a, 1)", "a.missing"),
        ("types.MappingProxyType({1: a})", "repr(a)"),
        ("types.SimpleNamespace(a=a)", "repr(a)"),
    ] {
        recurses(&[&format!("import types\n{}", wrapped("len", wrap, then))]);
    }
    for then in ["a[1]", "len(a)", "1 in a", "a | {}"] {
        let source = wrapped("{}", "types.MappingProxyType(a)", then);
        recurses(&[&format!("import types\n{source}")]);
    }
}

#[test]
fn an_expression_of_100_000_terms_is_one_line() {
    let terms = format!("x = 1{}\n", "+1".repeat(100_000));
    on_each_stack(&terms, |ran| {
        let lines: Vec<&str> = ran.stderr.lines().collect();
        assert_eq!((ran.status, lines.len()), (Some(1), 1), "{}", ran.stderr);
        assert!(lines[0].starts_with("RecursionError: Stack overflow (used "));
    });
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}")] {
        let nested = format!("x = {}1{}\n", open.repeat(100_000), close.repeat(100_000));
        on_each_stack(&nested, |ran| {
            let last = "SyntaxError: too many nested parentheses";
            assert_eq!((ran.status, ran.last_line()), (Some(1), last), "{open}");
        });
    }
    let negated = format!("x = {}1\n", "-".repeat(100_000));
    on_each_stack(&negated, |ran| {
        let last = "MemoryError: Parser stack overflowed - Python source too complex to parse";
        assert_eq!((ran.status, ran.last_line()), (Some(1), last));
    });
    recurses(&[&format!("exec({:?})", terms.trim_end())]);
}

#[test]
fn a_million_nested_lists_are_built_and_dropped() {
    ends(&[&wrapped("[]", "[a]", "del a\nprint('ok')").replace("100000", "1000000")]);
}

#[test]
fn a_million_chained_exceptions_are_dropped() {
    ends(&["\
last = None
for number in range(1000000):
    error = ValueError(number)
    error.__context__ = last
    last = error
del error, last
print('ok')
"]);
}

#[test]
fn long_chains_of_other_objects_are_dropped() {
    ends(&[
        &wrapped("iter([1])", "map(abs, a)", "del a\nprint('ok')"),
        "def g(x):\n    yield x\na = None\nfor _ in range(100000): a = g(a)\ndel a\nprint('ok')",
        // A suspended generator is closed when it is dropped, and closing it drops the next one.
        "def g(x):\n    try: yield x\n    finally: x = None\n\
         a = None\nfor _ in range(100000):\n    a = g(a)\n    next(a)\ndel a\nprint('ok')",
        // The same as garbage.
        "import gc\ndef g(x):\n    try: yield x\n    finally: x = None\n\
         a = None\nfor _ in range(20000):\n    a = g(a)\n    next(a)\nring = [a]\nring.append(ring)\n\
         del a, ring\nassert gc.collect() == 2\nprint('ok')",
    ]);
}

#[test]
fn a_finalizer_that_makes_its_like_meets_the_recursion_limit() {
    let folder = Folder::new();
    let path = folder.file(
        "again.py",
        "class C:\n    def __del__(self): C()\nC()\nprint('ok')\n",
    );
    let ran = run(&["run"], &path);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), "ok\n"));
    let last = "RecursionError: maximum recursion depth exceeded";
    assert_eq!(ran.last_line(), last);
}

#[test]
fn deep_and_entangled_hierarchies_hear_of_a_change() {
    ends(&[
        "A = C = type('A', (), {})\nfor _ in range(600): C = type('C', (C,), {})\n\
         assert not hasattr(C, 'x')\nA.x = 1\nassert C.x == 1\nprint('ok')",
        // Reached in 2 ** 40 ways.
        "A = C = type('A', (), {})\nfor _ in range(40):\n    \
         C = type('C', (type('X', (C,), {}), type('Y', (C,), {})), {})\n\
         A.x = 1\nassert C.x == 1\nA.x = 2\nassert C.x == 2\nprint('ok')",
    ]);
}
