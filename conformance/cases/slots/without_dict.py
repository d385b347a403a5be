# cites: B087 B088 B089 B113
import weakref


class Base:
    __slots__ = ("x",)


class Sub(Base):
    __slots__ = ("y",)


class Single:
    __slots__ = "only"


class Listed:
    __slots__ = ["a", "b"]


class Generated:
    __slots__ = (name for name in ("g", "h"))


class Private:
    __slots__ = ("__hidden", "__both__", "_one", "__")

    def __init__(self):
        self.__hidden = 1


class _Under:
    __slots__ = ("__x",)


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def members(cls):
    return [name for name, value in cls.__dict__.items() if type(value).__name__ == "member_descriptor"]


s = Sub()
s.x, s.y = 1, 2
print("B087", error(getattr, s, "__dict__"), "|", error(weakref.ref, s), "|", hasattr(s, "__weakref__"), error(vars, s))
print("B087", Sub.__dictoffset__, Sub.__weakrefoffset__, s.x, s.y)
print("B088", members(Single), Single.__slots__, Single.__basicsize__)
print("B089", members(Listed), members(Generated), Listed.__slots__)
for names in ({"b": 1, "a": 2}, ("c", "c"), {"only"}, range(0), iter(["i"]), "", "word", ""):
    made = error(type, "Made", (), {"__slots__": names})
    print("B089", members(made) if isinstance(made, type) else made)
p = Private()
print("B113", members(Private), p._Private__hidden, Private.__slots__, members(_Under))
print("B113", error(getattr, p, "__hidden"), hasattr(p, "__both__"))
