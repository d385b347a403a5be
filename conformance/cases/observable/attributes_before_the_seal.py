# cites: S004 S010

# Before a class is sealed its slots can be replaced, hidden and deleted like other class attributes.

import sys

from mortice import Base, delegated, slot, slots


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class A(Base):
    x = slot(1)
    y = slot(2)
    z = slot(3)


old = slots(A)["y"]
A.y = "plain"
A.z = slot("new z")
print("S004", list(slots(A)), A.y)
del A.y
print("S004", list(slots(A)), hasattr(A, "y"), attempt(delattr, A, "y"))
A.x = delegated("z")
print("S004", list(slots(A)), [one.index for one in slots(A).values()])
A.x = slot("x again")
one = A()
print("S004", list(slots(A)), one.x, one.z, attempt(old.__get__, one), attempt(setattr, one, "y", 1).split(":")[0])


class B(A):
    pass


B.x = "hides"
print("S004", list(slots(B)), B.x)
del B.x
print("S004", list(slots(B)), B().x, sys.getsizeof(B()) - sys.getsizeof(one))
for name, value in [("x", "hides"), ("z", slot()), ("w", delegated("x")), ("w", slot())]:
    print("S010", attempt(setattr, B, name, value))
B.plain = 1
B.plain = 2
print("S010", B.plain, attempt(delattr, B, "x"), "|", attempt(delattr, B, "nothing"))


class C(A):
    x = property(lambda self: "computed")


C()
print("S010", attempt(setattr, C, "x", 5), "|", attempt(delattr, C, "x"), C().x)
