# cites: B287 B288 B289
import types
import weakref


class Plain:
    def method(self):
        pass


def function():
    yield


class OnList(list):
    pass


class OnDict(dict):
    pass


class OnSet(set):
    pass


class OnString(str):
    pass


class OnFloat(float):
    pass


class OnInt(int):
    pass


class OnTuple(tuple):
    pass


class OnBytes(bytes):
    pass


class Slotted:
    __slots__ = ()


def error(thing):
    try:
        return weakref.ref(thing)() is thing
    except TypeError as problem:
        return f"TypeError: {problem}"


p = Plain()
for thing in (p, Plain, function, p.method, {1}, frozenset([1]), function(), function.__code__, int, type, len, types.ModuleType("m"), lambda: 1):
    print("B287", type(thing).__name__, error(thing))
for thing in ([], {}, (), 5, "text", 1.5, None, b"", object(), range(3), slice(1), property(), 1j, Plain.__dict__, iter([]), Exception()):
    print("B288", type(thing).__name__, error(thing))
for thing in (OnList(), OnDict(), OnSet(), OnString(), OnFloat()):
    print("B288", type(thing).__name__, error(thing))
for thing in (OnInt(), OnTuple(), OnBytes(), Slotted()):
    print("B289", type(thing).__name__, error(thing))
