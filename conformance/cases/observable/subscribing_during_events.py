# cites: S028 S027

# One that subscribes during an event starts with the next write.

from mortice import Base, slot


class A(Base):
    x = slot(0)


def hear(name):
    return lambda change: calls.append((name, change.new))


def subscribe(change):
    calls.append(("subscribing", change.new))
    if change.new == 1:
        change.object.observe("x", hear("new"))
        A.observe("x", hear("class"))


calls = []
a = A()
a.observe("x", subscribe)
a.observe("x", hear("old"))
a.x = 1
print("S028", calls)
calls.clear()
a.x = 2
print("S028", calls)
calls.clear()


# A write that waits already is one before the subscription; a later one is not.
def write_subscribe_write(change):
    if change.new == 1:
        change.object.x = 2
        change.object.observe("x", hear("between"))
        change.object.x = 3


b = A()
b.observe("x", write_subscribe_write)
b.observe("x", hear("old"))
b.x = 1
print("S027", [call for call in calls if call[0] != "class"])
calls.clear()


# One that cancels and subscribes itself again and again.
def again(change):
    global subscription
    calls.append(("again", change.new))
    subscription.cancel()
    subscription = change.object.observe("x", again)


c = A()
subscription = c.observe("x", again)
c.x, c.x = 1, 2
c.x = 3
print("S028", [call for call in calls if call[0] != "class"], subscription.active)
