# cites: S051
# hosts: cpython wheel

# pickle carries what copying carries, with every protocol.

import pickle

from mortice import UNSET, Base, delegate, delegated, slot


class A(Base):
    x = slot("default")
    y = slot()
    made = slot(factory=list)
    checked = slot(type=int)
    follows = delegated("y", "x")


class Full(A):
    __slots__ = ("m", "__dict__")


heard = []
target = A(x="target")
full = Full(y=A(x="followed"), checked=5)
full.m, full.free = "m", [full]
del full.y.x
full.y.x = "again"
delegate(full, "x", to=target)
full.observe(None, heard.append)
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    copy, same = pickle.loads(pickle.dumps((full, target), protocol))
    copy.x = "written"
    answer = [copy.x, same.x, target.x, copy.m, copy.free[0] is copy, copy.follows, copy.checked, copy.made]
    print("S051", protocol, answer, heard)
a = A()
del a.x
print("S051", hasattr(pickle.loads(pickle.dumps(a)), "x"), pickle.loads(pickle.dumps(UNSET)) is UNSET)
