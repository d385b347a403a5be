# cites: S042 S046

# A hundred thousand links: read at the end, written at the end, observed at the end.

import gc

from mortice import Base, delegate, slot, undelegate

COUNT = 100_000
gc.disable()


class A(Base):
    x = slot(0)


root = A(x="root")
chain = [root]
for _ in range(COUNT):
    link = A()
    delegate(link, "x", to=chain[-1])
    chain.append(link)
end = chain[-1]
print("S042", end.x, chain[COUNT // 2].x)


def source_of(change):
    return change.source and (change.source[0] is before, change.source[1])


heard, before = [], chain[-2]
end.observe("x", lambda change: heard.append((change.old, change.new, source_of(change))))
root.x = 1
end.x = 2
print("S042", root.x, end.x, heard)
heard.clear()

# Off the chain, the end has a value of its own.
undelegate(end, "x")
root.x = 3
print("S042", end.x, heard)
heard.clear()
delegate(end, "x", to=before)
print("S042", end.x, heard)
try:
    delegate(root, "x", to=end)
except Exception as error:
    print("S042", error)
middle = chain[COUNT // 2]
undelegate(middle, "x")
print("S046", root.x, end.x, middle.x)

# The whole chain goes, link by link.
del chain, root, middle, link, before
gc.collect()
undelegate(end, "x")
gc.collect()
print("S042", end.x)
