# cites: B107 B108
# seed: 000_85b8fabe2820a541.txt

# The seed's two bases, with Python's own slots: not allowed.


class Base:
    __slots__ = ()


class A(Base):
    __slots__ = ("x",)


class B(Base):
    __slots__ = ("a", "b")


def error(call, *args):
    try:
        return call(*args).__mro__[1:]
    except TypeError as problem:
        return f"{type(problem).__name__}: {problem}"


try:

    class C(A, B):
        pass

except TypeError as problem:
    print("B107", problem)
print("B107", error(type, "C", (A, B), {"__slots__": ()}))
print("B107", error(type, "C", (B, A), {}))
print("B107", error(type, "C", (A, int), {}))


class Mixin(Base):
    __slots__ = ()


class Deeper(A):
    __slots__ = ("y",)


print("B108", [cls.__name__ for cls in error(type, "C", (A, Mixin), {"__slots__": ()})])
print("B108", [cls.__name__ for cls in error(type, "C", (Mixin, B), {})])
print("B108", [cls.__name__ for cls in error(type, "C", (Deeper, A), {})])
print("B108", type("C", (Mixin, Deeper), {}).__base__.__name__, type("C", (Mixin, A), {"__slots__": ("z",)}).__basicsize__)
