# cites: B198
# feature: classes that are iterators, and the operators by their special methods


class Countdown:
    def __init__(self, start):
        self.start = start

    def __iter__(self):
        return CountdownIterator(self.start)


class CountdownIterator:
    def __init__(self, left):
        self.left = left

    def __iter__(self):
        return self

    def __next__(self):
        if self.left <= 0:
            raise StopIteration
        self.left -= 1
        return self.left + 1


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Vector({self.x}, {self.y})"

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y) if isinstance(other, Vector) else NotImplemented

    def __sub__(self, other):
        return self + -other

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __pos__(self):
        return self

    def __invert__(self):
        return Vector(self.y, self.x)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor)

    __rmul__ = __mul__

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __truediv__(self, by):
        return Vector(self.x / by, self.y / by)

    def __floordiv__(self, by):
        return Vector(self.x // by, self.y // by)

    def __mod__(self, by):
        return Vector(self.x % by, self.y % by)

    def __divmod__(self, by):
        return self // by, self % by

    def __pow__(self, power):
        return Vector(self.x**power, self.y**power)

    def __lshift__(self, by):
        return "left", by

    def __rrshift__(self, by):
        return "right from the right", by

    def __and__(self, other):
        return "and", other

    def __or__(self, other):
        return "or", other

    def __rxor__(self, other):
        return "xor from the right", other

    def __eq__(self, other):
        return isinstance(other, Vector) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))

    def __bool__(self):
        return bool(self.x or self.y)

    def __abs__(self):
        return (self.x**2 + self.y**2) ** 0.5

    def __iter__(self):
        yield self.x
        yield self.y

    def __len__(self):
        return 2

    def __getitem__(self, key):
        return (self.x, self.y)[key]

    def __contains__(self, value):
        return value in (self.x, self.y)

    def __reversed__(self):
        return iter((self.y, self.x))

    def __round__(self, digits=None):
        return "rounded", digits

    def __int__(self):
        return int(self.x)

    def __call__(self, *args):
        return "called", args


print("B198", list(Countdown(3)), [n for n in Countdown(2)], sum(Countdown(4)), max(Countdown(5)), 2 in Countdown(3), tuple(Countdown(1)), [*Countdown(2)], dict(zip(Countdown(2), "ab")), list(zip(Countdown(2), Countdown(3))))
iterator = iter(Countdown(3))
next(iterator)
print("B198", list(iterator), list(iterator), sorted(Countdown(3)), list(map(str, Countdown(2))), list(enumerate(Countdown(2))), "-".join(map(str, Countdown(3))))
v, w = Vector(3, 4), Vector(1, 2)
print(v + w, v - w, -v, +v is v, ~v, v * 2, 2 * v, v @ w, v / 2, v // 2, v % 2, divmod(v, 2), v**2)
print(v << 1, 2 >> v, v & 1, v | 2, 3 ^ v, v == Vector(3, 4), v != w, hash(v) == hash(Vector(3, 4)), bool(v), bool(Vector(0, 0)), abs(v), list(v), len(v), v[0], v[-1], v[:], 3 in v, 9 in v, list(reversed(v)), round(v), round(v, 2), int(v), v(1, 2))
x, y = v
print(x, y, {v: "found"}[Vector(3, 4)], sorted([v, w], key=abs), min(v), [*v, *w], v and "true", sum([v, w], Vector(0, 0)))
v += w
print(v, {Vector(1, 2), w} == {w})
for operation in (lambda: v + 1, lambda: 1 + v, lambda: v < w, lambda: v >> 1, lambda: v ^ 1, lambda: v * "x", lambda: v @ 5):
    try:
        print(operation())
    except (TypeError, AttributeError) as problem:
        print(type(problem).__name__, problem)
