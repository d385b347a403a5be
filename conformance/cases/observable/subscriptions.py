# cites: S024

# What observe returns: it can be cancelled, tells whether it is active, and is a context manager.

import gc

from mortice import Base, Subscription, slot


class A(Base):
    x = slot(0)


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a = A()
heard = []
one = a.observe("x", lambda change: heard.append(("one", change.new)))
every = a.observe(None, lambda change: heard.append(("every", change.new)))
print("S024", one, every, isinstance(one, Subscription), one.active)
a.x = 1
print("S024", one.cancel(), one.cancel(), one.active, one)
a.x = 2
with a.observe("x", lambda change: heard.append(("with", change.new))) as inside:
    a.x = 3
    print("S024", inside.active, inside is not one)
a.x = 4
print("S024", inside, heard)
try:
    with a.observe("x", heard.append) as inside:
        raise ValueError("in the body")
except ValueError as error:
    print("S024", error, inside.active)
with one:
    pass
print("S024", one.active, attempt(Subscription), "|", attempt(setattr, one, "active", True)[:14])
print("S024", attempt(lambda: type("Sub", (Subscription,), {})))

# Losing the subscription ends nothing; the observed object can go while the subscription stays.
heard.clear()
a.observe("x", lambda change: heard.append("kept"))
every.cancel()
gc.collect()
a.x = 5
kept = a.observe("x", print)
of_class = A.observe("x", print)
del a
gc.collect()
print("S024", heard, kept, kept.active, of_class.active, kept.cancel(), of_class.cancel())
