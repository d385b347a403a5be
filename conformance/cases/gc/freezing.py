# cites: B273 B274
# differs: 3.12: unfreezing left some objects counted
import gc
import weakref


class Node:
    pass


gc.collect()
gc.unfreeze()
print("B273", gc.get_freeze_count(), gc.freeze(), gc.get_freeze_count() > 100)
count = gc.get_freeze_count()
later = Node()
print("B273", gc.get_freeze_count() == count, gc.unfreeze(), gc.get_freeze_count())

node = Node()
node.me = node
ref = weakref.ref(node)
gc.freeze()
del node
print("B274", gc.collect() == 0, ref() is not None)
gc.unfreeze()
print("B274", gc.collect() > 0, ref())
node = Node()
gc.freeze()
node.other = Node()
node.other.other = node
ref = weakref.ref(node.other)
del node
gc.collect()
print("B274", ref() is not None)
gc.unfreeze()
gc.collect()
print("B274", ref(), gc.get_freeze_count())
