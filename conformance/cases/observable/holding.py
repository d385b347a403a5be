# cites: S030

# hold() delays the events of a block; each place emits one change at the end, if it has changed.

from mortice import UNSET, Base, hold, slot


class A(Base):
    x = slot(0)
    y = slot(0)
    z = slot(compare="always")


def hear(change):
    heard.append((names[change.object is b], change.name, change.old, change.new))


heard, names = [], "ab"
a, b = A(), A()
A.observe(None, hear)
with hold():
    a.x = 1
    b.x = 2
    a.y = 3
    a.x = 4
    print("S030", heard, a.x, b.x)
print("S030", heard)
heard.clear()

with hold():
    a.x = "elsewhere"
    a.x = 4
    del b.x
    b.y = 1
    del b.y
    a.y = 3
print("S030", heard)
heard.clear()

# "always" emits where there was a write; deleted again is not a change.
with hold():
    a.z = 1
    del a.z
    b.z = 5
    b.z = 6
with hold():
    b.z = 6
print("S030", heard, heard[0][2] is UNSET)
heard.clear()

with hold() as inside:
    print("S030", inside, hold(a), hold(a, b), type(inside) is hold)
try:
    hold(a, 5)
except TypeError as error:
    print("S030", error)
try:
    hold(A)
except TypeError as error:
    print("S030", error)
try:
    type("Sub", (hold,), {})
except TypeError as error:
    print("S030", error)
