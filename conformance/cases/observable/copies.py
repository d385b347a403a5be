# cites: S051

# copy.copy carries values, Python's slots, the __dict__ and delegations; never observers.

import copy

from mortice import Base, delegate, delegated, slot, undelegate


class A(Base):
    x = slot("default")
    y = slot()
    made = slot(factory=lambda: calls.append("made") or ["made"])
    checked = slot(0, type=int, validate=lambda obj, value: calls.append("validate") or value)


class Full(A):
    __slots__ = ("m", "n", "__dict__")
    follows = delegated("y", "x")


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


calls, heard = [], []
A.observe(None, lambda change: heard.append((change.name, change.new)))
a = A(x=[1], checked=5)
a.observe("x", lambda change: heard.append("the instance's observer"))
calls.clear()
b = copy.copy(a)
print("S051", type(b).__name__, b.x is a.x, hasattr(b, "y"), b.checked, calls, heard)
b.x = 2
print("S051", heard, a.x)
print("S051", b.made, calls, copy.copy(b).made is b.made)

# Unset stays unset, and what a factory has not made is made later.
del a.x
calls.clear()
c = copy.copy(a)
print("S051", attempt(lambda: c.x), calls, c.made is a.made, calls)

target, full = A(x="of target"), Full(y=A(x="followed"))
full.m, full.free = "m", "free"
full.x = "own"
delegate(full, "x", to=target)
heard.clear()
d = copy.copy(full)
print("S051", d.x, d.m, hasattr(d, "n"), d.free, vars(d) is vars(full), d.follows, heard)
d.x = "written"
print("S051", target.x, full.x, heard)
undelegate(d, "x")
d.y = A(x="another")
print("S051", d.x, d.follows, full.x, full.follows)


class Own(A):
    def __copy__(self):
        return "own"


class State(A):
    def __getstate__(self):
        return {"only": self.x}

    def __setstate__(self, state):
        self.x = state["only"] * 2


print("S051", copy.copy(Own()), copy.copy(State(x=21, y="lost")).x)


class Counted(Base):
    x = slot(1)

    def __init__(self):
        calls.append("init")


calls.clear()
one = Counted()
one.x = 5
print("S051", copy.copy(one).x, calls)
