# cites: B202 B203 B204 B206


class Number:
    def __init__(self, name, answer=NotImplemented):
        self.name, self.answer = name, answer

    def __add__(self, other):
        calls.append(self.name + ".add")
        return self.answer

    def __radd__(self, other):
        calls.append(self.name + ".radd")
        return self.answer

    def __sub__(self, other):
        calls.append(self.name + ".sub")
        return self.answer


class Other(Number):
    def __radd__(self, other):
        calls.append(self.name + ".own radd")
        return self.answer


class Same(Number):
    pass


class InPlace:
    def __init__(self, total=0):
        self.total = total

    def __iadd__(self, other):
        self.total += other
        return self

    def __isub__(self, other):
        return NotImplemented

    def __sub__(self, other):
        return "fell back to sub"

    def __imul__(self, other):
        return "rebound"


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def tried(tag, call):
    print(tag, error(call), calls)
    calls.clear()


calls = []
a = Number("a", "answer of a")
a.__add__ = lambda other: "never"
tried("B202", lambda: a + 1)
tried("B202", lambda: Number.__add__(a, 1))
tried("B203", lambda: 1 + a)
tried("B203", lambda: Number("a") + Number("b"))
tried("B203", lambda: Number("a") + Other("b", "b answers"))
tried("B203", lambda: Number("a") + 1)
tried("B203", lambda: 1 - a)
tried("B203", lambda: a - None)
tried("B204", lambda: Number("left", 1) + Other("right", 2))
tried("B204", lambda: Number("left", 1) + Same("right", 2))
tried("B204", lambda: Number("left", 1) + Other("right"))
tried("B204", lambda: Other("left", 1) + Number("right", 2))

x = kept = InPlace()
x += 5
print("B206", x is kept, x.total)
x -= 1
print("B206", x, kept.total)
kept *= 2
print("B206", kept)
items = alias = [1]
items += (2, 3)
print("B206", alias, items is alias)
pair = (1, [2])
try:
    pair[1] += [3]
except TypeError as problem:
    print("B206", problem, pair)
number = other = 5
number += 1
text = same = "a"
text *= 3
print("B206", number, other, text, same, error(lambda: InPlace() @ 1))


class Holder:
    value = InPlace(1)


h = Holder()
h.value += 2
print("B206", "value" in h.__dict__, Holder.value.total, h.value is Holder.value)
d = {"k": 1}
d["k"] += 1
d["k"] **= 3
d["k"] //= 3
d["k"] <<= 4
d["k"] |= 1
d["k"] ^= 3
d["k"] %= 7
print("B206", d)
