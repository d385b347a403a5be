# cites: S029 S027

# An old value that goes may write slots itself. That is a write of its own: what its observers raise is its own.

import gc
import sys

from mortice import Base, delegate, delegated, slot


class A(Base):
    name = slot()
    x = slot()
    y = slot()
    follows = delegated("x", "y")

    def __repr__(self):
        return self.name


class Ending:
    def __init__(self, act):
        self.act = act

    def __del__(self):
        self.act()

    def __repr__(self):
        return "ending"


class Short(A):
    def __del__(self):
        at_end()


def fail(text):
    def observer(change):
        calls.append((text, change.name, change.new))
        raise ValueError(text)

    return observer


def write(obj, name, value):
    try:
        setattr(obj, name, value)
    except Exception as error:
        return error
    return "written"


def told():
    # Errors keep what their frames hold, also in cycles.
    gc.collect()
    answer = calls[:]
    calls.clear()
    return answer


calls = []
sys.unraisablehook = lambda args: calls.append(("unraisable", str(args.exc_value)))
a, b = A(name="a"), A(name="b")
b.observe("x", fail("of the end"))
a.x = Ending(lambda: setattr(b, "x", 1))
a.observe("x", fail("of the writer"))
print("S029", write(a, "x", 2))
print("S029", told())

# The same where the value goes with a deletion, and where nobody hears of it.
quiet = A(name="quiet")
for obj in (a, quiet):
    write(obj, "x", Ending(lambda: setattr(b, "x", obj.name)))
    told()
    try:
        del obj.x
    except ValueError as error:
        print("S029", error)
    print("S029", told())


# The object that a delegation kept alive.
def at_end():
    calls.append("short ends")
    write(a, "y", "from the end")


def hear(change):
    calls.append((change.object, change.name, change.old, change.new))


c = A(name="c", x="own")
for one in (a, c):
    one.observe("y", hear)
c.observe("x", hear)
c.observe("follows", hear)
delegate(c, "x", to=Short(name="short", x=1))
print("S027", told())
delegate(c, "x", to=A(name="other", x=2))
print("S027", told())

# The object in the slot that a name follows.
c = A(name="d", x=Short(name="short", y=3))
c.observe("follows", hear)
c.x = A(name="third", y=4)
print("S027", told())
