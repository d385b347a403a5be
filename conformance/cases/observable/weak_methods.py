# cites: S025

# A bound method does not keep its receiver alive; any other callable is kept.

import gc

from mortice import Base, slot


class A(Base):
    x = slot(0)


class Listener:
    def __init__(self, name):
        self.name = name

    def hear(self, change):
        heard.append((self.name, change.new))

    def __call__(self, change):
        heard.append((self.name + " called", change.new))

    @classmethod
    def of_class(cls, change):
        heard.append((cls.__name__, change.new))

    @staticmethod
    def alone(change):
        heard.append(("static", change.new))


heard = []
a = A()
listener = Listener("weak")
weak = a.observe("x", listener.hear)
strong = a.observe("x", Listener("strong").hear, strong=True)
called = a.observe("x", Listener("object"))
of_class = a.observe("x", Listener("gone").of_class)
static = a.observe("x", listener.alone)
closure = a.observe("x", lambda change, kept=Listener("kept"): kept.hear(change))
gc.collect()
a.x = 1
print("S025", heard)
heard.clear()
del listener
gc.collect()
a.x = 2
print("S025", heard)
print("S025", weak, [one.active for one in (weak, strong, called, of_class, static, closure)], weak.cancel())
heard.clear()

# The receiver goes in the middle of an event.
second = Listener("second")


def drop(change):
    global second
    heard.append("dropping")
    second = None
    gc.collect()


b = A()
b.observe("x", drop)
b.observe("x", second.hear)
b.x = 1
print("S025", heard)
heard.clear()

# Methods of built-in objects are other callables.
c = A()
c.observe("x", [].append)
c.observe("x", heard.append)
c.x = 5
print("S025", len(heard), heard[0].new)
