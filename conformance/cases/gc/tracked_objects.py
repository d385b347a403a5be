# cites: B263 B264 B269 B284
import gc


class Plain:
    pass


class Slotted:
    __slots__ = ()


def error(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def listed(thing, **named):
    return any(one is thing for one in gc.get_objects(**named))


gc.collect()
p, items, text, number = Plain(), [1], "some text", 10**30
found = gc.get_objects()
print("B263", type(found).__name__, any(one is found for one in found), listed(p), listed(items), listed(Plain))
print("B284", listed(text), listed(number), listed(1.5), listed(None), listed(b"bytes"))
fresh = Plain()
print("B264", listed(fresh, generation=0), listed(fresh, generation=2), listed(fresh, generation=None))
gc.collect()
print("B264", listed(fresh, generation=0), listed(fresh, generation=2))
print("B264", error(gc.get_objects, generation=3), "|", error(gc.get_objects, generation=-5), "|", error(gc.get_objects, generation="0"))

for thing in (None, True, 5, 10**30, 1.5, 1j, "text", b"bytes", ..., NotImplemented, range(3), object()):
    print("B269 atomic", type(thing).__name__, gc.is_tracked(thing))
for thing in ([], [1], set(), Plain(), Slotted(), Plain, len, lambda: 1, Plain().__init__, iter([]), (x for x in ""), Exception(), slice(1), property(), super(Plain, p)):
    print("B269 container", type(thing).__name__, gc.is_tracked(thing))
print("B269", gc.is_tracked(int), gc.is_tracked(type), gc.is_tracked(()))
print("B284", error(gc.is_tracked), "|", error(gc.is_tracked, 1, 2))
