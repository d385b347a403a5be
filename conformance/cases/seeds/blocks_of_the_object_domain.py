# cites: B356
# seed: 004_c42657047262de89.txt

# A Python-specific allocator serves small objects; each of them is one of its blocks.
import sys


class Node:
    __slots__ = ("next",)


def grown(make, number):
    before = sys.getallocatedblocks()
    kept = [make() for _ in range(number)]
    after = sys.getallocatedblocks()
    del kept
    return after - before


def about(found, wanted):
    return wanted <= found < wanted + 200


print("B356", about(grown(Node, 10_000), 10_000))
print("B356", about(grown(object, 10_000), 10_000))
print("B356 given back", about(grown(Node, 10_000), 10_000), abs(grown(Node, 10)) < 200)
