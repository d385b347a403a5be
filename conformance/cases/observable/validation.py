# cites: S003 S009 S014

# validate sees the object and the value, after the type; what it returns is stored.

from mortice import Base, slot

seen = []


def clamp(obj, value):
    seen.append((type(obj).__name__, value))
    if value < 0:
        raise ValueError("negative")
    return min(value, 10)


def text(obj, value):
    return str(value)


class A(Base):
    x = slot(-5, type=int, validate=clamp)
    y = slot(type=int, validate=text)


class B(A):
    x = slot(1)


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a = A()
events = []
a.observe(None, lambda change: events.append((change.old, change.new)))
print("S003", a.x, seen)
a.x = 99
a.y = 12
print("S003", a.x, [a.y], events, seen)
print("S003", attempt(setattr, a, "x", -1), a.x, len(events))
print("S003", attempt(setattr, a, "x", "high"), seen[-1])
print("S014", A(x=50).x, attempt(A, x=-2))

# The rules are those of the instance's class, whichever descriptor is used.
b = B()
b.x = "anything"
A.x.__set__(b, -3)
print("S009", b.x, A.x.__get__(b))
print("S003", attempt(A.x.__set__, a, -3), a.x)


class Shy(Base):
    x = slot(validate=lambda obj, value: (setattr(obj, "y", value), value)[1])
    y = slot()


shy = Shy()
order = []
shy.observe(None, lambda change: order.append((change.name, change.new)))
shy.x = 4
print("S003", shy.x, shy.y, order)
