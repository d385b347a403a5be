# cites: B261 B277
# differs: 3.12 3.13: neither candidates nor duration were told
import gc


class Node:
    pass


def garbage(number):
    for _ in range(number):
        node = Node()
        node.me = node


def note(phase, info):
    told.append((phase, info))
    seen.append(gc.get_stats()[info["generation"]]["collections"])


told, seen, kept = [], [], [Node() for _ in range(400)]
gc.disable()
gc.collect()
gc.callbacks.append(note)
before = gc.get_stats()[2]
gc.collect()
gc.callbacks.clear()
after = gc.get_stats()[2]
for phase, info in told:
    print("B277", phase, list(info), [type(value).__name__ for value in info.values()])
start, stop = [info for phase, info in told]
print("B277", start is stop, start == {"generation": 2, "collected": 0, "uncollectable": 0, "candidates": 0, "duration": 0.0})
print("B277", 0.0 < stop["duration"] < 60.0, stop["candidates"] > 100, [count - before["collections"] for count in seen])
print("B261", list(after), [type(value).__name__ for value in after.values()])
print("B261", after["candidates"] - before["candidates"] == stop["candidates"], before["duration"] < after["duration"])


def candidates(generation):
    before = gc.get_stats()[generation]["candidates"]
    gc.collect(generation)
    return gc.get_stats()[generation]["candidates"] - before


# What is looked at are the generation's objects and the younger ones, garbage or not.
print("B261", candidates(0) < 50)
kept.extend(Node() for _ in range(300))
garbage(200)
print("B261", 500 <= candidates(0) < 600, candidates(0) < 50, 300 <= candidates(1) < 400, candidates(1) < 50, candidates(2) > 300)
gc.freeze()
print("B261", candidates(2) < 50)
gc.unfreeze()
print("B261", candidates(2) > 300)
