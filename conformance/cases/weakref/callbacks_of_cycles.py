# cites: B297 B314 B291
# collects: shows what one collection does

# What becomes of a callback: a reference that ended by a count loses it, one that the collector cleared keeps it.
import gc
import weakref


class Calls:
    def __init__(self, name):
        self.name = name

    def __call__(self, ref):
        calls.append((self.name, ref(), getattr(ref.__callback__, "name", None)))

    def __del__(self):
        calls.append(f"{self.name} ends")


class Node:
    pass


def cycle():
    node = Node()
    node.me = node
    return node


def shown(what, *more):
    print(what, calls, *more)
    calls.clear()


calls = []
gc.collect()
gc.disable()
ref = weakref.ref(Node(), Calls("counted"))
shown("B291", ref.__callback__, [type(one).__name__ for one in gc.get_referents(ref)])
ref = weakref.ref(cycle(), Calls("collected"))
print("B314", gc.collect(), [type(one).__name__ for one in gc.get_referents(ref)])
shown("B297", getattr(ref.__callback__, "name", None))
del ref
shown("B297")

# Dropped by its own callback.
refs = []
refs.append(weakref.ref(cycle(), lambda ref: refs.clear()))
print("B314", gc.collect(), refs)
refs.append(weakref.ref(cycle(), Calls("kept")))
refs.append(weakref.ref(cycle(), lambda ref: refs.clear()))
refs.append(weakref.ref(cycle(), Calls("dropped")))
print("B314", gc.collect(), refs)
shown("B314")
gc.enable()
