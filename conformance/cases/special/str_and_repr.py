# cites: B180 B181
# differs: 3.12 3.13: the messages did not name the class


class OnlyRepr:
    def __repr__(self):
        return "<repr>"


class OnlyStr:
    def __str__(self):
        return "<str>"


class Both(OnlyRepr, OnlyStr):
    pass


class Wrong:
    def __repr__(self):
        return 5

    def __str__(self):
        return b"bytes"


class Text(str):
    pass


class Subtle:
    def __repr__(self):
        return Text("text")

    __str__ = __repr__


class Outer:
    class Inner:
        pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def shape(text):
    head, found, rest = text.partition(" at 0x")
    return head + found + rest[-1:]


print("B180", str(OnlyRepr()), repr(OnlyRepr()), str(Both()), repr(Both()), f"{OnlyRepr()}", "%s %r" % (Both(), Both()))
print("B180", str(OnlyStr()), shape(repr(OnlyStr())), [OnlyRepr()], (Both(),), {1: OnlyRepr()})
print("B180", error(repr, Wrong()), "|", error(str, Wrong()), "|", error(print, Wrong()), "|", error(str, [Wrong()]))
print("B180", type(repr(Subtle())).__name__, type(str(Subtle())).__name__, type(str(Text("x"))).__name__)
print("B181", shape(repr(Outer())), shape(repr(Outer.Inner())), shape(object.__repr__(OnlyRepr())))
print("B181", shape(repr(lambda: 1)), shape(repr(error)), shape(repr(object())), shape(object.__repr__(5)), shape(object.__str__(Outer())))
Outer.__module__ = "elsewhere"
Outer.Inner.__qualname__ = "Renamed"
print("B181", shape(repr(Outer())), shape(repr(Outer.Inner())))
Outer.__module__ = 5
print("B181", shape(repr(Outer())))
print("B180", error(str, b"x", "utf-8"), str(b"x"), error(str, 5, "utf-8"), "|", str(), repr(""))
