# cites: B083 B084
# differs: 3.12 3.13: each class had a pair of its own

# The descriptors of __dict__ and __weakref__ are shared by all classes and belong to object.


class Plain:
    pass


class Other:
    pass


class Fixed:
    __slots__ = ("x", "__dict__", "__weakref__")


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for name in ("__dict__", "__weakref__"):
    one = Plain.__dict__[name]
    print("B083", one, one is Other.__dict__[name], one is Fixed.__dict__[name])
    print("B084", one.__objclass__, name in object.__dict__, error(one.__get__, 5), "|", error(one.__get__, Other()))
print("B083", error(setattr, Plain(), "__weakref__", 1), "|", error(delattr, Plain(), "__weakref__"))
print("B083", list(Fixed.__dict__)[-4:])
