# cites: S052

# An object that its finalizer brings back has its slots, values, observers and delegations.

import gc

from mortice import Base, delegate, slot


class A(Base):
    x = slot(0)
    y = slot("own y")
    cycle = slot()

    def __del__(self):
        saved.append(self)


def make(in_cycle):
    a = A(x=1)
    a.observe("x", lambda change: heard.append((change.old, change.new)))
    delegate(a, "y", to=target, name="x")
    if in_cycle:
        a.cycle = a


gc.disable()
saved, heard = [], []
target = A(x="of target")
for in_cycle in (False, True):
    make(in_cycle)
    gc.collect()
    back = saved.pop()
    print("S052", back.x, back.y)
    back.x = 2
    back.y = "written"
    print("S052", heard, target.x, back.y)
    heard.clear()
    back.cycle = None
    del back
    gc.collect()
    print("S052", len(saved))
saved.clear()
target.x = 5
print("S052", target.x)
del A.__del__
