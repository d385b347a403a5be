# cites: S005 S006 S008
# seed: 000_85b8fabe2820a541.txt

# The seed's classes: an instance of C holds the sum of the slots of A, B and C.

import sys

from mortice import Base, layout, slot, slots


class A(Base):
    x = slot()
    y = slot()


class B(A):
    z = slot()


class C(B):
    w = slot()


c = C(x=1, y=2, z=3, w=4)
print("S005", [slots(cls)[name].index for cls in (A, B, C) for name in slots(cls)])
print("S006", [len(slots(cls)) for cls in (A, B, C)], sys.getsizeof(c) - sys.getsizeof(A()))
print("S008", c.x, c.y, c.z, c.w)
print("S006", layout(C).split("\n")[0])
print("S005", "\n".join(layout(C).split("\n")[1:-1]))
