# cites: S025 S011

# An instance of Base can be a weakly held receiver even without __weakref__; others need strong=True.

import gc
import types
import weakref

from mortice import Base, slot


class A(Base):
    x = slot(0)
    log = slot(factory=list)

    def hear(self, change):
        self.log.append(change.new)


class WithReferences(A):
    __slots__ = ("__weakref__",)


class Small:
    __slots__ = ("heard",)

    def hear(self, change):
        self.heard = change.new


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


source = A()
for cls in (A, WithReferences):
    receiver = cls()
    subscription = source.observe("x", receiver.hear)
    source.x += 1
    print("S025", receiver.log, subscription.active)
    del receiver
    gc.collect()
    source.x += 1
    print("S025", subscription.active)
print("S011", attempt(weakref.ref, source), attempt(weakref.ref, WithReferences()).__class__.__name__)

small = Small()
print("S025", attempt(source.observe, "x", small.hear))
print("S025", attempt(A.observe, "x", types.MethodType(print, 5)))
kept = source.observe("x", small.hear, strong=True)
source.x = 50
print("S025", small.heard, kept.active)

# An object can listen to itself, and goes with the last reference.
gc.disable()


class Own(A):
    def __init__(self):
        self.observe("x", self.hear)

    def __del__(self):
        print("S025", "gone", self.log)


own = Own()
own.x = 1
own.x = 2
del own
print("S025", "end")
