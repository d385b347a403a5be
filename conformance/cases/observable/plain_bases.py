# cites: S011 S004

# A plain base brings the __dict__ and __weakref__ that it has, in either order.

import weakref

from mortice import Base, slot, slots


class A(Base):
    x = slot(1)


class Plain:
    def describe(self):
        return f"{self.x} {vars(self)}"


class Lean:
    __slots__ = ()
    constant = "lean"

    def twice(self):
        return self.x * 2


class First(Plain, A):
    y = slot(2)


class Second(A, Plain):
    pass


class WithLean(Lean, A):
    pass


class Init:
    __slots__ = ()

    def __init__(self, first, **others):
        super().__init__(**others)
        self.x = first * 10


class Cooperating(Init, A):
    y = slot()


for cls in (First, Second, WithLean):
    one = cls(x=5)
    try:
        one.more = 1
        print("S011", cls.__name__, one.describe(), weakref.ref(one)() is one)
    except AttributeError:
        print("S011", cls.__name__, hasattr(one, "__dict__"), one.twice(), one.constant)
print("S004", list(slots(First)), list(slots(Second)), First().y)
one = Cooperating(7, y=1)
print("S004", one.x, one.y)


class Hides:
    __slots__ = ()
    x = 100


class Hidden(Hides, A):
    pass


class Shown(A, Hides):
    pass


print("S004", Hidden().x, list(slots(Hidden)), Shown().x, list(slots(Shown)))
