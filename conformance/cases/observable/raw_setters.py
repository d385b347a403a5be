# cites: S054 S010
# oracle: none

# The raw setters of object and type obey the same rules. CPython with a model in Python cannot tell. The wheel
# refuses more: its own tests have what it does.

from mortice import Base, slot, slots


class A(Base):
    x = slot(1)


class Same(Base):
    x = slot(2)


class More(A):
    y = slot(3)


class Plain:
    __slots__ = ()


def refused(kind, call, *args):
    try:
        call(*args)
    except kind:
        return "ok"
    return "not refused"


set_class = object.__dict__["__class__"].__set__
set_bases = type.__dict__["__bases__"].__set__
a = A(x="kept")
for cls in (More, Plain, Base, int, 5):
    print("S054", refused(TypeError, set_class, a, cls))
assert type(a) is A and a.x == "kept"
set_class(a, Same)
assert type(a) is Same and a.x == "kept"
print("S010", refused(TypeError, setattr, Same, "late", slot()))
for bases in ((Same,), (Base,), (A, Plain)):
    print("S054", refused(TypeError, set_bases, More, bases))
assert More.__bases__ == (A,) and More().x == 1

# A slot that comes in by the metaclass's base either obeys or is none.
try:
    type.__setattr__(A, "late", slot("late"))
except TypeError:
    pass
print("S010", "ok" if list(slots(A)) == ["x"] and a.x == "kept" else "slipped in")
one = object.__new__(More)
one.y = "y"
assert (one.x, one.y) == (1, "y")
print("S010", refused(TypeError, setattr, More, "late", slot()))
