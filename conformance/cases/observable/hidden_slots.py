# cites: S004 S022

# A plain attribute or a property of the same name hides a slot; the place stays.

import sys

from mortice import Base, slot, slots


class A(Base):
    x = slot(1)
    y = slot(2)


class Constant(A):
    x = "class attribute"


class Computed(A):
    @property
    def x(self):
        return super().x * 100

    @x.setter
    def x(self, value):
        A.x.__set__(self, value)


class Mixin:
    __slots__ = ()
    y = "mixin"


class Mixed(Mixin, A):
    pass


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a, constant, computed, mixed = A(), Constant(), Computed(), Mixed()
print("S004", constant.x, A.x.__get__(constant), computed.x, mixed.y, A.y.__get__(mixed))
print("S004", attempt(setattr, constant, "x", 3), "|", attempt(setattr, mixed, "y", 3))
computed.x = 5
A.x.__set__(constant, 6)
print("S004", computed.x, A.x.__get__(computed), A.x.__get__(constant), constant.x)
print("S004", [sys.getsizeof(one) - sys.getsizeof(a) for one in (constant, computed, mixed)])
for cls in (Constant, Computed, Mixed):
    print("S004", cls.__name__, list(slots(cls)), attempt(cls, x=1, y=2))
print("S022", attempt(constant.observe, "x", print), "|", attempt(Mixed.observe, "y", print))


class Again(Constant):
    x = slot("back")


again = Again()
print("S004", again.x, A.x.__get__(again), list(slots(Again)), sys.getsizeof(again) - sys.getsizeof(a))
heard = []
A.observe("x", lambda change: heard.append((type(change.object).__name__, change.old, change.new)))
A.x.__set__(constant, 7)
computed.x = 8
again.x = 9
print("S004", heard)
