# cites: S006 S007 S012

# Python's own slots lie in the part that the type system lays out; the slots' storage stays one piece after it.

import sys

from mortice import Base, layout, slot


class A(Base):
    x = slot()


class Members(A):
    __slots__ = ("m", "n")
    y = slot()


class More(Members):
    __slots__ = ("o",)


def more(cls, base):
    return sys.getsizeof(cls()) - sys.getsizeof(base())


def storage(cls):
    return layout(cls).split("\n")[:-1]


def before(cls):
    return int(layout(cls).rsplit("before the storage: ", 1)[1].split()[0])


print("S006", more(Members, A), more(More, Members))
print("S012", before(Members) - before(A), before(More) - before(Members))
print("S006", storage(Members), storage(More)[1:] == storage(Members)[1:])
print("S007", more(type("Sub", (More,), {}), More))
one = More(x=1, y=2)
one.m, one.n, one.o = "mno"
print("S012", one.x, one.y, one.m, one.n, one.o)
del one.m
one.x = 10
print("S012", hasattr(one, "m"), one.x, one.y, one.n, one.o)
