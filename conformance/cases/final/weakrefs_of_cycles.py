# cites: B251 B315
# differs: 3.12 3.13: weak references were cleared before the finalizers ran
# collects: shows the order within one collection
import gc
import weakref


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        calls.append(f"del {self.name}, ref {'dead' if refs[self.name]() is None else 'live'}")


def watched(name):
    node = Node(name)
    node.me = node
    refs[name] = weakref.ref(node, lambda ref: calls.append(f"callback {name}, ref {ref()}"))


calls, refs = [], {}
gc.collect()
watched("a")
watched("b")
gc.collect()
for call in calls:
    print("B251", call)
calls.clear()


class Revives(Node):
    def __del__(self):
        found = refs[self.name]()
        calls.append("found" if found is self else "nothing")
        saved.append(found)


saved = []
r = Revives("r")
r.me = r
refs["r"] = weakref.ref(r)
del r
gc.collect()
print("B315", calls, [type(one).__name__ for one in saved])
