# cites: B308 B309 B310 B311
import gc
import weakref


class Node:
    def method(self):
        return "called"


calls = []
node = Node()
plain, method = weakref.ref(node.method), weakref.WeakMethod(node.method)
print("B308", plain(), method()(), method() == node.method, method().__self__ is node)
del node
print("B308", method())


def note(*args, **named):
    calls.append((args, named))
    return "answer"


node = Node()
weakref.finalize(node, note, 1, two=2)
print("B309", calls)
del node
print("B309", calls)
calls.clear()
node = Node()
finalizer = weakref.finalize(node, note, "x")
print("B309", finalizer.alive, finalizer.atexit)
node.me = node
del node
gc.collect()
print("B309", calls, finalizer.alive, finalizer())
calls.clear()
node = Node()
finalizer = weakref.finalize(node, note, "by hand")
print("B310", finalizer(), finalizer.alive, finalizer(), calls)
del node
print("B310", len(calls))
calls.clear()
node = Node()
finalizer = weakref.finalize(node, note, 1, k=2)
kept, function, args, named = finalizer.peek()
print("B311", kept is node, function is note, args, named, finalizer.alive)
detached = finalizer.detach()
print("B311", detached[0] is node, detached[1:3] == (note, (1,)), finalizer.alive, finalizer.detach(), finalizer.peek(), finalizer())
del node, kept, detached
print("B311", calls)
