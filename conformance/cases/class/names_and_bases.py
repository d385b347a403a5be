# cites: B153 B154 B155
# differs: 3.12 3.13: the message spoke of deallocators


class A:
    tag = "A"


class B:
    tag = "B"
    only = "only B"


class C(A):
    pass


class D(C):
    pass


class Slotted:
    __slots__ = ("x",)


def put(cls, name, value):
    try:
        setattr(cls, name, value)
        return getattr(cls, name)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def names(cls):
    return [base.__name__ for base in cls.__mro__]


print("B153", put(A, "__name__", "Renamed"), A, put(A, "__qualname__", "Other.Name"), A, A.__name__)
for value in (5, None, b"x", "with\0null", ""):
    print("B153", repr(put(A, "__name__", value)), "|", repr(put(A, "__qualname__", value)) if value != "with\0null" else "")
print("B153", put(A, "__name__", "A"), put(A, "__qualname__", "A"), put(int, "__name__", "i"))

d = D()
print("B154", d.tag, names(D))
C.__bases__ = (B,)
print("B154", d.tag, d.only, names(C), names(D), C.__base__, A.__subclasses__(), B.__subclasses__())
C.__bases__ = (A, B)
print("B154", d.tag, d.only, names(D), isinstance(d, A), issubclass(D, B))
D.__bases__ = (B,)
print("B154", d.tag, names(D), C.__subclasses__())

D.__bases__ = (C,)
for value in ([A], A, (), (5,), (D,), (C,), (A, A), (Slotted,), (int,), (object, A)):
    print("B155", put(C, "__bases__", value))
print("B155", put(A, "__bases__", (C,)), "|", put(object, "__bases__", ()), "|", put(int, "__bases__", (object,)))
print("B155", names(C), put(A, "__bases__", (object,)), put(Slotted, "__bases__", (A,)))
