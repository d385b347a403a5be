"""Operators as functions."""

from _operator import index, length_hint


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def truediv(a, b):
    return a / b


def floordiv(a, b):
    return a // b


def mod(a, b):
    return a % b


def neg(a):
    return -a


def pos(a):
    return +a


def invert(a):
    return ~a


def not_(a):
    return not a


def truth(a):
    return True if a else False


def is_(a, b):
    return a is b


def is_not(a, b):
    return a is not b


def lt(a, b):
    return a < b


def le(a, b):
    return a <= b


def eq(a, b):
    return a == b


def ne(a, b):
    return a != b


def gt(a, b):
    return a > b


def ge(a, b):
    return a >= b


def contains(a, b):
    return b in a


def getitem(a, b):
    return a[b]


def setitem(a, b, c):
    a[b] = c


def delitem(a, b):
    del a[b]


def itemgetter(*keys):
    """A function that takes these items of its argument."""
    if len(keys) == 1:
        return lambda object: object[keys[0]]
    return lambda object: tuple(object[key] for key in keys)


def attrgetter(*names):
    """A function that takes these attributes of its argument."""

    def get(object, path):
        for name in path.split("."):
            object = getattr(object, name)
        return object

    if len(names) == 1:
        return lambda object: get(object, names[0])
    return lambda object: tuple(get(object, name) for name in names)
