# cites: S042 S045

# A delegation that would close a cycle is refused and changes nothing.

import gc

from mortice import Base, DelegationError, delegate, delegated, slot, undelegate


class A(Base):
    x = slot("x")
    y = slot("y")


class Node(Base):
    next = slot()
    value = slot(0)
    last = delegated("next", "last")
    same = delegated("next", "value")


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a, b, c = A(x="a"), A(x="b"), A(x="c")
heard = []
for obj in (a, b, c):
    obj.observe(None, lambda change: heard.append((change.name, change.old, change.new)))
print("S042", attempt(delegate, a, "x", to=a))
delegate(b, "x", to=a)
delegate(c, "y", to=b, name="x")
heard.clear()
print("S042", attempt(delegate, a, "x", to=b), "|", attempt(delegate, a, "x", to=c, name="y"))
print("S042", a.x, b.x, c.y, heard)
delegate(a, "y", to=b, name="x")
delegate(a, "x", to=c)
print("S042", a.x, a.y, b.x, c.x, c.y)
print("S042", attempt(delegate, c, "x", to=a, name="y"), c.x)

# Retargeting into a cycle leaves the old delegation.
undelegate(a, "x")
delegate(a, "x", to=c)
heard.clear()
print("S042", attempt(delegate, a, "x", to=b), a.x, heard)
c.x = "new"
print("S042", a.x, b.x)

# A write that would lead a delegated name around is refused as well.
one, two, three = Node(value=1), Node(value=2), Node(value=3)
one.next, two.next = two, three
print("S045", one.same, two.same, hasattr(three, "last"))
events = []
three.observe(None, lambda change: events.append(change.name))
print("S045", attempt(setattr, three, "next", one))
print("S045", attempt(setattr, three, "next", three))
print("S045", hasattr(three, "next"), events, one.same)
print("S045", attempt(Node, next=None).next)


# A name that depends on itself by way of the slot that it follows is unset.
class Loop(Base):
    via = slot()
    x = delegated("via")
    a = delegated("b")
    b = delegated("a")


loop = Loop(via=a)
heard.clear()
loop.observe(None, lambda change: heard.append((change.name, change.old is a, change.new)))
print("S045", loop.x, attempt(delegate, loop, "via", to=loop, name="x"), heard)
print("S045", attempt(lambda: loop.x), "|", attempt(lambda: loop.via), "|", attempt(setattr, loop, "via", 1))
undelegate(loop, "via")
print("S045", loop.x, loop.via is a)
print("S045", attempt(lambda: loop.a), "|", attempt(setattr, loop, "b", 1))
other = A(x="other")
delegate(loop, "a", to=other, name="x")
delegate(loop, "b", to=other, name="y")
print("S045", loop.a, loop.b)
undelegate(loop, "a")
print("S045", attempt(lambda: loop.a), loop.b, attempt(delegate, loop, "b", to=loop, name="a"), attempt(lambda: loop.b))

# A write that was refused keeps nothing alive.
four = Node()
watching = four.observe("value", print)
print("S045", attempt(setattr, four, "next", four), watching.active)
del four
gc.collect()
print("S045", watching.active)
