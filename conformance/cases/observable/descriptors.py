# cites: S015 S053

# The descriptor on the class tells what the slot is.

from mortice import UNSET, Base, delegated, slot, slots


class A(Base):
    x = slot(1, doc="the first")
    y = slot(factory=list)
    z = delegated("y", "w", doc="elsewhere")


class B(A):
    w = slot(2)
    x = slot(3)


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return type(error).__name__


for cls in (A, B):
    for name, one in slots(cls).items():
        print("S015", cls.__name__, name, one.name, one.owner.__name__, one.default, one.index, one.__doc__, one)
for name in "xyz":
    one = getattr(A, name)
    print("S015", one.__name__, one.__objclass__.__name__, one.__doc__)
print("S015", slots(A)["y"].default is UNSET, slots(B)["y"] is slots(A)["y"], slots(B)["x"] is slots(A)["x"])
print("S015", slots(A)["z"].via, slots(A)["z"].target, slots(B)["z"].owner.__name__)
print("S015", [attempt(setattr, slots(A)["x"], name, 0) for name in ("name", "owner", "default", "index")])
print("S015", slot(5).name, slot(5).owner, slot(5).default, slot(5).index, repr(slot()), repr(delegated("v")))
mapping = slots(A)
mapping["other"] = mapping.pop("x")
print("S053", list(slots(A)), list(mapping), slots(A) is slots(A), slots(Base))
print("S053", [attempt(slots, wrong) for wrong in (A(), int, 5, None)])
