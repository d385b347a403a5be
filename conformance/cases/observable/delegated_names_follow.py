# cites: S045 S041 S023

# A delegated name follows what its slot shows: through other delegations, factories and defaults.

from mortice import Base, delegate, delegated, slot, undelegate


class Node(Base):
    name = slot()
    next = slot()
    value = slot(0)
    of_next = delegated("next", "value")
    after = delegated("next", "next")
    of_after = delegated("after", "value")

    def __repr__(self):
        return self.name


def told():
    answer = heard[:]
    heard.clear()
    return answer


def hear(change):
    heard.append((change.object, change.name, change.old, change.new, change.source))


heard = []
a, b, c, d = nodes = [Node(name=name, value=ord(name)) for name in "abcd"]
a.observe(None, hear)
a.next = b
print("S045", told())
b.next = c
print("S045", told(), a.of_after)
c.value = "new"
print("S041", told())
a.of_after = "through two"
print("S041", told(), c.value)
b.next = d
print("S045", told())

# The slot itself is delegated.
e = Node(name="e")
e.observe(None, hear)
delegate(e, "next", to=a)
for entry in told():
    print("S023", entry)
a.next = c
for entry in told():
    print("S023", entry)
undelegate(e, "next")
print("S045", [entry[:4] for entry in told()], hasattr(e, "of_next"))


# A factory of the slot runs when the name is read or written, not when it is observed.
class Lazy(Base):
    def __repr__(self):
        return type(self).__name__.lower()

    node = slot(factory=lambda: calls.append("made") or Node(name="made", value=1))
    value = delegated("node")


class Ready(Lazy):
    node = slot(d)


calls = []
lazy, other, third = Lazy(), Lazy(), Lazy()
lazy.observe("value", hear)
print("S045", calls, lazy.value, calls, told())
lazy.value = 2
other.value = 3
print("S045", calls, told(), other.node.value)
third.node = d
print("S045", calls, third.value)
ready = Ready()
ready.observe("value", hear)
d.value = "of the default"
print("S041", told(), Ready().value)
