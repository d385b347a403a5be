# cites: S046 S041 S050

# Twenty thousand objects delegate to one target; those that are gone are not heard of.

import gc

from mortice import Base, delegate, slot, undelegate

COUNT = 20_000
gc.disable()


class Target(Base):
    x = slot(0)


class A(Base):
    __slots__ = ("__weakref__",)
    x = slot(0)
    number = slot()


target = Target()
objects = []
for number in range(COUNT):
    one = A(number=number)
    delegate(one, "x", to=target)
    objects.append(one)
heard = []
A.observe("x", lambda change: heard.append(change.object.number))
target.x = 1
print("S046", len(heard), heard == list(range(COUNT)))
del objects[COUNT // 4 :]
del one
heard.clear()
target.x = 2
print("S050", len(heard), heard == list(range(COUNT // 4)))
for one in objects[::2]:
    undelegate(one, "x")
heard.clear()
target.x = 3
print("S041", len(heard), heard[:3], objects[0].x, objects[1].x)
for one in objects[:10]:
    delegate(one, "x", to=target)
heard.clear()
target.x = 4
print("S041", heard[-10:])
objects.clear()
del one
heard.clear()
target.x = 5
print("S050", heard)
