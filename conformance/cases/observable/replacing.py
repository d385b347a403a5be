# cites: S051 S003 S014 S020

# obj.__replace__(x=…), which copy.replace() calls: a copy with other values in some slots.

from mortice import Base, delegate, delegated, slot


class A(Base):
    x = slot("default")
    y = slot()
    made = slot(factory=lambda: calls.append("made") or ["made"])
    checked = slot(0, type=int, validate=lambda obj, value: calls.append(type(obj).__name__) or abs(value))


class Full(A):
    __slots__ = ("m", "__dict__")

    def __init__(self, m):
        calls.append("init")
        self.m = m


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


calls, heard = [], []
A.observe(None, lambda change: heard.append((change.name, change.old, change.new)))
a = A(x=[1], checked=5)
a.observe("x", lambda change: heard.append("the instance's observer"))
calls.clear()
b = a.__replace__(y="y")
print("S051", b, a, b.x is a.x, calls)
print("S020", heard)
b.x = 2
print("S020", heard, a)
print("S051", a.__replace__() is not a, a.__replace__(), a.__replace__(x=None, made="set"))

# The rules of the constructor: type and validate.
print("S003", a.__replace__(checked=-3), calls, a.checked)
print("S003", attempt(a.__replace__, checked="no"))
print("S003", attempt(a.__replace__, x=0, checked=1.5), a)

# All names are looked at first.
calls.clear()
print("S014", attempt(a.__replace__, checked=1, z=2), "|", attempt(a.__replace__, cheked=1), calls)
print("S014", attempt(a.__replace__, 1).split(":")[0])

# Everything else is carried as by a copy; __init__ is not called.
full = Full("m")
full.free, full.y = "free", "y"
calls.clear()
other = full.__replace__(y="other")
print("S051", other, other.m, other.free, vars(other) is vars(full), calls)


class Slots(Base):
    self = slot()
    cls = slot()


print("S014", Slots().__replace__(self=1, cls=2))


# A slot that shows another object's is not written: the original would change too.
class Wheel(Base):
    radius = slot(0.3, type=float)


class Car(Base):
    name = slot()
    wheel = slot(factory=lambda: calls.append("wheel") or Wheel())
    radius = delegated("wheel")


heard.clear()
Wheel.observe(None, lambda change: heard.append((change.old, change.new)))
Car.observe(None, lambda change: heard.append((change.object.name, change.name, change.new)))
car = Car(name="van", wheel=Wheel())
print("S051", attempt(car.__replace__, radius=0.5), car)
print("S051", car.__replace__(wheel=Wheel(), radius=0.5), car)
print("S020", heard)
print("S051", attempt(car.__replace__, radius=0.5, wheel=Wheel()), car.__replace__(name="bus"))

# What is not there yet is no one else's.
heard.clear()
fresh = Car(name="new")
print("S051", fresh.__replace__(radius=0.7), fresh, calls, heard)
print("S051", attempt(car.__replace__, wheel=None, radius=1.0))

heard.clear()
one, target = A(x="own"), A(x="of target")
delegate(one, "x", to=target)
print("S051", attempt(one.__replace__, x="new"), one.__replace__(y=1), target)
between = A()
delegate(one, "x", to=between, name="y")
delegate(between, "y", to=target, name="x")
print("S051", attempt(one.__replace__, x="new"))
print("S020", [name for name, old, new in heard])


class Itself(A):
    def __copy__(self):
        return self


class Else(A):
    def __copy__(self):
        return "else"


class Renamed(A):
    def __copy__(self):
        return Renamed(x="by __copy__")


print("S051", attempt(Itself().__replace__, x=1), "|", attempt(Else().__replace__, x=1))
print("S051", Renamed().__replace__(y=1), attempt(Itself().__replace__).split(":")[0])
print("S014", attempt(Itself().__replace__, w=1))
