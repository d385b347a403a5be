# cites: S030 S029

# A body that raises still delivers; both errors are raised, the first as the context.

from mortice import Base, hold, slot


class A(Base):
    x = slot(0, type=int)
    y = slot(0)


def fail(change):
    calls.append((change.name, change.new))
    raise ValueError(f"observer of {change.name}")


def attempt(obj, error=None):
    try:
        with hold():
            obj.x = obj.x + 1
            obj.y = obj.y + 1
            if error is not None:
                raise error
    except BaseException as caught:
        inner = getattr(caught, "exceptions", ())
        return [repr(caught), [repr(one) for one in inner], repr(caught.__context__), obj.x, obj.y]
    return "nothing raised"


calls = []
a = A()
print("S030", attempt(a))
print("S030", attempt(a, KeyError("body")))
heard = a.observe("x", lambda change: calls.append(("heard", change.new)))
print("S030", attempt(a, KeyError("body")), calls)
failing = a.observe("x", fail)
print("S029", attempt(a))
print("S029", attempt(a, KeyError("body")))
a.observe("y", fail)
print("S029", attempt(a))
print("S029", attempt(a, KeyboardInterrupt("body")))
print("S030", calls)

# A refused write inside.
b = A()
calls.clear()
b.observe(None, lambda change: calls.append((change.name, change.old, change.new)))
try:
    with hold():
        b.y = 1
        b.x = 5
        b.x = "no number"
except TypeError as error:
    print("S030", error, calls)
