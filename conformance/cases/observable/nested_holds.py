# cites: S030

# Holds nest: the outermost that covers an object delivers its changes.

from mortice import Base, hold, slot


class A(Base):
    x = slot(0)
    name = slot()


def hear(change):
    heard.append((change.object.name, change.old, change.new))


heard = []
a, b, c = (A(name=name) for name in "abc")
A.observe("x", hear)
with hold():
    a.x = 1
    with hold():
        a.x = 2
        b.x = 1
    print("S030", heard)
    b.x = 2
print("S030", heard)
heard.clear()

# Some objects only.
with hold(a, c):
    for value, obj in enumerate((a, b, c, a), 10):
        obj.x = value
    print("S030", heard)
    with hold(b):
        b.x, c.x = 20, 21
        print("S030", heard)
    print("S030", heard)
print("S030", heard)
heard.clear()
with hold(b):
    with hold():
        a.x, b.x = 30, 31
    print("S030", heard)
print("S030", heard)
heard.clear()

# The same hold twice, and one that is not open.
again = hold()
with again:
    with again:
        a.x = 40
    print("S030", heard)
print("S030", heard)
try:
    again.__exit__(None, None, None)
except RuntimeError as error:
    print("S030", error)

# Ended in another order than begun.
one, two = hold(a), hold(a, b)
heard.clear()
one.__enter__()
two.__enter__()
a.x, b.x = 50, 51
one.__exit__(None, None, None)
print("S030", heard)
two.__exit__(None, None, None)
print("S030", heard)
