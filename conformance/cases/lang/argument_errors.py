# feature: messages about arguments
# differs: 3.12 3.13: other words for what follows a star


def error(call, *args, **named):
    try:
        return call(*args, **named)
    except TypeError as problem:
        return problem


def none():
    pass


def two(a, b):
    pass


def three(a, b, c):
    pass


def optional(a, b=1):
    pass


def positional(a, b, /, c):
    pass


def named(*, a, b):
    pass


def one_named(x, *, a):
    pass


def starred(a, *rest, b):
    pass


def collecting(a, **named):
    pass


class Plain:
    def method(self, a):
        pass

    @classmethod
    def of_class(cls, a):
        pass

    @staticmethod
    def static(a):
        pass

    def __init__(self, x=1):
        pass

    def nothing():
        pass


print(error(none, 1), "|", error(none, a=1), "|", error(none, 1, 2, b=3))
print(error(two), "|", error(two, 1), "|", error(two, b=1), "|", error(two, 1, 2, 3), "|", error(two, 1, a=2))
print(error(three), "|", error(three, b=1), "|", error(three, 1, 2, 3, 4, 5))
print(error(optional), "|", error(optional, 1, 2, 3), "|", error(optional, 1, c=2))
print(error(positional, 1, 2), "|", error(positional, a=1, b=2, c=3), "|", error(positional, 1, b=2, c=3), "|", error(positional))
print(error(named), "|", error(named, a=1), "|", error(named, 1, a=1, b=2), "|", error(named, a=1, b=2, c=3))
print(error(one_named, 1), "|", error(one_named, 1, 2, a=3), "|", error(one_named, 1, 2, 3))
print(error(starred), "|", error(starred, 1), "|", error(starred, 1, 2, 3), "|", error(collecting), "|", error(collecting, 1, a=2))
p = Plain()
print(error(p.method), "|", error(p.method, 1, 2), "|", error(Plain.method), "|", error(p.of_class), "|", error(p.static, 1, 2), "|", error(p.nothing))
print(error(Plain, 1, 2), "|", error(Plain, y=2), "|", error(lambda a: a), "|", error(lambda: 1, 5))


def duplicate():
    return collecting(1, **{"x": 1}, **{"x": 2})


print(error(duplicate), "|", error(lambda: two(*5)), "|", error(lambda: two(**5)), "|", error(lambda: collecting(1, **{5: 1})))
print(error(lambda: two(1, **{"a": 2})), "|", error(5), "|", error("text", 1), "|", error(None))
print(error(len), "|", error(len, 1, 2), "|", error(len, x=1), "|", error([].append), "|", error([].append, 1, 2), "|", error("a".join), "|", error(isinstance, 1))
print(error(print, 1, nosuch=2), "|", error(sorted), "|", error(sorted, [], 1), "|", error(int, 1, 2, 3, 4) is not None, "|", error(dict, 1, 2), "|", error(list, 1, 2), "|", error({}.get))
