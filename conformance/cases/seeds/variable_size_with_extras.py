# cites: B117 B289
# seed: 000_85b8fabe2820a541.txt

# Types with items can have a dictionary in their subclasses, laid out by the interpreter.
import sys
import weakref


class Number(int):
    pass


class Row(tuple):
    pass


class Text(bytes):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for cls, value in ((Number, 3), (Row, (1, 2)), (Text, b"xyz")):
    base = cls.__mro__[1]
    one = cls(value)
    one.name = "extra"
    print("B117", cls.__name__, one == value, one.name, one.__dict__, cls.__dictoffset__)
    print("B117", cls.__basicsize__ == base.__basicsize__, cls.__itemsize__ == base.__itemsize__)
    print("B289", error(weakref.ref, one), cls.__weakrefoffset__)

# Instances of one class have different sizes.
print("B117", [sys.getsizeof(Number(1 << 30 * n)) - sys.getsizeof(Number(1)) for n in range(4)])
print("B117", [Row(range(n)).__sizeof__() - Row().__sizeof__() for n in range(4)])
