# cites: S002

# A factory is called once for an instance, at the first read, unless a write comes first.

from mortice import Base, slot

calls = []


def make():
    calls.append("made")
    return ["made"]


class A(Base):
    items = slot(factory=make)
    other = slot(factory=dict)


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a = A()
events = []
a.observe(None, lambda change: events.append((change.name, change.old, change.new)))
print("S002", calls)
print("S002", a.items is a.items, a.items, calls, events)
print("S002", A().items is A().items)

calls.clear()
b = A()
b.items = "written"
print("S002", b.items, calls)

c = A()
del c.items
print("S002", attempt(lambda: c.items), calls)
c.items = 1
del c.items
print("S002", hasattr(c, "items"), calls)
print("S002", A(items=5).items, calls, hasattr(A(), "items"), calls)

a.other["k"] = 1
print("S002", a.other, A().other, events)
