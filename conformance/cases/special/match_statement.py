# cites: B214 B215
# hosts: cpython
import collections.abc


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


class Bare:
    pass


class Row:
    def __init__(self, *items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, key):
        return self.items[key]


class Table(Row):
    def get(self, key, default=None):
        return dict(self.items).get(key, default)

    def keys(self):
        return dict(self.items).keys()


def classify(thing):
    match thing:
        case Point(0, 0):
            return "origin"
        case Point(x, y=0):
            return "on the axis", x
        case Point(x, y) if x == y:
            return "diagonal", x
        case [first, *rest]:
            return "sequence", first, list(rest)
        case {"k": value}:
            return "mapping", value
        case int() | str() as plain:
            return "plain", plain
        case _:
            return "other", type(thing).__name__


def too_many(thing):
    match thing:
        case Point(1, 2, 3):
            return "three"
    return "none"


def bare(thing):
    match thing:
        case Bare(1):
            return "one"
    return "none"


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for thing in (Point(0, 0), Point(5, 0), Point(2, 2), Point(1, 2), [1, 2], (3,), [], {"k": "v"}, {"j": 1}, 5, "text", b"x", None, range(2), {1}):
    print("B214", classify(thing))
print("B214", error(too_many, Point(1, 2)), "|", error(bare, Bare()), "|", error(too_many, 5))
Point.__match_args__ = ["x", "y"]
print("B214", error(classify, Point(0, 0)))
print("B215", classify(Row(1, 2)), classify(Table(("k", "v"))))
collections.abc.Sequence.register(Row)
collections.abc.Mapping.register(Table)
print("B215", classify(Row(1, 2)), issubclass(Row, collections.abc.Sequence))


class OnMapping(collections.abc.Mapping):
    def __getitem__(self, key):
        return "item " + key

    def __iter__(self):
        return iter("k")

    def __len__(self):
        return 1


print("B215", classify(OnMapping()))
