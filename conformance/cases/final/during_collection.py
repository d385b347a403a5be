# cites: B242 B245 B246
# differs: 3.12 3.13: weak references were cleared before the finalizers ran
# collects: shows what finalizers do within one collection

# Finalizers of cyclic garbage that raise, allocate, collect, drop each other's last references, and touch what is
# being cleared.
import gc
import sys
import weakref


class Node:
    def __init__(self, name, act=None):
        self.name = name
        self.act = act

    def __del__(self):
        calls.append(self.name)
        if self.act is not None:
            calls.append(self.act(self))


def ring(*nodes):
    for place, node in enumerate(nodes):
        node.next = nodes[(place + 1) % len(nodes)]


def shown(what):
    print(what, calls, gc.garbage)
    calls.clear()


def raises(node):
    raise ValueError(node.name)


calls, reports, saved = [], [], []
gc.collect()
gc.disable()

sys.unraisablehook = lambda report: reports.append((report.exc_type.__name__, str(report.exc_value)))
ring(Node("a", raises), Node("b", raises), Node("c"))
print("B242", gc.collect(), reports)
shown("B242")
reports.clear()


# The hook itself drops what it is told of, and collects.
def hook(report):
    reports.append((str(report.exc_value), gc.collect()))


sys.unraisablehook = hook
ring(Node("a", raises), Node("b"))
print("B242", gc.collect(), reports)
shown("B242")
sys.unraisablehook = sys.__unraisablehook__

# Another collection finds nothing, whatever it is asked for.
ring(Node("a", lambda node: [gc.collect(n) for n in (0, 1, 2)]), Node("b"))
ring(Node("c"), Node("d"))
print("B242", gc.collect())
shown("B242")


# What a finalizer allocates is not collected by the collection that runs.
def allocates(node):
    ring(Node("new"), Node("newer"))
    return len([[] for _ in range(5000)])


gc.enable()
ring(Node("a", allocates), Node("b"))
print("B242", gc.collect())
shown("B242")
gc.disable()
print("B242", gc.collect())
shown("B242")

# An old object's last reference goes with the garbage, or in a finalizer.
old = Node("old", lambda node: gc.collect())
gc.collect()
first = Node("first", lambda node: node.__dict__.pop("old", None) and None)
ring(first, Node("second"))
first.old = old
del first, old
print("B242", gc.collect())
shown("B242")


# A member that another one's finalizer lets go of ends there and then, before its turn.
def lets_go(node):
    del node.next.next.next
    del node.next
    return "let go"


ring(Node("a", lets_go), Node("b"), Node("c"), Node("d"))
print("B245", gc.collect())
shown("B245")


# Every finalizer sees whole objects, also those whose finalizers ran.
def looks(node):
    return node.next.name, node.next.next.name, gc.is_finalized(node.next), gc.is_tracked(node)


ring(Node("a", looks), Node("b", looks), Node("c", looks))
print("B245", gc.collect())
shown("B245")


# What is no part of the garbage, but only held by it, ends while that is cleared and sees what is left.
class Witness:
    def __init__(self, name, node):
        self.name = name
        self.node = weakref.ref(node)

    def __del__(self):
        calls.append((self.name, type(self.node()).__name__))


class Cleared:
    pass


class Keeps:
    def __init__(self, name, holder):
        self.name, self.holder = name, holder

    def __del__(self):
        calls.append((self.name, sorted(self.holder.__dict__)))


one = Cleared()
one.me = one
one.witness = Witness("witness", one)
del one
print("B245", gc.collect())
shown("B245")
one = Cleared()
one.first = Keeps("first", one)
one.second = Keeps("second", one)
del one
print("B245", gc.collect())
shown("B245")


# One member is saved, and with it what it reaches; the rest ends.
def saves(node):
    saved.append(node.next)
    return "saved"


class Fresh(Node):
    pass


gc.collect()
a, b, c = Fresh("a", saves), Fresh("b"), Fresh("c")
a.next, b.next, c.next, a.me = b, b, a, a
a.c = c
del a, b, c
print("B246", gc.collect(), [node.name for node in saved], [gc.is_finalized(node) for node in saved])
shown("B246")
saved.clear()
print("B246", gc.collect())
shown("B246")


# Saved by one finalizer, let go again by a later one of the same collection.
ring(Node("a", saves), Node("b", lambda node: saved.clear()), Node("c"))
print("B246", gc.collect(), saved)
shown("B246")


# A new object refers to the garbage and is dropped at once, or kept.
def wraps(node):
    saved.append([node])
    return len(saved)


ring(Node("a", wraps), Node("b", wraps))
print("B246", gc.collect(), [wrapped[0].next.name for wrapped in saved])
shown("B246")
saved.pop(0)
print("B246", gc.collect())
saved.clear()
print("B246", gc.collect())
shown("B246")
