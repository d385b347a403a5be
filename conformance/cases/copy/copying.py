# cites: B319 B320 B321 B322
import copy


class Plain:
    def __init__(self, items):
        self.items = items


class Slotted:
    __slots__ = ("x", "y")


class Own:
    def __init__(self, tag):
        self.tag = tag

    def __copy__(self):
        return Own("copied")

    def __deepcopy__(self, memo):
        return Own("deep copied")


def function():
    pass


items = [[1], [2]]
shallow, deep = copy.copy(items), copy.deepcopy(items)
print("B319", shallow == items == deep, shallow[0] is items[0], deep[0] is items[0], shallow is items)
items.append(items)
deep = copy.deepcopy(items)
print("B319", deep[2] is deep, deep is not items)
p = Plain([1])
one, two = copy.copy(p), copy.deepcopy([p, p])
print("B319", one.items is p.items, two[0] is two[1], two[0].items == p.items, two[0].items is p.items)
print("B320", copy.copy(Own("first")).tag, copy.deepcopy(Own("first")).tag, copy.deepcopy([Own("x")])[0].tag)
s = Slotted()
s.x = [1]
c = copy.copy(s)
print("B321", c.x is s.x, hasattr(c, "y"), s.__getstate__(), type(s.__reduce_ex__(4)).__name__, copy.deepcopy(s).x is s.x)
print("B321", p.__getstate__(), Plain.__new__(Plain).__getstate__(), [].__reduce_ex__(4)[0].__name__, s.__reduce_ex__(4)[0].__name__)
print("B322", [copy.copy(one) is copy.deepcopy(one) is one for one in (function, Plain, int, len, type(None), None, 5, "text", Ellipsis)])
