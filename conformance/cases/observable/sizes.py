# cites: S006 S007
# seed: 000_85b8fabe2820a541.txt

# Every slot takes eight bytes, wherever it comes from; a subclass without slots takes no more than its base.

import sys

from mortice import Base, slot


class A(Base):
    x = slot()
    y = slot()


class B(A):
    z = slot()


class Same(B):
    def method(self):
        return self.z


class SameAgain(Same):
    x = slot(1)


class C(B):
    w = slot()


def more(cls, base):
    return sys.getsizeof(cls()) - sys.getsizeof(base())


print("S006", more(B, A), more(C, B), more(C, A))
print("S007", more(Same, B), more(SameAgain, B), more(SameAgain, A))


class Late(A):
    pass


Late.one = slot()
Late.two = slot()
print("S006", more(Late, A))
filled, empty = A(x="a long string" * 100, y=[1] * 100), A()
print("S006", sys.getsizeof(filled) - sys.getsizeof(empty))
filled.observe("x", lambda change: None)
filled.x = 2
print("S006", filled.__sizeof__() - empty.__sizeof__())
print("S007", [more(type(f"Sub{at}", (C,), {}), C) for at in range(3)])
