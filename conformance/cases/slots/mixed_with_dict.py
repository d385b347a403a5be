# cites: B090 B092 B093 B096
import weakref


class Plain:
    pass


class OnPlain(Plain):
    __slots__ = ("x",)


class WithDict:
    __slots__ = ("x", "__dict__")


class WithWeak:
    __slots__ = ("__weakref__", "x")


class Slotted:
    __slots__ = ("x",)


class Regained(Slotted):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def members(cls):
    return [name for name, value in cls.__dict__.items() if type(value).__name__ in ("member_descriptor", "getset_descriptor")]


one = OnPlain()
one.x, one.y = 1, 2
print("B090", one.__dict__, weakref.ref(one)() is one, members(OnPlain), members(Plain))
two = WithDict()
two.x, two.y = 1, 2
print("B092", two.__dict__, two.x, sorted(members(WithDict)), WithDict.__slots__)
print("B092", error(weakref.ref, two))
three = WithWeak()
three.x = 1
print("B093", weakref.ref(three)() is three, sorted(members(WithWeak)), hasattr(three, "__dict__"), three.__weakref__ is weakref.ref(three))
four = Regained()
four.x, four.y = 1, 2
print("B096", four.__dict__, four.x, weakref.ref(four)() is four, members(Regained), Regained.x is Slotted.x)
four.__dict__["x"] = "hidden by the slot"
print("B096", four.x, four.__dict__)
