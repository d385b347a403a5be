# cites: B356
import sys


class Node:
    __slots__ = ("a", "b")


def grown(make):
    before = sys.getallocatedblocks()
    kept = make()
    return sys.getallocatedblocks() - before


nodes = grown(lambda: [Node() for _ in range(5000)])
# CPython takes a few dozen lists from its free list, whose blocks are counted as allocated before.
lists = grown(lambda: [[None] for _ in range(5000)])
print("B356", type(sys.getallocatedblocks()).__name__, sys.getallocatedblocks() > 0)
print("B356", 5000 <= nodes < 5100, 9_900 <= lists < 10_100)
again = [grown(lambda: [Node() for _ in range(100)]) for _ in range(5)]
print("B356", all(100 <= one < 140 for one in again))
before = sys.getallocatedblocks()
for _ in range(1000):
    Node()
print("B356", abs(sys.getallocatedblocks() - before) < 20)
