# cites: B277 B278
# collects: callbacks tell of each collection
import gc
import weakref


class Node:
    def __init__(self, name=None):
        self.name = name
        self.me = self


class Noted(Node):
    def __del__(self):
        calls.append(("del", self.name))


def acting(act):
    def callback(phase, info):
        calls.append((phase, info["generation"], info["collected"]))
        calls.append(act(phase))

    gc.callbacks.append(callback)
    found = gc.collect()
    gc.callbacks.clear()
    print("B277", found, calls)
    calls.clear()


calls, kept, last = [], [], []
gc.collect()
gc.disable()

# Another collection while one runs finds nothing, and tells nobody.
Noted("a")
acting(lambda phase: gc.collect())
gc.enable()
gc.set_threshold(10)


def allocates(phase):
    kept.extend([] for _ in range(500))
    return len(kept)


acting(allocates)
gc.set_threshold(2000)
gc.disable()
kept.clear()

# What a callback makes before the search is found by it; what it makes afterwards is not.
acting(lambda phase: Noted(phase) and None)
acting(lambda phase: None)

# The last reference to a cycle goes in a callback.
last.append(Noted("last"))
acting(lambda phase: last.clear())

# A cycle that a callback holds is reachable.
held = Noted("held")
acting(lambda phase, held=held: None)
ref = weakref.ref(held)
del held
print("B277", gc.collect() > 0, ref(), calls)
calls.clear()


# The list of callbacks changes while they are called.
def removes(phase, info):
    calls.append(("removes", phase))
    gc.callbacks.remove(removes)


def adds(phase, info):
    calls.append(("adds", phase))
    if phase == "start":
        gc.callbacks.append(added)


def added(phase, info):
    calls.append(("added", phase))


gc.callbacks.extend([adds, removes, added])
gc.collect()
print("B277", calls, len(gc.callbacks))
calls.clear()
gc.callbacks.clear()


# Switches within a collection.
def switches(phase, info):
    gc.freeze()
    calls.append((phase, gc.get_freeze_count() > 0, gc.isenabled()))
    gc.unfreeze()
    gc.enable() if phase == "start" else gc.disable()


Noted("switched")
gc.callbacks.append(switches)
found = gc.collect()
gc.callbacks.clear()
print("B278", found, calls, gc.isenabled())
