# cites: S042 S054 S030 S023

# A write that would lead a delegated name back to itself is refused, and everything is as it was: the order of
# those who follow, what holds tell at their end, and what is alive.

import gc
import weakref

from mortice import Base, DelegationError, delegate, delegated, hold, slot


class Node(Base):
    __slots__ = ("__weakref__",)
    name = slot()
    next = slot(compare="always")
    x = slot(0, compare="always")
    of_next = delegated("next", "x")
    own = delegated("next", "own")

    def __repr__(self):
        return self.name


def told():
    answer = heard[:]
    heard.clear()
    return answer


def hear(change):
    heard.append((change.object, change.name, change.old, change.new, change.source))


def write(obj, value):
    try:
        obj.next = value
    except DelegationError as error:
        return str(error)
    return "written"


heard = []
a, b, t = [Node(name=name) for name in "abt"]
a.next = t
b.next = t
for node in (a, b, t):
    node.observe(None, hear)
print("S042", write(a, a), told(), a.next)
t.x = 1
print("S023", told())
print("S042", write(t, b), told(), hasattr(t, "next"))
t.x = 2
print("S023", told())

# Under a hold nothing is told of what was not written, even where every write is told.
with hold():
    print("S042", write(t, a))
print("S030", told())
with hold():
    a.x = 5
    print("S042", write(t, a))
print("S030", told())

# A delegation that is refused is no other.
try:
    delegate(t, "x", to=a, name="of_next")
except DelegationError as error:
    print("S042", error, told())
t.x = 3
print("S023", told())

# Nothing is kept alive by what was refused.
gc.disable()
for follow in (False, True):
    short = Node(name="short")
    if follow:
        short.observe(None, hear)
    seen = weakref.ref(short)
    print("S042", write(short, short), told())
    del short
    print("S054", seen())
