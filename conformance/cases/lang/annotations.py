# feature: annotations, which are evaluated when somebody asks
# differs: 3.12 3.13: annotations were evaluated by the statement that makes them


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def every(a: int, b: "text" = 1, /, *args: float, c: str = "s", __p: 3 = 0, **named: dict) -> list:
    return a


print(every.__annotations__, every.__annotations__ is every.__annotations__)
make = every.__annotate__
print(make.__name__, make.__qualname__, make(1) == every.__annotations__, make(2) == make(1), error(make, 3), "|", error(make))


def early(x: late):
    pass


print(error(lambda: early.__annotations__))
late = 5
print(early.__annotations__)


def plain():
    pass


print(plain.__annotate__, plain.__annotations__, plain.__annotations__ is plain.__annotations__)
print(error(setattr, plain, "__annotate__", 5), "|", error(setattr, plain, "__annotations__", 5), "|", error(delattr, plain, "__annotate__"))
plain.__annotate__ = lambda format: 5
print(error(lambda: plain.__annotations__))
plain.__annotate__ = lambda format: {"format": format}
print(plain.__annotations__)
plain.__annotations__ = {"own": 1}
print(plain.__annotations__, plain.__annotate__)
del plain.__annotations__
print(plain.__annotations__)


class C:
    T = str
    a: int
    b: T = 3
    (c): int = 4
    __private: float

    def method(self, x: T, y: "C", __z: int = 0) -> U:
        local: nowhere = x
        return local

    class U:
        pass


print(C.__annotations__, C.__annotations__ is C.__annotations__, C().method("q", 0))
print(C.method.__annotations__, C.__annotate__.__qualname__, C.method.__annotate__.__qualname__)
print([name for name in C.__dict__ if "annot" in name], hasattr(C, "a"), C.c)


class D(C):
    pass


print(D.__annotations__, D.__annotate__)
print(error(setattr, C, "__annotate__", 5), "|", error(delattr, C, "__annotate__"), "|", error(delattr, int, "__annotations__"), "|", error(setattr, int, "__annotations__", {}))
print(error(lambda: int.__annotations__), "|", error(lambda: int.__annotate__), "|", error(lambda: type.__annotations__))
C.__annotations__ = {"own": 1}
print(C.__annotations__, C.__annotate__)
del C.__annotations__
print(C.__annotations__, error(delattr, C, "__annotations__"), error(delattr, C, "__annotations__"))
C.__annotate__ = lambda format: {"format": format}
print(C.__annotations__)


class Branches:
    if late:
        yes: int
    else:
        no: missing
    for i in range(2):
        again: int = i


print(Branches.__annotations__, Branches.again)


def outer(T):
    def inner(a: T, b: C):
        v: T = a
        w: nonexistent
        return v

    class K:
        q: T
        r: "K"

        def method(self, z: q2, t: T):
            pass

        q2 = bytes

    return inner, K


inner, K = outer(complex)
print(inner.__annotations__, inner(1, 2), K.__annotations__, K.method.__annotations__)


class Inside:
    x: [n for n in range(2)]
    y: (lambda: 1)
    x2 = 1

    @staticmethod
    def shown(self) -> __class__:
        pass


print(Inside.__annotations__["x"], Inside.__annotations__["y"](), Inside.shown.__annotations__)
whole: int = 5
never: missing
if not late:
    other: str
print(sorted(name for name in globals() if "annot" in name), error(__annotate__, 1), __conditional_annotations__)
missing = None
print(__annotate__(1))
for text in ("def f(x: (yield)): pass", "def f(x: (a := 1)): pass", "class C:\n x: (yield)", "def f():\n global x\n x: int", "x: int: 3"):
    try:
        compile(text, "f", "exec")
        print("fine", text)
    except SyntaxError as problem:
        print(problem.msg)
