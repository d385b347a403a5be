# cites: B253 B254 B257 B258
# differs: 3.12: other words for the wrong number of arguments
import gc


def error(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B253", gc.isenabled(), gc.disable(), gc.isenabled(), gc.enable(), gc.isenabled())
print("B254", [type(gc.collect(n)).__name__ for n in (0, 1, 2)], error(gc.collect, 3), "|", error(gc.collect, -1), "|", type(error(gc.collect, generation=1)).__name__)
print("B254", error(gc.collect, "1"), "|", error(gc.collect, 1.5), "|", error(gc.collect, None), "|", error(gc.collect, 0, 1))


class Node:
    pass


def garbage(number):
    for _ in range(number):
        node = Node()
        node.me = node


gc.collect()
gc.disable()
garbage(3)
print("B257", gc.collect() >= 3, gc.isenabled())
gc.enable()

before = gc.get_threshold()
print("B258", before[0] > 0, len(before))
gc.set_threshold(500, 7, 3)
print("B258", gc.get_threshold()[:2])
gc.set_threshold(600)
print("B258", gc.get_threshold()[0], gc.get_threshold()[1])
gc.set_threshold(0)
collections = gc.get_stats()[0]["collections"]
kept = [Node() for _ in range(20_000)]
print("B258", gc.get_threshold()[0], gc.get_stats()[0]["collections"] == collections, gc.isenabled())
print("B258", error(gc.set_threshold), "|", error(gc.set_threshold, "1"), "|", error(gc.set_threshold, 1, 2, 3, 4))
gc.set_threshold(*before)
print("B258", gc.get_threshold() == before)
