# cites: B259
# collects: counts automatic collections
import gc


class Node:
    pass


def garbage(number):
    for _ in range(number):
        node = Node()
        node.me = node


ended = []
gc.callbacks.append(lambda phase, info: ended.append(phase))
gc.enable()
garbage(100_000)
print("B259", len(ended) > 10)
gc.collect()
ended.clear()
gc.disable()
garbage(100_000)
print("B259", len(ended))
gc.enable()
gc.callbacks.pop()
gc.collect()
