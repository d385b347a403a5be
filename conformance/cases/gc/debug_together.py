# cites: B275 B280 B279
# differs: 3.12 3.13: weak references were cleared before the finalizers ran
# collects: shows what one collection saves and reports

# DEBUG_SAVEALL beside the other flags: finalizers and callbacks run, references end, and nothing is freed.
import gc
import sys
import weakref


class Keeps:
    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text

    def flush(self):
        pass


class Node:
    def __init__(self, name):
        self.name = name
        self.me = self

    def __del__(self):
        calls.append((self.name, plain() is not None, len(gc.garbage)))


def collected(flags):
    usual, kept = sys.stderr, Keeps()
    gc.set_debug(flags)
    sys.stderr = kept
    try:
        found = gc.collect()
    finally:
        sys.stderr = usual
        gc.set_debug(0)
    lines = [line.partition(" 0x")[0] for line in kept.text.splitlines()]
    return found, [line for line in lines if line.startswith(("gc: collectable <Node", "gc: collecting", "gc: uncollectable"))]


def told(phase, info):
    if phase == "stop":
        calls.append((info["collected"], info["uncollectable"], len(gc.garbage)))


calls, saved = [], []
gc.collect()
gc.disable()
node = Node("first")
plain = weakref.ref(node)
noted = weakref.ref(node, lambda ref: calls.append(("callback", ref())))
del node
print("B280", collected(gc.DEBUG_SAVEALL | gc.DEBUG_COLLECTABLE | gc.DEBUG_STATS))
print("B275", calls, plain(), noted(), [(one.name, one.me is one, gc.is_tracked(one), gc.is_finalized(one)) for one in gc.garbage])
calls.clear()

# What was saved is an ordinary object: it may be held, is found again, and ends without another finalizer.
saved.append(gc.garbage.pop())
print("B275", gc.collect(), saved[0].name, weakref.ref(saved[0])() is saved[0], calls)
saved.clear()
gc.callbacks.append(told)
print("B275", gc.collect(), calls, gc.garbage)
calls.clear()

# Saved again and again while the flag stands.
Node("again")
print("B279", collected(gc.DEBUG_LEAK))
print("B275", calls, len(gc.garbage))
calls.clear()
gc.garbage.clear()
print("B275", collected(gc.DEBUG_SAVEALL)[0], calls, [one.name for one in gc.garbage])
calls.clear()
gc.garbage.clear()
print("B275", gc.collect(), calls, gc.garbage)
calls.clear()


# A finalizer that empties the list, and one that saves itself beside it.
class Empties(Node):
    def __del__(self):
        calls.append((self.name, [one.name for one in gc.garbage]))
        gc.garbage.clear()
        saved.append(self)


gc.garbage.append(Node("by hand"))
Empties("empties")
Node("other")
print("B275", collected(gc.DEBUG_SAVEALL)[0], calls, [one.name for one in gc.garbage], [one.name for one in saved])
gc.callbacks.clear()
