# feature: copy.replace
# differs: 3.12: copy.replace is new in 3.13

import copy


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __replace__(self, /, **changes):
        return Point(**{"x": self.x, "y": self.y} | changes)


class Sub(Point):
    pass


class Plain:
    def __init__(self):
        # Looked for on the class alone.
        self.__replace__ = lambda **changes: changes


class Static:
    @staticmethod
    def __replace__(obj, /, **changes):
        return type(obj).__name__, changes


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


point = Point(1, 2)
print(vars(copy.replace(point)), vars(copy.replace(point, y=5)), vars(point))
print(type(copy.replace(Sub(1, 2), x=3)).__name__)
print(attempt(copy.replace, Plain(), x=1), "|", attempt(copy.replace, 5))
print(copy.replace(Static(), obj=1, self=2), attempt(copy.replace, point, z=1).split(":")[0])
print(attempt(copy.replace, x=1))
print(attempt(copy.replace, point, 1))
