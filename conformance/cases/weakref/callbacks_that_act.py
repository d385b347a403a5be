# cites: B313 B314 B294 B315
# differs: 3.12 3.13: references without a callback were cleared before the callbacks ran
# collects: shows what callbacks do within one collection
import gc
import sys
import weakref


class Node:
    def __init__(self, name):
        self.name = name
        self.me = self

    def __del__(self):
        calls.append(f"del {self.name}")


class Plain:
    pass


def watched(name, act):
    def callback(ref):
        calls.append((name, ref()))
        calls.append(act(ref))

    return weakref.ref(Node(name), callback)


def shown(what, more=lambda: ""):
    print(what, gc.collect(), calls, more())
    calls.clear()


def raises(ref):
    raise ValueError("in a callback")


calls, reports, saved, refs = [], [], [], []
gc.collect()
gc.disable()

sys.unraisablehook = lambda report: reports.append((report.exc_type.__name__, str(report.exc_value)))
refs = [watched("a", raises), watched("b", raises)]
shown("B294", lambda: reports)
sys.unraisablehook = sys.__unraisablehook__

# Another collection within the callback finds nothing.
refs = [watched("a", lambda ref: gc.collect()), watched("b", lambda ref: None)]
shown("B314")


# Allocations, and new garbage.
def allocates(ref):
    Node("new")
    return len([[] for _ in range(5000)])


gc.enable()
refs = [watched("a", allocates)]
shown("B314")
gc.disable()
shown("B314")

# A callback drops the next one's reference, which is called all the same.
refs = [watched("a", lambda ref: refs.clear()), watched("b", lambda ref: refs.clear()), watched("c", lambda ref: refs.clear())]
shown("B314", lambda: refs)

# A callback drops the last reference to what is no garbage.
last = [Plain()]
finalized = weakref.finalize(last[0], lambda: calls.append("last"))
refs = [watched("a", lambda ref: last.clear())]
shown("B314", lambda: finalized.alive)

# A reference without a callback still leads to the garbage, and revives it before its finalizer runs.
node = Node("revived")
plain = weakref.ref(node)
noted = weakref.ref(node, lambda ref: calls.append(saved.append(plain())))
del node
shown("B315", lambda: ([getattr(one, "name", None) for one in saved], plain() is saved[0], noted()))
saved.clear()
shown("B315", lambda: plain() is None)

# A callback makes new references to its target.
node = Node("again")
plain = weakref.ref(node)


def watch_again(ref):
    target = plain()
    if target is not None:
        refs.append(weakref.ref(target, lambda ref: calls.append("second callback")))
    return target is not None


noted = weakref.ref(node, lambda ref: calls.append(watch_again(ref)))
del node
refs.clear()
shown("B314", lambda: [ref() for ref in refs])
refs.clear()

# A finalizer makes a reference to its own garbage; its callback is not called.
class Watches(Node):
    def __del__(self):
        super().__del__()
        refs.append(weakref.ref(self, lambda ref: calls.append("callback")))


Watches("watches")
shown("B313", lambda: [ref() for ref in refs])
refs.clear()

# The same for an object that ends by its count.
node = Watches("counted")
node.me = None
del node
shown("B313", lambda: [ref() for ref in refs])
