# cites: B313 B314
import gc
import weakref


class Node:
    pass


def note(name):
    return lambda dead: calls.append((name, dead()))


calls = []
gc.collect()
gc.disable()

# The reference is trash too.
a = Node()
a.me = a
a.ref = weakref.ref(a, note("inside"))
del a
gc.collect()
print("B313", calls)

# The reference is held from outside.
a = Node()
a.me = a
outside = weakref.ref(a, note("outside"))
a.ref = weakref.ref(a, note("inside"))
del a
gc.collect()
print("B314", calls, outside())
calls.clear()

# Two cycles of which one holds a reference into the other.
a, b = Node(), Node()
a.me, b.me = a, b
a.ref = weakref.ref(b, note("a to b"))
kept = weakref.ref(b, note("kept to b"))
del a, b
gc.collect()
print("B313", calls)
calls.clear()

# A callback that is itself part of the trash.
class Calls:
    def method(self, dead):
        calls.append("method")


one = Calls()
one.me = one
other = Node()
other.me = other
one.ref = weakref.ref(other, one.method)
del one, other
gc.collect()
print("B313", calls)
one = Calls()
other = Node()
other.me = other
ref = weakref.ref(other, one.method)
del one, other
gc.collect()
print("B314", calls, ref())
calls.clear()

# Several references from outside, newest first.
a = Node()
a.me = a
refs = [weakref.ref(a, note(n)) for n in range(3)]
del a
gc.collect()
print("B314", calls)
gc.enable()
