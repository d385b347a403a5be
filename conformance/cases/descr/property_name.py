# cites: B066
# differs: 3.12: properties had no __name__


class Named:
    @property
    def x(self):
        return 1

    def _y(self):
        return 2

    y = property(_y)
    z = property()


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B066", Named.x.__name__, Named.y.__name__, Named.z.__name__)
print("B066", property(lambda self: 1).__name__, error(getattr, property(), "__name__"))
Named.x.__name__ = "renamed"
print("B066", Named.x.__name__, error(setattr, Named(), "x", 1), Named.x.fget.__name__)
Named.x.__name__ = 5
print("B066", Named.x.__name__)
del Named.x.__name__
print("B066", Named.x.__name__, error(delattr, property(), "__name__"))


class Property(property):
    pass


for kind in (property, Property):
    try:
        kind().__name__
    except AttributeError as problem:
        print("B066", problem, problem.name, problem.obj is None)
