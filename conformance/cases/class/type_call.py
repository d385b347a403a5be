# cites: B150 B151
# differs: 3.12 3.13: there was no frozendict


def error(*args, **named):
    try:
        return type(*args, **named)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


class Sub(type):
    pass


class Text(str):
    pass


print("B150", type(5), type(None), type(type), type(Sub), type(print), type(...))
print("B150", error(), "|", error(1, 2), "|", error(1, 2, 3, 4))
print("B150", error("X", ()))
made = type("Made", (int,), {"x": 1, "y": property(lambda self: self + 1)})
print("B150", made, made(4).y, made.x, made.__module__, made.__qualname__)
print("B151", error(5, (), {}), "|", error(b"X", (), {}), "|", error(None, (), {}))
print("B151", error("X", [], {}), "|", error("X", int, {}), "|", error("X", (5,), {}), "|", error("X", (None,), {}))
print("B151", error("X", (), []), "|", error("X", (), None), "|", error("X", (), 5))
print("B151", error("X\0Y", (), {}), "|", error("", (), {}).__name__ == "", error("has space", (), {}).__name__, error(Text("T"), (), {}).__name__)
print("B151", error("X", (), {"__qualname__": 5}), "|", error("X", (), {"__qualname__": "Q.X"}).__qualname__)
try:
    Sub(5)
except TypeError as problem:
    print("B150", problem)
print("B150", Sub("S", (), {}), type(Sub("S", (), {})).__name__, type.__call__(int, "5"), type.__new__(type, "N", (), {}))
