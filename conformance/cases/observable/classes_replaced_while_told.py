# cites: S028 S054

# An observer puts another class under the object: those of the old class were there when the change's turn came.

from mortice import Base, slot


class A(Base):
    x = slot(0)


class B(Base):
    x = slot(0)


def hear(name):
    return lambda change: calls.append((name, type(change.object).__name__, change.new))


def replace(change):
    change.object.__class__ = B


calls = []
a = A()
first = a.observe("x", replace)
A.observe("x", hear("A"))
B.observe("x", hear("B"))
a.x = 1
print("S054", calls)
calls.clear()
a.x = 2
print("S028", calls)
