# cites: B298 B299 B303
import weakref


class Node:
    pass


class Named(weakref.ref):
    def __init__(self, thing, callback=None, name=""):
        super().__init__(thing, callback)
        self.name = name

    def __new__(cls, thing, callback=None, name=""):
        return super().__new__(cls, thing, callback)

    def __call__(self):
        found = super().__call__()
        return (self.name, found is not None)


class Slotted(weakref.ref):
    __slots__ = ("extra",)


def note(dead):
    calls.append(type(dead).__name__)


calls = []
node = Node()
print("B298", weakref.ref(node) is weakref.ref(node), weakref.ref(node, None) is weakref.ref(node), weakref.ref(node, note) is weakref.ref(node, note), weakref.proxy(node) is weakref.proxy(node))
print("B298", Slotted(node) is Slotted(node), Slotted(node) is weakref.ref(node), weakref.ref(node) is weakref.ref(Node))
named = Named(node, note, "the name")
slotted = Slotted(node)
slotted.extra = 1
print("B299", named(), named.name, named.__dict__, slotted.extra, slotted() is node, type(named).__mro__[1] is weakref.ref, isinstance(named, weakref.ref))
print("B303", weakref.getweakrefcount(node), [type(one).__name__ for one in weakref.getweakrefs(node)])
plain, proxy = weakref.ref(node), weakref.proxy(node)
other = weakref.ref(node, note)
print("B303", weakref.getweakrefcount(node), [type(one).__name__ for one in weakref.getweakrefs(node)])
print("B303", weakref.getweakrefs(node)[0] is plain, weakref.getweakrefcount(5), weakref.getweakrefs("text"), weakref.getweakrefcount(Node()))
del plain
print("B303", weakref.getweakrefcount(node))
node = None
print("B299", named(), calls, slotted(), hasattr(slotted, "extra"))
