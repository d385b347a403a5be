# cites: B100
# seed: 000_85b8fabe2820a541.txt
# differs: 3.12 3.13: __dict__ and __weakref__ in __slots__ were refused there, as the seed reports

# The seed asks for a dictionary, and nothing else, on a subclass of a type with items.
import weakref


class WithDict(int):
    __slots__ = ("__dict__",)


class WithWeakref(int):
    __slots__ = ("__weakref__",)


class WithBoth(tuple):
    __slots__ = ("__dict__", "__weakref__")


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for cls in (WithDict, WithWeakref, WithBoth):
    print("B100", cls.__name__, cls.__basicsize__, cls.__itemsize__, cls.__dictoffset__, cls.__weakrefoffset__)

number = WithDict(5)
number.unit = "m"
print("B100", number, number.unit, number.__dict__, error(weakref.ref, number))

weak = WithWeakref(7)
print("B100", weakref.ref(weak)() is weak, error(setattr, weak, "unit", "m"))

both = WithBoth((1, 2))
both.name = "pair"
print("B100", both, both.name, weakref.ref(both)() is both)
print("B100", error(type, "Sub", (int,), {"__slots__": ("__dict__", "x")}))
