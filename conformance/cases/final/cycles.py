# cites: B242 B245 B246
import gc


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        calls.append((self.name, self.other.name, self.other.other.name))


class Saves(Node):
    def __del__(self):
        super().__del__()
        if self.name in wanted:
            saved.append(self)


def pair(kind, first, second):
    a, b = kind(first), kind(second)
    a.other, b.other = b, a


gc.collect()
gc.disable()
calls, saved, wanted = [], [], set()
pair(Node, "a", "b")
print("B242", calls, gc.collect() > 0, sorted(calls), gc.garbage)
print("B245", [call[0] == call[2] != call[1] for call in calls])
calls.clear()

chain = [Node(str(n)) for n in range(5)]
for n, node in enumerate(chain):
    node.other = chain[(n + 1) % 5]
del chain, node
gc.collect()
print("B245", calls)
calls.clear()

wanted.add("c")
pair(Saves, "c", "d")
gc.collect()
print("B246", sorted(calls), len(saved), saved[0].name, saved[0].other.name, saved[0].other.other is saved[0])
calls.clear()
saved.clear()
gc.collect()
print("B246", calls, "not finalized again")


class Tail:
    def __del__(self):
        calls.append("tail")


class Holder:
    def __del__(self):
        calls.append("holder")
        saved.append(self.tail if keep_tail else None)


for keep_tail in (True, False):
    h = Holder()
    h.me, h.tail = h, Tail()
    del h
    gc.collect()
    print("B246", calls, [type(one).__name__ for one in saved])
    calls.clear()
    saved.clear()
    print("B246", calls)
    calls.clear()
gc.enable()
