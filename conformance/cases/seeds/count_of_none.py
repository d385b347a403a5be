# cites: B009
# seed: 001_404d3b1628fae2ef.txt

# The counts of None and of True change for nobody, so that no cache line is fought for.
import sys


def holders(thing):
    return [thing] * 1000, {n: thing for n in range(100)}, (thing,) * 50


for thing in (None, True, False, Ellipsis, NotImplemented, (), "", int, type):
    before = sys.getrefcount(thing)
    kept = holders(thing)
    during = sys.getrefcount(thing)
    del kept
    after = sys.getrefcount(thing)
    print("B009", repr(thing), during - before, after - before, before > 1 << 28)

# An ordinary object, for comparison.
thing = object()
before = sys.getrefcount(thing)
kept = holders(thing)
print("B009 ordinary", sys.getrefcount(thing) - before)
del kept
print("B009 ordinary", sys.getrefcount(thing) - before)
