# cites: B239
# seed: 001_404d3b1628fae2ef.txt

# The same with a million.
ends = 0


class End:
    def __del__(self):
        global ends
        ends += 1


class Node:
    __slots__ = ("next",)

    def __init__(self, following):
        self.next = following


class Failure(Exception):
    pass


chain = End()
for _ in range(1_000_000):
    chain = [chain]
print("B239 lists", ends)
del chain
print("B239 lists", ends)

chain = End()
for _ in range(1_000_000):
    chain = (chain,)
chain = None
print("B239 tuples", ends)

chain = End()
for _ in range(1_000_000):
    chain = Node(chain)
chain = None
print("B239 slots", ends)

chain = Failure(End())
for _ in range(1_000_000):
    outer = Failure()
    outer.__context__ = chain
    chain = outer
del outer
chain = None
print("B239 exceptions", ends)
