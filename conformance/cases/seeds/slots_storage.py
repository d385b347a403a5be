# cites: B097 B114 B119
# seed: 002_7df99f4b5bfce3cb.txt

# Slots are stored behind the base's own structure, one pointer each.
import sys


class Empty:
    __slots__ = ()


class One(Empty):
    __slots__ = ("a",)


class Three(One):
    __slots__ = ("b", "c")


class Same(Three):
    __slots__ = ()


class OnString(str):
    __slots__ = ("note", "page")


for cls in (Empty, One, Three, Same, OnString):
    print("B114", cls.__name__, cls.__basicsize__, cls.__itemsize__)

print("B097", One.__basicsize__ - Empty.__basicsize__, Three.__basicsize__ - One.__basicsize__, Same.__basicsize__ - Three.__basicsize__)
print("B097", OnString.__basicsize__ - str.__basicsize__)

# The collector's part is reported by getsizeof and is not in the basic size.
for cls in (Empty, One, Three, Same):
    instance = cls()
    print("B119", cls.__name__, sys.getsizeof(instance), instance.__sizeof__(), sys.getsizeof(instance) - instance.__sizeof__())

# Values live in the instance: setting them changes no size, and each instance has its own.
p, q = Three(), Three()
before = sys.getsizeof(p)
p.a, p.b, p.c = 1, "two", [3]
q.a = "other"
print("B119", sys.getsizeof(p) == before, p.a, p.b, p.c, q.a)
