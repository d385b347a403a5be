# cites: B102 B110


class Documented:
    __slots__ = {"x": "the first", "y": None}


class Consumed:
    names = iter(("a", "b"))
    __slots__ = names
    del names


class Generated:
    __slots__ = (name for name in "cd")


def members(cls):
    return [name for name, value in cls.__dict__.items() if type(value).__name__ == "member_descriptor"]


print("B102", members(Documented), Documented.__slots__, type(Documented.__slots__).__name__, Documented.x.__doc__)
one = Documented()
one.x = 1
Documented.__slots__["z"] = "too late"
print("B102", one.x, hasattr(Documented, "z"), Documented.__slots__)
print("B110", members(Consumed), type(Consumed.__slots__).__name__, list(Consumed.__slots__))
print("B110", members(Generated), type(Generated.__slots__).__name__, list(Generated.__slots__))
