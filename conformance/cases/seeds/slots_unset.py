# cites: B095
# seed: 003_c5777e93237733cd.txt
# differs: 3.12: the message did not yet mention the missing __dict__

# The place of a slot that was never set holds nothing, and reading it says so.


class Point:
    __slots__ = ("x", "y")


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


p = Point()
print("B095 unset", error(getattr, p, "x"), hasattr(p, "x"), getattr(p, "x", "default"))
print("B095 delete unset", error(delattr, p, "x"))
p.x = None
print("B095 None is a value", p.x, hasattr(p, "x"))
p.x = 5
p.y = 6
del p.x
print("B095 deleted", error(getattr, p, "x"), p.y)
print("B095 delete twice", error(delattr, p, "x"))
print("B095 other name", error(getattr, p, "z"))
print("B095 set other name", error(setattr, p, "z", 1))
print("B095 delete other name", error(delattr, p, "z"))
p.x = "again"
print("B095 set again", p.x, p.y)
