# cites: B225 B226 B227 B228


class Real:
    pass


class Claims:
    @property
    def __class__(self):
        return Real


class Wrong:
    __class__ = 5


class Raises:
    @property
    def __class__(self):
        raise AttributeError("none")


class Fails:
    @property
    def __class__(self):
        raise ValueError("none")


class LikeAClass:
    def __init__(self, *bases):
        self.bases = bases

    @property
    def __bases__(self):
        return self.bases


class BadBases:
    __bases__ = "not a tuple"


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


c = Claims()
print("B225", isinstance(c, Real), isinstance(c, Claims), type(c).__name__, c.__class__.__name__, isinstance(c, object), issubclass(type(c), Real))
print("B225", isinstance(Wrong(), Wrong), isinstance(Wrong(), int), isinstance(Raises(), Real), error(isinstance, Fails(), Real), isinstance(Fails(), Fails))
print("B226", isinstance(1, (str, int)), isinstance(1, (str, (list, (int,)))), isinstance(1, ()), isinstance(1, str | int), issubclass(bool, (str, int)), issubclass(bool, int | None), isinstance(None, int | None))
print("B226", error(isinstance, 1, (str, 5)), "|", error(isinstance, 1, (int, 5)), "|", error(isinstance, 1, [int]), "|", error(issubclass, int, (str, "x")))
grand = LikeAClass()
parent = LikeAClass(grand)
child = LikeAClass(parent, Real)
print("B227", issubclass(child, grand), issubclass(child, parent), issubclass(grand, child), issubclass(child, child), issubclass(child, (int, grand)), issubclass(child, Real))
print("B227", isinstance(c, grand), error(issubclass, BadBases(), grand), "|", error(issubclass, child, BadBases()))
print("B228", error(issubclass, 5, int), "|", error(issubclass, "int", object), "|", error(issubclass, None, (int,)))
print("B228", error(isinstance, 5, 5), "|", error(isinstance, 5, "int"), "|", error(isinstance, 5, None), "|", error(issubclass, int, 5), "|", error(issubclass, int, [int]))
print("B228", error(isinstance, 5), "|", error(issubclass, int), "|", error(isinstance), "|", error(isinstance, 1, 2, 3))


def nested(depth):
    found = int
    for _ in range(depth):
        found = (found,)
    return found


print("B226", isinstance(1, nested(50)), isinstance("x", nested(50)), issubclass(bool, nested(100)))
