# cites: B181 B176
# seed: 003_c5777e93237733cd.txt

# Python 3 calls both a class; repr_2011.py holds the seed's answers, given by 2.7.


class A:
    class Inner:
        pass


def maker():
    class Local:
        pass

    return Local


print("B176", repr(A), str(A), repr(str), repr(type), repr(object))
print("B176", A.Inner, maker(), type(None), type(len), type(A.__dict__))
print("B176", [int, A], (str,), {"A": A})

A.__module__ = "elsewhere"
print("B176", A, A.Inner)
A.__qualname__ = "Renamed"
print("B176", A, A.__name__)
A.__module__ = "builtins"
print("B176", A)


def shape(text):
    """The text without its address."""
    head, found, rest = text.partition(" at 0x")
    return head + found + "…" + rest[-1:] if found else text


print("B181", shape(repr(A())), shape(repr(A.Inner())), shape(repr(maker()())), shape(str(object())))
