# cites: B049

# The __dict__ of a function, an exception, a classmethod or a staticmethod can be replaced and not deleted, in their
# subclasses too, unless a class between brings another one.


class Plain:
    pass


class Wrapped(classmethod):
    pass


class Static(staticmethod):
    __slots__ = ()


class Raised(ValueError):
    pass


class OverInt(int):
    pass


def function():
    pass


for one in (Plain(), OverInt(), function, classmethod(1), staticmethod(1), Wrapped(1), Static(1), KeyError(), Raised()):
    name = type(one).__name__
    one.__dict__ = {"x": 1}
    print("B049", name, one.x)
    for wrong in (5, None):
        try:
            one.__dict__ = wrong
        except TypeError as error:
            print("B049", error)
    try:
        del one.__dict__
    except TypeError as error:
        print("B049", name, error)
    print("B049", name, one.__dict__.get("x"))
