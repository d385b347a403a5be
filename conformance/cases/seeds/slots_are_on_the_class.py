# cites: B082 B120 B084
# seed: 002_7df99f4b5bfce3cb.txt

# The names of slots and the way to them are kept once, on the class.
import types


class Point:
    __slots__ = ("x", "y")


class Sub(Point):
    __slots__ = ()


class Stranger:
    __slots__ = ("x", "y")


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


member = Point.__dict__["x"]
print("B082", type(member).__name__, type(member) is types.MemberDescriptorType, member)
print("B082", [name for name in Point.__dict__ if not name.startswith("__")], Point.__slots__)
print("B082", "x" in Sub.__dict__, Sub.x is Point.x, Stranger.x is Point.x)
print("B082", hasattr(Point(), "__dict__"), hasattr(Sub(), "__dict__"))
print("B084", member.__objclass__ is Point, member.__name__, member.__qualname__, Sub.x.__objclass__.__name__)

p = Sub()
member.__set__(p, 10)
print("B120", p.x, member.__get__(p, Sub), member.__get__(None, Sub) is member)
member.__delete__(p)
print("B120", error(member.__get__, p))
print("B120", error(member.__get__, Stranger(), Stranger))
print("B120", error(member.__set__, Stranger(), 1))
print("B120", error(member.__delete__, Stranger()))
print("B120", error(member.__get__, 5, int))
