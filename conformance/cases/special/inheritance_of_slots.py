# cites: B218 B219 B220


class Base:
    def __eq__(self, other):
        return "base eq"

    def __hash__(self):
        return 99


class Sub(Base):
    pass


class OnlyHash(Base):
    def __hash__(self):
        return 98


class Plain:
    pass


class SubPlain(Plain):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B218", Sub() == 1, hash(Sub()), hash(OnlyHash()), OnlyHash() == 1, "__hash__" in Sub.__dict__, "__hash__" in Plain.__dict__)
p, s = Plain(), SubPlain()
print("B219", error(len, s), "|", error(lambda: s + 1), "|", error(s), "|", error(lambda: s[0]))
Plain.__len__ = lambda self: 12
Plain.__add__ = lambda self, other: "added"
Plain.__call__ = lambda self: "called"
Plain.__getitem__ = lambda self, key: key
print("B219", len(p), len(s), s + 1, s(), s["k"], 5 in [1, 5], error(lambda: 1 + s))
SubPlain.__len__ = lambda self: 13
print("B219", len(p), len(s), bool(s))
del Plain.__len__, Plain.__add__
print("B219", error(len, p), "|", len(s), error(lambda: s + 1))
del SubPlain.__len__
print("B219", error(len, s), "|", error(delattr, SubPlain, "__len__"))
Plain.__repr__ = lambda self: "shown"
Plain.__eq__ = lambda self, other: "equal"
Plain.__hash__ = lambda self: 5
print("B219", p, s, [s], p == s, hash(s))
del Plain.__hash__, Plain.__eq__
print("B219", hash(s) == hash(s), p == s)


class Both:
    def __add__(self, other):
        return "number"

    def __mul__(self, other):
        return "times"

    def __rmul__(self, other):
        return "times from the right"

    def __radd__(self, other):
        return "number from the right"

    def __len__(self):
        return 1

    def __getitem__(self, key):
        return key


b = Both()
print("B220", b + [1], [1] + b, b * 2, 2 * b, [1] * b, "a" * b, (1,) + b)


class Items(list):
    def __add__(self, other):
        return "own"

    def __rmul__(self, other):
        return "own from the right"


print("B220", Items([1]) + [2], [2] + Items([1]), 2 * Items([1]), Items([1]) * 2, error(lambda: [1] + (2,)), "|", error(lambda: [1] * 1.5), "|", error(lambda: 1 + [1]))
print("B220", error(lambda: "a" + 1), "|", error(lambda: 1 + "a"), "|", error(lambda: [1] * [2]), "|", error(lambda: () + []), "|", error(lambda: {} + {}))
