# cites: S051
# differs: 3.12: copy.replace is new in 3.13

# copy.replace(obj, x=…) on classes with slots.

import copy

from mortice import Base, slot


class Circle(Base):
    x = slot(0)
    radius = slot(1.5, type=(int, float))


class Dot(Circle):
    def __init__(self, *, radius=0):
        super().__init__(radius=radius)


class Own(Circle):
    def __replace__(self, /, **changes):
        return super().__replace__(x="by its own", **changes)


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


circle = Circle(x=3)
print("S051", copy.replace(circle, radius=2), copy.replace(circle), circle)
print("S051", copy.replace(Dot(), x=1), copy.replace(Own(), radius=4))
print("S051", attempt(copy.replace, circle, radius="r"), "|", attempt(copy.replace, circle, radios=1))
