# cites: B082 B083 B084
import types


class Plain:
    pass


class Slotted:
    __slots__ = ("x", "_y")


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for name in ("x", "_y"):
    one = Slotted.__dict__[name]
    print("B082", type(one) is types.MemberDescriptorType, one, one.__name__, one.__doc__, one.__objclass__)
for name in ("__dict__", "__weakref__"):
    one = Plain.__dict__[name]
    print("B083", type(one) is types.GetSetDescriptorType, one.__name__, one.__doc__, name in Slotted.__dict__)
p = Plain()
p.x = 1
print("B083", Plain.__dict__["__dict__"].__get__(p), Plain.__dict__["__weakref__"].__get__(p), p.__weakref__)
print("B083", type(type("Sub", (Plain,), {}).__dict__.get("__dict__")).__name__, type(type.__dict__["__dict__"]).__name__)

print("B084", list.append.__objclass__, int.__add__.__objclass__, bool.__add__.__objclass__, type.__dict__["__mro__"].__objclass__)
print("B084", error(list.append, (), 1))
print("B084", error(list.append))
print("B084", error(int.__add__, "a", 1))
print("B084", error(int.__add__))
print("B084", error(list.append.__get__, (), tuple))
print("B084", error(str.upper, 5), "|", error(dict.get, [], 1), "|", error(type.__dict__["__name__"].__get__, 5))
