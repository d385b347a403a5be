# cites: B265
import gc


class Node:
    pass


def generation(thing):
    for number in range(3):
        if any(one is thing for one in gc.get_objects(generation=number)):
            return number


gc.collect()
gc.disable()
node = Node()
first = generation(node)
gc.collect(0)
second = generation(node)
gc.collect(1)
third = generation(node)
gc.collect(2)
last = generation(node)
print("B265", first, second > first, third >= second, last)
gc.collect(0)
gc.collect(2)
print("B265", generation(node))
young = Node()
young.old, node.young = node, young
print("B265", generation(young), generation(node))
gc.collect(2)
print("B265", generation(young), generation(node))
gc.enable()
