# cites: B260 B261 B262
import gc


class Node:
    pass


def garbage(number):
    for _ in range(number):
        node = Node()
        node.me = node


gc.collect()
gc.disable()
print("B260", type(gc.get_count()).__name__, [type(one).__name__ for one in gc.get_count()], len(gc.get_count()))
start = gc.get_count()[0]
kept = [Node() for _ in range(100)]
print("B260", 90 <= gc.get_count()[0] - start <= 130)
gc.collect()
print("B260", gc.get_count()[0] < 90, gc.get_count()[1:])

stats = gc.get_stats()
print("B261", len(stats), [[type(one[key]).__name__ for key in ("collections", "collected", "uncollectable")] for one in stats])
print("B261", gc.get_stats() is gc.get_stats(), stats[0] is gc.get_stats()[0])
before = gc.get_stats()[2]
gc.collect()
garbage(7)
gc.collect()
after = gc.get_stats()[2]
print("B262", after["collections"] - before["collections"], after["collected"] - before["collected"], after["uncollectable"] - before["uncollectable"])
before = gc.get_stats()
gc.collect(0)
gc.collect(1)
after = gc.get_stats()
print("B262", after[2]["collections"] - before[2]["collections"], after[0]["collections"] - before[0]["collections"], after[1]["collections"] - before[1]["collections"])
gc.enable()
