# cites: S002 S020

# A factory that raises is asked again; one that writes the slot itself has the last word.

from mortice import UNSET, Base, slot


class A(Base):
    x = slot(factory=lambda: doing())


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def fail():
    raise ValueError("not now")


def write_it():
    a.x = "written"
    return "made"


def delete_it():
    del a.x
    return "made"


def events_of(obj):
    events = []
    obj.observe("x", lambda change: events.append((change.old, change.new)))
    return events


a, doing = A(), fail
print("S002", attempt(lambda: a.x), "|", attempt(lambda: a.x))
doing = lambda: "made"
print("S002", a.x)

a, doing = A(), write_it
events = events_of(a)
print("S002", a.x)
print("S020", events)

a, doing = A(), delete_it
events = events_of(a)
print("S002", attempt(lambda: a.x))
print("S020", events)

# What was not made yet counts as unset.
a, doing = A(), lambda: "made"
events = events_of(a)
a.x = 1
print("S020", events, events[0][0] is UNSET)
a, events[:] = A(), []
del a.x
print("S020", events, attempt(lambda: a.x))
