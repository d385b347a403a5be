# cites: S050 S052

# Finalizers and weak references behave as for a plain class, and slots work until the end.

import gc
import weakref

from mortice import Base, delegate, observe, slot, undelegate


class A(Base):
    __slots__ = ("__weakref__",)
    x = slot(0)
    name = slot("a")
    other = slot()

    @observe("x")
    def changed(self, change):
        print("S052", self.name, "heard", change.old, change.new)

    def __del__(self):
        print("S052", self.name, "ends with", self.x)
        self.x = "written at the end"
        with self.observe("name", lambda change: print("S052", "renamed", change.new)):
            self.name = self.name + "!"
        del self.x
        print("S052", hasattr(self, "x"), self.observe("x", print).active)


gc.disable()
a = A()
reference = weakref.ref(a, lambda dead: print("S050", "callback", dead()))
a.x = 1
del a
print("S050", reference())

# In a cycle.
b = A(name="b")
b.other = b
reference = weakref.ref(b)
del b
gc.collect()
print("S050", reference())


# Delegating at the end.
class Delegating(Base):
    x = slot("own")

    def __del__(self):
        delegate(self, "x", to=target)
        self.x = "to the target"
        print("S052", self.x, target.x)
        undelegate(self, "x")
        print("S052", self.x)


target = A(name="target")
Delegating()
target.x = "after"
del target
