# cites: S030 S028 S027

# Observers are those subscribed at delivery; a hold inside an observer delivers when the event is done.

from mortice import Base, hold, slot


class A(Base):
    x = slot(0)
    y = slot(0)


def hear(name):
    return lambda change: calls.append((name, change.name, change.old, change.new))


calls = []
a = A()
gone = a.observe("x", hear("cancelled"))
with hold():
    a.x = 1
    gone.cancel()
    a.observe("x", hear("subscribed"))
print("S030", calls)
calls.clear()

b = A()
with hold():
    b.x, b.y = 1, 2
    first = b.observe("x", lambda change: (calls.append("first"), second.cancel()))
    second = b.observe("y", hear("second"))
print("S028", calls)
calls.clear()


# Writes of observers come after everything that the hold delivers.
def answer(change):
    calls.append(("answer", change.new))
    if change.new == 1:
        c.x = 2
        c.y = 20


c = A()
c.observe("x", answer)
c.observe("y", hear("y"))
with hold():
    c.x = 1
    c.y = 10
print("S027", calls, c.x, c.y)
calls.clear()


def holding(change):
    calls.append(("holding", change.new))
    if change.new < 3:
        with hold():
            d.x = change.new + 1
            d.y = change.new
            d.y = -change.new
        calls.append("hold ended")


d = A()
d.observe("x", holding)
d.observe("x", hear("behind"))
d.observe("y", hear("y"))
d.x = 1
print("S027", calls)
calls.clear()


# A hold that an observer leaves open keeps what is written from then on.
def open_hold(change):
    calls.append(("event", change.new))
    if change.new == 1:
        e.x = 2
        held.__enter__()
        e.x = 3


e, held = A(), hold()
e.observe("x", open_hold)
e.x = 1
e.x = 4
print("S030", calls, e.x)
held.__exit__(None, None, None)
print("S030", calls)
calls.clear()

# A hold keeps the object until it has delivered.
with hold():
    f = A()
    f.observe("x", hear("f"))
    f.x = 1
    del f
print("S030", calls)
