# cites: B048 B091
# differs: 3.12: the message did not yet mention the missing __dict__


class Fixed:
    __slots__ = ("x",)
    y = "class"

    def method(self):
        pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


fixed = Fixed()
print("B091", error(setattr, fixed, "z", 1))
print("B091", error(setattr, fixed, "y", 1))
print("B091", error(setattr, fixed, "method", 1))
print("B091", error(delattr, fixed, "y"))
print("B091", error(delattr, fixed, "z"))
for thing in (5, "s", 1.5, (), [], {}, object(), None, len):
    print("B048", type(thing).__name__, error(setattr, thing, "x", 1), "|", error(delattr, thing, "x"))
print("B048", error(setattr, [], "append", 1), "|", error(setattr, 5, "real", 1), "|", error(setattr, 5, "__class__", int))
