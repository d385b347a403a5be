# cites: B275 B276 B279
# collects: counts what collections save
import gc


class Node:
    def __init__(self, name):
        self.name = name
        self.me = self


class Noted(Node):
    def __del__(self):
        calls.append(self.name)


calls = []
gc.collect()
print("B276", gc.garbage, gc.get_debug())
Noted("with del")
Node("without")
gc.collect()
print("B276", calls, gc.garbage)

gc.set_debug(gc.DEBUG_SAVEALL)
Node("saved")
Noted("noted")
print("B275", gc.get_debug() == gc.DEBUG_SAVEALL, gc.collect() >= 2, sorted(one.name for one in gc.garbage if isinstance(one, Node)), calls)
gc.set_debug(0)
saved = [one for one in gc.garbage if isinstance(one, Node)]
gc.garbage.clear()
print("B275", saved[0].me is saved[0], len(gc.garbage))
del saved
gc.collect()
print("B275", calls, gc.garbage)
print("B279", gc.DEBUG_LEAK == gc.DEBUG_COLLECTABLE | gc.DEBUG_UNCOLLECTABLE | gc.DEBUG_SAVEALL, gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK)
