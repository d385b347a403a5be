# cites: S010

# What sealed a class may be long gone; what counts as an instance or a subclass.

import copy
import gc

from mortice import Base, slot, slots


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def fresh():
    class A(Base):
        x = slot(1)

    return A


A = fresh()
A()
gc.collect()
print("S010", attempt(setattr, A, "y", slot()))

A = fresh()
type("Gone", (A,), {})
gc.collect()
print("S010", attempt(setattr, A, "y", slot()))
A()
print("S010", attempt(setattr, A, "y", slot()))

# Replacing and deleting fall under the same rule; other attributes do not.
print("S010", attempt(setattr, A, "x", slot()))
print("S010", attempt(setattr, A, "x", 5))
print("S010", attempt(delattr, A, "x"))
A.other = 5
A.other = 6
del A.other
print("S010", list(slots(A)), A().x, hasattr(A, "other"))


class Sub(A):
    pass


Sub()
print("S010", attempt(setattr, Sub, "x", slot()), "|", attempt(setattr, Sub, "x", 1))

A = fresh()
A.__new__(A)
print("S010", attempt(setattr, A, "y", slot()))

A, B = fresh(), fresh()
a = A()
a.__class__ = B
print("S010", attempt(setattr, B, "y", slot()))

A = fresh()
try:
    A(y=1)
except TypeError:
    print("S010", attempt(setattr, A, "y", slot()))

A = fresh()
A.observe("x", print)
A.x.__get__(None, A)
slots(A)
A.y = slot()
print("S010", list(slots(A)))
print("S010", attempt(setattr, Base, "x", slot()), "|", attempt(delattr, Base, "observe"))
