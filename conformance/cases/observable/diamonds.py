# cites: S008

# A slot reached by two ways is stored once. What Python itself refuses stays refused.

import sys

from mortice import Base, slot, slots


class Root(Base):
    r = slot("r")


class Left(Root):
    a = slot()
    same = slot("left")


class Right(Root):
    b = slot()
    same = slot("right")


class Bottom(Left, Right):
    pass


class Members(Root):
    __slots__ = ("m",)


class OtherMembers(Root):
    __slots__ = ("n",)


def attempt(bases):
    try:
        return type("New", bases, {}).__mro__[1].__name__
    except TypeError as error:
        return str(error).split(" method resolution")[0]


one = Bottom()
print("S008", list(slots(Bottom)), one.r, one.same, sys.getsizeof(one) - sys.getsizeof(Root()))
one.r, one.a, one.b, one.same = range(4)
print("S008", Root.r.__get__(one), Left.same.__get__(one), Right.same.__get__(one), Right.b.__get__(one))
print("S008", attempt((Members, OtherMembers)))
print("S008", attempt((list, dict)))
print("S008", attempt((Root, Left)))
print("S008", attempt((Left, Members)), attempt((Right, Bottom)))
print("S008", attempt((Base, Base)))
