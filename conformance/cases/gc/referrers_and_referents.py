# cites: B266 B267 B268
import gc


class Plain:
    pass


class Slotted:
    __slots__ = ("a", "b")


def function(x=[]):
    return x


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def kinds(found):
    return sorted(type(one).__name__ for one in found)


target = Plain()
items, row, table = [target], (target, 1), {"k": target}
nested = [items]
found = gc.get_referrers(target)
for holder in (items, row, table):
    print("B266", type(holder).__name__, any(one is holder for one in found))
print("B266", any(one is nested for one in found), any(one is globals() for one in found), gc.get_referrers(), type(found).__name__)
print("B266", [one is nested for one in gc.get_referrers(items) if one is not globals()])
print("B266", gc.get_referrers(object()) == [], len([one for one in gc.get_referrers(items, row) if one is nested]))

print("B267", gc.get_referents([1, "a"]), gc.get_referents((2, 3)), gc.get_referents({"k": "v"}), gc.get_referents(), gc.get_referents(5, "x", None))
print("B267", gc.get_referents([1], [2]), sorted(gc.get_referents({1, 2})), gc.get_referents([[1]]))
s = Slotted()
print("B267", kinds(gc.get_referents(s)))
s.a = "value of a"
s.b = 2.5
print("B267", kinds(gc.get_referents(s)), "value of a" in gc.get_referents(s))
p = Plain()
p.x, p.y = "value of x", 2.5
print("B267", "value of x" in gc.get_referents(p) or any(type(one) is dict for one in gc.get_referents(p)))
method = p.__init__
bound = function.__get__(p)
print("B267", gc.get_referents(bound) == [function, p], any(one is function.__defaults__ for one in gc.get_referents(function)))
print("B267", gc.get_referents(iter(items)) == [items], gc.get_referents(items.append)[0] is items, gc.get_referents(property(function))[0] is function)
cell = (lambda: items).__closure__
print("B268", any(one is Plain for one in gc.get_referents(p)), any(one is Slotted for one in gc.get_referents(s)), any(one is type for one in gc.get_referents(Plain)))
print("B268", any(one is list for one in gc.get_referents([])), any(one is object for one in gc.get_referents(Plain)), Slotted.__mro__ in gc.get_referents(Slotted))
