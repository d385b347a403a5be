# cites: S006 S007 S012

# Python's own slots and the others take eight bytes each, however they are mixed, and keep their values apart.

import sys

from mortice import Base, slot


class A(Base):
    x = slot()


class Members(A):
    __slots__ = ("m", "n")
    y = slot()


class More(Members):
    __slots__ = ("o",)


def more(cls, base):
    return sys.getsizeof(cls()) - sys.getsizeof(base())


print("S006", more(Members, A), more(More, Members))
print("S007", more(type("Sub", (More,), {}), More))
one = More(x=1, y=2)
one.m, one.n, one.o = "mno"
print("S012", one.x, one.y, one.m, one.n, one.o)
del one.m
one.x = 10
print("S012", hasattr(one, "m"), one.x, one.y, one.n, one.o)
