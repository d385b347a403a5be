# cites: B097 B098 B114 B119
import sys


class Zero:
    __slots__ = ()


sizes, instances = [], []
for count in range(10):
    cls = type("N", (), {"__slots__": tuple("s%d" % n for n in range(count))})
    sizes.append(cls.__basicsize__)
    instances.append(sys.getsizeof(cls()))
print("B114", sizes)
print("B119", instances)


class Base:
    __slots__ = ("x", "y")


class Sub(Base):
    __slots__ = ("z",)


class Again(Base):
    __slots__ = ("x",)


class WithDict(Base):
    __slots__ = ("z", "__dict__", "__weakref__")


print("B097", Base.__basicsize__, Sub.__basicsize__, WithDict.__basicsize__, type("L", (Sub,), {}).__basicsize__)
print("B098", Again.__basicsize__, [name for name in Again.__dict__ if name == "x"])
a = Again()
a.x = "new cell"
print("B098", hasattr(a, "y"), Base.__dict__["x"] is Again.__dict__["x"])
Base.x.__set__(a, "old cell")
print("B098", a.x, Base.x.__get__(a))
Base.x.__delete__(a)
print("B098", a.x)
print("B119", sys.getsizeof(Base()), sys.getsizeof(Sub()), sys.getsizeof(Zero()), Base().__sizeof__())
