# cites: B300 B301 B302
import weakref


class Plain:
    def __init__(self):
        self.x = 1

    def method(self):
        return self.x

    def __len__(self):
        return 3

    def __getitem__(self, key):
        return key * 2

    def __add__(self, other):
        return "added", type(other).__name__

    def __contains__(self, item):
        return item == 1

    def __iter__(self):
        return iter("abc")

    def __str__(self):
        return "the plain one"

    def __bool__(self):
        return False

    def __eq__(self, other):
        return other == 7

    def __hash__(self):
        return 5


class Called(Plain):
    def __call__(self, *args):
        return "called", args


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


plain, called = Plain(), Called()
p, q = weakref.proxy(plain), weakref.proxy(called)
print("B300", type(p).__name__, type(q).__name__, type(p) is weakref.ProxyType, type(q) is weakref.CallableProxyType, q(1, 2), error(p))
print("B300", p.x, p.method(), len(p), p[4], p + 1, 1 in p, list(p), str(p), bool(p), p == 7, p != 7, p == plain)
p.x = 5
p.y = 6
print("B300", plain.x, plain.y, error(getattr, p, "absent"))
del p.y
print("B300", hasattr(plain, "y"), p.__class__.__name__, isinstance(p, Plain), type(p) is Plain, error(lambda: p - 1), "|", p + p)
print("B301", error(hash, p), "|", error(hash, q), "|", error(lambda: {p: 1}).partition(" (")[0].partition(":")[0])
calls = []
seen = weakref.proxy(plain, lambda dead: calls.append(type(dead).__name__))
del plain
print("B302", calls)
for use in (lambda: p.x, lambda: p.method(), lambda: len(p), lambda: p[0], lambda: p + 1, lambda: str(p), lambda: bool(p), lambda: 1 in p, lambda: iter(p), lambda: p == 1, lambda: setattr(p, "x", 1)):
    print("B302", error(use))
print("B302", type(p).__name__, repr(p).partition(" at 0x")[0], error(weakref.proxy, 5))
