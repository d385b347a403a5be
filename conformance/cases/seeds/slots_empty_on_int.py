# cites: B100
# seed: 002_7df99f4b5bfce3cb.txt
# differs: 3.12: the message did not yet mention the missing __dict__

# An empty __slots__ needs no storage; it only turns off the dictionary.


class Number(int):
    __slots__ = ()


class Bytes(bytes):
    __slots__ = ()


class Pair(tuple):
    __slots__ = ()


class Loose(int):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for cls, value in ((Number, 12), (Bytes, b"ab"), (Pair, (1, 2))):
    base = cls.__mro__[1]
    instance = cls(value)
    print("B100", cls.__name__, instance == value, type(instance).__name__, hasattr(instance, "__dict__"))
    print("B100", cls.__basicsize__ == base.__basicsize__, cls.__itemsize__ == base.__itemsize__, cls.__dictoffset__, cls.__weakrefoffset__)
    print("B100", error(setattr, instance, "note", 1))

loose = Loose(12)
loose.note = "kept"
print("B100", loose + 1, loose.note, loose.__dict__, hasattr(loose, "__dict__"))
print("B100", type(Number(3) + Number(4)).__name__, Number(3) + Number(4))
