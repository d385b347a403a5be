# cites: B115 B117 B118
# seed: 002_7df99f4b5bfce3cb.txt

# The seed's exercise: look at __dictoffset__ of any class, then of a subclass of str.


class Plain:
    pass


class Slotted:
    __slots__ = ("x",)


class WithDict:
    __slots__ = ("x", "__dict__")


class OnString(str):
    pass


class OnInt(int):
    pass


class OnTuple(tuple):
    pass


class OnList(list):
    pass


class Meta(type):
    pass


class Failure(Exception):
    pass


for cls in (Plain, Slotted, WithDict):
    print("B115", cls.__name__, cls.__dictoffset__)
for cls in (OnString, OnInt, OnTuple, OnList):
    print("B117", cls.__name__, cls.__dictoffset__)

# Almost all built-in types show 0.
zero = (object, int, bool, float, complex, str, bytes, bytearray, tuple, list, dict, set, frozenset, range, slice, property, super)
print("B118", [cls.__name__ for cls in zero if cls.__dictoffset__ != 0])
print("B118", type.__dictoffset__, type(len).__dictoffset__, type(lambda: 0).__dictoffset__, BaseException.__dictoffset__)

# A subclass of a type that has a dictionary keeps its place.
print("B118", Meta.__dictoffset__ == type.__dictoffset__, Failure.__dictoffset__ == BaseException.__dictoffset__)
print("B118", OSError.__dictoffset__ == KeyError.__dictoffset__ == BaseException.__dictoffset__)
