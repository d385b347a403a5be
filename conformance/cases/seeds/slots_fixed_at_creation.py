# cites: B082
# seed: 000_85b8fabe2820a541.txt
# differs: 3.12: the message did not yet mention the missing __dict__

# The seed's own slots may be added until the first instance; Python's are fixed with the class.


class A:
    __slots__ = ("x",)


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


size = A.__basicsize__
A.__slots__ = ("x", "y")
a = A()
print("B082", A.__slots__, A.__basicsize__ == size, hasattr(A, "y"), error(setattr, a, "y", 1))

# A member descriptor can be put under another name, and taken away; the place stays.
A.alias = A.__dict__["x"]
a.x = 5
print("B082", a.alias, A.alias.__name__)
del A.x
print("B082", error(getattr, a, "x"), a.alias, error(setattr, a, "x", 1))
A.x = A.alias
a.x = 6
print("B082", a.x, a.alias)
