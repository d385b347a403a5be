# cites: B272 B268
import gc
import sys


class Empty:
    __slots__ = ()


class OnInt(int):
    __slots__ = ()


class OnString(str):
    pass


class Sub(Empty):
    __slots__ = ("x",)


for one in (Empty(), OnInt(5), OnString("x"), Sub(), type("Made", (float,), {})(1.5)):
    print("B272", type(one).__name__, gc.is_tracked(one), any(ref is type(one) for ref in gc.get_referents(one)))
print("B272", gc.is_tracked(5), gc.is_tracked("x"), gc.is_tracked(object()), gc.is_tracked(Empty), gc.is_tracked(int))

start = sys.getrefcount(Empty)
kept = [Empty() for _ in range(10)]
print("B268", sys.getrefcount(Empty) - start)
kept.pop()
print("B268", sys.getrefcount(Empty) - start)
kept[0].__class__ = type("Other", (Empty,), {"__slots__": ()})
print("B268", sys.getrefcount(Empty) - start > 7, type(kept[0]).__name__)
start = sys.getrefcount(int)
numbers = [10**20 + n for n in range(10)]
print("B268", sys.getrefcount(int) - start)
