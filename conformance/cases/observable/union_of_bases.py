# cites: S006 S008
# seed: 000_85b8fabe2820a541.txt

# The seed's last program: two bases with slots of their own, which Python's __slots__ cannot have.

import sys

from mortice import Base, slot, slots


class A(Base):
    x = slot()


class B(Base):
    a = slot()
    b = slot()


class C(A, B):
    pass


c = C()
c.x, c.a, c.b = 1, 2, 3
print("S008", list(slots(C)), c.x, c.a, c.b)
print("S006", sys.getsizeof(c) - sys.getsizeof(B()), sys.getsizeof(c) - sys.getsizeof(A()))


class D(B, A):
    b = slot("of D")
    d = slot()


d = D(x="x", a="a", d="d")
print("S008", list(slots(D)), d.x, d.a, d.b, d.d)


class E(C, B):
    pass


class F(A, E.__bases__[1]):
    pass


print("S008", list(slots(E)), list(slots(F)), sys.getsizeof(E()) - sys.getsizeof(c))
e = E()
for at, name in enumerate(slots(E)):
    setattr(e, name, at)
print("S008", [getattr(e, name) for name in slots(E)], B.a.__get__(e), A.x.__get__(e), C.b.__get__(e))
