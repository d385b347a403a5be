# cites: B101
# seed: 000_85b8fabe2820a541.txt
# differs: 3.12 3.13: a named slot on a subclass of tuple was refused

# From 3.15 on a tuple's items have a known place, so that slots can lie before them.
import sys


class Tagged(tuple):
    __slots__ = ("tag",)


class More(Tagged):
    __slots__ = ("note", "page")


t = Tagged((1, 2, 3))
print("B101", hasattr(t, "tag"), hasattr(t, "__dict__"))
t.tag = "abc"
print("B101", t, t.tag, t[1:], len(t))
print("B101", tuple.__basicsize__, Tagged.__basicsize__, More.__basicsize__, Tagged.__itemsize__)
print("B101", [sys.getsizeof(Tagged(range(n))) - sys.getsizeof(tuple(range(n))) for n in (1, 2, 5)])

m = More("xy")
m.tag, m.note, m.page = 1, 2, 3
print("B101", m, m.tag, m.note, m.page, m == ("x", "y"), hash(m) == hash(("x", "y")))
