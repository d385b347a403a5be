# cites: S028

# An observer that is cancelled during an event is not called any more.

from mortice import Base, slot


class A(Base):
    x = slot(0)


def hear(name, *victims):
    def observer(change):
        calls.append(name)
        for victim in victims:
            subscriptions[victim].cancel()

    return observer


calls, subscriptions = [], {}
a = A()
for name, victims in [("a", ""), ("b", "bdf"), ("c", "a"), ("d", ""), ("e", ""), ("f", "")]:
    subscriptions[name] = a.observe("x", hear(name, *victims))
a.x = 1
print("S028", calls)
calls.clear()
a.x = 2
print("S028", calls)
calls.clear()

# Class observers, weak receivers, and all at once.
b = A()
subscriptions = {"z": A.observe("x", hear("z"))}
subscriptions["y"] = b.observe("x", hear("y", "z", "y"))
b.x = 1
print("S028", calls, [one.active for one in subscriptions.values()])
calls.clear()
c = A()
for name in "klmn":
    subscriptions[name] = c.observe("x", hear(name, *"klmn"))
c.x = 1
c.x = 2
print("S028", calls)
calls.clear()


# A write that waits does not reach those cancelled in between.
def write_and_cancel(change):
    calls.append(("writer", change.new))
    if change.new == 1:
        change.object.x = 2
        subscriptions["late"].cancel()


d = A()
d.observe("x", write_and_cancel)
subscriptions["late"] = d.observe("x", lambda change: calls.append(("late", change.new)))
d.x = 1
print("S028", calls)
