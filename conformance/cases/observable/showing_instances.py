# cites: S053 S020 S045 S002

# repr(obj) shows the slots that have something to show, and runs nothing for it.

from mortice import UNSET, Base, delegate, delegated, slot


class Circle(Base):
    x = slot(0)
    radius = slot(1.5)
    tag = slot()


class Dot(Circle):
    weight = slot("bold")
    x = slot(7)


class Outer:
    class Inner(Base):
        value = slot(None)


class Nothing(Base):
    pass


calls = []


class Wheel(Base):
    radius = slot(0.3)


class Car(Base):
    name = slot()
    wheel = slot(factory=lambda: calls.append("factory") or Wheel())
    radius = delegated("wheel")
    size = delegated("wheel", "radius", doc="the same under another name")


print("S053", Circle(), Circle(x=1, tag="t"), str(Circle(tag=[])), f"{Dot()} {Dot(weight=None)!r}")
print("S053", Outer.Inner(), [Outer.Inner(value=Circle())])

# An unset slot is left out, and so is one that holds UNSET.
c = Circle(tag=UNSET)
del c.x
print("S020", c)
del c.radius
print("S020", c, Circle.__repr__(c), Base.__repr__(c) == repr(c))

# A factory that has not run is not called; what follows it is left out with it.
car = Car(name="van")
car.observe(None, lambda change: calls.append("observer"))
print("S002", car, calls)
car.wheel
print("S002", calls[0])
print("S045", car)
car.wheel = None
print("S045", car)
del car.wheel
print("S045", car)

# A delegated slot shows what it shows.
other = Circle(radius="of another")
delegate(c, "radius", to=other)
print("S053", c)
del other.radius
print("S053", c)
delegate(c, "tag", to=car, name="radius")
print("S053", c)

# What hides a slot hides it here too.


class Hidden(Circle):
    radius = 5
    tag = property(lambda self: calls.append("property"))


print("S053", Hidden(x=1))

# Without slots there is nothing to show but that it is there.
words = repr(Nothing()).split(" at ")
print("S053", words[0], len(words), repr(Base()).split(" at ")[0])


class Named(Nothing):
    __slots__ = ("name",)


one = Named()
one.name = "n"
print("S053", repr(one).split(" at ")[0])


class Full(Circle):
    __slots__ = ("m", "__dict__")


full = Full()
full.m = full.free = "not a slot"
print("S053", full)
