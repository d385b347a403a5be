# cites: B255 B285
import gc
import weakref


class Node:
    __slots__ = ("left", "right", "__weakref__")


def ring(number):
    nodes = [Node() for _ in range(number)]
    for n, node in enumerate(nodes):
        node.left, node.right = nodes[n - 1], nodes[(n + 1) % number]
    return weakref.ref(nodes[0]), weakref.ref(nodes[-1])


def deep(depth):
    top = inner = []
    for _ in range(depth):
        inner.append([])
        inner = inner[0]
    inner.append(top)


def tuples(depth):
    end = []
    row = end
    for _ in range(depth):
        row = (row,)
    end.append(row)


gc.collect()
gc.disable()
first, last = ring(50_000)
print("B255", first() is not None, gc.collect(), first(), last())
deep(100_000)
print("B255", gc.collect())
tuples(100_000)
print("B285", gc.collect())
kept = []
deep_kept = kept
for _ in range(100_000):
    deep_kept.append([])
    deep_kept = deep_kept[0]
print("B255", gc.collect())
del kept, deep_kept
print("B255", gc.collect())
gc.enable()
