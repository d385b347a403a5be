# cites: B250 B251
import gc
import weakref


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        calls.append(f"del {self.name}, ref {'live' if refs[self.name]() is self else 'dead'}")


def watch(node):
    name = node.name
    refs[name] = weakref.ref(node, lambda ref: calls.append(f"callback {name}"))
    return node


calls, refs = [], {}
node = watch(Node("alone"))
node = None
print("B250", calls)
calls.clear()


class Saves(Node):
    def __del__(self):
        super().__del__()
        saved.append(self)


saved = []
watch(Saves("saved"))
print("B250", calls, refs["saved"]() is saved[0])
calls.clear()
saved.clear()
print("B250", calls, refs["saved"]())
calls.clear()

gc.collect()
one = watch(Node("cycle"))
one.me = one
del one
gc.collect()
print("B251", len(calls), sorted(calls)[0])
