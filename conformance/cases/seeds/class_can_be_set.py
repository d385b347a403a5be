# cites: B103 B105 B106
# seed: 001_404d3b1628fae2ef.txt

# An object's type can be set: the pointer in the header changes and nothing else.


class A:
    def name(self):
        return "A"


class B:
    def name(self):
        return "B"


class S1:
    __slots__ = ("x", "y")


class S2:
    __slots__ = ("x", "y")


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


a = A()
a.kept = [1]
number = id(a)
a.__class__ = B
print("B106", type(a).__name__, a.name(), a.kept, id(a) == number, isinstance(a, A))

s = S1()
s.x = 1
s.__class__ = S2
print("B103", type(s).__name__, s.x, hasattr(s, "y"))
s.y = 2
s.__class__ = S1
print("B103", type(s).__name__, s.x, s.y)

print("B105", error(setattr, 5, "__class__", A))
print("B105", error(setattr, A(), "__class__", int))
print("B105", error(setattr, A(), "__class__", "A"))
print("B105", error(setattr, [], "__class__", A))
print("B105", error(delattr, A(), "__class__"))
