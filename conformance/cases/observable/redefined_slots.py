# cites: S004 S009

# A subclass that defines the name again changes default and rules, and keeps the one place.

import sys

from mortice import Base, slot, slots


class A(Base):
    x = slot(1, type=int)
    y = slot(2)


class B(A):
    y = slot("b", doc="of B")
    x = slot("c")


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a, b = A(), B()
print("S004", a.x, a.y, b.x, b.y)
print("S004", list(slots(A)), list(slots(B)), sys.getsizeof(b) - sys.getsizeof(a))
b.x = "free"
print("S004", b.x, attempt(setattr, a, "x", "bound"))
print("S009", A.x.__get__(b), B.x.__get__(b), attempt(B.x.__get__, a))
A.x.__set__(b, [1])
print("S009", b.x, super(B, b).x, A.y.__get__(b))
A.x.__delete__(b)
print("S009", hasattr(b, "x"), attempt(lambda: super(B, b).x))
print("S004", slots(B)["y"].owner.__name__, slots(A)["y"].owner.__name__, slots(B)["y"].index, slots(A)["y"].__doc__)


class C(B):
    x = slot(factory=list)


print("S004", C().x, C().y)
