# cites: B290 B291 B292 B293
import weakref


class Node:
    def __init__(self, name=""):
        self.name = name


def error(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
node = Node("n")
ref = weakref.ref(node)
print("B290", ref() is node, ref().name, type(ref) is weakref.ref is weakref.ReferenceType, error(ref, 1))
del node
print("B290", ref(), ref())
print("B290", error(weakref.ref), "|", error(weakref.ref, Node(), None, 3), "|", error(weakref.ref, Node(), callback=1))

node = Node()
ref = weakref.ref(node, lambda dead: calls.append((dead is ref, dead())))
node = None
print("B291", calls, ref())
calls.clear()

node = Node()
ref = weakref.ref(node, lambda dead: calls.append("never"))
del ref
node = None
print("B292", calls)
node = Node()
kept = weakref.ref(node, lambda dead: calls.append("kept"))
weakref.ref(node, lambda dead: calls.append("temporary"))
node = None
print("B292", calls)
calls.clear()

node = Node()
refs = [weakref.ref(node, lambda dead, n=n: calls.append(n)) for n in range(5)]
del refs[3]
node = None
print("B293", calls)
calls.clear()
node = Node()
plain = weakref.ref(node)
one = weakref.ref(node, lambda dead: calls.append("one"))
same = weakref.ref(node)
two = weakref.ref(node, lambda dead: calls.append("two"))
node = None
print("B293", calls, plain is same)
calls.clear()


def drops(dead):
    calls.append("first drops the second")
    others.clear()


node = Node()
others = [weakref.ref(node, lambda dead: calls.append("second"))]
first = weakref.ref(node, drops)
node = None
print("B292", calls)
