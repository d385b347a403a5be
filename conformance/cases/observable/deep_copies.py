# cites: S051

# copy.deepcopy copies values and targets by the usual memo, and never observers.

import copy

from mortice import UNSET, Base, delegate, delegated, slot


class A(Base):
    x = slot()
    y = slot()
    follows = delegated("y", "x")


heard = []
a, b = A(x=[1, [2]]), A(x="of b")
a.y = b
delegate(b, "y", to=a, name="x")
a.observe(None, lambda change: heard.append(change.name))
b.observe(None, lambda change: heard.append(change.name))
c = copy.deepcopy(a)
print("S051", c.x, c.x is not a.x, c.x[1] is not a.x[1], c.y is not b, c.follows, c.y.y is c.x)
c.y.x = "copied"
c.x = "new"
print("S051", c.follows, c.y.y, a.x, b.x, heard)

# Cycles, and one object twice.
d = A()
d.x = d
d.y = [d, UNSET]
e = copy.deepcopy(d)
print("S051", e.x is e, e.y[0] is e, e.y[1] is UNSET, e is not d)
f, g = copy.deepcopy([a, a])
print("S051", f is g, f is not a)

# Targets that lie outside of what is copied are copied too.
target = A(x="target")
h = A()
delegate(h, "x", to=target)
i = copy.deepcopy(h)
i.x = "copy of the target"
print("S051", target.x, h.x, i.x)
memo = {id(target): target}
j = copy.deepcopy(h, memo)
j.x = "the same target"
print("S051", target.x, copy.copy(UNSET) is UNSET, copy.deepcopy(UNSET) is UNSET)


class Graph(A):
    __slots__ = ("links", "__dict__")


k, m = Graph(), Graph()
k.links, k.other, m.links = [m], m, (k,)
n = copy.deepcopy(k)
print("S051", n.links[0] is n.other, n.other.links[0] is n, n.other is not m)
