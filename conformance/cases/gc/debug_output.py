# cites: B280
# process: yes

# What the debug flags print goes to standard error; the collections themselves stay the same.
import gc


class Node:
    pass


gc.collect()
gc.disable()
node = Node()
node.me = node
del node
print("B280", gc.get_debug(), gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE)
print("B280", gc.collect(), gc.collect())
