# cites: S011
# seed: 000_85b8fabe2820a541.txt

# A subclass grows a __dict__ or can be referred to weakly only where a class asks for it.

import weakref

from mortice import Base, slot


class A(Base):
    x = slot(1)


class Open(A):
    __slots__ = ("__dict__",)


class Referable(A):
    __slots__ = ("__weakref__",)
    y = slot(2)


class Both(A):
    __slots__ = ("__dict__", "__weakref__")


class Below(Both):
    z = slot(3)


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return type(error).__name__


for cls in (A, Open, Referable, Both, Below):
    one = cls()
    reference = attempt(weakref.ref, one)
    print("S011", cls.__name__, hasattr(one, "__dict__"), attempt(setattr, one, "other", 1), hasattr(one, "other"))
    print("S011", cls.__name__, reference if isinstance(reference, str) else reference() is one)

both = Below(x=10)
both.free, both.x = "free", 11
print("S011", vars(both), both.x, both.z, both.__dict__ is vars(both))
both.__dict__ = {"x": "not the slot", "new": 2}
print("S011", both.x, both.new, hasattr(both, "free"), both.__dict__)
both.__dict__["z"] = "not the slot either"
print("S011", both.z, attempt(lambda: A().__dict__), attempt(vars, A()))
