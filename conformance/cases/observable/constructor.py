# cites: S014

# Base.__init__ takes slots as keywords and emits nothing.

from mortice import Base, slot

events = []


class Point(Base):
    x = slot(0)
    y = slot(0)


Point.observe(None, lambda change: events.append((change.name, change.old, change.new)))


class Point3(Point):
    z = slot(0)

    def __init__(self, x, y, z=0, **others):
        super().__init__(x=x, y=y, **others)
        self.z = z


class Cooperative(Base):
    name = slot()

    def __init__(self, *, name, **others):
        super().__init__(**others)
        self.name = name


class Both(Cooperative, Point):
    pass


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


p = Point(y=2)
print("S014", p.x, p.y, events)
print("S014", Point3(1, 2, 3).z, events)
both = Both(name="b", x=1)
print("S014", both.name, both.x, both.y, events[1:])
events.clear()
p.__init__(x=5)
print("S014", p.x, p.y, events)
p.x = 6
print("S014", events)
print("S014", attempt(Point, 1), "|", attempt(Point3, 1, 2, x=3)[:9])
print("S014", attempt(Point, w=1), "|", attempt(Point, xx=1), "|", attempt(Both, name="n", nmae="m"))
print("S014", attempt(Base).__class__ is Base, attempt(Base, x=1))

# An unknown name is noticed before any value is stored; a refused value is not.
q = Point(x="before")
print("S014", attempt(q.__init__, x="after", z=1), q.x)


class Checked(Point):
    y = slot(type=int)


q = Checked(y=1)
print("S014", attempt(q.__init__, x="after", y="no"), q.x, q.y)
