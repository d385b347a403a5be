# cites: B168


class Plain:
    pass


class Other:
    pass


class Slotted:
    __slots__ = ("x",)


class More(Slotted):
    __slots__ = ("y",)


class Empty:
    __slots__ = ()


class Loose(Slotted):
    pass


class Failure(Exception):
    pass


def base(*bases):
    return type("Made", bases, {}).__base__.__name__


print("B168", base(Plain, Other), base(Other, Plain), base(Plain), base(Empty, Plain), base(Plain, Empty))
print("B168", base(Plain, Slotted), base(Empty, Slotted), base(More, Slotted), base(Plain, Empty, More))
print("B168", base(Plain, int), base(Plain, Other, dict), base(Empty, Failure), base(Plain, bool.__base__))
print("B168", base(Plain, Loose), base(Failure, Plain), base(KeyError, OSError), base(Failure, OSError))
print("B168", bool.__base__, Failure.__base__, object.__base__, type.__base__, Loose.__base__)


class Meta(type):
    pass


print("B168", base(Plain, type), base(Plain, Meta), Meta.__base__)
try:
    Plain.__base__ = Other
except (AttributeError, TypeError) as problem:
    print("B168", type(problem).__name__, problem)
