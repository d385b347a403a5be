# cites: B115 B116 B117 B118
import types


def row(cls):
    return cls.__name__, cls.__dictoffset__, cls.__weakrefoffset__


class Plain:
    pass


class Slotted:
    __slots__ = ("a",)


class DictOnly:
    __slots__ = ("__dict__",)


class WeakOnly:
    __slots__ = ("__weakref__",)


class Both:
    __slots__ = ("__dict__", "__weakref__", "a")


class SubBoth(Both):
    __slots__ = ()


class OnList(list):
    pass


class OnSet(set):
    pass


class OnInt(int):
    pass


class OnTuple(tuple):
    pass


for cls in (Plain, Slotted, DictOnly, Both, SubBoth):
    print("B115", row(cls))
for cls in (WeakOnly, OnList, OnSet, type("T", (Slotted,), {}), set, type, types.FunctionType):
    print("B116", row(cls))
for cls in (OnInt, OnTuple, type("B", (bytes,), {}), type("F", (float,), {})):
    print("B117", row(cls))
for cls in (types.FunctionType, types.ModuleType, type, BaseException, KeyError, types.MethodType, types.BuiltinFunctionType):
    print("B118", cls.__name__, cls.__dictoffset__)
print("B118", classmethod.__dictoffset__, staticmethod.__dictoffset__, type("M", (type,), {}).__dictoffset__, type("X", (Exception,), {}).__dictoffset__)
