# cites: S026

# A subclass may override an observing method; what is called is found on the object.

from mortice import Base, observe, slot


class A(Base):
    x = slot(0)
    y = slot(0)

    @observe("x")
    def changed(self, change):
        calls.append(("A", type(self).__name__, change.name))

    @observe("x")
    def second(self, change):
        calls.append(("second", change.name))


class Plain(A):
    def changed(self, change):
        calls.append(("Plain", change.name))
        super().changed(change)


class Decorated(A):
    @observe("y")
    def changed(self, change):
        calls.append(("Decorated", change.name))


class Off(Decorated):
    changed = None


class Open(A):
    __slots__ = ("__dict__",)


class Left(A):
    @observe("y")
    def changed(self, change):
        calls.append(("Left", change.name))


class Right(A):
    @observe("x", "y")
    def changed(self, change):
        calls.append(("Right", change.name))


class Both(Left, Right):
    @observe("x")
    def third(self, change):
        calls.append(("third", change.name))


calls = []
for cls in (A, Plain, Decorated, Off, Left, Right, Both):
    one = cls()
    one.x, one.y = 1, 1
    print("S026", cls.__name__, calls)
    calls.clear()
one = Open()
one.second = lambda change: calls.append("the instance's own")
one.x = 1
print("S026", calls)
calls.clear()
A.second = lambda self, change: calls.append("replaced")
Both().x = 1
print("S026", calls)
calls.clear()
del A.second
try:
    Both().x = 1
except AttributeError as error:
    print("S026", calls, error)
