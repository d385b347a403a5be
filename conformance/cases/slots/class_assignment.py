# cites: B103 B104 B105 B106


class X1:
    __slots__ = ("a", "b")

    def who(self):
        return "X1"


class X2:
    __slots__ = ("a", "b")

    def who(self):
        return "X2"


class Swapped:
    __slots__ = ("b", "a")


class Fewer:
    __slots__ = ("a",)


class WithDict:
    __slots__ = ("a", "b", "__dict__")


class Sub(X1):
    __slots__ = ()


class SubMore(X1):
    __slots__ = ("c",)


class P1:
    def who(self):
        return "P1"


class P2:
    def who(self):
        return "P2"


class OnInt(int):
    pass


class OnList(list):
    pass


def change(thing, cls):
    try:
        thing.__class__ = cls
        return type(thing).__name__
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


x = X1()
x.a, x.b = 1, 2
print("B103", x.who(), change(x, X2), x.who(), x.a, x.b, change(x, X1), x.who())
print("B103", change(x, Sub), x.who(), change(x, X1))
for cls in (Swapped, Fewer, WithDict, SubMore, P1):
    print("B104", cls.__name__, change(X1(), cls))
print("B104", change(P1(), X1), "|", change(SubMore(), X1))
s = Swapped()
s.a, s.b = "a", "b"
print("B103", change(s, X1), s.a, s.b)

p = P1()
p.x = 1
print("B106", p.who(), change(p, P2), p.who(), p.x, isinstance(p, P1))
print("B105", change(P1(), 5), "|", change(P1(), None), "|", change(P1(), "P2"))
print("B105", change(P1(), int), "|", change(5, P1), "|", change(P1(), object), "|", change([], OnList), "|", change(OnList(), list))
print("B104", change(OnInt(1), P1), "|", change(P1(), OnInt), "|", change(OnInt(5), OnList))
print("B106", change(type("A", (OnInt,), {})(7), OnInt))
