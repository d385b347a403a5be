# cites: S005 S008

# The first base's slots, then those of further bases that are not there yet, then the class's own.

from mortice import Base, layout, slot, slots


class A(Base):
    x = slot()
    y = slot()


class B(Base):
    y = slot()
    z = slot()


class AB(A, B):
    w = slot()
    x = slot()


class BA(B, A):
    w = slot()


class Left(A):
    left = slot()


class Right(A):
    right = slot()


class Both(Left, Right):
    own = slot()


class Deep(BA, Both):
    pass


for cls in (A, B, AB, BA, Left, Right, Both, Deep):
    print("S005", cls.__name__, list(slots(cls)))
print("S008", len(slots(AB)), len(slots(Both)), len(slots(Deep)))
for cls in (AB, Deep):
    print("S005", layout(cls).rsplit("\n", 1)[0])


class Plain:
    __slots__ = ()


class Behind(Plain, B, A):
    pass


print("S005", list(slots(Behind)))
